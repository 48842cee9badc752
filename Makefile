# Everything a person runs. `make demo` and `make test` work on a bare machine with Python 3.11 and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

# Where it is set, each of the many processes would compile every library anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo up night test lint lock clean

demo: $(INSTALLED)  ## sample data through the whole graph, for one day
	$(BIN)/resume-assets demo

up: $(INSTALLED)  ## the Dagster UI on port 3000 and the label page on 3001, with the embedded services
	@$(BIN)/resume-assets up

night: $(INSTALLED)  ## learn from yesterday (or DAY=2026-07-23) and generate the next day's collection, on any scheduler
	$(BIN)/resume-assets night $(if $(DAY),--day $(DAY))

test: $(INSTALLED)  ## the whole test-suite
	$(BIN)/python -m tests.setup
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

lint: $(INSTALLED)  ## style, types, and which package may import which
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lock: $(INSTALLED)  ## write the exact versions of everything, with hashes
	$(BIN)/uv pip compile pyproject.toml --quiet --extra dev --universal --generate-hashes --no-emit-index-url --no-header -o requirements.lock

clean:  ## remove what was installed and made, but not data/
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(INSTALLED): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	@touch $@
