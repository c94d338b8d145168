"""Figures that are printed rounded and have to add up: metres along a route, shares of a whole."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def rounded_parts(values: Sequence[float], decimals: int = 0) -> tuple[float, ...]:
    """The values rounded so that they add up to their rounded sum (largest remainder); equal ones in their order.

    >>> rounded_parts([48.6, 2928.7, 962.7]), sum(rounded_parts([48.6, 2928.7, 962.7]))
    ((48.0, 2929.0, 963.0), 3940.0)
    """
    scale = 10**decimals
    exact = [value * scale for value in values]
    floors = [math.floor(value) for value in exact]
    missing = round(sum(exact)) - sum(floors)
    order = sorted(range(len(exact)), key=lambda at: (floors[at] - exact[at], at))
    raised = set(order[:missing])
    return tuple((floor + (at in raised)) / scale for at, floor in enumerate(floors))


def piece_metres(pieces: Iterable[tuple[float, float, Key]]) -> Mapping[Key, int]:
    """Whole metres by key of pieces (begin, end, key) along a route: the ends are rounded, so the pieces of a chainage
    table, the sums by ward and the whole agree with each other.

    >>> piece_metres([(0.0, 48.6, "a"), (48.6, 2977.3, "b"), (2977.3, 3940.0, "a")])
    {'a': 1012, 'b': 2928}
    """
    found: dict[Key, int] = {}
    for begin, end, key in pieces:
        found[key] = found.get(key, 0) + round(end) - round(begin)
    return found
