"""Parquet with coordinates as lists (GeoArrow) or in columns of their own, or with a second column of geometries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.importing.geometries.formats.tabular.named_systems import with_named_system
from geo.importing.geometries.formats.tabular.vertices import find_vertices, vertex_features
from geo.importing.geometries.model import Features, Geometries, unusable
from geo.importing.headings import heading_key
from geo.importing.tables import Row
from geo.importing.where import number_list

_NATIVE = {
    "point": "Point",
    "linestring": "LineString",
    "polygon": "Polygon",
    "multipoint": "MultiPoint",
    "multilinestring": "MultiLineString",
    "multipolygon": "MultiPolygon",
}


def native_type(described: Any) -> str:
    """The type of all geometries of a column that holds their coordinates as lists, '' for one of WKB."""
    return _NATIVE.get(str(described.get("encoding")), "") if isinstance(described, dict) else ""


def native_shape(kind: str, value: Any) -> BaseGeometry:
    """A geometry of such a column."""
    shape: BaseGeometry = shapely.geometry.shape({"type": kind, "coordinates": _positions(value)})
    return shape


def _positions(value: Any) -> Any:
    if isinstance(value, dict):
        return value["x"], value["y"]
    if value and isinstance(value[0], float):
        return value[0], value[1]
    return [_positions(part) for part in value]


def vertices_of(table: Any, where: str) -> Features:
    """Lines through the vertices of a table that has `lon` and `lat` instead of geometries.

    Raises
    ------
    InputError
        It has neither, or a row can't be read.
    """
    names = list(table.column_names)
    found = find_vertices([heading_key(name) for name in names])
    if found is None:
        raise unusable("reference.table-without-geometries", where)
    columns = [table[name].to_pylist() for name in names]
    rows = [Row(number, cells) for number, cells in enumerate(zip(*columns, strict=True), start=1)]
    made = vertex_features(where, names, rows, found)
    return with_named_system(made, names, rows, [names[found.first], names[found.second]], where)


def second_columns(name: str, taken: Geometries, others: Mapping[str, Geometries], where: str) -> tuple[Message, ...]:
    """What to say of further columns of geometries, which are not read.

    Raises
    ------
    InputError
        One says another place than the column that is read.
    """
    notes, problems = list[Message](), list[Problem]()
    for other, shapes in others.items():
        differ = ~shapely.is_missing(shapes) & ~shapely.equals(shapes, taken)
        rows = [int(row) + 1 for row in differ.nonzero()[0]]
        at = {"columns": [name], "others": [other]}
        if rows:
            problems.append(Problem("importing.second-place", where, **at, rows=number_list(rows), count=len(rows)))
        else:
            notes.append(Message("importing.second-place-left", **at))
    if problems:
        raise InputError(problems)
    return tuple(notes)
