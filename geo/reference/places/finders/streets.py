"""Whole streets, stretches between two limits, and streets in line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import DiabanError
from geo.i18n.message import Message
from geo.reference.crs import to_metric
from geo.reference.places.candidate import Candidate, Kind, Text, ward_names
from geo.reference.places.finders.area_filter import IN_AREA_M, groups_in
from geo.reference.places.finders.limits import ACROSS_M, with_limits
from geo.reference.places.grammar.qualifiers import Area, Unit, units_named
from geo.reference.places.grammar.reading import Reading
from geo.reference.places.place_index import PlaceIndex, Rows, Shapes, union_of
from geo.reference.places.shapes import longest, merged, multi
from geo.reference.places.street_groups import StreetGroup, separated, title
from geo.reference.streets.description import Description, parse_limit
from geo.reference.streets.gazetteer import Gazetteer
from geo.reference.streets.graph import GAP_M
from geo.reference.streets.limits import MEETING_REACH_M
from geo.reference.streets.placement import OSM_ACCURACY_M, Placement, place_on

LONG_M = 12_000.0
"""Of a longer road the ways themselves are given, not one line between its carriageways."""
LONG_ACCURACY_M = 30.0
_MAIN = ("motorway", "trunk", "primary", "secondary", "tertiary")
BESIDE_MAIN_M = 130.0
WIDE_M, SPREAD_M = 60.0, 25.0
"""Half the width that carriageways are given when their common length is measured; what they lie apart, at a mean."""
COVERED = 0.8
"""A line along less than this share of its street says so."""
MOSTLY = 0.5
"""A line along less than this share of its street is not sure."""
BESIDE_M = 45.0
BRANCH_M = 40.0
"""What reaches so far beyond the line of a street is said."""
BACK_M, BACK_WITHIN_M = 150.0, 30.0
"""A line that after so many metres lies so near to where it was has run back beside itself."""
STRAY = 1 / 3
"""A stretch of which more than this share runs over other streets is left to the reader."""
MISSED_M = 10.0
"""A line that ends so far from a limit says so."""
SHORT_M = 40.0
"""Parts of a street shorter than this, apart from the rest, are left out."""


def whole(index: PlaceIndex, reading: Reading, area: Area) -> Iterator[Candidate]:
    """Whole streets of a name."""
    groups, count = groups_in(index, reading.street, area)
    for group in groups:
        yield whole_street(index, reading, group, count)


def whole_street(index: PlaceIndex, reading: Reading, group: StreetGroup, count: int) -> Candidate:
    """One whole street as a line, or as several where it has gaps."""
    rows = group.rows
    parts = _lines(index, reading, group)
    line = multi(parts) if len(parts) > 1 else parts[0]
    length = _length(index, rows) if len(parts) > 1 and float(line.length) > LONG_M else float(line.length)
    total = float(shapely.length(index.lines[rows]).sum())
    beside = shapely.intersection(index.lines[rows], shapely.buffer(line, BESIDE_M))
    share = float(shapely.length(beside).sum()) / total
    notes: list[Text] = list(group.notes)
    if share < COVERED:
        notes.append(Message("places.covers-part", share=share, street=group.asked))
    elif len(parts) == 1 and (branch := _branch_m(index, rows, line)) > BRANCH_M:
        notes.append(Message("places.branch-left-out", metres=branch, street=group.asked))
    evidence = _alone(index, group, line, count)
    accuracy = LONG_ACCURACY_M if length > LONG_M else OSM_ACCURACY_M + _beside_m(index, rows, line)
    found = (Message("reference.found.ways", streets=group.names[:4] or (group.asked,), count=len(rows)),)
    return Candidate(
        *(Kind.STREET, title(index, group), line, accuracy, reading, found, (), (evidence,), tuple(notes), length),
        sure=share >= MOSTLY
        and not (group.numbered and any(note.code == "reference.taken-for" for note in group.notes)),
    )


def _alone(index: PlaceIndex, group: StreetGroup, line: BaseGeometry, count: int) -> Message:
    if count == 1:
        return Message("places.evidence.only-one", name=group.asked)
    return Message("places.evidence.one-of", name=group.asked, count=count, wards=ward_names(index, line))


def _beside_m(index: PlaceIndex, rows: Rows, line: BaseGeometry) -> float:
    """How far a line leaves the ways of its street, metres."""
    points = shapely.points(shapely.get_coordinates(shapely.segmentize(line, 20.0)))
    return min(float(shapely.distance(points, multi(index.lines[rows])).max()), 60.0)


def _branch_m(index: PlaceIndex, rows: Rows, line: BaseGeometry) -> float:
    """How far the ways of a street reach beyond its line: a branch, the rest of one carriageway."""
    points = shapely.points(shapely.get_coordinates(index.lines[rows]))
    return float(shapely.distance(points, line).max())


def _lines(index: PlaceIndex, reading: Reading, group: StreetGroup) -> list[BaseGeometry]:
    total = float(shapely.length(index.lines[group.rows]).sum())
    if total > LONG_M:
        return merged(index.lines[group.rows])
    parts = separated(index, group.rows, GAP_M)
    long = [rows for rows in parts if shapely.length(index.lines[rows]).sum() >= SHORT_M] or parts
    return [_one_line(index, reading, group, rows) for rows in long]


def _one_line(index: PlaceIndex, reading: Reading, group: StreetGroup, rows: Rows) -> BaseGeometry:
    try:
        placed = _placed(index, group, rows, Description(reading.text, group.asked, None, None), index.gazetteer)
    except DiabanError:
        return longest(merged(index.lines[rows]))
    line = _metric(index, placed)
    if float(line.length) >= MOSTLY * float(shapely.length(index.lines[rows]).max()):
        return line
    return longest(merged(index.lines[rows]))  # around a block, the ends that lie farthest apart are one vertex


def _metric(index: PlaceIndex, placed: Placement) -> BaseGeometry:
    line: BaseGeometry = to_metric(np.array([placed.geometry], dtype=object), index.city.province_code)[0]
    return line


def _placed(index: PlaceIndex, group: StreetGroup, rows: Rows, asked: Description, gazetteer: Gazetteer) -> Placement:
    network, own = index.around(rows)
    return place_on(asked, network, group.match(own), gazetteer, index.carriageway)


def _length(index: PlaceIndex, rows: Rows) -> float:
    """Metres of a road that has one carriageway here and two there; roads beside it do not count (`BESIDE_MAIN_M`)."""
    return road_length(shapely.simplify(_main(index, rows), 10.0))


def road_length(lines: Shapes) -> float:
    """From the area, when every way is made so wide that carriageways run together, and the metres of all ways.

    The strip is `2 WIDE_M` wide along one carriageway and `SPREAD_M` more along two, the share of which follows from
    the metres of all ways: area = (2 WIDE_M + SPREAD_M (ways / length - 1)) length.
    """
    area = float(shapely.union_all(shapely.buffer(lines, WIDE_M, cap_style="flat", quad_segs=2)).area)
    ways = float(shapely.length(lines).sum())
    mixed = (area - SPREAD_M * ways) / (2 * WIDE_M - SPREAD_M)
    return max(area / (2 * WIDE_M + SPREAD_M), min(mixed, area / (2 * WIDE_M)))


def _main(index: PlaceIndex, rows: Rows) -> Shapes:
    """The ways of a road without those that run beside its main ones."""
    highway = index.network.ways["highway"][rows]
    chosen: list[BaseGeometry] = []
    for name in (*_MAIN, ""):
        own = index.lines[rows[highway == name if name else ~np.isin(highway, _MAIN)]]
        if chosen and len(own):
            middles = shapely.line_interpolate_point(own, 0.5, normalized=True)
            own = own[~shapely.dwithin(middles, multi(chosen), BESIDE_MAIN_M)]
        chosen += list(own)
    return np.array(chosen, dtype=object)


def stretches(index: PlaceIndex, reading: Reading, area: Area) -> Iterator[Candidate]:
    """Stretches between two limits, on every street of the name on which both lie."""
    groups, count = groups_in(index, reading.street, area)
    problems: list[DiabanError] = []
    for group in groups:
        try:
            yield stretch(index, reading, group, count)
        except DiabanError as error:
            problems.append(error)
    if groups and len(problems) == len(groups):
        raise problems[0]


def stretch(index: PlaceIndex, reading: Reading, group: StreetGroup, count: int) -> Candidate:
    """The stretch on one street.

    Raises
    ------
    UnknownLimitError, InputError
        A limit does not lie on it, or no way leads from one to the other.
    """
    limits = [text for text in (reading.start, reading.end) if text]
    gazetteer, notes = with_limits(index, group, limits)
    start, end = (parse_limit(text) if text else None for text in (reading.start, reading.end))
    placed = _placed(index, group, group.rows, Description(reading.text, group.asked, start, end), gazetteer)
    evidence: list[Text] = [Message("places.evidence.limits", limits=limits, street=group.asked)]
    if count > 1:
        evidence.append(Message("places.evidence.chosen-by-limits", name=group.asked, count=count))
    accuracy = max(placed.accuracy_m, OSM_ACCURACY_M + placed.missed_m)
    short = placed.length_m < accuracy
    shorter = [Message("places.shorter-than-accuracy")] if short else []
    back = [Message("places.doubles-back")] if _doubles_back(_metric(index, placed)) else []
    missed = [Message("places.limit-missed", metres=placed.missed_m)] if placed.missed_m > MISSED_M else []
    more: list[Text] = [
        *notes,
        *shorter,
        *back,
        *missed,
        *(Message("places.or", other=other) for other in placed.alternatives),
    ]
    return Candidate(
        Kind.STRETCH,
        title(index, group),
        _metric(index, placed),
        accuracy,
        reading,
        placed.found,
        placed.chosen,
        tuple(evidence),
        tuple(dict.fromkeys([*placed.notes, *more])),
        placed.length_m,
        sure=not short
        and not _is_open(placed)
        and not back
        and not _strays(index, group, placed)
        and all(note.code != "places.limit-like" for note in notes),
    )


def _is_open(placed: Placement) -> bool:
    """Whether a limit is left to the reader: far beside the street, meeting it elsewhere, too, or not reached."""
    missed = placed.missed_m > max(placed.accuracy_m, SHORT_M)
    return placed.beside_m > ACROSS_M or placed.apart_m > placed.accuracy_m or missed


def _strays(index: PlaceIndex, group: StreetGroup, placed: Placement) -> bool:
    """Whether more than a third of a stretch runs over other streets than the one that was named."""
    line = _metric(index, placed)
    beyond = shapely.difference(line, shapely.buffer(multi(index.lines[group.rows]), BESIDE_M))
    return float(beyond.length) > STRAY * float(line.length)


def _doubles_back(line: BaseGeometry) -> bool:
    """Whether a stretch comes back beside itself: it went beyond a limit, or up and down a carriageway."""
    length = float(line.length)
    if not isinstance(line, shapely.LineString) or length < BACK_M:
        return False
    along = np.linspace(0.0, length, min(800, int(length / 20.0) + 2))
    xy = shapely.get_coordinates(shapely.line_interpolate_point(line, along))
    apart = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    return bool((apart[np.abs(along[:, None] - along[None]) >= BACK_M] <= BACK_WITHIN_M).any())


def within(index: PlaceIndex, reading: Reading, _area: Area) -> Iterator[Candidate]:
    """The part of a street that lies in a ward or district: 'đoạn qua phường X'."""
    for unit in units_named(reading.names[0], index.register):
        groups, count = groups_in(index, reading.street, Area(unit.title, unit.codes))
        streets = (whole_street(index, reading, group, count) for group in groups)
        yield from (found for street in streets if (found := _inside(index, street, unit)))


def _inside(index: PlaceIndex, street: Candidate, unit: Unit) -> Candidate | None:
    """The part of a street in a unit; not sure where it passes wards that only lie in part in it."""
    part = shapely.intersection(street.geometry, union_of(index, unit.codes))
    if part.length < IN_AREA_M:
        return None
    open_part = shapely.intersection(street.geometry, union_of(index, unit.part)) if unit.part else None
    loose = open_part is not None and float(open_part.length) >= IN_AREA_M
    notes = (Message("places.former-border", unit=unit.title),) if loose else ()
    return replace(
        street,
        kind=Kind.STRETCH,
        geometry=part,
        chosen=(Message("places.part-in", area=unit.title),),
        notes=(*street.notes, *notes),
        length_m=_part_length(street, part),
        sure=street.sure and not loose,
    )


def _part_length(street: Candidate, part: BaseGeometry) -> float:
    """Metres of a part: by its own carriageways where the whole is given as ways."""
    if street.geometry.length <= LONG_M or street.length_m == street.geometry.length:
        return street.length_m * float(part.length) / float(street.geometry.length)
    return road_length(shapely.simplify(shapely.get_parts(part), 10.0))


def in_line(index: PlaceIndex, reading: Reading, area: Area) -> Iterator[Candidate]:
    """Two or more streets one after the other, as one line of parts, where each meets the next."""
    choices = [groups_in(index, name, area)[0] for name in reading.names]
    if not all(choices) or any(group.numbered for groups in choices for group in groups[:1]):
        return
    for chain in _chains(index, choices):
        streets = [whole_street(index, reading, group, 1) for group in chain]
        geometry = shapely.MultiLineString([part for one in streets for part in shapely.get_parts(one.geometry)])
        yield Candidate(
            Kind.STREET,
            " – ".join(street.name for street in streets),
            geometry,
            max(street.accuracy_m for street in streets),
            reading,
            tuple(text for street in streets for text in street.found),
            (Message("places.in-line", streets=list(reading.names)),),
            (Message("places.evidence.meet", streets=list(reading.names)),),
            tuple(dict.fromkeys(text for street in streets for text in street.notes)),
            sum(street.length_m for street in streets),
        )


def _chains(index: PlaceIndex, choices: list[tuple[StreetGroup, ...]]) -> Iterator[list[StreetGroup]]:
    """Each way to take one street of every name so that each meets one of those before it or behind it."""
    for chain in product(*(groups[:4] for groups in choices)):
        together, rest = [chain[0]], list(chain[1:])
        while rest:
            next_one = next((group for group in rest if any(_meet(index, group, other) for other in together)), None)
            if next_one is None:
                break
            together.append(next_one)
            rest.remove(next_one)
        if not rest:
            yield list(chain)


def _meet(index: PlaceIndex, one: StreetGroup, other: StreetGroup) -> bool:
    a, b = (shapely.MultiLineString(list(index.lines[group.rows])) for group in (one, other))
    return bool(shapely.dwithin(a, b, MEETING_REACH_M))
