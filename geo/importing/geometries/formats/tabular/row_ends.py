"""Rows that are a line each by its ends: `lon1, lat1, lon2, lat2`, `X đầu, Y đầu, X cuối, Y cuối`, `từ` and `đến`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import shapely

from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.importing.cells import CellError, as_degrees
from geo.importing.cells.places import as_point
from geo.importing.geometries.formats.tabular.second_places import BOTH, EAST, NORTH, cell_of, is_here
from geo.importing.geometries.model import Features, object_array
from geo.importing.tables import Row

_START = frozenset(("start", "begin", "from", "first", "dau", "tu", "origin"))
_END = frozenset(("end", "to", "last", "cuoi", "den", "destination"))
_POINT = ("", "diem", "point", "vi tri", "toa do diem")
"""What a cell that holds a whole place is called beside the word of its end."""
_Pair = tuple[int, int]


def find_ends(keys: Sequence[str], rows: Sequence[Row]) -> list[_Pair] | None:
    """The columns of the places of each row in their order, the same twice where one cell holds both coordinates.

    None where the headings don't name at least two places, or name more than the line's.
    """
    by: dict[int, dict[str, int]] = {}
    for index, key in enumerate(keys):
        role, place = _role(key)
        if role == "point" and not _holds_places(rows, index):
            continue
        if role and (place is None or role in by.setdefault(place, {})):
            return None  # beside a place without a number, or one said twice
        if role and place is not None:
            by[place][role] = index
    places = [_pair(by[place]) for place in sorted(by)]
    is_whole = sorted(by) == list(range(1, len(by) + 1)) and len(by) > 1
    found = [pair for pair in places if pair is not None]
    return found if is_whole and len(found) == len(places) else None


def ends_features(where: str, headings: Sequence[str], rows: Sequence[Row], ends: Sequence[_Pair]) -> Features:
    """A line for each row, straight from place to place.

    Raises
    ------
    InputError
        A row has a place that can't be read; every one is named.
    """
    shapes, used, passed, problems = list[Any](), list[Row](), dict[int, str](), list[Problem]()
    for row in rows:
        if all(cell_of(row, index) is None for pair in ends for index in pair):
            passed[row.number] = "importing.row-without-place"
            continue
        try:
            shapes.append(shapely.LineString([_place(row, pair) for pair in ends]))
            used.append(row)
        except CellError as error:
            problems.append(error.at(Message("place.row", file=where, row=row.number)))
    if problems:
        raise InputError(problems)
    taken = {index for pair in ends for index in pair}
    columns = {
        text: [cell_of(row, index) for row in used]
        for index, text in enumerate(headings)
        if text and index not in taken
    }
    named = [headings[index] for index in dict.fromkeys(index for pair in ends for index in pair)]
    said = Message("importing.lines-of-ends", count=len(shapes), columns=named)
    return Features(
        geometries=object_array(shapes), columns=columns, is_assumed=True, passed=passed,
        rows=[row.number for row in used], notes=(said,) if shapes else (),
    )  # fmt: skip


def _role(key: str) -> tuple[str, int | None]:
    """Which coordinate a heading names, and of which place of the row, from 1; None of one that is not numbered."""
    words = re.findall(r"[^\W\d]+|\d+", key)
    marks = list(_marks(words))
    bare = " ".join(word for word in words if word not in _START | _END and not word.isdigit())
    place = marks[0] if len(marks) == 1 else None
    for role, names in (("east", EAST), ("north", NORTH), ("point", BOTH)):
        if bare in names:
            return role, place
    return ("point", place) if place is not None and bare in _POINT and not key.isdigit() else ("", None)


def _marks(words: Sequence[str]) -> Iterator[int]:
    for word in words:
        if word.isdigit():
            yield int(word)
        elif word in _START:
            yield 1
        elif word in _END:
            yield 2


def _pair(roles: dict[str, int]) -> _Pair | None:
    if set(roles) == {"point"}:
        return roles["point"], roles["point"]
    return (roles["east"], roles["north"]) if set(roles) == {"east", "north"} else None


def _holds_places(rows: Sequence[Row], index: int) -> bool:
    """Whether a column holds places of the country: *từ* and *đến* mostly hold names."""
    cells = [cell_of(row, index) for row in rows if cell_of(row, index) is not None]
    try:
        return bool(cells) and all(is_here(as_point(cell)) for cell in cells)
    except CellError:
        return False


def _place(row: Row, pair: _Pair) -> tuple[float, float]:
    cells = [cell_of(row, index) for index in pair]
    if any(cell is None for cell in cells):
        raise CellError("importing.half-a-line")
    return as_point(cells[0]) if pair[0] == pair[1] else (as_degrees(cells[0]), as_degrees(cells[1]))
