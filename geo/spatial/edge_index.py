"""The edges of a set of wards, indexed once: each segment with its two wards, found by the cells that it touches."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.spatial.clearance import Clearance, clearance
from geo.spatial.edge_buckets import Buckets, buckets
from geo.spatial.lookup import PointLookup, point_lookup

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class EdgeIndex:
    """Ward edges for cutting routes.

    `vertices`: (v, 2) coordinates of chains of segments, a shared segment held once; `first`: (s) the vertex that each
    begins at, to end at the next one; `owners`: (s, 2) rows of the wards on its left and on its right, -1 for none;
    `sure`: (s) whether that is all there is to say, no other ward overlapping these; `buckets`: segments by cells;
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
    # Rings so that every ward lies on the left of its edges.
    start, end, ward = _segments(np.asarray(shapely.orient_polygons(polygons, exterior_cw=False), dtype=object))
    first, partner = _shared(start, end)
    kind = np.int16 if len(polygons) <= np.iinfo(np.int16).max else np.int32
    owners = np.full((first.size, 2), -1, dtype=kind)
    owners[:, 0] = ward[first]
    matched = partner >= 0
    owners[matched, 1] = ward[partner[matched]]
    start, end, lookup = start[first], end[first], point_lookup(polygons)
    retained = buckets(start, end, lookup.raster)
    return EdgeIndex(
        *_chained(start, end), owners, _sure(polygons, owners, lookup.tree), retained, lookup, clearance(lookup.raster)
    )


def _sure(
    polygons: NDArray[np.object_], owners: NDArray[np.signedinteger[Any]], tree: shapely.STRtree
) -> NDArray[np.bool_]:
    """Segments whose wards are overlapped by no other, and meet their neighbours vertex by vertex."""
    lone = shapely.is_empty(shapely.coverage_invalid_edges(polygons))
    # An edge that two share is not asked about: a third that lies over both stands out alone.
    odd = np.flatnonzero(~lone)
    one, other = tree.query(polygons[odd], predicate="intersects")
    other, one = other[lone[other]], odd[one[lone[other]]]
    lone[other[~shapely.touches(polygons[other], polygons[one])]] = False
    sure: NDArray[np.bool_] = np.append(lone, True)[owners].all(axis=1)  # the last one: no ward
    return sure


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
