"""The line between two carriageways.

Two routes along one street, a direction of travel each, are matched point to point by dynamic time warping (Sakoe and
Chiba 1978: the monotone matching of two curves with the least sum of squared distances; the discrete Fréchet matching
with the sum in place of the maximum). The midpoints of the matched pairs are the centre line, so it lies between them
by construction and never runs backwards.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

STEP_M = 8.0
"""Spacing of the samples along each carriageway; wider on a line of more than `MAX_SAMPLES` steps."""
MAX_SAMPLES = 1500
SAME_M = 1.0
"""Lines that stay this near are one carriageway, used both ways."""
SPLAY = 1.5
"""Carriageways that lie this many times further apart than in the median have parted."""
SIMPLIFY_M = 0.75
"""Tolerance of the line's simplification."""


@dataclass(frozen=True, slots=True)
class CentreLine:
    """The centre line in metres, and how far the carriageways lie apart (mean and 95th percentile, metres)."""

    line: shapely.LineString
    mean_width_m: float
    width_m: float


def centre_line(
    forward: shapely.LineString, backward: shapely.LineString, loose_m: tuple[float, float] = (0.0, 0.0)
) -> CentreLine:
    """The line between two lines that run the same way (reverse a carriageway of the other direction first).

    Where they coincide the centre line is both. `loose_m`: within so many metres of the start and of the end the
    carriageways may part (a street that ends in a wide junction); what is there wider than `SPLAY` times the median is
    left out.
    """
    if shapely.hausdorff_distance(forward, backward) <= SAME_M:
        return CentreLine(shapely.simplify(forward, SIMPLIFY_M), 0.0, 0.0)
    step = max(STEP_M, max(forward.length, backward.length) / MAX_SAMPLES)
    a, b = _samples(forward, step), _samples(backward, step)
    pairs = _match(a, b)
    p, q = a[pairs[:, 0]], b[pairs[:, 1]]
    together = _held_together((p + q) / 2, np.hypot(*(p - q).T), loose_m)
    middle, width = ((p + q) / 2)[together], np.hypot(*(p - q).T)[together]
    line = shapely.simplify(_smooth(middle), SIMPLIFY_M)
    return CentreLine(line, float(width.mean()), float(np.percentile(width, 95)))


def _held_together(middle: NDArray[np.float64], width: NDArray[np.float64], loose_m: tuple[float, float]) -> slice:
    """The matched pairs without those at the loose ends where the carriageways have parted."""
    parted = width > SPLAY * np.median(width) + SAME_M
    at = np.r_[0.0, np.cumsum(np.hypot(*np.diff(middle, axis=0).T))]
    head = np.flatnonzero(parted & (at < loose_m[0]))
    tail = np.flatnonzero(parted & (at > at[-1] - loose_m[1]))
    first = int(head.max()) + 1 if len(head) else 0
    last = int(tail.min()) if len(tail) else len(width)
    return slice(first, last) if last - first > 1 else slice(0, len(width))


def _samples(line: shapely.LineString, step: float) -> NDArray[np.float64]:
    """The vertices and points between them at most `step` apart."""
    dense = shapely.segmentize(line, step)
    xy: NDArray[np.float64] = shapely.get_coordinates(dense)
    return xy


def _match(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.int64]:
    """The monotone matching of two point rows with the least sum of squared distances, as (k, 2) indices."""
    rows, columns = len(a), len(b)
    dx, dy = (np.subtract.outer(a[:, axis], b[:, axis]) for axis in (0, 1))
    cost = (dx * dx + dy * dy).ravel()
    total = np.full((rows + 1, columns + 1), np.inf)
    total[0, 0] = 0.0
    flat, wide = total.ravel(), columns + 1
    for diagonal in range(2, rows + columns + 1):
        first, last = max(1, diagonal - columns), min(rows, diagonal - 1)
        count = last - first + 1
        at = first * wide + diagonal - first
        # One step down a diagonal is `columns` further on in the flat array: slices of it, no arrays of indexes.
        up, left, across = (_slice(flat, at - back, count, columns) for back in (wide, 1, wide + 1))
        own = _slice(cost, (first - 1) * columns + diagonal - first - 1, count, columns - 1)
        _slice(flat, at, count, columns)[:] = own + np.minimum(np.minimum(up, left), across)
    return _trace(total)


def _slice(values: NDArray[np.float64], first: int, count: int, step: int) -> NDArray[np.float64]:
    return values[first : first + (count - 1) * step + 1 : step]


def _trace(total: NDArray[np.float64]) -> NDArray[np.int64]:
    i, j = total.shape[0] - 1, total.shape[1] - 1
    pairs = []
    while i > 0 and j > 0:
        pairs.append((i - 1, j - 1))
        _, i, j = min((total[i - 1, j - 1], i - 1, j - 1), (total[i - 1, j], i - 1, j), (total[i, j - 1], i, j - 1))
    return np.array(pairs[::-1], dtype=np.int64)


def _smooth(xy: NDArray[np.float64]) -> shapely.LineString:
    """The midpoints as a line; a point that is matched twice makes a tooth, the mean of three removes it."""
    inner = (xy[:-2] + xy[1:-1] + xy[2:]) / 3
    rows = np.vstack([xy[:1], inner, xy[-1:]]) if len(xy) > 2 else xy
    distinct = np.r_[True, np.hypot(*np.diff(rows, axis=0).T) > 0.01]
    rows = rows[distinct]
    return shapely.LineString(rows if len(rows) > 1 else xy[[0, -1]])
