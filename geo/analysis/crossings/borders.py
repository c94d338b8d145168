"""For how much of its way a route runs along a border (*giáp ranh*), and beside which ward.

The points of a straight segment that lie within a distance of another straight segment form one interval (a distance
to a convex set is convex along a line), so that it is found in closed form, without buffers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.analysis.crossings.cut import Pieces
from geo.analysis.crossings.pairs import MetricPairs, sorted_once
from geo.analysis.crossings.routes import Routes
from geo.reference.tolerances import BORDER_M
from geo.spatial.edge_index import EdgeIndex
from geo.spatial.measure import Floats, norm

Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Borders:
    """Border lengths: `length` (n) metres for each piece; and (piece, ward) rows of the wards that lie within reach."""

    length: Floats
    piece: Ints
    ward: NDArray[np.int32]


def borders(table: Routes, pieces: Pieces, pairs: MetricPairs, index: EdgeIndex, distance: float = BORDER_M) -> Borders:
    """How many metres of each piece lie within `distance` metres of a ward other than its own, and of which wards.

    `pairs` are those of `metric_pairs` with a margin of at least `distance`.
    """
    begin, end, other = _near(table, pairs, index, distance)
    piece, begin, end, other = _within_pieces(pieces, begin, end, other)
    order = np.lexsort((begin, piece))
    length = np.zeros(pieces.ward.size)
    length += np.bincount(piece[order], weights=_union(begin[order], end[order]), minlength=length.size)
    who, ward = pairs_once(piece, other.astype(np.intp))
    return Borders(length, who, ward.astype(np.int32))


def pairs_once(a: Ints, b: Ints) -> tuple[Ints, Ints]:
    """Pairs of numbers (not negative), sorted, each once."""
    base = int(b.max(initial=0)) + 1
    key = sorted_once(a * base + b)
    return key // base, key % base


def _near(
    table: Routes, pairs: MetricPairs, index: EdgeIndex, distance: float
) -> tuple[Floats, Floats, NDArray[np.int32]]:
    """Running metres (begin, end) of stretches within the distance of an edge, once for each ward of the edge."""
    low, high = capsule(pairs.near, pairs.far, pairs.way, distance)
    near = np.flatnonzero(high > low)
    segment = pairs.segment[near]
    base, span = table.at[segment], table.at[segment + 1] - table.at[segment]
    begin, end = base + low[near] * span, base + high[near] * span
    owner = index.owners[pairs.edge[near]].ravel()
    real = owner >= 0
    return np.repeat(begin, 2)[real], np.repeat(end, 2)[real], owner[real]


def capsule(a: Floats, b: Floats, d: Floats, distance: float) -> tuple[Floats, Floats]:
    """Where the segments from the origin to `d` lie within `distance` of the segments from `a` to `b`.

    All (n, 2) in metres. Returns (low, high) in shares of `d`, between 0 and 1; empty where high <= low.
    """
    low_a, high_a = _disc(a, d, distance)
    low_b, high_b = _disc(b, d, distance)
    low_s, high_s = _band(a, b, d, distance)
    low = np.minimum(np.minimum(low_a, low_b), low_s)
    high = np.maximum(np.maximum(high_a, high_b), high_s)
    return np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)


def _disc(centre: Floats, d: Floats, distance: float) -> tuple[Floats, Floats]:
    square, half = _dot(d, d), _dot(centre, d)
    rest = half**2 - square * (_dot(centre, centre) - distance**2)
    with np.errstate(invalid="ignore", divide="ignore"):
        root = np.sqrt(np.maximum(rest, 0.0))
        low, high = (half - root) / square, (half + root) / square
    missed = (rest <= 0) | (square <= 0)
    return np.where(missed, np.inf, low), np.where(missed, -np.inf, high)


def _dot(a: Floats, b: Floats) -> Floats:
    product: Floats = a[:, 0] * b[:, 0] + a[:, 1] * b[:, 1]
    return product


def _band(a: Floats, b: Floats, d: Floats, distance: float) -> tuple[Floats, Floats]:
    """The rectangle beside the edge: within its length along it, and within the distance across it."""
    edge = b - a
    length = norm(edge[:, 0], edge[:, 1])
    unit = edge / np.where(length > 0, length, 1.0)[:, None]
    along_d, along_0 = _dot(unit, d), -_dot(unit, a)
    across_d = unit[:, 0] * d[:, 1] - unit[:, 1] * d[:, 0]
    across_0 = -(unit[:, 0] * a[:, 1] - unit[:, 1] * a[:, 0])
    low_1, high_1 = _slab(along_0, along_d, np.zeros_like(length), length)
    low_2, high_2 = _slab(across_0, across_d, np.full_like(length, -distance), np.full_like(length, distance))
    low, high = np.maximum(low_1, low_2), np.minimum(high_1, high_2)
    empty = ~(high > low)
    return np.where(empty, np.inf, low), np.where(empty, -np.inf, high)


def _slab(base: Floats, slope: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Shares t with low <= base + t * slope <= high."""
    flat = np.abs(slope) < 1e-12
    with np.errstate(divide="ignore", invalid="ignore"):
        one, two = (low - base) / slope, (high - base) / slope
    inside = (base >= low) & (base <= high)
    begin = np.where(flat, np.where(inside, -np.inf, np.inf), np.minimum(one, two))
    end = np.where(flat, np.where(inside, np.inf, -np.inf), np.maximum(one, two))
    return begin, end


def _within_pieces(
    pieces: Pieces, begin: Floats, end: Floats, other: NDArray[np.int32]
) -> tuple[Ints, Floats, Floats, NDArray[np.int32]]:
    """Clip stretches to the pieces they reach, where these lie in another ward than the edge's, or in none."""
    low = np.searchsorted(pieces.end, begin, side="right")
    high = np.searchsorted(pieces.begin, end, side="left")
    count = np.maximum(high - low, 0)
    row = np.repeat(np.arange(begin.size), count)
    piece = low[row] + np.arange(row.size) - np.repeat(np.cumsum(count) - count, count)
    begin, end = np.maximum(begin[row], pieces.begin[piece]), np.minimum(end[row], pieces.end[piece])
    ward, other = pieces.ward[piece], other[row]
    real = (end > begin) & (ward != other)
    return piece[real], begin[real], end[real], other[real]


def _union(begin: Floats, end: Floats) -> Floats:
    """New metres that each stretch adds to those before it; pieces follow each other, so one sorted run serves all."""
    if not begin.size:
        return begin
    covered = np.concatenate([[-np.inf], np.maximum.accumulate(end)[:-1]])
    added: Floats = np.maximum(end - np.maximum(begin, covered), 0.0)
    return added
