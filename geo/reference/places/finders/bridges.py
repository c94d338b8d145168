"""Bridges and their ends: 'cầu Vĩnh Tuy', 'chân cầu Vĩnh Tuy', 'hai đầu cầu vượt Mai Dịch'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.i18n.message import Message
from geo.reference.places.candidate import Candidate, Kind
from geo.reference.places.finders import landmark_search
from geo.reference.places.finders.junctions import meetings
from geo.reference.places.grammar.qualifiers import Area, units_named
from geo.reference.places.grammar.reading import Reading
from geo.reference.places.place_index import PlaceIndex, Rows, union_of
from geo.reference.places.street_groups import separated, street_groups, title

END_M = 60.0
"""How far 'the foot of the bridge' reaches."""
SIDE_M = 1500.0
"""A ward or district that names a side of a bridge has land so near to its ends."""
FLYOVER_M = 200.0
"""The ends of a flyover that is only known by where its streets meet lie within this."""
LONG_M = 120.0
"""The two ends of a shorter bridge are one place."""
APART_M = 600.0
CLEARLY = 0.5
"""'The north end' is that of a bridge that runs north by so much of its length at least (30° off east and west)."""
_SIDES = {"bắc": (0, 1), "nam": (0, -1), "đông": (1, 0), "tây": (-1, 0)}


def bridges(index: PlaceIndex, reading: Reading, _area: Area) -> Iterator[Candidate]:
    """Bridges of a name, or their ends; a bridge between two streets ('cầu vượt Láng Hạ - Lê Văn Lương') by these."""
    name = reading.names[0]
    rows = landmark_search.bridge_rows(index, name)
    if not rows:
        yield from _by_part(index, reading, name)
        return
    every = np.array(sorted(set(rows)), dtype=np.int64)
    elsewhere = _street_elsewhere(index, name, every) if reading.which else ""
    note = Message("places.bridge-street-elsewhere", name=name, street=elsewhere)
    for own in separated(index, every, APART_M):
        for found in _of(index, reading, name, own):
            yield replace(found.with_notes(note), sure=False) if elsewhere else found


def _street_elsewhere(index: PlaceIndex, name: str, rows: Rows) -> str:
    """The street that bears the name of a bridge and lies far from it: its own bridge may be meant; '' for none.

    A text that names the bridge alone shows the street as a candidate of its own.
    """
    whole = shapely.MultiLineString(list(index.lines[rows]))
    far = (
        group
        for group in street_groups(index, name)
        if float(shapely.distance(index.lines[group.rows], whole).min()) > APART_M
    )
    return next((title(index, group) for group in far), "")


def _of(index: PlaceIndex, reading: Reading, name: str, rows: Rows) -> Iterator[Candidate]:
    whole = shapely.MultiLineString(list(index.lines[rows]))
    evidence = (Message("places.evidence.bridge", name=name),)
    if not reading.end and reading.which in ("", "trên", "khu vực", "gầm", "dưới", "dưới gầm"):
        length = float(shapely.length(whole)) / max(1, _carriageways(whole))
        yield Candidate(Kind.STRETCH, name, whole, 15.0, reading, evidence=evidence, length_m=length)
        return
    ends = _ends(whole)
    if len(ends) == 1:
        yield Candidate(Kind.POINT, name, ends[0], END_M, reading, evidence=evidence)
    elif reading.which == "hai đầu":
        both = shapely.MultiPoint(ends)
        yield Candidate(Kind.POINT, name, both, END_M, reading, evidence=evidence, notes=(Message("places.both-ends"),))
    else:
        yield from _each_end(index, reading, name, ends)


def _each_end(index: PlaceIndex, reading: Reading, name: str, ends: list[shapely.Point]) -> Iterator[Candidate]:
    """Both ends as candidates, or the one at the side that the text names."""
    named = _at_side(index, reading.end, ends) if reading.end else None
    notes = (Message("places.side-unknown", side=reading.end, name=name),) if reading.end and not named else ()
    for end in [named] if named else ends:
        side = Message("places.side." + _compass(end, next(point for point in ends if point is not end)))
        evidence = Message("places.evidence.bridge-end", name=name, side=side)
        yield Candidate(Kind.POINT, name, end, END_M, reading, evidence=(evidence,), notes=notes, sure=not notes)


def _at_side(index: PlaceIndex, side: str, ends: list[shapely.Point]) -> shapely.Point | None:
    """The end at a side of the compass, a ward, a district or a street; None where it is nearer to neither."""
    bare = re.sub(r"^(?:bờ|bên)\s+", "", side, flags=re.I)
    if bare.lower() in _SIDES:
        dx, dy = _SIDES[bare.lower()]
        last, first = sorted(ends, key=lambda end: end.x * dx + end.y * dy)
        way = (first.x - last.x) * dx + (first.y - last.y) * dy
        return first if way > CLEARLY * float(first.distance(last)) else None
    groups = street_groups(index, bare)
    for unit in units_named(bare, index.register):
        # Only what lies near: a district may reach across the river.
        near = shapely.intersection(union_of(index, unit.codes), shapely.buffer(shapely.MultiPoint(ends), SIDE_M))
        if not near.is_empty:
            return _clearly_nearest(ends, [float(shapely.area(_around(end, near))) for end in ends])
    if groups:
        lines = index.lines[np.concatenate([group.rows for group in groups])]
        return _clearly_nearest(ends, [-float(shapely.distance(lines, end).min()) for end in ends])
    return None


def _around(end: shapely.Point, near: BaseGeometry) -> BaseGeometry:
    return shapely.intersection(shapely.buffer(end, SIDE_M), near)


def _clearly_nearest(ends: list[shapely.Point], weights: list[float]) -> shapely.Point | None:
    """The end of the greatest weight, None where another has almost the same."""
    best, second = sorted(weights)[::-1][:2]
    return ends[weights.index(best)] if abs(best - second) > 0.1 * max(abs(best), abs(second)) else None


def _compass(end: shapely.Point, other: shapely.Point) -> str:
    dx, dy = end.x - other.x, end.y - other.y
    if abs(dx) > abs(dy):
        return "east" if dx > 0 else "west"
    return "north" if dy > 0 else "south"


def _ends(whole: shapely.MultiLineString) -> list[shapely.Point]:
    """The two ends of a bridge, each the middle of its carriageways' ends; one point of a short bridge."""
    xy = shapely.get_coordinates(shapely.get_parts(whole))
    middle = xy.mean(axis=0)
    _, _, axes = np.linalg.svd(xy - middle, full_matrices=False)
    along = (xy - middle) @ axes[0]
    if along.max() - along.min() < LONG_M:
        return [shapely.Point(middle)]
    near = [xy[along > along.max() - 30.0], xy[along < along.min() + 30.0]]
    return [shapely.Point(points.mean(axis=0)) for points in near]


def _carriageways(whole: shapely.MultiLineString) -> int:
    """How many lines run side by side: the length of all by the length of the box."""
    xy = shapely.get_coordinates(whole)
    _, _, axes = np.linalg.svd(xy - xy.mean(axis=0), full_matrices=False)
    along = (xy - xy.mean(axis=0)) @ axes[0]
    return max(1, round(float(shapely.length(whole)) / max(float(along.max() - along.min()), 1.0)))


def _by_part(index: PlaceIndex, reading: Reading, name: str) -> Iterator[Candidate]:
    """A bridge that is recorded under a longer name, or as a flyover where two streets meet."""
    words = [word for word in name.split(" - ") if word]
    if len(words) == 2:
        first = words[0].split(" ", 2)[-1] if words[0].lower().startswith("cầu vượt ") else words[0].split(" ", 1)[-1]
        groups = [street_groups(index, text)[:3] for text in (first, words[1])]
        for one in groups[0]:
            for other in groups[1]:
                for point, spread in meetings(index, one, other):
                    evidence = Message("places.evidence.streets-meet", one=one.asked, other=other.asked)
                    reach = FLYOVER_M if reading.which else END_M
                    notes = (Message("places.ends-unknown", name=name),) if reading.which else ()
                    yield Candidate(
                        *(Kind.POINT, name, point, reach + spread, reading),
                        evidence=(evidence,),
                        notes=notes,
                        sure=not reading.which,
                    )
        return
    streets = street_groups(index, name.split(" ", 1)[1])[:3] if " " in name else ()
    bridge = index.network.ways["bridge"]
    for street in streets:
        rows = np.array([row for row in street.rows if bridge[row] not in ("", "no")], dtype=np.int64)
        for own in separated(index, rows, APART_M) if len(rows) else []:
            for found in _of(index, reading, name, own):
                # Never sure: the bridge of that name may be one that the network lacks.
                note = Message("places.bridge-on", name=name, street=street.asked)
                yield replace(found.with_notes(note), sure=False)
