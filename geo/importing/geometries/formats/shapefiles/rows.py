"""Whether the files of a Shapefile are whole and belong together: shapes, their index, rows of attributes.

Their layout is that of the ESRI Shapefile Technical Description (1998) and of dBASE III.
"""

from __future__ import annotations

import struct
from pathlib import Path

from geo.importing.geometries.formats.shapefiles.parts import beside
from geo.importing.geometries.model import unusable

_HEADER = 100
_ENTRY = 8
_DELETED = ord("*")


def check_whole(path: Path, where: str) -> None:
    """Refuse a Shapefile of which a part is cut short, or whose shapes and rows of attributes are not equally many.

    Raises
    ------
    InputError
        It is so; the sizes are named.
    """
    sides = beside(path)
    whole = path.read_bytes()
    index = sides[".shx"].read_bytes() if ".shx" in sides else None
    _check_size(".shp", len(whole), _end(whole, index), where)
    if ".dbf" not in sides:
        return
    table = sides[".dbf"].read_bytes()
    rows, start, width = _table(table, where)
    _check_size(".dbf", len(table), start + rows * width, where)
    shapes = len(_starts(whole)) if index is None else (len(index) - _HEADER) // _ENTRY
    if shapes != rows:
        raise unusable("importing.shapefile-rows", where, shapes=shapes, rows=rows)


def deleted_rows(path: Path, where: str) -> list[int]:
    """The numbers, from 1, of rows that are marked as deleted in the table of attributes: programs do not show them."""
    side = beside(path).get(".dbf")
    if side is None:
        return []
    table = side.read_bytes()
    rows, start, width = _table(table, where)
    return [row + 1 for row, mark in enumerate(table[start : start + rows * width : width]) if mark == _DELETED]


def _check_size(ending: str, size: int, least: int, where: str) -> None:
    if size < least:
        raise unusable("importing.shapefile-cut", where, ending=ending, size=size, whole=least)


def _end(shapes: bytes, index: bytes | None) -> int:
    """Where a `.shp` ends, as its header and its index say."""
    if len(shapes) < _HEADER:
        return _HEADER
    ends = [2 * struct.unpack_from(">i", shapes, 24)[0]]
    if index is not None:
        entries = struct.iter_unpack(">ii", index[_HEADER : len(index) - (len(index) - _HEADER) % _ENTRY])
        ends += [2 * (start + length) + _ENTRY for start, length in entries]
    return int(max(ends))


def _starts(shapes: bytes) -> list[int]:
    """Where the shapes of a `.shp` begin, one behind the other."""
    at, found = _HEADER, list[int]()
    while at + _ENTRY <= len(shapes):
        found.append(at)
        at += _ENTRY + 2 * max(0, struct.unpack_from(">i", shapes, at + 4)[0])
    return found


def _table(table: bytes, where: str) -> tuple[int, int, int]:
    """How many rows a `.dbf` has, where the first begins, how wide they are."""
    if len(table) < 12:
        raise unusable("importing.shapefile-cut", where, ending=".dbf", size=len(table), whole=33)
    rows, start, width = struct.unpack_from("<IHH", table, 4)
    return int(rows), int(start), max(1, int(width))
