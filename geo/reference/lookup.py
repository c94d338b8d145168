"""Which polygon holds a point: one look-up or a million.

A raster over the polygons says for most cells that they lie wholly in one polygon (or in none), so that a point in
them costs one array access. Only points in the cells that an edge touches are tested against the polygons themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

OUTSIDE = -1
_EDGE = -2
_CELLS_ACROSS = 32
"""Cells across a polygon of mean size: finer cells test fewer points, and cost memory in the square."""
_MAX_CELLS = 8_000_000


@dataclass(frozen=True, slots=True)
class Raster:
    """Cell labels (rows south to north, columns west to east): polygon row, `OUTSIDE`, or -2 where an edge passes."""

    labels: NDArray[np.int32]
    west: float
    south: float
    cell: float


@dataclass(frozen=True, slots=True)
class PointLookup:
    """Polygons that can be asked which of them holds a point. Build it once with `point_lookup`."""

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
        rows = self._cells(flat_x, flat_y)
        near_edge = np.flatnonzero(rows == _EDGE)
        if near_edge.size:
            rows[near_edge] = self._exact(flat_x[near_edge], flat_y[near_edge])
        return rows.reshape(x.shape)

    def row(self, x: float, y: float) -> int:
        """Row of the polygon that holds one point, -1 outside all; on a shared edge the lowest row."""
        raster = self.raster
        column, line = (x - raster.west) / raster.cell, (y - raster.south) / raster.cell
        height, width = raster.labels.shape
        if not (0 <= column < width and 0 <= line < height):
            return OUTSIDE
        label = raster.labels.item(int(line), int(column))
        if label != _EDGE:
            return label
        candidates = np.sort(self.tree.query(shapely.Point(x, y)))
        for row in candidates.tolist():
            if shapely.intersects_xy(self.polygons[row], x, y):
                return int(row)
        return OUTSIDE

    def _cells(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int32]:
        raster = self.raster
        height, width = raster.labels.shape
        column = (x - raster.west) / raster.cell
        line = (y - raster.south) / raster.cell
        with np.errstate(invalid="ignore"):
            inside = (column >= 0) & (column < width) & (line >= 0) & (line < height)
        rows = np.full(x.shape, OUTSIDE, dtype=np.int32)
        rows[inside] = raster.labels[line[inside].astype(np.intp), column[inside].astype(np.intp)]
        return rows

    def _exact(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int32]:
        # A tree of the points, asked by prepared polygons, is many times faster than the other way round.
        points = shapely.points(x, y)
        polygon, point = shapely.STRtree(points).query(self.polygons, predicate="intersects")
        rows = np.full(x.shape, np.iinfo(np.int32).max, dtype=np.int32)
        np.minimum.at(rows, point, polygon.astype(np.int32))
        rows[rows == np.iinfo(np.int32).max] = OUTSIDE
        return rows


def point_lookup(polygons: NDArray[np.object_], raster: Raster | None = None) -> PointLookup:
    """A look-up over polygons (any planar coordinates); `raster` is one made before of the same polygons."""
    polygons = np.asarray(polygons, dtype=object)
    shapely.prepare(polygons)
    tree = shapely.STRtree(polygons)
    return PointLookup(polygons, raster or rasterise(polygons, tree), tree)


def rasterise(polygons: NDArray[np.object_], tree: shapely.STRtree | None = None) -> Raster:
    """The raster of a set of polygons: exact where it names a polygon, undecided in cells that an edge touches."""
    from scipy import ndimage

    west, south, east, north = shapely.total_bounds(polygons)
    mean_width = np.sqrt(np.mean(shapely.area(polygons)))
    cell = max(mean_width / _CELLS_ACROSS, np.sqrt((east - west) * (north - south) / _MAX_CELLS))
    # A margin of one cell makes all that lies outside one component.
    west, south = west - 1.5 * cell, south - 1.5 * cell
    shape = (int((north - south) / cell) + 3, int((east - west) / cell) + 3)
    free = np.ones(shape, dtype=bool)
    for column, line in _touched_cells(polygons, west, south, cell):
        free[line, column] = False
    component, count = ndimage.label(free)
    labels = np.full(count + 1, _EDGE, dtype=np.int32)
    labels[1:] = _component_rows(component, count, (west, south, cell), tree or shapely.STRtree(polygons))
    return Raster(labels[component], float(west), float(south), float(cell))


def _touched_cells(
    polygons: NDArray[np.object_], west: float, south: float, cell: float
) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Column and line of every cell that an edge touches.

    Edges are sampled at a quarter of a cell; a box of that size round each sample covers the edge, and as it is
    smaller than a cell, the cells of its four corners are all that it touches.
    """
    step = cell / 4.0
    samples = shapely.get_coordinates(shapely.segmentize(shapely.boundary(polygons), step))
    touched = []
    for dx in (-step / 2, step / 2):
        for dy in (-step / 2, step / 2):
            column = ((samples[:, 0] + dx - west) / cell).astype(np.intp)
            line = ((samples[:, 1] + dy - south) / cell).astype(np.intp)
            touched.append((column, line))
    return touched


def _component_rows(
    component: NDArray[np.int32],
    count: int,
    origin: tuple[float, float, float],
    tree: shapely.STRtree,
) -> NDArray[np.int32]:
    """No edge passes between the cells of a component, so that one of its cells answers for all of them."""
    west, south, cell = origin
    first = np.zeros(count + 1, dtype=np.intp)
    flat = component.ravel()
    first[flat[::-1]] = np.arange(flat.size - 1, -1, -1)
    line, column = np.divmod(first[1:], component.shape[1])
    points = shapely.points(west + (column + 0.5) * cell, south + (line + 0.5) * cell)
    point, polygon = tree.query(points, predicate="intersects")
    rows = np.full(count, np.iinfo(np.int32).max, dtype=np.int32)
    np.minimum.at(rows, point, polygon.astype(np.int32))
    rows[rows == np.iinfo(np.int32).max] = OUTSIDE
    return rows
