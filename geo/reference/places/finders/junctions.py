"""Where streets meet: 'ngã tư A - B', 'A giao với B', and junctions known by a name of their own ('Ngã tư Sở')."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.i18n.message import Message
from geo.reference.crs import to_metric
from geo.reference.names import fold
from geo.reference.places.candidate import Candidate, Kind
from geo.reference.places.finders import landmark_search
from geo.reference.places.finders.area_filter import groups_in
from geo.reference.places.grammar.qualifiers import Area
from geo.reference.places.grammar.reading import Reading
from geo.reference.places.landmark_names import key_of
from geo.reference.places.place_index import PlaceIndex
from geo.reference.places.shapes import multi
from geo.reference.places.street_groups import StreetGroup, separated, street_groups
from geo.reference.streets.limits import CLUSTER_M, MEETING_REACH_M, almost_meetings, apart, loose_meetings

ACCURACY_M = 25.0
NAMED_ACCURACY_M = 80.0
THIRD_M = 150.0
"""A third street of a junction comes this near to where the first two meet."""
WAYS_APART_M = 250.0
MOST = 6
_MAIN = {"motorway", "trunk", "primary", "secondary", "tertiary"}


def junctions(index: PlaceIndex, reading: Reading, area: Area) -> Iterator[Candidate]:
    """The junctions that a reading names: by a name of its own, by two streets, or by the street it is named after."""
    full = f"{reading.number} {reading.street}".strip()
    own = list(by_own_name(index, reading, full))
    if own:
        yield from own
        if not all(one.sure for one in own):
            yield from _of_one(index, reading, reading.street, area)
        return
    names = [name for name in reading.names if name]
    if len(names) >= 2:
        yield from _of_streets(index, reading, names, area)
    elif names:
        yield from _of_one(index, reading, names[0], area)


def by_own_name(index: PlaceIndex, reading: Reading, full: str) -> Iterator[Candidate]:
    """Junctions recorded under a name of their own: by hand, by a bus stop, by a flyover or a roundabout."""
    recorded = index.gazetteer.place(full) or index.gazetteer.place(reading.street)
    if recorded and recorded.lonlat:
        point = to_metric(np.array([shapely.Point(recorded.lonlat)], dtype=object), index.city.province_code)[0]
        yield _candidate(reading, full, point, recorded.accuracy_m, Message("places.recorded", reason=recorded.reason))
        return
    if recorded and len(recorded.streets) > 1:
        for pair in combinations(recorded.streets, 2):
            for found in _of_streets(index, reading, list(pair), Area()):
                yield found.with_evidence(Message("places.recorded", reason=recorded.reason))
                return
    spots = landmark_search.spots(index, full)
    for spot in spots:
        if spot.kind in ("junction", "bus_stop"):
            evidence = Message("places.evidence.named", name=spot.name)
            yield _candidate(reading, spot.name, shapely.centroid(spot.shape), NAMED_ACCURACY_M, evidence)
    if not spots:
        yield from _begun(index, reading, full) or _by_ways(index, reading, full)


def _begun(index: PlaceIndex, reading: Reading, full: str) -> list[Candidate]:
    """Junctions whose recorded name goes on: 'Ngã ba Hòa Lạc - Quốc lộ 21'."""
    key = key_of(full)
    rows = [row for other, own in index.by_key.items() if other.startswith(f"{key} ") for row in own]
    return [
        _candidate(
            reading,
            index.things[row].name,
            index.shapes[row],
            NAMED_ACCURACY_M,
            Message("places.evidence.named", name=index.things[row].name),
        )
        for row in rows
        if index.things[row].kind == "junction"
    ]


def _by_ways(index: PlaceIndex, reading: Reading, full: str) -> Iterator[Candidate]:
    """By ways that bear the junction's name: 'Cầu vượt Ngã Tư Sở', 'Vòng xoay Cầu Giấy', 'Cầu vượt Mai Dịch'."""
    wanted = fold(full), fold(f"vòng xoay {reading.street}"), fold(f"cầu vượt {reading.street}")
    titles = {name: rows for name, rows in index.bridges.items() if any(key in name for key in wanted)}
    rows = [row for own in titles.values() for row in own]
    rows += [int(row) for key, own in index.by_base.items() if any(word in key for word in wanted) for row in own]
    if not rows:
        return
    elsewhere = _beside_its_street(index, reading, rows)
    guessed = Message("places.junction-guessed", name=full)
    for own in separated(index, np.array(sorted(set(rows)), dtype=np.int64), WAYS_APART_M):
        middle, spread = landmark_search.middle_of(index, own.tolist())
        names = sorted({str(index.names[row]) for row in own if index.names[row]})[:3] or [full]
        evidence = Message("places.evidence.named-ways", names=names)
        found = _candidate(reading, full, middle, max(NAMED_ACCURACY_M, spread), evidence)
        yield replace(found.with_notes(guessed), sure=False) if elsewhere else found


def _beside_its_street(index: PlaceIndex, reading: Reading, rows: list[int]) -> bool:
    """Whether a street bears the junction's name, too, and does not come near: 'Cầu vượt Cổ Linh', Đường Cổ Linh."""
    groups = street_groups(index, reading.street)
    lines = multi(index.lines[rows])
    others = [index.lines[np.setdiff1d(group.rows, rows)] for group in groups]
    return any(len(own) for own in others) and not any(
        shapely.dwithin(own, lines, THIRD_M).any() for own in others if len(own)
    )


def _of_streets(index: PlaceIndex, reading: Reading, names: list[str], area: Area) -> Iterator[Candidate]:
    choices = [groups_in(index, name, area)[0][:MOST] for name in names]
    if not all(choices[:2]):
        return
    pairs = list(combinations(range(len(choices)), 2))
    held = next((pair for pair in pairs if _do_meet(index, choices[pair[0]], choices[pair[1]])), pairs[0])
    for one, other in product(choices[held[0]], choices[held[1]]):
        for point, spread in meetings(index, one, other):
            third = [groups for number, groups in enumerate(choices) if groups and number not in held]
            if not all(any(_near(index, group, point) for group in groups) for groups in third):
                continue
            yield _candidate(
                reading,
                " – ".join(names),
                point,
                ACCURACY_M + spread,
                Message("places.evidence.streets-meet", one=one.asked, other=other.asked),
            )


def _do_meet(index: PlaceIndex, one: tuple[StreetGroup, ...], other: tuple[StreetGroup, ...]) -> bool:
    return any(meetings(index, a, b) for a, b in product(one, other))


def _near(index: PlaceIndex, group: StreetGroup, point: BaseGeometry) -> bool:
    return bool(shapely.dwithin(index.lines[group.rows], point, THIRD_M).any())


def meetings(index: PlaceIndex, one: StreetGroup, other: StreetGroup) -> list[tuple[BaseGeometry, float]]:
    """The points where two streets meet, in metres, and how far each spreads: carriageways cross in several points."""
    a, b = index.lines[one.rows], index.lines[other.rows]
    pairs = shapely.STRtree(a).query(b, predicate="dwithin", distance=MEETING_REACH_M)
    if not pairs.size:
        return []
    ours, theirs = a[pairs[1]], b[pairs[0]]
    shared = shapely.centroid(shapely.get_parts(shapely.intersection(ours, theirs)))
    shared = shared[~shapely.is_empty(shared)]
    points = np.concatenate([shared, apart(almost_meetings(ours, theirs), shared)])
    if not len(points):
        points = shapely.line_interpolate_point(shapely.shortest_line(ours, theirs), 0.5, normalized=True)
    return [*_clustered(points), *_clustered(apart(loose_meetings(a, b), points))]


def _clustered(points: NDArray[np.object_]) -> list[tuple[BaseGeometry, float]]:
    discs = shapely.get_parts(shapely.union_all(shapely.buffer(points, CLUSTER_M / 2)))
    found: list[tuple[BaseGeometry, float]] = []
    for disc in discs:
        own = points[shapely.intersects(points, disc)]
        middle = shapely.centroid(shapely.MultiPoint(list(own)))
        found.append((middle, float(shapely.distance(own, middle).max())))
    return found


def _of_one(index: PlaceIndex, reading: Reading, name: str, area: Area) -> Iterator[Candidate]:
    """A junction named after one street: where it meets main streets; the places where most of them meet."""
    for group in groups_in(index, name, area)[0][:MOST]:
        spots = _main_meetings(index, group)
        best = max((weight for _, weight, _ in spots), default=0)
        for point, weight, names in spots:
            if weight == best:
                evidence = Message("places.evidence.street-meets", street=group.asked, others=names[:4])
                found = _candidate(reading, f"{reading.number} {name}", point, NAMED_ACCURACY_M, evidence)
                guessed = Message("places.junction-guessed", name=f"{reading.number} {name}")
                yield replace(found.with_notes(guessed), sure=False)


def _main_meetings(index: PlaceIndex, group: StreetGroup) -> list[tuple[BaseGeometry, int, list[str]]]:
    """Places where a street meets main streets of other names: the point, how many, and their names."""
    near = np.unique(index.tree.query(index.lines[group.rows], predicate="dwithin", distance=15.0)[1])
    highway = index.network.ways["highway"]
    own = set(group.names)
    rows = [row for row in near.tolist() if index.names[row] and index.names[row] not in own and highway[row] in _MAIN]
    if not rows:
        return []
    whole = shapely.MultiLineString(list(index.lines[group.rows]))
    points = shapely.line_interpolate_point(shapely.shortest_line(index.lines[rows], whole), 0.5, normalized=True)
    found = []
    for middle, _ in _clustered(points):
        names = sorted(
            {
                str(index.names[row])
                for row, point in zip(rows, points, strict=True)
                if point.distance(middle) < CLUSTER_M
            }
        )
        found.append((middle, len(names), names))
    return found


def _candidate(reading: Reading, name: str, point: BaseGeometry, accuracy_m: float, evidence: Message) -> Candidate:
    return Candidate(Kind.JUNCTION, name, point, accuracy_m, reading, evidence=(evidence,))
