"""Geometries in well-known text or binary, as cells and files hold them, with the SRID that may stand before them."""

from __future__ import annotations

import re
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo.i18n.message import Message
from geo.importing.geometries.formats.kinds import WKT

_SRID = re.compile(r"\s*srid\s*=\s*(\d+)\s*;\s*", re.I)
_FAULTS = {
    "point array must contain 0 or >1 elements": "importing.line-of-one-vertex",
    "linearring requires at least 4": "importing.ring-too-short",
    "Invalid number of points in LinearRing": "importing.ring-too-short",
    "do not form a closed linestring": "importing.ring-not-closed",
}
"""What GEOS and shapely say of too few vertices, by words of it."""
_HEX = re.compile(r"\s*[0-9a-f]{18,}\s*", re.I)


def is_well_known(cell: Any) -> bool:
    """Whether a cell looks like a geometry."""
    return isinstance(cell, str) and bool(
        WKT.match(cell) or (_HEX.fullmatch(cell) and cell.strip()[:2] in ("00", "01"))
    )


def parsed(text: str) -> tuple[BaseGeometry, int]:
    """The geometry in two dimensions and its SRID, 0 for none.

    Raises
    ------
    ShapelyError, ValueError
        It is none.
    """
    named = _SRID.match(text)
    body = text[named.end() :] if named else text
    shape = shapely.from_wkb(body.strip()) if _HEX.fullmatch(body) else shapely.from_wkt(body)
    srid = int(named[1]) if named else int(shapely.get_srid(shape))
    return shapely.force_2d(shape), srid


def why_not(error: Exception) -> Message | str:
    """Why a text is no geometry, on one line: in words of the catalogues where they are known, else the parser's."""
    return known_fault(error) or Message("importing.bad-wkt", reason=(str(error).splitlines() or [""])[0][:120])


def known_fault(error: Exception) -> Message | None:
    """What the geometry library finds wrong with vertices, in words of the catalogues; None for anything else."""
    text = str(error)
    return next((Message(code) for words, code in _FAULTS.items() if words in text), None)
