"""GeoJSON that somebody sends: checked for size before anything is made of it, every fault named.

`geojson-pydantic` is not used. It refuses what is taken here and is common: a Feature without `properties`, a ring that
is not closed; it judges the `bbox` member too; and it names each wrong position two to six times, once for each branch
of its unions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import shapely
from shapely.geometry import shape

from api.core.problems import TooLargeError
from geo.errors import InputError, Problem
from geo.i18n.message import Message

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_SHAPES = {
    "Point": (0, 1),
    "MultiPoint": (1, 1),
    "LineString": (1, 2),
    "MultiLineString": (2, 2),
    "Polygon": (2, 4),
    "MultiPolygon": (3, 4),
}
"""Type → how many lists stand around a position, and how many positions the innermost of them holds at least."""
TYPES = tuple(_SHAPES)
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
        raise TooLargeError(Problem("service.too-many-bytes", "body", count=len(body), most=max_bytes))
    features = list(_features(_parsed(body)))
    _check_size(features, max_vertices)
    names = _names(features)
    problems: list[Problem] = []
    geometries = np.empty(len(features), dtype=object)
    for row, item in enumerate(features):
        found = _geometry(item.get("geometry"))
        if isinstance(found, Problem):
            problems.append(found.at(names[row]))
        else:
            geometries[row] = found
    if problems:
        raise InputError(problems)
    return geopandas.GeoDataFrame({"site_id": names}, geometry=geometries, crs="EPSG:4326")


def submitted_schema() -> dict[str, Any]:
    """The JSON schema of what `submitted_sites` takes, as far as a schema can say it (not: that rings are closed)."""
    geometry = {"oneOf": [_of_type(name, lists, least) for name, (lists, least) in _SHAPES.items()]}
    feature = {
        "type": "object",
        "required": ["type", "geometry"],
        "properties": {
            "type": {"const": "Feature"},
            "id": {"description": "A text or whole number names the route in the answer; else it is numbered."},
            "geometry": geometry,
        },
    }
    features = {"type": "array", "minItems": 1, "maxItems": MAX_FEATURES, "items": feature}
    collection = {
        "type": "object",
        "required": ["type", "features"],
        "properties": {"type": {"const": "FeatureCollection"}, "features": features},
    }
    return {"oneOf": [*geometry["oneOf"], feature, collection]}


def _of_type(name: str, lists: int, least: int) -> dict[str, Any]:
    coordinates: dict[str, Any] = {"type": "array", "minItems": 2, "items": {"type": "number"}}
    for depth in range(lists):
        coordinates = {"type": "array", "minItems": least if depth == 0 else 1, "items": coordinates}
    properties = {"type": {"const": name}, "coordinates": coordinates}
    return {"type": "object", "required": ["type", "coordinates"], "properties": properties}


def _parsed(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise InputError(Problem("service.not-json", "body", reason=str(error))) from None


def _features(document: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(document, dict):
        raise InputError(Problem("service.not-geojson", "body"))
    kind = document.get("type")
    if kind == "FeatureCollection":
        items = document.get("features")
        if not isinstance(items, list) or not items:
            raise InputError(Problem("service.no-feature", "body"))
        for number, item in enumerate(items, start=1):
            if not isinstance(item, dict) or item.get("type") != "Feature":
                raise InputError(Problem("service.not-a-feature", Message("service.feature", number=number)))
            yield item
    elif kind == "Feature":
        yield document
    elif kind in TYPES:
        yield {"geometry": document}
    else:
        raise InputError(Problem("service.geojson-type", "body", type=str(kind)[:40]))


def _check_size(features: list[dict[str, Any]], max_vertices: int) -> None:
    if len(features) > MAX_FEATURES:
        raise TooLargeError(Problem("service.too-many-features", "body", count=len(features), most=MAX_FEATURES))
    vertices = sum(_vertices(item.get("geometry")) for item in features)
    if vertices > max_vertices:
        raise TooLargeError(Problem("service.too-many-vertices", "body", count=vertices, most=max_vertices))


def _vertices(geometry: Any) -> int:
    return sum(1 for _ in _positions(geometry.get("coordinates"))) if isinstance(geometry, dict) else 0


def _positions(coordinates: Any) -> Iterator[list[Any]]:
    """The lists at the bottom of coordinates, in no order; found without recursion, however deep they are."""
    waiting = [coordinates]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list) and value and isinstance(value[0], list):
            waiting += value
        elif isinstance(value, list):
            yield value


def _names(features: list[dict[str, Any]]) -> list[str]:
    given = [item.get("id") for item in features]
    names = [str(name) if isinstance(name, str | int) else "" for name in given]
    if all(names) and len(set(names)) == len(names):
        return [name[:100] for name in names]
    return [str(number) for number in range(1, len(features) + 1)]


def _geometry(document: Any) -> Any:
    """The geometry of a feature, or what is wrong with it."""
    if not isinstance(document, dict) or document.get("type") not in TYPES:
        return Problem("service.no-geometry", offered=TYPES)
    if not all(map(_is_position, _positions(document.get("coordinates")))):
        return Problem("service.no-position")
    try:
        with np.errstate(invalid="ignore"):
            return shape(document)
    except _UNREADABLE as error:
        return Problem("service.geometry-unreadable", reason=str(error))


def _is_position(value: list[Any]) -> bool:
    return len(value) >= 2 and all(isinstance(n, int | float) and not isinstance(n, bool) for n in value)
