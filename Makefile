# Two commands matter: `make run` and `make test`. Both work on a fresh clone.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL := python -m pip --disable-pip-version-check --quiet install
NODE_CLIENT := openai@7.59.0
WITHOUT_MODEL := python -m pytest -q -n 2 --dist loadfile \
  --ignore tests/test_architecture.py --ignore tests/test_import_contracts.py --ignore tests/gpu

.PHONY: help run test torture cluster-test fuzz soak screenshots test-newest test-lowest check lint audit fix bench browser node-client clean

help:  ## say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: $(VENV)/.installed  ## start photoplay with the page on http://127.0.0.1:8000
	@$(BIN)/photoplay run

test: lint browser node-client  ## everything: lint, format, types, import contracts, all tests
	@$(BIN)/python -m pytest -n 3 --dist loadfile

check: lint  ## the same without the slow tests, in a minute
	@$(BIN)/python -m pytest -q -n 3 --dist loadfile -m "not slow and not soak"

lint: $(VENV)/.tested  ## lint, format, types, import contracts; each keeps its cache
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

torture: $(VENV)/.tested  ## a quarter of an hour of killed and stopped processes; prints its seed
	@PHOTOPLAY_TORTURE=$${PHOTOPLAY_TORTURE:-900} $(BIN)/python -m pytest -q -s tests/torture

cluster-test: $(VENV)/.tested  ## three machines of a cluster: one dies, one hangs, the head dies; a table of times
	@$(BIN)/python -m pytest -q -s -m soak tests/generation/cluster

fuzz: $(VENV)/.tested  ## many more requests to the API, made up by schemathesis, than every run has time for
	@PHOTOPLAY_FUZZ=$${PHOTOPLAY_FUZZ:-100} $(BIN)/python -m pytest -q --timeout 3600 tests/bot/platforms/web/test_fuzz.py

soak: $(VENV)/.tested  ## the tests that take too long for every run
	@$(BIN)/python -m pytest -q -m soak

test-newest:  ## everything but the model, with the newest versions of all libraries, in a venv of its own
	@$(PYTHON) -m venv $(VENV)-newest
	@$(VENV)-newest/bin/$(INSTALL) --upgrade --upgrade-strategy eager -e '.[test-core]'
	@$(VENV)-newest/bin/$(WITHOUT_MODEL)

test-lowest:  ## the same with the lowest versions that pyproject.toml allows (Python 3.11)
	@$(PYTHON) -m venv $(VENV)-lowest
	@$(PYTHON) .ci/lowest.py > $(VENV)-lowest/constraints.txt
	@$(VENV)-lowest/bin/$(INSTALL) -c $(VENV)-lowest/constraints.txt -e '.[test-core]'
	@$(VENV)-lowest/bin/$(WITHOUT_MODEL)

audit:  ## ask for known weaknesses of the pinned libraries, in a venv of its own
	@$(PYTHON) -m venv $(VENV)-audit
	@$(VENV)-audit/bin/$(INSTALL) --upgrade 'pip>=25.1'
	@$(VENV)-audit/bin/$(INSTALL) --group audit
	@$(VENV)-audit/bin/python .ci/audit.py

fix: $(VENV)/.tested  ## put imports and format right
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/.tested  ## print every figure the README quotes
	@$(PIP) install --quiet -c constraints.txt -e '.[test,bench]'
	@for script in $$(ls bench/[a-z]*.py | grep -v _parts); do echo "== $$script"; $(BIN)/python $$script || exit 1; done

screenshots: $(VENV)/.tested browser  ## pictures of the page in every state, into build/screenshots
	@$(BIN)/python examples/screenshots.py

browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
	command -v google-chrome >/dev/null || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; \
	else echo "There is no Chromium: the page's tests will be skipped." >&2; fi

node-client: build/node/$(NODE_CLIENT)

build/node/$(NODE_CLIENT):
	@if ! command -v npm >/dev/null; then \
	  echo "There is no npm: the tests of Node's official client will be skipped." >&2; \
	elif npm install --silent --no-audit --no-fund --fetch-retries=0 --prefix build/node $(NODE_CLIENT); \
	then touch $@; \
	else echo "npm gives no $(NODE_CLIENT): the tests of Node's official client will be skipped." >&2; fi

clean:  ## remove what was installed and cached
	rm -rf $(VENV) $(VENV)-newest $(VENV)-lowest $(VENV)-audit build/node .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "photoplay needs Python 3.11 or later; say which: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing photoplay into $(VENV): about 600 MB, a minute or two …"
	@if nvidia-smi >/dev/null 2>&1; then \
	  echo "There is an NVIDIA GPU: with the libraries of the LTX engine (some gigabytes) …"; \
	  $(PIP) install -c constraints.txt -e '.[ltx]'; \
	else $(PIP) install -c constraints.txt -e .; fi
	@echo "Installed. For \`photoplay ...\` in a terminal, say there first: . $(BIN)/activate"
	@touch $@

$(VENV)/.tested: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing photoplay and what its tests need into $(VENV) …"
	@$(PIP) install -c constraints.txt -e '.[test]'
	@touch $@ $(VENV)/.installed
