"""Streets in pieces of about a hundred metres, to count reports along them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import shapely
from shapely.ops import substring

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

PIECE_M = 100.0
"""About a street block."""
REACH_M = 100.0
"""A report farther from every street belongs to none of them."""


@dataclass(frozen=True, slots=True, eq=False)
class StreetPieces:
    """Pieces of streets: lines in planar metres and their lengths (n,)."""

    lines: npt.NDArray[np.object_]
    length_m: Floats


def street_pieces(streets: npt.NDArray[np.object_], piece_m: float = PIECE_M) -> StreetPieces:
    """Streets (lines or multi-lines in planar metres) cut into equal pieces of at most `piece_m`; no other geometry."""
    parts = shapely.get_parts(np.asarray(streets, dtype=object))
    parts = parts[(shapely.get_dimensions(parts) == 1) & (shapely.length(parts) > 0)]
    cut = [piece for part in parts for piece in _pieces(part, piece_m)]
    lines = np.empty(len(cut), dtype=object)
    lines[:] = cut
    return StreetPieces(lines, np.asarray(shapely.length(lines), dtype=np.float64))


def nearest_piece(pieces: StreetPieces, points_m: Floats, reach_m: float = REACH_M) -> Ints:
    """The row of the piece nearest to each point (n,), -1 where none is within `reach_m`; of equals the lowest."""
    found = np.full(len(points_m), -1, dtype=np.int64)
    if not len(points_m) or not len(pieces.lines):
        return found
    tree = shapely.STRtree(pieces.lines)
    point, piece = tree.query_nearest(shapely.points(points_m.reshape(-1, 2)), max_distance=reach_m)
    order = np.lexsort((-piece, point))
    found[point[order]] = piece[order]
    return found


def _pieces(line: shapely.LineString, piece_m: float) -> list[shapely.Geometry]:
    count = max(int(np.ceil(line.length / piece_m)), 1)
    if count == 1:
        return [line]
    ends = np.linspace(0.0, line.length, count + 1)
    return [substring(line, a, b) for a, b in pairwise(ends.tolist())]
