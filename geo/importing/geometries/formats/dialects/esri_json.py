"""Esri's JSON: feature sets, as services and ArcGIS write them, with their shapes unfolded to those of GeoJSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.i18n.message import Message
from geo.importing.geometries.formats.geojson import GeometryError, geojson_features, geometry_of, one_crs, positions
from geo.importing.geometries.formats.well_known import known_fault
from geo.importing.geometries.model import Features, object_array, unusable

Positions = NDArray[np.float64]
_CORNERS = {"upperLeft": -1.0, "lowerLeft": 1.0}
"""The corner from which the rows of a grid are counted, and whether they go up or down from there."""


def is_esri(document: Any) -> bool:
    """Whether a document is a feature set of Esri's."""
    if not isinstance(document, dict) or not isinstance(document.get("features"), list) or "type" in document:
        return False
    return "geometryType" in document or "spatialReference" in document or "fieldAliases" in document


def esri_features(document: Mapping[str, Any], where: str) -> Features:
    """The features of a feature set: points, multipoints, polylines, polygons; errors as `geojson_features`."""
    items = list(document["features"])
    grid = _grid(document.get("transform"), where)
    plain = [
        {"type": "Feature", "properties": item.get("attributes") or {}, "geometry": None}
        if isinstance(item, dict)
        else item
        for item in items
    ]
    features = geojson_features([{"type": "FeatureCollection", "features": plain}], where)
    geometries: list[BaseGeometry | None] = []
    unreadable = dict(features.unreadable)
    for row, item in enumerate(items):
        geometry = None
        try:
            geometry = None if row in unreadable else _geometry(item.get("geometry"), grid)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError, shapely.errors.ShapelyError) as error:
            unreadable[row] = known_fault(error) or getattr(error, "message", None) or Message("importing.bad-geometry")
        geometries.append(geometry)
    declared = one_crs(_systems(document, items), where)
    return Features(object_array(geometries), features.columns, declared=declared, unreadable=unreadable)


def _systems(document: Mapping[str, Any], items: Sequence[Any]) -> list[Any]:
    """The systems that the set and its geometries name, each once."""
    found = [document.get("spatialReference")]
    for item in items:
        shape = item.get("geometry") if isinstance(item, dict) else None
        found.append(shape.get("spatialReference") if isinstance(shape, dict) else None)
    return [system for at, system in enumerate(found) if system and system not in found[:at]]


class _Grid(NamedTuple):
    """The grid of a quantized answer: positions are steps, from a corner on or from the position before."""

    scale: Positions
    corner: Positions

    def unfolded(self, value: Any) -> list[list[float]]:
        steps = np.cumsum(positions(value), axis=0)
        placed: list[list[float]] = (steps * self.scale + self.corner).tolist()
        return placed


def _grid(transform: Any, where: str) -> _Grid | None:
    """The grid that a set names, None of one in coordinates.

    Raises
    ------
    InputError
        It can't be read, or does not say from which corner its rows are counted.
    """
    if not transform:
        return None
    try:
        scale, corner = (np.array(transform[key][:2], dtype=float) for key in ("scale", "translate"))
        turn = _CORNERS[transform["originPosition"]] if "originPosition" in transform else None
        if turn is None:
            raise unusable("importing.grid-without-corner", where)
        return _Grid(scale * (1.0, turn), corner + np.zeros(2))
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise unusable("importing.damaged-file", where, format="Esri JSON", reason="transform") from error


def _geometry(shape: Any, grid: _Grid | None) -> BaseGeometry | None:
    if not shape:
        return None
    place = grid.unfolded if grid else _as_it_is
    for curved in ("curvePaths", "curveRings"):
        if curved in shape:
            raise GeometryError(Message("importing.is-curve", type=curved))
    if "paths" in shape:
        return geometry_of({"type": "MultiLineString", "coordinates": [place(path) for path in shape["paths"]]})
    if "rings" in shape:
        # Rings say by their turn what is a hole; the even-odd rule comes to the same and forgives wrong turns.
        rings = [shapely.Polygon(positions(place(ring))) for ring in shape["rings"]]
        return shapely.symmetric_difference_all(np.array(rings, dtype=object)) if rings else shapely.Polygon()
    if "points" in shape:
        return geometry_of({"type": "MultiPoint", "coordinates": place(shape["points"])})
    x, y = shape["x"], shape["y"]
    return shapely.Point() if x in (None, "NaN") else geometry_of({"type": "Point", "coordinates": place([[x, y]])[0]})


def _as_it_is(value: Any) -> Any:
    return value
