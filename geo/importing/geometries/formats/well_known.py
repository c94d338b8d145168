"""Geometries in well-known text or binary, as cells and files hold them, with the SRID that may stand before them."""

from __future__ import annotations

import re
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo.i18n.message import Message
from geo.importing.geometries.formats.kinds import WKT

_SRID = re.compile(r"\s*srid\s*=\s*(\d+)\s*;\s*", re.I)
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
    """What a parser says, on one line."""
    return Message("importing.bad-wkt", reason=(str(error).splitlines() or [""])[0][:120])
