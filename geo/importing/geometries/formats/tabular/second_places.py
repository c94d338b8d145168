"""Places that a table says beside those that are read: a row has one geometry, and none is dropped unsaid."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.importing.cells import CellError, as_degrees
from geo.importing.cells.places import FIRST_METRE, as_point
from geo.importing.geometries.formats.well_known import is_well_known, parsed
from geo.importing.tables import Row
from geo.importing.where import number_list

EAST = (
    "lon", "lng", "long", "longitude", "kinh do", "easting", "east", "e", "x", "toa do x", "point x", "xcoord",
    "gps lon", "dong", "toa do dong",
)  # fmt: skip
NORTH = (
    "lat",
    "latitude",
    "vi do",
    "northing",
    "north",
    "n",
    "y",
    "toa do y",
    "point y",
    "ycoord",
    "gps lat",
    "bac",
    "toa do bac",
)
BOTH = ("toa do", "lat lon", "latlon", "lat long", "lon lat", "lonlat", "coordinates", "coordinate", "location", "gps")
"""Headings of the first and the second coordinate, and of cells that hold both."""
_WHICH = frozenset(
    ("start", "begin", "from", "first", "dau", "tu", "end", "to", "last", "cuoi", "den", "old", "cu", "new", "moi")
)
"""Words that tell one place of a row from another."""
_NEAR_DEGREES, _NEAR_METRES = 0.003, 300.0
"""The same place in another system in use here lies some 220 m away."""
_VIET_NAM = ((102.0, 118.0), (6.0, 24.0))
Shape = Callable[[Row], BaseGeometry | None]


@dataclass(frozen=True, slots=True)
class _Other:
    """Columns with a place of their own, by their indices, and what makes a shape of a row."""

    columns: tuple[int, ...]
    shape: Shape


def second_places(
    where: str,
    headings: Sequence[str],
    keys: Sequence[str],
    rows: Sequence[Row],
    used: Sequence[int],
    taken: Mapping[int, BaseGeometry | None],
) -> tuple[Message, ...]:
    """What to say of columns with places that are not read.

    `keys`: the headings as they are compared; `used`: the columns that are read; `taken`: place of a row → its shape.

    Raises
    ------
    InputError
        Such a column says another place than the one that is read.
    """
    notes, problems = list[Message](), list[Problem]()
    names = _names(headings, used)
    for other in _others(keys, rows, used):
        own = _names(headings, other.columns)
        apart = [rows[place].number for place, shape in taken.items() if _is_apart(shape, other.shape(rows[place]))]
        if apart:
            at = {"columns": names, "others": own, "rows": number_list(apart)}
            problems.append(Problem("importing.second-place", where, **at, count=len(apart)))
        else:
            notes.append(Message("importing.second-place-left", columns=names, others=own))
    if problems:
        raise InputError(problems)
    return tuple(notes)


def _names(headings: Sequence[str], columns: Collection[int]) -> list[str]:
    return [headings[i] if i < len(headings) and headings[i] else str(i + 1) for i in dict.fromkeys(columns)]


def _others(keys: Sequence[str], rows: Sequence[Row], used: Sequence[int]) -> Iterator[_Other]:
    width = max((len(row.cells) for row in rows), default=0)
    free = [index for index in range(width) if index not in used]
    texts = [index for index in free if any(is_well_known(cell_of(row, index)) for row in rows)]
    yield from (_Other((index,), _well_known(index)) for index in texts)
    free = [index for index in free if index not in texts]
    pairs = [*_by_headings(keys, free), *_by_content(rows, free)]
    seen = set[int]()
    for pair in pairs:
        shape = _pair(*pair)
        if seen.isdisjoint(pair) and any(shape(row) is not None for row in rows):
            seen.update(pair)
            yield _Other(tuple(dict.fromkeys(pair)), shape)


def _by_headings(keys: Sequence[str], free: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Columns that are called like coordinates: `lon2` and `lat2`, `x end` and `y end`, `toa do cu`."""
    named = [(index, *_role(keys[index])) for index in free if index < len(keys)]
    north = {which: index for index, role, which in reversed(named) if role == "north"}
    for index, role, which in named:
        if role == "both":
            yield index, index
        elif role == "east" and which in north:
            yield index, north[which]


def _role(key: str) -> tuple[str, tuple[str, ...]]:
    """Which coordinate a heading names, and which place of several."""
    words = re.findall(r"[^\W\d]+|\d+", key)
    for which in (frozenset[str](), _WHICH):
        bare = " ".join(word for word in words if word not in which and not word.isdigit())
        rest = tuple(sorted(word for word in words if word in which or word.isdigit()))
        for role, names in (("east", EAST), ("north", NORTH), ("both", BOTH)):
            if bare in names:
                return role, rest
    return "", ()


def _by_content(rows: Sequence[Row], free: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Neighbouring columns that hold degrees of the country with decimals, whatever they are called."""
    for index in free:
        if index + 1 in free:
            pairs = [(cell_of(row, index), cell_of(row, index + 1)) for row in rows]
            filled = [pair for pair in pairs if pair != (None, None)]
            if filled and all(_is_fine(pair) for pair in filled):
                yield index, index + 1


def _is_fine(pair: tuple[Any, Any]) -> bool:
    try:
        degrees = as_degrees(pair[0]), as_degrees(pair[1])
    except CellError:
        return False
    return is_here(degrees) and not any(value.is_integer() for value in degrees)


def is_here(pair: tuple[float, float]) -> bool:
    """Whether two numbers, in either order, are degrees of the country."""
    (west, east), (south, north) = _VIET_NAM
    return west <= max(pair) <= east and south <= min(pair) <= north


def _well_known(index: int) -> Shape:
    def shape(row: Row) -> BaseGeometry | None:
        cell = cell_of(row, index)
        try:
            return parsed(str(cell))[0] if is_well_known(cell) else None
        except (shapely.errors.ShapelyError, ValueError, OverflowError, NotImplementedError):
            return None

    return shape


def _pair(first: int, second: int) -> Shape:
    def shape(row: Row) -> BaseGeometry | None:
        cells = cell_of(row, first), cell_of(row, second)
        try:
            pair = as_point(cells[0]) if first == second else (as_degrees(cells[0]), as_degrees(cells[1]))
        except CellError:
            return None
        if is_here(pair):
            return shapely.Point(max(pair), min(pair))
        return shapely.Point(pair) if min(pair) > FIRST_METRE else None

    return shape


def _is_apart(taken: BaseGeometry | None, other: BaseGeometry | None) -> bool:
    """Whether two shapes of one row are elsewhere; a place within the extent of a line is one on it.

    Degrees and metres can't be compared before the system of the metres is known.
    """
    if taken is None or other is None or taken.is_empty or other.is_empty:
        return False
    in_metres = [max(map(abs, shape.bounds)) > FIRST_METRE for shape in (taken, other)]
    if in_metres[0] != in_metres[1]:
        return False
    near = _NEAR_METRES if in_metres[0] else _NEAR_DEGREES
    if 0 in (shapely.get_dimensions(taken), shapely.get_dimensions(other)):
        return not any(_covers(shape, taken, near) for shape in _turns(other))
    return all(float(shapely.hausdorff_distance(shape, taken)) > near for shape in _turns(other))


def _turns(shape: BaseGeometry) -> tuple[BaseGeometry, BaseGeometry]:
    """A shape as it is, and with its axes the other way round."""
    return shape, shapely.transform(shape, lambda xy: xy[:, ::-1])


def _covers(one: BaseGeometry, other: BaseGeometry, near: float) -> bool:
    boxes = [shapely.box(*shape.bounds) for shape in (one, other)]
    return boxes[0].distance(boxes[1]) <= near


def cell_of(row: Row, index: int) -> Any:
    """A cell of a row, None beyond its end."""
    return row.cells[index] if index < len(row.cells) else None
