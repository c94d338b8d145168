"""A raster over polygons that says for most places at once which polygon holds them.

Two levels: coarse cells, and a block of fine cells in every coarse cell that an edge touches. A cell that no edge
touches lies wholly in one polygon (or in none), so that one of its points answers for all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

OUTSIDE = -1
EDGE = -2
FINE = 16
"""Fine cells across a coarse one."""
_COARSE_ACROSS = 4
"""Coarse cells across a polygon of mean size: fine cells are then a 64th of it."""
_MAX_COARSE = 4_000_000

Labels = NDArray[np.signedinteger[Any]]
Ints = NDArray[np.intp]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Raster:
    """Labels of cells, rows south to north, columns west to east.

    `coarse` (h, w): polygon row, `OUTSIDE`, or `EDGE - b` for block b; `blocks` (b, FINE, FINE): polygon row,
    `OUTSIDE`, or `EDGE` where only the polygons can say. `west`, `south`, `cell` in the units of the polygons.
    """

    coarse: Labels
    blocks: Labels
    west: float
    south: float
    cell: float

    def labels(self, x: Floats, y: Floats) -> NDArray[np.int32]:
        """Label at each point (flat arrays): polygon row, `OUTSIDE` or `EDGE`; points not finite lie outside."""
        height, width = self.coarse.shape
        column, line = (x - self.west) / self.cell, (y - self.south) / self.cell
        with np.errstate(invalid="ignore"):
            inside = np.flatnonzero((column >= 0) & (column < width) & (line >= 0) & (line < height))
        column, line = column[inside], line[inside]
        i, j = line.astype(np.int32), column.astype(np.int32)
        found = self.coarse[i, j].astype(np.int32)
        fine = np.flatnonzero(found <= EDGE)
        block = EDGE - found[fine]
        found[fine] = self.blocks[block, _fine(line[fine], i[fine]), _fine(column[fine], j[fine])]
        labels = np.full(x.shape, OUTSIDE, dtype=np.int32)
        labels[inside] = found
        return labels

    def label(self, x: float, y: float) -> int:
        """Label at one point."""
        height, width = self.coarse.shape
        column, line = (x - self.west) / self.cell, (y - self.south) / self.cell
        if not (0 <= column < width and 0 <= line < height):
            return OUTSIDE
        i, j = int(line), int(column)
        found = int(self.coarse.item(i, j))
        if found > EDGE:
            return found
        last = FINE - 1
        return int(
            self.blocks.item(EDGE - found, min(int((line - i) * FINE), last), min(int((column - j) * FINE), last))
        )


def rasterise(polygons: NDArray[np.object_], tree: shapely.STRtree | None = None) -> Raster:
    """The raster of polygons: exact where it names one, undecided in fine cells that an edge touches."""
    tree = tree or shapely.STRtree(polygons)
    west, south, east, north = shapely.total_bounds(polygons)
    mean_width = np.sqrt(np.mean(shapely.area(polygons)))
    cell = float(max(mean_width / _COARSE_ACROSS, np.sqrt((east - west) * (north - south) / _MAX_COARSE)))
    # A margin of more than one cell makes all that lies outside one component.
    origin = (float(west - 1.5 * cell), float(south - 1.5 * cell))
    shape = (int((north - origin[1]) / cell) + 3, int((east - origin[0]) / cell) + 3)
    kind = np.dtype(np.int16 if len(polygons) < np.iinfo(np.int16).max else np.int32)
    touched = [(corner - origin) / cell for corner in _corners(polygons, cell / FINE)]

    coarse_free = np.ones(shape, dtype=bool)
    for at in touched:
        whole = at.astype(np.int32)
        coarse_free[whole[:, 1], whole[:, 0]] = False
    block_line, block_column = np.nonzero(~coarse_free)
    number = np.full(shape, -1, dtype=np.int32)
    number[block_line, block_column] = np.arange(block_line.size)
    fine_free = np.ones((block_line.size, FINE, FINE), dtype=bool)
    for at in touched:
        whole = at.astype(np.int32)
        inner = _fine(at, whole)
        fine_free[number[whole[:, 1], whole[:, 0]], inner[:, 1], inner[:, 0]] = False

    coarse = _labelled(coarse_free, lambda i: _centres(*np.divmod(i, shape[1]), origin, cell), tree).astype(np.int32)
    coarse[block_line, block_column] = EDGE - np.arange(block_line.size)

    def fine_centres(flat: Ints) -> NDArray[np.object_]:
        block, inner = np.divmod(flat, FINE * FINE)
        i, j = np.divmod(inner, FINE)
        return _centres(block_line[block] * FINE + i, block_column[block] * FINE + j, origin, cell / FINE)

    return Raster(coarse, _labelled(fine_free, fine_centres, tree).astype(kind), *origin, cell)


def _fine(position: Floats, whole: NDArray[np.signedinteger[Any]]) -> NDArray[np.int32]:
    inner: NDArray[np.int32] = np.minimum(((position - whole) * FINE).astype(np.int32), FINE - 1)
    return inner


def _corners(polygons: NDArray[np.object_], fine: float) -> list[Floats]:
    """Points (n, 2) whose fine cells are all those that an edge touches.

    Edges are sampled at half a fine cell; a box a little larger than that round each sample covers the edge, and as it
    is smaller than a cell, the cells of its four corners are all that it touches.
    """
    samples = shapely.get_coordinates(shapely.segmentize(shapely.boundary(polygons), 0.5 * fine))
    reach = 0.51 * 0.5 * fine
    return [samples + np.array([dx, dy]) for dx in (-reach, reach) for dy in (-reach, reach)]


def _labelled(
    free: NDArray[np.bool_], centres: Callable[[Ints], NDArray[np.object_]], tree: shapely.STRtree
) -> NDArray[np.int32]:
    """A polygon row for every free cell: cells that hang together (in one block) share the answer of one of them."""
    from scipy import ndimage

    structure = ndimage.generate_binary_structure(2, 1)
    if free.ndim == 3:
        structure = np.stack([np.zeros_like(structure), structure, np.zeros_like(structure)])
    component, count = ndimage.label(free, structure=structure)
    flat = component.ravel()
    first = np.zeros(count + 1, dtype=np.intp)
    first[flat[::-1]] = np.arange(flat.size - 1, -1, -1)
    rows = np.full(count + 1, np.iinfo(np.int32).max, dtype=np.int32)
    cell, polygon = tree.query(centres(first[1:]), predicate="intersects")
    np.minimum.at(rows, cell + 1, polygon.astype(np.int32))
    rows[rows == np.iinfo(np.int32).max] = OUTSIDE
    rows[0] = EDGE
    labels: NDArray[np.int32] = rows[component]
    return labels


def _centres(line: Ints, column: Ints, origin: tuple[float, float], cell: float) -> NDArray[np.object_]:
    x, y = origin[0] + (column + 0.5) * cell, origin[1] + (line + 0.5) * cell
    centres: NDArray[np.object_] = np.asarray(shapely.points(x, y))
    return centres
