"""Wards that come back are known without a look at their vertices, and what was changed in them is noticed."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import geo
from geo.analysis.crossings.table import COLUMNS
from geo.errors import InputError
from geo.spatial.edge_index_cache import cached_index, content_key, known_valid
from geo.spatial.same_shapes import SameShapes

LENGTHS = ("length_m", "site_id", "ward_name", "ward_code", "share")


@pytest.fixture
def wards() -> gpd.GeoDataFrame:
    """Three wards side by side, each a tenth of a degree."""
    boxes = [shapely.box(105 + x / 10, 21, 105.1 + x / 10, 21.1) for x in range(3)]
    return gpd.GeoDataFrame({"code": ["1", "2", "3"], "name": ["A", "B", "C"]}, geometry=boxes, crs="EPSG:4326")


@pytest.fixture
def sites() -> gpd.GeoDataFrame:
    """A line across all three wards and beyond, and one in the second."""
    lines = [shapely.LineString([(105.05, 21.05), (105.4, 21.06)]), shapely.LineString([(105.12, 21.02), (105.18, 21)])]
    return gpd.GeoDataFrame({"site_id": ["X", "Y"]}, geometry=lines, crs="EPSG:4326")


def met(sites: gpd.GeoDataFrame, wards: gpd.GeoDataFrame) -> list[tuple[str, object]]:
    rows = geo.crossings(sites, wards)
    return list(zip(rows["site_id"], rows["ward_code"].fillna("-"), strict=True))


ALL = [("X", "1"), ("X", "2"), ("X", "3"), ("X", "-"), ("Y", "2")]


@pytest.mark.parametrize("system", ["EPSG:4326", "EPSG:3405"])
def test_a_geometry_changed_in_place_is_noticed(sites: gpd.GeoDataFrame, wards: gpd.GeoDataFrame, system: str) -> None:
    wards = wards.to_crs(system)
    assert met(sites, wards) == met(sites, wards) == ALL
    before = wards.geometry.iloc[2]
    wards.loc[2, "geometry"] = shapely.affinity.translate(before, 50_000 if system == "EPSG:3405" else 0.5)
    assert met(sites, wards) == [("X", "1"), ("X", "2"), ("X", "-"), ("Y", "2")]
    wards.loc[2, "geometry"] = before
    assert met(sites, wards) == ALL


def test_wards_in_another_order_are_noticed(sites: gpd.GeoDataFrame, wards: gpd.GeoDataFrame) -> None:
    assert met(sites, wards) == ALL
    turned = wards.set_geometry(wards.geometry.to_numpy()[::-1].copy(), crs=wards.crs)
    assert met(sites, turned) == [("X", "3"), ("X", "2"), ("X", "1"), ("X", "-"), ("Y", "2")]


def test_codes_and_names_are_read_and_checked_each_time(sites: gpd.GeoDataFrame, wards: gpd.GeoDataFrame) -> None:
    geo.crossings(sites, wards)
    wards.loc[0, ["code", "name"]] = ["9", "Z"]
    rows = geo.crossings(sites, wards)
    assert (rows["ward_code"].iloc[0], rows["ward_name"].iloc[0]) == ("9", "Z")
    wards.loc[0, "code"] = "2"
    with pytest.raises(InputError) as refused:
        geo.crossings(sites, wards)
    assert [problem.code for problem in refused.value.problems] == ["reference.key-twice"]
    with pytest.raises(InputError):
        geo.crossings(sites, wards.drop(columns="name"))
    with pytest.raises(InputError):
        geo.crossings(sites, pd.DataFrame(wards.drop(columns="geometry")))


def test_another_coordinate_system_is_noticed(sites: gpd.GeoDataFrame, wards: gpd.GeoDataFrame) -> None:
    geo.crossings(sites, wards)
    with pytest.raises(InputError):
        geo.crossings(sites, wards.set_crs("EPSG:3405", allow_override=True))
    with pytest.raises(InputError):
        geo.crossings(sites, wards.set_crs(None, allow_override=True))


def test_an_invalid_ward_put_in_place_is_refused(sites: gpd.GeoDataFrame, wards: gpd.GeoDataFrame) -> None:
    geo.crossings(sites, wards)
    wards.loc[1, "geometry"] = shapely.Polygon([(105.1, 21), (105.2, 21.1), (105.2, 21), (105.1, 21.1)])
    with pytest.raises(InputError) as refused:
        geo.crossings(sites, wards)
    assert [problem.code for problem in refused.value.problems] == ["reference.geometry-invalid"]


def test_what_an_index_shows_to_be_valid(tmp_path: Path) -> None:
    outer, hole = shapely.box(0, 0, 10, 10).exterior, shapely.box(2, 2, 4, 4).exterior
    sound = np.array([shapely.Polygon(outer, [hole])], dtype=object)
    nested = np.array([shapely.MultiPolygon([shapely.Polygon(outer), shapely.Polygon(hole)])], dtype=object)
    crossed = np.array([shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])], dtype=object)
    for polygons in (sound, nested, crossed):
        cached_index(polygons, tmp_path)
    assert len(list(tmp_path.iterdir())) == 1  # only valid ones are written
    found = [known_valid(polygons, tmp_path).tolist() for polygons in (sound, nested, crossed)]
    assert found == [[True], [False], [False]]
    assert content_key(sound) != content_key(nested)


def test_same_objects_alone_are_the_same() -> None:
    memory: SameShapes[str] = SameShapes(2)
    shapes = np.array([shapely.Point(0, 0), shapely.Point(1, 1)], dtype=object)
    memory.put(shapes, "first", "degrees")
    memory.put(shapes, "more", "degrees")
    assert memory.find(shapes.copy(), "degrees") == "more"
    assert len(memory._entries) == 1
    assert memory.find(shapes, "metres") is None
    assert memory.find(shapes[::-1], "degrees") is None
    assert memory.find(shapes[:1], "degrees") is None
    assert memory.find(np.array([shapely.Point(0, 0), shapes[1]], dtype=object), "degrees") is None
    shapes[0] = shapely.Point(5, 5)
    assert memory.find(shapes, "degrees") is None
    for number in range(2):
        memory.put(np.array([shapely.Point(number, 0)], dtype=object), "later")
    assert len(memory._entries) == 2


def test_columns_leave_out_what_is_not_asked(sites: gpd.GeoDataFrame, wards: gpd.GeoDataFrame) -> None:
    full = geo.crossings(sites, wards)
    assert tuple(full.columns) == COLUMNS
    lengths = geo.crossings(sites, wards, columns=LENGTHS)
    assert not isinstance(lengths, gpd.GeoDataFrame)
    pd.testing.assert_frame_equal(lengths, pd.DataFrame(full[list(LENGTHS)]))
    some = geo.crossings(sites, wards, columns=("geometry", "border_m"))
    assert isinstance(some, gpd.GeoDataFrame)
    assert some.crs == full.crs
    pd.testing.assert_frame_equal(some, full[["geometry", "border_m"]])
    shapes = ["site_id", "ward_code", "length_m", "share", "intervals_m", "geometry"]
    pd.testing.assert_frame_equal(geo.crossings(sites, wards, columns=shapes), full[shapes])
    with pytest.raises(ValueError, match="lenght_m"):
        geo.crossings(sites, wards, columns=("lenght_m",))


def test_columns_of_areas_too(wards: gpd.GeoDataFrame) -> None:
    areas = gpd.GeoDataFrame({"site_id": [1]}, geometry=[shapely.box(105.05, 21.01, 105.15, 21.02)], crs="EPSG:4326")
    full = geo.crossings(areas, wards)
    pd.testing.assert_frame_equal(
        geo.crossings(areas, wards, columns=("site_id", "area_m2")), pd.DataFrame(full[["site_id", "area_m2"]])
    )
    assert full["site_id"].tolist() == [1, 1]
