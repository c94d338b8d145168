"""A description placed on a street network: the centre line of the stretch, and how sure it is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely

from geo.errors import InputError, Problem, UnknownLimitError
from geo.reference.crs import to_wgs84
from geo.reference.streets.centreline import CentreLine, centre_line
from geo.reference.streets.description import Description, parse
from geo.reference.streets.gazetteer import Gazetteer
from geo.reference.streets.limits import Candidate, Located, locate
from geo.reference.streets.network import StreetNetwork
from geo.reference.streets.routing import Drive, StreetRoutes
from geo.reference.streets.search import StreetMatch, find_street

OSM_ACCURACY_M = 5.0
"""How far a way of OpenStreetMap may lie from the street; imagery offsets in Hà Nội stay within it."""
WIDE_M = 60.0
"""Carriageways further apart than this are hardly one street: said so."""
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
    street = find_street(network, told.street, book)
    located = [locate(network, street, limit, book) if limit else None for limit in (told.start, told.end)]
    ends = _choose(told, located[0], located[1])
    routes = StreetRoutes.of(network, street, [end for end in ends if end])
    drive = routes.drive(ends[0], ends[1])
    if drive is None:
        raise InputError(Problem("no way leads along the street between the limits", told.text, "check the limits"))
    centre = _line(drive, carriageway)
    return _placement(told, network, street, located, ends, drive, centre)


def _choose(
    told: Description, start: Located | None, end: Located | None
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
        raise UnknownLimitError(f"{end.limit.text} (the same point as {start.limit.text})", (), told.street)
    _, i, j = min(apart)
    return start.candidates[i], end.candidates[j]


def _line(drive: Drive, carriageway: Carriageway) -> CentreLine:
    if carriageway is Carriageway.BOTH:
        return centre_line(drive.forward, drive.backward)
    one = drive.forward if carriageway is Carriageway.FORWARD else drive.backward
    return centre_line(one, one)


def _placement(
    told: Description,
    network: StreetNetwork,
    street: StreetMatch,
    located: list[Located | None],
    ends: tuple[Candidate | None, Candidate | None],
    drive: Drive,
    centre: CentreLine,
) -> Placement:
    lonlat = to_wgs84(np.array([centre.line], dtype=object), network.province_code)[0]
    limits = [entry for entry in located if entry]
    taken = [end for end in ends if end]
    spread = max((end.spread_m for end in taken), default=0.0)
    return Placement(
        description=told.text,
        geometry=shapely.transform(lonlat, lambda xy: np.round(xy, 7)),
        length_m=float(centre.line.length),
        accuracy_m=float(math.ceil(OSM_ACCURACY_M + max(centre.width_m / 2, spread, drive.strayed_m))),
        found=(
            f"{', '.join(street.names) or street.asked}: {len(street.rows)} ways",
            *(f"{entry.limit.text}: {len(entry.candidates)} point(s), {entry.how}" for entry in limits),
        ),
        chosen=_chosen(limits, taken, centre, network.province_code),
        alternatives=_alternatives(street, limits, taken, network.province_code),
        notes=_notes(street, limits, taken, drive, centre),
    )


def _chosen(
    limits: list[Located], taken: list[Candidate], centre: CentreLine, province_code: str
) -> tuple[str, ...]:
    ends = [f"{entry.limit.text} at {_at(end, province_code)}" for entry, end in zip(limits, taken, strict=True)]
    if centre.width_m:
        ends.append(f"the middle of two carriageways {centre.mean_width_m:.0f} m apart")
    return tuple(ends)


def _alternatives(
    street: StreetMatch, limits: list[Located], taken: list[Candidate], province_code: str
) -> tuple[str, ...]:
    others = [f"street {name}" for name in street.alternatives]
    for entry, end in zip(limits, taken, strict=True):
        others += [f"{entry.limit.text} at {_at(c, province_code)}" for c in entry.candidates if c is not end]
    return tuple(others)


def _notes(
    street: StreetMatch, limits: list[Located], taken: list[Candidate], drive: Drive, centre: CentreLine
) -> tuple[str, ...]:
    notes = [*street.notes, *(note for entry in limits for note in entry.notes)]
    for entry, end in zip(limits, taken, strict=True):
        if end.offset_m > OSM_ACCURACY_M:
            notes.append(f"{entry.limit.text} lies {end.offset_m:.0f} m beside the street; its nearest point was taken")
    for label, length in drive.borrowed:
        notes.append(f"{length:.0f} m run {f'over {label}' if label else 'across a gap in the data'}")
    if centre.width_m > WIDE_M:
        notes.append(f"the carriageways lie up to {centre.width_m:.0f} m apart: the middle may not be street at all")
    return tuple(dict.fromkeys(notes))


def _at(end: Candidate, province_code: str) -> str:
    point = to_wgs84(np.array([end.point], dtype=object), province_code)[0]
    return f"{point.x:.6f},{point.y:.6f}"
