"""Which segment of a route comes near which segment of a ward edge: by clearance, then by cells, on arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from geo.analysis.crossings.routes import Routes
from geo.spatial.edge_buckets import candidates, chosen, expand, step_boxes, widened
from geo.spatial.edge_index import EdgeIndex
from geo.spatial.measure import Measure

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]
Number = TypeVar("Number", np.intp, np.float64)

_RUN = 6
"""Segments of a route that are first looked at together."""
_BATCH = 100_000
"""Segments looked at in one go, to keep memory bounded."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Rows of route segments and of edge segments, side by side, that may come within a margin of each other."""

    segment: Ints
    edge: Ints


@dataclass(frozen=True, slots=True)
class MetricPairs:
    """Pairs in metres (n, 2), as seen from the begin of the route segment; each column lies in one piece of memory.

    `segment`, `edge`: their rows; `way`: to the end of the segment; `near`, `far`: to both ends of the edge.
    """

    segment: Ints
    edge: Ints
    way: Floats
    near: Floats
    far: Floats


def metric_pairs(index: EdgeIndex, table: Routes, measure: Measure, margin: Floats) -> MetricPairs:
    """`near_pairs` with where they lie."""
    pairs = near_pairs(index, table, margin)
    ends = *table.ends(pairs.segment), *index.ends(pairs.edge)
    begin, end, near, far = (np.asfortranarray(xy) for xy in ends)
    scale = np.asfortranarray(measure.scale(begin[:, 1]))
    for xy in (end, near, far):
        np.subtract(xy, begin, out=xy)
        np.multiply(xy, scale, out=xy)
    return MetricPairs(pairs.segment, pairs.edge, end, near, far)


def near_pairs(index: EdgeIndex, table: Routes, margin: Floats) -> Pairs:
    """All pairs of a route segment and an edge segment that come within the margin, and some more; each once.

    `margin`: (2) distance in x and in y, in the units of the coordinates.
    """
    none = np.zeros(0, dtype=np.intp)
    if not len(table) or not len(index):
        return Pairs(none, none)
    found = [_near(index, table, segments, margin) for segments in _within_reach(index, table, margin)]
    segment, edge = (np.concatenate([none, *(pairs[side] for pairs in found)]) for side in (0, 1))
    return Pairs(segment, edge)


def _within_reach(index: EdgeIndex, table: Routes, margin: Floats) -> Iterator[Ints]:
    """Segments that are not surely clear of all edges, batch by batch: most of a way lies far from any."""
    bounds = _route_runs(table)
    reach = np.flatnonzero(~index.clearance.clear(_run_boxes(table, bounds, margin)))
    segment, _ = expand(bounds[reach], np.diff(bounds)[reach])
    for begin in range(0, segment.size, _BATCH):
        yield segment[begin : begin + _BATCH]


def _near(index: EdgeIndex, table: Routes, segment: Ints, margin: Floats) -> tuple[Ints, Ints]:
    raster = index.lookup.raster
    step, boxes = step_boxes(*table.ends(segment), raster, margin)
    reach = np.flatnonzero(~index.clearance.clear(boxes))
    segment, boxes = segment[step[reach]], chosen(boxes, reach)
    row, edge = candidates(index.buckets, boxes, raster)
    start, end = index.ends(edge)
    west, south, east, north = chosen(boxes, row).T
    low, high = np.minimum(start, end), np.maximum(start, end)
    near = (low[:, 0] <= east) & (high[:, 0] >= west) & (low[:, 1] <= north) & (high[:, 1] >= south)
    key = sorted_once(segment[row[near]] * len(index) + edge[near])
    return key // len(index), key % len(index)


def sorted_once(numbers: NDArray[Number]) -> NDArray[Number]:
    """The numbers in order, each once; many times faster than `numpy.unique`, which hashes before it sorts."""
    ordered = np.sort(numbers)
    new = np.ones(ordered.size, dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    return ordered[new]


def _run_boxes(table: Routes, bounds: Ints, margin: Floats) -> Floats:
    """Boxes (n, 4) of the runs of segments, widened by the margin."""
    first, last = table.vertices(bounds[:-1]), table.vertices(bounds[1:] - 1) + 1
    columns = np.empty((4, first.size))
    for axis in (0, 1):
        # The vertices from the first of a run up to that of the next one, and its own last, which the next begins with.
        place = np.ascontiguousarray(table.xy[:, axis])
        end = place.take(last)
        np.minimum(np.minimum.reduceat(place, first), end, out=columns[axis])
        np.maximum(np.maximum.reduceat(place, first), end, out=columns[2 + axis])
    return widened(columns.T, margin)


def _route_runs(table: Routes) -> Ints:
    breaks = np.flatnonzero(np.diff(table.part)) + 1
    bounds = np.concatenate([[0], breaks, [len(table.part)]])
    counts = -(-np.diff(bounds) // _RUN)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.append(np.repeat(bounds[:-1], counts) + within * _RUN, len(table.part)).astype(np.intp)
