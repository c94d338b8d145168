"""Places and lines as people and programs write them in tables, GPX, KML and GML: read, or refused with what they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from table_files import text_file

from geo.errors import InputError
from geo.importing.geometries import read_sites
from geo.importing.geometries.reading import read_geometries
from geo.importing.geometries.systems.question import Question
from geo.importing.pasted_route import pasted
from geo.importing.reports import examine_reports
from geo.records.store import Store

Write = Callable[[bytes, str], Path]
LINE = "LINESTRING (105.84 21.03, 105.85 21.03)"
JSON = '{"type":"LineString","coordinates":[[105.84,21.03],[105.85,21.03]]}'
GX = 'xmlns:gx="http://www.google.com/kml/ext/2.2"'


def shapes(text: str) -> list[str]:
    return [shape.wkt for shape in read_geometries(text.encode(), name="a").frame.geometry]


def refused(text: str, crs: str | None = None) -> tuple[str, str]:
    """Code and words of the one problem of a text."""
    with pytest.raises(InputError) as error:
        read_geometries(pasted(text)[0], Question(crs), name="a")
    [problem] = error.value.problems
    return problem.code, str(problem)


@pytest.mark.parametrize(
    "text",
    [
        "id,lon1,lat1,lon2,lat2\n1,105.84,21.03,105.85,21.03",
        "id,lat_start,lon_start,lat_end,lon_end\n1,21.03,105.84,21.03,105.85",
        "Tên;X đầu;Y đầu;X cuối;Y cuối\nA;105.84;21.03;105.85;21.03",
        "id;từ;đến\n1;21.03, 105.84;21.03, 105.85",
        'id;tọa độ\n1;"21.03,105.84; 21.03,105.85"',
        "id;tọa độ\n1;105.84 21.03, 105.85 21.03",
        "id;đường\n1;[[105.84,21.03],[105.85,21.03]]",
        f"id;geojson\n1;{JSON}",
        f"id;geometry\n1;{JSON}",
        f'id;vùng\n1;{{"type":"Feature","properties":{{}},"geometry":{JSON}}}',
    ],
)
def test_a_row_that_is_a_line(text: str) -> None:
    assert shapes(text) == [LINE]


def test_more_places_of_a_row_make_one_line_and_that_they_are_straight_is_said() -> None:
    found = read_geometries(b"id,x1,y1,x2,y2,x3,y3\n1,105.84,21.03,105.85,21.03,105.86,21.04\n2,,,,,,", name="a")
    assert [shape.wkt for shape in found.frame.geometry] == [f"{LINE[:-1]}, 105.86 21.04)"]
    assert found.passed == {3: "importing.row-without-place"}
    assert any(note.code == "importing.lines-of-ends" for note in found.notes)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("id,lon1,lat1,lon2,lat2\n1,105.84,21.03,105.85,", "importing.half-a-line"),
        ('id;geojson\n1;{"type":"LineString","coordinates":[[105.84,21.03]]}', "importing.feature-unreadable"),
    ],
)
def test_a_row_that_is_half_a_line_is_refused(text: str, code: str) -> None:
    assert refused(text)[0] == code


def test_words_of_the_ends_and_former_places_are_no_ends() -> None:
    assert shapes("id,từ,đến,lon,lat\n1,Cầu Tó,Kim Giang,105.84,21.03") == ["POINT (105.84 21.03)"]
    assert refused("id,lon_cu,lat_cu,lon_moi,lat_moi\n1,105.84,21.03,105.85,21.03")[0] != "importing.lines-of-ends"
    # A survey program's four numbers are one place.
    assert shapes("id;tọa độ\n1;21.03 105.84 5 10") == ["POINT (105.84 21.03)"]


@pytest.mark.parametrize(
    ("first", "second", "form"),
    [
        ("10550.54,2101.71", "10551.54,2101.71", "ddmm"),
        ("1055032,210142", "1055132,210142", "ddmmss"),
        ("105842300,21028500", "105852300,21028500", "million"),
        ("1058423000,210285000", "1058523000,210285000", "ten million"),
    ],
)
def test_packed_degrees_are_named_with_their_remedy(first: str, second: str, form: str) -> None:
    code, words = refused(f"lon,lat\n{first}\n{second}")
    assert code == "importing.packed-degrees"
    assert form in words
    assert "longitude 105.842" in words
    # A system of metres does not make metres of them; near the origin of a local one there may be such.
    is_local = form == "ddmm"
    assert (refused(f"lon,lat\n{first}\n{second}", "EPSG:5897")[0] == "importing.packed-degrees") != is_local


PACKED = {
    "ddmm": "10550.538,2101.71\n10551.54,2101.71",
    "ddmmss": "1055032.28,210142.6\n1055132,210142",
    "e6": "105842300,21028500\n105852300,21028500",
    "E7": "210285000,1058423000\n210285000,1058523000",
}


@pytest.mark.parametrize("form", PACKED)
def test_packed_degrees_are_read_where_the_user_names_their_form(form: str) -> None:
    text = f"lon,lat\n{PACKED[form]}"
    with pytest.raises(InputError, match=f"--crs {form.lower()}"):
        read_sites(text.encode(), name="a.csv")
    read = read_sites(text.encode(), name="a.csv", question=Question(form))
    assert read.frame.geometry.iloc[0].coords[0] == pytest.approx((105.8423, 21.0285), abs=2e-5)
    assert "importing.packed-as-asked" in [note.code for note in read.notes]
    vn2000 = f"lon (VN-2000),lat (VN-2000)\n{PACKED[form]}"
    there = read_sites(vn2000.encode(), name="a.csv", question=Question(form)).frame.geometry.iloc[0].coords[0]
    away = abs(there[0] - read.frame.geometry.iloc[0].coords[0][0])
    assert away == pytest.approx(0.0018, abs=2e-4)


def test_minutes_that_are_none_are_refused_in_a_form_that_the_user_names() -> None:
    with pytest.raises(InputError, match=r"10575\.5"):
        read_sites(b"lon,lat\n10575.5,2101.7\n10550.5,2101.7", name="a.csv", question=Question("ddmm"))


def test_packed_degrees_of_reports_are_read_where_the_user_names_their_form(store: Store, file: Write) -> None:
    rows = [["Ngày", "Loại tin", "Nguồn tin", "Kinh độ", "Vĩ độ"]]
    rows += [["05/07/2026", "other", "letter", *pair] for pair in (("10550.538", "2101.71"), ("2101.71", "10550.538"))]
    found = examine_reports(file(text_file(rows), "a.csv"), store, question=Question("DDMM"))
    assert [(report.lon, report.lat) for report in found.reports] == [pytest.approx((105.8423, 21.0285), abs=2e-5)] * 2


def test_metres_are_never_taken_for_packed_degrees() -> None:
    assert refused("x,y\n587000,2325000\n588000,2325000")[0] == "importing.no-system"


def test_packed_degrees_in_a_file_of_reports(store: Store, file: Write) -> None:
    rows = [["Ngày", "Loại tin", "Nguồn tin", "Kinh độ", "Vĩ độ"]]
    rows.append(["05/07/2026", "other", "letter", "10550.54", "2101.71"])
    with pytest.raises(InputError) as error:
        examine_reports(file(text_file(rows), "a.csv"), store)
    assert [problem.code for problem in error.value.problems] == ["importing.packed-degrees"]


def test_two_places_in_a_cell_of_a_report_are_refused(store: Store, file: Write) -> None:
    rows = [["Ngày", "Loại tin", "Nguồn tin", "Tọa độ"]]
    rows += [["05/07/2026", "other", "letter", "21.03,105.84; 21.05,105.86"]]
    rows += [["05/07/2026", "other", "letter", "21.03 105.84 12 105"]]
    found = examine_reports(file(text_file(rows), "a.csv"), store)
    assert [problem.code for problem in found.problems] == ["importing.several-places"]
    assert [(report.lon, report.lat) for report in found.reports] == [(105.84, 21.03)]


@pytest.mark.parametrize("text", ["587000 2325000 588000 2325100", "587000.1,2325000.3;588000.5,2325100.2"])
def test_pairs_of_metres_that_are_pasted_are_asked_about_and_read_once_said(text: str) -> None:
    code, words = refused(text)
    assert (code, "--crs EPSG:5897" in words) == ("importing.no-system", True)
    found = read_geometries(pasted(text)[0], Question("EPSG:5897"), name="a")
    assert [len(shape.coords) for shape in found.frame.geometry] == [2]


def test_the_road_between_the_points_of_a_route_of_garmin_is_read() -> None:
    head = 'xmlns="http://www.topografix.com/GPX/1/1" xmlns:gpxx="http://www.garmin.com/xmlschemas/GpxExtensions/v3"'
    road = '<gpxx:rpt lat="21.032" lon="105.842"/><gpxx:rpt lat="{}" lon="105.845"/>'
    text = (
        f'<gpx version="1.1" creator="x" {head}><rte><name>R</name><rtept lat="21.03" lon="105.84"><extensions>'
        f"<gpxx:RoutePointExtension>{road}</gpxx:RoutePointExtension></extensions></rtept>"
        '<rtept lat="21.03" lon="105.85"/></rte></gpx>'
    )
    found = read_geometries(text.format("21.033").encode(), name="a")
    [shape] = found.frame.geometry
    assert shape.wkt == "LINESTRING (105.84 21.03, 105.842 21.032, 105.845 21.033, 105.85 21.03)"
    assert found.frame["name"].tolist() == ["R"]
    assert next(str(note) for note in found.notes if note.code == "importing.road-points").startswith("2 points")
    assert refused(text.format("21.O33"))[0] == "importing.vertex-no-number"


@pytest.mark.parametrize(
    ("root", "prefix"),
    [
        (f'xmlns="http://www.opengis.net/kml/2.2" {GX}', "gx:"),
        ('xmlns="http://www.opengis.net/kml/2.3"', ""),
        ('xmlns="http://www.google.com/kml/ext/2.2"', ""),
    ],
)
def test_tracks_of_kml(root: str, prefix: str) -> None:
    track = "".join(f"<{prefix}coord>{place} 5</{prefix}coord>" for place in ("105.84 21.03", "105.85 21.03"))
    times = "<when>2026-01-01T00:00:00Z</when><when>2026-01-01T00:00:10Z</when>"
    text = f"<kml {root}><Placemark><name>T</name><{prefix}Track>{times}{track}</{prefix}Track></Placemark></kml>"
    assert shapes(text) == [LINE]


def test_a_gml_with_two_systems_is_refused_with_both() -> None:
    member = (
        '<gml:featureMember><r fid="a{0}"><g><gml:LineString srsName="{1}"><gml:coordinates>587000,232{0}000 '
        "588000,232{0}000</gml:coordinates></gml:LineString></g></r></gml:featureMember>"
    )
    text = '<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml">{}</gml:FeatureCollection>'
    code, words = refused(text.format(member.format(5, "EPSG:5897") + member.format(6, "EPSG:3405")))
    assert (code, "EPSG:5897, EPSG:3405" in words) == ("importing.several-systems", True)
    same = member.format(5, "EPSG:5897") + member.format(6, "EPSG:5897")
    assert len(shapes(text.format(same))) == 2
