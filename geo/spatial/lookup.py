"""Which polygon holds a point: one look-up or a million.

A raster answers for most points with one or two array accesses; only points in the cells that an edge touches are
tested against the polygons themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.spatial.raster import EDGE, OUTSIDE, Raster, rasterise

__all__ = ["OUTSIDE", "PointLookup", "point_lookup"]

_FEW = 2
"""Up to so many points for each polygon, the polygons are looked for by points."""


@dataclass(frozen=True, slots=True)
class PointLookup:
    """Polygons that can be asked which of them holds a point. Build it once with `point_lookup`.

    Nothing here is prepared: two threads that ask one prepared polygon at once end the process.
    """

    polygons: NDArray[np.object_]
    raster: Raster
    tree: shapely.STRtree = field(repr=False)

    def rows(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int32]:
        """Row of the polygon that holds each point, -1 outside all; on a shared edge the lowest row.

        `x`, `y`: arrays of one shape, in the coordinate system of the polygons (longitude, latitude for wards).
        Points that are not finite lie outside.
        """
        x, y = np.broadcast_arrays(np.asarray(x, dtype=float), np.asarray(y, dtype=float))
        flat_x, flat_y = x.ravel(), y.ravel()
        rows = self.raster.labels(flat_x, flat_y)
        near_edge = np.flatnonzero(rows == EDGE)
        if near_edge.size:
            rows[near_edge] = self._exact(flat_x[near_edge], flat_y[near_edge])
        return rows.reshape(x.shape)

    def row(self, x: float, y: float) -> int:
        """Row of the polygon that holds one point, -1 outside all; on a shared edge the lowest row."""
        label = self.raster.label(x, y)
        if label != EDGE:
            return label
        near = self.tree.query(shapely.points(x, y))
        rows: list[int] = near[shapely.intersects_xy(self.polygons[near], x, y)].tolist()
        return min(rows, default=OUTSIDE)

    def _exact(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int32]:
        point, polygon = self._hits(x, y)
        rows = np.full(x.shape, np.iinfo(np.int32).max, dtype=np.int32)
        np.minimum.at(rows, point, polygon.astype(np.int32))
        rows[rows == np.iinfo(np.int32).max] = OUTSIDE
        return rows

    def _hits(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """(point, polygon) rows of all that meet."""
        points = np.asarray(shapely.points(x, y))
        if points.size < _FEW * self.polygons.size:
            point, polygon = self.tree.query(points)
            hit = shapely.intersects_xy(self.polygons[polygon], x[point], y[point])
            return point[hit], polygon[hit]
        # For many a tree of the points is many times faster: the query prepares each polygon for itself.
        polygon, point = shapely.STRtree(points).query(self.polygons, predicate="intersects")
        return point, polygon


def point_lookup(polygons: NDArray[np.object_], raster: Raster | None = None) -> PointLookup:
    """A look-up over polygons (any planar coordinates); `raster` is one made before of the same polygons."""
    polygons = np.array(polygons, dtype=object)
    tree = shapely.STRtree(polygons)
    return PointLookup(polygons, raster or rasterise(polygons, tree), tree)
