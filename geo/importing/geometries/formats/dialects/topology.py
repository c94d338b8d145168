"""TopoJSON: its shapes unfolded to those of GeoJSON.

GDAL reads it, and Esri's JSON too. It is not used for them: one of its drivers runs what a JSON text tells it to, and
which driver takes a text can't be chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from geo.errors import Problem
from geo.importing.geometries.formats.geojson import geojson_features, positions
from geo.importing.geometries.model import Features, TooLargeError, unusable

_DEPTH = {"LineString": 0, "MultiLineString": 1, "Polygon": 1, "MultiPolygon": 2}
"""How many lists stand around the list of arcs of a geometry."""
_MOST_POSITIONS = 20_000_000
"""An arc may be referred to again and again: what is unfolded is bounded."""


class _TooManyPositionsError(Exception):
    """Arcs may stand in a file once and in its lines a million times."""


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
    except _TooManyPositionsError:
        raise TooLargeError(Problem("importing.too-many-positions", where, most=_MOST_POSITIONS)) from None
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
            raise _TooManyPositionsError
    return line
