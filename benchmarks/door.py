"""`geo.crossings(frame, frame)` as a user calls it, against peers that are given the same frames."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

import geo
from benchmarks import inputs, peers
from benchmarks.crossings import same
from benchmarks.table import Row
from geo.analysis.crossings import indexed_wards
from geo.analysis.crossings.batches import WardLengths
from geo.spatial import edge_index_cache

LENGTHS = ("site_id", "ward_code", "length_m")
OVERLAID = ("site_id", "ward_code", "length_m", "geometry")
"""What `geopandas.overlay` gives, with its length."""
_DEGREE_M = 1e5
"""Metres of a degree, near enough to compare lengths in degrees to centimetres."""


def rows(shared: Path, counts: list[int], runs: int) -> Iterator[Row]:
    """The rows of the table: wards of the country in degrees, as their file has them."""
    wards = gpd.read_parquet(shared / "data" / "wards_vietnam_10m.parquet")
    wards = wards.rename(columns={"full_name": "name"})[["code", "name", "geometry"]]
    plane = inputs.country(shared)
    with tempfile.TemporaryDirectory() as folder, _cache_in(Path(folder)), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the peers measure in degrees, which is what they are asked for
        sites = inputs.routes(plane, counts[0]).to_crs("EPSG:4326")
        sites["site_id"] = np.arange(len(sites)).astype(str)
        yield _without_index(sites, wards)
        for count in counts:
            sites = inputs.routes(plane, count).to_crs("EPSG:4326")
            sites["site_id"] = np.arange(count).astype(str)
            yield from _compared(sites, wards, runs if count < 50_000 else max(1, runs // 2))


def _compared(sites: gpd.GeoDataFrame, wards: gpd.GeoDataFrame, runs: int) -> Iterator[Row]:
    """The door against every peer, run in turn; a peer has all the time that it takes to be asked from frames."""
    bare = sites[["site", "geometry"]]
    found = peers.available()
    answer = geo.crossings(sites, wards)
    answers = {name: same(_lengths(answer, wards), _in_metres(work(bare, wards))) for name, work in found.items()}
    works: dict[str, Callable[[], object]] = {
        "again": lambda: geo.crossings(sites, wards),
        "overlaid": lambda: geo.crossings(sites, wards, columns=OVERLAID),
        "lengths": lambda: geo.crossings(sites, wards, columns=LENGTHS),
        "first": lambda: (_forget(), geo.crossings(sites, wards)),
    }
    works |= {name: lambda work=work: work(bare, wards) for name, work in found.items()}  # type: ignore[misc]
    seconds = in_turn(works, runs)
    overlay = seconds["geopandas.overlay"]
    fastest = min(found, key=lambda name: seconds[name])
    texts = list(dict.fromkeys(answers.values()))
    said = "; ".join(text or "same answers" for text in texts)
    calls = {
        "again": ("`geo.crossings(sites, wards)`, all columns, the same wards again", 20, 12),
        "overlaid": ("… `columns=` wards, metres and geometry, all that overlay gives", 20, 12),
        "lengths": ("… `columns=` wards and metres, no geometry", 20, 12),
        "first": ("… all columns, first of a process, index on disk", 6, 3),
    }
    for key, (call, least, least_peer) in calls.items():
        ours, name = f"{seconds[key]:.3f} s", f"{call}, {len(sites):,} routes"
        yield Row(
            name,
            ours,
            f"geopandas.overlay, {overlay:.2f} s",
            overlay / seconds[key],
            least,
            "≥",
            note=said if key == "again" else "",
        )
        other = f"fastest peer: {fastest}, {seconds[fastest]:.2f} s"
        yield Row(name, ours, other, seconds[fastest] / seconds[key], least_peer, "≥")


def _without_index(sites: gpd.GeoDataFrame, wards: gpd.GeoDataFrame) -> Row:
    bare = sites[["site", "geometry"]]
    peers.overlay(bare, wards)
    seconds = in_turn(
        {"ours": lambda: geo.crossings(sites, wards), "overlay": lambda: peers.overlay(bare, wards)}, runs=1
    )
    call = f"`geo.crossings(sites, wards)` with no index anywhere, {len(sites):,} routes"
    theirs = f"geopandas.overlay, {seconds['overlay']:.2f} s"
    return Row(call, f"{seconds['ours']:.2f} s", theirs, seconds["ours"] / seconds["overlay"], 10, "≤")


def in_turn(works: dict[str, Callable[[], object]], runs: int) -> dict[str, float]:
    """Median seconds of each, asked in turn so that all see the same machine."""
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(runs):
        for name, work in works.items():
            begin = time.perf_counter()
            work()
            seconds[name].append(time.perf_counter() - begin)
    return {name: statistics.median(of) for name, of in seconds.items()}


def _forget() -> None:
    """Leave this process as one that has just begun: the index is on disk alone."""
    edge_index_cache._memory.clear()
    edge_index_cache._keys.clear()
    indexed_wards._indexes.clear()


@contextmanager
def _cache_in(folder: Path) -> Iterator[None]:
    before = os.environ.get("DIABAN_CACHE_DIR")
    os.environ["DIABAN_CACHE_DIR"] = str(folder)
    _forget()
    try:
        yield
    finally:
        os.environ.pop("DIABAN_CACHE_DIR")
        if before is not None:
            os.environ["DIABAN_CACHE_DIR"] = before


def _lengths(answer: gpd.GeoDataFrame, wards: gpd.GeoDataFrame) -> WardLengths:
    """Our answer with the lengths of its geometries in the coordinates, which is what peers measure."""
    inside = answer[answer["ward_code"].notna()]
    ward = pd.Index(wards["code"]).get_indexer(inside["ward_code"])
    length = shapely.length(np.asarray(inside.geometry, dtype=object)) * _DEGREE_M
    return WardLengths(inside["site_id"].astype(int).to_numpy(), ward, length, inside["share"].to_numpy())


def _in_metres(answer: pd.DataFrame) -> pd.DataFrame:
    return answer.assign(length=answer["length"] * _DEGREE_M)
