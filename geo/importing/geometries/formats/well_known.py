"""Geometries in well-known text or binary, as cells and files hold them, with the SRID that may stand before them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo.i18n.message import Message
from geo.importing.geometries.formats.cell_lines import is_json_text, listed_places, of_json_text
from geo.importing.geometries.formats.kinds import WKT

_SRID = re.compile(r"\s*srid\s*=\s*(\d+)\s*;\s*", re.I)
_FAULTS = {
    "point array must contain 0 or >1 elements": "importing.line-of-one-vertex",
    "linearring requires at least 4": "importing.ring-too-short",
    "Invalid number of points in LinearRing": "importing.ring-too-short",
    "do not form a closed linestring": "importing.ring-not-closed",
}
"""What GEOS and shapely say of too few vertices, by words of it."""
_PART = re.compile(
    r"(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)|(?P<word>[^\W\d_]+)|(?P<open>\()|(?P<close>\))|(?P<comma>,)"
    r"|(?P<other>\S)",
    re.I,
)
_AFTER: Mapping[str, tuple[str, ...]] = {
    "start": ("word",),
    "word": ("word", "open", "comma", "close"),
    "open": ("open", "number", "word"),
    "number": ("number", "comma", "close"),
    "comma": ("open", "number", "word"),
    "close": ("comma", "close"),
}
"""Which parts of a well-known text may follow which."""
_TYPES = ("POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION")
_WORDS = frozenset(("EMPTY", "Z", "M", "ZM", "LINEARRING", *_TYPES, *(f"{name}Z" for name in _TYPES)))
_CURVED = re.compile(r"\b(circularstring|compoundcurve|curvepolygon|multicurve|multisurface)\s*(?:z|m|zm)?\s*\(", re.I)
_PLACE = r"\s*-?\d{1,2}(?:\.\d+)?\s+-?\d{1,3}(?:\.\d+)?(?:\s+-?\d+(?:\.\d+)?){0,2}\s*"
_TRACE = re.compile(rf"(?a){_PLACE}(?:;{_PLACE})+;?\s*")
"""A line as KoboToolbox and ODK write it."""
_HEX = re.compile(r"\s*[0-9a-f]{18,}\s*", re.I)


def is_well_known(cell: Any) -> bool:
    """Whether a cell looks like a geometry."""
    return isinstance(cell, str) and bool(
        WKT.match(cell)
        or _TRACE.fullmatch(cell)
        or (_HEX.fullmatch(cell) and cell.strip()[:2] in ("00", "01"))
        or is_json_text(cell)
        or listed_places(cell)
    )


def parsed(text: str) -> tuple[BaseGeometry, int]:
    """The geometry in two dimensions and its SRID, 0 for none.

    Raises
    ------
    ShapelyError, ValueError
        It is none.
    """
    if _TRACE.fullmatch(text):
        return _traced(text), 0
    if is_json_text(text):
        return shapely.force_2d(of_json_text(text)), 0
    if places := listed_places(text):
        return shapely.LineString(places), 0
    named = _SRID.match(text)
    body = text[named.end() :] if named else text
    if _CURVED.search(body):
        raise NotImplementedError  # in a collection the library passes curves over
    shape = shapely.from_wkb(body.strip()) if _HEX.fullmatch(body) else shapely.from_wkt(body)
    srid = int(named[1]) if named else int(shapely.get_srid(shape))
    return shapely.force_2d(shape), srid


def _traced(text: str) -> BaseGeometry:
    """The line of a trace: latitude, longitude, height and error of each vertex."""
    places = [part.split()[:2] for part in text.split(";") if part.strip()]
    return shapely.LineString([(float(lon), float(lat)) for lat, lon in places])


def why_not(text: str, error: Exception) -> Message:
    """Why a text is no geometry, and at which of its signs, from 1."""
    if _HEX.fullmatch(text):
        return Message("importing.bad-wkb")
    if is_json_text(text):
        return Message("importing.bad-geojson-cell")
    if curve := _CURVED.search(text):
        return Message("importing.is-curve", type=curve[1].upper())
    return known_fault(error) or _misplaced(text) or Message("importing.bad-wkt")


def _misplaced(text: str) -> Message | None:
    """The first part of a text that well-known text does not have there; None where each has its place."""
    depth, before, numbers = 0, "start", 0
    for part in _PART.finditer(text, _start(text)):
        token, kind, at = part[0], str(part.lastgroup), part.start() + 1
        if kind not in _AFTER[before] or (before == "close" and depth == 0):
            one_number = kind in ("comma", "close") and before == "number"
            code = "importing.wkt-one-number" if one_number else "importing.wkt-unexpected"
            return Message(code, part=token[:20], at=at)
        if kind == "word" and token.upper() not in _WORDS:
            return Message("importing.wkt-unknown-word", part=token[:20], at=at)
        numbers = numbers + 1 if kind == "number" else numbers
        if kind in ("comma", "close") and numbers == 1:
            return Message("importing.wkt-one-number", part=token, at=at)
        numbers = 0 if kind in ("comma", "close") else numbers
        depth += {"open": 1, "close": -1}.get(kind, 0)
        before = kind
    return Message("importing.wkt-unfinished", at=len(text.rstrip())) if depth else None


def _start(text: str) -> int:
    named = _SRID.match(text)
    return named.end() if named else 0


def known_fault(error: Exception) -> Message | None:
    """What the geometry library finds wrong with vertices, in words of the catalogues; None for anything else."""
    text = str(error)
    return next((Message(code) for words, code in _FAULTS.items() if words in text), None)
