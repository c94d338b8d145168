"""The folders of added cities: what lies in each, and what is missing or broken."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from geo import settings
from geo.errors import DiabanError, InputError, Problem, UnknownNameError
from geo.reference.cities import City, city, every_list, folder_of, further_lists, in_list


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a city (`wards`, `streets`, `places`, `base`, `programme`): how many `rows` of what it holds it has.

    `rows` is None where the city has no such part; `problems` say what is wrong with it.
    """

    name: str
    rows: int | None
    problems: tuple[Problem, ...] = ()


def folder_for(slug: str) -> Path:
    """The folder of a city that is to be added."""
    return settings.cities_dir() / slug


def remove_city(slug: str) -> Path:
    """Remove the folder of an added city; where it was. What is recorded of the city stays in the records.

    Raises
    ------
    UnknownNameError
        There is no such city.
    InputError
        It is one of the data set, which can't be removed.
    """
    place = next((entry for entry in every_list() if entry.slug == slug), None)
    if place is None:
        raise UnknownNameError("city", slug, [entry.slug for entry in every_list() if folder_of(entry) in _added()])
    further = [entry.slug for entry in further_lists() if entry.further_of == slug]
    if further:
        raise InputError(Problem("reference.city-has-lists", slug, name=place.name, lists=further))
    folder = folder_of(place)
    if folder is None or folder == settings.data_dir():
        raise InputError(Problem("reference.city-of-data-set", slug, name=place.name))
    shutil.rmtree(folder)
    return folder


def _added() -> tuple[Path, ...]:
    return settings.data_dirs()[1:]


def parts_of(slug: str) -> Iterator[Part]:
    """The parts of a city, each checked by reading it as commands do; errors as `geo.reference.cities.city`."""
    place = city(slug)
    with in_list(place.list_key):
        for name, count in _COUNTS.items():
            try:
                yield Part(name, count(place))
            except DiabanError as error:
                yield Part(name, None, tuple(error.problems))


def _wards(place: City) -> int:
    from geo.reference.wards import load_wards

    wards = load_wards(city=place)
    if not shapely.coverage_is_valid(np.asarray(wards.geometry, dtype=object)):
        raise InputError(Problem("reference.coverage-invalid", place.name))
    return len(wards)


def _former(place: City) -> int:
    from geo.reference.ward_names.former_units import load_former_units

    return sum(unit.province_code == place.province_code for unit in load_former_units())


def _streets(place: City) -> int | None:
    from geo.reference.places.place_index import load_places

    if not settings.data_file("places", f"{place.layers_slug}_streets.parquet").is_file():
        return None
    return len(load_places(place).lines)


def _places(place: City) -> int | None:
    from geo.reference.places.place_index import load_places

    if not settings.data_file("places", f"{place.layers_slug}_places.parquet").is_file():
        return None
    return len(load_places(place).things)


def _base(place: City) -> int | None:
    from geo.reference.base import base_of, rows_within

    base = base_of(place)
    if base is None:
        return None
    return sum(len(rows) for rows in rows_within(base, base.bounds, base.least_zoom).values())


def _programme(place: City) -> int:
    from geo.reference.programmes import programme_of_city

    return len(programme_of_city(place).indicators)


_COUNTS: dict[str, Callable[[City], int | None]] = {
    "wards": _wards,
    "former-units": _former,
    "streets": _streets,
    "places": _places,
    "base": _base,
    "programme": _programme,
}
