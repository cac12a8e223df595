# One command for each thing there is to do. `make help` lists them.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
LOCK := requirements.lock
REQUIREMENTS := $(LOCK) requirements.txt local/requirements.txt tests/requirements.txt client/python/pyproject.toml
DATA_DIR ?= .local
# These pin packages that ours, or each other, need in other versions.
SAM := .venv-sam
CHECKOV := .venv-checkov
PACKAGE := build/lambda
SBOM := build/sbom.json
BENCH := build/bench
# The rows of docs/performance.md; each is a module, so `make bench-listing` runs one of them.
BENCHMARKS := request-upload many-files presigning cold-start warm-request listing concurrency traffic
BENCH_OPTIONS ?=
AUDITS := tests/conformance/node_modules/.installed
WEB := client/web
WEB_MODULES := $(WEB)/node_modules/.installed
WEB_BUILD := $(WEB)/dist/index.html
WEB_SOURCES := $(shell find $(WEB)/src $(WEB)/public $(WEB)/*.html $(WEB)/*.ts -type f) schema.graphql

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test check schema check-template package bench $(BENCHMARKS:%=bench-%) clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  PORT (8000) and DATA_DIR (.local) are read from the environment and from .env."

setup: $(STAMP) ## Create .venv and install what is needed, where that has changed

# The environment is made anew only when it is missing or broken; pip finds out what has changed.
$(STAMP): $(REQUIREMENTS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed, and $(PYTHON) is not. Name another one:" >&2; \
		echo "  make $(MAKECMDGOALS) PYTHON=python3.12" >&2; \
		exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $(LOCK)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--requirement tests/requirements.txt --editable client/python
	@touch $@

run: setup $(WEB_BUILD) ## Run the service on this machine, with MongoDB and an S3 server; Ctrl-C stops it
	@exec $(BIN)/python -m local --end-with-parent

test: check check-template chromium $(AUDITS) $(WEB_BUILD) ## Run all checks and all tests
	$(BIN)/python -m pytest --numprocesses 2 --dist worksteal
	npm run --silent sizes --prefix $(WEB)
	npm run --silent test --prefix $(WEB)
	npm run --silent test:browser --prefix $(WEB)

check: setup $(WEB_MODULES) ## Check style, types and that what is generated is current
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive gql_api local client/python/src
	$(BIN)/python -m gql_api.schema.printer --check
	npm run --silent check --prefix $(WEB)

schema: setup ## Write schema.graphql from the code
	$(BIN)/python -m gql_api.schema.printer

.PHONY: soak mutants
soak: setup ## Run the model of uploads with ever new seeds for SOAK_SECONDS (600)
	$(BIN)/python -m pytest --quiet tests/model/soak.py

mutants: setup ## Plant defects in a copy, one at a time: a test must notice each
	@$(BIN)/python -m tests.mutants

check-template: $(SAM)/.installed $(CHECKOV)/.installed ## Check template.yaml; asks nothing of AWS
	$(SAM)/bin/cfn-lint template.yaml
	SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=us-east-1 $(SAM)/bin/sam validate --lint --template template.yaml
	$(CHECKOV)/bin/checkov --config-file tests/checkov.yaml --file template.yaml

$(SAM)/.installed $(CHECKOV)/.installed: .venv-%/.installed: tests/%-requirements.txt
	$(PYTHON) -m venv --clear .venv-$*
	.venv-$*/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

# What audits GraphQL over HTTP is written in JavaScript.
$(AUDITS): tests/conformance/package-lock.json | node
	npm ci --silent --prefix tests/conformance
	@touch $@

$(WEB_MODULES): $(WEB)/package-lock.json | node
	npm ci --silent --prefix $(WEB)
	@touch $@

$(WEB_BUILD): $(WEB_MODULES) $(WEB_SOURCES)
	npm run --silent build --prefix $(WEB)
	@touch $@

.PHONY: node chromium
node:
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null || { \
		echo "Node.js 20.19 or newer is needed, with npm: https://nodejs.org" >&2; exit 1; }

# The browser tests drive the system's Chromium; CHROMIUM names another program.
chromium:
	@command -v "$${CHROMIUM:-/usr/bin/chromium}" >/dev/null || { \
		echo "The browser tests need Chromium: installing Debian's package."; \
		as_root=; test "$$(id -u)" = 0 || as_root=sudo; \
		{ $$as_root apt-get update -qq && $$as_root apt-get install -y -qq chromium >/dev/null; } || { \
			echo "Install Chromium, or name one: CHROMIUM=/path/to/chrome make test" >&2; exit 1; }; }

# For the runtime and architecture in template.yaml, whatever this machine's are. Byte code that is
# not compared with file times spares each cold start the compiling.
package: setup ## Build what the Lambda functions run, in build/lambda
	rm -rf $(PACKAGE)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --target $(PACKAGE) \
		--platform manylinux2014_aarch64 --implementation cp --python-version 3.11 \
		--only-binary :all: --no-compile --require-hashes --requirement $(LOCK)
	cp -R gql_api $(PACKAGE)/
	rm -rf $(PACKAGE)/bin
	find $(PACKAGE) -name __pycache__ -type d -prune -exec rm -rf {} +
	$(BIN)/python -m compileall -q --invalidation-mode unchecked-hash $(PACKAGE)
	$(MAKE) --no-print-directory $(SBOM)

# What the package is made of, in CycloneDX's format: versions, licences and hashes.
$(SBOM): $(LOCK) $(STAMP)
	@mkdir -p $(@D)
	$(BIN)/cyclonedx-py requirements --output-reproducible --output-file $@ $(LOCK)

.PHONY: lock
lock: $(STAMP) ## Pin all that requirements.txt brings along, with hashes, in requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--output-file $(LOCK) requirements.txt

bench: $(BENCH)/.installed ## Measure the service against its peers; BENCH_OPTIONS="--json --small"
	@$(BENCH)/bin/python -m benchmarks $(BENCH_OPTIONS)

$(BENCHMARKS:%=bench-%): bench-%: $(BENCH)/.installed
	@$(BENCH)/bin/python -m benchmarks.$(subst -,_,$*) $(BENCH_OPTIONS)

.PHONY: bench-upload bench-web
bench-upload: setup ## Measure the media command against aws, s5cmd, rclone, boto3 and curl
	@$(BIN)/python -m benchmarks.upload $(BENCH_OPTIONS)

bench-web: setup chromium $(WEB_MODULES) ## Measure the web client's engine against @uppy/aws-s3
	@npm ci --silent --prefix benchmarks/web
	@npm --silent --prefix benchmarks/web start -- $(BENCH_OPTIONS)

$(BENCH)/.installed: benchmarks/requirements.txt $(REQUIREMENTS)
	@test -x $(BENCH)/bin/python || $(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

clean: ## Delete .venv and the caches, and after asking the data as well
	rm -rf $(VENV) $(SAM) $(CHECKOV) $(dir $(AUDITS)) $(dir $(WEB_MODULES)) $(WEB)/dist build .aws-sam .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@test ! -e "$(DATA_DIR)/secrets.json" || { \
		printf 'Delete all data in %s as well? [y/N] ' "$(DATA_DIR)"; read -r answer; \
		test "$$answer" != y || rm -rf "$(DATA_DIR)"; }
