"""Coordinates that a document spells out are read whole, or refused with their vertex and their text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import shapely
from geometry_samples import FRAME, collection, feature, kml, line

from geo.errors import InputError
from geo.importing.geometries import read_sites


def in_kml(coordinates: str) -> bytes:
    return kml(f"<Placemark><LineString><coordinates>{coordinates}</coordinates></LineString></Placemark>")


def in_gml(geometry: str) -> bytes:
    spaces = 'xmlns:o="http://ogr.maptools.org/" xmlns:g="http://www.opengis.net/gml"'
    line = f'<g:LineString srsName="EPSG:4326">{geometry}</g:LineString>'
    body = f"<g:featureMember><o:a><o:geometryProperty>{line}</o:geometryProperty></o:a></g:featureMember>"
    return f"<o:FeatureCollection {spaces}>{body}</o:FeatureCollection>".encode()


def in_gpx(second: str) -> bytes:
    points = f'<trkpt lat="21.02" lon="105.8"/><trkpt {second}/>'
    head = '<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">'
    return f"{head}<trk><trkseg>{points}</trkseg></trk></gpx>".encode()


@pytest.mark.parametrize(
    ("content", "name", "text"),
    [
        (in_kml("105.8,21.02 105.82,21.O25"), "a.kml", "105.82,21.O25"),
        (in_kml("105.8,21.02 105.8x,21.025"), "a.kml", "105.8x,21.025"),
        (in_kml("105.8,21.02 105.82,21.025;0"), "a.kml", "105.82,21.025;0"),
        (in_gpx('lat="21.0 25" lon="105.82"'), "a.gpx", 'lat="21.0 25"'),
        (in_gpx('lat="21.025" lon="105,82"'), "a.gpx", 'lon="105,82"'),
        (in_gml("<g:posList>105.8 21.02 105.82x 21.025</g:posList>"), "a.gml", "105.82x"),
        (in_gml("<g:coordinates>105.8,21.02 105.82,21.x25</g:coordinates>"), "a.gml", "21.x25"),
    ],
    ids=range(7),
)
def test_a_coordinate_that_is_no_number_is_refused_with_its_vertex(content: bytes, name: str, text: str) -> None:
    with pytest.raises(InputError) as caught:
        read_sites(content, name=name)
    found: list[Any] = list(caught.value.problems)
    assert [problem.code for problem in found] == ["importing.vertex-no-number"]
    assert (found[0].parameters["vertex"], found[0].parameters["text"]) == (2, text)
    assert "feature 1" in str(found[0])


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (in_kml("105.8, 21.02, 0 105.82, 21.025, 0"), "a.kml"),
        (in_kml("105.8 ,21.02\n\t105.82 ,21.025,1.05e1"), "a.kml"),
        (in_gpx('lat=" 21.025" lon="+105.82"'), "a.gpx"),
        (in_gml("<g:posList>105.8,21.02 105.82,21.025</g:posList>"), "a.gml"),
        (in_gml('<g:coordinates decimal="," cs=" " ts=";">105,8 21,02;105,82 21,025</g:coordinates>'), "a.gml"),
    ],
    ids=range(5),
)
def test_blanks_and_signs_that_a_format_allows_are_read(content: bytes, name: str) -> None:
    [found] = read_sites(content, name=name).frame.geometry
    assert shapely.get_coordinates(found).tolist() == [[105.8, 21.02], [105.82, 21.025]]


RING = "105.8,21.02 105.82,21.02 105.82,21.03 105.8,21.02"
RING_WKT = f"LINEARRING ({RING.replace(',', ';').replace(' ', ', ').replace(';', ' ')})"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (kml(f"<Placemark><LinearRing><coordinates>{RING}</coordinates></LinearRing></Placemark>"), "a.kml"),
        (kml(f"<Placemark><outerBoundaryIs><LinearRing><coordinates>{RING}</coordinates></LinearRing>"
             "</outerBoundaryIs></Placemark>"), "a.kml"),
        (in_gml("").replace(b"g:LineString", b"g:LinearRing"), "a.gml"),
        (RING_WKT.encode(), "a.wkt"),
        (f'name,wkt\nA,"{RING_WKT}"'.encode(), "a.csv"),
        (b'{"type":"LinearRing","coordinates":[[105.8,21.02],[105.82,21.02],[105.8,21.02]]}', "a.geojson"),
    ],
    ids=range(6),
)  # fmt: skip
def test_a_ring_that_bounds_no_area_is_refused_as_what_it_is(content: bytes, name: str) -> None:
    with pytest.raises(InputError) as caught:
        read_sites(content, name=name)
    assert [str(problem.parameters["reason"].code) for problem in caught.value.problems] == ["importing.is-ring"]


@pytest.mark.parametrize("text", ["21.O25", "21,025", ""])
@pytest.mark.parametrize(("ending", "driver"), [("dxf", "DXF"), ("mif", "MapInfo File")])
def test_drawings_and_exchange_files_are_looked_at_too(tmp_path: Path, ending: str, driver: str, text: str) -> None:
    path = tmp_path / f"a.{ending}"
    options = {"FORMAT": "MIF"} if ending == "mif" else {}
    FRAME[["geometry"]].assign(Layer="a").to_file(path, driver=driver, **options)
    before, behind = ("ENTITIES", r"( 20\n)\S+") if ending == "dxf" else ("Data", r"(\d )\S+(?=\n)")
    head, _, body = path.read_text().partition(before)
    path.write_text(head + before + re.sub(behind, rf"\g<1>{text}", body, count=1))
    with pytest.raises(InputError) as caught:
        read_sites(path)
    codes = {problem.code for problem in caught.value.problems}
    # Where a number is missing from a line of MIF, the library says so.
    assert codes == {"importing.line-no-number" if text or ending == "dxf" else "importing.damaged-file"}


PLACE = {"type": "LineString", "coordinates": [[586000.0, 2325000.0], [587000.0, 2325000.0]]}


@pytest.mark.parametrize(
    "system", ["[EPSG:5897]", {"type": "Reference", "href": "http://www.opengis.net/def/crs/EPSG/0/5897"}]
)
def test_a_place_is_read_in_its_own_system(system: Any) -> None:
    found = read_sites(collection(feature(None, place=PLACE), coordRefSys=system), name="a.json")
    assert not found.notes
    assert 105.8 < found.frame.geometry.iloc[0].bounds[0] < 105.9


def test_a_geometry_is_read_in_wgs_84_whatever_the_place_beside_it_is_in() -> None:
    plain = line([[105.84, 21.01], [105.845, 21.015]])
    found = read_sites(collection(feature(plain, place=PLACE), coordRefSys="[EPSG:4756]"), name="a.json")
    assert [note.code for note in found.notes] == ["importing.place-left"]
    assert found.frame.geometry.iloc[0].bounds[0] == 105.84
    mixed = collection(feature(plain), feature(None, place=PLACE), coordRefSys="[EPSG:5897]")
    for content, code in (
        (mixed, "importing.several-systems"),
        (collection(feature(None, place={"type": "Prism"})), "importing.feature-unreadable"),
    ):
        with pytest.raises(InputError) as caught:
            read_sites(content, name="a.json")
        assert [problem.code for problem in caught.value.problems] == [code]


PART, MORE = "105.8,21.02 105.81,21.02", "105.81,21.02 105.82,21.02"


@pytest.mark.parametrize(
    "inside",
    [
        "<LineString><coordinates>{0}</coordinates></LineString><LineString><coordinates>{1}</coordinates></LineString>",
        "<LineString><coordinates>{0}</coordinates><coordinates>{1}</coordinates></LineString>",
        "<Polygon><outerBoundaryIs><LinearRing><coordinates>{0}</coordinates></LinearRing></outerBoundaryIs>"
        "<outerBoundaryIs><LinearRing><coordinates>{1}</coordinates></LinearRing></outerBoundaryIs></Polygon>",
    ],
    ids=["lines", "vertices", "bounds"],
)
def test_of_two_of_which_one_would_be_read_none_is(inside: str) -> None:
    """GDAL reads the last and says nothing of the first."""
    with pytest.raises(InputError) as caught:
        read_sites(kml(f"<Placemark>{inside.format(PART, MORE)}</Placemark>"), name="a.kml")
    assert [problem.parameters["reason"].code for problem in caught.value.problems] == ["importing.element-again"]


def test_a_vertex_of_gpx_without_its_longitude_is_refused() -> None:
    with pytest.raises(InputError, match=r'vertex 2: .lon=""'):
        read_sites(in_gpx('lat="21.025"'), name="a.gpx")


@pytest.mark.parametrize(
    "text",
    [
        "P1,2324826.766,583429.982,5.2,BT\nP2,2324707.561,583309.791,5.2,BT",
        "P1 583429.9 2324826.7\nP2 583309.7 2324707.5",
    ],
)
def test_surveyed_points_without_headings_are_told_of_both_that_they_lack(text: str) -> None:
    with pytest.raises(InputError, match=r"northing, easting.*--crs EPSG"):
        read_sites(text.encode(), name="a.txt")
