# The server alone; its Neo4j is the one that NEO4J_URI names. Base images are named by tag, packages by hash.
FROM python:3.12-slim

WORKDIR /app
COPY requirements/runtime.txt requirements/runtime.txt
RUN python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/runtime.txt

COPY pyproject.toml ./
COPY schema schema
COPY graph graph
COPY auth auth
COPY resolvers resolvers
COPY ingest ingest
COPY server server
RUN python -m pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation --editable . \
    && useradd --system --uid 10001 --home-dir /data customer-graph \
    && install -d -o customer-graph -m 0700 /data

USER 10001
VOLUME /data
EXPOSE 8000
CMD ["customer-graph", "serve"]
