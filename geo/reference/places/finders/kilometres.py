"""Kilometre posts: between recorded posts, or from the road's recorded beginning, with what that leaves open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import DiabanError
from geo.i18n.message import Message
from geo.reference.crs import to_metric, to_wgs84
from geo.reference.places.candidate import Candidate, Kind, Text
from geo.reference.places.finders.area_filter import groups_in
from geo.reference.places.finders.streets import whole_street
from geo.reference.places.grammar.qualifiers import Area
from geo.reference.places.grammar.reading import Reading
from geo.reference.places.place_index import PlaceIndex
from geo.reference.places.shapes import at as along
from geo.reference.places.shapes import multi, part
from geo.reference.places.street_groups import StreetGroup
from geo.reference.streets.description import Description, parse_limit
from geo.reference.streets.placement import place_on
from geo.reference.streets.search import base, road_number

POST_M = 60.0
"""A recorded post is a bus stop named after it, some way from the post itself."""
PER_METRE = 0.08
"""What is added for each metre to the nearest post."""
FROM_ORIGIN_M = 150.0
PER_METRE_OF_ORIGIN = 0.03
BESIDE_M = 250.0
BEYOND_KM = 1.0
AT_KM = 0.03
"""Nearer than this to a recorded post, it is that post."""


@dataclass(frozen=True, slots=True)
class Chain:
    """A `line` along a road with the kilometres of its two ends, and how sure a place on it is."""

    line: BaseGeometry
    start_km: float
    end_km: float
    evidence: Message
    base_m: float
    per_metre: float
    anchors: tuple[float, ...]

    def at(self, kilometres: float) -> float:
        """Metres from the start of the line to a kilometre."""
        share = (kilometres - self.start_km) / (self.end_km - self.start_km)
        return float(share * self.line.length)

    def accuracy_m(self, kilometres: float) -> float:
        """How far the place of a kilometre may lie from its post."""
        return self.base_m + self.per_metre * 1000.0 * min(abs(kilometres - anchor) for anchor in self.anchors)


def kilometres(index: PlaceIndex, reading: Reading, area: Area) -> Iterator[Candidate]:
    """One post as a point, two as the stretch between them; the whole road where no post and no beginning is known."""
    groups, count = groups_in(index, reading.street, area)
    for group in groups[:3]:
        posts = _at_post(index, group, reading) if len(reading.kilometres) == 1 else []
        if posts:
            yield from posts
            continue
        chain = _by_posts(index, group, reading.kilometres) or _by_origin(index, group, reading.kilometres)
        if chain is None:
            missing = Message("places.kilometre-unknown", street=group.asked)
            yield replace(whole_street(index, reading, group, count).with_notes(missing), sure=False)
        else:
            yield _candidate(reading, group, chain)


def _at_post(index: PlaceIndex, group: StreetGroup, reading: Reading) -> list[Candidate]:
    """The recorded post of just this kilometre."""
    value = reading.kilometres[0]
    own = [post for kilometre, post in _posts(index, group) if abs(kilometre - value) < AT_KM]
    if not own:
        return []
    point = shapely.centroid(shapely.union_all(own))
    evidence = (Message("places.evidence.post", post=_written(value)),)
    notes: tuple[Text, ...] = (*group.notes, Message("places.kilometre-approximate"))
    name = f"{group.asked}, {_written(value)}"
    return [Candidate(Kind.POINT, name, point, POST_M, reading, evidence=evidence, notes=notes)]


def _candidate(reading: Reading, group: StreetGroup, chain: Chain) -> Candidate:
    at = sorted(chain.at(value) for value in reading.kilometres)
    accuracy = max(chain.accuracy_m(value) for value in reading.kilometres)
    notes: tuple[Text, ...] = (*group.notes, Message("places.kilometre-approximate"))
    shown = " – ".join(_written(value) for value in reading.kilometres)
    name = f"{group.asked}, {shown}"
    if len(at) == 1:
        point = along(chain.line, at[0])
        return Candidate(Kind.POINT, name, point, accuracy, reading, evidence=(chain.evidence,), notes=notes)
    cut = part(chain.line, at[0], at[-1])
    length = float(cut.length)
    return Candidate(
        Kind.STRETCH, name, cut, accuracy, reading, evidence=(chain.evidence,), notes=notes, length_m=length
    )


def _written(kilometres: float) -> str:
    return f"Km{int(kilometres)}+{round((kilometres % 1) * 1000):03d}"


def _by_posts(index: PlaceIndex, group: StreetGroup, wanted: tuple[float, ...]) -> Chain | None:
    posts = _posts(index, group)
    below = [post for post in posts if post[0] <= min(wanted)]
    above = [post for post in posts if post[0] >= max(wanted)]
    if not below or not above:
        near = sorted(posts, key=lambda post: abs(post[0] - wanted[0]))[:2]
        beyond = min((abs(post[0] - value) for post in near for value in wanted), default=99.0)
        if len(near) < 2 or beyond > BEYOND_KM or near[0][0] == near[1][0]:
            return None
        low, high = sorted(near, key=lambda post: post[0])
    else:
        low, high = max(below, key=lambda post: post[0]), min(above, key=lambda post: post[0])
        if low[0] == high[0]:
            low = max((post for post in posts if post[0] < high[0]), default=low, key=lambda post: post[0])
            high = high if low[0] < high[0] else min(posts, key=lambda post: -post[0])
    if high[0] - low[0] < 0.05:
        return None
    line = _between(index, group, low[1], high[1], 1000.0)
    if line is None or not 0.6 < line.length / (1000.0 * (high[0] - low[0])) < 1.6:
        return None
    evidence = Message("places.evidence.posts", low=_written(low[0]), high=_written(high[0]))
    return Chain(line, low[0], high[0], evidence, POST_M, PER_METRE, (low[0], high[0]))


def _posts(index: PlaceIndex, group: StreetGroup) -> list[tuple[float, BaseGeometry]]:
    """Kilometre and place of the recorded posts of a road."""
    number, keys = road_number(group.asked), {base(name) for name in (*group.names, group.asked)}
    whole = multi(index.lines[group.rows])
    found = []
    for row in index.posts.tolist():
        road = index.things[row].street
        named = (number is not None and _same_road(road_number(road), number)) or base(road) in keys
        if named and shapely.dwithin(index.shapes[row], whole, BESIDE_M):
            found.append((index.things[row].number, index.shapes[row]))
    return found


def _same_road(one: tuple[str, str] | None, other: tuple[str, str]) -> bool:
    return one is not None and one[0] == other[0] and one[1].removesuffix("a") == other[1].removesuffix("a")


def _by_origin(index: PlaceIndex, group: StreetGroup, wanted: tuple[float, ...]) -> Chain | None:
    """From where the kilometres of a road begin, as recorded in the gazetteer under 'Km0 <road>'."""
    origin = index.gazetteer.place(f"Km0 {group.asked}")
    if origin is None or origin.lonlat is None:
        return None
    point = to_metric(np.array([shapely.Point(origin.lonlat)], dtype=object), index.city.province_code)[0]
    line = _between(index, group, point, None, 1000.0 * max(wanted) + 1500.0)
    if line is None or max(wanted) * 1000.0 > line.length:
        return None
    evidence = Message("places.evidence.origin", reason=origin.reason)
    return Chain(line, 0.0, line.length / 1000.0, evidence, FROM_ORIGIN_M, PER_METRE_OF_ORIGIN, (0.0,))


def _between(
    index: PlaceIndex, group: StreetGroup, low: BaseGeometry, high: BaseGeometry | None, reach_m: float
) -> BaseGeometry | None:
    """The line along a road from one point to another, or from one to the farthest end within reach of it."""
    texts = [_lonlat(index, point) if point is not None else None for point in (low, high)]
    start, end = (parse_limit(text) if text else None for text in texts)
    box = shapely.envelope(shapely.union(low, high if high is not None else low))
    near = shapely.dwithin(index.lines[group.rows], box, reach_m)
    network, own = index.around(group.rows[near])
    try:
        placed = place_on(Description("", group.asked, start, end), network, group.match(own), index.gazetteer)
    except DiabanError:
        return None
    line: BaseGeometry = to_metric(np.array([placed.geometry], dtype=object), index.city.province_code)[0]
    return line


def _lonlat(index: PlaceIndex, point: BaseGeometry) -> str:
    there = to_wgs84(np.array([point], dtype=object), index.city.province_code)[0]
    return f"{there.x:.7f},{there.y:.7f}"
