"""TopoJSON and Esri's JSON: their shapes unfolded to those of GeoJSON.

GDAL reads both. It is not used for them: one of its drivers runs what a JSON text tells it to, and which driver takes
a text can't be chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.i18n.message import Message
from geo.importing.geometries.formats.geojson import GeometryError, geojson_features, geometry_of, positions
from geo.importing.geometries.formats.well_known import known_fault
from geo.importing.geometries.model import Features, object_array, unusable
from geo.importing.geometries.systems.declared import declared_crs

_DEPTH = {"LineString": 0, "MultiLineString": 1, "Polygon": 1, "MultiPolygon": 2}
"""How many lists stand around the list of arcs of a geometry."""
_MOST_POSITIONS = 20_000_000
"""An arc may be referred to again and again: what is unfolded is bounded."""


def is_topology(document: Any) -> bool:
    """Whether a document is TopoJSON."""
    return isinstance(document, dict) and document.get("type") == "Topology"


def topology_objects(document: Mapping[str, Any], where: str) -> dict[str, Callable[[], Features]]:
    """The objects of a topology by name, each with what reads its features."""
    objects = document.get("objects")
    if not isinstance(objects, dict) or not isinstance(document.get("arcs"), list):
        raise unusable("importing.damaged-file", where, format="TopoJSON", reason="objects, arcs")

    def reader(item: Any) -> Callable[[], Features]:
        return lambda: _features(document, item, where)

    return {str(name): reader(item) for name, item in objects.items()}


def _features(document: Mapping[str, Any], item: Any, where: str) -> Features:
    try:
        arcs = _arcs(document)
        members = item["geometries"] if item.get("type") == "GeometryCollection" else [item]
        budget = [_MOST_POSITIONS]
        features = [
            {
                "type": "Feature",
                "id": member.get("id"),
                "properties": member.get("properties") or {},
                "geometry": _unfolded(member, arcs, document.get("transform"), budget),
            }
            for member in members
        ]
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError, RecursionError) as error:
        raise unusable("importing.damaged-file", where, format="TopoJSON", reason=str(error)) from error
    collection = {"type": "FeatureCollection", "crs": document.get("crs"), "features": features}
    return geojson_features([collection], where)


def _arcs(document: Mapping[str, Any]) -> list[list[list[float]]]:
    """The arcs as positions; those of a topology with a transform are steps from one grid point to the next."""
    arcs = [positions(arc) for arc in document["arcs"]]
    transform = document.get("transform")
    if transform:
        scale, shift = np.array(transform["scale"], dtype=float), np.array(transform["translate"], dtype=float)
        arcs = [np.cumsum(arc, axis=0) * scale + shift for arc in arcs]
    return [arc.tolist() for arc in arcs]


def _unfolded(member: Any, arcs: list[list[list[float]]], transform: Any, budget: list[int]) -> Any:
    kind = member.get("type")
    if kind is None:
        return None
    if kind == "GeometryCollection":
        return {"type": kind, "geometries": [_unfolded(part, arcs, transform, budget) for part in member["geometries"]]}
    if kind not in _DEPTH:
        return {"type": kind, "coordinates": _placed(member.get("coordinates"), transform)}
    return {"type": kind, "coordinates": _stitched(member["arcs"], arcs, _DEPTH[kind], budget)}


def _placed(value: Any, transform: Any) -> Any:
    if not transform or not isinstance(value, list) or not value:
        return value
    if isinstance(value[0], list):
        return [_placed(part, transform) for part in value]
    pairs = zip(value[:2], transform["scale"], transform["translate"], strict=True)
    return [n * scale + shift for n, scale, shift in pairs]


def _stitched(value: Any, arcs: list[list[list[float]]], depth: int, budget: list[int]) -> Any:
    if depth:
        return [_stitched(part, arcs, depth - 1, budget) for part in value]
    line: list[list[float]] = []
    for number in value:
        # ~n is arc n the other way round.
        place = number if number >= 0 else ~number
        if place >= len(arcs):
            raise ValueError(f"arcs[{place}] / {len(arcs)}")
        arc = arcs[place] if number >= 0 else arcs[place][::-1]
        line += arc[1:] if line else arc
        budget[0] -= len(arc)
        if budget[0] < 0:
            raise ValueError("more than 20,000,000 positions")
    return line


def is_esri(document: Any) -> bool:
    """Whether a document is a feature set of Esri's."""
    if not isinstance(document, dict) or not isinstance(document.get("features"), list) or "type" in document:
        return False
    return "geometryType" in document or "spatialReference" in document or "fieldAliases" in document


def esri_features(document: Mapping[str, Any], where: str) -> Features:
    """The features of a feature set: points, multipoints, polylines, polygons; errors as `geojson_features`."""
    items = list(document["features"])
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
            geometry = None if row in unreadable else _esri_geometry(item.get("geometry"))
        except (KeyError, TypeError, ValueError, IndexError, AttributeError, shapely.errors.ShapelyError) as error:
            unreadable[row] = known_fault(error) or getattr(error, "message", None) or Message("importing.bad-geometry")
        geometries.append(geometry)
    crs = document.get("spatialReference")
    declared = declared_crs(crs, where) if crs else None
    return Features(object_array(geometries), features.columns, declared=declared, unreadable=unreadable)


def _esri_geometry(shape: Any) -> BaseGeometry | None:
    if not shape:
        return None
    for curved in ("curvePaths", "curveRings"):
        if curved in shape:
            raise GeometryError(Message("importing.is-curve", type=curved))
    if "paths" in shape:
        return geometry_of({"type": "MultiLineString", "coordinates": shape["paths"]})
    if "rings" in shape:
        # Rings say by their turn what is a hole; the even-odd rule comes to the same and forgives wrong turns.
        rings = [shapely.Polygon(positions(ring)) for ring in shape["rings"]]
        return shapely.symmetric_difference_all(np.array(rings, dtype=object)) if rings else shapely.Polygon()
    if "points" in shape:
        return geometry_of({"type": "MultiPoint", "coordinates": shape["points"]})
    x, y = shape["x"], shape["y"]
    return shapely.Point() if x in (None, "NaN") else geometry_of({"type": "Point", "coordinates": [x, y]})
