# One command each: `make test` sets everything up and checks everything, locally and in CI.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: test lint types unit setup demo pictures mutants rights slow-causes bench bench-thousand sentinel ha soak upgrade golden chart reference requirements format clean

# Side by side: the tests leave a sixth of two cores idle.
test: setup
	$(MAKE) --no-print-directory --jobs 3 lint types unit

setup: $(VENV)/.installed

# Requirements first, each by its hash; then the project itself, without asking any index. What is imported is compiled then.
$(VENV)/.installed: requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# A page, a cluster and the real processes; needs Python and make, and the network only to install.
demo: $(VENV)/.demo
	$(BIN)/quarterdeck demo $(DEMO)

$(VENV)/.demo: requirements/demo.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/demo.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

# Four at once on two cores: many tests wait for others' patience to end, and compute nothing meanwhile.
# Files are handed out as tests/conftest.py says: what waits beside what computes. First one compiles what all will read.
unit: setup
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest --collect-only --quiet --quiet -p no:xdist > $(VENV)/collected || (cat $(VENV)/collected; exit 1)
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n 4 --dist loadfile --no-loadscope-reorder

# The screenshots of README and docs, taken from a running demo.
pictures: setup
	$(BIN)/python -m docs.screenshots

# Makes the policy wrong, one thing at a time, and tells what no test notices. Some minutes.
mutants: setup
	$(BIN)/python -m tests.mutation

# Takes every verb of the chart's Roles away, one at a time, and looks who says so. Some minutes; needs KUBEBUILDER_ASSETS.
rights: setup
	$(BIN)/pytest tests/rights/each_right.py

# What takes a real control plane minutes by its own timers: a finalizer, a node that goes. Needs KUBEBUILDER_ASSETS.
slow-causes: setup
	$(BIN)/pytest tests/scenarios/slow_causes.py

# Side by side in one run, printed as one table; nothing here asserts a time.
bench: setup
	$(BIN)/python -m tests.bench

# A thousand rollouts at once on one watcher, with Slack's limits: about 25 minutes.
bench-thousand: setup
	$(BIN)/python -m tests.bench.thousand

# Kills the master of two Redis servers under three Sentinels, with operations at every stage, and prints how long it took.
sentinel: setup
	$(BIN)/pytest --capture=no tests/sentinel/failover.py

# Several of each process, any of which is killed at any time: nothing may be lost or doubled. Some minutes.
# Also read: EACH (processes of a kind), LANES (operations at a time), SEED (whom and when).
ha: setup
	OPERATIONS=$(or $(OPERATIONS),200) $(BIN)/python -m tests.endurance.ha

# All kinds of operations and questions, on and on: nothing may grow. A line a minute, and at the end the verdict.
soak: setup
	MINUTES=$(or $(MINUTES),30) $(BIN)/python -m tests.endurance.soak

# An earlier version's processes are replaced by today's while operations are under way. FROM is a commit; by default the
# last whose records tests/earlier holds.
upgrade: setup
	FROM=$(FROM) $(BIN)/python -m tests.endurance.upgrade

# Records anew what the verdicts are tested on, from a real control plane.
golden: setup
	$(BIN)/python -m tests.golden

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Writes what the chart derives from the commands' declarations and from its own values.
chart: setup
	$(BIN)/python -m scripts.chart

# Writes docs/configuration.md from the models of the configuration.
reference: setup
	$(BIN)/python -m scripts.configuration

# Pins anew; the files carry hashes and no index address.
requirements: setup
	$(BIN)/python -m pip install --quiet pip-tools
	for name in runtime build demo dev; do \
	  $(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --strip-extras --no-header \
	    --allow-unsafe --output-file requirements/$$name.txt requirements/$$name.in; \
	done

clean:
	rm -rf $(VENV) build *.egg-info
