# Every target sets itself up: a fresh clone needs only make and Python 3.10 or newer.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: check test lint bench corpora soundness diagnosis reports clean

check: $(VENV)/run.stamp  ## judge every line of derivations/
	@$(BIN)/checker check --strict

test: $(VENV)/test.stamp  ## the whole test suite
	@$(BIN)/python -m pytest -q $(PYTEST_ARGUMENTS)

lint: $(VENV)/test.stamp  ## style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: $(VENV)/test.stamp  ## speed and memory, beside SymPy, numbers, and PyTorch and tensorgrad where they are installed
	@$(BIN)/python -m benchmarks.bench

corpora: $(VENV)/test.stamp  ## the claims from public sources against their truth
	@$(BIN)/python -m benchmarks.corpora

soundness: $(VENV)/test.stamp  ## mutants: never proved of something false
	@$(BIN)/python -m benchmarks.soundness

diagnosis: $(VENV)/test.stamp  ## how often a slip is located, named and corrected
	@$(BIN)/python -m benchmarks.diagnosis

reports: $(VENV)/run.stamp  ## write reports/ anew
	@$(BIN)/checker report -o reports

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or newer is needed, this is %d.%d; say make PYTHON=python3.12" % sys.version_info[:2])'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: pyproject.toml | $(VENV)/bin/python
	@echo "setting up $(VENV) …" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/test.stamp: pyproject.toml | $(VENV)/bin/python
	@echo "setting up $(VENV) for tests …" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,lint]'
	@touch $@ $(VENV)/run.stamp
