# One environment for everything, made from the lock file with what every Python brings along.
PYTHON ?= python3
# Two test processes, each with servers of its own, are what a small machine carries.
TEST_PROCESSES ?= 2
BIN := .venv/bin
READY := .venv/.made-from-the-lock

# The project runs from its folder, uninstalled.
export PYTHONPATH := $(CURDIR)

.PHONY: help run media seed test test-system test-all check types bench lock settings clean

help:
	@echo "make run          start SkillNet on http://127.0.0.1:8080, with nothing else to set up"
	@echo "make media        the server's own peer in calls, beside it: to try camera and microphone, and to record"
	@echo "make seed         write a community of people who do not exist; SkillNet must not be running"
	@echo "make test         check style, types, layers and dependencies, then run every test that needs no system package"
	@echo "make test-system  run the tests that need redis-server, nginx, coturn, chromium, docker-compose and Node.js"
	@echo "make check        only the checks, no tests"
	@echo "make bench        measure against others (needs node, redis-server, ten minutes); remakes the table in README.md"
	@echo "make settings     write .env.example and the README's table from server/config/"
	@echo "make lock         resolve the dependencies anew (needs uv)"
	@echo "make clean        remove the environment and the caches; the data in .skillnet stays"

$(READY): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit("SkillNet needs Python 3.11 or newer: make PYTHON=python3.11 ..." if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

run: $(READY)
	$(BIN)/python -m server

media: $(READY)
	$(BIN)/python -m signaling.media

seed: $(READY)
	$(BIN)/python -m server.seed

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/deptry --no-ansi .

test: check
	$(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist loadgroup -m "not system and not soak"

test-system: $(READY) tests/js/node_modules
	$(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist loadgroup -m "system and not soak"

# Both in one run, for a machine that has everything.
test-all: check tests/js/node_modules
	$(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist loadgroup -m "not soak"

# Real clients of other makers; without a list of them there is nothing to fetch.
tests/js/node_modules: $(wildcard tests/js/package-lock.json)
	@if [ -f tests/js/package-lock.json ]; then cd tests/js && npm ci --no-audit --no-fund --silent && touch node_modules; fi

bench: $(READY)
	$(BIN)/python -m tests.bench --readme all

lock:
	uv pip compile --universal --python-version 3.11 --no-header --no-annotate --generate-hashes \
		--all-extras --group dev pyproject.toml -o requirements.lock

settings: $(READY)
	$(BIN)/python -m server.config update

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache tests/js/node_modules
