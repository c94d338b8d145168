"""Colours in turn, so that no two stretches that touch have the same: along a line one after the other.

After D. Brélaz, 'New methods to color the vertices of a graph' (Communications of the ACM 22, 1979): next is whatever
has the most colours around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush

import numpy as np
import shapely
from numpy.typing import NDArray

_TOUCH = 1e-7
"""Degrees, a centimetre: pieces of one cut share their border up to rounding."""
_TRIES = 12
"""So many beginnings are tried before two neighbours may look alike."""


def turns(geometries: NDArray[np.object_], count: int) -> list[int]:
    """Which of `count` colours each geometry has: its turn, or the next one that none has which touches it.

    >>> turns(shapely.box([0, 1, 2, 0], [0, 0, 0, 1], [1, 2, 3, 3], [1, 1, 1, 2]), 3)
    [0, 1, 0, 2]
    """
    beside = _neighbours(geometries)
    tried = (_coloured(beside, count, start) for start in range(max(1, min(_TRIES, len(beside)))))
    best = next(tried)
    while _alike(beside, best) and (other := next(tried, None)) is not None:
        best = min(best, other, key=lambda made: _alike(beside, made))
    return best


def _neighbours(geometries: NDArray[np.object_]) -> list[set[int]]:
    beside: list[set[int]] = [set() for _ in geometries]
    one, other = shapely.STRtree(geometries).query(geometries, predicate="dwithin", distance=_TOUCH)
    for a, b in zip(one.tolist(), other.tolist(), strict=True):
        if a != b:
            beside[a].add(b)
    return beside


def _coloured(beside: Sequence[set[int]], count: int, start: int) -> list[int]:
    made = [-1] * len(beside)
    around: list[set[int]] = [set() for _ in beside]
    waiting = [(0, place, (start + place) % len(beside)) for place in range(len(beside))]
    while waiting:
        *_, place = heappop(waiting)
        if made[place] >= 0:
            continue  # it was entered again when another colour came beside it
        taken = [made[other] for other in beside[place]]
        made[place] = min(((place + step) % count for step in range(count)), key=taken.count)
        for other in beside[place]:
            if made[other] < 0 and made[place] not in around[other]:
                around[other].add(made[place])
                heappush(waiting, (-len(around[other]), (other - start) % len(beside), other))
    return made


def _alike(beside: Sequence[set[int]], made: Sequence[int]) -> int:
    """How many pairs of neighbours look alike."""
    return sum(made[place] == made[other] for place, around in enumerate(beside) for other in around) // 2
