"""A text → the places that it may describe: a list of candidates for each part, never one silent guess."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import shapely

from geo.errors import DiabanError, InputError, Problem, UnknownNameError
from geo.i18n.message import Message
from geo.reference.cities import City, cities
from geo.reference.places.by_older_name import with_older_names
from geo.reference.places.candidate import Candidate, Kind, distinct, with_positions
from geo.reference.places.finders.addresses import lanes, number_ranges, numbers
from geo.reference.places.finders.area_filter import IN_AREA_M
from geo.reference.places.finders.banks import banks
from geo.reference.places.finders.bridges import bridges
from geo.reference.places.finders.junctions import junctions
from geo.reference.places.finders.kilometres import kilometres
from geo.reference.places.finders.landmarks import besides, landmarks, wards
from geo.reference.places.finders.streets import in_line, stretches, whole, within
from geo.reference.places.grammar.parts import split_parts
from geo.reference.places.grammar.qualifiers import Area, Qualified, area_of, city_named, qualified
from geo.reference.places.grammar.reading import Form, Reading
from geo.reference.places.grammar.readings import readings
from geo.reference.places.landmark_names import STRONG, kind_by_words
from geo.reference.places.place_index import PlaceIndex, has_places, load_places, union_of
from geo.reference.places.suggestions import nearest_names

Finder = Callable[[PlaceIndex, Reading, Area], Iterator[Candidate]]
FINDERS: Mapping[Form, Finder] = {
    Form.STREET: whole,
    Form.STRETCH: stretches,
    Form.IN_LINE: in_line,
    Form.WITHIN: within,
    Form.JUNCTION: junctions,
    Form.BRIDGE: bridges,
    Form.LANDMARK: landmarks,
    Form.BESIDE: besides,
    Form.NUMBER: numbers,
    Form.NUMBERS: number_ranges,
    Form.LANE: lanes,
    Form.KILOMETRE: kilometres,
    Form.BANK: banks,
}
"""What finds the places of each form. A new form is a finder and its entry."""

_TOGETHER = {Form.IN_LINE: {Form.STRETCH, Form.STREET}, Form.STRETCH: {Form.STREET}, Form.BRIDGE: {Form.STREET}}
"""Forms that are looked for, too, when the first one has found something: both readings are shown."""
MOST = 12
_STRETCH = re.compile(r"\b(?:từ|đoạn|đến|tới|ngã|nút|số|km\d*)\b|[()]", re.I)


@dataclass(frozen=True, slots=True)
class Part:
    """One description of a text: its `text`, the `area` it names, the `candidates`, best first; `understood` and
    `nearest` names where there is none."""

    text: str
    area: Area
    candidates: tuple[Candidate, ...]
    understood: tuple[Message, ...] = ()
    nearest: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether one candidate is left, and nothing about it is open."""
        return len(self.candidates) == 1 and self.candidates[0].sure


@dataclass(frozen=True, slots=True)
class Answer:
    """The parts of a text, in order, and the city in which they were looked for."""

    text: str
    city: City
    parts: tuple[Part, ...]

    @property
    def sure(self) -> bool:
        """Whether every part has one sure candidate."""
        return bool(self.parts) and all(part.sure for part in self.parts)

    @property
    def found(self) -> bool:
        """Whether any part has a candidate."""
        return any(part.candidates for part in self.parts)


def find_places(text: str, index: PlaceIndex, ward: str = "") -> Answer:
    """The places that a text describes, in the city of the index.

    Parameters
    ----------
    ward
        The name or code of a ward or a district in which they lie, beside what the text itself names.

    Raises
    ------
    UnknownWardError
        `ward` is none that is known.
    """
    given = _area(ward, index)
    parts = tuple(part for piece in split_parts(text) for part in _parts(piece, index, given))
    return Answer(text, index.city, parts)


def find_in_cities(
    text: str, first: City, ward: str = "", prepared: Callable[[PlaceIndex], PlaceIndex] = lambda index: index
) -> tuple[Answer, PlaceIndex]:
    """As `find_places`, in the city that the text names, else in the given one, else in any other of the data set.

    Returns the answer and the index in which it was found; `prepared` may change an index before it is used.
    """
    said = named_city(text)
    order = list(dict.fromkeys([*([said] if said else []), first, *cities()]))
    tried: list[tuple[Answer, PlaceIndex]] = []
    for city in order:
        try:
            index = prepared(load_places(city))
            answer = find_places(text, index, ward)
        except (InputError, UnknownNameError):  # no streets of this city, or no ward of that name in it
            if city == order[-1] and not tried:
                raise
            continue
        if answer.found:
            return (answer if city == order[0] else _elsewhere(answer, order[0])), index
        tried.append((answer, index))
    answer, index = tried[0]
    return (answer if answer.city == order[0] or has_places(order[0]) else _without_streets(answer, order[0])), index


def named_city(text: str) -> City | None:
    """The city that a text names behind a comma or in brackets; None for none."""
    pieces = re.split(r"[,()]| - ", text)[1:]
    inside = re.findall(r"(?:thành phố|TP\.?|tỉnh)\s+([^\s,()]+(?:\s+[^\s,()]+)?)", text, flags=re.I)
    return next((found for piece in [*reversed(pieces), *inside] if (found := city_named(piece))), None)


def _elsewhere(answer: Answer, asked: City) -> Answer:
    """An answer from another city than the one that was asked for: said, and never sure."""
    note = Message("places.other-city", asked=asked.name, city=answer.city.name)
    parts = (
        replace(part, candidates=tuple(replace(one.with_notes(note), sure=False) for one in part.candidates))
        for part in answer.parts
    )
    return replace(answer, parts=tuple(parts))


def _without_streets(answer: Answer, asked: City) -> Answer:
    """An answer of a city that has no streets: that is said, and no names of another city are near to one of it."""
    why = Message("places.no-files", city=asked.name)
    parts = (replace(part, understood=(why, *part.understood), nearest=()) for part in answer.parts)
    return Answer(answer.text, asked, tuple(parts))


def _area(ward: str, index: PlaceIndex) -> Area:
    if not ward:
        return Area()
    area = area_of([ward], index.register)
    if not area.codes:
        index.register.find(ward)  # raises with the nearest names
    return area


def _parts(text: str, index: PlaceIndex, given: Area) -> list[Part]:
    """The part of a text; where it means nothing as a whole, and each name between its commas does, a part for each."""
    whole = _part(text, index, given)
    pieces = [piece.strip() for piece in re.split(r",|\bvà\b", text)]
    if whole.candidates or not 2 <= len(pieces) <= MOST or _STRETCH.search(text) or not all(pieces):
        return [whole]
    each = [_part(piece, index, given) for piece in pieces]
    return each if all(part.candidates for part in each) else [whole]


def _part(text: str, index: PlaceIndex, given: Area) -> Part:
    said = qualified(text, index.register)
    area = given if given.codes else said.area
    if said.city is not None and said.city != index.city:
        understood = (Message("places.understood.city", kind=said.city.kind, city=said.city.name),)
        return Part(text, area, (), understood)
    found, tried, problems = _read(said, index, area)
    bare = re.sub(r"\s*\([^()]*\)?", "", said.rest).strip(" ,")
    if not found and bare and bare != said.rest:
        note = Message("places.bracket-left-out", text=said.rest)
        again, _, _ = _read(replace(said, rest=bare), index, area)
        found = [replace(one.with_notes(note), sure=False) for one in again]
    if said.rest != text.strip() and not any(one.kind is not Kind.AREA for one in found):
        # 'Quan Hoa', 'Duong Phuong Dung': what looks like the kind of a unit is a part of a street's name.
        named = [one for one in _read(Qualified(text), index, given)[0] if one.kind is Kind.STREET]
        found, area = (named, given) if named else (found, area)
    settled = _settled(found, area, index)
    pair = _second_street(said, tried[0], index)
    if pair:
        settled = distinct([*settled, *pair] if any(one.sure for one in settled) else [*pair, *settled])
    if settled:
        return Part(text, area, tuple(with_positions(settled[:MOST], index)))
    return Part(text, area, (), _understood(tried, area), tuple(nearest_names(index, said.rest)), problems)


def _second_street(said: Qualified, first: Reading, index: PlaceIndex) -> list[Candidate]:
    """'ngã tư Nguyễn Trãi, Láng': the name behind the comma is that of a ward, and of a street that meets the first."""
    if first.form is not Form.JUNCTION or len(first.names) != 1 or not said.area.bare:
        return []
    both, _, _ = _read(Qualified(f"{said.rest} - {said.area.text}"), index, Area())
    return [candidate for candidate in both if len(candidate.reading.names) > 1]


def _read(
    said: Qualified, index: PlaceIndex, area: Area
) -> tuple[list[Candidate], tuple[Reading, ...], tuple[Problem, ...]]:
    """The candidates of the first reading that has any, and of those that are shown with it."""
    every = readings(said.rest)
    found: list[Candidate] = []
    problems: list[Problem] = []
    shown: set[Form] = set()
    for reading in every:
        if shown and reading.form not in shown:
            continue
        try:
            own = list(FINDERS[reading.form](index, reading, area))
        except DiabanError as error:
            problems += error.problems
            continue
        if shown and Form.BRIDGE in shown:
            own = [one for one in own if not one.name.lower().startswith("cầu ")]  # the bridge itself
        if own and not shown:
            shown = _together(reading)
        found += own
    if not found:
        found = list(wards(index, Reading(Form.LANDMARK, said.rest)))
    found = with_older_names(index, every, found)
    return distinct(found), every, tuple(problems)


def _together(first: Reading) -> set[Form]:
    """The forms that are shown with the first one that found something."""
    forms = _TOGETHER.get(first.form, set()) | {first.form}
    if first.form is Form.LANDMARK and not first.aside and kind_by_words(first.names[0]) not in STRONG:
        forms = forms | {Form.STREET}  # 'Cửa Nam', 'Đình Ngang': a gate, a temple, and streets
    if first.form is Form.BANK:  # 'Đường Bờ tây sông Nhuệ' is a street, too
        forms = forms | {Form.STREET, Form.STRETCH}
    if first.form is Form.STREET and kind_by_words(first.street) in STRONG:
        forms = forms | {Form.LANDMARK}
    return forms


def _settled(found: list[Candidate], area: Area, index: PlaceIndex) -> list[Candidate]:
    """Those that lie in the area, if any; else all, with the note that none does."""
    if not found or not area.text:
        return found
    if not area.codes:
        note = Message("places.area-unknown", area=area.text)
        return [replace(candidate.with_notes(note), sure=False) for candidate in found]
    shape = union_of(index, area.codes)
    inside = [candidate for candidate in found if _lies_in(candidate, shape)]
    if inside:
        evidence = Message("places.evidence.area", area=area.text)
        return [candidate.with_evidence(evidence) for candidate in inside]
    note = Message("places.not-in-area", area=area.text)
    return [replace(candidate.with_notes(note), sure=False) for candidate in found]


def _lies_in(candidate: Candidate, shape: shapely.Geometry) -> bool:
    if candidate.length_m:
        inside = float(shapely.length(shapely.intersection(candidate.geometry, shape)))
        return inside >= min(IN_AREA_M, 0.5 * candidate.length_m)
    return bool(shapely.dwithin(candidate.geometry, shape, min(candidate.accuracy_m, 150.0)))


def _understood(tried: tuple[Reading, ...], area: Area) -> tuple[Message, ...]:
    """What a text was taken for, when nothing of it was found."""
    first = tried[0]
    said = [Message("places.understood.form", form=Message("places.form." + first.form.value))]
    names = {"street": first.street, "start": first.start, "end": first.end}
    said += [Message("places.understood." + key, text=value) for key, value in names.items() if value]
    said += [Message("places.understood.name", text=name) for name in first.names]
    if area.text:
        said.append(Message("places.understood.area", area=area.text))
    return tuple(said)
