# Needs Python 3.11 or newer with pip, git and make; everything else goes into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo test check format schema data bench clean

help:
	@echo "make demo    search the exports in data/ and show a table"
	@echo "make test    everything that CI runs: lint, format, layers, types, tests, executed docs"
	@echo "make format  format the code and mend what ruff can mend"
	@echo "make schema  generate the property catalogue again from botocore's service model"
	@echo "make data    generate data/exports again"
	@echo "make bench   compare with SQLite, DuckDB and Polars over N jobs (100000)"
	@echo "make clean   remove what the above have made"

# A stamp is newer than pyproject.toml when what pyproject.toml asks for is installed.
$(VENV)/.made:
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: pyproject.toml | $(VENV)/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(VENV)/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.installed

DEMO := SELECT TrainingJobName, Metrics.validation:accuracy, HyperParameters.learning_rate, Tags.team \
	WHERE TrainingJobStatus = Completed AND Metrics.validation:accuracy > 0.8 \
	ORDER BY Metrics.validation:accuracy DESC LIMIT 10

demo: $(VENV)/.installed
	$(BIN)/smsearch search data/exports "$(DEMO)" -f table

test: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python -m pytest

check: test

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

schema: $(VENV)/.installed-dev
	$(BIN)/python -m smsearch.schema.generate

data: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks.generate --data data/exports

N ?= 100000

$(VENV)/.installed-bench: pyproject.toml | $(VENV)/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@touch $@

bench: $(VENV)/.installed-bench
	$(BIN)/python -m benchmarks.run $(N)
	$(BIN)/python -m benchmarks.report

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
