"""The route of a site out of a file: its one feature, of the layer that is named."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.errors import InputError
from geo.importing.geometries import Question
from geo.importing.registers.routes import route_of_file

LINE = shapely.LineString([(105.84, 21.01), (105.845, 21.015)])
OTHER = shapely.LineString([(105.80, 21.01), (105.805, 21.015)])


@pytest.fixture
def layered(tmp_path: Path) -> Path:
    path = tmp_path / "hai-lop.gpkg"
    for name, line in (("first", LINE), ("second", OTHER)):
        gpd.GeoDataFrame({"name": [name]}, geometry=[line], crs="EPSG:4326").to_crs("EPSG:5897").to_file(
            path, layer=name
        )
    return path


def test_the_layer_that_is_named_is_read(layered: Path) -> None:
    for name, line in (("first", LINE), ("second", OTHER)):
        read = shapely.from_geojson(route_of_file(layered, question=Question(layer=name)).geometry)
        assert shapely.hausdorff_distance(read, line) < 1e-6
        assert json.loads(route_of_file(layered, question=Question(layer=name)).geometry)["type"] == "LineString"


def test_a_layer_that_is_not_there_is_refused_with_those_that_are(layered: Path) -> None:
    with pytest.raises(InputError, match="'first', 'second'"):
        route_of_file(layered, question=Question(layer="third"))
