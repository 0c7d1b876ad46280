# Every target makes what it needs: a fresh machine needs make and Python 3.11 or newer.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
CACHE  := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/flux-tests
export FLUX_TEST_ASSETS ?= $(CACHE)
# Bytecode ahead of time, as an installed wheel has it: where PYTHONDONTWRITEBYTECODE is set every start would compile anew.
COMPILE := $(BIN)/python -m compileall -q flux_cli

.PHONY: help demo test check bench assets generate clean
.DELETE_ON_ERROR:

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  \1\t/' | expand -t 14

demo: $(VENV)/.installed ## the main job: a stuck release, explained and mended, on the embedded cluster
	@PATH="$(CURDIR)/$(BIN):$$PATH" bash docs/demo/run.sh

test: export PATH := $(FLUX_TEST_ASSETS):$(PATH)
# What is loaded in many processes is compiled once, whatever the machine says.
test: export PYTHONDONTWRITEBYTECODE :=
test: check ## lint, types and all tests, with coverage
	@$(COMPILE)
	@bash tests/report-skips.sh
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 2 --dist loadfile -rs
	$(BIN)/coverage combine -q
	$(BIN)/coverage report --fail-under=85 --format=total

check: $(VENV)/.developer ## lint and types
	$(BIN)/ruff format --check flux_cli tests
	$(BIN)/ruff check flux_cli tests
	$(BIN)/mypy

bench: $(VENV)/.developer $(if $(shell command -v go),$(FLUX_TEST_ASSETS)/etcd-3.6) ## speed and memory of whole processes, as ratios
	@$(COMPILE)
	$(BIN)/python -m tests.bench

assets: $(addprefix $(FLUX_TEST_ASSETS)/,kube-apiserver helm versitygw) ## build what real tests use: API server, helm, S3 server (Go, ten minutes; kept)

$(FLUX_TEST_ASSETS)/kube-apiserver:
	@mkdir -p $(@D)
	cd tests/apiserver && go build -trimpath -ldflags "$$(sh ldflags.sh)" -o $@ .

$(FLUX_TEST_ASSETS)/helm:
	@mkdir -p $(@D)
	GOBIN=$(@D) go install -trimpath helm.sh/helm/v3/cmd/helm@v3.19.0

$(FLUX_TEST_ASSETS)/versitygw:
	@mkdir -p $(@D)
	GOBIN=$(@D) go install -trimpath github.com/versity/versitygw/cmd/versitygw@v1.8.0

$(FLUX_TEST_ASSETS)/etcd-3.6:
	@mkdir -p $(@D)
	cd tests/etcd && go build -trimpath -ldflags '-s -w' -o $@ .

generate: $(VENV)/.developer ## write again what is generated: the compiled command tree, completions, the reference
	$(BIN)/python -m flux_cli.commands._dialect.compile

clean: ## remove the virtual environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage* dist build

$(VENV)/.installed: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e .
	@$(COMPILE)
	@touch $@

$(VENV)/.developer: $(VENV)/.installed
	@$(BIN)/python -m pip install -q --disable-pip-version-check --group dev
	@touch $@
