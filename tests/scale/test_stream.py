"""One file into another in batches: the rows of `geo.crossings`, and every file that is not plain read as any other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import geo
from geo.scale.stream import cross_file


@pytest.fixture(scope="module")
def wards() -> gpd.GeoDataFrame:
    boxes = [shapely.box(105 + x / 10, 21, 105.1 + x / 10, 21.1) for x in range(3)]
    return gpd.GeoDataFrame({"code": ["1", "2", "3"], "name": ["A", "B", "C"]}, geometry=boxes, crs="EPSG:4326")


@pytest.fixture
def sites() -> gpd.GeoDataFrame:
    """Lines across the wards and out of them, one in no ward at all, an area and a point."""
    shapes = [shapely.LineString([(105.05, 21.01 + y / 100), (105.05 + y / 10, 21.05)]) for y in range(1, 8)]
    shapes += [shapely.LineString([(106, 21), (106.1, 21)]), shapely.box(105.05, 21.01, 105.15, 21.02)]
    shapes.append(shapely.Point(105.25, 21.05))
    return gpd.GeoDataFrame({"site_id": [f"S{n}" for n in range(10)], "x": 1}, geometry=shapes, crs="EPSG:4326")


def test_in_batches_as_at_once(tmp_path: Path, sites: gpd.GeoDataFrame, wards: gpd.GeoDataFrame) -> None:
    sites.to_parquet(tmp_path / "in.parquet")
    done = cross_file(tmp_path / "in.parquet", wards, tmp_path / "out.parquet", batch=3)
    read, asked = gpd.read_parquet(tmp_path / "out.parquet"), geo.crossings(sites, wards)
    listed = ["intervals_m", "border_with"]
    rest = [*listed, "geometry"]
    pd.testing.assert_frame_equal(pd.DataFrame(read.drop(columns=rest)), pd.DataFrame(asked.drop(columns=rest)))
    assert read.crs == asked.crs
    assert shapely.equals_exact(read.geometry, asked.geometry, 1e-9).all()
    assert [[list(map(list, row)) for row in read["intervals_m"]], list(map(list, read["border_with"]))] == [
        asked[name].tolist() for name in listed
    ]
    lost = asked[asked["ward_code"].isna()]
    assert done is not None
    assert (done.sites, done.rows, done.outside) == (10, len(asked), len(lost))
    assert done.outside_m == pytest.approx(lost["length_m"].sum())
    assert {path.name for path in tmp_path.iterdir()} == {"in.parquet", "out.parquet"}


def changed(sites: gpd.GeoDataFrame, what: str) -> gpd.GeoDataFrame:
    if what == "projected":
        return sites.to_crs("EPSG:3405")
    if what == "numbers":
        return sites.assign(site_id=range(10))
    if what == "twice":
        return sites.assign(site_id=["S0", *sites["site_id"][:-1]])
    if what == "spaces":
        return sites.assign(site_id=" " + sites["site_id"])
    if what == "declared":
        return sites.assign(declared_wards=[["1"]] * 10)
    if what == "no ids":
        return sites.drop(columns="site_id")
    bent = shapely.Polygon([(105, 21), (105.1, 21.1), (105.1, 21), (105, 21.1)])
    return sites.set_geometry([*sites.geometry[:-1], bent], crs=sites.crs)


_PEAK = """
import sys
from pathlib import Path
import geopandas
from geo.scale.stream import cross_file

assert cross_file(Path(sys.argv[1]), geopandas.read_parquet(sys.argv[2]), Path(sys.argv[3]), batch=2_500)
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
"""


@pytest.mark.siege
@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="the peak of memory is read from it")
def test_memory_does_not_grow_with_the_file(tmp_path: Path, wards: gpd.GeoDataFrame) -> None:
    wards.to_parquet(tmp_path / "wards.parquet")
    peaks, sizes = [], []
    for count in (20_000, 160_000):
        steps = np.random.default_rng(count).normal(0, 1e-6, (count, 100, 2))
        lines = shapely.linestrings(np.array([105.05, 21.05]) + np.cumsum(steps, axis=1))
        ids = [f"S{n}" for n in range(count)]
        file = tmp_path / f"{count}.parquet"
        gpd.GeoDataFrame({"site_id": ids}, geometry=lines, crs="EPSG:4326").to_parquet(file, row_group_size=2_500)
        command = [
            sys.executable,
            "-c",
            _PEAK,
            str(file),
            str(tmp_path / "wards.parquet"),
            str(tmp_path / "out.parquet"),
        ]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        peaks.append(int(said) / 1024)
        sizes.append(file.stat().st_size / 2**20)
    assert sizes[1] - sizes[0] > 150
    assert peaks[1] - peaks[0] < 0.6 * (sizes[1] - sizes[0]), peaks


@pytest.mark.parametrize("what", ["projected", "numbers", "twice", "spaces", "no ids", "declared", "invalid"])
def test_what_is_not_plain_is_left_to_the_reader_of_all_files(
    tmp_path: Path, sites: gpd.GeoDataFrame, wards: gpd.GeoDataFrame, what: str
) -> None:
    changed(sites, what).to_parquet(tmp_path / "in.parquet")
    assert cross_file(tmp_path / "in.parquet", wards, tmp_path / "out.parquet", batch=3) is None
    assert [path.name for path in tmp_path.iterdir()] == ["in.parquet"]
