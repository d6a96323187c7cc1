# Everything a newcomer needs. `make run` and `make test` set up what they need; only python3 (with venv) is assumed.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON_VERSION ?= 3.12
STORE ?=
VENV := .venv
PYTHON := $(VENV)/bin/python
# numpy's threads fight each other on few cores.
export OMP_NUM_THREADS := 1

# A uv on PATH may be a version manager's stub that fails here: one that does not work is not used.
UV := $(shell if uv --version >/dev/null 2>&1; then echo uv; else echo .uv/bin/uv; fi)

.PHONY: help run test check format bench soak templates lock clean

help: ## Show what can be made.
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

.uv/bin/uv:
	python3 -m venv .uv
	.uv/bin/python -m pip install --quiet --disable-pip-version-check uv

$(PYTHON): | $(filter .uv/bin/uv,$(UV))
	$(UV) venv --quiet --python $(PYTHON_VERSION) $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(PYTHON)
	$(UV) pip install --quiet --python $(PYTHON) --require-hashes --requirements requirements.lock
	$(UV) pip install --quiet --python $(PYTHON) --no-deps --editable .
	@touch $@

$(VENV)/.tools: $(VENV)/.installed
	$(UV) pip install --quiet --python $(PYTHON) --group dev
	@touch $@

run: $(VENV)/.installed ## Take in seeds/, read it, and show what was found (STORE=URL for another store).
	@$(VENV)/bin/pactwatch run $(if $(STORE),--store $(STORE))

test: $(VENV)/.tools ## Run the tests.
	$(PYTHON) -m pytest -m "not soak"

check: $(VENV)/.tools ## Lint, formatting and types.
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

format: $(VENV)/.tools ## Format the code.
	$(VENV)/bin/ruff check --fix-only .
	$(VENV)/bin/ruff format .

bench: $(VENV)/.tools ## Measure against named baselines in the same run.
	$(PYTHON) -m tests.benchmarks.components
	$(PYTHON) -m tests.benchmarks.end_to_end
	$(PYTHON) -m tests.benchmarks.dedupe
	$(PYTHON) -m tests.benchmarks.registry
	@if [ -n "$$ELASTICSEARCH_URL" ]; then $(PYTHON) -m tests.benchmarks.elasticsearch; \
	else echo "ELASTICSEARCH_URL is not set: writing and searching there is not measured"; fi
	@if [ -n "$$FLINK_JOB_ENDPOINT" ]; then $(PYTHON) -m tests.benchmarks.flink throughput; \
	else echo "FLINK_JOB_ENDPOINT is not set: Flink is not measured"; fi
	$(PYTHON) -m tests.benchmarks.polling
	@if [ -n "$$PERCOLATOR_URL" ]; then $(PYTHON) -m tests.benchmarks.rules; \
	else echo "PERCOLATOR_URL is not set: rules are not measured against a percolator"; fi

soak: $(VENV)/.tools ## The long kill and repetition tests.
	$(PYTHON) -m pytest -m soak

templates: $(VENV)/.installed ## Renew config/elasticsearch and config/kibana after a change of searched fields.
	$(PYTHON) -m pipeline.write_templates

lock: | $(PYTHON) ## Renew requirements.lock after a change of dependencies.
	$(UV) pip compile pyproject.toml --quiet --universal --python-version 3.12 --generate-hashes \
	  --no-emit-index-url --no-header --output-file requirements.lock

# A version manager's python3.13 answers only when it is told so; otherwise uv finds or fetches one.
PYTHON_313 = $(shell PYENV_VERSION=3.13 python3.13 -c 'import sys; print(sys.executable)' 2>/dev/null || echo 3.13)

# Installs the built wheel into an environment of its own, far from the checkout, and uses it as a stranger would.
.PHONY: .wheel-test
.wheel-test: $(VENV)/.tools
	rm -rf dist && $(UV) build --quiet --wheel --out-dir dist .
	rm -rf dist/venv dist/desk && $(UV) venv --quiet --python "$(PYTHON_313)" dist/venv
	$(UV) pip install --quiet --python dist/venv/bin/python --require-hashes --requirements requirements.lock
	$(UV) pip install --quiet --python dist/venv/bin/python --no-deps dist/*.whl
	dist/venv/bin/pactwatch init dist/desk
	cd dist/desk && ../venv/bin/pactwatch run && ../venv/bin/pactwatch deadlines --format json

clean: ## Remove environments and caches (not the store in data/).
	rm -rf $(VENV) .uv .mypy_cache .ruff_cache .pytest_cache .hypothesis dist
