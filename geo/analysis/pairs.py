"""Which segment of a route comes near which segment of a ward edge: found by runs, then by boxes, on arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.analysis.edges import EdgeIndex
from geo.analysis.routes import Routes

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_RUN = 12
_BATCH = 4_000_000
"""Pairs looked at in one go: about 300 MB of working memory."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Rows of route segments and of edge segments, side by side, whose boxes come within a margin of each other."""

    segment: Ints
    edge: Ints


def near_pairs(index: EdgeIndex, table: Routes, margin: Floats) -> Pairs:
    """All pairs of a route segment and an edge segment whose boxes come within the margin; each once.

    `margin`: (2) distance in x and in y, in the units of the coordinates.
    """
    none = np.zeros(0, dtype=np.intp)
    if not len(table.start) or len(index.runs) < 2:
        return Pairs(none, none)
    boxes = np.hstack([np.minimum(table.start, table.end) - margin, np.maximum(table.start, table.end) + margin])
    bounds = _route_runs(table)
    low = np.minimum.reduceat(boxes[:, :2], bounds[:-1], axis=0)
    high = np.maximum.reduceat(boxes[:, 2:], bounds[:-1], axis=0)
    route_run, edge_run = index.tree.query(shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]))
    size = np.diff(bounds)
    found = [
        _refined(index, boxes, bounds[route_run[batch]], size[route_run[batch]], edge_run[batch])
        for batch in _batches(size[route_run] * np.diff(index.runs)[edge_run])
    ]
    segments, edges = ([rows[side] for rows in found] for side in (0, 1))
    return Pairs(np.concatenate([none, *segments]), np.concatenate([none, *edges]))


def _refined(index: EdgeIndex, boxes: Floats, begin: Ints, size: Ints, edge_run: Ints) -> tuple[Ints, Ints]:
    """Thin a run of the route to the segments that reach the box of the edge run, then look at single edges."""
    segment, pair = _expand(begin, size)
    reach = _meet(boxes[segment], index.boxes[edge_run][pair])
    segment, run = segment[reach], edge_run[pair[reach]]
    edge, row = _expand(index.runs[run], np.diff(index.runs)[run])
    segment = segment[row]
    box = boxes[segment]
    start, end = index.start[edge], index.end[edge]
    near: Flags = (
        (np.minimum(start[:, 0], end[:, 0]) <= box[:, 2])
        & (np.maximum(start[:, 0], end[:, 0]) >= box[:, 0])
        & (np.minimum(start[:, 1], end[:, 1]) <= box[:, 3])
        & (np.maximum(start[:, 1], end[:, 1]) >= box[:, 1])
    )
    return segment[near], edge[near]


def _meet(a: Floats, b: Floats) -> Flags:
    meets: Flags = (a[:, 0] <= b[:, 2]) & (a[:, 2] >= b[:, 0]) & (a[:, 1] <= b[:, 3]) & (a[:, 3] >= b[:, 1])
    return meets


def _route_runs(table: Routes) -> Ints:
    breaks = np.flatnonzero(np.diff(table.part)) + 1
    bounds = np.concatenate([[0], breaks, [len(table.part)]])
    counts = -(-np.diff(bounds) // _RUN)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.append(np.repeat(bounds[:-1], counts) + within * _RUN, len(table.part)).astype(np.intp)


def _batches(work: Ints) -> Iterator[Ints]:
    """Row numbers in groups whose work adds up to about `_BATCH`, to keep memory bounded."""
    group = np.cumsum(work) // _BATCH
    cuts = np.concatenate([[0], np.flatnonzero(np.diff(group)) + 1, [work.size]])
    for begin, end in pairwise(cuts.tolist()):
        if end > begin:
            yield np.arange(begin, end)


def _expand(begin: Ints, count: Ints) -> tuple[Ints, Ints]:
    """All of begin, begin + 1, … begin + count - 1 for each row, and the row that each came from."""
    row = np.repeat(np.arange(begin.size), count)
    within = np.arange(row.size) - np.repeat(np.cumsum(count) - count, count)
    return begin[row] + within, row
