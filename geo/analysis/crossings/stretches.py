"""The geometry of stretches: what a route is between two chainages."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.analysis.crossings.cut import Pieces
from geo.analysis.crossings.routes import Routes, positions

Ints = NDArray[np.intp]


def stretch_lines(table: Routes, pieces: Pieces, rows: Ints) -> NDArray[np.object_]:
    """The given pieces as LineStrings, in the coordinates of the routes."""
    begin, end = pieces.begin[rows], pieces.end[rows]
    # First segment that ends after the begin, last that begins before the end: vertices between them are inside.
    first = np.searchsorted(table.at[1:], begin, side="right")
    last = np.searchsorted(table.at[:-1], end, side="left") - 1
    first = np.clip(first, 0, len(table) - 1)
    last = np.clip(np.maximum(last, first), 0, len(table) - 1)
    inner = last - first
    line = np.repeat(np.arange(rows.size), inner + 2)
    offset = np.cumsum(inner + 2) - (inner + 2)
    within = np.arange(line.size) - np.repeat(offset, inner + 2)
    segment = np.clip(first[line] + within - 1, 0, len(table) - 1)
    xy = table.xy.take(table.vertices(segment) + 1, axis=0)
    xy[offset] = positions(table, begin, first)
    xy[offset + inner + 1] = positions(table, end, last)
    return np.asarray(shapely.linestrings(xy, indices=line), dtype=object)


def collected(lines: NDArray[np.object_], group: Ints, count: int) -> NDArray[np.object_]:
    """One geometry a group (sorted group numbers below `count`): a LineString, or a MultiLineString of several."""
    size = np.bincount(group, minlength=count)
    result = np.empty(count, dtype=object)
    first = np.searchsorted(group, np.arange(count))
    single = size == 1
    result[single] = lines[first[single]]
    several = np.flatnonzero(size > 1)
    if several.size:
        member = np.isin(group, several)
        number = np.searchsorted(several, group[member])
        result[several] = shapely.multilinestrings(lines[member], indices=number)
    return result
