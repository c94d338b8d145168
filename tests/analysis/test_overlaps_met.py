"""Where wards of a file overlap, each pair is said with the area that the two share, also where three meet."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.analysis.overlaps_met import wards_overlapping
from geo.spatial.measure import Ellipsoid

SIDE = 0.01
"""Degrees."""


def _wards() -> gpd.GeoDataFrame:
    """Three squares, each shifted by half a side: the first and the last share a corner that lies in all three."""
    steps = ((0.0, 0.0), (0.5, 0.0), (0.5, 0.5))
    shapes = [shapely.box(105 + x * SIDE, 21 + y * SIDE, 105 + (x + 1) * SIDE, 21 + (y + 1) * SIDE) for x, y in steps]
    columns = {"code": ["00001", "00002", "00003"], "name": ["A", "B", "C"]}
    return gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")


def test_an_overlap_of_three_is_counted_once_for_each_pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIABAN_CACHE_DIR", str(tmp_path))
    wards = _wards()
    found = {(one.wards[0][0], one.wards[1][0]): one.area_m2 for one in wards_overlapping(wards)}
    for (one, other), area in found.items():
        pair = wards.set_index("code").geometry
        assert area == pytest.approx(Ellipsoid().areas(shapely.intersection([pair[one]], [pair[other]]))[0])
    assert set(found) == {("00001", "00002"), ("00001", "00003"), ("00002", "00003")}


def test_what_was_found_is_read_again_for_the_same_wards_and_for_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIABAN_CACHE_DIR", str(tmp_path))
    first = wards_overlapping(_wards())
    (file,) = tmp_path.glob("overlaps-*.npy")
    assert wards_overlapping(_wards()) == first
    assert wards_overlapping(_wards().iloc[:1]) == ()
    file.write_bytes(b"damaged")
    assert wards_overlapping(_wards()) == first


def test_geometries_are_read_without_the_checks_of_records() -> None:
    code = (
        "import sys, geo.importing.geometries; print({'geo.records.entries', 'geo.records.kinds'} & set(sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "set()\n"
