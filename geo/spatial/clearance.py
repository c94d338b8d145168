"""How far from the nearest edge a place is: one array access shows that a whole box lies in one polygon.

Cells carry the number of rings of cells round them that no edge touches. A box that lies within the rings of its middle
needs no further look, however many segments it holds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.spatial.raster import EDGE, FINE, Raster

_MOST_CELLS = 2**25
"""Cells of the grid at most: 32 MB, 310 m across a cell for the wards of a country of 330,000 km²."""
_FARTHEST = 64
_TILE = 64
"""Cells across a tile: what lies far from all edges (most of the box round a country) shares one."""
_STRIPE = 256

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Clearance:
    """Rings by cells, rows south to north: 0 where an edge touches the cell, n where n - 1 rings round it are free.

    `tiles` (t, 64, 64): the rings; `table` (h, w): which of them holds a square of 64 by 64 cells. `west`, `south`,
    `cell` in the units of the polygons.
    """

    tiles: NDArray[np.uint8]
    table: NDArray[np.int32]
    west: float
    south: float
    cell: float

    def clear(self, boxes: Floats) -> NDArray[np.bool_]:
        """Whether each box (n, 4: west, south, east, north) surely touches no edge; what is not finite never is."""
        height, width = (cells * _TILE for cells in self.table.shape)
        west, south, east, north = boxes.T
        x = (0.5 * (west + east) - self.west) / self.cell
        y = (0.5 * (south + north) - self.south) / self.cell
        reach = np.maximum(east - west, north - south) * (0.5 / self.cell)
        clear: NDArray[np.bool_] = (x >= 0) & (x < width) & (y >= 0) & (y < height)
        if clear.all():
            np.greater(self._free(x, y), reach, out=clear)
            return clear
        within = np.flatnonzero(clear)
        clear[within] = self._free(x[within], y[within]) > reach[within]
        return clear

    def _free(self, x: Floats, y: Floats) -> Floats:
        """How many cells far from a point, in x and in y, surely no edge is; (x, y) in cells, inside the grid."""
        column, line = x.astype(np.int32), y.astype(np.int32)
        tile = self.table.ravel().take((line // _TILE) * self.table.shape[1] + column // _TILE)
        rings = self.tiles.ravel().take((tile * _TILE + line % _TILE) * _TILE + column % _TILE)
        free: Floats = rings + (_to_rim(x - column, y - line) - 1.0)
        return free


def _to_rim(x: Floats, y: Floats) -> Floats:
    """From a point in the unit square to its nearest side."""
    rim: Floats = 0.5 - np.maximum(np.abs(x - 0.5), np.abs(y - 0.5))
    return rim


def clearance(raster: Raster) -> Clearance:
    """The clearance of the polygons that a raster was made of."""
    height, width = raster.coarse.shape
    across = FINE
    while across > 1 and height * width * across * across > _MOST_CELLS:
        across //= 2
    step = FINE // across
    touched = (np.asarray(raster.blocks) == EDGE).reshape(-1, across, step, across, step).any(axis=(2, 4))
    free = np.ones((height, across, width, across), dtype=bool)
    line, column = np.nonzero(raster.coarse <= EDGE)
    free[line, :, column, :] = ~touched[EDGE - raster.coarse[line, column]]
    rings = _rings(free.reshape(height * across, width * across))
    return Clearance(*_tiled(rings), raster.west, raster.south, raster.cell / across)


def _tiled(rings: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """Tiles that hold the rings, and which of them each square has; what is beyond the grid is an edge."""
    height, width = (-(-side // _TILE) for side in rings.shape)
    whole = np.zeros((height * _TILE, width * _TILE), dtype=np.uint8)
    whole[: rings.shape[0], : rings.shape[1]] = rings
    squares = whole.reshape(height, _TILE, width, _TILE).swapaxes(1, 2)
    near = (squares < _FARTHEST).any(axis=(2, 3))
    table = np.zeros((height, width), dtype=np.int32)
    table[near] = np.arange(1, near.sum() + 1)
    far = np.full((1, _TILE, _TILE), _FARTHEST, dtype=np.uint8)
    return np.concatenate([far, squares[near]]), table


def _rings(free: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Chessboard distance of cells to the nearest that is not free, `_FARTHEST` at most; by stripes to save memory."""
    from scipy import ndimage

    rings = np.empty(free.shape, dtype=np.uint8)
    for begin in range(0, len(free), _STRIPE):
        low = max(begin - _FARTHEST, 0)
        stripe = free[low : begin + _STRIPE + _FARTHEST]
        if stripe.all():
            rings[begin : begin + _STRIPE] = _FARTHEST
            continue
        distance = ndimage.distance_transform_cdt(stripe, metric="chessboard")
        rings[begin : begin + _STRIPE] = np.minimum(distance[begin - low : begin - low + _STRIPE], _FARTHEST)
    return rings
