# Each of these is one command on a fresh machine with Python (3.11 or newer) and make.

PYTHON ?= python3
KILLS ?= 5000
MINUTES ?= 10
KEEP ?=
BIN := .venv/bin
INSTALLED := .venv/.installed
COMPILE := uv pip compile --universal --generate-hashes --quiet --no-header
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: $(shell grep -oE '^[a-z-]+:' $(MAKEFILE_LIST) | tr -d :)

help:  ## Show this list.
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

install: $(INSTALLED)  ## Build .venv with everything, from constraints.txt.

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Tumen needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv
	$(PIP) --require-hashes -r constraints.txt
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

demo: install  ## Show the whole road in a minute, without a network.
	$(BIN)/tumen demo

run: install  ## Run the service with tumen.yaml.
	$(BIN)/tumen run

test: install  ## Run the tests.
	$(BIN)/python -m pytest -q -n 4 --dist worksteal

check: install  ## Format, lint, types, imports, and the shipped pack's examples.
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/tumen check --pack dprk-russia --pack baltic-cables

format: install  ## Format the code, and mend what ruff can.
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

docs: install  ## Write docs/schema and the tables of docs/configuration.md anew, from the models.
	$(BIN)/python -m monitor.schemas

bench: install  ## CPU of looks and articles at 500 sources, beside bare Scrapy, and of a day (15 minutes).
	$(BIN)/python -m tests.bench.bench_road $(KEEP)

figures: install  ## Write docs/speed.md anew from what benches kept (`make bench KEEP=--keep`).
	$(BIN)/python -m tests.bench.figures

bench-peers: install  ## Beside news-please, newspaper4k, changedetection.io and bare Scrapy, on one newsroom with latency.
	$(BIN)/python -m tests.bench.peers.environments
	$(BIN)/python -m tests.bench.bench_peers $(KEEP)

memory.db: install
	$(BIN)/python -m tests.bench.generated_history $@ --articles 60000

bench-memory: install memory.db  ## What the service and its worker keep in memory, idle, at work and over 10,000 polls.
	$(BIN)/python -m tests.bench.bench_memory --history memory.db $(KEEP)

bench-corpus: install  ## Decisions about labelled texts on ../shared/corpus, if it is there.
	$(BIN)/python tests/bench/bench_corpus.py

bench-extract: install  ## How well pages and feeds of ../shared/corpus are read, beside three other readers.
	$(PIP) --no-deps newspaper4k==0.9.6
	$(BIN)/python tests/bench/bench_extract.py

fuzz: install  ## Broken rules, packs, configurations, feeds, sitemaps and pages for ten minutes (MINUTES=1 for a quick look).
	$(BIN)/python -m tests.fuzz $(MINUTES)

bench-rules: install  ## What the shipped pack finds on ../shared/corpus, and how fast rules are matched.
	$(BIN)/python tests/bench/bench_rules.py

bench-pacing: install  ## How long publications wait to be found, beside other rules; a thousand sources for a week.
	$(BIN)/python -m tests.bench.bench_pacing

bench-stories: install  ## Stories, updates and repeats on ../shared/corpus and on rewrites of our own; cost.
	$(BIN)/python tests/bench/bench_stories.py

generated.db: install
	$(BIN)/python -m tests.bench.generated_history $@

bench-history: install generated.db  ## How soon each web page answers at a million articles (made first, which takes long).
	$(BIN)/python -m tests.bench.bench_web generated.db

bench-web: install generated.db  ## Ten minutes of reading pages, tables, SQL and CSV while articles come in.
	$(BIN)/python -m tests.bench.bench_web generated.db --load 10

bench-coordinator: install  ## What the service itself needs for 100,000 sources, in virtual time; takes half an hour.
	$(BIN)/python -m tests.bench.bench_coordinator $(KEEP)

bench-metrics: install generated.db  ## What a scrape of the metrics costs at a million articles.
	$(BIN)/python -m tests.bench.bench_metrics generated.db

bench-delivery: install  ## From a stored alert to its acceptance by a mail server, ten a second for a minute.
	$(BIN)/python tests/bench/bench_delivery.py

bench-retention: install  ## What pruning 200,000 articles costs whoever writes meanwhile, and what it gives back.
	$(BIN)/python -m tests.bench.bench_retention

bench-disk: install  ## What a history takes of a disk.
	$(BIN)/python -m tests.bench.bench_disk $(KEEP)

bench-search: install  ## How fast, large and complete search is, beside FTS5 as it comes; HISTORY=path of a generated one.
	$(BIN)/python -m tests.bench.bench_search $(HISTORY)

bench-captures: install  ## What it costs to keep a page as it was fetched, and to verify it.
	$(BIN)/python -m tests.bench.bench_captures

bench-scale: install  ## A cluster of 1, 2 and 4 workers on loopback, and killed while 2,000 sources are watched.
	$(BIN)/python -m tests.bench.bench_scale $(KEEP)

bench-units: install  ## How exposed the systemd units are, beside a bare one and that of another reader of feeds.
	$(BIN)/python -m tests.bench.bench_units

torture: install  ## Kill the service 5,000 times (KILLS=500 for a quick look), and count what is lost and told twice.
	$(BIN)/python -m tests.torture --kills $(KILLS)

torture-pruning: install  ## Kill pruning a fifth as often within its transactions, and see whether all that is to stay is there.
	$(BIN)/python -m tests.torture.pruning --kills $$(( $(KILLS) / 5 ))

soak: install  ## A hundred sources for 1,000 virtual hours: does the service stay as it was, and is all told?
	$(BIN)/python -m tests.soak

constraints:  ## Pin every dependency anew, with the hashes of its files (needs uv; writes no addresses).
	$(COMPILE) --all-extras pyproject.toml -o constraints.txt
	echo hatchling | $(COMPILE) --extra web -c constraints.txt pyproject.toml - -o requirements.txt
	echo hatchling | $(COMPILE) --extra web --extra scale -c constraints.txt pyproject.toml - -o requirements-scale.txt

audit:  ## Which pins have known faults (needs pip-audit and the network).
	pip-audit --require-hashes --disable-pip -r constraints.txt

clean:  ## Remove what can be built again.
	rm -rf .venv .peers build dist demo .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
