"""The programmes of a city in force on a day: the recorded ones, oldest first.

The programme files of the data set are recorded as the first plans; a plan that is published later brings another one,
which holds from its day on. What a period promised is said by the last programme that runs in its year.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from geo.errors import UnknownNameError
from geo.records.model.programme_documents import programme_of_content
from geo.reference.cities import every_list
from geo.reference.names import fold
from geo.reference.programmes import Indicator, Period, Programme, load_programmes, programme_of_city

if TYPE_CHECKING:
    from pandas import DataFrame

    from geo.reference.cities import City


class Records(Protocol):
    """What is read of the records, as the list of a city has them (`of`)."""

    def of(self, city: str) -> Records: ...
    def programme_versions(self, known_at: datetime | None = None) -> DataFrame: ...


def programmes_on(
    day: date, city: City, records: Records | None = None, known_at: datetime | None = None
) -> tuple[Programme, ...]:
    """The programmes of a city that were in force by a day, oldest first; the shipped one where none is recorded.

    Errors as `programme_of_city` and the records.
    """
    recorded = () if records is None else recorded_programmes(day, city, records, known_at)
    return recorded or (programme_of_city(city),)


def recorded_programmes(
    day: date, city: City, records: Records, known_at: datetime | None = None
) -> tuple[Programme, ...]:
    """Those that are recorded. On a day before the first it is the first: nothing older is known."""
    found = records.of(city.slug).programme_versions(known_at)
    own = found[found["city"] == city.slug]
    if own.empty:
        return ()
    return tuple(_defined(own[own["day"].dt.date <= max(day, own["day"].min().date())]))


def programme_for(programmes: Sequence[Programme], period: Period) -> Programme:
    """The programme that says what a period promised: the last one that runs in its year.

    Raises
    ------
    InputError
        None of them does.
    """
    running = [each for each in programmes if each.first_year <= period.year <= each.last_year]
    if not running:
        programmes[-1].deadline(period)  # raises
    return running[-1]


def periods_of(programmes: Sequence[Programme]) -> list[Period]:
    """The periods that plans have reports on, each once, in order."""
    return sorted({period for programme in programmes for period in programme.periods})


def entry_periods_of(programmes: Sequence[Programme]) -> list[Period]:
    """The periods that figures may be entered for, each once, in order."""
    return sorted({period for programme in programmes for period in programme.entry_periods})


def programme_named(name: str, day: date, records: Records | None) -> Programme:
    """The programme of a city (slug) in force on a day, or the one with an id, in force or not.

    Raises
    ------
    UnknownNameError
        There is no such programme.
    """
    city = next((city for city in every_list() if city.slug == name), None)
    if city is not None:
        return programmes_on(day, city, records)[-1]
    known = {programme.id: programme for programme in all_programmes(records)}
    if name not in known:
        raise UnknownNameError("programme", name, list(known))
    return known[name]


def all_programmes(records: Records | None) -> tuple[Programme, ...]:
    """Every programme of all cities, as it was last, by id; the shipped ones where they are not recorded."""
    recorded = {} if records is None else {each.id: each for each in _defined(records.programme_versions())}
    known = {each.id: each for each in load_programmes()} | recorded
    return tuple(known[name] for name in sorted(known))


def _defined(versions: DataFrame) -> list[Programme]:
    """The programmes of versions, each as it was last, oldest first.

    One without a definition is that of its file; where there is none either, nothing of it is counted.
    """
    found: dict[str, Programme] = {}
    shipped = {programme.id: programme for programme in load_programmes()}
    for row in versions[["programme", "content", "day", "document"]].to_dict("records"):
        programme = programme_of_content(row["content"]) or shipped.get(row["programme"])
        if programme is not None:
            found.pop(programme.id, None)
            known = _worded(_with_lists(programme, shipped.values()))
            found[programme.id] = replace(known, issued=row["day"].date(), document=row["document"])
    return list(found.values())


def _with_lists(programme: Programme, shipped: Collection[Programme]) -> Programme:
    """The programme, with places as the answer of the target that has them in the city's file.

    What was recorded before targets could be answered so says nothing of it.
    """
    if any(target.lists for target in programme.targets):
        return programme
    lists = {
        fold(target.label): target.lists
        for each in shipped
        if each.city == programme.city
        for target in each.targets
        if target.lists
    }
    if not lists:
        return programme
    return replace(programme, indicators=tuple(_answered(indicator, lists) for indicator in programme.indicators))


def _answered(indicator: Indicator, lists: Mapping[str, str]) -> Indicator:
    targets = (replace(target, lists=lists.get(fold(target.label), "")) for target in indicator.targets)
    return replace(indicator, targets=tuple(targets))


def _worded(programme: Programme) -> Programme:
    """A recorded programme with the terms and words of its city's file, which hold for every plan of the city."""
    place = next((place for place in every_list() if place.slug == programme.city), None)
    if place is None:
        return programme
    base = programme_of_city(place)
    return replace(programme, terms=base.terms, words=base.words, office=base.office)
