"""Vertices a row each: where a line is cut, in which order it runs, and what a file says that it lacks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely
from geometry_samples import collection, feature
from typer.testing import CliRunner

from geo.cli.app import application
from geo.errors import InputError
from geo.importing.geometries import read_sites

A, B, C, D = "105.8,21.02", "105.82,21.025", "105.7,21.02", "105.71,21.025"


def table(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def codes(content: bytes, name: str = "a.csv") -> list[str]:
    return [note.code for note in read_sites(content, name=name).notes]


@pytest.mark.parametrize("heading", ["part", "vertex_part", "Phần"])
@pytest.mark.parametrize("parts", ["1122", "1212"])
def test_the_parts_of_a_line_are_not_joined(heading: str, parts: str) -> None:
    places = {"1": [A, B], "2": [C, D]}
    rows = [f"A,{part},{places[part].pop(0)}" for part in parts]
    [found] = read_sites(table(f"name,{heading},lon,lat", *rows), name="a.csv").frame.geometry
    assert found.wkt == "MULTILINESTRING ((105.8 21.02, 105.82 21.025), (105.7 21.02, 105.71 21.025))"


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (("Đường Láng", "đường láng", "Đường  Láng"), "importing.route-typed-otherwise"),
        (("A", "A", "a", "a"), "importing.route-typed-otherwise"),
        (("Láng", '"', '"'), "importing.ditto"),
        (("Láng", "nt", "nt"), "importing.ditto"),
        (("A 1", "A 1", "A 2", "A 2"), ""),
        (("Lang", "Lang", "Láng", "Láng"), ""),
    ],
)
@pytest.mark.parametrize("heading", ["tuyến", "tên"])
def test_a_route_is_called_one_way_in_all_its_rows(heading: str, names: tuple[str, ...], code: str) -> None:
    rows = [f'"{name.replace(chr(34), chr(34) * 2)}",{place}' for name, place in zip(names, (A, B, C, D), strict=False)]
    if not code:
        assert len(read_sites(table(f"{heading},lon,lat", *rows), name="a.csv").frame) == 2
        return
    with pytest.raises(InputError) as error:
        read_sites(table(f"{heading},lon,lat", *rows), name="a.csv")
    assert {problem.code for problem in error.value.problems} == {code}


def test_names_beside_the_ids_of_routes_are_typed_as_they_are() -> None:
    rows = [f"{name},{place}" for name, place in (("1,Láng", A), ("1,láng", B), ("2,Bưởi", C), ("2,bưởi", D))]
    assert len(read_sites(table("mã tuyến,tên,lon,lat", *rows), name="a.csv").frame) == 2


@pytest.mark.parametrize("above", ["Tuyến;Tọa độ;", "Danh sách tuyến;;\nTuyến;Tọa độ;"])
def test_headings_in_two_rows_are_read_together(above: str) -> None:
    rows = [f"{name};{place.replace(',', ';')}" for name, place in (("A", A), ("A", B), ("B", C), ("B", D))]
    found = read_sites(table(above, ";Kinh độ;Vĩ độ", *rows), name="a.csv").frame
    assert list(found["name"]) == ["A", "B"]
    assert [shape.wkt for shape in found.geometry] == [
        "LINESTRING (105.8 21.02, 105.82 21.025)",
        "LINESTRING (105.7 21.02, 105.71 21.025)",
    ]


def test_a_part_of_one_vertex_is_refused() -> None:
    with pytest.raises(InputError, match="row 4: the route 'A' has one vertex"):
        read_sites(table("name,part,lon,lat", f"A,1,{A}", f"A,1,{B}", f"A,2,{C}"), name="a.csv")


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("lý trình", ["Km1+000", "Km0+000", "Km10+200"]),
        ("chainage", ["1.25", "0.9", "10.5"]),
        ("time", ["2026-01-01T08:01:00", "2026-01-01T08:00:00Z", "2026-01-01T08:02:00"]),
        ("Thời gian", ["1/2/2026 08:01", "31/1/2026 09:00", "2/2/2026 07:00"]),
        ("timestamp", ["10:00:05", "9:59:00", "10:01:00"]),
        ("vertex_index", ["9", "2", "10"]),
        ("km", ["Km1+000", "Km0+000", "Km10+200"]),
    ],
)
def test_vertices_are_put_in_the_order_that_a_column_says(heading: str, values: list[str]) -> None:
    rows = [f'A,"{value}",{place}' for value, place in zip(values, [B, A, "105.85,21.03"], strict=True)]
    content = table(f"name,{heading},lon,lat", *rows)
    [found] = read_sites(content, name="a.csv").frame.geometry
    assert shapely.get_coordinates(found)[:, 0].tolist() == [105.8, 105.82, 105.85]
    assert "importing.rows-ordered" in codes(content)


@pytest.mark.parametrize(
    ("heading", "values", "code"),
    [
        ("chainage", ["900", "1.250", "1.300"], "importing.order-not-used"),
        ("time", ["08:00", "soon", "09:00"], "importing.order-not-used"),
        ("time", ["08:00", "08:00", "09:00"], ""),
        ("km", ["0.5", "1.5", "1.8"], ""),
    ],
)
def test_an_order_that_is_none_is_said(heading: str, values: list[str], code: str) -> None:
    rows = [f"A,{value},{place}" for value, place in zip(values, [A, B, "105.85,21.03"], strict=True)]
    assert {note for note in codes(table(f"name,{heading},lon,lat", *rows)) if "order" in note} == {code} - {""}


@pytest.mark.parametrize("heading", ["STT", "point", "Điểm"])
@pytest.mark.parametrize("numbers", ["1212", "0101", "123123"])
def test_a_numbering_that_begins_again_is_no_one_line(heading: str, numbers: str) -> None:
    places = [A, B, "105.83,21.026", C, D, "105.72,21.026"] if len(numbers) > 4 else [A, B, C, D]
    rows = [f"A,{number},{place}" for number, place in zip(numbers, places, strict=True)]
    with pytest.raises(InputError, match="begins again in row") as caught:
        read_sites(table(f"name,{heading},lon,lat", *rows), name="a.csv")
    assert caught.value.problems[0].parameters["rows"] == str(2 + len(numbers) // 2)
    parted = [f"{row},{number}" for row, number in zip(rows, sorted("12" * (len(rows) // 2)), strict=True)]
    assert len(read_sites(table(f"name,{heading},lon,lat,part", *parted), name="a.csv").frame.geometry[0].geoms) == 2
    closed = table(f"name,{heading},lon,lat", f"A,1,{A}", f"A,2,{B}", f"A,3,{C}", f"A,1,{A}")
    assert "importing.order-not-used" in codes(closed)


def test_lengths_are_not_taken_for_an_order() -> None:
    with pytest.raises(InputError, match="the column km may be the chainage") as caught:
        read_sites(table("name,km,lon,lat", f"A,2.5,{A}", f"A,1.5,{B}"), name="a.csv")
    assert caught.value.problems[0].parameters["rows"] == "2–3"


def test_coordinates_with_exponents_are_read_unless_cut_off() -> None:
    rows = ("1.058000E+02,2.10200e1", '"1,058200E+02",2.10250E+01')
    [found] = read_sites(table("lon,lat", *rows), name="a.csv").frame.geometry
    assert shapely.get_coordinates(found).tolist() == [[105.8, 21.02], [105.82, 21.025]]
    with pytest.raises(InputError, match=r"'1.0580E\+02' is not a number"):
        read_sites(table("lon,lat", "1.0580E+02,2.102E+01"), name="a.csv")


def test_a_heading_of_several_words_groups_vertices() -> None:
    rows = [f"{name},{place}" for name, place in (("A", A), ("A", B), ("B", C), ("B", D))]
    assert len(read_sites(table("Tuyến đường,lon,lat", *rows), name="a.csv").frame) == 2


def test_names_of_merged_cells_are_no_line_together() -> None:
    rows = [f"{name},{place}" for name, place in (("A", A), ("", B), ("B", C), ("", D))]
    with pytest.raises(InputError, match="rows 3, 5"):
        read_sites(table("name,lon,lat", *rows), name="a.csv")


def test_a_blank_row_between_vertices_is_said() -> None:
    assert "importing.blank-between-vertices" in codes(table("name,lon,lat", f"A,{A}", ",,", f"A,{B}"))
    assert "importing.blank-between-vertices" not in codes(table("name,lon,lat", f"A,{A}", f"A,{B}", ",,"))


ESRI = {
    "geometryType": "esriGeometryPolyline",
    "exceededTransferLimit": True,
    "spatialReference": {"wkid": 4326},
    "features": [{"attributes": {}, "geometry": {"paths": [[[105.8, 21.02], [105.82, 21.025]]]}}],
}
PAGE = collection(numberMatched=2, numberReturned=1)


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (collection(numberMatched=50, numberReturned=1), {"importing.part-of-more"}),
        (collection(links=[{"rel": "next", "href": "x"}]), {"importing.page-of-more"}),
        (collection(properties={"exceededTransferLimit": True}), {"importing.page-of-more"}),
        (json.dumps(ESRI).encode(), {"importing.page-of-more"}),
        (PAGE, {"importing.part-of-more"}),
        (collection(feature(), feature(), numberMatched=2), set()),
        (PAGE + b"\n" + PAGE, set()),
        (collection(links=[{"rel": "self", "href": "x"}]), set()),
    ],
    ids=range(8),
)
def test_a_file_that_is_part_of_more_says_so(content: bytes, codes: set[str]) -> None:
    found = read_sites(content, name="a.json")
    assert {note.code for note in found.notes if "more" in note.code} == codes


def test_every_command_that_reads_a_part_of_more_ends_with_code_1(tmp_path: Path) -> None:
    (tmp_path / "a.geojson").write_bytes(PAGE)
    for words in (["crossings"], ["ward", "00331"]):
        done = CliRunner().invoke(
            application([words[0]]), [*words, "--lang", "en", "--sites", str(tmp_path / "a.geojson")]
        )
        assert (done.exit_code, "1 feature of 2" in done.stderr) == (1, True), done.stderr


def test_points_of_one_letter_and_times_of_one_figure_are_an_order() -> None:
    for heading, names in (
        ("diem", ("P3", "P1", "P2")),
        ("time", ("10:00", "8:01", "9:00")),
        ("time", ("2026-01-01 10:00", "2026-01-01 8:01", "2026-01-01 9:00")),
    ):
        places = dict(zip(names, (C, A, B), strict=True))
        found = read_sites(
            table(f"{heading},lon,lat", *(f"{name},{place}" for name, place in places.items())), name="a.csv"
        )
        assert found.frame.geometry.iloc[0].coords[0] == (105.8, 21.02)
        assert "importing.order-not-used" not in {note.code for note in found.notes}
