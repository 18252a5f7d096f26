# What this project can do on a machine with python3 (3.11 or newer), git and make.

PYTHON ?= python3
DATA ?= completejourney
ARGS ?=
NAME ?= tick
WHAT ?= ingest
KILLS ?= 60
BODIES ?= 1000000
EXAMPLES ?= 1000
CASES ?= 10000

VENV := .venv
BIN := $(VENV)/bin
DONE := $(VENV)/done
INSTALL := $(BIN)/uv pip install --python $(BIN)/python
CONSOLE := src/dangol/console/static/index.html
WEB := $(shell find web -type f -not -path '*/node_modules/*' 2>/dev/null)

# Other people's clients, which the tracking API must serve.
CLIENTS := tests/conformance/node

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## Say what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

# ---- setting up; each step leaves a stamp, so a second `make setup` does nothing

.PHONY: setup
setup: $(DONE)/dangol $(DONE)/dev $(DONE)/demo $(DONE)/spark $(DONE)/clients $(CONSOLE) ## Install everything, build the console

$(DONE)/venv:
	$(PYTHON) scripts/make_venv.py $(VENV)
	mkdir -p $(DONE) && touch $@

$(DONE)/uv: requirements/bootstrap.txt $(DONE)/venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	touch $@

$(DONE)/dangol: requirements/runtime.txt requirements/build.txt pyproject.toml $(DONE)/uv
	$(INSTALL) --require-hashes -r requirements/runtime.txt -r requirements/build.txt
	$(INSTALL) --no-deps --no-build-isolation --editable .
	touch $@

$(DONE)/dev: requirements/dev.txt $(DONE)/uv
	$(INSTALL) --require-hashes -r requirements/dev.txt
	touch $@

$(DONE)/demo: requirements/demo.txt $(DONE)/uv
	$(INSTALL) --require-hashes --no-deps -r requirements/demo.txt
	touch $@

$(DONE)/spark: requirements/spark.txt requirements/build.txt $(DONE)/uv
	$(INSTALL) --require-hashes -r requirements/spark.txt -r requirements/build.txt
	touch $@

$(DONE)/web: web/package.json web/package-lock.json $(DONE)/uv
	cd web && ../scripts/with_node.sh npm ci --no-audit --no-fund
	touch $@

$(DONE)/clients: $(CLIENTS)/package.json $(CLIENTS)/package-lock.json $(DONE)/uv
	cd $(CLIENTS) && ../../../scripts/with_node.sh npm ci --no-audit --no-fund
	touch $@

$(CONSOLE): $(WEB) $(DONE)/web
	cd web && ../scripts/with_node.sh npm run build
	touch $@

# ---- running

.PHONY: demo
demo: $(DONE)/dangol $(DONE)/demo $(CONSOLE) ## Run a year of real shopping: DATA=cdnow or a file, ARGS="--once --json"
	$(BIN)/dangol demo --data $(DATA) $(ARGS)

# ---- judging

.PHONY: test
test: setup ## Run all tests: ARGS=tests/guard for some of them
	$(BIN)/pytest -n 2 --dist loadgroup $(ARGS)

.PHONY: check
check: setup ## Format, lint, types, layers, SQL, spelling; then the size budgets
	scripts/check.sh

.PHONY: cover
cover: setup ## Which lines and branches no test reaches
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(ARGS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --skip-covered

.PHONY: bench
bench: $(DONE)/dangol $(DONE)/demo ## Measure one thing: NAME=tick runs bench/tick.py
	@test -f bench/$(NAME).py || { echo "There is no bench/$(NAME).py; NAME is one of:" $(filter-out server,$(notdir $(basename $(wildcard bench/*.py)))); exit 2; }
	$(BIN)/python bench/$(NAME).py $(ARGS)

.PHONY: crash
crash: setup ## Kill it KILLS=2000 times in the middle of its work, and look for what it lost: WHAT=flow for the whole way
	@$(BIN)/python -m tests.crash.$(WHAT) --kills $(KILLS) $(ARGS)

.PHONY: fuzz
fuzz: setup ## Send it BODIES=1000000 bodies that no client should send
	$(BIN)/python -m tests.fuzz.campaign --bodies $(BODIES) $(ARGS)

.PHONY: optouts
optouts: setup ## Say no in every way at every point of the delivery loop: CASES=10000 interleavings
	$(BIN)/python -m tests.optouts.campaign --cases $(CASES) $(ARGS)

.PHONY: journeys-fuzz
journeys-fuzz: setup ## Let EXAMPLES=1000 random journeys be lived by the engine and by a plain reference
	$(BIN)/python -m tests.journeys.fuzz --examples $(EXAMPLES) $(ARGS)

# ---- keeping

# Groups are locked after the run time, and agree with it where both need a package.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header

.PHONY: lock
lock: $(DONE)/uv ## Renew the locks: ARGS=--upgrade, or ARGS="--upgrade-package httpx"
	$(LOCK) $(ARGS) --group bootstrap -o requirements/bootstrap.txt
	$(LOCK) $(ARGS) pyproject.toml -o requirements/runtime.txt
	$(LOCK) $(ARGS) --group build -c requirements/runtime.txt -o requirements/build.txt
	$(LOCK) $(ARGS) --group dev -c requirements/runtime.txt -c requirements/build.txt -o requirements/dev.txt
	$(LOCK) $(ARGS) --group spark -c requirements/runtime.txt -o requirements/spark.txt
	$(LOCK) $(ARGS) --group node -c requirements/dev.txt -o requirements/node.txt
	$(LOCK) $(ARGS) --group demo --no-deps -o requirements/demo.txt

.PHONY: clean
clean: ## Remove what make made; no data folder is touched
	rm -rf $(VENV) web/node_modules $(CLIENTS)/node_modules src/dangol/console/static build dist
	rm -rf .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage*
	find src tests bench scripts -name __pycache__ -type d -prune -exec rm -rf {} +
