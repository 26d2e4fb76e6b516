# Two commands matter: `make demo` and `make test`. Both set everything up first.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do $$p -c "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))" 2>/dev/null && { echo $$p; break; }; done)
.DEFAULT_GOAL := setup
BIN := .venv/bin
# Whoever forbids compiled files makes each process, and the tests start hundreds, compile all of Rounds anew.
unexport PYTHONDONTWRITEBYTECODE
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input

.PHONY: docs python setup dev browser demo test check lint types layers soak bench lock clean

# Which interpreter is used.
python:
	@echo $(PYTHON)

setup: .venv/.ready

.venv/.ready: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Rounds needs Python 3.11 or newer with venv (on Debian: apt-get install python3-venv)."; exit 1; }
	$(PYTHON) -m venv .venv
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

dev: .venv/.dev

.venv/.dev: .venv/.ready requirements-dev.lock
	$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

# The browser tests drive the system's Chromium.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
	|| { test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
	     && { apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; }; } \
	|| echo "The browser tests need Chromium and are left out without it (on Debian: apt-get install chromium)."

demo: setup
	$(BIN)/rounds demo

# In several processes: tests/conftest.py says how many.
test: dev browser
	$(BIN)/python -m pytest -n auto --dist worksteal

check: dev lint types layers test

lint: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/deptry .

types: dev
	$(BIN)/mypy

layers: dev
	$(BIN)/lint-imports

# Long: processes killed at every step and in a storm, on both databases.
soak: dev
	$(BIN)/python -m pytest -m soak

bench: dev
	$(BIN)/python -m benchmarks

# Makes the parts of the documents that come from the code.
docs: dev
	$(BIN)/python -m tests.documents

lock: export UV_CUSTOM_COMPILE_COMMAND = make lock
lock: dev
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-strip-extras --generate-hashes --group build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-strip-extras --generate-hashes --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean:
	rm -rf .venv dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
