# Needs Python 3.11 or newer with pip, git and make; everything else goes into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo test test-fast test-types test-long test-fuzz test-clients test-page test-page-types page screenshots test-spark test-spark-every test-spark35 test-oldest test-newest \
	check coverage format schema grammar operators options figures transcript docs licences data bench bench-serve findings clean

help:
	@echo "make demo    search the exports in data/ and show a table"
	@echo "make test    everything that CI runs: lint, format, layers, types, tests, executed docs"
	@echo "make test-fast  the tests of the layers and the conformance cases: within a minute, and no processes"
	@echo "make test-types  pyright beside mypy: what an editor shows of the package"
	@echo "make test-long  random expressions, the reference against every engine, for SECONDS (600) from SEED (1) on"
	@echo "make test-fuzz  the compiled reader under sanitizers, for SECONDS (60) from SEED (1) on; needs a C++ compiler"
	@echo "make test-clients  round trips with other people's clients: AWS SDKs, CLIs, SageMaker's SDKs (a large install)"
	@echo "make test-page     people's tasks in Chromium: by mouse, by keyboard, without a script, to axe; types of the script"
	@echo "make page    the page over data/exports, in a browser"
	@echo "make screenshots  take the pictures of docs/page.md again; needs Chromium"
	@echo "make test-spark    the same answers from Apache Spark, on a cluster of three processes; needs Java 17"
	@echo "make test-spark-every  that, each conformance case of every kind of session"
	@echo "make test-spark35  the same with Spark 3.5"
	@echo "make test-oldest   the tests with the oldest of all dependencies that are allowed"
	@echo "make test-newest   the tests with the newest, pre-releases too"
	@echo "make coverage      the tests again, and the lines that none of them runs"
	@echo "make format  format the code and mend what ruff can mend"
	@echo "make schema  generate the property catalogue again from botocore's service model"
	@echo "make grammar    work the tables of grammar/search.lark out again, after a change of it"
	@echo "make operators  write the table of operators in docs/query.md again"
	@echo "make options    write the lists of options in docs/cli.md again"
	@echo "make data    generate data/exports again"
	@echo "make transcript  record docs/transcript.md in a terminal again; needs tmux"
	@echo "make docs    the documentation site, in build/site"
	@echo "make licences  the licence of each dependency, of all extras"
	@echo "make bench   compare with SQLite, DuckDB and Polars over N jobs (100000)"
	@echo "make bench-serve  64 boto3 callers against the endpoint over N jobs for SECONDS (60), and against moto"
	@echo "make findings  show what surprised about other projects, from their packages; not a part of any test"
	@echo "make clean   remove what the above have made"

# A stamp is newer than pyproject.toml when what pyproject.toml asks for is installed.
$(VENV)/.made:
	$(PYTHON) -m venv $(VENV)
	@touch $@

# What the compiled reader is made of, where there is a compiler: `pip install` compiles it in place.
READER := $(wildcard smsearch/ingest/compiled/source/*) smsearch/ingest/compiled/build_hook.py

$(VENV)/.installed: pyproject.toml $(READER) | $(VENV)/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml $(READER) | $(VENV)/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.installed

DEMO := SELECT TrainingJobName, Metrics.validation:accuracy, HyperParameters.learning_rate, Tags.team \
	WHERE TrainingJobStatus = Completed AND Metrics.validation:accuracy > 0.8 \
	ORDER BY Metrics.validation:accuracy DESC LIMIT 10

demo: $(VENV)/.installed
	$(BIN)/smsearch search data/exports "$(DEMO)" -f table

# A file's tests stay in one process and in their order: the commands of a document follow one another.
test: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python -m pytest --numprocesses=auto --dist=loadfile

# What a change of the language, of a rule or of a shape breaks first. What takes processes, stores of many records or
# random records by the hundred is left to `make test`.
FAST := $(addprefix tests/,api dialects facets groups live predicate reasons schema syntax notebook test_conformance.py \
	test_architecture.py test_bare_names.py test_errors.py test_frozen.py test_paginator.py test_release.py test_searcher.py \
	test_texts.py cli/test_golden.py cli/test_verbs.py cli/test_search.py cli/test_documented.py ingest/test_shapes.py \
	ingest/test_normalise.py)

test-fast: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/python -m pytest --numprocesses=auto --dist=loadfile $(FAST)

SEED ?= 1

# Prints the seed of a failure; the same seed brings it back.
test-long: SECONDS := 600
test-long: $(VENV)/.installed-dev
	$(BIN)/python -m tests.long --seconds $(SECONDS) --seed $(SEED)

# The compiled reader under AddressSanitizer and UndefinedBehaviorSanitizer, over lines that are changed at random.
test-fuzz: SECONDS := 60
test-fuzz: $(VENV)/.installed-dev
	$(BIN)/python -m tests.long.fuzz_reader --seconds $(SECONDS) --seed $(SEED)

# Each in an environment of its own, below .clients. What cannot be had is said first, and skipped.
test-clients: $(VENV)/.installed-dev
	PYTHON=$(PYTHON) tests/clients/install
	$(BIN)/python -m pytest tests/clients

# The wheel of pyright carries itself and Node.
$(VENV)/.installed-types: $(VENV)/.installed-dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'pyright[nodejs]>=1.1.400'
	@touch $@

test-types: $(VENV)/.installed-types
	$(BIN)/pyright

# The browser is the system's: Debian's Chromium, or what CHROMIUM names. The script's types are checked where npm is.
$(VENV)/.installed-page: $(VENV)/.installed-dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,page]'
	@touch $@

.typescript/node_modules/.bin/tsc:
	npm install --silent --no-audit --no-fund --prefix .typescript typescript@5

test-page: $(VENV)/.installed-page
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory test-page-types; \
	else echo "The types of the page's script are not checked: npm is missing."; fi
	$(BIN)/python -m pytest tests/page_browser

test-page-types: .typescript/node_modules/.bin/tsc
	.typescript/node_modules/.bin/tsc -p tests/page_browser/tsconfig.json

page: $(VENV)/.installed-dev
	$(BIN)/smsearch serve data/exports --open

screenshots: $(VENV)/.installed-page
	$(BIN)/python -m tests.page_browser.screenshots

$(VENV)/.installed-spark: $(VENV)/.installed-dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,spark-connect]'
	@touch $@

test-spark: $(VENV)/.installed-spark
	$(BIN)/python -m pytest tests/cluster

# An environment of its own: one can hold one Spark.
SPARK35 := .venv-spark35

$(SPARK35)/.installed: pyproject.toml
	$(PYTHON) -m venv $(SPARK35)
	$(SPARK35)/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]' 'pyspark>=3.5,<3.6'
	@touch $@

# Each conformance case of a local session and over Spark Connect, where `test-spark` takes turns.
test-spark-every: export SMSEARCH_EVERY_SESSION := 1
test-spark-every: test-spark

test-spark35: $(SPARK35)/.installed
	$(SPARK35)/bin/python -m pytest tests/cluster

# What the next three run: all tests, or some, as in `make test-newest TESTS='$(FAST)'`.
TESTS ?=

# Environments of their own, made anew each time: what is allowed, and what has come out, changes without pyproject.toml.
# UV resolves to the lowest versions, which pip cannot.
OLDEST := .venv-oldest
NEWEST := .venv-newest

test-oldest: | $(VENV)/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv venv --quiet --clear --seed --python $(BIN)/python $(OLDEST)
	$(BIN)/uv pip install --quiet --python $(OLDEST) --resolution lowest-direct --editable '.[dev]'
	$(OLDEST)/bin/python -m pytest --numprocesses=auto --dist=loadfile $(TESTS)

test-newest:
	$(PYTHON) -m venv --clear $(NEWEST)
	$(NEWEST)/bin/python -m pip install --quiet --disable-pip-version-check --pre --upgrade --editable '.[dev]'
	$(NEWEST)/bin/python -m pytest --numprocesses=auto --dist=loadfile $(TESTS)

check: test

coverage: $(VENV)/.installed-dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check pytest-cov
	$(BIN)/python -m pytest --numprocesses=auto --dist=loadfile --cov=smsearch --cov-report=term-missing:skip-covered $(TESTS)

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

schema: $(VENV)/.installed-dev
	$(BIN)/python -m grammar.catalogue.generate

grammar: $(VENV)/.installed
	$(BIN)/python -m grammar.write_tables

operators: $(VENV)/.installed
	$(BIN)/python docs/operators.py

options: $(VENV)/.installed
	$(BIN)/python docs/options.py

figures: $(VENV)/.installed-dev
	PYTHONPATH=. $(BIN)/python docs/plots.py

transcript: $(VENV)/.installed
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python docs/transcript.py

$(VENV)/.installed-docs: pyproject.toml | $(VENV)/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[docs]'
	@touch $@

docs: $(VENV)/.installed-docs
	$(BIN)/python docs/site.py

licences:
	$(PYTHON) -m venv --clear .venv-licences
	.venv-licences/bin/python -m pip install --quiet --disable-pip-version-check pip-licenses '.[dev,docs,page,bench-serve,spark-connect]'
	.venv-licences/bin/pip-licenses --order=license

data: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks.generate --data data/exports

N ?= 100000

$(VENV)/.installed-bench: pyproject.toml | $(VENV)/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@touch $@

bench: $(VENV)/.installed-bench
	$(BIN)/python -m benchmarks.run $(N)
	$(BIN)/python -m benchmarks.report

SECONDS := 60
MOTO := .venv-moto

$(MOTO)/.installed: pyproject.toml
	$(PYTHON) -m venv $(MOTO)
	$(MOTO)/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[bench-serve,server]'
	@touch $@

bench-serve: $(MOTO)/.installed
	$(MOTO)/bin/python -m benchmarks.serving $(N) --seconds $(SECONDS)

findings:
	PYTHON=$(PYTHON) findings/run

clean:
	rm -rf $(VENV) .clients .typescript $(MOTO) $(SPARK35) $(OLDEST) $(NEWEST) .venv-licences build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
