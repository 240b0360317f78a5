# The few commands of the house. `make demo` and `make test` do their own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8400
SANDBOX_PORT ?= $(shell expr $(PORT) + 1)
# Where Salesforce, Microsoft and Google send people back to after signing in, and Microsoft owners of mailboxes.
CALLBACK ?= /sign-in/salesforce/callback
MICROSOFT_CALLBACK ?= /sign-in/microsoft/callback
GOOGLE_CALLBACK ?= /sign-in/google/callback
MAILBOX_CALLBACK ?= /mailbox/sign-in/callback
PYTEST ?= -n 2
# The generated histories of `make test`, a thousand: `make test HISTORIES=32 CALENDAR_HISTORIES=8` is done sooner,
# SEED=20261127 takes others, as every night may.
HISTORIES ?= 700
CALENDAR_HISTORIES ?= 300
# Hundreds of processes start in a test run: modules are compiled by the first of them, not by each.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: install check test demo bench docs translations pictures lock clean

install: $(VENV)/installed

$(VENV)/installed: requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Crosstie needs Python 3.11 or newer (PYTHON=python3.x chooses one)."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python has no venv module. On Debian: apt-get install python3-venv"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@if command -v uv >/dev/null 2>&1; then \
	  UV_PYTHON_DOWNLOADS=never uv pip install -q --python $(BIN)/python --require-hashes --no-deps --only-binary :all: -r requirements/dev.txt && \
	  UV_PYTHON_DOWNLOADS=never uv pip install -q --python $(BIN)/python --no-deps -e . ; \
	else \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps --only-binary :all: -r requirements/dev.txt && \
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
	HISTORIES=$(HISTORIES) CALENDAR_HISTORIES=$(CALENDAR_HISTORIES) $(BIN)/python -m pytest $(PYTEST)

# Everything in one terminal, data in ./var: the vendors' sandbox, the server and a demo company.
demo: install
	@CROSSTIE_HOME=$(CURDIR)/var CROSSTIE_PORT=$(PORT) CROSSTIE_SANDBOX_URL=http://localhost:$(SANDBOX_PORT) \
	  CROSSTIE_TRUSTED_ORIGINS=http://localhost:$(SANDBOX_PORT) CROSSTIE_PUSH=on CROSSTIE_SMTP_URL=file://$(CURDIR)/var/mail \
	  $(BIN)/crosstie up \
	  --also "sandbox=$(BIN)/sandbox serve --port $(SANDBOX_PORT) --state var/sandbox.state --callback http://localhost:$(PORT)$(CALLBACK) --callback http://localhost:$(PORT)$(MICROSOFT_CALLBACK) --callback http://localhost:$(PORT)$(GOOGLE_CALLBACK) --callback http://localhost:$(PORT)$(MAILBOX_CALLBACK)" \
	  --once "demo=$(BIN)/crosstie demo"

bench: install
	$(BIN)/python -m bench

# Pages of docs/ that are rendered from the code.
docs: install
	$(BIN)/python -m tests.docs

# Sentences of pages that are new get a line in the German catalogue, and what stands there is compiled.
translations: install
	$(BIN)/python -m tests.translations

# What the pages look like, wide and narrow, light and dark; needs Chromium.
pictures: install
	$(BIN)/python -m tests.browser.pictures docs/pictures

# The pins of requirements/, for every supported Python and platform; needs uv.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url
lock:
	UV_PYTHON_DOWNLOADS=never $(LOCK) pyproject.toml --all-extras -o requirements/run.txt
	UV_PYTHON_DOWNLOADS=never $(LOCK) pyproject.toml --all-extras --group dev -o requirements/dev.txt

clean:
	rm -rf $(VENV) build dist
