"""The edges of a set of wards, indexed once: short runs of segments in a tree, each segment with its two wards."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.reference.clearance import Clearance, clearance
from geo.reference.lookup import PointLookup, point_lookup

RUN = 8
"""Segments in a run: long enough to keep the tree small, short enough to keep its boxes tight."""

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class EdgeIndex:
    """Ward edges for cutting routes.

    `start`, `end`: (s, 2) coordinates of the segments, a shared one held once; `owners`: (s, 2) rows of the wards on
    its sides, -1 for none; `runs`: (r + 1) offsets of the runs; `boxes`: (r, 4) their bounds, also in `tree`;
    `lookup`: ward of a point; `clearance`: boxes that surely touch no edge.
    """

    start: Floats
    end: Floats
    owners: NDArray[np.int32]
    runs: Ints
    boxes: Floats
    lookup: PointLookup = field(repr=False)
    clearance: Clearance = field(repr=False)
    tree: shapely.STRtree = field(repr=False)


def edge_index(polygons: NDArray[np.object_]) -> EdgeIndex:
    """Index the edges of polygons (any planar coordinates; best a coverage, whose shared edges are identical)."""
    polygons = np.asarray(polygons, dtype=object)
    start, end, ring, ward = _segments(polygons)
    first, partner = _shared(start, end)
    owners = np.full((first.size, 2), -1, dtype=np.int32)
    owners[:, 0] = ward[first]
    matched = partner >= 0
    owners[matched, 1] = ward[partner[matched]]
    runs = _runs(first, ring[first])
    lookup = point_lookup(polygons)
    return assemble(start[first], end[first], owners, runs, lookup, clearance(lookup.raster))


def assemble(
    start: Floats, end: Floats, owners: NDArray[np.int32], runs: Ints, lookup: PointLookup, clear: Clearance
) -> EdgeIndex:
    """An index from arrays made before (see `EdgeIndex` for their shapes); only the tree is built."""
    low = np.minimum.reduceat(np.minimum(start, end), runs[:-1], axis=0)
    high = np.maximum.reduceat(np.maximum(start, end), runs[:-1], axis=0)
    tree = shapely.STRtree(np.atleast_1d(shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])))
    return EdgeIndex(start, end, owners, runs, np.hstack([low, high]), lookup, clear, tree)


def _segments(polygons: NDArray[np.object_]) -> tuple[Floats, Floats, Ints, Ints]:
    parts, ward_of_part = shapely.get_parts(polygons, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    ward_of_ring = ward_of_part[part_of_ring]
    real = (ring[:-1] == ring[1:]) & (xy[:-1] != xy[1:]).any(axis=1)
    return xy[:-1][real], xy[1:][real], ring[:-1][real], ward_of_ring[ring[:-1][real]]


def _shared(start: Floats, end: Floats) -> tuple[Ints, Ints]:
    """Rows of the segments to keep, in their order, and for each the row of its twin in another ring, -1 for none."""
    swap = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    low, high = np.where(swap[:, None], end, start), np.where(swap[:, None], start, end)
    key = _hash(np.concatenate([low, high], axis=1))
    order = np.argsort(key, kind="stable")
    a, b = order[:-1], order[1:]
    twins = (key[a] == key[b]) & (low[a] == low[b]).all(axis=1) & (high[a] == high[b]).all(axis=1)
    # A third copy (overlapping wards) stays a segment of its own: only disjoint neighbours in the order pair up.
    twins[1:] &= ~twins[:-1]
    partner = np.full(len(start), -1, dtype=np.intp)
    partner[np.minimum(a, b)[twins]] = np.maximum(a, b)[twins]
    keep = np.ones(len(start), dtype=bool)
    keep[np.maximum(a, b)[twins]] = False
    kept = np.flatnonzero(keep)
    return kept, partner[kept]


def _hash(rows: Floats) -> NDArray[np.uint64]:
    """A 64-bit key a row; equal rows have equal keys (a collision is caught by comparing the rows)."""
    bits = np.ascontiguousarray(rows + 0.0).view(np.uint64)
    key = np.zeros(len(rows), dtype=np.uint64)
    for column in range(rows.shape[1]):
        key = (key ^ bits[:, column]) * np.uint64(0x9E3779B97F4A7C15)
        key ^= key >> np.uint64(29)
    return key


def _runs(first: Ints, ring: Ints) -> Ints:
    """Offsets of runs of at most `RUN` segments that follow each other in one ring."""
    if not first.size:
        return np.zeros(1, dtype=np.intp)
    breaks = np.flatnonzero((np.diff(first) != 1) | (np.diff(ring) != 0)) + 1
    bounds = np.concatenate([[0], breaks, [first.size]])
    counts = -(-np.diff(bounds) // RUN)
    begin = np.repeat(bounds[:-1], counts)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.append(begin + within * RUN, first.size).astype(np.intp)
