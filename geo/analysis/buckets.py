"""Ward edges by the cells that they touch: which edges may a box reach?

The cells are those of the raster of the wards, so that only cells with an edge in them are kept; the arrays are as they
lie on disk, and nothing is built when they are loaded.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.reference.raster import EDGE, FINE, Labels, Raster

ACROSS = FINE
"""Cells across a coarse cell of the raster: 160 m for the wards of a country, 80 m for those of a city."""
_LONG = 2.0
"""Segments longer than this many cells are looked at in steps: the box of a long one would hold very many cells."""

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Buckets:
    """`edges[offsets[c]:offsets[c + 1]]` are the segments that may touch cell c (block by block, line by line)."""

    offsets: NDArray[np.int32]
    edges: NDArray[np.int32]


def buckets(start: Floats, end: Floats, raster: Raster) -> Buckets:
    """The buckets of ward edges, segments (n, 2) to (n, 2), in the cells of their own raster."""
    edge, boxes = step_boxes(start, end, raster, np.zeros(2))
    row, cell = _cells(boxes, raster)
    edge = edge[row]
    order = np.lexsort((edge, cell))
    edge, cell = edge[order], cell[order]
    new = np.ones(edge.size, dtype=bool)
    new[1:] = (edge[1:] != edge[:-1]) | (cell[1:] != cell[:-1])
    counts = np.bincount(cell[new], minlength=cells_in(raster.blocks))
    return Buckets(np.concatenate([[0], np.cumsum(counts)]).astype(np.int32), edge[new].astype(np.int32))


def cells_in(blocks: Labels) -> int:
    """How many cells the blocks of a raster make."""
    return len(blocks) * ACROSS * ACROSS


def candidates(kept: Buckets, boxes: Floats, raster: Raster) -> tuple[Ints, Ints]:
    """(box, edge) rows of all edges that may touch each box (n, 4); a pair may come more than once."""
    row, cell = _cells(boxes, raster)
    begin = kept.offsets[cell].astype(np.intp)
    found, which = expand(begin, kept.offsets[cell + 1] - begin)
    return row[which], kept.edges[found].astype(np.intp)


def step_boxes(start: Floats, end: Floats, raster: Raster, margin: Floats) -> tuple[Ints, Floats]:
    """Boxes (n, 4) that cover segments, widened by a margin, and the segment of each; long segments in steps."""
    steps = np.abs(end - start).max(axis=1, initial=0.0) * (ACROSS / (raster.cell * _LONG))
    if not (steps > 1.0).any():
        return np.arange(len(start)), np.hstack([np.minimum(start, end) - margin, np.maximum(start, end) + margin])
    count = np.ceil(np.maximum(steps, 1.0)).astype(np.intp)
    within, segment = expand(np.zeros(len(start), dtype=np.intp), count)
    way, share = (end - start)[segment], (1.0 / count)[segment]
    a = start[segment] + way * (within * share)[:, None]
    b = start[segment] + way * ((within + 1) * share)[:, None]
    # Rounding at the steps must not open a gap between them.
    slack = margin + 1e-9 * raster.cell
    return segment, np.hstack([np.minimum(a, b) - slack, np.maximum(a, b) + slack])


def expand(begin: Ints, count: Ints) -> tuple[Ints, Ints]:
    """All of begin, begin + 1, … begin + count - 1 for each row, and the row that each came from."""
    row = np.repeat(np.arange(begin.size), count)
    first = begin - (np.cumsum(count) - count)
    return np.arange(row.size) + first[row], row


def _cells(boxes: Floats, raster: Raster) -> tuple[Ints, Ints]:
    """(box, cell) for every cell that a box touches and that may hold an edge."""
    size, (height, width) = raster.cell / ACROSS, raster.coarse.shape
    origin, limit = np.array([raster.west, raster.south]), np.array([width, height]) * ACROSS - 1
    low = np.clip(np.floor((boxes[:, :2] - origin) / size), 0, limit).astype(np.int32)
    high = np.clip(np.floor((boxes[:, 2:] - origin) / size), 0, limit).astype(np.int32)
    across = high[:, 0] - low[:, 0] + 1
    number, box = expand(np.zeros(len(boxes), dtype=np.intp), across.astype(np.intp) * (high[:, 1] - low[:, 1] + 1))
    line, column = np.divmod(number, across[box])
    line, column = line + low[box, 1], column + low[box, 0]
    coarse = raster.coarse[line // ACROSS, column // ACROSS]
    edge = np.flatnonzero(coarse <= EDGE)
    block = (EDGE - coarse[edge]).astype(np.intp)
    inner = (line[edge] % ACROSS) * ACROSS + column[edge] % ACROSS
    return box[edge], block * (ACROSS * ACROSS) + inner
