"""Where a limit of a stretch lies on its street."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import UnknownLimitError, UnknownStreetError
from geo.i18n.message import Message
from geo.reference.crs import to_metric
from geo.reference.names import fold
from geo.reference.streets.description import Limit, LimitKind, junction_streets
from geo.reference.streets.gazetteer import Gazetteer, NamedPlace
from geo.reference.streets.network import StreetNetwork
from geo.reference.streets.search import StreetMatch, base, find_street, nearest_names, same_name, street_names

MEETING_REACH_M = 60.0
"""Streets that do not share a point still meet when they come this near (a carriageway, a missing link)."""
CLUSTER_M = 120.0
"""Points nearer than this are one meeting: two dual carriageways cross in four points."""
NEAR_MISS_M = 10.0
"""Streets that share a point in one place meet in another, too, when they come this near there."""
BESIDE_M = 6 * NEAR_MISS_M
"""Streets that stay so near to each other for longer run side by side."""
LOOSE_END_M = 30.0
"""A street that ends without going on meets another one this near to its end: the last metres are not recorded."""
PLACE_REACH_M = 400.0
"""A place or given coordinate may lie this far beside the street and is then taken at the nearest point."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One point where a limit may lie: `x`, `y` in metres, how far the points that it stands for spread, and how far
    they lie beside the street, all in metres."""

    x: float
    y: float
    spread_m: float
    offset_m: float

    @property
    def point(self) -> shapely.Point:
        """The candidate as a point."""
        return shapely.Point(self.x, self.y)


@dataclass(frozen=True, slots=True)
class Located:
    """The candidates of a limit, in the order in which they lie nearest to the street, and how they were found."""

    limit: Limit
    how: Message
    candidates: tuple[Candidate, ...]
    notes: tuple[Message, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class SearchArea:
    """Where limits are looked for: a street in its network, and what the gazetteer knows."""

    network: StreetNetwork
    street: StreetMatch
    gazetteer: Gazetteer

    @property
    def lines(self) -> NDArray[np.object_]:
        """All ways of the network, in metres."""
        return self.network.ways.lines

    @property
    def whole(self) -> shapely.MultiLineString:
        """The street, in metres."""
        return self.together(self.street.rows)

    def together(self, rows: NDArray[np.int64]) -> shapely.MultiLineString:
        """Some ways of the network as one geometry, in metres."""
        return shapely.MultiLineString(list(self.lines[rows]))


def locate(area: SearchArea, limit: Limit) -> Located:
    """Where a limit may lie on a street.

    A coordinate is taken as given; a recorded place comes before a bridge, a bridge before a cross street, so that
    'Cầu Diễn' is the bridge and not the street named after it.

    Raises
    ------
    UnknownLimitError
        Nothing of that name is on the street; the suggestions are first the streets that meet it.
    """
    if limit.lonlat is not None:
        return _at(area, limit, limit.lonlat, 0.0, Message("reference.how.coordinate"))
    recorded = area.gazetteer.place(limit.text) or area.gazetteer.place(limit.name)
    if recorded:
        return _recorded(area, limit, recorded)
    if limit.kind is LimitKind.BRIDGE:
        found = _bridge(area, limit) or _bridge_of(area, limit)
        if found:
            return _with_street_of_name(area, limit, found)
    if limit.kind is LimitKind.JUNCTION:
        return _named_junction(area, limit) or _crossing_any(area, limit, junction_streets(limit.name))
    return _crossing_any(area, limit, (limit.name,))


def _with_street_of_name(area: SearchArea, limit: Limit, bridge: Located) -> Located:
    """A bridge, and where a street that bears its name (*Đường Cầu Bươu*) meets the street elsewhere: left open."""
    try:
        street = _crossing_any(area, limit, (limit.name,))
    except UnknownLimitError:
        return bridge
    known = [one.point for one in bridge.candidates]
    elsewhere = tuple(
        one for one in street.candidates if min(one.point.distance(point) for point in known) > PLACE_REACH_M
    )
    return Located(limit, bridge.how, (*bridge.candidates, *elsewhere), bridge.notes) if elsewhere else bridge


def _recorded(area: SearchArea, limit: Limit, recorded: NamedPlace) -> Located:
    if recorded.lonlat is not None:
        how = Message("reference.how.place", reason=recorded.reason)
        return _at(area, limit, recorded.lonlat, recorded.accuracy_m, how)
    found = _crossing_any(area, limit, recorded.streets)
    spread = tuple(Candidate(c.x, c.y, max(c.spread_m, recorded.accuracy_m), c.offset_m) for c in found.candidates)
    how = Message("reference.how.junction", how=found.how, reason=recorded.reason)
    return Located(limit, how, spread, found.notes)


def _at(
    area: SearchArea,
    limit: Limit,
    lonlat: tuple[float, float],
    accuracy_m: float,
    how: Message,
) -> Located:
    point = to_metric(np.array([shapely.Point(lonlat)], dtype=object), area.network.province_code)[0]
    offset = float(shapely.distance(point, area.whole))
    if offset > PLACE_REACH_M:
        near = _streets_near(area, point)
        place = Message("reference.beyond-street", metres=offset, street=area.street.asked)
        raise UnknownLimitError(limit.text, near, place)
    return Located(limit, how, (Candidate(point.x, point.y, accuracy_m, offset),))


def _bridge(area: SearchArea, limit: Limit) -> Located | None:
    """Ways that bear the bridge's name, as `bridge:name` or `name`, also as a part: 'Cầu Tó - Phan Trọng Tuệ'."""
    ways = area.network.ways
    named = [
        same_name(limit.name, title) or any(same_name(limit.name, part) for part in name.split(" - "))
        for title, name in zip(ways["bridge_name"], ways["name"], strict=True)
    ]
    return _beside(area, limit, np.flatnonzero(named), Message("reference.how.bridge", name=limit.name))


def _bridge_of(area: SearchArea, limit: Limit) -> Located | None:
    """'Cầu X' where no bridge bears the name: the bridge ways of street X, or where street X meets the street."""
    try:
        cross = find_street(area.network, limit.name.split(" ", 1)[1], area.gazetteer)
    except UnknownStreetError:
        return None
    rows = np.array([r for r in cross.rows if area.network.ways["bridge"][r] not in ("", "no")], dtype=np.int64)
    found = _beside(area, limit, rows, Message("reference.how.bridge-of", streets=cross.names))
    if found is None:
        whole = area.whole
        points = _meetings(whole, area.together(cross.rows))
        if not len(points):
            return None
        found = Located(limit, Message("reference.how.meets", streets=cross.names), _clusters(points, whole))
    note = Message("reference.no-such-bridge", name=limit.name, how=found.how)
    return Located(limit, found.how, found.candidates, (note,))


def _named_junction(area: SearchArea, limit: Limit) -> Located | None:
    key = fold(limit.name)
    rows = np.flatnonzero([key in fold(name) for name in area.network.ways["name"]])
    return _beside(area, limit, rows, Message("reference.how.ways", name=limit.name))


def _beside(area: SearchArea, limit: Limit, rows: NDArray[np.int64], how: Message) -> Located | None:
    """Candidates at ways (bridges, junction ways) that lie within reach of the street."""
    if not len(rows):
        return None
    whole = area.whole
    middles = shapely.line_interpolate_point(area.lines[rows], 0.5, normalized=True)
    near = middles[shapely.distance(area.lines[rows], whole) <= MEETING_REACH_M]
    if not len(near):
        return None
    return Located(limit, how, _clusters(near, whole))


def _crossing_any(area: SearchArea, limit: Limit, names: tuple[str, ...]) -> Located:
    """The meeting with the cross street or streets of a limit; the street itself may be among the names."""
    whole = area.whole
    found: list[Located] = []
    for name in names:
        if base(name) in {base(other) for other in (area.street.asked, *area.street.names)}:
            continue
        try:
            cross = find_street(area.network, name, area.gazetteer)
        except UnknownStreetError as error:
            raise UnknownLimitError(limit.text, _nearest(area, limit, error), area.street.asked) from error
        points = _meetings(whole, area.together(cross.rows))
        if len(points):
            how = Message("reference.how.meeting", streets=area.street.names[:2], others=cross.names)
            found.append(Located(limit, how, _clusters(points, whole), cross.notes))
    if not found:
        near = _nearest(area, limit, None)
        raise UnknownLimitError(limit.text, near, Message("reference.does-not-meet", street=area.street.asked))
    return found[0]


def _meetings(whole: shapely.Geometry, cross: shapely.Geometry) -> NDArray[np.object_]:
    """Points shared by two streets, and where else they almost do; where none is, the nearest one within reach."""
    shared = shapely.intersection(whole, cross)
    points: NDArray[np.object_] = shapely.centroid(shapely.get_parts(shared)) if not shared.is_empty else _none()
    if len(points):
        points = np.concatenate([points, apart(almost_meetings(whole, cross), points)])
    elif shapely.distance(whole, cross) <= MEETING_REACH_M:
        points = np.array([shapely.get_point(shapely.shortest_line(whole, cross), 0)], dtype=object)
    loose = loose_meetings(shapely.get_parts(whole), shapely.get_parts(cross)) if len(points) else points
    return np.concatenate([points, apart(loose, points)])


def _none() -> NDArray[np.object_]:
    return np.array([], dtype=object)


def loose_meetings(one: NDArray[np.object_], other: NDArray[np.object_]) -> NDArray[np.object_]:
    """Where one of two streets (their ways) ends without going on, a few metres from the other (`LOOSE_END_M`).

    Layers of two years are cut where they lie side by side, and a junction is sometimes drawn on one street alone.
    """
    links = [
        shapely.shortest_line(ends, shapely.multilinestrings(list(theirs)))
        for ours, theirs in ((one, other), (other, one))
        if len(ends := _loose_ends(ours))
    ]
    found = np.concatenate([_none(), *links])
    found = found[shapely.length(found) <= LOOSE_END_M]
    middles: NDArray[np.object_] = shapely.line_interpolate_point(found, 0.5, normalized=True)
    return middles


def _loose_ends(ways: NDArray[np.object_]) -> NDArray[np.object_]:
    """The ends of some ways at which no other of them goes on."""
    ends = np.concatenate([shapely.get_point(ways, 0), shapely.get_point(ways, -1)])
    own = np.tile(np.arange(len(ways)), 2)
    end, way = shapely.STRtree(ways).query(ends, predicate="dwithin", distance=1.0)
    loose = np.tile(~shapely.is_closed(ways), 2)
    loose[end[way != own[end]]] = False
    found: NDArray[np.object_] = ends[loose]
    return found


def almost_meetings(one: Any, other: Any) -> NDArray[np.object_]:
    """Middles of the parts of lines that come very near to others and do not run beside them; geometries or arrays."""
    near = shapely.get_parts(shapely.intersection(shapely.buffer(one, NEAR_MISS_M), other))
    middles: NDArray[np.object_] = shapely.centroid(near[shapely.length(near) < BESIDE_M])
    return middles


def apart(points: NDArray[np.object_], others: NDArray[np.object_]) -> NDArray[np.object_]:
    """Those of some points that are no meeting of the `others` (`CLUSTER_M`), without empty ones."""
    chosen: NDArray[np.object_] = points[
        ~shapely.is_empty(points) & ~shapely.dwithin(points, shapely.multipoints(others), CLUSTER_M)
    ]
    return chosen


def _clusters(points: NDArray[np.object_], whole: shapely.Geometry) -> tuple[Candidate, ...]:
    """Points grouped by nearness, a candidate a group, those nearest to the street first."""
    discs = shapely.union_all(shapely.buffer(points, CLUSTER_M / 2))
    candidates = []
    for disc in shapely.get_parts(discs):
        own = points[shapely.within(points, disc)]
        middle = shapely.MultiPoint(list(own)).centroid
        spread = float(shapely.distance(own, middle).max())
        offset = float(shapely.distance(own, whole).min())
        candidates.append(Candidate(middle.x, middle.y, spread, offset))
    return tuple(sorted(candidates, key=lambda c: (round(c.offset_m), c.x, c.y)))


def _nearest(area: SearchArea, limit: Limit, error: UnknownStreetError | None) -> list[str]:
    """Suggestions for a limit: what meets the street and sounds like it, then what sounds like it, then what meets."""
    meeting = _meeting_names(area)
    near = nearest_names(limit.name, meeting) or (list(error.suggestions) if error else [])
    return near or meeting[:3]


def _meeting_names(area: SearchArea) -> list[str]:
    """The streets and bridges at this street, by all names that they bear."""
    whole = area.whole
    shapely.prepare(whole)
    near = np.flatnonzero(shapely.dwithin(area.lines, whole, MEETING_REACH_M))
    own = {base(name) for name in area.street.names}
    named = [part for name in street_names(area.network, near) for part in name.split(" - ") if base(part) not in own]
    titles = [title for title in area.network.ways["bridge_name"][near] if title]
    return sorted({*named, *titles})


def _streets_near(area: SearchArea, point: shapely.Point) -> list[str]:
    order = np.argsort(shapely.distance(area.lines, point))[:40]
    return list(dict.fromkeys(name for name in area.network.ways["name"][order] if name))[:3]
