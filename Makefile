# What can be done here.  Each target does the set-up that it needs, and a second run downloads nothing.
# The set-up itself is in tools/make/: python.sh (.venv), node.sh (npm), step.sh (names and times a step).

BIN := .venv/bin
STEP := @tools/make/step.sh

.DEFAULT_GOAL := help
.PHONY: help demo test lint fix gen editor lock clean run-environment dev-environment

help:
	@echo 'make demo     deploy the example to a cloud on this machine, and use it'
	@echo 'make editor   VS Code in the browser, with the extension and the example open'
	@echo 'make test     lint, types, layers, Python tests, extension tests, editor test'
	@echo 'make lint     lint, types, layers'
	@echo 'make fix      format, and mend what the linter can'
	@echo 'make gen      write again what is generated: protocol types, reference pages'
	@echo 'make lock     resolve the locked requirements anew'
	@echo 'make clean    delete what make has made in this folder'

run-environment:
	@tools/make/python.sh run

dev-environment:
	@tools/make/python.sh dev

demo: run-environment
	@$(BIN)/python tools/demo/demo.py

lint: dev-environment
	$(STEP) 'lint: ruff check' $(BIN)/ruff check .
	$(STEP) 'format: ruff format' $(BIN)/ruff format --check .
	$(STEP) 'types: mypy' $(BIN)/mypy
	$(STEP) 'layers: import-linter' $(BIN)/lint-imports

test: lint
	$(STEP) 'Python tests' $(BIN)/pytest -n 2 -m 'not editor and not sandbox'
	$(STEP) 'Python tests on the sandbox' $(BIN)/pytest -n 2 --dist loadfile -m sandbox

fix: dev-environment
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

gen: dev-environment
	@for tool in tools/gen_*.py; do $(BIN)/python "$$tool" || exit 1; done

lock: dev-environment
	@tools/make/lock.sh

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .cache dist
	rm -rf editors/vscode/node_modules editors/vscode/dist tools/editor/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
