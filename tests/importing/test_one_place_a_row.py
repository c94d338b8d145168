"""A table or text says one place a row: what it says beside that, or says by halves, is named and never dropped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from geometry_samples import XY, collection, feature, line
from table_files import ods_file, xls_file, xlsx_file
from typer.testing import CliRunner

from geo.cli.app import application
from geo.errors import InputError
from geo.importing.geometries import SitesRead, read_sites
from geo.importing.pasted_route import pasted

LINE, ELSEWHERE = "LINESTRING (105.84 20.97, 105.85 20.98)", "LINESTRING (105.8 21, 105.81 21.01)"
TWO = [(105.78, 21.03), (105.79, 21.04)]


def read(content: str | bytes, name: str = "x.csv") -> SitesRead:
    return read_sites(content.encode() if isinstance(content, str) else content, name=name)


def codes(found: SitesRead) -> list[str]:
    return [note.code for note in found.notes]


def refused(content: str | bytes, name: str = "x.csv") -> list[Any]:
    with pytest.raises(InputError) as caught:
        read(content, name)
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("id,lon,lat,lon2,lat2\n1,105.84,20.97,105.8,21.0\n1,105.85,20.98,105.81,21.01\n", "lon2, lat2"),
        ("id,x,y,x2,y2\n1,587000,2320000,577000,2330000\n1,587100,2320100,577100,2330100\n", "x2, y2"),
        ("id,lon,lat,end_lon,end_lat\n1,105.84,20.97,105.8,21.0\n1,105.85,20.98,105.81,21.01\n", "end_lon, end_lat"),
        ("id,lon,lat,to,upto\n1,105.84,20.97,105.8,21.05\n1,105.85,20.98,105.81,21.01\n", "to, upto"),
        ('id,lon,lat,toa do\n1,105.84,20.97,"21.05, 105.8"\n1,105.85,20.98,"21.01, 105.81"\n', "toa do"),
        (f'id,wkt,wkt2\n1,"{LINE}","{ELSEWHERE}"\n', "wkt2"),
        (f'id,lon,lat,wkt\n1,105.8,21.0,"{LINE}"\n', "lon, lat"),
    ],
)
def test_a_second_place_elsewhere_is_refused_by_the_names_of_its_columns(text: str, named: str) -> None:
    [problem] = refused(text)
    assert problem.code == "importing.second-place"
    assert f"and {named} say" in str(problem) and "2" in str(problem.parameters["rows"])


def test_a_second_place_in_a_workbook_is_refused() -> None:
    rows = [["lon", "lat", "lon2", "lat2"], [105.84, 20.97, 105.8, 21.05], [105.85, 20.98, 105.81, 21.01]]
    assert "lon2, lat2" in str(refused(xlsx_file(rows), "x.xlsx")[0])


@pytest.mark.parametrize(
    "text",
    [
        f'id,lon,lat,wkt\n1,105.845,20.975,"{LINE}"\n',
        f'id,wkt,geom\n1,"{LINE}","{LINE}"\n',
        "id,lon,lat,x,y\n1,105.84,20.97,587000,2320000\n1,105.85,20.98,587100,2320100\n",
    ],
)
def test_a_second_place_that_agrees_or_is_in_metres_is_named(text: str) -> None:
    assert "importing.second-place-left" in codes(read(text))


def test_a_route_of_one_vertex_and_vertices_without_a_route_are_refused() -> None:
    begin = "ma_tuyen,lon,lat\nA,105.84,20.97\nA,105.85,20.98\n"
    [problem] = refused(f"{begin}B,105.8,21.0\n")
    assert problem.code == "importing.route-of-one-vertex" and "row 4" in str(problem) and "'B'" in str(problem)
    [problem] = refused(f"{begin},105.8,21.0\n,105.81,21.0\n")
    assert problem.code == "importing.vertices-without-route" and "4–5" in str(problem)


def test_a_point_among_lines_is_named_and_the_command_ends_with_one(tmp_path: Path) -> None:
    path = tmp_path / "x.geojson"
    point = {"type": "Point", "coordinates": list(XY[0])}
    path.write_bytes(collection(feature(line(XY), {"id": "a"}), feature(point, {"id": "b"})))
    assert "importing.points-among-lines" in codes(read_sites(path))
    made = CliRunner().invoke(application(["crossings"]), ["crossings", "--sites", str(path), "--format", "json"])
    assert made.exit_code == 1 and "number 2" in made.stderr
    path.write_bytes(collection(feature(line(XY), {"id": "a"})))
    assert (
        CliRunner()
        .invoke(application(["crossings"]), ["crossings", "--sites", str(path), "--format", "json"])
        .exit_code
        == 0
    )


@pytest.mark.parametrize("total", ["Tổng,,2", "Tổng cộng:,2,", "Tổng,2,2", ",,"])
def test_totals_and_blanks_among_vertices_are_passed_over_and_said(total: str) -> None:
    found = read(f"ma_tuyen,lon,lat\nA,105.84,20.97\nA,105.85,20.98\n{total}\nA,105.86,20.98\n")
    assert found.reading.passed in ({4: "importing.row-without-place"}, {})
    assert shapely.get_num_coordinates(found.frame.geometry.iloc[0]) == 3


def test_half_a_place_is_named_with_its_row() -> None:
    [problem] = refused("ma_tuyen,lon,lat\nA,105.84,20.97\nA,105.85,\n")
    assert "row 3" in str(problem) and "105.85" in str(problem) and "None" not in str(problem)


@pytest.mark.parametrize(
    "text",
    [
        "105,78 21,03\n105,79 21,04\n",
        "105,78\t21,03\n105,79\t21,04\n",
        "1 105.78 21.03\n2 105.79 21.04\n",
        "1. 105.78 21.03\n2. 105.79 21.04\n",
        "0;105,78;21,03\n1;105,79;21,04\n",
        "21°01'48\"N 105°46'48\"E\n21°02'24\"N 105°47'24\"E\n",
        "[[105.78,21.03],[105.79,21.04]]",
        "[[[105.78,21.03,5],[105.79,21.04,6]]]",
    ],
)
def test_places_a_line_each_are_read_alike_from_file_and_paste(text: str) -> None:
    for content in (text.encode(), pasted(text)[0]):
        found = read(content, "tuyến.txt")
        assert shapely.get_coordinates(found.frame.geometry).round(6).tolist() == [list(pair) for pair in TWO]
        assert found.notes


def test_what_is_no_place_among_places_is_named() -> None:
    for content in (b"105.78 21.03\nabc\n105.79 21.04\n", pasted("105.78 21.03\nabc\n105.79 21.04\n")[0]):
        [problem] = refused(content, "x.txt")
        assert "row 2: 'abc' is no place" in str(problem)
    [problem] = refused(pasted("105.78 21.03\n105.79 21.04\n\n105.8 21.03\n105.81 21.04")[0], "text")
    assert problem.code == "importing.blank-between-places" and "row 3" in str(problem)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("tuyến Giải Phóng\ntừ số 1\n", "importing.text-without-places"),
        ("A,105.78,21.03\nB,105.79,21.04\n", "importing.table-without-headings"),
        ("B,105.78,21.03\nB,105.79,21.04\n", "importing.table-without-headings"),
        ("a,b\nc,d\n", "importing.table-without-places"),
    ],
)
def test_a_text_without_places_is_refused_with_what_was_seen_and_how_to_write_it(text: str, code: str) -> None:
    [problem] = refused(text, "x.txt")
    assert problem.code == code
    assert text.splitlines()[0].split(",")[0] in str(problem) and "lon" in str(problem)


def test_curves_are_named_wherever_they_stand() -> None:
    curve = "CIRCULARSTRING (105.84 20.97, 105.845 20.98, 105.85 20.97)"
    assert "CIRCULARSTRING" in str(refused(f"GEOMETRYCOLLECTION ({curve})", "x.wkt")[0])
    path = {"curvePaths": [[[105.84, 20.97], {"c": [[105.85, 20.97], [105.845, 20.98]]}]]}
    esri = {"geometryType": "esriGeometryPolyline", "features": [{"attributes": {}, "geometry": path}]}
    assert "curvePaths" in str(refused(json.dumps(esri), "x.json")[0])


ROUTE = [[105.8, 21.02], [105.82, 21.03], [105.84, 21.035]]
STEPS = [[800000, 20000], [20000, 10000], [20000, 5000]]


def esri_of(*geometries: dict[str, Any], **more: Any) -> str:
    features = [{"attributes": {"id": str(at)}, "geometry": each} for at, each in enumerate(geometries)]
    return json.dumps({"geometryType": "esriGeometryPolyline", "features": features, **more})


def test_a_system_of_a_geometry_of_esris_holds_and_two_are_refused() -> None:
    own = {"paths": [ROUTE], "spatialReference": {"wkid": 4756}}
    plainly = read(esri_of({"paths": [ROUTE]}, spatialReference={"wkid": 4756}), "x.json")
    assert read(esri_of(own), "x.json").frame.equals(plainly.frame)
    assert read(esri_of(own, spatialReference={"wkid": 4756}), "x.json").frame.equals(plainly.frame)
    [problem] = refused(esri_of(own, spatialReference={"wkid": 4326}), "x.json")
    assert problem.code == "importing.several-systems"
    assert problem.parameters["systems"] == ["EPSG:4326", "EPSG:4756"]


@pytest.mark.parametrize(
    ("corner", "line"),
    [("lowerLeft", ROUTE), ("upperLeft", [[105.8, 20.98], [105.82, 20.97], [105.84, 20.965]])],
)
def test_a_quantized_answer_is_unfolded_by_its_transform(corner: str, line: list[list[float]]) -> None:
    grid = {"originPosition": corner, "scale": [1e-06, 1e-06], "translate": [105, 21]}
    found = read(esri_of({"paths": [STEPS, []]}, spatialReference={"wkid": 4326}, transform=grid), "x.json")
    assert shapely.get_coordinates(found.frame.geometry.to_numpy()) == pytest.approx(
        shapely.get_coordinates(shapely.LineString(line))
    )


def test_a_transform_that_does_not_say_its_corner_or_can_not_be_read_is_refused() -> None:
    grid = {"scale": [1e-06, 1e-06], "translate": [105, 21]}
    assert refused(esri_of({"paths": [STEPS]}, transform=grid), "x.json")[0].code == "importing.grid-without-corner"
    bad = {"originPosition": "middle", **grid}
    assert refused(esri_of({"paths": [STEPS]}, transform=bad), "x.json")[0].code == "importing.damaged-file"


def test_an_empty_part_of_a_geometry_loses_nothing() -> None:
    whole = {"type": "MultiLineString", "coordinates": [ROUTE, ROUTE[::-1][:2]]}
    holed = {"type": "MultiLineString", "coordinates": [ROUTE, [], ROUTE[::-1][:2], []]}
    assert read(json.dumps(holed), "x.geojson").frame.geometry.equals(
        read(json.dumps(whole), "x.geojson").frame.geometry
    )
    assert refused(json.dumps({**whole, "coordinates": [ROUTE, None]}), "x.geojson")


def test_kilometres_are_named_and_no_system_is_offered_for_them_as_they_are() -> None:
    [problem] = refused("ma_tuyen,x,y\nA,587.0005,2320.0005\nA,587.1005,2320.1005\n")
    assert "kilometres" in str(problem) and "5897" in str(problem) and "such as" not in str(problem)


def test_ids_that_do_not_tell_features_apart_are_counted() -> None:
    ids = (1, 1.0, None, "")
    found = read(collection(*[feature(line(XY[at:]), {"id": own}) for at, own in enumerate(ids)]), "x.geojson")
    assert found.frame["site_id"].tolist() == ["1", "2", "3", "4"]
    assert "'1' is that of 2 features" in str(found.notes[0]) and "2 have none" in str(found.notes[0])


def test_hidden_rows_of_a_workbook_are_read_and_said_and_merged_routes_are_filled() -> None:
    rows = [["route_id", "lon", "lat"], ["A", 105.84, 20.97], [None, 105.85, 20.98], [None, 105.86, 20.98]]
    found = read(xlsx_file(rows, hidden=[3], merged=["A2:A4"]), "x.xlsx")
    assert found.frame["site_id"].tolist() == ["A"]
    assert shapely.get_num_coordinates(found.frame.geometry.iloc[0]) == 3
    assert "importing.hidden-rows" in codes(found)


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_merged_routes_of_other_workbooks_are_filled_and_blank_ones_are_not(kind: str) -> None:
    rows = [["Tuyến", "lon", "lat"]]
    rows += [
        [name if at == 0 else None, 105.8 + at / 100, lat]
        for name, lat in (("A", 20.97), ("B", 20.99))
        for at in range(3)
    ]
    made = {"xls": xls_file, "ods": ods_file}[kind]
    found = read(made(rows, merged=[(2, 4, 1), (5, 7, 1)]), f"x.{kind}")
    assert found.frame["site_id"].tolist() == ["A", "B"]
    with pytest.raises(InputError, match="no route, while others have one"):
        read(made(rows), f"x.{kind}")


@pytest.mark.parametrize(
    "text",
    [
        "_uuid,_Vị trí_latitude,_Vị trí_longitude,_Vị trí_altitude\nu1,20.97,105.84,5\nu2,20.98,105.85,5\n",
        "KEY,tuyen-Latitude,tuyen-Longitude,tuyen-Accuracy\nu1,20.97,105.84,5\nu2,20.98,105.85,5\n",
        'KEY,Tuyến\nu1,"20.97 105.84 0 0;20.98 105.85 0 0"\n',
        'KEY,Tuyến khảo sát\nu1,"LINESTRING (105.84 20.97 0, 105.85 20.98 0)"\n',
    ],
)
def test_what_survey_programs_export_is_read(text: str) -> None:
    found = read(text)
    assert shapely.get_coordinates(found.frame.geometry).tolist() == [[105.84, 20.97], [105.85, 20.98]]
    assert found.notes


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_tables_in_an_old_font_keep_their_routes_apart(encoding: str) -> None:
    """A heading that is not understood would join all vertices to one line."""
    rows = "".join(f"{route},{105.84 + n / 100:.2f},20.97\n" for route in ("Gi¶i", "B¹ch") for n in range(2))
    found = read(f"M· tuyÕn,lon,lat\n{rows}".encode(encoding))
    assert found.frame["site_id"].tolist() == ["Giải", "Bạch"]
    assert "importing.old-fonts" in codes(found)


def test_an_order_that_is_none_is_said() -> None:
    begin = "route_id,seq,lon,lat\nA,2,105.84,20.97\nA,1,105.85,20.98\n"
    assert "importing.order-not-used" in codes(read(f"{begin}A,,105.86,20.98\n"))
    sorted_by_it = read(f"{begin}A,3,105.86,20.98\n")
    assert "importing.order-not-used" not in codes(sorted_by_it)
    assert shapely.get_coordinates(sorted_by_it.frame.geometry)[0].tolist() == [105.85, 20.98]


def test_json_of_other_shapes_is_refused_by_its_names() -> None:
    assert "'lng'" in str(refused('[{"lat": 21.03, "lng": 105.78}]', "x.json")[0])
