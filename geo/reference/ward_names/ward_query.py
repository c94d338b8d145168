"""Several texts at once: what each of them means, and which names in them no ward and no former unit bears.

A name that is unknown does not take the others with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geo.errors import Problem, UnknownWardError
from geo.reference.ward_names.former_units import split_district

if TYPE_CHECKING:
    from geo.reference.cities import City
    from geo.reference.ward_names.unit_phrases import Phrase
    from geo.reference.ward_names.ward_search import Answer, WardSearch


@dataclass(frozen=True, slots=True)
class Query:
    """A text, what it means, and a problem for each of its names that is unknown."""

    text: str
    answer: Answer
    problems: tuple[Problem, ...] = ()


def queried(search: WardSearch, texts: Iterable[str], city: City | None = None) -> list[Query]:
    """What each text means in a `city`, or in all of them; a place that the text itself names comes before the city."""
    return [_queried(search, text, city) for text in texts]


def _queried(search: WardSearch, text: str, city: City | None) -> Query:
    answer = search.search(text, city.name if city else "")
    alone = len(answer.missing) == 1 and not answer.found
    unknown = (_unknown(search, text.strip() if alone else shown(phrase), phrase, city) for phrase in answer.missing)
    return Query(text, answer, tuple(unknown))


def _unknown(search: WardSearch, name: str, phrase: Phrase, city: City | None) -> Problem:
    """That a name is unknown, with the nearest ones, or with the wards of another city or former district it means."""
    within = _wards_in_district(search, name)
    if within:
        return Problem("reference.district-no-ward", name=name, wards=within)
    if city is not None and phrase.province == city.name:
        others = search.search(shown(replace(phrase, province="")))
        if others.found and not others.missing:
            wards = [f"{one.ward.full_name} ({one.ward.code})" for one in others.found]
            return Problem("reference.ward-elsewhere", name=name, city=city.name, wards=wards)
    return UnknownWardError(name, search.suggestions([phrase])).problems[0]


def _wards_in_district(search: WardSearch, text: str) -> list[str]:
    """The wards of today with land of a former district, where a text names one with its kind; none otherwise."""
    kind, name = split_district(text)
    units = search.former.in_district(name) if kind else ()
    heirs = dict.fromkeys(heir.code for unit in units for heir in unit.heirs)
    return [search.wards[code].full_name for code in sorted(heirs) if code in search.wards]


def shown(phrase: Phrase) -> str:
    """A phrase as it is written in full: 'Phường Minh Khai, Hai Bà Trưng'."""
    name = f"{phrase.unit.capitalize()} {phrase.name}" if phrase.unit else phrase.name
    return f"{name}, {phrase.district}" if phrase.district else name
