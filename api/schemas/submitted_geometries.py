"""Geometries that somebody sends, in any format that is read: checked for size before anything is made of them."""

from __future__ import annotations

from typing import Any

import orjson

from geo.importing.apart import read_apart
from geo.importing.geometries import LIMITS, Limits, Question, SitesRead, read_sites

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
OF_API = Question(option="crs=", layer_option="layer=")
"""A question that names neither system nor layer, whose answers are parameters."""
_TIMES_UNPACKED = 20
"""How many times larger than what may be sent an archive may be, unpacked."""
MEDIA_TYPES = (
    "application/vnd.google-earth.kml+xml",
    "application/vnd.google-earth.kmz",
    "application/gpx+xml",
    "application/geopackage+sqlite3",
    "application/flatgeobuf",
    "application/vnd.apache.parquet",
    "application/geo+json-seq",
    "application/zip",
    "image/vnd.dxf",
    "text/csv",
    "application/octet-stream",
)
"""What else than GeoJSON may be sent; the format is recognised by its content, whatever it is called."""


def submitted_sites(
    body: bytes,
    max_bytes: int,
    max_vertices: int,
    *,
    question: Question = OF_API,
    seconds: float,
    name: str = "body",
) -> SitesRead:
    """The geometries of a file as sites in WGS 84, named by their id, else their number, with notes on the reading.

    GeoJSON is read here: what that costs follows from its bytes and vertices. All other formats are read in a process
    of their own, which is ended after so many `seconds`. `name`: what the file is called in messages.

    Raises
    ------
    geo.importing.geometries.TooLargeError
        More bytes, features or vertices than allowed.
    InputError
        It is of no format that is read, or a feature can't be used; every one is named. Its reader took too long.
    ReaderBusyError
        Others are being read.
    """
    limits = Limits(
        max_bytes=max_bytes,
        max_unpacked=_TIMES_UNPACKED * max_bytes,
        max_members=50,
        max_ratio=LIMITS.max_ratio,
        max_features=MAX_FEATURES,
        max_vertices=max_vertices,
    )
    if _is_geojson(body):
        return read_sites(body, question, name=name, limits=limits)
    return read_apart(seconds, name, read_sites, body, question, name=name, limits=limits)


def _is_geojson(body: bytes) -> bool:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return False
    return isinstance(document, dict) and document.get("type") in (*TYPES, "Feature", "FeatureCollection")


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
