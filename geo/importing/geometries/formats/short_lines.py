"""Lines of one vertex, as GPS devices write them where a track begins anew: no geometry for GEOS, and no metre long."""

from __future__ import annotations

import struct

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

_LINE, _MULTI_LINE = 2, 5
_BEGIN = struct.Struct("<BI")
_COUNT = struct.Struct("<I")


def without_short_lines(wkb: bytes) -> BaseGeometry | None:
    """The line or lines of a WKB in two dimensions, those of fewer than two vertices left out; None for other things.

    A line of which nothing is left is empty.
    """
    try:
        order, kind = _BEGIN.unpack_from(wkb)
        if order != 1 or kind not in (_LINE, _MULTI_LINE):
            return None
        if kind == _LINE:
            lines, _ = _line(wkb, 0)
            return lines[0] if lines else shapely.LineString()
        return _lines(wkb)
    except (struct.error, ValueError, shapely.errors.ShapelyError):
        return None


def _lines(wkb: bytes) -> BaseGeometry | None:
    found: list[shapely.LineString] = []
    [count], at = _COUNT.unpack_from(wkb, _BEGIN.size), _BEGIN.size + _COUNT.size
    for _ in range(count):
        if _BEGIN.unpack_from(wkb, at) != (1, _LINE):
            return None
        line, at = _line(wkb, at)
        found += line
    return shapely.MultiLineString(found)


def _line(wkb: bytes, at: int) -> tuple[list[shapely.LineString], int]:
    """The line that begins there, or none, and where the next one does."""
    [count] = _COUNT.unpack_from(wkb, at + _BEGIN.size)
    begin = at + _BEGIN.size + _COUNT.size
    xy = np.frombuffer(wkb, dtype="<f8", count=2 * count, offset=begin).reshape(-1, 2)
    return ([shapely.LineString(xy)] if count > 1 else []), begin + 16 * count
