# Installs the clients that tests/test_clients.py runs against the server: unchanged, from the registry, as locked.
# Node is the one of console/console.mk. Without them those tests fail and say so; all others run.

CLIENTS       := tests/clients
CLIENTS_READY := $(CLIENTS)/node_modules/.ready
CLIENTS_LOG   := $(CLIENTS)/install.log

.PHONY: clients clients-lock clients-clean

clients:
	@$(MAKE) --no-print-directory --silent $(CLIENTS_READY) >$(CLIENTS_LOG) 2>&1 \
	 || echo 'Warning: the clients could not be installed; their tests will fail. Why: $(CLIENTS_LOG). Again: make clients'

$(CLIENTS_READY): $(CLIENTS)/package-lock.json $(CLIENTS)/package.json $(CLIENTS)/.npmrc $(NODE_READY)
	@$(FIND_NODE) && cd $(CLIENTS) && "$$node" "$$npm" ci --ignore-scripts --no-audit --no-fund
	@touch $@

clients-lock: $(NODE_READY)
	@$(FIND_NODE) && cd $(CLIENTS) && "$$node" "$$npm" install --package-lock-only --ignore-scripts --no-audit --no-fund --silent \
	  && "$$node" $(CURDIR)/console/without-addresses.mjs package-lock.json
	@echo '$(CLIENTS)/package-lock.json is written'

clients-clean:
	@rm -rf $(CLIENTS)/node_modules $(CLIENTS)/made $(CLIENTS_LOG)
