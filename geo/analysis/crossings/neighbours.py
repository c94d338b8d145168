"""Which wards lie near a point or a shape, and how far: for what has no chainage, and to name a neighbour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.analysis.crossings.borders import capsule, pairs_once
from geo.analysis.crossings.pairs import metric_pairs
from geo.analysis.crossings.routes import routes
from geo.reference.tolerances import BORDER_M
from geo.spatial.edge_buckets import candidates
from geo.spatial.edge_index import EdgeIndex
from geo.spatial.measure import Floats, Measure

Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Near:
    """Wards whose edges come near points: rows of `point` and `ward`, each pair once, and the `metres` between them."""

    point: Ints
    ward: Ints
    metres: Floats


def near_points(xy: Floats, index: EdgeIndex, measure: Measure, distance: float = BORDER_M) -> Near:
    """The wards with an edge within `distance` metres of each point (n, 2), also those that hold the point.

    Rows by point and ward; the distance is that to the ward's nearest edge.
    """
    scale = measure.scale(xy[:, 1])
    margin = distance / scale
    point, edge = candidates(index.buckets, np.concatenate([xy - margin, xy + margin], axis=1), index.lookup.raster)
    start, end = index.ends(edge)
    metres = _to_segments((start - xy[point]) * scale[point], (end - xy[point]) * scale[point])
    owners = index.owners[edge].astype(np.intp)
    near = (metres <= distance)[:, None] & (owners >= 0)
    row, side = np.nonzero(near)
    return _nearest(point[row], owners[row, side], metres[row])


def near_shapes(shapes: NDArray[np.object_], index: EdgeIndex, measure: Measure) -> tuple[Ints, Ints]:
    """(shape, ward) of all wards whose edges come within `BORDER_M` of the boundary of a polygon, each pair once."""
    outlines = np.asarray(shapely.boundary(shapes), dtype=object)
    table = routes(outlines, measure)
    if not len(table):
        none = np.zeros(0, dtype=np.intp)
        return none, none
    # Where metres differ with latitude, the widest margin serves for all.
    margin = BORDER_M / measure.scale(table.xy[:, 1]).min(axis=0)
    pairs = metric_pairs(index, table, measure, margin)
    low, high = capsule(pairs.near, pairs.far, pairs.way, BORDER_M)
    near = np.flatnonzero(high > low)
    owners = index.owners[pairs.edge[near]].astype(np.intp)
    row, side = np.nonzero(owners >= 0)
    return pairs_once(table.route[pairs.segment[near]][row], owners[row, side])


def _to_segments(a: Floats, b: Floats) -> Floats:
    """Distances from the origin to the segments from `a` to `b`, all (n, 2)."""
    d = b - a
    square = (d * d).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        t = np.where(square > 0, -(a * d).sum(axis=1) / square, 0.0)
    foot = a + np.clip(t, 0.0, 1.0)[:, None] * d
    metres: Floats = np.hypot(foot[:, 0], foot[:, 1])
    return metres


def _nearest(point: Ints, ward: Ints, metres: Floats) -> Near:
    order = np.lexsort((metres, ward, point))
    point, ward, metres = point[order], ward[order], metres[order]
    first = np.ones(point.size, dtype=bool)
    first[1:] = (point[1:] != point[:-1]) | (ward[1:] != ward[:-1])
    return Near(point[first], ward[first], metres[first])
