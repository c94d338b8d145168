"""Where a house number lies on a street: at a recorded number, or between two of them, with what that leaves open.

The numbers of a street rise from one of its ends, odd ones on one side. Numbers that do not rise with the others
(a wrong street, an old numbering) are left out: the longest run in order is taken (longest increasing subsequence).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.i18n.message import Message
from geo.reference.places.place_index import PlaceIndex
from geo.reference.places.shapes import at as along
from geo.reference.places.shapes import longest, merged, multi, positions
from geo.reference.places.street_groups import StreetGroup
from geo.reference.streets.search import base

BESIDE_M = 80.0
"""Numbers farther from the street than this are those of another one of the name."""
AT_M = 20.0
"""The accuracy of a recorded number."""
FEWEST = 3
SURE_M = 150.0
"""A number placed between two others farther away than this is left to the reader."""
OPEN_M = 80.0
CORNER_M = 20.0
BEYOND = 1.15
"""A number this much larger than the largest recorded one is still placed, at the end."""


@dataclass(frozen=True, slots=True)
class NumberSpot:
    """Where a number lies: the `point` in metres, its accuracy, the recorded numbers on both sides (equal if only one
    counts), and what is `open` about it: None where nothing is."""

    point: BaseGeometry
    accuracy_m: float
    between: tuple[int, int]
    open: Message | None = None


def spot(index: PlaceIndex, group: StreetGroup, number: int) -> NumberSpot | None:
    """The place of a number on a street, None where too few numbers are recorded around it."""
    numbers, points = _recorded(index, group)
    exact = np.flatnonzero(numbers == number)
    line = _axis(index, group) if len(numbers) >= FEWEST else None
    at = positions(line, points) if line is not None else np.zeros(len(numbers))
    if len(exact):
        return _recorded_spot(index, group, (numbers, points, at), exact)
    if line is None:
        return None
    for choice in (numbers % 2 == number % 2, np.ones(len(numbers), dtype=bool)):
        found = _between(numbers[choice], at[choice], number)
        if found:
            low, high, where, reach = found
            code = "places.number-beyond" if low == high else "places.number-between"
            open_point = Message(code, number=number, low=low, high=high) if reach > SURE_M or low == high else None
            return NumberSpot(along(line, where), AT_M + reach, (low, high), open_point)
    return None


def _recorded_spot(
    index: PlaceIndex,
    group: StreetGroup,
    known: tuple[NDArray[np.int64], NDArray[np.object_], NDArray[np.float64]],
    exact: NDArray[np.int64],
) -> NumberSpot:
    """A recorded number: open where it is recorded in places apart, out of order, or at a corner without others."""
    numbers, points, at = known
    number = int(numbers[exact[0]])
    middle = shapely.centroid(shapely.MultiPoint(list(points[exact])))
    spread = float(shapely.distance(points[exact], middle).max())
    if spread > AT_M:
        return NumberSpot(middle, AT_M + spread, (number, number), Message("places.number-twice", number=number))
    same = numbers % 2 == number % 2
    run = {int(numbers[same][i]) for i in _in_order(numbers[same], at[same])}
    ordered = number in run and len(run) >= FEWEST
    if not ordered and (len(run) >= FEWEST or _at_corner(index, group, points[exact[0]])):
        code = "places.number-out-of-order" if len(run) >= FEWEST else "places.number-at-corner"
        return NumberSpot(points[exact[0]], AT_M + OPEN_M, (number, number), Message(code, number=number))
    return NumberSpot(points[exact[0]], AT_M, (number, number))


def _at_corner(index: PlaceIndex, group: StreetGroup, point: BaseGeometry) -> bool:
    """Whether another street is as near to a number as its own: the layer of numbers names no street."""
    near = index.tree.query(point, predicate="dwithin", distance=BESIDE_M)
    own = float(shapely.distance(index.lines[group.rows], point).min())
    bases = {base(name) for name in group.names}
    others = [row for row in near.tolist() if index.names[row] and base(str(index.names[row])) not in bases]
    return any(float(shapely.distance(index.lines[row], point)) < own + CORNER_M for row in others)


def _recorded(index: PlaceIndex, group: StreetGroup) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """The numbers of a street and where they lie."""
    keys = {base(name) for name in group.names} or {base(group.asked)}
    rows = np.concatenate(
        [np.array([], dtype=np.int64), *(index.numbers[key] for key in sorted(keys) if key in index.numbers)]
    )
    rows = rows.astype(np.int64)
    if not len(rows):
        return np.array([], dtype=np.int64), np.array([], dtype=object)
    whole = multi(index.lines[group.rows])
    near = rows[shapely.dwithin(index.shapes[rows], whole, BESIDE_M)]
    numbers = np.array([int(index.things[row].number) for row in near], dtype=np.int64)
    return numbers, index.shapes[near]


def _axis(index: PlaceIndex, group: StreetGroup) -> BaseGeometry:
    """One line along the street, for the order of the numbers: its longest run of ways."""
    runs = merged(index.lines[group.rows])
    main = longest(runs)
    # Ways in pieces (a dual carriageway, gaps): the vertices in their order along the direction of the street.
    if main.length >= 0.6 * sum(float(run.length) for run in runs):
        return main
    ends = shapely.get_coordinates(runs)
    far = ends[[np.argmin(ends @ _direction(ends)), np.argmax(ends @ _direction(ends))]]
    order = np.argsort(ends @ _direction(ends))
    chosen = ends[order][:: max(1, len(ends) // 200)]
    return shapely.LineString(np.vstack([far[:1], chosen, far[1:]]))


def _direction(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """The direction in which points spread most."""
    _, _, axes = np.linalg.svd(xy - xy.mean(axis=0), full_matrices=False)
    first: NDArray[np.float64] = axes[0]
    return first


def _between(numbers: NDArray[np.int64], at: NDArray[np.float64], number: int) -> tuple[int, int, float, float] | None:
    """The recorded numbers below and above, the position between them by share, and how far it may be from there."""
    if len(numbers) < 2:
        return None
    run = _in_order(numbers, at)
    if len(run) < FEWEST:
        return None
    ordered = sorted((int(numbers[i]), float(at[i])) for i in run)
    for (low, a), (high, b) in pairwise(ordered):
        if low < number < high:
            where = a + (b - a) * (number - low) / (high - low)
            return low, high, where, max(abs(where - a), abs(b - where))
    (low, a), (high, b) = ordered[-2:]
    if high < number <= BEYOND * high + 2:
        return high, high, b, abs(b - a) + 100.0
    first, position = ordered[0]
    return (first, first, position, 150.0) if number < first <= number + 12 else None


def _in_order(numbers: NDArray[np.int64], at: NDArray[np.float64]) -> list[int]:
    """Indices of the longest run of numbers in order along the street, one way or the other."""
    return max((_rising(numbers, at), _rising(numbers, -at)), key=len)


def _rising(numbers: NDArray[np.int64], at: NDArray[np.float64]) -> list[int]:
    """Indices of the longest run of numbers that rise with the position."""
    order = np.argsort(at, kind="stable")
    tails: list[int] = []
    last: list[int] = []
    before: dict[int, int] = {}
    for i in order.tolist():
        value = int(numbers[i])
        where = bisect_right(tails, value)
        before[i] = last[where - 1] if where else -1
        tails[where : where + 1] = [value]
        last[where : where + 1] = [i]
    run = []
    i = last[-1] if last else -1
    while i >= 0:
        run.append(i)
        i = before[i]
    return run[::-1]
