"""Coordinates that a document spells out are read whole, or refused with their vertex and their text."""

from __future__ import annotations

from typing import Any

import pytest
import shapely
from geometry_samples import kml

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
