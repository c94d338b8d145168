"""Tables of geometries that name their coordinate system in words: in headings, above them, or in a column."""

from __future__ import annotations

import pytest

from geo.errors import InputError
from geo.importing.geometries import Question, read_sites

A, B = "105.8,21.02", "105.82,21.025"
A_IN_WGS84 = (105.8018, 21.0190)
"""The first place, where its degrees are those of VN-2000: some 220 m away."""


def first(text: str, crs: str | None = None) -> tuple[float, float]:
    [shape] = read_sites(text.encode(), name="a.csv", question=Question(crs)).frame.geometry
    return shape.coords[0]


@pytest.mark.parametrize(
    "text",
    [
        f"lon (VN-2000),lat (VN-2000)\n{A}\n{B}", f"lon (EPSG:4756),lat (EPSG:4756)\n{A}\n{B}", f"lon_vn2000,lat_vn2000\n{A}\n{B}",
        f"Kinh độ VN2000,Vĩ độ VN2000\n{A}\n{B}", f"Hệ tọa độ VN-2000,\nKinh độ,Vĩ độ\n{A}\n{B}", f"# crs: EPSG:4756\nlon,lat\n{A}\n{B}",
        f"Tuyến,Tọa độ VN-2000,\n,Kinh độ,Vĩ độ\nX,{A}\nX,{B}", 'wkt,srid,name\n"LINESTRING(105.8 21.02,105.82 21.025)",4756,a',
        'wkt,crs,name\n"LINESTRING(105.8 21.02,105.82 21.025)",EPSG:4756,a', f"route,lon,lat,srid\nX,{A},4756\nX,{B},4756",
    ],
)  # fmt: skip
def test_a_table_is_read_in_the_system_that_it_names(text: str) -> None:
    assert first(text) == pytest.approx(A_IN_WGS84, abs=2e-4)
    notes = [note.code for note in read_sites(text.encode(), name="a.csv").notes]
    assert "importing.system-of-heading" in notes and "importing.degrees-assumed" not in notes


@pytest.mark.parametrize("text", [f"lon (WGS 84),lat (WGS 84)\n{A}\n{B}", f"lon (độ),lat (độ)\n{A}\n{B}"])
def test_degrees_of_wgs84_stay(text: str) -> None:
    assert first(text) == (105.8, 21.02)


@pytest.mark.parametrize("heading", ["(Indian 1960)", "(UTM 48N)", "(HN-72)"])
def test_a_system_that_is_not_clear_is_asked_for(heading: str) -> None:
    text = f"lon {heading},lat {heading}\n{A}\n{B}"
    with pytest.raises(InputError, match="--crs EPSG:4"):
        first(text)
    assert first(text, "EPSG:4326") == (105.8, 21.02)


def test_metres_of_a_zone_that_is_named_need_no_answer() -> None:
    text = "X (VN-2000 KTT 105°),Y (VN-2000 KTT 105°)\n585972.5,2320652.9\n586072.5,2320752.9"
    assert first(text) == pytest.approx(first(text, "EPSG:5897"), abs=1e-9)


@pytest.mark.parametrize("other", ["X", "Y"])
def test_several_systems_in_a_column_are_refused(other: str) -> None:
    with pytest.raises(InputError, match="4756"):
        first(f"route,lon,lat,srid\nX,{A},4756\nX,{B},4756\n{other},{A},4326\n{other},{B},4326")


@pytest.mark.parametrize("unit", ["phút", "km"])
def test_coordinates_in_other_units_are_refused(unit: str) -> None:
    with pytest.raises(InputError, match="in which they are not read"):
        first(f"lon ({unit}),lat ({unit})\n{A}\n{B}")


METRES = "581000,2326000\n581500,2326500"


@pytest.mark.parametrize(
    ("text", "crs", "code"),
    [
        (f"E (EPSG:32648),N\n{METRES}", "EPSG:5897", "importing.system-overruled"),
        (f"Hệ tọa độ VN-2000 KTT 107\nE,N\n{METRES}", "EPSG:5897", "importing.system-overruled"),
        (f"lon (VN-2000),lat\n{A}\n{B}", "EPSG:4326", "importing.system-overruled"),
        (f"E (UTM),N\n{METRES}", "EPSG:5897", "importing.heading-overruled"),
        (f"E (HN-72),N\n{METRES}", "EPSG:5897", "importing.heading-overruled"),
        (f"Hệ tọa độ VN-2000\nE,N\n{METRES}", "EPSG:32648", "importing.heading-overruled"),
        (f"E (VN-2000),N\n{METRES}", "EPSG:5897", ""),
        (f"E (VN-2000 KTT 105),N\n{METRES}", "EPSG:5897", ""),
        (f"E,N\n{METRES}", "EPSG:5897", ""),
    ],
)
def test_a_system_of_a_heading_that_is_overruled_is_said(text: str, crs: str, code: str) -> None:
    notes = [note.code for note in read_sites(text.encode(), name="a.csv", question=Question(crs)).notes]
    assert [note for note in notes if note.endswith("overruled")] == ([code] if code else [])
    assert "importing.system-of-heading" not in notes
