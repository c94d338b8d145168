"""GeoJSON that somebody sends: checked for size before anything is made of it, every fault told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import shapely
from shapely.geometry import shape

from api.errors import TooLargeError
from geo.errors import InputError, Problem

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

TYPES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
MAX_FEATURES = 500
_UNREADABLE = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    RecursionError,
    shapely.errors.ShapelyError,
)
_REMEDY = "send a GeoJSON geometry, Feature or FeatureCollection in WGS 84 (RFC 7946)"


def submitted_sites(body: bytes, max_bytes: int, max_vertices: int) -> GeoDataFrame:
    """The geometries of a GeoJSON text as sites: `site_id` (the feature's id, else its number) and geometry, WGS 84.

    Raises
    ------
    TooLargeError
        More bytes, features or vertices than allowed.
    InputError
        It is no GeoJSON, or a feature can't be used; every one is named.
    """
    import geopandas

    if len(body) > max_bytes:
        raise TooLargeError(Problem(f"has {len(body)} bytes", "body", f"send at most {max_bytes}"))
    features = list(_features(_parsed(body)))
    _check_size(features, max_vertices)
    names = _names(features)
    problems: list[Problem] = []
    geometries = np.empty(len(features), dtype=object)
    for row, item in enumerate(features):
        try:
            geometries[row] = _geometry(item.get("geometry"))
        except _UNREADABLE as error:
            problems.append(Problem(f"can't be read: {error}", names[row], _REMEDY))
    if problems:
        raise InputError(problems)
    return geopandas.GeoDataFrame({"site_id": names}, geometry=geometries, crs="EPSG:4326")


def _parsed(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise InputError(Problem(f"is not JSON: {error}", "body", _REMEDY)) from None


def _features(document: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(document, dict):
        raise InputError(Problem("is not a GeoJSON object", "body", _REMEDY))
    kind = document.get("type")
    if kind == "FeatureCollection":
        items = document.get("features")
        if not isinstance(items, list) or not items:
            raise InputError(Problem("holds no feature", "body", _REMEDY))
        for number, item in enumerate(items, start=1):
            if not isinstance(item, dict) or item.get("type") != "Feature":
                raise InputError(Problem("is not a Feature", f"feature {number}", _REMEDY))
            yield item
    elif kind == "Feature":
        yield document
    elif kind in TYPES:
        yield {"geometry": document}
    else:
        raise InputError(Problem(f"the type {str(kind)[:40]!r} can't be used", "body", _REMEDY))


def _check_size(features: list[dict[str, Any]], max_vertices: int) -> None:
    if len(features) > MAX_FEATURES:
        raise TooLargeError(Problem(f"has {len(features)} features", "body", f"send at most {MAX_FEATURES}"))
    vertices = sum(_vertices(item.get("geometry")) for item in features)
    if vertices > max_vertices:
        raise TooLargeError(Problem(f"has {vertices} vertices", "body", f"send at most {max_vertices}"))


def _vertices(geometry: Any) -> int:
    """How many lists stand at the bottom of the coordinates; counted without recursion, however deep they are."""
    waiting = [geometry.get("coordinates")] if isinstance(geometry, dict) else []
    found = 0
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            is_position = bool(value) and not isinstance(value[0], list)
            found += is_position
            waiting += [] if is_position else value
    return found


def _names(features: list[dict[str, Any]]) -> list[str]:
    given = [item.get("id") for item in features]
    names = [str(name) if isinstance(name, str | int) else "" for name in given]
    if all(names) and len(set(names)) == len(names):
        return [name[:100] for name in names]
    return [str(number) for number in range(1, len(features) + 1)]


def _geometry(document: Any) -> Any:
    if not isinstance(document, dict) or document.get("type") not in TYPES:
        raise ValueError(f"its geometry is none of {', '.join(TYPES)}")
    with np.errstate(invalid="ignore"):
        return shape(document)
