"""Crossings stay fast: ratios of processor times in one process, never a time.

Those to geopandas.overlay are measured by `make bench-short`, which CI runs beside the tests.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pytest
import shapely

import geo
from benchmarks import short
from geo.analysis.crossings.batches import ward_lengths
from geo.spatial.edge_index import EdgeIndex, edge_index
from geo.spatial.measure import Plane

ROUTES = 2_000
RUNS = 5


@pytest.fixture(scope="module")
def wards() -> gpd.GeoDataFrame:
    register = geo.load_wards()
    return register.loc[register["province_code"] == "01", ["geometry"]].to_crs("EPSG:5897").reset_index(drop=True)


@pytest.fixture(scope="module")
def index(wards: gpd.GeoDataFrame) -> EdgeIndex:
    return edge_index(np.asarray(wards.geometry, dtype=object))


@pytest.fixture(scope="module")
def routes(wards: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Routes of 3 km in 30 steps, each begun near a ward chosen by chance."""
    random = np.random.default_rng(7)
    inside = shapely.get_coordinates(shapely.point_on_surface(np.asarray(wards.geometry, dtype=object)))
    begin = inside[random.integers(0, len(wards), ROUTES)] + random.normal(0, 2000, (ROUTES, 2))
    heading = random.uniform(0, 2 * np.pi, (ROUTES, 1)) + np.cumsum(random.normal(0, 0.3, (ROUTES, 30)), axis=1)
    steps = np.cumsum(np.stack([np.cos(heading), np.sin(heading)], axis=-1) * 100.0, axis=1)
    xy = np.concatenate([begin[:, None], begin[:, None] + steps], axis=1)
    return gpd.GeoDataFrame({"site": np.arange(ROUTES)}, geometry=shapely.linestrings(xy), crs=wards.crs)


def ratio(ours: Callable[[], object], theirs: Callable[[], object]) -> float:
    """Median processor time of ours over that of theirs, run in turn after one run of each that is not counted."""
    seconds: dict[int, list[float]] = {0: [], 1: []}
    for turn in range(RUNS + 1):
        for which, work in enumerate((ours, theirs)):
            begin = time.process_time()
            work()
            if turn:
                seconds[which].append(time.process_time() - begin)
    return statistics.median(seconds[0]) / statistics.median(seconds[1])


def test_routes_far_from_every_edge_cost_little(routes: gpd.GeoDataFrame, index: EdgeIndex) -> None:
    """The same routes, each in the middle of a ward 100 km wide, against those that are cut in the city."""
    lines = np.asarray(routes.geometry, dtype=object)
    west, south = (axis.ravel() * 1e5 for axis in np.meshgrid(np.arange(5), np.arange(5)))
    grid = edge_index(np.asarray(shapely.box(west, south, west + 1e5, south + 1e5), dtype=object))
    xy = shapely.get_coordinates(lines).reshape(ROUTES, -1, 2)
    middle = (np.stack([west, south], axis=1) + 5e4)[np.arange(ROUTES) % 25, None]
    still = np.asarray(shapely.linestrings(xy - xy[:, :1] + middle), dtype=object)
    assert ward_lengths(still, grid, Plane()).ward.tolist() == (np.arange(ROUTES) % 25).tolist()
    assert ratio(lambda: ward_lengths(still, grid, Plane()), lambda: ward_lengths(lines, index, Plane())) < 0.4


def test_the_guard_of_ci_names_a_ratio_that_fell_by_a_third() -> None:
    """Of the short benchmark, against the history that is committed."""
    usual = short.history()
    assert usual and min(usual.values()) > 1
    assert short.fallen({name: 0.7 * ratio for name, ratio in usual.items()}, usual) == []
    slow = next(iter(usual))
    assert short.fallen(usual | {slow: 0.6 * usual[slow]}, usual) == [slow]
