# Everything the project needs beyond python3, make, git and coreutils is installed by this file, into this folder.

PYTHON ?= python3
PORT   ?= 8000
DATA   ?= ./data
ARGS   ?=
ROUNDS ?= 6
ASKINGS ?= 60

UV      := .tools/bin/uv
BIN     := .venv/bin
SETUP   := .venv/.setup
TESTING := .venv/.testing

export UV_PYTHON_DOWNLOADS := never
export UV_NO_PROGRESS := 1
export UV_LINK_MODE ?= copy
# A company's own certificate authority is trusted where the system trusts it.
export UV_SYSTEM_CERTS ?= $(if $(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem),true,false)
export VIRTUAL_ENV := $(CURDIR)/.venv

.DEFAULT_GOAL := help
.PHONY: help setup testing run test prove check bench lock lock-neo4j agree clean graphiql
.DELETE_ON_ERROR:

help:
	@printf '%s\n' \
	  'customer-graph' \
	  '' \
	  '  make setup   install what the server needs into .venv (once; again only when the lock changes)' \
	  '  make run     start the server with its demo data: make run PORT=8000 DATA=./data' \
	  '  make test    run the tests against a real Neo4j that they start themselves' \
	  '  make prove   what is thorough, and many more rounds of the proof of non-interference: make prove ROUNDS=6 ASKINGS=60' \
	  '  make check   format, lint, types and the tests that need no database' \
	  '  make bench   measure the server; more in bench/' \
	  '  make agree   write the golden files anew after a change you agree with; read the diff' \
	  '  make lock    resolve requirements/*.in into the locks with hashes' \
	  '  make clean   remove .venv, .tools and caches; data folders stay' \
	  '' \
	  'Other words for pytest or the bench go into ARGS: make test ARGS="tests/test_session.py -x"'

# console/console.mk, where there is one, adds a recipe to this target.
graphiql::

-include console/console.mk
-include tests/clients/clients.mk

# pip ships with most Pythons; Debian's comes without, and some of those without ensurepip too.
$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo 'customer-graph needs Python 3.11 or newer as python3; name another with: make PYTHON=/path/to/python3'; exit 1; }
	@echo 'Installing uv into .tools (once)'
	@rm -rf .tools
	@if $(PYTHON) -m pip --version >/dev/null 2>&1; then \
	  $(PYTHON) -m pip install --quiet --disable-pip-version-check --no-warn-script-location --root-user-action=ignore --target .tools uv; \
	elif $(PYTHON) -c 'import ensurepip' >/dev/null 2>&1; then \
	  $(PYTHON) -m venv .tools/venv \
	  && .tools/venv/bin/python -m pip install --quiet --disable-pip-version-check uv \
	  && mkdir -p .tools/bin && ln -s ../venv/bin/uv $(UV); \
	else \
	  echo 'This python3 has neither pip nor ensurepip. On Debian or Ubuntu: apt-get install python3-pip. Then run make again.'; exit 1; \
	fi
	@test -x $(UV) || { echo 'uv could not be installed into .tools.'; exit 1; }

.venv/bin/python: | $(UV)
	@echo 'Making .venv'
	@$(UV) venv --quiet --allow-existing --no-project --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv

# The test lock holds everything the runtime lock holds, in the same versions: who has the larger set keeps it.
$(SETUP): requirements/runtime.txt pyproject.toml | .venv/bin/python
	@echo 'Installing the locked packages into .venv'
	@$(UV) pip sync --quiet --require-hashes $(if $(wildcard $(TESTING)),requirements/test.txt,requirements/runtime.txt)
	@$(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(TESTING): requirements/test.txt $(SETUP)
	@echo 'Installing what the tests need into .venv'
	@$(UV) pip sync --quiet --require-hashes requirements/test.txt
	@$(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

setup: $(SETUP)

testing: $(TESTING)

run: $(SETUP) graphiql
	@$(BIN)/customer-graph demo --port $(PORT) --data $(DATA)

# Without ARGS three processes share the tests, about equally long: much of the time goes into waiting for servers of a test's own.
# The first ones of the proof need no Neo4j: they run while Java learns it for the first time.
PROOF := $(addprefix tests/test_,$(addsuffix .py,bench_resolution bench_insight match match_candidates crawler policy_diff graphql_oracle clients hostile compact erasure_command walk_through)) tests/proof
SERVERS := $(addprefix tests/test_,$(addsuffix .py,canaries cli embedded empty_lists erasure_live faults frontend_docs live live_graph live_intake live_orders live_server live_statements privacy_command privacy_exports reload replicas retention reviews stopping telemetry tls write_back))

test: $(TESTING) graphiql clients
	@if [ -n '$(ARGS)' ]; then exec $(BIN)/pytest $(ARGS); fi; \
	echo 'The proof and tests with servers of their own run beside the rest; what they say stands below it.'; \
	$(BIN)/pytest $(PROOF) -p no:cacheprovider >.proof.log 2>&1 & proof=$$!; \
	$(BIN)/pytest $(SERVERS) -p no:cacheprovider >.servers.log 2>&1 & servers=$$!; \
	$(BIN)/pytest $(addprefix --ignore=,$(PROOF) $(SERVERS)); others=$$?; \
	wait $$proof; proof=$$?; wait $$servers; servers=$$?; \
	cat .proof.log .servers.log; exit $$((others + proof + servers))

prove: $(TESTING)
	@PROVE_ROUNDS=$(ROUNDS) PROVE_ASKINGS=$(ASKINGS) PROVE_SHARE=1 $(BIN)/pytest tests/proof -k two_worlds $(ARGS)
	@$(BIN)/pytest -m thorough $(ARGS)
	@HYPOTHESIS_PROFILE=default $(BIN)/pytest tests/test_graphql_oracle.py tests/test_plan.py $(ARGS)

check: $(TESTING)
	@$(BIN)/ruff format --check --quiet . || { echo 'Not formatted; run: $(BIN)/ruff format .'; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/pytest -m 'not database' $(ARGS)

bench: $(TESTING)
	@$(BIN)/python -m bench $(ARGS)

agree: $(TESTING)
	@$(BIN)/pytest --agree tests/test_golden.py tests/test_role_schemas.py tests/test_policy_matrix.py tests/test_cost_ceilings.py $(ARGS)

COMPILE := pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links

lock: | $(UV)
	@$(UV) $(COMPILE) $(ARGS) requirements/runtime.in --output-file requirements/runtime.txt
	@$(UV) $(COMPILE) $(ARGS) requirements/test.in --constraints requirements/runtime.txt --overrides requirements/override.in --output-file requirements/test.txt
	@echo 'requirements/runtime.txt and requirements/test.txt are written; newer versions come with: make lock ARGS=--upgrade'

# A new Neo4j release: change VERSION in graph/distribution.py first.
lock-neo4j: $(SETUP)
	@$(BIN)/python -m graph.distribution

clean: graphiql-clean clients-clean
	@rm -rf .proof.log .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis
