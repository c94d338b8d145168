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
from geo.reference.crs import to_wgs84
from geo.reference.streets.centreline import CentreLine, centre_line
from geo.reference.streets.description import Description, parse
from geo.reference.streets.gazetteer import Gazetteer
from geo.reference.streets.limits import Candidate, Located, Registers, locate
from geo.reference.streets.network import StreetNetwork
from geo.reference.streets.routing import Drive, StreetRoutes
from geo.reference.streets.search import find_street, same_name

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
    """

    description: str
    geometry: shapely.LineString
    length_m: float
    accuracy_m: float
    found: tuple[str, ...]
    chosen: tuple[str, ...]
    alternatives: tuple[str, ...]
    notes: tuple[str, ...]

    def record(self) -> dict[str, Any]:
        """All of it by name, lengths rounded to a decimetre, as `geo.reference.geojson.feature` takes it."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
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
    told = parse(description) if isinstance(description, str) else description
    book = gazetteer or Gazetteer()
    told = _as_named(told, network)
    street = find_street(network, told.street, book)
    ground = Registers(network, street, book)
    located = [locate(ground, limit) if limit else None for limit in (told.start, told.end)]
    ends = _choose(told, located[0], located[1])
    drive = StreetRoutes.of(network, street, [end for end in ends if end]).drive(ends[0], ends[1])
    if drive is None:
        raise InputError(Problem("no way leads along the street between the limits", told.text, "check the limits"))
    centre = _line(drive, carriageway, (LOOSE_M * (ends[0] is None), LOOSE_M * (ends[1] is None)))
    limits = [(entry, end) for entry, end in zip(located, ends, strict=True) if entry and end]
    return _Finding(told, ground, limits, drive, centre).placement()


@dataclass(frozen=True, slots=True)
class _Finding:
    """All that is known once the line is drawn, to be told in a `Placement`."""

    told: Description
    ground: Registers
    limits: list[tuple[Located, Candidate]]
    drive: Drive
    centre: CentreLine

    def placement(self) -> Placement:
        lonlat = to_wgs84(np.array([self.centre.line], dtype=object), self.ground.network.province_code)[0]
        spread = max((end.spread_m for _, end in self.limits), default=0.0)
        vague = max(spread, self.beside_m())
        return Placement(
            description=self.told.text,
            geometry=shapely.transform(lonlat, lambda xy: np.round(xy, 7)),
            length_m=float(self.centre.line.length),
            accuracy_m=float(math.ceil(OSM_ACCURACY_M + vague)),
            found=self.found(),
            chosen=self.chosen(),
            alternatives=self.alternatives(),
            notes=tuple(dict.fromkeys(self.notes())),
        )

    def beside_m(self) -> float:
        """How far the line leaves the ways of its street: half the width between carriageways, half a gap."""
        points = shapely.points(shapely.get_coordinates(shapely.segmentize(self.centre.line, SAMPLE_M)))
        return float(shapely.distance(points, self.ground.whole).max())

    def found(self) -> tuple[str, ...]:
        street = self.ground.street
        ways = f"{', '.join(street.names) or street.asked}: {len(street.rows)} ways"
        return ways, *(f"{e.limit.text}: {len(e.candidates)} point(s), {e.how}" for e, _ in self.limits)

    def chosen(self) -> tuple[str, ...]:
        ends = tuple(f"{entry.limit.text} at {self._at(end)}" for entry, end in self.limits)
        if not self.centre.width_m:
            return ends
        return *ends, f"the middle of two carriageways {self.centre.mean_width_m:.0f} m apart"

    def alternatives(self) -> tuple[str, ...]:
        others = [f"street {name}" for name in self.ground.street.alternatives]
        for entry, end in self.limits:
            others += [f"{entry.limit.text} at {self._at(c)}" for c in entry.candidates if c is not end]
        return tuple(others)

    def notes(self) -> Iterator[str]:
        yield from self.ground.street.notes
        for entry, end in self.limits:
            yield from entry.notes
            if end.offset_m > OSM_ACCURACY_M:
                yield f"{entry.limit.text} lies {end.offset_m:.0f} m beside the street; its nearest point was taken"
        for label, length in self.drive.borrowed:
            yield f"{length:.0f} m run {f'over {label}' if label else 'across a gap in the data'}"
        if self.centre.width_m > WIDE_M:
            yield f"the carriageways lie up to {self.centre.width_m:.0f} m apart: the middle may not be street at all"

    def _at(self, end: Candidate) -> str:
        point = to_wgs84(np.array([end.point], dtype=object), self.ground.network.province_code)[0]
        return f"{point.x:.6f},{point.y:.6f}"


def _as_named(told: Description, network: StreetNetwork) -> Description:
    """'Pháp Vân - Cầu Giẽ' is a street up to a limit, unless the network has a street of that whole name."""
    pair = told.start is None and told.end is not None
    if pair and any(same_name(told.text, name) for name in set(network.ways["name"])):
        return Description(told.text, told.text, None, None)
    return told


def _choose(told: Description, start: Located | None, end: Located | None) -> tuple[Candidate | None, Candidate | None]:
    if start is None or end is None:
        return (start.candidates[0] if start else None), (end.candidates[0] if end else None)
    pairs = [
        (math.dist((a.x, a.y), (b.x, b.y)), i, j)
        for i, a in enumerate(start.candidates)
        for j, b in enumerate(end.candidates)
    ]
    apart = [pair for pair in pairs if pair[0] >= MIN_STRETCH_M]
    if not apart:
        raise UnknownLimitError(f"{end.limit.text} (the same point as {start.limit.text})", (), told.street)
    _, i, j = min(apart)
    return start.candidates[i], end.candidates[j]


def _line(drive: Drive, carriageway: Carriageway, loose_m: tuple[float, float]) -> CentreLine:
    if carriageway is Carriageway.BOTH:
        return centre_line(drive.forward, drive.backward, loose_m)
    one = drive.forward if carriageway is Carriageway.FORWARD else drive.backward
    return centre_line(one, one)
