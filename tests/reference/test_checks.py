"""Bad frames and files: every fault is named with its feature and what to do."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import LineString, Point, Polygon

from geo.errors import DataFileMissingError, InputError
from geo.reference.checks import checked
from geo.reference.geojson import read_frame, to_geojson

LINE = LineString([(105.8, 21.0), (105.9, 21.05)])


def frame(geometries: list[object], ids: list[object] | None = None, crs: str | None = "EPSG:4326") -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"site_id": ids or [f"S{i}" for i in range(len(geometries))]}, geometry=geometries, crs=crs)


@pytest.mark.parametrize(
    ("bad", "text"),
    [
        (
            frame([Polygon([(105, 21), (105.1, 21.1), (105.1, 21), (105, 21.1)])]),
            "S0: has an invalid geometry: Self-inter",
        ),
        (frame([None]), "S0: has no geometry"),
        (frame([LineString()]), "S0: has no geometry"),
        (frame([LineString([(21.0, 105.8), (21.1, 105.9)])]), "S0: has its axes swapped"),
        (frame([LineString([(588000, 2326000), (589000, 2326000)])]), "S0: has coordinates in metres where degrees"),
        (frame([LINE], crs="EPSG:5897"), "claims EPSG:5897 .metres., but its coordinates are degrees"),
        (frame([LINE], crs=None), "names no coordinate system"),
        (frame([LineString([(2.3, 48.8), (2.4, 48.9)])]), "S0: lies outside Việt Nam"),
        (frame([LineString([(105.8, 21.0), (float("inf"), 21.1)])]), "not a finite number"),
        (frame([LINE, LINE], ids=["A", "A"]), "site_id A stands twice, in features 1 and 2"),
        (frame([LINE], ids=[None]), "feature 1 has no site_id"),
        (frame([]), "holds no feature"),
    ],
    ids=range(12),
)
def test_faults_are_told_apart(bad: gpd.GeoDataFrame, text: str) -> None:
    with pytest.raises(InputError, match=text) as caught:
        checked(bad, "routes.gpkg", key="site_id")
    assert all(problem.remedy for problem in caught.value.problems)
    assert "routes.gpkg" in str(caught.value)


def test_one_bad_feature_does_not_hide_the_others() -> None:
    bow = Polygon([(105, 21), (105.1, 21.1), (105.1, 21), (105, 21.1)])
    bad = frame([LINE, bow, None, LineString([(21.0, 105.8), (21.1, 105.9)])])
    with pytest.raises(InputError) as caught:
        checked(bad, "f", key="site_id")
    assert [problem.where for problem in caught.value.problems] == ["f: site_id S1", "f: site_id S2", "f: site_id S3"]


def test_missing_column_names_those_that_are_there() -> None:
    with pytest.raises(InputError, match="column 'code' is missing; it has 'site_id'"):
        checked(frame([LINE]), "f", key="code")


def test_wrong_type_is_refused() -> None:
    with pytest.raises(InputError, match=r"is a LineString → only Polygon"):
        checked(frame([LINE]), "f", key="site_id", types=("Polygon",))


def test_metric_input_is_brought_to_degrees() -> None:
    sound = checked(frame([LINE]).to_crs("EPSG:5897"), "f", key="site_id")
    assert sound.crs == "EPSG:4326"
    assert sound.geometry.iloc[0].equals_exact(LINE, 1e-8)


def test_heights_are_left_out() -> None:
    sound = checked(frame([LineString([(105.8, 21, 7), (105.9, 21, 8)])]), "f", key="site_id")
    assert not sound.geometry.iloc[0].has_z


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "is not JSON"),
        (b"\xff\xfe{", "is not JSON"),
        (b'{"type":"Topology"}', "is not a GeoJSON FeatureCollection"),
        (b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Blob"}}]}', "feature 1"),
        (
            b'{"type":"FeatureCollection","crs":{"properties":{"name":"EPSG:999999"}},"features":[]}',
            "unknown coordinate",
        ),
    ],
    ids=range(5),
)
def test_files_that_are_no_geojson(tmp_path: Path, content: bytes, text: str) -> None:
    path = tmp_path / "bad.geojson"
    path.write_bytes(content)
    with pytest.raises(InputError, match=text):
        read_frame(path)


def test_nan_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "nan.geojson"
    text = to_geojson([{"site_id": "S0", "geometry": LINE}])
    path.write_text(text.replace("105.8,", "NaN,"), encoding="utf-8")
    with pytest.raises(InputError, match="S0: has a coordinate that is not a finite number"):
        checked(read_frame(path), str(path), key="site_id")


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DataFileMissingError, match=r"nowhere.geojson: cannot be read"):
        read_frame(tmp_path / "nowhere.geojson")


def test_declared_system_of_older_geojson_is_followed(tmp_path: Path) -> None:
    metric = frame([LINE]).to_crs("EPSG:5897")
    collection = json.loads(to_geojson([{"site_id": "S0", "geometry": metric.geometry.iloc[0]}]))
    collection["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::5897"}}
    path = tmp_path / "metric.geojson"
    path.write_text(json.dumps(collection), encoding="utf-8")
    sound = checked(read_frame(path), str(path), key="site_id")
    assert sound.geometry.iloc[0].equals_exact(LINE, 1e-6)


@pytest.mark.parametrize("name", ["sites.gpkg", "sites.parquet", "sites.geojson", "sites.fgb"])
def test_formats_hold_the_same(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.endswith(".parquet"):
        frame([LINE]).to_parquet(path)
    elif name.endswith(".geojson"):
        path.write_text(to_geojson([{"site_id": "S0", "geometry": LINE}]), encoding="utf-8")
    else:
        frame([LINE]).to_file(path)
    read = checked(read_frame(path), str(path), key="site_id")
    assert read["site_id"].tolist() == ["S0"]
    assert read.geometry.iloc[0].equals_exact(LINE, 1e-9)


def test_point_text_is_refused_as_vector_data(tmp_path: Path) -> None:
    path = tmp_path / "table.gpkg"
    path.write_bytes(b"not a database")
    with pytest.raises(InputError, match="can't be read as vector data"):
        read_frame(path)


def test_geojson_rounds_and_turns_rings() -> None:
    clockwise = Polygon([(105.123456789, 21), (105.2, 21.1), (105.2, 21), (105.123456789, 21)])
    feature = json.loads(to_geojson([{"a": float("nan"), "geometry": clockwise}, {"a": 1, "geometry": Point(105, 21)}]))
    ring = feature["features"][0]["geometry"]["coordinates"][0]
    assert feature["features"][0]["properties"] == {"a": None}
    assert ring[0] == [105.1234568, 21.0]
    assert Polygon(ring).exterior.is_ccw
