"""Cut routes at ward edges: every piece of a route has exactly one ward, and the pieces add up to the route.

Each route is broken at all its meetings with ward edges. Whatever lies between two neighbouring breaks lies in one
ward, that of its middle. A piece that lies *on* a shared edge (within `TOUCH_M` of it) belongs to both
wards; it is given to the one that stands first in the register (the lower code), whichever way the route runs, and
`geo.analysis.crossings.borders` says for how long the other is near. Plain overlay counts such a stretch twice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.analysis.crossings.pairs import MetricPairs, sorted_once
from geo.analysis.crossings.routes import Routes, positions
from geo.spatial.edge_index import EdgeIndex
from geo.spatial.lookup import PointLookup
from geo.spatial.measure import Floats, norm
from geo.spatial.raster import EDGE

Ints = NDArray[np.intp]

TOUCH_M = 0.001
"""A route within 1 mm of an edge, along it, lies on it: below the 1 cm to which coordinates are written."""
_SPECK_M = 1e-6
_CLEAR = 3.0
"""So many touches from the ends of segment and edge, and from other breaks, what a crossing shows is beyond doubt."""
_UNKNOWN = -3
_PLACES = (0.5, 0.25, 0.75, 0.1)
"""Shares of a piece at which it is asked for its ward, until one lies in a cell without an edge."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """Pieces of routes in order: `route` row, `part` number, `ward` row (-1 outside), `begin`, `end` running metres.

    The metres count on over all routes as in `Routes.at`; subtract `Routes.origin` for the chainage in a route.
    """

    route: Ints
    part: Ints
    ward: NDArray[np.int32]
    begin: Floats
    end: Floats


@dataclass(frozen=True, slots=True)
class _Meetings:
    """Running metres of breaks; clean crossings; and stretches (begin, end, ward) that lie on an edge.

    A crossing is clean where segment and edge meet well within both: the wards `before` and `after` are those of the
    edge's sides.
    """

    at: Floats
    clean: Floats
    before: NDArray[np.int32]
    after: NDArray[np.int32]
    on_begin: Floats
    on_end: Floats
    on_ward: NDArray[np.int32]


def cut(table: Routes, pairs: MetricPairs, index: EdgeIndex) -> Pieces:
    """The pieces of all routes; neighbours of one ward are joined.

    `pairs` are those of `metric_pairs` with a margin of at least `TOUCH_M`.
    """
    if not len(table):
        none = np.zeros(0, dtype=np.intp)
        return Pieces(none, none, none.astype(np.int32), np.zeros(0), np.zeros(0))
    meetings = _meetings(table, pairs, index)
    begin, end, part_segment = _between_breaks(table, meetings.at)
    middle = 0.5 * (begin + end)
    ward = _by_sides(begin, meetings)
    open_ = np.flatnonzero(ward == _UNKNOWN)
    ward[open_] = _by_places(table, begin[open_], end[open_], index.lookup)
    _settle_on_edges(ward, middle, meetings)
    return _joined(table, part_segment, ward, begin, end)


def _meetings(table: Routes, pairs: MetricPairs, index: EdgeIndex) -> _Meetings:
    """All that `_meet` finds: crossings, and stretches that lie along an edge."""
    crossed, (clean, pair, leftward), (begin, end, along) = _meet(table, index, pairs)
    sides = index.owners[pairs.edge[pair]].astype(np.int32)
    before, after = np.where(leftward, sides[:, 1], sides[:, 0]), np.where(leftward, sides[:, 0], sides[:, 1])
    owners = index.owners[pairs.edge[along]].astype(np.int32)
    first = np.where(owners[:, 1] < 0, owners[:, 0], owners.min(axis=1))
    return _Meetings(np.concatenate([crossed, begin, end]), clean, before, after, begin, end, first)


def _meet(
    table: Routes, index: EdgeIndex, pairs: MetricPairs
) -> tuple[Floats, tuple[Floats, Ints, NDArray[np.bool_]], tuple[Floats, Floats, Ints]]:
    """Running metres of crossings; of the clean ones, with the pair, and whether they go to the left of the edge;
    and (begin, end, pair) of stretches that lie along an edge."""
    segment, edge = pairs.segment, pairs.edge
    r, s, gap = pairs.way, pairs.far - pairs.near, pairs.near
    r_length, s_length = norm(r[:, 0], r[:, 1]), norm(s[:, 0], s[:, 1])
    area = _cross(r, s)
    with np.errstate(divide="ignore", invalid="ignore"):
        t, u = _cross(gap, s) / area, _cross(gap, r) / area
        slack_t, slack_u = TOUCH_M / r_length, TOUCH_M / s_length
        crosses = (t >= -slack_t) & (t <= 1 + slack_t) & (u >= -slack_u) & (u <= 1 + slack_u)
    base, span = table.at[segment], table.at[segment + 1] - table.at[segment]
    at = base + np.clip(t, 0.0, 1.0) * span
    inner_t, inner_u = _CLEAR * slack_t, _CLEAR * slack_u
    clean = (t > inner_t) & (t < 1 - inner_t) & (u > inner_u) & (u < 1 - inner_u) & index.sure[edge]
    pair = np.flatnonzero(clean)
    return at[crosses], (at[pair], pair, area[pair] < 0), _along(r, s, gap, r_length, base, span)


def _along(
    r: Floats, s: Floats, gap: Floats, r_length: Floats, base: Floats, span: Floats
) -> tuple[Floats, Floats, Ints]:
    """Where a route segment `r` runs on an edge `s` (both within the touch of each other's line)."""
    length = np.where(r_length > 0, r_length, 1.0)
    unit = r / length[:, None]
    far = gap + s
    off_near, off_far = np.abs(_cross(unit, gap)), np.abs(_cross(unit, far))
    t_near, t_far = (unit * gap).sum(axis=1) / length, (unit * far).sum(axis=1) / length
    # The part of the edge beside the segment; its distance from the line is interpolated between the edge's ends.
    begin = np.clip(np.minimum(t_near, t_far), 0.0, 1.0)
    end = np.clip(np.maximum(t_near, t_far), 0.0, 1.0)
    extent = t_far - t_near
    with np.errstate(divide="ignore", invalid="ignore"):
        at_begin = off_near + (off_far - off_near) * (begin - t_near) / extent
        at_end = off_near + (off_far - off_near) * (end - t_near) / extent
        on = (np.maximum(at_begin, at_end) <= TOUCH_M) & ((end - begin) * r_length > _SPECK_M)
    pair = np.flatnonzero(on)
    return base[pair] + begin[pair] * span[pair], base[pair] + end[pair] * span[pair], pair


def _cross(a: Floats, b: Floats) -> Floats:
    product: Floats = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return product


def _between_breaks(table: Routes, breaks: Floats) -> tuple[Floats, Floats, Ints]:
    """Begin and end of the stretches between neighbouring breaks, and the first segment of the part each lies in.

    Breaks within a micrometre of each other, or of the end of a part, are one: the difference is rounding.
    """
    first = np.concatenate([[0], np.flatnonzero(np.diff(table.part)) + 1])
    ends = np.append(table.at[first], table.at[-1])
    breaks = np.sort(breaks)
    after = np.clip(np.searchsorted(ends, breaks), 1, ends.size - 1)
    breaks = breaks[np.minimum(np.abs(ends[after] - breaks), np.abs(breaks - ends[after - 1])) > _SPECK_M]
    breaks = breaks[np.diff(breaks, prepend=-np.inf) > _SPECK_M]
    at = sorted_once(np.concatenate([ends, breaks]))
    begin, end = at[:-1], at[1:]
    part = np.clip(np.searchsorted(ends, 0.5 * (begin + end), side="right") - 1, 0, first.size - 1)
    return begin, end, first[part]


def _by_sides(begin: Floats, meetings: _Meetings) -> NDArray[np.int32]:
    """The ward of each piece that a clean crossing at one of its ends shows; `_UNKNOWN` if none does, or two differ."""
    breaks, reach = np.sort(meetings.at), _CLEAR * TOUCH_M
    low = np.searchsorted(breaks, meetings.clean - reach, side="left")
    high = np.searchsorted(breaks, meetings.clean + reach, side="right")
    alone = high - low == 1
    before, after = meetings.before[alone], meetings.after[alone]
    # A break that is alone is the very number at which a piece begins.
    piece = np.searchsorted(begin, meetings.clean[alone])
    ward = np.full(begin.size, _UNKNOWN, dtype=np.int32)
    ward[piece] = after
    known = ward[piece - 1]
    ward[piece - 1] = np.where((known == _UNKNOWN) | (known == before), before, _UNKNOWN)
    return ward


def _by_places(table: Routes, begin: Floats, end: Floats, lookup: PointLookup) -> NDArray[np.int32]:
    """The ward of each piece by one of its places: the middle, or another one that no edge is near."""
    ward = np.full(begin.size, EDGE, dtype=np.int32)
    for share in _PLACES:
        left = np.flatnonzero(ward == EDGE)
        ward[left] = lookup.raster.labels(*_places(table, begin[left], end[left], share))
    left = np.flatnonzero(ward == EDGE)
    ward[left] = lookup.rows(*_places(table, begin[left], end[left], _PLACES[0]))
    return ward


def _places(table: Routes, begin: Floats, end: Floats, share: float) -> tuple[Floats, Floats]:
    """(x, y) of the place at a share of the way from `begin` to `end`, in running metres."""
    metres = begin + share * (end - begin)
    segment = np.clip(np.searchsorted(table.at, metres, side="right") - 1, 0, len(table) - 1)
    where = positions(table, metres, segment)
    return where[:, 0], where[:, 1]


def _settle_on_edges(ward: NDArray[np.int32], middle: Floats, meetings: _Meetings) -> None:
    """Give pieces that lie on an edge to its first ward."""
    low = np.searchsorted(middle, meetings.on_begin, side="left")
    high = np.searchsorted(middle, meetings.on_end, side="right")
    count = np.maximum(high - low, 0)
    row = np.repeat(np.arange(low.size), count)
    piece = low[row] + np.arange(row.size) - np.repeat(np.cumsum(count) - count, count)
    first = np.full(ward.size, np.iinfo(np.int32).max, dtype=np.int32)
    np.minimum.at(first, piece, meetings.on_ward[row])
    on_edge = first < np.iinfo(np.int32).max
    ward[on_edge] = first[on_edge]


def _joined(table: Routes, segment: Ints, ward: NDArray[np.int32], begin: Floats, end: Floats) -> Pieces:
    part = table.part[segment]
    new = np.ones(ward.size, dtype=bool)
    new[1:] = (ward[1:] != ward[:-1]) | (part[1:] != part[:-1])
    first = np.flatnonzero(new)
    last = np.append(first, ward.size)[1:] - 1
    return Pieces(table.route[segment[first]], part[first], ward[first], begin[first], end[last])
