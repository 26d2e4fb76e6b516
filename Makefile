# Two commands matter: `make demo` and `make test`. Both set everything up first.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do $$p -c "import sys, venv; sys.exit(sys.version_info < (3, 11))" 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin

.PHONY: setup dev demo test check lint types layers soak bench lock clean

setup: .venv/.ready

.venv/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

dev: .venv/.dev

.venv/.dev: .venv/.ready requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

lock: dev
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-strip-extras --generate-hashes --group build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-strip-extras --generate-hashes --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock
