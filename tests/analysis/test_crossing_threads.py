"""Batches in threads, no search for garbage meanwhile: the answer is the same byte for byte, and the search goes on."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import geo
from geo.analysis.crossings import batches, ward_index
from geo.spatial.measure import Ellipsoid

_COUNT = 300


def _pool(threads: int, _wanted: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads)


@pytest.fixture(scope="module")
def sites() -> gpd.GeoDataFrame:
    """Ways of 3 km over the wards of the register, every third one of two parts."""
    random = np.random.default_rng(3)
    inside = shapely.get_coordinates(shapely.point_on_surface(np.asarray(geo.load_wards().geometry, dtype=object)))
    steps = np.cumsum(random.normal(0, 0.002, (_COUNT, 30, 2)), axis=1)
    lines = shapely.linestrings(inside[random.integers(0, len(inside), _COUNT), None] + steps)
    shapes = [shapely.MultiLineString([one, lines[0]]) if row % 3 == 2 else one for row, one in enumerate(lines)]
    return gpd.GeoDataFrame({"site_id": [f"S{row}" for row in range(_COUNT)]}, geometry=shapes, crs="EPSG:4326")


@pytest.mark.parametrize("columns", [None, ("site_id", "ward_code", "length_m"), ("site_id", "geometry")])
def test_threads_give_the_very_frame_of_one(
    sites: gpd.GeoDataFrame, columns: tuple[str, ...] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 500)
    monkeypatch.setattr(batches, "STRETCH_BATCH", 500)
    wards = geo.load_wards()
    found = []
    for threads in (1, 4):
        # The same batches, so that sums are of the same numbers.
        monkeypatch.setattr(batches, "ThreadPoolExecutor", partial(_pool, threads))
        found.append(geo.crossings(sites, wards, columns=columns))
    one, several = found
    assert len(one) > _COUNT
    if "geometry" in one:
        assert shapely.to_wkb(one.geometry).tolist() == shapely.to_wkb(several.geometry).tolist()
        one, several = (pd.DataFrame(frame.drop(columns="geometry")) for frame in found)
    assert one.equals(several)


def test_no_search_for_garbage_while_stretches_are_made_and_again_afterwards(sites: gpd.GeoDataFrame) -> None:
    index, searches = ward_index(geo.load_wards()), list[str]()
    lines = np.tile(np.asarray(sites.geometry, dtype=object), 20)
    before = gc.get_threshold()
    gc.set_threshold(1_000)
    gc.callbacks.append(lambda phase, _: searches.append(phase))
    try:
        rows, _ = batches.ward_stretches(lines, index, Ellipsoid())
    finally:
        gc.callbacks.pop()
        gc.set_threshold(*before)
    assert len(rows.line) > len(lines)  # each a geometry, after a thousand of which a search would be due
    assert len(searches) <= 4  # before the first batch, and after the last
    assert gc.isenabled()
