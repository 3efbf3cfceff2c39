# A dozen verbs. `make` alone explains them. Nothing but Python 3.11 or newer and make is needed.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
BIN := .venv/bin
UV := UV_PYTHON_DOWNLOADS=never $(BIN)/uv
OURS := platform $(patsubst %/pyproject.toml,%,$(wildcard plugins/*/pyproject.toml))
RUNTIME := .venv/.runtime
DEVELOPMENT := .venv/.development
.DEFAULT_GOAL := help
.PHONY: help run test quick check fix migrate bench coverage lock attack fuzz sbom

help: ## esta lista
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/uv: infra/bootstrap.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "  Acogida necesita Python 3.11 o posterior; aquí hay " + sys.version.split()[0])'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r infra/bootstrap.lock
	@touch $@

$(RUNTIME): $(BIN)/uv requirements.lock $(OURS:%=%/pyproject.toml)
	@echo "  Instalando lo necesario…"
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation $(OURS:%=-e %)
	@touch $@

$(DEVELOPMENT): $(RUNTIME) dev.lock
	@echo "  Instalando las herramientas de prueba…"
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r dev.lock
	@touch $@

run: $(RUNTIME) ## todo el producto en http://127.0.0.1:8000 (PORT=… DATA=… make run)
	@exec $(BIN)/acogida run

test: $(DEVELOPMENT) ## todas las pruebas que esta máquina puede correr
	@$(BIN)/python tests/support/chromium.py
	@$(BIN)/python tests/support/ceph.py
	@$(BIN)/python tests/support/clamav.py
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

quick: $(DEVELOPMENT) ## las pruebas sin navegador
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not live"

check: $(DEVELOPMENT) ## formato, reglas, tipos, paredes entre salas y dependencias auditadas
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports
	@$(BIN)/pyrefly check
	@$(BIN)/python -m pytest -q tests/guards
	@$(BIN)/python infra/audit.py

attack: $(DEVELOPMENT) ## veinte mil intentos de entrar donde no se debe
	@ATTACK=full $(BIN)/python -m pytest -q tests/attack

fuzz: $(DEVELOPMENT) ## lo que sea contra la API, por minutos (MINUTES=20 make fuzz)
	@FUZZ_MINUTES=$(or $(MINUTES),20) $(BIN)/python -m pytest -q -s tests/attack/test_whatever_is_sent.py

sbom: $(DEVELOPMENT) ## la lista de lo que se entrega, con versiones y licencias (CycloneDX), en build/sbom.json
	@mkdir -p build && $(BIN)/python infra/sbom.py build/sbom.json

fix: $(DEVELOPMENT) ## da formato y corrige lo que se puede corregir solo
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

migrate: $(RUNTIME) ## lleva una base de datos propia (ACOGIDA_DATABASE_OWNER_URL) a esta versión
	@$(BIN)/acogida migrate

bench: $(DEVELOPMENT) ## mide, en una corrida, contra el límite desnudo
	@$(BIN)/python tests/bench/run.py
	@$(BIN)/python tests/bench/tenancy.py

coverage: $(RUNTIME) ## qué filas de la guía están vivas en el producto
	@$(BIN)/acogida methodology coverage

lock: $(BIN)/uv ## rehace los archivos de versiones fijas
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --exclude-newer "$$(date -u -d '7 days ago' +%Y-%m-%d)" requirements.in -o requirements.lock
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --exclude-newer "$$(date -u -d '7 days ago' +%Y-%m-%d)" requirements.in dev.in -o dev.lock
