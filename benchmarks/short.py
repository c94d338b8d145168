"""Ratios of a few calls to a peer in the same process, by processor time: a guard for CI, of seconds.

A ratio of two times of one process moves with neither the load nor the kind of the machine, or little; one that falls
by a third against the median of the history means that something became slow.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np

import geo
from benchmarks import inputs, peers
from geo.analysis.crossings import indexed_wards
from geo.spatial import edge_index_cache

HISTORY = Path(__file__).parent / "short.jsonl"
ROUTES = 2_000
RUNS = 5
FALLEN = 2 / 3


def ratios() -> dict[str, float]:
    """How many times as long `geopandas.overlay` takes for the same frames, wards of Hà Nội in degrees."""
    plane = inputs.hanoi()
    wards = plane.to_crs("EPSG:4326").assign(name="")
    sites = inputs.routes(plane, ROUTES).to_crs("EPSG:4326")
    sites["site_id"] = np.arange(ROUTES).astype(str)
    bare = sites[["site", "geometry"]]

    def first() -> object:
        edge_index_cache._memory.clear()
        edge_index_cache._keys.clear()
        indexed_wards._indexes.clear()
        return geo.crossings(sites, wards)

    works: dict[str, Callable[[], object]] = {
        "crossings again": lambda: geo.crossings(sites, wards),
        "crossings again, lengths": lambda: geo.crossings(sites, wards, columns=("site_id", "ward_code", "length_m")),
        "crossings, index on disk": first,
        "overlay": lambda: _quiet(bare, wards),
    }
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(RUNS + 1):
        for name, work in works.items():
            begin = time.process_time()
            work()
            if turn:  # the first one imports, and makes the index
                seconds[name].append(time.process_time() - begin)
    middle = {name: statistics.median(taken) for name, taken in seconds.items()}
    overlay = middle.pop("overlay")
    return {name: overlay / taken for name, taken in middle.items()}


def judged(*, remember: bool) -> int:
    """Print each ratio beside that of the history; 1 where one fell by a third (of two tries), else 0."""
    before = history()
    found = ratios()
    if fallen(found, before):  # a machine that was busy for a moment is asked again
        again = ratios()
        found = {name: max(ratio, again[name]) for name, ratio in found.items()}
    for name, ratio in found.items():
        usual = f"usually {before[name]:.1f}" if name in before else "no history"
        sys.stdout.write(f"{name}: overlay takes {ratio:.1f} times as long ({usual})\n")
    if remember:
        line = {"day": datetime.now(UTC).date().isoformat(), "ratios": {n: round(r, 2) for n, r in found.items()}}
        with HISTORY.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
    bad = fallen(found, before)
    for name in bad:
        sys.stdout.write(f"{name}: fell by more than a third\n")
    return int(bool(bad))


def history() -> dict[str, float]:
    """The median of each ratio over the runs that were recorded."""
    if not HISTORY.is_file():
        return {}
    lines = [json.loads(line)["ratios"] for line in HISTORY.read_text(encoding="utf-8").splitlines()]
    names = dict.fromkeys(name for line in lines for name in line)
    return {name: statistics.median(line[name] for line in lines if name in line) for name in names}


def fallen(found: dict[str, float], before: dict[str, float]) -> list[str]:
    """The names of the ratios that are less than two thirds of what they were."""
    return [name for name, ratio in found.items() if ratio < FALLEN * before.get(name, 0.0)]


def _quiet(routes: gpd.GeoDataFrame, wards: gpd.GeoDataFrame) -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # lengths in degrees are what is asked for
        return peers.overlay(routes, wards)
