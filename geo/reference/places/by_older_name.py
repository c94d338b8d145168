"""What a name meant in an older year of the street data: beside what bears it today, or where nothing does.

'Đường Phúc La - Văn Phú' of 2021 is Phố Văn Khê in 2025 but for 14 m; 'Đường Nguyễn Du' of Thường Tín has another name,
and Phố Nguyễn Du in the centre must not answer for it alone. Such a place is never sure; what it is called now is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.i18n.message import Message
from geo.reference.names import fold, has_diacritics, plain, unmarked
from geo.reference.places.candidate import Candidate, Kind
from geo.reference.places.finders.streets import road_length
from geo.reference.places.grammar.qualifiers import units_named
from geo.reference.places.grammar.reading import Form, Reading
from geo.reference.places.place_index import PlaceIndex, Rows, Shapes, dated, union_of
from geo.reference.places.shapes import merged, multi
from geo.reference.places.street_groups import APART_M, LANES_APART_M, apart
from geo.reference.streets.search import base

COVERED_M = 60.0
"""What lies so near to a place that was found is the same."""
LEAST_M = 60.0
"""Less than this of an older name is passed over."""
ACCURACY_M = 15.0
_BY_NAME = (Form.STREET, Form.WITHIN, Form.LANE, Form.BRIDGE, Form.IN_LINE)
_ON_STREET = (Form.NUMBER, Form.NUMBERS, Form.BESIDE)


def with_older_names(index: PlaceIndex, every: tuple[Reading, ...], found: list[Candidate]) -> list[Candidate]:
    """Candidates with the places that bore the name in an older year.

    A place of the older name over 1.5 km from all of `found`, or with more metres than what bears the name today, is a
    candidate of its own, the first where less than 60 m bear it today; a shorter one is named in a note. A house
    number or a place beside a street is not sure where the street's name was another street's.
    """
    forms = {one.reading.form for one in found}
    reading = next((one for one in every if one.street and one.form in (Form.STREET, Form.WITHIN)), None)
    if found and forms <= set(_ON_STREET):
        return [_doubted(index, one) for one in found]
    if reading is None or (found and not forms & set(_BY_NAME)):
        return found
    for own in _places(index, reading, found):
        found = _with(found, own)
    return found


def _with(found: list[Candidate], own: Candidate) -> list[Candidate]:
    """The candidates and one more, or the nearest of them with a note on it."""
    today = [one for one in found if one.length_m and one.reading.form in _BY_NAME]
    away = [float(shapely.distance(one.geometry, own.geometry)) for one in today]
    if not today or min(away) > APART_M or own.length_m >= max(one.length_m for one in today):
        remnant = max((one.length_m for one in found), default=LEAST_M) < LEAST_M
        return [own, *found] if remnant else [*found, own]
    nearest = today[int(np.argmin(away))]
    note = Message("places.older-name-beyond", **_words(own), metres=own.length_m)
    return [one.with_notes(note) if one is nearest else one for one in found]


def _places(index: PlaceIndex, reading: Reading, found: list[Candidate]) -> Iterator[Candidate]:
    """The places of an older name that what was found does not cover."""
    loose = not found or any(note.code == "reference.taken-for" for one in found for note in _messages(one))
    rows = _rows(index, reading.street, loose=loose)
    if not len(rows):
        return
    covered = shapely.union_all([shapely.buffer(one.geometry, max(COVERED_M, one.accuracy_m)) for one in found])
    clip = _area(index, reading)
    lane = index.is_lane(base(reading.street))
    for group in apart(index.older.lines[rows], LANES_APART_M if lane else APART_M):
        lines = shapely.difference(index.older.lines[rows[group]], covered)
        lines = shapely.intersection(lines, clip) if clip is not None else lines
        if float(shapely.length(lines).sum()) >= LEAST_M:
            yield _candidate(index, reading, rows[group], lines)


def _area(index: PlaceIndex, reading: Reading) -> BaseGeometry | None:
    """The area of a reading that asks for the part of a street in it."""
    if reading.form is not Form.WITHIN:
        return None
    codes = [code for unit in units_named(reading.names[0], index.register) for code in unit.codes]
    return union_of(index, codes)


def _candidate(index: PlaceIndex, reading: Reading, rows: Rows, lines: Shapes) -> Candidate:
    names, now = index.older.name[rows], index.older.now[rows]
    metres = shapely.length(lines)
    name, newer = (_longest(texts.tolist(), metres.tolist()) for texts in (names, now))
    parts = [part for part in merged(lines) if part.geom_type == "LineString"]
    note = Message(
        "places.older-name",
        name=name,
        now=newer or Message("places.no-name"),
        year=index.older.year[rows[0]],
        year_now=index.older.year_now[rows[0]],
    )
    geometry = multi(parts) if len(parts) > 1 else parts[0]
    kind = Kind.STRETCH if reading.form is Form.WITHIN else Kind.STREET
    ways = Message("reference.found.ways", streets=sorted(set(names))[:4], count=len(rows))
    length = min(float(geometry.length), road_length(lines[~shapely.is_empty(lines)]))
    return Candidate(kind, name, geometry, ACCURACY_M, reading, (ways,), notes=(note,), length_m=length, sure=False)


def _longest(texts: list[str], metres: list[float]) -> str:
    """The text of most metres."""
    total: dict[str, float] = {}
    for text, length in zip(texts, metres, strict=True):
        total[text] = total.get(text, 0.0) + length
    return max(sorted(total), key=lambda text: total[text])


def _rows(index: PlaceIndex, name: str, *, loose: bool) -> Rows:
    """Rows of an older name, with the type that is asked for (`loose`: with any)."""
    key, older = dated(base(name)), index.older
    rows = older.by_key.get(key, [])
    if not has_diacritics(name):
        rows = sorted({*rows, *older.by_plain.get(unmarked(key), [])})
    chosen = [row for row in rows if loose or _same(name, str(older.name[row]))]
    return np.array(chosen, dtype=np.int64)


def _same(asked: str, name: str) -> bool:
    return base(asked) == fold(asked) or fold(asked) == fold(name) or plain(asked) == plain(name)


def _doubted(index: PlaceIndex, one: Candidate) -> Candidate:
    """A place on a street, not sure where another street bore its name and none of today bears it just so."""
    rows = _rows(index, one.reading.street, loose=False)
    if not len(rows) or float(shapely.distance(multi(index.older.lines[rows]), one.geometry)) <= COVERED_M:
        return one
    if float(shapely.length(index.older.lines[rows]).sum()) < LEAST_M:
        return one
    own = _candidate(index, one.reading, rows, index.older.lines[rows])
    return replace(one.with_notes(Message("places.older-name-elsewhere", **_words(own))), sure=False)


def _words(own: Candidate) -> dict[str, Any]:
    """The parameters of what is said of an older name."""
    [note] = _messages(own)
    return dict(note.parameters)


def _messages(one: Candidate) -> list[Message]:
    return [note for note in one.notes if isinstance(note, Message)]
