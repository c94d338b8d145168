"""House numbers and lanes: 'số 12 phố Huế', 'từ số nhà 100 đến số 250', 'ngõ 74 đường Trường Chinh'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import shapely

from geo.errors import DiabanError
from geo.i18n.message import Message
from geo.reference.names import fold, plain
from geo.reference.places.candidate import Candidate, Kind
from geo.reference.places.finders import numbering
from geo.reference.places.finders.area_filter import groups_in
from geo.reference.places.finders.streets import stretch, whole_street
from geo.reference.places.grammar.qualifiers import Area
from geo.reference.places.grammar.reading import Form, Reading
from geo.reference.places.place_index import PlaceIndex, Rows, union_of
from geo.reference.places.street_groups import StreetGroup, separated, title
from geo.reference.streets.search import base

LANE_REACH_M = 60.0
"""A lane without a street in its name belongs to the street when it comes this near."""
NAMED_LANE_REACH_M = 600.0
LANE_DEPTH_M = 150.0
"""So far a lane that is not recorded may reach from its mouth, and again each lane that leaves it."""
_LANE_NAME = re.compile(r"^(ngo|ngach|hem|kiet)\s+([\w/+.]+)")


def numbers(index: PlaceIndex, reading: Reading, area: Area) -> Iterator[Candidate]:
    """One house number on every street of the name that has numbers around it; else the street, and what is missing."""
    number = int(re.sub(r"\D.*$", "", reading.number))
    groups, count = groups_in(index, reading.street, area)
    spots = [(group, numbering.spot(index, group, number)) for group in groups]
    for group, spot in spots:
        if spot is not None:
            yield _at(reading, group, number, spot)
    if groups and not any(spot for _, spot in spots):
        for group in groups:
            missing = Message("places.number-unknown", number=reading.number, street=group.asked)
            yield _unsure(whole_street(index, reading, group, count), missing)


def _unsure(candidate: Candidate, note: Message) -> Candidate:
    return replace(candidate.with_notes(note), sure=False)


def _at(reading: Reading, group: StreetGroup, number: int, spot: numbering.NumberSpot) -> Candidate:
    low, high = spot.between
    if low == high != number:
        how = Message("places.evidence.near-number", low=low, street=group.asked)
    elif low == high:
        how = Message("places.evidence.number", number=number, street=group.asked)
    else:
        how = Message("places.evidence.between-numbers", low=low, high=high, street=group.asked)
    notes = (Message("places.in-front", name=reading.number),) if reading.aside else ()
    notes = (*notes, spot.open) if spot.open else notes
    name = f"{reading.number} {group.asked}"
    return Candidate(
        *(Kind.POINT, name, spot.point, spot.accuracy_m, reading), evidence=(how,), notes=notes, sure=spot.open is None
    )


def number_ranges(index: PlaceIndex, reading: Reading, area: Area) -> Iterator[Candidate]:
    """From one house number to another: the stretch between the two places."""
    groups, count = groups_in(index, reading.street, area)
    by_number = Reading(
        Form.STRETCH, reading.text, reading.street, start=f"số nhà {reading.start}", end=f"số nhà {reading.end}"
    )
    found = False
    for group in groups:
        try:
            yield stretch(index, by_number, group, count)
            found = True
        except DiabanError:
            continue
    for group in groups if not found else ():
        missing = Message("places.number-unknown", number=f"{reading.start}–{reading.end}", street=group.asked)
        yield _unsure(whole_street(index, reading, group, count), missing)


def lanes(index: PlaceIndex, reading: Reading, area: Area) -> Iterator[Candidate]:
    """A lane of a street by its recorded ways; where there are none, where its number lies on the street."""
    key = _key(reading)
    rows = _lane_rows(index, key)
    street = _street_of(reading)
    if not street:
        yield from _anywhere(index, reading, rows, area)
        return
    groups, count = groups_in(index, street, area)
    for group in groups:
        own = _of_street(index, group, key, rows)
        if len(own):
            for lane in _as_street(index, reading, group, own):
                house = reading.which.startswith("số ")
                note = Message("places.number-in-lane", number=reading.which)
                yield _unsure(lane, note) if house else lane
            continue
        number = int(re.sub(r"\D.*$", "", key.split(" ", 1)[1]))
        spot = numbering.spot(index, group, number)
        if "/" in key and (outer := _outer(index, group, key)) is not None:
            name = str(index.names[outer[0]])
            note = Message("places.lane-in-lane", lane=reading.number, outer=name)
            of_outer = replace(reading, which="", number=name)
            yield from (_unsure(lane, note) for lane in _as_street(index, of_outer, replace(group, asked=""), outer))
        elif spot is not None:
            yield _by_number(reading, group, key, spot)
        elif count == 1 or area.codes:
            missing = Message("places.number-unknown", number=reading.number, street=group.asked)
            yield _unsure(whole_street(index, reading, group, count), missing)


def _outer(index: PlaceIndex, group: StreetGroup, key: str) -> Rows | None:
    """The lane from which one that is not recorded leaves: of 'ngach 102/12' the recorded 'ngo 102'."""
    kind, number = key.split(" ", 1)
    names = ("kiet",) if kind == "kiet" else ("ngo", "kiet")
    keys = [f"{name} {number.rsplit('/', cut)[0]}" for cut in range(1, number.count("/") + 1) for name in names]
    found = (_of_street(index, group, outer, _lane_rows(index, outer)) for outer in keys)
    return next((rows for rows in found if len(rows)), None)


def _by_number(reading: Reading, group: StreetGroup, key: str, spot: numbering.NumberSpot) -> Candidate:
    """The mouth of a lane that is not recorded, by the house numbers; the lane itself reaches farther than that."""
    number = int(re.sub(r"\D.*$", "", key.split(" ", 1)[1]))
    mouth = _at(reading, group, number, spot)
    if reading.which == "đầu":
        return mouth.with_notes(Message("places.lane-by-number", lane=reading.number))
    deep = replace(mouth, accuracy_m=spot.accuracy_m + LANE_DEPTH_M * (1 + key.count("/")))
    return _unsure(deep, Message("places.lane-by-number", lane=reading.number))


def _street_of(reading: Reading) -> str:
    """The street behind the lanes: of 'ngách 12/4 ngõ 12 phố Chùa Bộc' Phố Chùa Bộc."""
    return re.sub(r"^(?:(?:ngõ|ngách|hẻm|kiệt)\s+[\d/+.a-z]+\s*,?\s*)+", "", reading.street, flags=re.I).strip(" ,")


def _key(reading: Reading) -> str:
    """The lane as it is named: 'ngách 5 ngõ 12' is 'ngách 12/5'."""
    kind, number = reading.number.split(" ", 1)
    outer = re.match(r"^(?:ngõ|kiệt|ngách)\s+([\d/+.a-z]+)", reading.street, re.I)
    if outer and "/" not in number and kind.casefold() in ("ngách", "hẻm", "ngach", "hem"):
        number = f"{outer[1]}/{number}"
    return f"{plain(kind)} {number.lower()}"


def _lane_rows(index: PlaceIndex, key: str) -> Rows:
    return index.lanes.get(key, np.array([], dtype=np.int64))


def _of_street(index: PlaceIndex, group: StreetGroup, key: str, rows: Rows) -> Rows:
    """Ways of a lane that name the street, or name none and come near to it."""
    if not len(rows):
        return rows
    whole = shapely.MultiLineString(list(index.lines[group.rows]))
    bases = {base(name) for name in (*group.names, group.asked)}
    distance = shapely.distance(index.lines[rows], whole)
    named = np.array([any(fold(str(index.names[row])).endswith(other) for other in bases) for row in rows], dtype=bool)
    alone = np.array([bool(re.fullmatch(r"\D+ [\w/+.]+", str(index.names[row]))) for row in rows], dtype=bool)
    reach = LANE_REACH_M if "/" not in key else 4 * LANE_REACH_M
    own: Rows = rows[(named & (distance < NAMED_LANE_REACH_M)) | (alone & (distance < reach))]
    return own


def _as_street(index: PlaceIndex, reading: Reading, group: StreetGroup, rows: Rows) -> Iterator[Candidate]:
    for own in separated(index, rows, 100.0):
        names = tuple(sorted(set(index.names[own])))
        lane = StreetGroup(f"{reading.number} {group.asked}".strip(), names, own)
        found = whole_street(index, reading, lane, 1)
        evidence = Message("places.evidence.lane", lane=names[0], street=group.asked or title(index, group))
        if reading.which == "đầu":
            mouth = shapely.get_point(
                shapely.shortest_line(shapely.MultiLineString(list(index.lines[group.rows])), found.geometry), 0
            )
            yield Candidate(Kind.POINT, lane.asked, mouth, 20.0, reading, evidence=(evidence,))
        else:
            yield found.with_evidence(evidence)


def _anywhere(index: PlaceIndex, reading: Reading, rows: Rows, area: Area) -> Iterator[Candidate]:
    """A lane without its street: every lane of this number, if they are few."""
    parts = separated(index, rows, 100.0) if len(rows) else []
    if area.codes:
        shape = union_of(index, area.codes)
        parts = [own for own in parts if shapely.intersects(index.lines[own], shape).any()]
    for own in parts[:8]:
        names = tuple(sorted(set(index.names[own])))
        yield whole_street(index, reading, StreetGroup(names[0], names, own), len(parts))
