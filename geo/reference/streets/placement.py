"""A description placed on a street network: the centre line of the stretch, and how sure it is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

import numpy as np
import shapely

from geo.errors import InputError, Problem, UnknownLimitError
from geo.i18n.message import Message
from geo.reference.crs import to_wgs84
from geo.reference.streets.centreline import CentreLine, centre_line
from geo.reference.streets.description import Description, parse
from geo.reference.streets.gazetteer import Gazetteer
from geo.reference.streets.limits import Candidate, Located, SearchArea, locate
from geo.reference.streets.network import StreetNetwork
from geo.reference.streets.routing import UNNAMED, Drive, StreetRoutes
from geo.reference.streets.search import StreetMatch, find_street, same_name

OSM_ACCURACY_M = 5.0
"""How far a way of OpenStreetMap may lie from the street; imagery offsets in Hà Nội stay within it."""
WIDE_M = 60.0
"""Carriageways further apart than this are hardly one street: said so."""
SAMPLE_M = 5.0
"""Spacing of the points at which it is measured how far the line leaves its street."""
LOOSE_M = 120.0
"""So near to a street's own end its carriageways may part into a junction."""
MIN_STRETCH_M = 20.0
"""A stretch between two limits is at least this long."""
_MEASURES = ("beside_m", "apart_m", "missed_m")
"""What is only for those who judge a placement; its texts say the same."""


class Carriageway(StrEnum):
    """Which line of a dual carriageway is meant: the middle of both, or one direction of travel from start to end."""

    BOTH = "both"
    FORWARD = "forward"
    BACKWARD = "backward"


@dataclass(frozen=True, slots=True)
class Placement:
    """A stretch of street as one line.

    Attributes
    ----------
    description
        The text that was placed.
    geometry
        Centre line from the first limit to the second, WGS 84, 7 decimals.
    length_m
        Its length in metres (VN-2000).
    accuracy_m
        Every point of it lies within this many metres of the real street and its real limits.
    found
        What the network holds: the street's names and ways, the meeting points of each limit.
    chosen
        What was taken of it.
    alternatives
        What could have been taken instead.
    notes
        What was assumed on the way.
    beside_m
        How far the farther one of the limits lies beside the street, metres; 0 without limits.
    apart_m
        How far an alternative of a limit lies from the one that was taken, both on the street, metres, at most.
    missed_m
        How far the line ends from a limit, beyond what the limit lies beside the street, metres, at most.
    """

    description: str
    geometry: shapely.LineString
    length_m: float
    accuracy_m: float
    found: tuple[str, ...]
    chosen: tuple[str, ...]
    alternatives: tuple[str, ...]
    notes: tuple[str, ...]
    beside_m: float = 0.0
    apart_m: float = 0.0
    missed_m: float = 0.0

    def record(self) -> dict[str, Any]:
        """All of it by name, lengths rounded to a decimetre, as `geo.reference.geojson.feature` takes it."""
        values = {field.name: getattr(self, field.name) for field in fields(self) if field.name not in _MEASURES}
        return {**values, "length_m": round(self.length_m, 1)}


def place(
    description: str | Description,
    network: StreetNetwork,
    gazetteer: Gazetteer | None = None,
    carriageway: Carriageway = Carriageway.BOTH,
) -> Placement:
    """The centre line of a described stretch.

    Without a limit the stretch runs to the street's own end. Of several points where a limit may lie, those two are
    taken that lie nearest to each other; the others are named in `alternatives`.

    Raises
    ------
    UnknownStreetError, UnknownLimitError
        The street or a limit is not in the network; with the nearest names.
    InputError
        The description names no street, or no way leads along the street from one limit to the other.
    """
    asked = parse(description) if isinstance(description, str) else description
    book = gazetteer or Gazetteer()
    asked = _as_named(asked, network)
    return place_on(asked, network, find_street(network, asked.street, book), book, carriageway)


def place_on(
    asked: Description,
    network: StreetNetwork,
    street: StreetMatch,
    gazetteer: Gazetteer,
    carriageway: Carriageway = Carriageway.BOTH,
) -> Placement:
    """As `place`, on a street whose ways are known; errors as there, but for the street."""
    area = SearchArea(network, street, gazetteer)
    located = [locate(area, limit) if limit else None for limit in (asked.start, asked.end)]
    ends = _choose(asked, located[0], located[1])
    drive = StreetRoutes.of(network, street, [end for end in ends if end]).drive(ends[0], ends[1])
    if drive is None:
        raise InputError(Problem("reference.no-way-between", asked.text))
    centre = _line(drive, carriageway, (LOOSE_M * (ends[0] is None), LOOSE_M * (ends[1] is None)))
    limits = [(entry, end) for entry, end in zip(located, ends, strict=True) if entry and end]
    return _Finding(asked, area, limits, drive, centre).placement()


@dataclass(frozen=True, slots=True)
class _Finding:
    """All that is known once the line is drawn, for a `Placement`."""

    asked: Description
    area: SearchArea
    limits: list[tuple[Located, Candidate]]
    drive: Drive
    centre: CentreLine

    def placement(self) -> Placement:
        lonlat = to_wgs84(np.array([self.centre.line], dtype=object), self.area.network.province_code)[0]
        spread = max((end.spread_m for _, end in self.limits), default=0.0)
        vague = max(spread, self.beside_m())
        return Placement(
            description=self.asked.text,
            geometry=shapely.transform(lonlat, lambda xy: np.round(xy, 7)),
            length_m=float(self.centre.line.length),
            accuracy_m=float(math.ceil(OSM_ACCURACY_M + vague)),
            found=tuple(map(str, self.found())),
            chosen=tuple(map(str, self.chosen())),
            alternatives=tuple(map(str, self.alternatives())),
            notes=tuple(dict.fromkeys(map(str, self.notes()))),
            beside_m=max((end.offset_m for _, end in self.limits), default=0.0),
            apart_m=self.apart_m(),
            missed_m=self.missed_m(),
        )

    def missed_m(self) -> float:
        """How far the line ends from its limits, at most: it stops at a gap that no way crosses."""
        ends = shapely.boundary(self.centre.line)
        return max((float(shapely.distance(ends, end.point)) - end.offset_m for _, end in self.limits), default=0.0)

    def apart_m(self) -> float:
        """How far the alternatives of a limit lie from the chosen one, each at its nearest point of the street."""
        feet = [
            [
                shapely.get_point(shapely.shortest_line(self.area.whole, one.point), 0)
                for one in (end, *entry.candidates)
            ]
            for entry, end in self.limits
        ]
        return max((float(shapely.distance(foot[0], other)) for foot in feet for other in foot[1:]), default=0.0)

    def beside_m(self) -> float:
        """How far the line leaves the ways of its street: half the width between carriageways, half a gap."""
        points = shapely.points(shapely.get_coordinates(shapely.segmentize(self.centre.line, SAMPLE_M)))
        return float(shapely.distance(points, self.area.whole).max())

    def found(self) -> Iterator[Message]:
        street = self.area.street
        names = street.names or (street.asked,)
        yield Message("reference.found.ways", streets=names, count=len(street.rows))
        for entry, _ in self.limits:
            limit, points = entry.limit.text, len(entry.candidates)
            yield Message("reference.found.limit", limit=limit, count=points, how=entry.how)

    def chosen(self) -> Iterator[Message]:
        for entry, end in self.limits:
            yield self._at(entry, end)
        if self.centre.width_m:
            yield Message("reference.middle", metres=self.centre.mean_width_m)

    def alternatives(self) -> Iterator[Message]:
        for name in self.area.street.alternatives:
            yield Message("reference.other-street", name=name)
        for entry, end in self.limits:
            yield from (self._at(entry, other) for other in entry.candidates if other is not end)

    def notes(self) -> Iterator[Message]:
        yield from self.area.street.notes
        for entry, end in self.limits:
            yield from entry.notes
            if end.offset_m > OSM_ACCURACY_M:
                yield Message("reference.beside-street", limit=entry.limit.text, metres=end.offset_m)
        for label, length in self.drive.borrowed:
            yield _borrowed(label, length)
        if self.centre.width_m > WIDE_M:
            yield Message("reference.wide-apart", metres=self.centre.width_m)

    def _at(self, entry: Located, end: Candidate) -> Message:
        point = to_wgs84(np.array([end.point], dtype=object), self.area.network.province_code)[0]
        return Message("reference.limit-at", limit=entry.limit.text, place=f"{point.x:.6f},{point.y:.6f}")


def _borrowed(label: str, length: float) -> Message:
    if label == UNNAMED:
        return Message("reference.over-unnamed", metres=length)
    if label:
        return Message("reference.over-other", metres=length, name=label)
    return Message("reference.over-gap", metres=length)


def _as_named(asked: Description, network: StreetNetwork) -> Description:
    """'Pháp Vân - Cầu Giẽ' is a street up to a limit, unless the network has a street of that whole name."""
    pair = asked.start is None and asked.end is not None
    if pair and any(same_name(asked.text, name) for name in set(network.ways["name"])):
        return Description(asked.text, asked.text, None, None)
    return asked


def _choose(
    asked: Description, start: Located | None, end: Located | None
) -> tuple[Candidate | None, Candidate | None]:
    if start is None or end is None:
        return (start.candidates[0] if start else None), (end.candidates[0] if end else None)
    pairs = [
        (math.dist((a.x, a.y), (b.x, b.y)), i, j)
        for i, a in enumerate(start.candidates)
        for j, b in enumerate(end.candidates)
    ]
    apart = [pair for pair in pairs if pair[0] >= MIN_STRETCH_M]
    if not apart:
        place = Message("reference.same-point", street=asked.street, other=start.limit.text)
        raise UnknownLimitError(end.limit.text, (), place)
    _, i, j = min(apart)
    return start.candidates[i], end.candidates[j]


def _line(drive: Drive, carriageway: Carriageway, loose_m: tuple[float, float]) -> CentreLine:
    if carriageway is Carriageway.BOTH:
        return centre_line(drive.forward, drive.backward, loose_m)
    one = drive.forward if carriageway is Carriageway.FORWARD else drive.backward
    return centre_line(one, one)
