"""The ground of a city from an extract of OpenStreetMap (`.osm.pbf`, `.osm`), as GDAL reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.errors import DataFileMissingError, InputError, Problem
from geo.reference.base.table import BaseLayers, Table, nothing, table
from geo.reference.build.base import classes

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Box = tuple[float, float, float, float]
_TAG = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')


def read_osm(file: Path, box: Box) -> BaseLayers:
    """The ground inside `box` (west, south, east, north; degrees WGS 84) as an extract has it.

    Raises
    ------
    DataFileMissingError
        There is no such file.
    InputError
        GDAL can't read it as OpenStreetMap data, or it has no street in the box.
    """
    if not file.is_file():
        raise DataFileMissingError(Problem("reference.no-osm-file", str(file)))
    lines, areas, points = (read_osm_layer(file, layer, box) for layer in ("lines", "multipolygons", "points"))
    streets = _of(lines, lambda tags: classes.street_kind(tags.get("highway", ""), tags.get("name", "")))
    if not len(streets):
        raise InputError(Problem("reference.no-street-in-osm", str(file)))
    return {
        "streets": streets,
        "water": _of(areas, _water),
        "waterways": _of(lines, lambda tags: classes.waterway_kind(tags.get("waterway", ""))),
        "rail": _of(lines, lambda tags: classes.rail_kind(tags.get("railway", ""))),
        "land": _of(areas, _land),
        "places": _of(points, lambda tags: classes.place_kind(tags.get("place", "")), named=True),
        "landmarks": _of(points, _landmark, named=True),
    }


Tags = dict[str, str]


def read_osm_layer(file: Path, layer: str, box: Box) -> GeoDataFrame:
    """The `lines`, `multipolygons` or `points` of an extract in a box, as GDAL gives them; `InputError` if it can't."""
    import pyogrio

    try:
        # Ways whose nodes lie after them need the index of nodes that GDAL makes for itself.
        frame: GeoDataFrame = pyogrio.read_dataframe(file, layer=layer, bbox=box)
    except Exception as error:
        raise InputError(Problem("reference.not-osm", str(file), reason=str(error)[:200])) from error
    return frame


def _of(frame: GeoDataFrame, kind: Any, *, named: bool = False) -> Table:
    """The rows of which `kind` makes something of their tags."""
    tags = list(tags_of(frame))
    kinds = [kind(row) for row in tags]
    names = [row.get("name", "") for row in tags]
    shown = np.array([bool(kind) and (bool(name) or not named) for kind, name in zip(kinds, names, strict=True)])
    return table(frame.geometry, kinds, names).take(shown) if shown.any() else nothing()


def tags_of(frame: GeoDataFrame) -> Iterable[Tags]:
    """Tags of each row: those that are columns, and those that GDAL leaves together in one."""
    columns = [column for column in frame.columns if column not in ("geometry", "osm_id", "osm_way_id", "other_tags")]
    others = frame["other_tags"] if "other_tags" in frame.columns else [None] * len(frame)
    for row, other in zip(frame[columns].itertuples(index=False, name=None), others, strict=True):
        tags = {key: value for key, value in zip(columns, row, strict=True) if isinstance(value, str) and value}
        if isinstance(other, str):
            tags |= dict(_TAG.findall(other))
        yield tags


def _water(tags: Tags) -> str:
    if tags.get("natural") == "water" or tags.get("waterway") == "riverbank" or tags.get("landuse") == "reservoir":
        return classes.water_kind(tags.get("water", tags.get("waterway", "")))
    return ""


def _land(tags: Tags) -> str:
    found = (classes.land_kind(tags[key]) for key in ("leisure", "landuse", "natural", "amenity") if key in tags)
    return next((kind for kind in found if kind), "")


def _landmark(tags: Tags) -> str:
    keys = ("amenity", "railway", "tourism", "leisure")
    found = (classes.landmark_kind(tags[key]) for key in keys if key in tags)
    return next((kind for kind in found if kind), "")
