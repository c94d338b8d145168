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

_RUN = 6
_BATCH = 1_000_000
"""Pairs looked at in one go: about 150 MB of working memory."""


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
    bounds = _route_runs(table)
    boxes = _run_boxes(table, bounds, margin)
    # Most of a way lies far from any edge: only the rest asks the tree.
    reach = np.flatnonzero(~index.clearance.clear(boxes))
    boxes = boxes[reach]
    run, edge_run = index.tree.query(shapely.box(boxes[:, 0], boxes[:, 1], boxes[:, 2], boxes[:, 3]))
    begin, size = bounds[reach[run]], np.diff(bounds)[reach[run]]
    found = [
        _refined(index, table, margin, begin[batch], size[batch], edge_run[batch])
        for batch in _batches(size * np.diff(index.runs)[edge_run])
    ]
    segments, edges = ([rows[side] for rows in found] for side in (0, 1))
    return Pairs(np.concatenate([none, *segments]), np.concatenate([none, *edges]))


def _run_boxes(table: Routes, bounds: Ints, margin: Floats) -> Floats:
    """Boxes (n, 4) of the runs of segments, widened by the margin."""
    first, last = bounds[:-1], bounds[1:] - 1
    columns = []
    for axis in (0, 1):
        # The begins of all segments of a run and the end of its last are all its vertices.
        start, end = np.ascontiguousarray(table.start[:, axis]), table.end[last, axis]
        columns.append(np.minimum(np.minimum.reduceat(start, first), end) - margin[axis])
        columns.append(np.maximum(np.maximum.reduceat(start, first), end) + margin[axis])
    west, east, south, north = columns
    return np.stack([west, south, east, north], axis=1)


def _refined(
    index: EdgeIndex, table: Routes, margin: Floats, begin: Ints, size: Ints, edge_run: Ints
) -> tuple[Ints, Ints]:
    """Thin a run of the route to the segments that reach the box of the edge run, then look at single edges."""
    segment, pair = _expand(begin, size)
    a, b = table.start.take(segment, axis=0), table.end.take(segment, axis=0)
    boxes = np.hstack([np.minimum(a, b) - margin, np.maximum(a, b) + margin])
    reach = np.flatnonzero(_meet(boxes, index.boxes.take(edge_run, axis=0).take(pair, axis=0)))
    run = edge_run[pair[reach]]
    edge, row = _expand(index.runs[run], np.diff(index.runs)[run])
    box = boxes.take(reach[row], axis=0)
    start, end = index.start.take(edge, axis=0), index.end.take(edge, axis=0)
    near = np.flatnonzero(_meet(np.hstack([np.minimum(start, end), np.maximum(start, end)]), box))
    return segment[reach[row[near]]], edge[near]


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
