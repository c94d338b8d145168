"""Formats × ways in: every format that is read gives the same route, whichever way it comes in; how features are named."""

from __future__ import annotations

import json
import re
import socket
import warnings
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geometry_samples import (
    ASKING,
    FORMATS,
    FRAME,
    GEOMETRY,
    KML_LINE,
    KML_POINT,
    LENGTH_M,
    ROUTE,
    WARD,
    XY,
    collection,
    csv,
    feature,
    gpx,
    gpx_points,
    kml,
    line,
    placemark,
    written,
)
from typer.testing import CliRunner

import geo
from api.schemas.submitted_geometries import submitted_sites
from geo.cli.app import application, application_for
from geo.errors import InputError
from geo.importing.geometries import FileWarning, Limits, Question, SitesRead, TooLargeError, read_sites, read_wards
from geo.importing.geometries.properties import listed_texts
from geo.output.shared.formats import KINDS

METRES = "EPSG:5897"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every format, written once."""
    made = tmp_path_factory.mktemp("formats")
    for name in (*FORMATS, *ASKING):
        written(made, name)
    return made


def length(read: Any) -> float:
    return float(read.to_crs(METRES).length.sum())


def command(*arguments: str) -> Any:
    run = CliRunner().invoke(application_for(arguments), [*arguments, "--format", "json", "--lang", "en"])
    assert run.exit_code == 0, run.output
    return json.loads(run.stdout)


def by_crossings(path: Path, crs: str | None) -> float:
    asked = ["--crs", crs] if crs else []
    [row] = command("crossings", "--sites", str(path), *asked)["sites"][0]["crossings"]
    assert row["ward_code"] == WARD
    return float(row["length_m"])


def by_ward(path: Path, crs: str | None) -> float:
    asked = ["--crs", crs] if crs else []
    return float(command("ward", WARD, "--sites", str(path), *asked)["wards"][0]["sites"][0]["length_m"])


def by_service(path: Path, crs: str | None) -> float:
    return length(submitted_sites(path.read_bytes(), 1_000_000, 50_000, seconds=60, question=Question(crs)).frame)


def by_notebook(path: Path, crs: str | None) -> float:
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        found = geo.load_sites(path, crs=crs)
    assert {entry.category for entry in warned} <= {FileWarning}
    assert {entry.filename for entry in warned} <= {__file__}
    return length(found)


WAYS_IN = [(way, name) for way in (by_crossings, by_service, by_notebook) for name in (*FORMATS, *ASKING)]
WAYS_IN += [(by_ward, name) for name in ("route.kml", "shapefile.zip", "metres.dxf")]


@pytest.mark.parametrize(("way", "name"), WAYS_IN, ids=lambda value: getattr(value, "__name__", value))
def test_every_format_is_read_by_every_way_in(folder: Path, name: str, way: Any) -> None:
    assert way(folder / name, METRES if name in ASKING else None) == pytest.approx(LENGTH_M, abs=0.6)


@pytest.mark.parametrize("name", list(ASKING))
def test_metres_without_a_system_are_refused_with_what_fits(folder: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"--crs EPSG:5897 \(VN-2000"):
        read_sites(folder / name)
    with pytest.raises(InputError, match=r"crs=EPSG:5897 \(VN-2000"):
        submitted_sites((folder / name).read_bytes(), 1_000_000, 50_000, seconds=60)


def read(content: bytes, name: str = "tuyến.geojson", layer: str | None = None) -> SitesRead:
    return read_sites(content, Question(layer=layer), name=name)


def said(found: SitesRead) -> str:
    return "; ".join(str(note) for note in found.notes)


def in_folder(name: str, marks: str) -> str:
    return f"<Folder><name>{name}</name>{marks}</Folder>"


def test_folders_with_lines_are_one_document() -> None:
    """All lines of a KML are measured, however deep their folder; names that folders share get the folder's."""
    inner = in_folder("Trong", placemark("b", shifted(0.01)))
    content = kml(
        in_folder("Điểm", placemark("p", KML_POINT))
        + in_folder("Tuyến", placemark("a", KML_LINE) + placemark("không", "") + inner)
        + in_folder("Khác", placemark("a", shifted(0.02)) + placemark("c", shifted(0.03)))
        + placemark("d", shifted(0.04))
    )
    found = read(content, "x.kml")
    assert sorted(found.frame["name"]) == ["Khác: a", "Tuyến: a", "b", "c", "d"]
    assert found.frame["site_id"].is_unique
    assert len(found.frame) + len(found.reading.passed) == found.reading.features
    assert "Tuyến (2), Trong (1), Khác (2)" in said(found) and "not read" in said(found) and "Điểm (1)" in said(found)
    assert "--layer 'Điểm'" in said(found)
    assert len(read(content, "x.kml", "khác").frame) == 2
    with pytest.raises(InputError, match=r"'Điểm'.*'Khác'"):
        read(content, "x.kml", "Phố")


def shifted(degrees: float) -> str:
    """The line of a placemark, farther north."""
    pairs = " ".join(f"{x:.7f},{y + degrees:.7f}" for x, y in XY)
    return f"<LineString><coordinates>{pairs}</coordinates></LineString>"


def test_a_folder_that_repeats_the_lines_of_another_is_named_and_not_measured_twice() -> None:
    """Dossiers have a site as a whole and cut at the borders of wards."""
    halves = "".join(
        placemark(name, f"<LineString><coordinates>{' '.join(f'{x},{y}' for x, y in part)}</coordinates></LineString>")
        for name, part in (("1", XY[:2]), ("2", XY[1:]))
    )
    found = read(kml(in_folder("Tuyến", placemark("a", KML_LINE)) + in_folder("Đoạn", halves)), "x.kml")
    assert found.frame["name"].tolist() == ["a"]
    assert "Đoạn (2)" in said(found)


def test_all_layers_of_any_file_by_a_star(tmp_path: Path) -> None:
    """Other formats hold what need not belong together: the user says which is meant, and `*` takes all."""
    path = tmp_path / "x.gpkg"
    for number, name in enumerate(("2023", "2026")):
        line = shapely.LineString(np.add(XY, [0, number / 100]))
        frame = gpd.GeoDataFrame({"name": ["A"]}, geometry=[line], crs="EPSG:4326")
        frame.to_file(path, layer=name, driver="GPKG")
    with pytest.raises(InputError, match=r"2026 \(1\).*--layer '2023'.*--layer '\*'"):
        read_sites(path)
    assert read_sites(path, Question(layer="*")).frame["name"].tolist() == ["2023: A", "2026: A"]
    frame.to_crs("EPSG:5897").to_file(path, layer="metres", driver="GPKG")
    with pytest.raises(InputError, match="different coordinate systems"):
        read_sites(path, Question(layer="*"))


def test_of_several_layers_of_areas_the_one_is_read_whose_fields_say_so_and_none_is_guessed(tmp_path: Path) -> None:
    path = tmp_path / "x.gpkg"
    for number, name in enumerate(("a", "b")):
        own = shapely.box(105.80 + number / 100, 21.02, 105.805 + number / 100, 21.025)
        gpd.GeoDataFrame({"ten": [name]}, geometry=[own], crs="EPSG:4326").to_file(path, layer=name, driver="GPKG")
    for reader in (read_sites, read_wards):
        with pytest.raises(InputError, match=r"a \(1\), b \(1\)"):
            reader(path)
    halves = [shapely.box(105.82, 21.02, 105.825, 21.03), shapely.box(105.825, 21.02, 105.83, 21.03)]
    whole = gpd.GeoDataFrame({"site_id": ["S"]}, geometry=[shapely.union_all(halves)], crs="EPSG:4326")
    parts = gpd.GeoDataFrame({"site_id": ["S", "S"]}, geometry=halves, crs="EPSG:4326")
    whole.to_file(path, layer="sites", driver="GPKG")
    parts.to_file(path, layer="stretches", driver="GPKG")
    assert read_sites(path).reading.layer == "sites"
    wards = gpd.GeoDataFrame({"code": ["00004", "00025"], "name": ["A", "B"]}, geometry=halves, crs="EPSG:4326")
    wards.to_file(path, layer="wards", driver="GPKG")
    assert read_wards(path).reading.layer == "wards"


def test_routes_tracks_and_waypoints_are_layers_of_gpx() -> None:
    track = f"<trk><name>T</name><trkseg>{gpx_points('trkpt')}</trkseg><trkseg><trkpt lat='20.9' lon='105.8'/></trkseg></trk>"
    both = gpx(f"<wpt lat='20.97' lon='105.84'/><rte><name>R</name>{gpx_points('rtept')}</rte>{track}")
    assert read(both, "x.gpx").frame["name"].tolist() == ["R"]
    assert "waypoints (1), tracks (1)" in said(read(both, "x.gpx"))
    tracks = read(both, "x.gpx", "tracks")
    assert tracks.frame["name"].tolist() == ["T"]
    assert length(tracks.frame) == pytest.approx(LENGTH_M, abs=0.1)
    elsewhere = both.replace(b"<trkpt lat='2", b"<trkpt lat='1")
    assert read(elsewhere, "x.gpx").frame["name"].tolist() == ["R", "T"], "a track that is another way is measured too"


def test_a_column_of_wkt_without_any_sound_one_is_no_table_without_geometries() -> None:
    with pytest.raises(InputError, match=r"row 2 \(id 1\): can't be read: is not WKT: 'TIN' at character 1"):
        read(b"id;wkt\n1;TIN (((0 0,1 0,1 1,0 0)))\n", "x.csv")


def test_why_nothing_of_a_file_is_read_is_said() -> None:
    still = collection(feature(line([XY[0], XY[0]])), feature(None))
    with pytest.raises(InputError, match=r"1 line has no length and was passed over.*; 1 feature has no geometry"):
        read(still)


def packing(members: dict[str, bytes]) -> bytes:
    """A ZIP of these."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("LINESTRING (105,8 21,0, 105,9 21,1)", "',' at character 16"),
        ("LINESTRNG (105.8 21.0, 105.9 21)", "'LINESTRNG' at character 1"),
        ("LINESTRING (105.8 21.0; 105.9 21)", "';' at character 23"),
        ("LINESTRING (105.8 21.0, 105.9 21", "not closed after character 32"),
        ("CIRCULARSTRING (105.8 21, 105.85 21.1, 105.9 21)", "holds a curve (CIRCULARSTRING)"),
        ("POLYGON (105.8 21, 105.9 21, 105.9 21.1, 105.8 21)", "brackets"),
    ],
)
def test_what_is_wrong_with_wkt_is_said_in_our_words_with_its_place(text: str, why: str) -> None:
    with pytest.raises(InputError) as refused:
        read(f'id;wkt\n1;LINESTRING (105.8 21, 105.9 21)\n2;"{text}"\n'.encode(), "x.csv")
    (problem,) = refused.value.problems
    assert "row 3" in str(problem) and why in str(problem) and "Exception" not in str(problem)


def test_layers_of_one_name_are_told_apart_by_numbers() -> None:
    """Two documents of a KMZ, whose folders are called alike, are one, also in a ZIP; other files in a ZIP are asked
    about."""
    own = [kml(in_folder("Tuyến", placemark(name, shifted(by)))) for name, by in (("a", 0.0), ("b", 0.02))]
    documents = packing({"doc.kml": own[0], "files/more.kml": own[1]})
    for name in ("x.kmz", "x.zip"):
        found = read(documents, name)
        assert found.frame["name"].tolist() == ["a", "b"]
        assert "Tuyến#1 (1)" in said(found) and "Tuyến#2 (1)" in said(found)
    moved = {"type": "LineString", "coordinates": (np.array(XY) + 0.02).tolist()}
    packed = packing(
        {
            "cũ/Tuyến.geojson": collection(feature(properties={"name": "a"})),
            "mới/Tuyến.geojson": collection(feature(moved, {"name": "b"})),
        }
    )
    with pytest.raises(InputError, match=r"Tuyến#1 \(1\), Tuyến#2 \(1\).*--layer '\*'"):
        read(packed, "x.zip")
    for layer, names in (("Tuyến#2", ["b"]), ("2", ["b"]), ("#1", ["a"]), ("*", ["a", "b"])):
        assert read(packed, "x.zip", layer).frame["name"].tolist() == names
    for layer in ("Tuyến", "3"):
        with pytest.raises(InputError, match="'Tuyến#1', 'Tuyến#2'"):
            read(packed, "x.zip", layer)


def test_a_geopackage_without_lines_in_its_first_layers(tmp_path: Path) -> None:
    import pandas as pd
    import pyogrio

    path = tmp_path / "x.gpkg"
    pyogrio.write_dataframe(pd.DataFrame({"a": [1]}), path, layer="bảng")
    FRAME.set_geometry([shapely.Point(XY[0])], crs=4326).to_file(path, layer="điểm")
    FRAME.iloc[:0].to_file(path, layer="trống")
    FRAME.to_file(path, layer="tuyến")
    assert "layer 'tuyến' was read" in said(read_sites(path))


def test_a_layer_of_a_drawing(tmp_path: Path) -> None:
    path = tmp_path / "x.dxf"
    shapes = gpd.GeoDataFrame({"Layer": ["RANH", "TUYEN"]}, geometry=[ROUTE.reverse(), ROUTE], crs=4326)
    shapes.to_crs(METRES).to_file(path, driver="DXF")
    assert len(read_sites(path, Question(METRES)).frame) == 2
    assert read_sites(path, Question(METRES, "tuyen")).frame["name"].tolist() == ["TUYEN"]


def test_things_of_a_drawing_that_are_not_read_are_named(tmp_path: Path) -> None:
    path = tmp_path / "x.dxf"
    gpd.GeoDataFrame({"Layer": ["TUYEN"]}, geometry=[ROUTE], crs=4326).to_crs(METRES).to_file(path, driver="DXF")
    assert "unknown-things" not in str([note.code for note in read_sites(path, Question(METRES)).notes])
    head, begin, rest = path.read_text().partition("ENTITIES\n")
    things = "".join(f"  0\n{kind}\n  8\nTIM\n" for kind in ("AECC_ALIGNMENT", "RAY", "RAY", "VIEWPORT"))
    path.write_text(head + begin + things + rest)
    [note] = [note for note in read_sites(path, Question(METRES)).notes if note.code == "importing.unknown-things"]
    assert note.parameters["kinds"] == ["RAY (2)", "AECC_ALIGNMENT (1)"]


FRAME_OF_SHEET = "  0\nLWPOLYLINE\n100\nAcDbEntity\n 67\n1\n  8\nKHUNG\n100\nAcDbPolyline\n 90\n2\n 70\n0\n 10\n0\n 20\n0\n 10\n420\n 20\n297\n"


def test_things_of_the_sheets_of_a_drawing_are_passed_over_and_hidden_layers_said(tmp_path: Path) -> None:
    path = tmp_path / "x.dxf"
    shapes = gpd.GeoDataFrame({"Layer": ["RANH", "TUYEN"]}, geometry=[ROUTE.reverse(), ROUTE], crs=4326)
    shapes.to_crs(METRES).to_file(path, driver="DXF")
    plainly = read_sites(path, Question(METRES))
    head, begin, rest = path.read_text().partition("ENTITIES\n")
    head, count = re.subn(r"(AcDbLayerTableRecord\n *2\nRANH\n *70\n) *0\n", r"\g<1>1\n", head)
    assert count == 1
    path.write_text(head + begin + FRAME_OF_SHEET + rest)
    found = read_sites(path, Question(METRES))
    assert found.frame.geometry.equals(plainly.frame.geometry)
    assert found.reading.passed == {1: "importing.thing-of-sheet"} and found.reading.features == 3
    assert "layers that are switched off or frozen in the drawing are read all the same: RANH" in said(found)
    assert "switched off" not in said(plainly)
    chosen = read_sites(path, Question(METRES, "tuyen"))
    assert (len(chosen.frame), "number 1" in said(chosen)) == (1, True)
    path.write_text(head + begin + FRAME_OF_SHEET + "  0\nENDSEC\n  0\nEOF\n")
    with pytest.raises(InputError, match="paper space"):
        read_sites(path, Question(METRES))


def test_placemarks_that_are_switched_off_are_said() -> None:
    shown = kml(placemark("A", KML_LINE))
    hidden = shown.replace(b"<Placemark>", b"<Placemark><visibility>0</visibility>", 1)
    assert hidden != shown
    assert "is switched off in the document" in said(read_sites(hidden, name="x.kml"))
    assert "switched off" not in said(read_sites(shown, name="x.kml"))


@pytest.mark.parametrize(
    ("content", "ids", "names"),
    [
        (collection(feature(properties={"site_id": "A", "name": "Một"}), feature(properties={"site_id": "B"})), ["A", "B"], ["Một", "B"]),
        (collection(feature(id="x"), feature(id=7)), ["x", "7"], ["x", "7"]),
        (collection(feature(id="x"), feature(id="x")), ["1", "2"], ["1", "2"]),
        (collection(feature(properties={"ma": 12.0, "ten_duong": "Phố  Huế"})), ["12"], ["Phố Huế"]),
        (collection(feature()), ["1"], ["tuyến"]),
        (collection(feature(properties={"site_id": None, "ten": ""}), feature(properties={"site_id": "2"})), ["1", "2"], ["1", "2"]),
    ],
    ids=range(6),
)  # fmt: skip
def test_id_and_name_are_taken_or_made(content: bytes, ids: list[str], names: list[str]) -> None:
    frame = read(content).frame
    assert frame["site_id"].tolist() == ids
    assert frame["name"].tolist() == names
    assert frame["level"].tolist() == [""] * len(ids)


def test_features_of_one_site_are_one_route_and_others_are_refused() -> None:
    halves = [feature(line(part), {"site_id": "A", "name": "x"}) for part in (XY[:3], XY[2:])]
    found = read(collection(*halves))
    assert found.frame.geometry.iloc[0].equals(ROUTE)
    assert "share ids of sites" in said(found)
    halves[1]["properties"]["name"] = "y"
    with pytest.raises(InputError, match="site_id A stands twice"):
        read(collection(*halves))


def test_a_line_and_an_area_of_one_id_are_told_so() -> None:
    area = {"type": "Polygon", "coordinates": [[[105.8, 21.02], [105.81, 21.02], [105.81, 21.03], [105.8, 21.02]]]}
    named = {"site_id": "A", "name": "X"}
    with pytest.raises(InputError, match="not both lines"):
        read(collection(feature(properties=named), feature(area, named)))


def test_each_line_of_a_collection_counts_and_what_is_left_out_is_said() -> None:
    nested = {
        "type": "GeometryCollection",
        "geometries": [{"type": "GeometryCollection", "geometries": [GEOMETRY]}, GEOMETRY],
    }
    assert length(read(collection(feature(nested))).frame) == pytest.approx(2 * LENGTH_M, abs=0.1)
    area = {"type": "Polygon", "coordinates": [[[105.84, 20.97], [105.845, 20.97], [105.845, 20.975], [105.84, 20.97]]]}
    mixed = read(collection(feature({"type": "GeometryCollection", "geometries": [area, GEOMETRY]})))
    assert length(mixed.frame) == pytest.approx(LENGTH_M, abs=0.1)
    assert "polygons" in said(mixed)


def test_what_has_no_geometry_or_length_is_passed_over_and_said() -> None:
    empty, short = {"type": "LineString", "coordinates": []}, line([XY[0], XY[0]])
    found = read(collection(feature(empty), feature(), feature(None), feature(short)))
    assert len(found.frame) == 1
    assert sorted(found.reading.passed) == [1, 3, 4]
    assert "numbers 1, 3" in said(found) and "number 4" in said(found)


def test_vertices_are_joined_by_route_and_in_their_order() -> None:
    back = [f"A,{9 - i},{x},{y}" for i, (x, y) in enumerate(XY)]
    found = read(csv("tuyen,stt,lon,lat", *back, *(f"B,{i},{x},{y}" for i, (x, y) in enumerate(XY)), "B,9,,"), "x.csv")
    assert found.frame["site_id"].tolist() == ["A", "B"]
    assert [shape.equals_exact(ROUTE, 0) for shape in found.frame.geometry] == [False, True]
    assert list(found.frame.geometry.iloc[0].coords) == XY[::-1]
    assert found.reading.passed == {14: "importing.row-without-place"}
    with pytest.raises(InputError, match="row 3: 'abc'"):
        read(csv("lon,lat", "105.8,20.9", "abc,21"), "x.csv")


@pytest.mark.parametrize("heading", ["site", "Mã đoạn", "segment"])
def test_vertices_of_two_stretches_that_alternate_are_two_lines(heading: str) -> None:
    rows = (f"{name},{x},{y}" for x, y in XY for name in "ab")
    found = read_sites(csv(f"{heading},lon,lat", *rows), name="a.csv")
    assert len(found.frame) == 2


@pytest.mark.parametrize(("heading", "names"), [("id", "aab"), ("loại", "xxyy")])
def test_a_column_by_which_vertices_might_be_several_lines_is_named(heading: str, names: str) -> None:
    rows = (f"{name},{105.80 + 0.01 * place},{21.0 + 0.01 * place},{place}" for place, name in enumerate(names))
    found = read_sites(csv(f"{heading},lon,lat,ele", *rows), name="a.csv")
    [said] = [note for note in found.notes if note.code == "importing.vertices-differ"]
    assert said.parameters["columns"] == [heading]


def test_a_broken_line_of_a_sequence_or_table_is_named() -> None:
    good = json.dumps(feature())
    with pytest.raises(InputError, match="line 2 is not JSON"):
        read(f"{good}\n{{broken\n{good}\n".encode(), "x.geojsonl")
    with pytest.raises(InputError, match=r"row 2 \(id 1\): can't be read: is not WKT"):
        read(csv("id,WKT", '1,"LINESTRING (1 2"'), "x.csv")


LINK = "<NetworkLink><Link><href>https://example.org/a.kml</href></Link></NetworkLink>"


def packed(content: bytes, name: str) -> bytes:
    import zipfile
    from io import BytesIO

    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(name, content)
    return archive.getvalue()


def test_a_link_beside_routes_is_said() -> None:
    assert "NetworkLink" in said(read(kml(LINK + placemark("a", KML_LINE)), "a.kml"))


@pytest.mark.parametrize(
    ("content", "name", "text"),
    [
        (b"", "a.geojson", "is empty"),
        (b"AC1027\0\0", "a.dwg", "save the drawing as DXF"),
        (b'{"sites":[]}', "a.json", "JSON without geometries"),
        (b"site_id,ward_code\nA,00004\n", "a.csv", "a table without geometries"),
        (kml(placemark("a", KML_LINE))[:-200], "a.kml", "can't be read as KML"),
        (kml(LINK), "a.kml", "only a link to another file"),
        (packed(b"a", "ảnh.jpg"), "a.zip", "it holds ảnh.jpg"),
        (b'<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a SYSTEM "file:///etc/passwd">]><kml/>', "a.kml", "document type"),
        (b"<OGRVRTDataSource><OGRVRTLayer name='a'/></OGRVRTDataSource>", "a.kml", "none of KML, GPX and GML"),
        (b'{"type":"gdal_streamed_alg","command_line":"gdal vector pipeline read x"}', "a.json", "JSON without geometries"),
        (bytes(range(256)) * 9, "a.gpkg", "no format that is read"),
        (collection(feature({"type": "Blob"})), "a.geojson", "feature 1: can't be read: 'Blob'"),
        (collection(feature(line([[1, 2], ["a", 3]]))), "a.geojson", "feature 1: can't be read: a position"),
    ],
    ids=range(13),
)  # fmt: skip
def test_what_is_refused_says_what_to_do(content: bytes, name: str, text: str) -> None:
    with pytest.raises(InputError, match=text) as caught:
        read(content, name)
    assert all(problem.remedy for problem in caught.value.problems)


def test_nothing_grows_beyond_its_limits(tmp_path: Path) -> None:
    import zipfile

    two, many = collection(feature(), feature()), collection(feature(line(XY * 200)))
    for content, limits in (
        (two, Limits(max_features=1)),
        (many, Limits(max_vertices=1000)),
        (many, Limits(max_bytes=1000)),
        (csv("lon,lat", *(f"{x},{y}" for x, y in XY * 200)), Limits(max_features=5, max_vertices=1000)),
    ):
        with pytest.raises(TooLargeError):
            read_sites(content, limits=limits)
    long = csv("lon,lat", *(f"{x},{y}" for x, y in XY * 100))
    assert len(read_sites(long, limits=Limits(max_features=5, max_vertices=1000)).frame) == 1
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.geojson", b" " * 50_000_000)
    with pytest.raises(TooLargeError, match="packed too tightly"):
        read_sites(bomb)


@pytest.mark.parametrize("name", ["w.gpkg", "w.parquet", "w.fgb", "w.geojson"])
def test_wards_come_back_without_loss(tmp_path: Path, name: str) -> None:
    wards = geo.load_wards().iloc[:12].reset_index(drop=True)
    path = tmp_path / name
    (wards.to_parquet if name.endswith("parquet") else wards.to_file)(path)
    found = geo.load_wards(path)
    for column in wards.columns.drop("geometry"):
        assert found[column].astype(object).where(found[column].notna(), None).tolist() == (
            wards[column].astype(object).where(wards[column].notna(), None).tolist()
        )
    assert found.geometry.geom_equals(wards.geometry).all()


def test_a_bare_route_is_drawn_and_streets_are_read_with_their_system(tmp_path: Path) -> None:
    route, page, streets = tmp_path / "route.kml", tmp_path / "map.html", tmp_path / "streets.shp"
    route.write_bytes(kml(placemark("Tuyến A", KML_LINE)))
    drawn = CliRunner().invoke(
        application(["map"]), ["map", "site", "1", "--sites", str(route), "-o", str(page), "--lang", "en"]
    )
    assert drawn.exit_code == 0, drawn.output
    assert "drawn as a site in public space" in drawn.stderr
    assert "Tuyến A" in page.read_text(encoding="utf-8")
    FRAME.assign(name="Phố Thử", highway="primary").to_crs(METRES).to_file(streets, encoding="UTF-8")
    (tmp_path / "streets.prj").unlink()
    asked = ["place", "Phố Thử", "--streets", str(streets), "--format", "json", "--lang", "en"]
    assert "--crs EPSG:5897" in CliRunner().invoke(application_for(asked), asked).stderr
    found = CliRunner().invoke(application_for(asked), [*asked, "--crs", METRES])
    assert json.loads(found.stdout)["features"][0]["properties"]["length_m"] == pytest.approx(LENGTH_M, abs=1)


def test_what_place_writes_is_read_as_routes(tmp_path: Path) -> None:
    streets = tmp_path / "streets.geojson"
    FRAME.assign(name="Phố Thử", highway="primary").to_file(streets)
    for entry in KINDS["place"]:
        if entry.name in ("json", "table"):
            continue
        file = tmp_path / f"found.{entry.ending}"
        asked = ["place", "Phố Thử", "--streets", str(streets), "-o", str(file)]
        assert CliRunner().invoke(application_for(asked), asked).exit_code == 0
        found = read_sites(file)
        assert found.frame["name"].tolist() == ["Phố Thử"], entry
        assert length(found.frame) == pytest.approx(LENGTH_M, abs=0.1)


def test_wards_need_code_and_name() -> None:
    ring = {"type": "Polygon", "coordinates": [[[105.8, 21.0], [105.81, 21.0], [105.81, 21.01], [105.8, 21.0]]]}
    found = read_wards(
        collection(
            feature(ring, {"MA_XA": 4, "TEN_XA": "Ba Đình"}), feature(ring, {"MA_XA": 99999, "TEN_XA": "Xã Mới"})
        )
    )
    assert found.frame[["code", "name", "full_name", "kind", "phase"]].values.tolist() == [
        ["99999", "Xã Mới", "Xã Mới", "xã", "none"],
        ["00004", "Ba Đình", "Phường Ba Đình", "phường", "pilot"],
    ]
    with pytest.raises(InputError, match="has no column 'code'") as caught:
        read_wards(collection(feature(ring, {"x": 1})))
    assert len(caught.value.problems) == 2


def test_the_property_names_a_feature_before_the_format_does() -> None:
    """Editors number features anew; that the two differ is said, a mere count of features is none of it."""
    found = read_sites(collection(feature(properties={"id": "HN-7"}, id="relation/1"), feature(id="relation/2")))
    assert found.frame["site_id"].tolist() == ["relation/1", "relation/2"]
    both = [feature(properties={"id": f"HN-{row}"}, id=f"relation/{row}") for row in (1, 2)]
    found = read_sites(collection(*both))
    assert found.frame["site_id"].tolist() == ["HN-1", "HN-2"]
    assert "property 'id' is taken as the id of 2 features ('HN-1'), not" in str(found.notes[0])
    for first in (0, 1):
        counted = [feature(properties={"id": f"HN-{row}"}, id=row + first) for row in (0, 1)]
        found = read_sites(collection(*counted))
        assert found.frame["site_id"].tolist() == ["HN-0", "HN-1"]
        assert not found.notes


@pytest.mark.parametrize(
    ("names", "shift", "text"),
    [
        (("Hoàng Mai", "Định Công"), 0.0, r"feature 1 \(Hoàng Mai\) and feature 3 \(Định Công\) have the same code"),
        (("Hoàng Mai", "Hoàng Mai"), 0.0, r"features 1 and 3 both have code 00331 \(Hoàng Mai\)"),
        (("Hoàng Mai", "Hoàng Mai"), 0.005, r"features 1 and 3 both have code 00331"),
    ],
)
def test_two_rows_of_one_ward_are_named_as_the_file_counts_them(
    names: tuple[str, str], shift: float, text: str
) -> None:
    """The second row has no geometry and is passed over; numbers stay those of the file."""

    def square(west: float, name: str) -> dict[str, Any]:
        shape = shapely.geometry.mapping(shapely.box(west, 20.96, west + 0.01, 20.97))
        return feature(shape, {"code": "00331", "name": name})

    nothing = feature(None, {"code": "00332", "name": "Vĩnh Hưng"})
    with pytest.raises(InputError, match=text):
        read_wards(collection(square(105.84, names[0]), nothing, square(105.84 + shift, names[1])))
    beside = read_wards(collection(square(105.84, "Hoàng Mai"), square(105.85, "Hoàng Mai")))
    assert beside.frame["code"].tolist() == ["00331"]


@pytest.mark.parametrize(
    ("ending", "options"),
    [("gml", {}), ("gml", {"FORMAT": "GML2"}), ("gml", {"FORMAT": "GML3.2"}), ("tab", {}), ("mif", {"FORMAT": "MIF"})],
    ids=["gml 3.1", "gml 2", "gml 3.2", "tab", "mif"],
)
def test_gml_and_mapinfo_are_read_alone_and_zipped(tmp_path: Path, ending: str, options: dict[str, str]) -> None:
    path = tmp_path / "maps" / f"tuyến.{ending}"
    path.parent.mkdir()
    driver = "GML" if ending == "gml" else "MapInfo File"
    FRAME.to_crs(32648).to_file(path, driver=driver, **options)
    before = sorted(path.parent.iterdir())
    packed = tmp_path / "x.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for part in before:
            archive.write(part, part.name)
    for source in (path, packed, packed.read_bytes()):
        frame = read_sites(source).frame
        assert frame["name"].tolist() == ["Đường Kim Giang"]
        assert frame.geometry.iloc[0].hausdorff_distance(ROUTE) < 1e-7
    assert sorted(path.parent.iterdir()) == before
    if ending == "gml":
        assert read_sites(path.read_bytes()).frame["name"].tolist() == ["Đường Kim Giang"]
        return
    with pytest.raises(InputError, match=r"only one part of a MapInfo .*one \.zip"):
        read_sites(path.read_bytes())


def test_a_mapinfo_table_that_points_elsewhere_is_refused() -> None:
    text = b'!table\n!version 300\nDefinition Table\n  Type LINKED Charset "WindowsLatin1"\n'
    with pytest.raises(InputError, match="points to data elsewhere"):
        read_sites(text, name="x.tab")


def test_nothing_is_fetched_that_a_gml_document_names(tmp_path: Path) -> None:
    FRAME.to_file(tmp_path / "x.gml", driver="GML")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        at = f"http://127.0.0.1:{server.getsockname()[1]}/x.xsd"
        text = (tmp_path / "x.gml").read_text(encoding="utf-8").replace("x.xsd", at)
        assert at in text
        assert len(read_sites(text.encode()).frame) == 1
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("(2:00004,00008)", ["00004", "00008"]),
        ("(0:)", []),
        ("(2:Phường A (phần còn lại, phía bắc),Phường B)", ["Phường A (phần còn lại, phía bắc)", "Phường B"]),
        ("(2:A, B,C)", ["(2:A, B,C)"]),
        ("Phường A (phần), Phường B", ["Phường A (phần)", "Phường B"]),
    ],
)
def test_lists_that_gdal_wrote_as_text_are_lists_again(text: str, parts: list[str]) -> None:
    assert listed_texts(text) == parts


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b'{"type":"Feature","id":"R7","geometry":{"type":"LineString","coordinates":[[105.8,21]]}}', "feature 1"),
        (b'id,wkt\nR7,"LINESTRING (105.8 21)"\n', "row 2"),
    ],
)
def test_a_line_of_one_vertex_is_refused_in_our_words_with_its_id(content: bytes, place: str) -> None:
    with pytest.raises(InputError) as caught:
        read(content, "a.csv" if b"wkt" in content else "a.geojson")
    [problem] = caught.value.problems
    assert f"{place} (id R7)" in str(problem.place)
    reason = problem.parameters["reason"]
    assert "one vertex" in reason.en
    assert "chỉ có một đỉnh" in reason.vi


@pytest.mark.parametrize(
    "text",
    [
        "105.78,21.03 105.80,21.05 105.82,21.03\n",
        "105.78,21.03,0 105.80,21.05,0\n",
        "105.78,21.03 105.80,21.05\n105.82,21.03 105.84,21.05\n",
        "A,105.78,21.03\nA,105.80,21.05\nB,105.82,21.03\nB,105.84,21.05\n",
        "105.78 21.03\n105.80 21.05\n\n105.82 21.03\n105.84 21.05\n",
        "CIRCULARSTRING(105.78 21.03,105.80 21.05,105.82 21.03)",
        "TRIANGLE((105.78 21.03,105.80 21.05,105.82 21.03,105.78 21.03))",
    ],
)
def test_what_only_headings_could_say_is_not_guessed(tmp_path: Path, text: str) -> None:
    """Names, further places on a line, a second list below a blank line: dropped or joined unsaid they were."""
    file = tmp_path / "q.txt"
    file.write_text(text)
    with pytest.raises(InputError):
        read_sites(file)


@pytest.mark.parametrize("page", ["", "UTF-8", "ISO-8859-1", "nonsense"])
@pytest.mark.parametrize(
    ("data", "name", "note"),
    [
        ("Đường Trần Phú".encode(), "Đường Trần Phú", ""),
        ("Đường Trần Phú ệ".encode()[:-1], "Đường Trần Phú", ""),  # cut by the width of its field
        (b"\xa7\xad\xeang Tr\xc7n Ph\xf3", "Đường Trần Phú", "TCVN3"),
        ("Ph\u01b0ơ\u0300ng Hoa\u0300 Bi\u0300nh".encode("cp1258"), "Phường Hoà Bình", ""),
        ("café".encode("cp1258"), "café", ""),
        (b"\x81\x8d\x8f", "", "code page that was not recognised"),
    ],
)
def test_texts_of_a_shapefile_are_recognised_whatever_it_says_of_them(
    tmp_path: Path, page: str, data: bytes, name: str, note: str
) -> None:
    path = tmp_path / "t.shp"
    FRAME.drop(columns="ten").assign(site_id="S1", ten="x" * 30).to_file(path, encoding="ISO-8859-1")
    table = path.with_suffix(".dbf")
    table.write_bytes(table.read_bytes().replace(b"x" * 30, data.ljust(30)))
    path.with_suffix(".cpg").write_text(page) if page else path.with_suffix(".cpg").unlink()
    if not name and page == "ISO-8859-1":
        return  # any byte is a letter there
    found = read_sites(path)
    assert list(found.frame["site_id"]) == ["S1"]
    assert not name or list(found.frame["name"]) == [name]
    assert note in said(found)


def test_a_shapefile_without_its_table_is_said(tmp_path: Path) -> None:
    FRAME.to_file(tmp_path / "t.shp")
    (tmp_path / "t.dbf").unlink()
    assert ".dbf" in said(read_sites(tmp_path / "t.shp"))


def two_routes(path: Path) -> Path:
    other = shapely.affinity.translate(FRAME.geometry.iloc[0], 0.001)
    frame = gpd.GeoDataFrame({"site_id": ["A", "B"]}, geometry=[FRAME.geometry.iloc[0], other], crs=FRAME.crs)
    frame.to_file(path)
    return path


@pytest.mark.parametrize(("ending", "cut"), [(".shp", 20), (".dbf", 10), (".dbf", 10_000)])
@pytest.mark.parametrize("has_index", [True, False])
def test_a_shapefile_that_is_cut_short_is_refused(tmp_path: Path, ending: str, cut: int, has_index: bool) -> None:
    side = two_routes(tmp_path / "t.shp").with_suffix(ending)
    if not has_index:
        (tmp_path / "t.shx").unlink()
    side.write_bytes(side.read_bytes()[:-cut])
    with pytest.raises(InputError) as caught:
        read_sites(tmp_path / "t.shp")
    [problem] = caught.value.problems
    assert (problem.code, problem.parameters["ending"]) == ("importing.shapefile-cut", ending)


@pytest.mark.parametrize("has_index", [True, False])
@pytest.mark.parametrize("rows", [1, 3])
def test_shapes_and_rows_that_are_not_equally_many_are_refused(tmp_path: Path, rows: int, has_index: bool) -> None:
    path = two_routes(tmp_path / "t.shp")
    if not has_index:
        path.with_suffix(".shx").unlink()
    table = path.with_suffix(".dbf").read_bytes()
    start, width = (int.from_bytes(table[at : at + 2], "little") for at in (8, 10))
    body = table[start : start + width] * rows
    path.with_suffix(".dbf").write_bytes(table[:4] + rows.to_bytes(4, "little") + table[8:start] + body + b"\x1a")
    with pytest.raises(InputError) as caught:
        read_sites(path)
    [problem] = caught.value.problems
    assert problem.code == "importing.shapefile-rows"
    assert (problem.parameters["shapes"], problem.parameters["rows"]) == (2, rows)


def test_a_row_that_is_marked_as_deleted_is_left_out_and_said(tmp_path: Path) -> None:
    table = two_routes(tmp_path / "t.shp").with_suffix(".dbf")
    content = bytearray(table.read_bytes())
    content[int.from_bytes(content[8:10], "little")] = ord("*")
    table.write_bytes(content)
    found = read_sites(tmp_path / "t.shp")
    assert list(found.frame["site_id"]) == ["B"]
    assert "1 feature that is marked as deleted was left out: number 1" in said(found)


@pytest.mark.parametrize("heading", ["Đoạn", "segment_id", "track_seg_id", "line_id"])
def test_a_column_of_segments_parts_a_route_and_is_said(heading: str) -> None:
    rows = [f"A,{1 + place // 3},{x},{y}" for place, (x, y) in enumerate(XY)]
    found = read(f"route,{heading},lon,lat\n{chr(10).join(rows)}\n".encode(), "t.csv")
    [shape] = found.frame.geometry
    assert (len(shape.geoms), found.frame["site_id"].tolist()) == (2, ["A"])
    assert heading in said(found)


@pytest.mark.parametrize("heading", ["track_fid", "fid"])
def test_vertices_of_two_features_of_one_name_are_two_lines(heading: str) -> None:
    rows = [f"{x},{y},{1 + place // 3},A" for place, (x, y) in enumerate(XY)]
    assert len(read(f"X,Y,{heading},name\n{chr(10).join(rows)}\n".encode(), "t.csv").frame) == 2


def test_a_line_that_stands_twice_in_a_site_is_said() -> None:
    twice = [feature(line(xy), {"site_id": "D", "name": "x"}) for xy in (XY, XY[::-1])]
    assert "twice" in said(read(collection(*twice)))


def test_parquet_with_coordinates_as_lists_or_columns_or_a_second_geometry(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    FRAME.to_parquet(path, geometry_encoding="geoarrow")
    assert length(read_sites(path).frame) == pytest.approx(LENGTH_M, abs=0.6)
    places = list(zip(*XY, strict=True))
    pd.DataFrame({"route": ["A"] * len(XY), "lon": places[0], "lat": places[1]}).to_parquet(path)
    assert length(read_sites(path).frame) == pytest.approx(LENGTH_M, abs=0.6)
    FRAME.assign(other=FRAME.geometry).to_parquet(path)
    assert "other" in said(read_sites(path))
    FRAME.assign(other=FRAME.geometry.translate(0.01)).to_parquet(path)
    with pytest.raises(InputError, match="say different places"):
        read_sites(path)


def test_the_documents_of_a_kmz_are_one_without_its_name(tmp_path: Path) -> None:
    path = tmp_path / "t.kmz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.kml", kml(placemark("a", KML_LINE)))
        archive.writestr("b.kml", kml(placemark("b", shifted(0.01))))
    # It is one by every way in, however it is called; that all were read is said.
    for found in (read_sites(path), read(path.read_bytes(), "body"), read(path.read_bytes(), "t.zip")):
        assert len(found.frame) == 2
        assert "layers read together" in said(found)


@pytest.mark.parametrize(
    ("ending", "charset"), [("gpkg", ""), ("fgb", ""), ("mif", "WindowsVietnamese"), ("mif", "Neutral")]
)
def test_old_fonts_and_code_pages_of_other_formats_are_recognised(tmp_path: Path, ending: str, charset: str) -> None:
    path = tmp_path / f"t.{ending}"
    data = b"\xa7\xad\xeang Tr\xc7n Ph\xf3"
    FRAME.drop(columns="ten").assign(Name="x" * 30 if charset else data.decode("latin-1")).to_file(path)
    if charset:
        path.write_text(re.sub('Charset ".*"', f'Charset "{charset}"', path.read_text()))
        table = path.with_suffix(".mid")
        data = data if charset == "Neutral" else "\u0110\u01b0ơ\u0300ng Trâ\u0300n Phu\u0301".encode("cp1258")
        table.write_bytes(table.read_bytes().replace(b"x" * 30, data))
    found = read_sites(path)
    assert list(found.frame["name"]) == ["Đường Trần Phú"]
    assert ("TCVN3" in said(found)) == (charset != "WindowsVietnamese")


def test_a_kml_in_the_code_page_that_it_names_is_read() -> None:
    text = kml(placemark("Ph\u01b0ơ\u0300ng", KML_LINE)).decode().replace("UTF-8", "windows-1258")
    assert list(read(text.encode("cp1258"), "t.kml").frame["name"]) == ["Phường"]


def archive_of(**files: bytes) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return buffer.getvalue()


def test_members_of_an_archive_are_read_or_named() -> None:
    one, other = kml(placemark("a", KML_LINE)), kml(placemark("b", shifted(0.01)))
    wkt = b"LINESTRING (105.84 21.03, 105.85 21.03)"
    # What holds routes too is asked about, whatever it is.
    for beside in ({"b__kmz": archive_of(doc__kml=other)}, {"b__txt": wkt}, {"b__ndjson": geojson_line()}):
        with pytest.raises(InputError, match="several layers"):
            read(archive_of(a__kml=one, **beside), "x.zip")
    # What holds none is named, and pictures are not.
    found = read(archive_of(a__kml=one, readme__txt=b"Xin chao", b__docx=b"PK", c__png=b"a"), "x.zip")
    assert "2 files of the archive are not read: b.docx, readme.txt" in said(found)
    assert "not read" not in said(read(archive_of(a__kml=one, c__png=b"a"), "x.zip"))
    with pytest.raises(InputError, match="can't be read as KML"):
        read(archive_of(a__kml=one, b__kml=other[:-200]), "x.zip")


def geojson_line() -> bytes:
    return b'{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[105.84,21.03],[105.85,21.03]]}}'


def test_arcs_that_unfold_without_end_are_refused_in_both_languages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from geo.importing.geometries.formats.dialects import topology

    monkeypatch.setattr(topology, "_MOST_POSITIONS", 2_000)
    file = tmp_path / "again.topojson"
    line = {"type": "LineString", "arcs": [0] * 1_001}
    arcs = [[[105.8, 21.0], [105.81, 21.01], [105.8, 21.0]]]
    file.write_text(json.dumps({"type": "Topology", "objects": {"x": line}, "arcs": arcs}), encoding="utf-8")
    with pytest.raises(TooLargeError) as refused:
        read_sites(file)
    assert refused.value.problems[0].what == "its arcs come to more than 2,000 vertices"
    assert "hơn 2.000 đỉnh" in refused.value.problems[0].text("vi")
