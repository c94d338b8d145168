"""Lines against wards, in batches: how long each runs in each ward, and what more there is to say of each stretch.

A line whose box surely touches no edge (`geo.spatial.clearance`) costs one look-up. The others are cut. Batches keep
memory bounded, whatever the number of lines, and run side by side where shapely and numpy let go of the interpreter.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.analysis.crossings.borders import borders, pairs_once
from geo.analysis.crossings.cut import TOUCH_M, Pieces, cut
from geo.analysis.crossings.pairs import MetricPairs, metric_pairs
from geo.analysis.crossings.routes import Routes, lengths, routes
from geo.analysis.crossings.stretches import collected, stretch_lines
from geo.reference.tolerances import BORDER_M
from geo.spatial.edge_index import EdgeIndex
from geo.spatial.lookup import OUTSIDE
from geo.spatial.measure import Floats, Measure
from geo.spatial.ragged import Ragged, joined, ragged, uncollected

Ints = NDArray[np.intp]
Geometries = NDArray[np.object_]
Result = TypeVar("Result")

BATCH = 200_000
"""Vertices in a batch at most when only lengths are asked."""
STRETCH_BATCH = 200_000
"""Vertices in a batch at most when borders and geometry are asked too, which take more memory for each."""
WORTH_SHARING = 50_000
"""Fewer vertices are done before another thread has begun."""
_HALF_MM = 0.0005
"""A shorter way outside all wards is none: it is written as 0.000 m."""


@dataclass(frozen=True, slots=True)
class WardLengths:
    """A row for each line and ward that meet, by line and then in the order of the way.

    `line`, `ward`: rows in the inputs; `length_m`; `share` of the whole line, also of what lies outside all wards. What
    lies in no ward is a row of its own, the last one of its line, with ward `OUTSIDE` (not of `ward_lengths`).
    """

    line: Ints
    ward: Ints
    length_m: Floats
    share: Floats


@dataclass(frozen=True, slots=True)
class Stretches:
    """What there is to say of the rows of `WardLengths`, row for row.

    `intervals_m`: [from, to] metres from the start of the line; `border_m`, `border_with` (ward rows): see
    `geo.analysis.crossings.borders`; `geometry`: the stretch.
    """

    intervals_m: Ragged
    border_m: Floats
    border_with: Ragged
    geometry: Geometries


@dataclass(frozen=True, slots=True)
class _Rows:
    """Lines cut at edges: `pieces[order]`, sorted by `group`, make up the rows; `line` is the row in `lines`."""

    lines: Geometries
    table: Routes
    pairs: MetricPairs
    pieces: Pieces
    order: Ints
    group: Ints
    line: Ints
    ward: Ints


@dataclass(frozen=True, slots=True)
class _Divided:
    """Rows of the lines that lie in one ward, or in none, far from any edge, with that ward, and of those to be cut.

    `margin`: (2) the distance to edges, in x and in y, in the units of the coordinates.
    """

    quiet: Ints
    ward: Ints
    busy: Ints
    margin: Floats


def ward_lengths(lines: Geometries, index: EdgeIndex, measure: Measure) -> WardLengths:
    """How long each line runs in each ward; coordinates are those of the index."""
    rows = ward_rows(lines, index, measure)
    within = np.flatnonzero(rows.ward != OUTSIDE)
    return rows if within.size == rows.ward.size else _taken(rows, within)


def ward_rows(lines: Geometries, index: EdgeIndex, measure: Measure) -> WardLengths:
    """`ward_lengths` with what lies in no ward."""
    return _lengths_joined(_by_batch(lines, BATCH, lambda batch, begin: _batch_lengths(batch, begin, index, measure)))


def ward_stretches(
    lines: Geometries, index: EdgeIndex, measure: Measure, *, bordering: bool = True
) -> tuple[WardLengths, Stretches]:
    """`ward_lengths` with what lies in no ward, and with the intervals, borders and geometry of each row.

    Not `bordering`: without borders (0 metres, with nobody), for which much has to be looked at that is not near.
    """

    def work(batch: Geometries, begin: int) -> tuple[WardLengths, Stretches]:
        return _batch_stretches(batch, begin, index, measure, bordering=bordering)

    with uncollected():
        found = _by_batch(lines, STRETCH_BATCH, work)
    return _lengths_joined([rows for rows, _ in found]), _stretches_joined([stretches for _, stretches in found])


def _by_batch(lines: Geometries, most: int, work: Callable[[Geometries, int], Result]) -> list[Result]:
    """The results of all batches (their lines, and the row of the first) in order, by a thread for each processor."""
    bounds = list(pairwise(_bounds(np.cumsum(shapely.get_num_coordinates(lines)), most)))
    if len(bounds) < 2:
        return [work(lines, 0)]
    with ThreadPoolExecutor(min(len(bounds), os.cpu_count() or 1)) as threads:
        return list(threads.map(lambda bound: work(lines[bound[0] : bound[1]], bound[0]), bounds))


def _bounds(counted: NDArray[np.signedinteger], most: int) -> Iterator[int]:
    """Rows at which batches begin, and the end: as few as have at most `most` vertices, as many for every processor.

    `counted`: vertices up to and with each line.
    """
    total = int(counted[-1]) if len(counted) else 0
    processors = (os.cpu_count() or 1) if total > WORTH_SHARING else 1
    count = -(-total // (most * processors)) * processors
    yield 0
    yield from np.searchsorted(counted, np.arange(1, count) * (total / max(count, 1))).tolist()
    if len(counted):
        yield len(counted)


def _batch_lengths(lines: Geometries, begin: int, index: EdgeIndex, measure: Measure) -> WardLengths:
    divided = _divided(lines, index, measure, TOUCH_M)
    rows = _cut_rows(lines[divided.busy], index, measure, divided.margin)
    both = _lengths_joined([_quiet_lengths(lines, divided, measure), _row_lengths(rows, divided.busy)])
    return _taken(both, _in_order(both), begin)


def _batch_stretches(
    lines: Geometries, begin: int, index: EdgeIndex, measure: Measure, *, bordering: bool
) -> tuple[WardLengths, Stretches]:
    divided = _divided(lines, index, measure, BORDER_M if bordering else TOUCH_M)
    rows = _cut_rows(lines[divided.busy], index, measure, divided.margin)
    inside = _quiet_lengths(lines, divided, measure)
    both = _lengths_joined([inside, _row_lengths(rows, divided.busy)])
    said = _stretches_joined([_quiet_stretches(lines, inside), _row_stretches(rows, index, bordering=bordering)])
    order = _in_order(both)
    ordered = Stretches(
        said.intervals_m.taken(order), said.border_m[order], said.border_with.taken(order), said.geometry[order]
    )
    return _taken(both, order, begin), ordered


def _in_order(rows: WardLengths) -> Ints:
    """Rows by line, then along the way, what lies in no ward last; without what is outside by rounding alone."""
    outside = rows.ward == OUTSIDE
    if not outside.any():
        return np.argsort(rows.line, kind="stable")
    shown = np.flatnonzero(~outside | (rows.length_m >= _HALF_MM))
    return shown[np.argsort(2 * rows.line[shown] + outside[shown], kind="stable")]


def _taken(rows: WardLengths, order: Ints, begin: int = 0) -> WardLengths:
    """The rows in this order, their lines counted from `begin`."""
    return WardLengths(rows.line[order] + begin, rows.ward[order], rows.length_m[order], rows.share[order])


def _divided(lines: Geometries, index: EdgeIndex, measure: Measure, distance: float) -> _Divided:
    """Which lines surely stay further than `distance` metres from any edge, and which may not."""
    boxes = shapely.bounds(lines)
    margin = _margin(boxes[:, 1], boxes[:, 3], measure, distance)
    boxes += np.concatenate([-margin, margin])
    clear = index.clearance.clear(boxes)
    clear &= shapely.get_type_id(lines) == shapely.GeometryType.LINESTRING
    quiet = np.flatnonzero(clear)
    # No edge touches the box, so all of it lies in one ward, or in none; its middle is the furthest from any.
    west, south, east, north = boxes[quiet].T
    ward = index.lookup.rows(0.5 * (west + east), 0.5 * (south + north))
    return _Divided(quiet, ward.astype(np.intp), np.flatnonzero(~clear), margin)


def _margin(south: Floats, north: Floats, measure: Measure, distance: float) -> Floats:
    """A distance in units of the coordinates; where these differ with latitude, the widest serves for all."""
    finite = np.isfinite(south)
    if not finite.any():
        return np.zeros(2)
    widest: Floats = distance / measure.scale(np.array([south[finite].min(), north[finite].max()])).min(axis=0)
    return widest


def _quiet_lengths(lines: Geometries, divided: _Divided, measure: Measure) -> WardLengths:
    metres = lengths(lines[divided.quiet], measure) if divided.quiet.size else np.zeros(0)
    real = metres > 0
    return WardLengths(divided.quiet[real], divided.ward[real], metres[real], np.ones(int(real.sum())))


def _quiet_stretches(lines: Geometries, rows: WardLengths) -> Stretches:
    count = len(rows.line)
    spans = np.stack([np.zeros(count), np.round(rows.length_m, 3)], axis=1)
    each = Ragged(spans, np.arange(count + 1))
    return Stretches(each, *_no_borders(count), _flat(lines[rows.line]))


def _cut_rows(lines: Geometries, index: EdgeIndex, measure: Measure, margin: Floats) -> _Rows:
    table = routes(lines, measure)
    pairs = metric_pairs(index, table, measure, margin)
    pieces = cut(table, pairs, index)
    key = pieces.route * (int(pieces.ward.max(initial=0)) + 2) + pieces.ward + 1  # `OUTSIDE` is -1
    # Groups in order of first appearance: by line, then along its way.
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    rank = np.empty(first.size, dtype=np.intp)
    rank[np.argsort(first)] = np.arange(first.size)
    group, first = rank[group], np.sort(first)
    order = np.argsort(group, kind="stable")
    line, ward = pieces.route[first], pieces.ward[first].astype(np.intp)
    return _Rows(lines, table, pairs, pieces, order, group[order], line, ward)


def _row_lengths(rows: _Rows, busy: Ints) -> WardLengths:
    metres = _sums(rows.group, (rows.pieces.end - rows.pieces.begin)[rows.order], rows.line.size)
    whole = rows.table.length[rows.line]
    return WardLengths(busy[rows.line], rows.ward, metres, metres / np.where(whole > 0, whole, 1.0))


def _row_stretches(rows: _Rows, index: EdgeIndex, *, bordering: bool) -> Stretches:
    border_m, border_with = _row_borders(rows, index) if bordering else _no_borders(rows.line.size)
    return Stretches(_intervals(rows), border_m, border_with, _geometries(rows))


def _row_borders(rows: _Rows, index: EdgeIndex) -> tuple[Floats, Ragged]:
    near = borders(rows.table, rows.pieces, rows.pairs, index)
    metres = _sums(rows.group, near.length[rows.order], rows.line.size)
    return metres, _neighbours(rows, near.piece, near.ward)


def _no_borders(count: int) -> tuple[Floats, Ragged]:
    """No metre, and nobody beside, for so many rows."""
    return np.zeros(count), Ragged(np.zeros(0, dtype=np.intp), np.zeros(count + 1, dtype=np.intp))


def _flat(lines: Geometries) -> Geometries:
    """The lines without heights; themselves, not copies, where there are none."""
    return np.asarray(shapely.force_2d(lines), dtype=object) if shapely.has_z(lines).any() else lines


def _sums(group: Ints, metres: Floats, count: int) -> Floats:
    sums: Floats = np.bincount(group, weights=metres, minlength=count).astype(float)
    return sums


def _intervals(rows: _Rows) -> Ragged:
    """Chainages of each row; stretches that follow on without a step (parts of a multi-line) are one."""
    order, group = rows.order, rows.group
    origin = rows.table.origin[rows.pieces.route[order]]
    begin, end = rows.pieces.begin[order], rows.pieces.end[order]
    follows = np.zeros(order.size, dtype=bool)
    follows[1:] = (group[1:] == group[:-1]) & (begin[1:] == end[:-1])
    first = np.flatnonzero(~follows)
    last = np.append(first, order.size)[1:] - 1
    spans = np.round(np.stack([begin[first], end[last]], axis=1) - origin[first, None], 3)
    return ragged(spans, group[first], rows.line.size)


def _neighbours(rows: _Rows, piece: Ints, ward: NDArray[np.int32]) -> Ragged:
    number = np.full(rows.pieces.ward.size, -1, dtype=np.intp)
    number[rows.order] = rows.group
    row, beside = pairs_once(number[piece], ward.astype(np.intp))
    return ragged(beside, row, rows.line.size)


def _geometries(rows: _Rows) -> Geometries:
    """The stretch of each row; a line that lies in one ward from end to end is its own stretch."""
    pieces, table = rows.pieces, rows.table
    route = pieces.route[rows.order]
    whole = shapely.get_type_id(rows.lines) == shapely.GeometryType.LINESTRING
    whole = whole[route] & (pieces.begin[rows.order] == table.origin[route])
    # In the running metres a line ends where its last segment does.
    ends = table.at[np.searchsorted(table.route, route, side="right")]
    whole &= pieces.end[rows.order] == ends
    geometry = np.empty(rows.line.size, dtype=object)
    geometry[rows.group[whole]] = _flat(rows.lines[route[whole]])
    rest = np.flatnonzero(~whole)
    left, number = np.unique(rows.group[rest], return_inverse=True)
    geometry[left] = collected(stretch_lines(table, pieces, rows.order[rest]), number, left.size)
    return geometry


def _lengths_joined(parts: list[WardLengths]) -> WardLengths:
    return WardLengths(
        np.concatenate([part.line for part in parts]),
        np.concatenate([part.ward for part in parts]),
        np.concatenate([part.length_m for part in parts]),
        np.concatenate([part.share for part in parts]),
    )


def _stretches_joined(parts: list[Stretches]) -> Stretches:
    return Stretches(
        joined([part.intervals_m for part in parts]),
        np.concatenate([part.border_m for part in parts]),
        joined([part.border_with for part in parts]),
        np.concatenate([part.geometry for part in parts]),
    )
