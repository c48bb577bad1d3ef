# What can be done here.  Each target does the set-up that it needs, and a second run downloads nothing.
# The set-up itself is in tools/make/: python.sh (.venv), node.sh (npm), packages.py (what the tests deploy), step.sh (names
# and times a step).

BIN := .venv/bin
STEP := @tools/make/step.sh
EXTENSION := editors/vscode
VSIX := $(EXTENSION)/dist/sigma-ls.vsix
VSIX_SOURCES := $(shell find $(EXTENSION)/src $(EXTENSION)/webview $(EXTENSION)/media $(EXTENSION)/syntaxes $(EXTENSION)/snippets $(EXTENSION)/trimmed $(EXTENSION)/*.json $(EXTENSION)/*.mjs -type f)
SERVER_SOURCES := requirements/bundle.lock docs/sigma.schema.json $(shell find sigma_ls tools/bundle -type f -not -path '*/__pycache__/*')

# Compiled code is kept, whatever the shell says: else each test process compiles all tests anew (9 s instead of 4), and each of
# the hundreds of servers and commands that tests start the whole program.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test lint fix gen screenshots bench bench-activation bench-deploy editor editor-stop vsix lock clean environment dev-environment

help:
	@echo 'make demo         deploy the example to a cloud on this machine, and use it'
	@echo 'make editor       VS Code in the browser, with the extension and the example open'
	@echo 'make editor-stop  stop that'
	@echo 'make vsix         the VS Code extension as one file, with the server in it: $(VSIX)'
	@echo 'make test         lint, types, layers, Python tests, extension tests, editor test'
	@echo 'make lint         lint, types, layers'
	@echo 'make fix          format, and mend what the linter can'
	@echo 'make gen          write again what is generated: protocol types, reference pages'
	@echo 'make screenshots  take the pictures of the README again'
	@echo 'make bench        measure the language server beside others; writes bench/RESULTS.md'
	@echo 'make bench-activation  measure what the extension costs a window of VS Code; writes bench/RESULTS-activation.md'
	@echo 'make bench-deploy measure deployments beside other deployers; writes bench/RESULTS-deploy.md'
	@echo 'make lock         resolve the locked requirements anew'
	@echo 'make clean        delete what make has made in this folder'

environment:
	@tools/make/python.sh run

dev-environment:
	@tools/make/python.sh dev

# --- use -------------------------------------------------------------------------------------------------------------

demo: environment
	@$(BIN)/python tools/demo/demo.py

# The example is deployed to the sandbox: nobody needs an account to try it.
editor: environment $(VSIX)
	@SIGMA_EDITOR_SETTINGS=tools/make/editor-settings.json tools/editor/editor.sh start examples/thumbnailer
	@echo 'The address above shows the example in VS Code. Stop it with: make editor-stop'

editor-stop:
	@tools/editor/editor.sh stop

vsix: $(VSIX)

$(VSIX): $(VSIX_SOURCES) $(SERVER_SOURCES) | environment
	@tools/make/node.sh $(EXTENSION)
	@$(BIN)/python tools/bundle/bundle.py $(EXTENSION)/bundled
	@cd $(EXTENSION) && npm run --silent package
	@touch $@

# --- check -----------------------------------------------------------------------------------------------------------

lint: dev-environment
	$(STEP) 'lint (ruff check)' $(BIN)/ruff check .
	$(STEP) 'format (ruff format)' $(BIN)/ruff format --check .
	$(STEP) 'types (mypy)' $(BIN)/mypy
	$(STEP) 'layers (import-linter)' $(BIN)/lint-imports

# Each test process has a sandbox of its own, so tests of the sandbox can be shared out like all others.  They wait more than
# they compute: four at a time on two cores, given out one by one, the longest first (tests/conftest.py).
test: lint
	@tools/make/node.sh $(EXTENSION)
	@$(BIN)/python tools/make/packages.py
	$(STEP) 'Python tests' $(BIN)/pytest -n 2 --dist worksteal -m 'not sandbox and not editor'
	$(STEP) 'Python tests on the sandbox' $(BIN)/pytest -n 4 --dist load --maxschedchunk 1 -m 'sandbox and not editor'
	$(STEP) 'extension: types and lint' npm --prefix $(EXTENSION) run --silent check
	$(STEP) 'extension: unit tests' npm --prefix $(EXTENSION) run --silent test
	@$(MAKE) --no-print-directory $(VSIX)
	$(STEP) 'editor: VS Code for the browser' tools/editor/editor.sh install
	$(STEP) 'editor test' $(BIN)/pytest -n 2 --dist worksteal -p no:randomly -m editor
	@echo
	@echo 'make test: all steps passed'

# --- keep up ---------------------------------------------------------------------------------------------------------

fix: dev-environment
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

gen: dev-environment
	@for tool in tools/gen_*.py; do $(BIN)/python "$$tool" || exit 1; done

# Pictures differ from run to run, by a time or a spinner: taken anew only when what they show has changed.
screenshots: dev-environment $(VSIX)
	@tools/editor/editor.sh install
	@node tools/editor/screenshots.mjs

bench: dev-environment
	@tools/make/node.sh bench/peer
	@$(BIN)/python -m bench.synthesis
	@$(BIN)/python -m bench.language_server

bench-activation: dev-environment $(VSIX)
	@tools/editor/editor.sh install
	@node bench/activation.mjs

bench-deploy: dev-environment
	@tools/make/node.sh bench/deployers
	@tools/make/peer-python.sh bench/deployers
	@$(BIN)/python -m bench.deploy

lock: dev-environment
	@tools/make/lock.sh

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .cache dist
	rm -rf $(EXTENSION)/node_modules $(EXTENSION)/dist $(EXTENSION)/bundled bench/peer/node_modules bench/deployers/node_modules bench/deployers/.venv
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
