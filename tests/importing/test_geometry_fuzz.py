"""Whatever a file of geometries holds, it is read or refused with a reason, and no feature of it is dropped unsaid."""

from __future__ import annotations

import json
from typing import Any

import pytest
import shapely
from geometry_samples import ASKING, EN, FORMATS, GEOMETRY, XY, collection, feature, line, written
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import DiabanError
from geo.importing.geometries import Question, Reading, read_geometries, read_sites, read_wards

FUZZ = settings(max_examples=60, deadline=None)
ENDINGS = (
    "geojson", "json", "geojsonl", "kml", "kmz", "gpx", "gpkg", "fgb", "shp", "zip", "parquet", "dxf", "csv", "txt", "wkt", "xlsx", "",
)  # fmt: skip
BEGINS = (
    b"",
    b"SQLite format 3\0",
    b"fgb\x03",
    b"PAR1",
    b"\0\0'\n",
    b"PK\x03\x04",
    b"  0\nSECTION\n",
    b"<kml>",
    b"<gpx>",
    b"{",
    b"LINESTRING (",
    b"\x1e{",
    b"\xff\xfe{\0",
)


def taken_or_refused(content: bytes, name: str) -> Reading | None:
    """The reading; None where the file was refused, with a sentence in both languages."""
    for read in (read_geometries, read_sites, read_wards):
        try:
            found: Any = read(content, name=name)
        except DiabanError as error:
            assert error.problems
            for problem in error.problems:
                assert not problem.in_language("vi")[0].startswith(problem.code)
                assert problem.in_language("en")[2]
            continue
        reading: Reading = getattr(found, "reading", found)
        assert shapely.is_valid_input(reading.frame.geometry.to_numpy()).all()
        for note in reading.notes:
            assert note.text("vi") != note.text("en")
    try:
        return read_geometries(content, name=name)
    except DiabanError:
        return None


@FUZZ
@given(begin=st.sampled_from(BEGINS), data=st.binary(max_size=300), ending=st.sampled_from(ENDINGS))
def test_any_bytes_are_read_or_refused(begin: bytes, data: bytes, ending: str) -> None:
    taken_or_refused(begin + data, f"tuyến.{ending}")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Every sample as bytes."""
    folder = tmp_path_factory.mktemp("whole")
    return {name: written(folder, name).read_bytes() for name in (*FORMATS, *ASKING)}


@settings(max_examples=120, deadline=None)
@given(
    name=st.sampled_from(sorted(FORMATS | ASKING)),
    cuts=st.lists(st.tuples(st.integers(0, 200_000), st.binary(min_size=1, max_size=6)), max_size=5),
    end=st.floats(0.3, 1),
)
def test_a_damaged_file_is_read_or_refused(
    whole: dict[str, bytes], name: str, cuts: list[tuple[int, bytes]], end: float
) -> None:
    data = bytearray(whole[name][: int(len(whole[name]) * end)] if end < 0.9 else whole[name])
    for place, noise in cuts:
        data[place % len(data) : place % len(data) + len(noise)] = noise
    taken_or_refused(bytes(data), name)


POSITION = st.sampled_from(
    [*map(list, XY), *EN, [105.8], [105.8, 21, 3], ["a", 1], None, [float("nan"), 21], [21.0, 105.8], [2.3, 48.8], 5]
)
LINE = st.builds(lambda xy: {"type": "LineString", "coordinates": xy}, st.lists(POSITION, max_size=4))
SHAPE = st.recursive(
    st.one_of(LINE, st.just(GEOMETRY), st.none(), st.just({"type": "Point", "coordinates": XY[0]}), st.just({"type": "Blob"}), st.just(line([XY[0], XY[0]]))),
    lambda inner: st.builds(lambda parts: {"type": "GeometryCollection", "geometries": parts}, st.lists(inner, max_size=3)),
    max_leaves=4,
)  # fmt: skip
VALUE = st.one_of(
    st.none(),
    st.integers(-5, 5),
    st.sampled_from(["A", "B", "Phố Huế", "", "\ud800"]),
    st.lists(st.just("00004"), max_size=2),
)
FEATURE = st.one_of(
    st.builds(feature, SHAPE, st.dictionaries(st.sampled_from(["site_id", "name", "ten", "level"]), VALUE, max_size=3)),
    st.sampled_from([None, 5, {"type": "Feature"}, [], {"type": "FeatureCollection", "features": []}]),
)  # fmt: skip


def count(items: list[Any]) -> int:
    """Features among items: lists and collections are none themselves."""
    return sum(0 if item == [] or (isinstance(item, dict) and item.get("features") == []) else 1 for item in items)


@settings(max_examples=150, deadline=None)
@given(items=st.lists(FEATURE, max_size=6), sequence=st.booleans())
def test_read_and_passed_over_and_refused_are_all_features(items: list[Any], sequence: bool) -> None:
    if sequence and items:
        content = "\n".join(json.dumps(item) for item in items).encode()
    else:
        content = json.dumps({"type": "FeatureCollection", "features": items}).encode("utf-8", "surrogatepass")
    reading = taken_or_refused(content, "tuyến.geojson")
    if reading is None:
        return
    assert reading.features == count(items)
    assert len(reading.frame) + len(reading.passed) == reading.features
    assert {*reading.numbers, *reading.passed} == set(range(1, reading.features + 1))
    if reading.passed:
        assert reading.notes


@FUZZ
@given(
    table=st.lists(st.tuples(st.sampled_from(["A", "B", ""]), st.sampled_from(["105.84", "105,85", "", "x", "587244.5"]), st.sampled_from(["20.97", "20,98", "", "2320615.7"])), max_size=8),
    headed=st.booleans(),
)  # fmt: skip
def test_every_row_of_a_table_is_a_vertex_or_said(table: list[tuple[str, str, str]], headed: bool) -> None:
    rows = ["tuyến;kinh độ;vĩ độ"] * headed + [";".join(row) for row in table]
    reading = taken_or_refused("\n".join(rows).encode(), "x.csv")
    if reading is None or not headed:
        return
    filled = [row for row in table if any(row)]
    vertices = int(shapely.get_num_coordinates(reading.frame.geometry.to_numpy()).sum())
    short = sum(1 for why in reading.passed.values() if why != "importing.row-without-place")
    assert vertices + len(reading.passed) >= len(filled) - short
    assert len(reading.frame) + len(reading.passed) == reading.features


def test_a_layer_asked_for_is_the_one_that_is_read() -> None:
    for text in ("", "x" * 10_000, "\0", "../..", "'; DROP"):
        with pytest.raises(DiabanError, match="has no layer"):
            read_geometries(collection(), Question(layer=text), name="a.geojson")
