"""What the list of a city is called: a further one of its province with the matter of its programme."""

from __future__ import annotations

from collections.abc import Iterable

from geo.errors import DiabanError
from geo.i18n.language import current
from geo.reference.cities import City, every_list
from geo.reference.programmes import programme_of_city


def list_name(place: City) -> str:
    """The name of a city in the language of this context; of a further list with its matter: *Hà Nội · ngập úng*."""
    name = place.name if current() == "vi" else place.name_en
    return f"{name} · {_matter(place)}" if place.further_of else name


def names_of(keys: Iterable[str]) -> list[str]:
    """The names of lists by their keys (`City.key`)."""
    known = frozenset(keys)
    return [list_name(place) for place in every_list() if place.key in known]


def _matter(place: City) -> str:
    """What the programme of a list is about; where it does not say so, its title."""
    try:
        programme = programme_of_city(place)
    except DiabanError:  # said where the programme is needed
        return place.slug
    words = programme.words.problem
    if words:
        return words.vi if current() == "vi" else words.en
    return programme.title if current() == "vi" else programme.title_en
