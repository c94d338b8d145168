"""Geometries as they come, made ready: two dimensions, no collections, nothing empty; what is left out is said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.i18n.message import Message
from geo.importing.geometries.model import AREAS, Features, Geometries
from geo.importing.where import number_list

_COLLECTION = 7
_DIMENSION = {AREAS: 2}
_MULTI: dict[int, Any] = {0: shapely.MultiPoint, 1: shapely.MultiLineString, 2: shapely.MultiPolygon}


@dataclass(slots=True)
class Ready:
    """`geometries` by row, None where a row is passed over; `passed`: row → code of why; `notes` on parts left out."""

    geometries: Geometries
    passed: dict[int, str] = field(default_factory=dict)
    notes: list[Message] = field(default_factory=list)


def ready(features: Features, wanted: str, *, lines_only: bool = False) -> Ready:
    """The geometries of a layer for what is `wanted` (`LINES` or `AREAS`).

    A collection becomes its lines, or its areas where those are wanted or it has no lines, each as often as it stands
    in it. What has no length is no line. Of a drawing only lines are taken.
    """
    made = Ready(shapely.force_2d(features.geometries) if len(features.geometries) else features.geometries)
    left: list[int] = []
    for row in _unusual(made.geometries):
        if row not in features.unreadable:
            _one(made, row, wanted, left)
    if left:
        rows = number_list([features.number(row) for row in left])
        made.notes.append(Message("importing.parts-left-out", features=rows, count=len(left)))
    if lines_only:
        _lettering(made)
    return made


def _unusual(geometries: Geometries) -> list[int]:
    """The rows that are not simply taken: nothing there, a collection, a line with a part of no length."""
    if not len(geometries):
        return []
    odd = shapely.is_missing(geometries) | shapely.is_empty(geometries)
    odd |= shapely.get_type_id(geometries) == _COLLECTION
    lines = np.flatnonzero(shapely.get_dimensions(geometries) == 1)
    parts, row = shapely.get_parts(geometries[lines], return_index=True)
    odd[lines[row[shapely.length(parts) == 0]]] = True
    rows: list[int] = np.flatnonzero(odd).tolist()
    return rows


def _one(made: Ready, row: int, wanted: str, left: list[int]) -> None:
    geometry = made.geometries[row]
    if geometry is None or geometry.is_empty:
        made.geometries[row], made.passed[row] = None, "importing.feature-without-geometry"
        return
    if shapely.get_type_id(geometry) == _COLLECTION:
        geometry, mixed = _uncollected(geometry, wanted)
        if mixed:
            left.append(row)
    if shapely.get_dimensions(geometry) == 1:
        geometry = _with_length(geometry)
    made.geometries[row] = geometry
    if geometry is None:
        made.passed[row] = "importing.line-without-length"


def _uncollected(collection: BaseGeometry, wanted: str) -> tuple[BaseGeometry, bool]:
    """The parts of one dimension, and whether there were others."""
    parts = _parts(collection)
    size = shapely.get_dimensions(parts)
    present = set(size.tolist())
    order = (_DIMENSION.get(wanted, 1), 1, 2, 0)
    taken = next(dimension for dimension in order if dimension in present)
    own = shapely.get_parts(parts[size == taken])
    return own[0] if len(own) == 1 else _MULTI[taken](list(own)), len(present) > 1


def _parts(geometry: BaseGeometry) -> Geometries:
    """The parts of a collection that are not empty, however deep they lie."""
    parts = shapely.get_parts(np.array([geometry], dtype=object))
    while (shapely.get_type_id(parts) == _COLLECTION).any():
        parts = shapely.get_parts(parts)
    filled: Geometries = parts[~shapely.is_empty(parts)]
    return filled


def _with_length(line: BaseGeometry) -> BaseGeometry | None:
    """A line without its parts of no length; None where nothing is left."""
    parts = shapely.get_parts(line)
    real = parts[shapely.length(parts) != 0]
    if len(real) == len(parts):
        return line
    return None if not len(real) else real[0] if len(real) == 1 else shapely.MultiLineString(list(real))


def _lettering(made: Ready) -> None:
    """Pass over what is no line, where there are lines."""
    size = shapely.get_dimensions(made.geometries)
    if not (size == 1).any():
        return
    for row in np.flatnonzero((size != 1) & ~shapely.is_missing(made.geometries)).tolist():
        made.geometries[row], made.passed[row] = None, "importing.no-line-of-drawing"
