"""Lines that stand in one cell of a table: GeoJSON as a text, or a list of places (`21.03,105.84; 21.04,105.85`)."""

from __future__ import annotations

import json
import re
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo.reference.checks import VIET_NAM

_NUMBER = r"\d{1,3}(?:\.\d+)?"
_PLACE = re.compile(rf"(?a)[\[(\s]*({_NUMBER})(?:\s*,\s*|\s+)({_NUMBER})[\])\s]*")
_BETWEEN = (re.compile(r"[;|\n]"), re.compile(r"\]\s*,\s*\["), re.compile(r"\)\s*,\s*\("), re.compile(r","))
"""What parts places, the surest first; commas do where none stands within a place."""
_JSON = re.compile(r'\s*\{.*"type"', re.S)


def is_json_text(text: str) -> bool:
    """Whether a text begins as GeoJSON does."""
    return bool(_JSON.match(text))


def of_json_text(text: str) -> BaseGeometry:
    """The geometry of GeoJSON: bare, of a feature, or of a collection of one.

    Raises
    ------
    ShapelyError, ValueError
        It is none.
    """
    document: Any = json.loads(text)
    if isinstance(document, dict) and document.get("crs"):
        raise ValueError("crs")
    shape = shapely.from_geojson(text)
    parts = shapely.get_parts(shape) if shape.geom_type == "GeometryCollection" else [shape]
    return parts[0] if len(parts) == 1 else shape


def listed_places(text: str) -> list[tuple[float, float]]:
    """Longitude and latitude of each place of a cell that holds at least two places of the country and nothing else.

    >>> listed_places("21.03,105.84; 21.04,105.85")
    [(105.84, 21.03), (105.85, 21.04)]
    >>> listed_places("21.03, 105.84"), listed_places("21.03 105.84 5 10")
    ([], [])
    """
    for sign in _BETWEEN:
        parts = [part for part in sign.split(text) if part.strip()]
        found = [_PLACE.fullmatch(part) for part in parts]
        pairs = [(float(each[1]), float(each[2])) for each in found if each]
        if len(pairs) > 1 and len(pairs) == len(parts):
            return _in_order(pairs)
    return []


def _in_order(pairs: list[tuple[float, float]]) -> list[tuple[float, float]]:
    turned = [(second, first) for first, second in pairs]
    return next((each for each in (pairs, turned) if all(map(_is_here, each))), [])


def _is_here(pair: tuple[float, float]) -> bool:
    west, south, east, north = VIET_NAM
    return west <= pair[0] <= east and south <= pair[1] <= north
