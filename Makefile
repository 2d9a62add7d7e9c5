# make            lists what there is
# make setup      needs python 3.11 or newer and nothing else; every other target runs it first

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
DATABASE ?= sqlite
WORKERS ?= 2
PYTEST_ARGS ?=
SOURCES := src tests migrations benchmarks
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

# The stamp carries the digest of what the environment is made from: when neither changed there is nothing to do.
INPUTS := requirements/dev.txt pyproject.toml
STAMP := $(VENV)/setup.stamp

.PHONY: help setup test format-check lint types imports openapi-check docs-check tests \
	serve demo lock format openapi docs signals coverage chaos fuzz bench bench-quick bench-full bench-layout rehearsal soak wheel \
	clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## make .venv from the locked, hash-checked requirements; does nothing when up to date
	@.ci/setup $(VENV) $(STAMP) $(INPUTS)

test: setup ## everything a change has to pass: format, lint, types, imports, openapi, docs, tests
	@$(MAKE) format-check
	@$(MAKE) lint
	@$(MAKE) types
	@$(MAKE) imports
	@$(MAKE) openapi-check
	@$(MAKE) docs-check
	@$(MAKE) tests

format-check:
	@echo "== format"
	@$(BIN)/ruff format --check --quiet $(SOURCES) || { echo "run: make format"; exit 1; }

lint:
	@echo "== lint"
	@$(BIN)/ruff check --quiet $(SOURCES)

types:
	@echo "== types"
	@$(BIN)/mypy --no-error-summary

imports:
	@echo "== imports"
	@$(BIN)/lint-imports --no-logo

openapi-check:
	@echo "== openapi"
	@$(BIN)/acceptance-api openapi --check

docs-check:
	@echo "== docs"
	@$(BIN)/acceptance-api docs --check

tests:
	@echo "== tests"
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal $(PYTEST_ARGS)

serve: setup ## run the service on 127.0.0.1:8080, with SQLite in var/ unless ACCEPTANCE_DATABASE_URL says otherwise
	@exec $(BIN)/acceptance-api serve --sandbox

demo: setup ## show a counter's day end to end; DATABASE=postgresql runs it on a throw-away PostgreSQL
	@case "$(DATABASE)" in \
	sqlite) exec $(BIN)/acceptance-api demo ;; \
	postgresql) exec $(BIN)/python -m tests.support.postgresql $(BIN)/acceptance-api demo ;; \
	*) echo "DATABASE is sqlite or postgresql, not '$(DATABASE)'" >&2; exit 2 ;; \
	esac

lock: setup ## choose the newest versions that fit requirements/*.in, and lock them with hashes
	@$(LOCK) --upgrade requirements/dev.in --output-file requirements/dev.txt
	@$(LOCK) --upgrade requirements/run.in --constraints requirements/dev.txt --output-file requirements/run.txt
	@$(LOCK) --upgrade requirements/bench.in --constraints requirements/dev.txt --output-file requirements/bench.txt

format: setup ## rewrite the sources in the one format, and fix what can be fixed
	@$(BIN)/ruff check --quiet --fix-only $(SOURCES)
	@$(BIN)/ruff format $(SOURCES)

openapi: setup ## write the OpenAPI documents
	@$(BIN)/acceptance-api openapi

docs: setup ## write the generated parts of the documentation
	@$(BIN)/acceptance-api docs
	@$(BIN)/python -m tests.support.environment

coverage: setup ## branch coverage, and a report in var/coverage/html
	@mkdir -p var/coverage
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal --cov --cov-report=term --cov-report=html $(PYTEST_ARGS)

chaos: setup ## kill -9 of the service and of its database, 20 times under load; its negative control loses something
	@$(BIN)/python -m pytest -q -n 0 -m chaos tests/reliability/test_chaos.py $(PYTEST_ARGS)

fuzz: setup ## the long runs of fuzzing and of the offline simulation
	@$(BIN)/python -m pytest -m long $(PYTEST_ARGS)

# What the benchmark's peers run on is kept apart: tests need none of it.
$(VENV)/bench.stamp: requirements/bench.txt
	@$(MAKE) setup
	@echo "setup: installing what the benchmark's peers run on"
	@$(BIN)/python -m pip --disable-pip-version-check --quiet --quiet install --require-hashes --no-deps -r requirements/bench.txt
	@touch $@

bench: setup $(VENV)/bench.stamp ## measure the service beside its peers and limits: 15 minutes, nothing else may run
	@$(BIN)/python -m benchmarks run

bench-quick: setup $(VENV)/bench.stamp ## a look at accepting parcels: 2 minutes
	@$(BIN)/python -m benchmarks run --quick --only accept --output var/bench

bench-full: setup $(VENV)/bench.stamp ## more and longer rounds: up to an hour
	@$(BIN)/python -m benchmarks run --full --output benchmarks/results

rehearsal: setup ## how fast a campaign is rehearsed on a million past decisions: 5 minutes, 3 GB
	@$(BIN)/python -m benchmarks.rehearsal

bench-layout: setup ## plain tables against monthly partitions: look-ups, inserts, forgetting a month
	@$(BIN)/python -m benchmarks.layout --output benchmarks/results

signals: setup ## measure how often signals stop honest senders and show dishonest ones; writes docs/signals.md
	@$(BIN)/python -m tests.signals.page

soak: setup $(VENV)/bench.stamp ## ten minutes at half of the peak: does memory grow?
	@$(BIN)/python -m benchmarks soak

wheel: setup ## build the wheel into dist/
	@$(BIN)/python -m hatchling build -t wheel

clean: ## remove what was built, never data: var/ and .venv stay
	@rm -rf build dist htmlcov var/coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find src tests migrations -type d -name __pycache__ -prune -exec rm -rf {} +
