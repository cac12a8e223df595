# One command per task; `make help` lists them.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# One environment, installed in steps: the packages for running, then those for deploying or testing.
RUNNABLE := $(VENV)/.runnable
DEPLOYABLE := $(VENV)/.deployable
TESTABLE := $(VENV)/.testable
EXAMPLE := examples/app
EXAMPLE_RUNNABLE := $(VENV)/.example
EXAMPLE_DATA = $(DATA_DIR)/album
LOCK := requirements.lock
DECODERS := gql_api/adapters/media/requirements
INSTALLER := local/installer-requirements.txt
RUN_REQUIREMENTS := $(INSTALLER) $(LOCK) $(DECODERS).lock requirements.txt local/requirements.txt client/python/pyproject.toml
DATA_DIR ?= .local
# These tools pin packages that conflict with ours or with each other's, so each has its own
# environment.
SAM := .venv-sam
CHECKOV := .venv-checkov
PACKAGES := build
# The architecture of the packages, as in template.yaml. Only the command line overrides it: other
# tools use an environment variable of this name.
ARCH := arm64
SBOMS := build/sbom.json build/media-sbom.json
# The table of samconfig.toml that `make deploy` uses.
ENV := staging
BENCH := build/bench
# The benchmarks in docs/performance.md. Each is a module: `make bench-listing` runs one of them.
BENCHMARKS := request-upload list-uploads many-files presigning cold-start warm-request listing concurrency traffic integrity sweep changes media prepare
BENCH_OPTIONS ?=
SOAK_FACTOR ?= 40
AUDITS := tests/conformance/node_modules/.installed
# The clients in JavaScript share one installation: the package, and the web client that uses it.
CLIENTS := client
JS := $(CLIENTS)/js
WEB := $(CLIENTS)/web
# As for Python: what building them needs, and with what testing adds.
WEB_BUILDABLE := $(CLIENTS)/node_modules/.buildable
WEB_MODULES := $(CLIENTS)/node_modules/.installed
JS_BUILD := $(JS)/dist/index.js
JS_SOURCES := $(shell find $(JS)/src $(JS)/*.ts $(JS)/package.json -type f)
JS_TYPES := $(JS)/dist/types/index.d.ts
WEB_BUILD := $(WEB)/dist/index.html
WEB_SOURCES := $(shell find $(WEB)/src $(WEB)/messages $(WEB)/public $(WEB)/*.html $(WEB)/*.ts -type f) schema.graphql

# Without byte code, each of the several hundred Python processes of the tests would compile all
# that it imports.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test check schema check-template package deploy bench $(BENCHMARKS:%=bench-%) clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  PORT (8000) and DATA_DIR (.local) are read from the environment and from .env."

# ---------------------------------------------------------------- setting up

# $(call install,ENVIRONMENT,OPTIONS): uv installs in seconds what takes pip more than a minute. If
# uv fails, such as with a package mirror that is configured only for pip, pip takes over.
define install
	@VIRTUAL_ENV="$(CURDIR)/$(1)" $(BIN)/uv pip install --quiet $(2) || { \
		echo "uv failed; trying pip." >&2; \
		$(BIN)/python -m pip --python $(1)/bin/python install --quiet --disable-pip-version-check $(2); }
endef

setup: $(TESTABLE) $(WEB_MODULES) ## Install everything for development; does nothing if it is up to date

# The environment is recreated only when it is missing or broken, or when PYTHON is given and has
# another version.
ifneq ($(origin PYTHON),file)
OTHER_PYTHON := $(shell test ! -x $(BIN)/python || \
	test "$$($(BIN)/python -V)" = "$$($(PYTHON) -V 2>/dev/null)" || echo other-python)
endif
.PHONY: other-python
other-python:

$(RUNNABLE): $(RUN_REQUIREMENTS) $(OTHER_PYTHON)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is required, but $(PYTHON) is older or missing. Name another:" >&2; \
		echo "  make $(MAKECMDGOALS) PYTHON=python3.13" >&2; \
		exit 1; }
	@echo "Installing Python packages in $(VENV)"
	@test -z "$(OTHER_PYTHON)" && $(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $(INSTALLER)
	$(call install,$(VENV),--require-hashes --requirement $(LOCK) --requirement $(DECODERS).lock)
	$(call install,$(VENV),--requirement local/requirements.txt --editable 'client/python[cli]')
	@touch $@

$(DEPLOYABLE): deploy/requirements.txt $(RUNNABLE)
	$(call install,$(VENV),--requirement $<)
	@touch $@

$(EXAMPLE_RUNNABLE): $(EXAMPLE)/requirements.txt $(RUNNABLE)
	$(call install,$(VENV),--requirement $<)
	@touch $@

$(TESTABLE): tests/requirements.txt deploy/requirements.txt $(EXAMPLE)/requirements.txt $(RUNNABLE)
	@echo "Installing the test tools in $(VENV)"
	$(call install,$(VENV),--requirement tests/requirements.txt)
	@touch $@

$(SAM)/.installed $(CHECKOV)/.installed: .venv-%/.installed: tests/%-requirements.txt | $(RUNNABLE)
	@echo "Installing $* in $(@D)"
	@$(PYTHON) -m venv --clear --without-pip $(@D)
	$(call install,$(@D),--requirement $<)
	@touch $@

# The audits of GraphQL over HTTP are written in JavaScript.
$(AUDITS): tests/conformance/package-lock.json | node
	npm ci --silent --prefix tests/conformance
	@touch $@

$(WEB_BUILDABLE): $(CLIENTS)/package-lock.json | node
	npm ci --silent --omit=dev --prefix $(CLIENTS)
	@touch $@

$(WEB_MODULES): $(CLIENTS)/package-lock.json | node
	npm ci --silent --prefix $(CLIENTS)
	@touch $(WEB_BUILDABLE) $@

$(JS_BUILD): $(WEB_BUILDABLE) $(JS_SOURCES)
	npm run --silent build --prefix $(JS)
	@touch $@

# Building deletes the types, so they come after it.
$(JS_TYPES): $(WEB_MODULES) $(JS_BUILD)
	npm run --silent types --prefix $(JS)
	@touch $@

$(WEB_BUILD): $(JS_BUILD) $(WEB_SOURCES)
	npm run --silent build --prefix $(WEB)
	@touch $@

.PHONY: node chromium
node:
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null || { \
		echo "Node.js 20.19 or newer with npm is required: https://nodejs.org" >&2; exit 1; }

# The browser tests drive the system's Chromium; CHROMIUM names another program. Debian's headless
# shell is the same browser without windows: smaller to install, and a third less work for the CPU.
CHROMIUM_PROGRAM := "$${CHROMIUM:-$$(command -v chromium-headless-shell || command -v chromium)}"
chromium:
	@command -v $(CHROMIUM_PROGRAM) >/dev/null || { \
		echo "The browser tests need Chromium: installing Debian's package."; \
		as_root=; test "$$(id -u)" = 0 || as_root=sudo; \
		{ $$as_root apt-get update -qq && { \
			$$as_root apt-get install -y -qq chromium-headless-shell >/dev/null || \
			$$as_root apt-get install -y -qq chromium >/dev/null; }; } || { \
			echo "Install Chromium, or name one: CHROMIUM=/path/to/chrome make test" >&2; exit 1; }; }

# ---------------------------------------------------------------- running

run: $(RUNNABLE) $(WEB_BUILD) ## Run the service locally with MongoDB and an S3 server; Ctrl-C stops it
	@exec $(BIN)/python -m local --end-with-parent

.PHONY: example
example: $(EXAMPLE_RUNNABLE) $(JS_BUILD) ## Run examples/app, an application with its own users, beside `make run`
	@test -f "$(EXAMPLE_DATA)/app.env" || $(EXAMPLE)/connect "$(EXAMPLE_DATA)/app.env"
	@echo "The example is running at http://127.0.0.1:9000"
	@set -a && . "$(abspath $(EXAMPLE_DATA))/app.env" && cd $(EXAMPLE) && DATA_DIR="$(abspath $(EXAMPLE_DATA))" \
		MEDIA_UPLOAD_DIST="$(CURDIR)/$(JS)/dist" exec "$(CURDIR)/$(BIN)/python" -m album

# ---------------------------------------------------------------- checks and tests

# Two checks at a time; GNU make 4 and newer print the output of each in one piece. Most checks use a single
# core. Then pytest and the browser tests, whose output is mixed. Each of the two waits much of its time: pytest
# for faults to end, so that two cores need three workers, and the browsers for pages.
IN_PAIRS := $(MAKE) --no-print-directory --jobs 2
SIDE_BY_SIDE := $(IN_PAIRS) $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)
PYTHON_CHECKS := check-style check-types check-bandit check-schema
TEMPLATE_CHECKS := check-cfn-lint check-sam check-checkov
CHECKS := check-web-lint check-types check-web-types check-js $(filter-out check-types,$(PYTHON_CHECKS))
.PHONY: $(CHECKS) $(TEMPLATE_CHECKS) compile-tests test-js test-web test-python test-browser

test: ## Run all checks and all tests
	@$(MAKE) --no-print-directory --jobs 2 $(TESTABLE) $(WEB_MODULES) $(SAM)/.installed $(CHECKOV)/.installed $(AUDITS) chromium
	@$(SIDE_BY_SIDE) $(CHECKS) $(TEMPLATE_CHECKS) compile-tests test-js test-web
	@$(IN_PAIRS) test-python test-browser

test-python: $(TESTABLE)
	$(BIN)/python -m pytest --numprocesses 3 --dist worksteal

test-browser: $(WEB_MODULES) $(WEB_BUILD) chromium
	CHROMIUM=$(CHROMIUM_PROGRAM) npm run --silent test:browser --prefix $(CLIENTS)

check: $(TESTABLE) $(WEB_MODULES) ## Check style and types, and that generated files are current
	@$(SIDE_BY_SIDE) $(CHECKS)

check-style: $(TESTABLE)
	$(BIN)/ruff check
	$(BIN)/ruff format --check

check-types: $(TESTABLE)
	$(BIN)/mypy

check-bandit: $(TESTABLE)
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive deploy gql_api local client/python/src

check-schema: $(TESTABLE)
	$(BIN)/python -m gql_api.schema.printer --check

# Imports the tests once and writes their byte code. Otherwise each of the three workers compiles all of them.
# If a test cannot be imported, the run of the tests shows why.
compile-tests: $(TESTABLE)
	@$(BIN)/python -m pytest -qqq --collect-only >/dev/null || true

# The longest of the checks.
check-web-lint: $(WEB_MODULES) $(JS_TYPES)
	npm run --silent lint --prefix $(WEB)

check-web-types: $(WEB_MODULES) $(JS_TYPES)
	npm run --silent codegen:check --prefix $(WEB)
	npm run --silent typecheck --prefix $(WEB)

check-js: $(WEB_MODULES)
	npm run --silent check --prefix $(JS)

check-template: $(SAM)/.installed $(CHECKOV)/.installed ## Check template.yaml, without access to AWS
	@$(SIDE_BY_SIDE) $(TEMPLATE_CHECKS)

check-cfn-lint: $(SAM)/.installed
	$(SAM)/bin/cfn-lint template.yaml

check-sam: $(SAM)/.installed
	SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=us-east-1 $(SAM)/bin/sam validate --lint --template template.yaml

check-checkov: $(CHECKOV)/.installed
	$(CHECKOV)/bin/checkov --config-file tests/checkov.yaml --file template.yaml

test-web: $(WEB_MODULES) $(WEB_BUILD)
	npm run --silent sizes --prefix $(WEB)
	npm run --silent test --prefix $(WEB)

test-js: $(WEB_MODULES) $(JS_BUILD)
	npm run --silent sizes --prefix $(JS)
	npm run --silent test --prefix $(JS)

.PHONY: soak stores mutants
soak: $(TESTABLE) $(AUDITS) ## Run the random tests SOAK_FACTOR (40) times as long, then the model for SOAK_SECONDS (600)
	SOAK_FACTOR=$(SOAK_FACTOR) $(BIN)/python -m pytest --quiet --numprocesses 2 -m "random or hypothesis"
	SCALE_FACTOR=16 $(BIN)/python -m pytest --quiet client/python/tests/test_scale.py client/python/tests/test_sync_scale.py
	$(BIN)/python -m pytest --quiet tests/model/soak.py

stores: $(TESTABLE) ## Run the main flow on each S3 server, also on Ceph's radosgw if it is installed
	STORES="gateway rclone radosgw" $(BIN)/python -m pytest -rs tests/stores

mutants: $(TESTABLE) ## Plant defects in a copy, one at a time; a test must detect each
	@$(BIN)/python -m tests.mutants

# ---------------------------------------------------------------- generated files and the package

schema: $(RUNNABLE) ## Write schema.graphql from the code
	$(BIN)/python -m gql_api.schema.printer

.PHONY: reference
reference: $(RUNNABLE) ## Write client/python/REFERENCE.md from the code
	$(BIN)/python client/python/reference.py

package: $(DEPLOYABLE) ## Build the packages of the Lambda functions in build; ARCH=arm64|x86_64
	@$(BIN)/python -m deploy.package --architecture $(ARCH) $(PACKAGES)
	@$(MAKE) --no-print-directory $(SBOMS)

# The first step fails at once if the last ones could not succeed. There is no `sam build`: one
# package is for the media function and one for all others, and all environments run the same ones.
deploy: $(DEPLOYABLE) ## Deploy to AWS the service and the web client; ENV=staging|production
	@$(BIN)/python -m deploy check $(ENV)
	@$(MAKE) --no-print-directory package $(WEB_BUILD) $(SAM)/.installed
	SAM_CLI_TELEMETRY=0 $(SAM)/bin/sam deploy --config-env $(ENV) --no-fail-on-empty-changeset
	@$(BIN)/python -m deploy web $(ENV)

# The bill of materials of each package in CycloneDX's format: versions, licences and hashes.
build/sbom.json: $(LOCK)
build/media-sbom.json: gql_api/adapters/media/requirements.lock
$(SBOMS): | $(DEPLOYABLE)
	@mkdir -p $(@D)
	$(BIN)/cyclonedx-py requirements --output-reproducible --output-file $@ $<

.PHONY: lock
lock: $(RUNNABLE) ## Pin all dependencies of the service and of the media function, with hashes
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--output-file $(LOCK) requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--constraint $(LOCK) --output-file $(DECODERS).lock $(DECODERS).txt

# ---------------------------------------------------------------- benchmarks

bench: $(BENCH)/.installed ## Measure the service against its peers; BENCH_OPTIONS="--json --small"
	@$(BENCH)/bin/python -m benchmarks $(BENCH_OPTIONS)

$(BENCHMARKS:%=bench-%): bench-%: $(BENCH)/.installed
	@$(BENCH)/bin/python -m benchmarks.$(subst -,_,$*) $(BENCH_OPTIONS)

.PHONY: bench-upload bench-web bench-web-load bench-web-list
bench-upload: $(RUNNABLE) ## Measure the media command against aws, s5cmd, rclone, boto3 and curl
	@$(BIN)/python -m benchmarks.upload $(BENCH_OPTIONS)

bench-web: $(RUNNABLE) chromium $(WEB_MODULES) ## Measure the web client's engine against @uppy/aws-s3
	@npm ci --silent --prefix benchmarks/web
	@CHROMIUM=$(CHROMIUM_PROGRAM) npm --silent --prefix benchmarks/web start -- $(BENCH_OPTIONS)

bench-web-load: $(RUNNABLE) chromium $(WEB_MODULES) $(WEB_BUILD) ## Measure the first load of the web client with Lighthouse
	@npm ci --silent --prefix benchmarks/web
	@CHROMIUM=$(CHROMIUM_PROGRAM) npm --silent --prefix benchmarks/web run load -- $(BENCH_OPTIONS)

bench-web-list: $(RUNNABLE) chromium $(WEB_MODULES) $(WEB_BUILD) ## Measure scrolling through a library of 10,000 files
	@npm ci --silent --prefix benchmarks/web
	@CHROMIUM=$(CHROMIUM_PROGRAM) npm --silent --prefix benchmarks/web run list -- $(BENCH_OPTIONS)

$(BENCH)/.installed: benchmarks/requirements.txt $(RUN_REQUIREMENTS) | $(RUNNABLE)
	@test -x $(BENCH)/bin/python || $(PYTHON) -m venv --without-pip $(BENCH)
	$(call install,$(BENCH),--requirement $<)
	@touch $@

clean: ## Delete .venv, caches and build results and, after asking, the data
	rm -rf $(VENV) $(SAM) $(CHECKOV) $(dir $(AUDITS)) $(dir $(WEB_MODULES)) $(JS)/dist $(WEB)/dist build .aws-sam .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@test ! -e "$(DATA_DIR)/secrets.json" || { \
		printf 'Delete all data in %s as well? [y/N] ' "$(DATA_DIR)"; read -r answer; \
		test "$$answer" != y || rm -rf "$(DATA_DIR)"; }
