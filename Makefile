# The few commands of the house. `make demo` and `make test` do their own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8400
PYTEST ?= -n 2

.PHONY: install check test demo bench clean

install: $(VENV)/installed

$(VENV)/installed: requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Crosstie needs Python 3.11 or newer (PYTHON=python3.x chooses one)."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python has no venv module. On Debian: apt-get install python3-venv"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@if command -v uv >/dev/null 2>&1; then \
	  UV_PYTHON_DOWNLOADS=never uv pip install -q --python $(BIN)/python --require-hashes --only-binary :all: -r requirements/dev.txt && \
	  UV_PYTHON_DOWNLOADS=never uv pip install -q --python $(BIN)/python --no-deps -e . ; \
	else \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: -r requirements/dev.txt && \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e . ; \
	fi
	@touch $@

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	DJANGO_SETTINGS_MODULE=crosstie.config.django $(BIN)/python -W ignore -m django makemigrations --check --dry-run

test: install
	$(BIN)/python -m pytest $(PYTEST)

# Everything in one terminal, data in ./var: the vendors' sandbox, the server and a demo company.
demo: install
	$(BIN)/python -m crosstie.cli demo --port $(PORT)

bench: install
	$(BIN)/python -m bench

clean:
	rm -rf $(VENV) build dist
