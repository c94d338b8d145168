"""The cities of the data set, as `data/cities.toml` lists them, and the further lists of their provinces.

A city has one list of places, with its programme. A further list of a province has a programme, places and records of
its own; wards, streets, names and the base map are those of the city. Whatever goes over `cities()` goes over those of
the list in view: the cities themselves, or the one further list of a command or a request (`in_list`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from geo import settings
from geo.errors import InputError, Problem, UnknownNameError
from geo.files import read_bytes, stamp_of
from geo.i18n.message import Words


@dataclass(frozen=True, slots=True)
class City:
    """A city: its address `slug`, `province_code` (2 characters), names, VN-2000 zone `epsg` and `programme` file.

    `further_of`: of a further list of a province the address of its city, whose wards, streets and base map it shares.
    """

    slug: str
    province_code: str
    name: str
    name_en: str
    epsg: int
    site_prefix: str
    programme: str
    further_of: str = ""

    @property
    def key(self) -> str:
        """What rights name: the code of its province, of a further list its address."""
        return self.slug if self.further_of else self.province_code

    @property
    def list_key(self) -> str:
        """What records name: '' for the list of the city itself, of a further one its address."""
        return self.slug if self.further_of else ""

    @property
    def layers_slug(self) -> str:
        """The address by which its streets, names and base map are called."""
        return self.further_of or self.slug

    @property
    def kind(self) -> Words:
        """What it is called in sentences: *tỉnh* or *thành phố*; one that is none of the country's is a city."""
        from geo.reference.provinces import find_province

        found = find_province(self.province_code)
        return _PROVINCE if found is not None and found.kind == "tỉnh" else _CITY

    @property
    def full_name(self) -> Words:
        """Its name in a Vietnamese sentence with what it is: *tỉnh Quảng Ninh*."""
        return Words(f"{self.kind.vi} {self.name}", self.name_en)


_CITY, _PROVINCE = Words("thành phố", "city"), Words("tỉnh", "province")


_in_view: ContextVar[str] = ContextVar("list", default="")


def list_in_view() -> str:
    """The key of the further list that this context is about; '' for the cities themselves."""
    return _in_view.get()


def view_list(key: str) -> None:
    """Be about one further list (`City.list_key`) in this context from now on, or about the cities themselves ('')."""
    _in_view.set(key)


@contextmanager
def in_list(key: str) -> Iterator[None]:
    """The same within a block."""
    token = _in_view.set(key)
    try:
        yield
    finally:
        _in_view.reset(token)


def every_list() -> tuple[City, ...]:
    """All cities and further lists: those of the data set in the order of its file, then those that were added.

    Raises
    ------
    DataFileMissingError, InputError
        A `cities.toml` is not there, is not TOML, or an entry lacks a field.
    """
    files = [folder / "cities.toml" for folder in settings.data_dirs()]
    return tuple(city for file in files for city in _read(file, *stamp_of(file)))


def further_lists() -> tuple[City, ...]:
    """The further lists of all provinces; errors as `every_list`."""
    return tuple(entry for entry in every_list() if entry.further_of)


def cities() -> tuple[City, ...]:
    """The cities of the list in view: all of them, or the one further list; errors as `every_list`."""
    key = list_in_view()
    return tuple(entry for entry in every_list() if entry.list_key == key)


def city(slug: str) -> City:
    """The city or further list with this slug (`hanoi`), or the one in view with this province code (`01`).

    A province that is no city of the data set and was not added has its wards, too, and nothing else: it is a city
    without streets, sites and programme.

    Raises
    ------
    UnknownNameError
        There is no such city or province; the suggestions are the cities that there are.
    """
    every = every_list()
    known = (*cities(), *(entry for entry in every if not entry.further_of))
    named = next((entry for entry in every if entry.slug == slug), None) or _of_province(known, slug)
    if named is not None:
        return named
    found = _of_country(slug)
    if found is None:
        raise UnknownNameError("city", slug, [entry.slug for entry in every])
    return _of_province(known, found.province_code) or found


def _of_province(known: Iterable[City], code: str) -> City | None:
    return next((entry for entry in known if entry.province_code == code), None)


def list_of(name: str) -> str:
    """The key of the list that a slug or province code means (`City.list_key`); '' for none that there is."""
    return next((entry.list_key for entry in further_lists() if entry.slug == name), "")


def cities_in(folder: Path) -> tuple[City, ...]:
    """The cities of one folder; errors as `cities`."""
    file = folder / "cities.toml"
    return _read(file, *stamp_of(file))


def added_cities() -> tuple[City, ...]:
    """The cities of the list in view that lie in the user's data folder."""
    added = (entry for folder in settings.data_dirs()[1:] for entry in cities_in(folder))
    return tuple(entry for entry in added if entry.list_key == list_in_view())


def ward_folders() -> tuple[Path, ...]:
    """The folders that hold wards: all but those of further lists."""
    folders = settings.data_dirs()
    return (folders[0], *(folder for folder in folders[1:] if not all(one.further_of for one in cities_in(folder))))


def list_folders() -> tuple[Path, ...]:
    """The folders that hold the places and programmes of the list in view."""
    folders, key = ward_folders(), list_in_view()
    return folders if not key else tuple(folder for one in cities() if (folder := folder_of(one)) is not None)


def programme_files(*, added: bool) -> list[Path]:
    """The programme files of the list in view: those of the data set, and of `added` cities, folder by folder."""
    folders = [folder for folder in list_folders() if added or folder == settings.data_dir()]
    return [file for folder in folders for file in sorted((folder / "programmes").glob("*.toml"))]


def folder_of(place: City) -> Path | None:
    """The folder whose data set a city belongs to; None for a province that is no city of any."""
    for folder in settings.data_dirs():
        file = folder / "cities.toml"
        if any(entry.slug == place.slug for entry in _read(file, *stamp_of(file))):
            return folder
    return None


def _of_country(text: str) -> City | None:
    """The province that a text means, as a city with nothing but wards; None where there is none."""
    from geo.reference.provinces import find_province, site_prefix

    found = find_province(text) if text else None
    if found is None:
        return None
    zone = found.zones[0]
    return City(found.slug, found.code, found.name, found.name_en, zone.epsg, site_prefix(found), "")


@lru_cache(maxsize=64)
def _read(path: Path, *_stamp: int) -> tuple[City, ...]:
    try:
        rows = tomllib.loads(read_bytes(path).decode("utf-8"))["city"]
        return tuple(City(**row) for row in rows)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise InputError(Problem("reference.not-cities", str(path), reason=str(error))) from error
