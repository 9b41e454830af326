# make demo: set up, and run the main job on an order.   make test: set up, and run all tests.
# Another Python: make PYTHON=python3.12 demo

PYTHON ?= python3
VENV := .venv
READY := $(VENV)/.ready

.PHONY: demo test setup pins clean

demo: $(READY)
	@rm -rf .demo
	$(VENV)/bin/orderloom init .demo
	cd .demo && $(abspath $(VENV))/bin/orderloom run order-to-delivery --input samples/shopify-order.json --answer delivered=happened

test: $(READY)
	$(VENV)/bin/python -m pytest -n 2 --dist loadgroup

setup: $(READY)

# Everything is pinned with hashes; the stamp makes the second time quick.
$(READY): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("orderloom needs Python 3.11 or newer: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# Choose the versions again, from what pyproject.toml asks for.
pins:
	$(PYTHON) requirements/pin.py

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
