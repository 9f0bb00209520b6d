# make run    serve on http://127.0.0.1:8000
# make test   install what the tests need and run them all
# make lint   style and types
# make format put the style right
# make generated  write what is made from the code: vectors, the table of permissions, the schema of scripts
# make check  all that has to be green before a change lands: style, types and every test, also that what is generated is up to date
# make bench  measure fan-out beside a plain Starlette loop and Django Channels
# make growth measure what a message costs as its room grows, and draw it
# make storm  measure how long 2,000 people take to come back at once
# make chaos  break things while people talk, and write docs/reliability.md

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin

.PHONY: run test lint format generated check bench growth storm chaos

run: .venv/installed
	@exec $(BIN)/python -m chatroom serve

test: .venv/installed-for-tests
	@$(BIN)/python tests/need.py
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

lint: .venv/installed-for-tests
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy

format: .venv/installed-for-tests
	@$(BIN)/ruff check --fix --quiet
	@$(BIN)/ruff format --quiet

generated: .venv/installed-for-tests
	@PYTHONPATH=tests $(BIN)/python tests/make_vectors.py
	@PYTHONPATH=tests $(BIN)/python tests/permission_phases.py > docs/permissions.md.new && mv docs/permissions.md.new docs/permissions.md
	@$(BIN)/chatroom schema script > docs/script.schema.json.new && mv docs/script.schema.json.new docs/script.schema.json

check: lint test

bench: .venv/installed-for-benchmarks
	@PYTHONPATH=tests $(BIN)/python benchmarks/run.py

growth: .venv/installed-for-tests
	@PYTHONPATH=tests $(BIN)/python benchmarks/growth.py

storm: .venv/installed-for-tests
	@PYTHONPATH=tests $(BIN)/python benchmarks/storm.py

chaos: .venv/installed-for-tests
	@PYTHONPATH=tests $(BIN)/python -m chaos

.venv/made:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed."; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python cannot make a virtual environment. On Debian: apt install python3-venv"; exit 1; }
	@touch $@

.venv/installed: pyproject.toml chatroom/live/_send_all.c | .venv/made
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/installed-for-tests: pyproject.toml chatroom/live/_send_all.c | .venv/made
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,lint]'
	@touch $@ .venv/installed

.venv/installed-for-benchmarks: .venv/installed-for-tests
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@touch $@
