"""A site is lines, or areas, or points: of a collection that is several at once, the smaller part would be lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.errors import InputError, Problem
from geo.i18n.message import Message

Geometries = NDArray[np.object_]
_MULTI: dict[int, Callable[..., Any]] = {0: shapely.multipoints, 1: shapely.multilinestrings, 2: shapely.multipolygons}


def one_kind_each(shapes: Geometries, names: Iterable[object]) -> Geometries:
    """The shapes, collections of one kind as multi-shapes of it.

    Raises
    ------
    InputError
        Collections hold lines, areas or points together; all of them are named.
    """
    mixed = np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION)
    if not mixed.size:
        return shapes
    ids = list(names)  # only then: there may be a million
    parts = [_parts(shapes[row]) for row in mixed]
    kinds = [np.unique(shapely.get_dimensions(own)) for own in parts]
    places = [Message("place.feature-key", file="sites", key="site_id", value=ids[row]) for row in mixed.tolist()]
    problems = [
        Problem("analysis.mixed-kinds", place) for place, found in zip(places, kinds, strict=True) if found.size != 1
    ]
    if problems:
        raise InputError(problems)
    shapes = shapes.copy()
    for row, own, found in zip(mixed, parts, kinds, strict=True):
        shapes[row] = _MULTI[int(found[0])](own)
    return shapes


def _parts(shape: BaseGeometry) -> Geometries:
    """The simple shapes of a collection, however deep they lie."""
    found = shapely.get_parts(shape)
    while (shapely.get_type_id(found) >= shapely.GeometryType.MULTIPOINT).any():
        found = shapely.get_parts(found)
    simple: Geometries = found[~shapely.is_empty(found)]
    return simple
