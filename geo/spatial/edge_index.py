"""The edges of a set of wards, indexed once: each segment with its two wards, found by the cells that it touches."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.spatial.clearance import Clearance, clearance
from geo.spatial.edge_buckets import Buckets, buckets, covering, expand
from geo.spatial.lookup import PointLookup, point_lookup

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]

_RUN = 64
"""Segments that are looked for together where wards overlap."""


@dataclass(frozen=True, slots=True)
class EdgeIndex:
    """Ward edges for cutting routes.

    `vertices`: (v, 2) coordinates of chains of segments, a shared segment held once; `first`: (s) the vertex that each
    begins at, to end at the next one; `owners`: (s, 2) rows of the wards on its left and on its right, -1 for none;
    `sure`: (s) whether that is all there is to say, no ward overlapping another there; `buckets`: segments by cells;
    `lookup`: ward of a point; `clearance`: boxes that surely touch no edge.
    """

    vertices: Floats
    first: NDArray[np.int32]
    owners: NDArray[np.signedinteger[Any]]
    sure: NDArray[np.bool_]
    buckets: Buckets = field(repr=False)
    lookup: PointLookup = field(repr=False)
    clearance: Clearance = field(repr=False)

    def __len__(self) -> int:
        return len(self.first)

    def ends(self, segment: Ints) -> tuple[Floats, Floats]:
        """Coordinates (n, 2) of the begin and of the end of some segments."""
        first = self.first.take(segment)
        return self.vertices.take(first, axis=0), self.vertices.take(first + 1, axis=0)


def edge_index(polygons: NDArray[np.object_]) -> EdgeIndex:
    """Index the edges of polygons (any planar coordinates; best a coverage, whose shared edges are identical)."""
    polygons = np.asarray(polygons, dtype=object)
    shapely.bounds(polygons)  # which GEOS works out when first asked, and writes into them: not in two threads at once
    with ThreadPoolExecutor(1) as beside:
        placed = beside.submit(_placed, polygons)
        start, end, owners = _owned(polygons)
        sure = _sure(polygons, start, end)
        lookup, clear = placed.result()
    return EdgeIndex(*_chained(start, end), owners, sure, buckets(start, end, lookup.raster), lookup, clear)


def _placed(polygons: NDArray[np.object_]) -> tuple[PointLookup, Clearance]:
    """What says of a place in which polygon it lies, and how far from any edge: half of the work."""
    lookup = point_lookup(polygons)
    return lookup, clearance(lookup.raster)


def _owned(polygons: NDArray[np.object_]) -> tuple[Floats, Floats, NDArray[np.signedinteger[Any]]]:
    """Each segment once, from where to where, and its owners."""
    # Rings so that every ward lies on the left of its edges.
    start, end, ward = _segments(np.asarray(shapely.orient_polygons(polygons, exterior_cw=False), dtype=object))
    first, partner = _shared(start, end)
    kind = np.int16 if len(polygons) <= np.iinfo(np.int16).max else np.int32
    owners = np.full((first.size, 2), -1, dtype=kind)
    owners[:, 0] = ward[first]
    matched = partner >= 0
    owners[matched, 1] = ward[partner[matched]]
    return start[first], end[first], owners


def _sure(polygons: NDArray[np.object_], start: Floats, end: Floats) -> NDArray[np.bool_]:
    """Segments beside which no ward overlaps another, or meets it in another way than vertex by vertex.

    All round an overlap stand edges that are no shared ones: a box round those that hang together holds whatever lies
    in it, also a border of two wards under a third, which is a shared edge like any other.
    """
    faults = _merged(shapely.bounds(shapely.get_parts(shapely.coverage_invalid_edges(polygons))))
    sure = np.ones(len(start), dtype=bool)
    if not len(faults) or not len(start):
        return sure
    boxes = covering(start, end).T
    begins = np.arange(0, len(start), _RUN)  # segments of a ring follow each other, so those of a run lie together
    west, south = np.minimum.reduceat(boxes[:2], begins, axis=1)
    east, north = np.maximum.reduceat(boxes[2:], begins, axis=1)
    run, fault = shapely.STRtree(np.asarray(shapely.box(*faults.T))).query(shapely.box(west, south, east, north))
    segment, pair = expand(begins[run], np.minimum(_RUN, len(start) - begins[run]))
    (west, south, east, north), fault = boxes.take(segment, axis=1), fault[pair]
    beyond = (east < faults[fault, 0]) | (north < faults[fault, 1]) | (west > faults[fault, 2])
    sure[segment[~(beyond | (south > faults[fault, 3]))]] = False
    return sure


def _merged(boxes: Floats) -> Floats:
    """Boxes (n, 4), none of which meets another, that cover the given ones."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    while True:
        shapes = np.asarray(shapely.box(*boxes.T))
        one, other = shapely.STRtree(shapes).query(shapes)
        size = (len(boxes), len(boxes))
        count, group = connected_components(coo_array((np.ones(one.size, dtype=bool), (one, other)), shape=size))
        if count == len(boxes):
            return boxes
        order = np.argsort(group, kind="stable")
        begins = np.searchsorted(group[order], np.arange(count))
        low, high = boxes[order, :2], boxes[order, 2:]
        boxes = np.hstack([np.minimum.reduceat(low, begins), np.maximum.reduceat(high, begins)])


def _chained(start: Floats, end: Floats) -> tuple[Floats, NDArray[np.int32]]:
    """The vertices of segments, those between two that follow on held once, and the first vertex of each segment."""
    follows = np.zeros(len(start), dtype=bool)
    follows[1:] = (start[1:] == end[:-1]).all(axis=1)
    first = np.arange(len(start)) + np.cumsum(~follows) - 1
    vertices = np.empty((len(start) + int((~follows).sum()), 2))
    vertices[first + 1] = end
    vertices[first] = start
    return vertices, first.astype(np.int32)


def _segments(polygons: NDArray[np.object_]) -> tuple[Floats, Floats, Ints]:
    parts, ward_of_part = shapely.get_parts(polygons, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    ward_of_ring = ward_of_part[part_of_ring]
    real = (ring[:-1] == ring[1:]) & (xy[:-1] != xy[1:]).any(axis=1)
    return xy[:-1][real], xy[1:][real], ward_of_ring[ring[:-1][real]]


def _shared(start: Floats, end: Floats) -> tuple[Ints, Ints]:
    """Rows of the segments to retain, in their order, and for each the row of its twin in another ring, -1 for none.

    Twins are the same segment, drawn the other way: the ward of the one lies left of it, that of the other right.
    """
    swap = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    low, high = np.where(swap[:, None], end, start), np.where(swap[:, None], start, end)
    key = _hash(np.concatenate([low, high], axis=1))
    order = np.argsort(key, kind="stable")
    a, b = order[:-1], order[1:]
    twins = (key[a] == key[b]) & (low[a] == low[b]).all(axis=1) & (high[a] == high[b]).all(axis=1)
    twins &= swap[a] != swap[b]  # else both wards lie on the same side
    # A third copy (overlapping wards) stays a segment of its own: only disjoint neighbours in the order pair up.
    twins[1:] &= ~twins[:-1]
    partner = np.full(len(start), -1, dtype=np.intp)
    partner[np.minimum(a, b)[twins]] = np.maximum(a, b)[twins]
    unique = np.ones(len(start), dtype=bool)
    unique[np.maximum(a, b)[twins]] = False
    retained = np.flatnonzero(unique)
    return retained, partner[retained]


def _hash(rows: Floats) -> NDArray[np.uint64]:
    """A 64-bit key a row; equal rows have equal keys (a collision is caught by comparing the rows)."""
    bits = np.ascontiguousarray(rows + 0.0).view(np.uint64)
    key = np.zeros(len(rows), dtype=np.uint64)
    for column in range(rows.shape[1]):
        key = (key ^ bits[:, column]) * np.uint64(0x9E3779B97F4A7C15)
        key ^= key >> np.uint64(29)
    return key
