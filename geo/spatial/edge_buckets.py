"""Ward edges by the cells that they touch: which edges may a box reach?

The cells are those of the raster of the wards, so only cells with an edge in them are stored; the arrays are as they
lie on disk, and nothing is built when they are loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.spatial.raster import EDGE, FINE, Raster

ACROSS = FINE
"""Cells across a coarse cell of the raster: 160 m for the wards of a country, 80 m for those of a city."""
_CELLS = ACROSS * ACROSS
STEP_CELLS = 2.0
"""Segments longer than this many cells are looked at in steps: the box of a long one would hold very many cells."""

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Buckets:
    """The segments that may touch each cell: `edges[begin[b] + within[b, c] : begin[b] + within[b, c + 1]]`.

    b is the block, c the cell in it, line by line. Counted from the block's begin, most offsets take two bytes.
    """

    begin: NDArray[np.int32]
    within: NDArray[np.integer[Any]]
    edges: NDArray[np.int32]

    def spans(self, cell: Ints) -> tuple[Ints, Ints, Ints]:
        """Which of the cells (block x cells + cell) hold any segments, where in `edges` these begin, and how many."""
        block = cell // _CELLS
        # A line of `within` is one longer than the block has cells: it holds the end of the last one too.
        place = cell + block
        flat = self.within.ravel()
        first = flat.take(place)
        count = flat.take(place + 1) - first
        some = np.flatnonzero(count)
        begin: Ints = self.begin.take(block.take(some)).astype(np.intp) + first.take(some)
        return some, begin, count.take(some).astype(np.intp)


def buckets(start: Floats, end: Floats, raster: Raster) -> Buckets:
    """The buckets of ward edges, segments (n, 2) to (n, 2), in the cells of their own raster."""
    edge, boxes = step_boxes(start, end, raster, np.zeros(2))
    row, cell = _cells(boxes, raster)
    edge = edge[row]
    order = np.lexsort((edge, cell))
    edge, cell = edge[order], cell[order]
    new = np.ones(edge.size, dtype=bool)
    new[1:] = (edge[1:] != edge[:-1]) | (cell[1:] != cell[:-1])
    counts = np.bincount(cell[new], minlength=len(raster.blocks) * _CELLS).reshape(-1, _CELLS)
    within = np.zeros((len(counts), _CELLS + 1), dtype=np.int64)
    np.cumsum(counts, axis=1, out=within[:, 1:])
    begin = np.cumsum(within[:, -1]) - within[:, -1]
    kind = np.uint16 if within.max(initial=0) <= np.iinfo(np.uint16).max else np.int32
    return Buckets(begin.astype(np.int32), within.astype(kind), edge[new].astype(np.int32))


def candidates(cells: Buckets, boxes: Floats, raster: Raster) -> tuple[Ints, Ints]:
    """(box, edge) rows of all edges that may touch each box (n, 4); a pair may come more than once."""
    row, cell = _cells(boxes, raster)
    some, begin, count = cells.spans(cell)
    found, which = expand(begin, count)
    return row.take(some).take(which), cells.edges.take(found).astype(np.intp)


def step_boxes(start: Floats, end: Floats, raster: Raster, margin: Floats) -> tuple[Ints, Floats]:
    """Boxes (n, 4) that cover segments, widened by a margin, and the segment of each; long segments in steps."""
    longest = raster.cell * STEP_CELLS / ACROSS
    boxes = covering(start, end)
    way = boxes.T[2:] - boxes.T[:2]
    if way.max(initial=0.0) <= longest:
        return np.arange(len(start)), widened(boxes, margin)
    count = np.ceil(np.maximum(way.max(axis=0) / longest, 1.0)).astype(np.intp)
    within, segment = expand(np.zeros(len(start), dtype=np.intp), count)
    way, share = (end - start)[segment], (1.0 / count)[segment]
    a = start[segment] + way * (within * share)[:, None]
    b = start[segment] + way * ((within + 1) * share)[:, None]
    # Rounding at the steps must not open a gap between them.
    return segment, widened(covering(a, b), margin + 1e-9 * raster.cell)


def covering(a: Floats, b: Floats) -> Floats:
    """Boxes (n, 4: west, south, east, north) round pairs of points (n, 2); each column lies in one piece of memory."""
    columns = np.empty((4, len(a)))
    np.minimum(a.T, b.T, out=columns[:2])
    np.maximum(a.T, b.T, out=columns[2:])
    return columns.T


def widened(boxes: Floats, margin: Floats) -> Floats:
    """The boxes (n, 4), themselves, widened by a margin in x and in y."""
    boxes.T[:2] -= margin[:, None]
    boxes.T[2:] += margin[:, None]
    return boxes


def chosen(boxes: Floats, rows: Ints) -> Floats:
    """Some of the boxes (n, 4), their columns in one piece again."""
    return boxes.T.take(rows, axis=1).T


def expand(begin: Ints, count: Ints) -> tuple[Ints, Ints]:
    """All of begin, begin + 1, … begin + count - 1 for each row, and the row that each came from."""
    row = np.repeat(np.arange(begin.size), count)
    first = begin - (np.cumsum(count) - count)
    return np.arange(row.size) + first[row], row


def _cells(boxes: Floats, raster: Raster) -> tuple[Ints, Ints]:
    """(box, cell) for every cell that a box touches and that may hold an edge."""
    size, (height, width) = raster.cell / ACROSS, raster.coarse.shape
    west, south, east, north = boxes.T
    left, right = (_cell(side, raster.west, size, width * ACROSS) for side in (west, east))
    low, high = (_cell(side, raster.south, size, height * ACROSS) for side in (south, north))
    across = right - left + 1
    number, box = expand(np.zeros(len(boxes), dtype=np.intp), across.astype(np.intp) * (high - low + 1))
    line, column = np.divmod(number.astype(np.int32), across.take(box))
    line, column = line + low.take(box), column + left.take(box)
    coarse = raster.coarse.ravel().take((line // ACROSS) * width + column // ACROSS)
    edge = np.flatnonzero(coarse <= EDGE)
    block, line, column = (EDGE - coarse.take(edge)).astype(np.intp), line.take(edge), column.take(edge)
    return box.take(edge), block * _CELLS + (line % ACROSS) * ACROSS + column % ACROSS


def _cell(value: Floats, origin: float, size: float, count: int) -> NDArray[np.int32]:
    """Number of the cell, of `count`, that each value lies in; what lies beyond is in the outermost."""
    return np.clip((value - origin) / size, 0, count - 1).astype(np.int32)
