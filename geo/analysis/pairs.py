"""Which segment of a route comes near which segment of a ward edge: found by runs, then by boxes, on arrays."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.analysis.edges import EdgeIndex
from geo.analysis.routes import Routes

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]

_RUN = 12
_BATCH = 4_000_000


def near_pairs(index: EdgeIndex, table: Routes, margin: Floats) -> Iterator[tuple[Ints, Ints]]:
    """Batches of (route segment, edge segment) whose boxes come within the margin; each pair once.

    `margin`: (2) distance in x and in y, in the units of the coordinates.
    """
    if not len(table.start) or len(index.runs) < 2:
        return
    bounds = _route_runs(table)
    low = np.minimum.reduceat(np.minimum(table.start, table.end), bounds[:-1], axis=0) - margin
    high = np.maximum.reduceat(np.maximum(table.start, table.end), bounds[:-1], axis=0) + margin
    route_run, edge_run = index.tree.query(shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]))
    here = np.diff(bounds)[route_run]
    there = np.diff(index.runs)[edge_run]
    # A run of the route is first thinned to its segments that reach the box of the edge run, then expanded.
    for batch in _batches(here * there):
        segment, pair = _expand(bounds[route_run[batch]], here[batch])
        box = index.boxes[edge_run[batch]][pair]
        reach = _overlap(table, segment, box[:, :2] - margin, box[:, 2:] + margin)
        segment, pair = segment[reach], pair[reach]
        edge, again = _expand(index.runs[edge_run[batch][pair]], there[batch][pair])
        segment = segment[again]
        near = _overlap(
            table,
            segment,
            np.minimum(index.start[edge], index.end[edge]) - margin,
            np.maximum(index.start[edge], index.end[edge]) + margin,
        )
        yield segment[near], edge[near]


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
    for begin, end in zip(cuts[:-1], cuts[1:], strict=True):
        if end > begin:
            yield np.arange(begin, end)


def _expand(begin: Ints, count: Ints) -> tuple[Ints, Ints]:
    """All of begin, begin + 1, … begin + count - 1 for each row, and the row that each came from."""
    row = np.repeat(np.arange(begin.size), count)
    within = np.arange(row.size) - np.repeat(np.cumsum(count) - count, count)
    return begin[row] + within, row


def _overlap(table: Routes, segment: Ints, low: Floats, high: Floats) -> NDArray[np.bool_]:
    a, b = table.start[segment], table.end[segment]
    meets: NDArray[np.bool_] = ((np.minimum(a, b) <= high) & (np.maximum(a, b) >= low)).all(axis=1)
    return meets
