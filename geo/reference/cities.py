"""The cities of the data set, as `data/cities.toml` lists them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from geo import settings
from geo.errors import InputError, Problem, UnknownNameError
from geo.files import read_bytes
from geo.i18n.message import Words


@dataclass(frozen=True, slots=True)
class City:
    """A city: its address `slug`, `province_code` (2 characters), names, VN-2000 zone `epsg` and `programme` file."""

    slug: str
    province_code: str
    name: str
    name_en: str
    epsg: int
    site_prefix: str
    programme: str

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


def cities() -> tuple[City, ...]:
    """All cities: those of the data set in the order of its file, then those that were added.

    Raises
    ------
    DataFileMissingError, InputError
        A `cities.toml` is not there, is not TOML, or an entry lacks a field.
    """
    files = [folder / "cities.toml" for folder in settings.data_dirs()]
    return tuple(city for file in files for city in _read(file, *_stamp(file)))


def city(slug: str) -> City:
    """The city with this slug (`hanoi`), or with this province code (`01`).

    A province that is no city of the data set and was not added has its wards, too, and nothing else: it is a city
    without streets, sites and programme.

    Raises
    ------
    UnknownNameError
        There is no such city or province; the suggestions are the cities that there are.
    """
    known = cities()
    for entry in known:
        if slug in (entry.slug, entry.province_code):
            return entry
    found = _of_country(slug)
    if found is None:
        raise UnknownNameError("city", slug, [entry.slug for entry in known])
    return next((entry for entry in known if entry.province_code == found.province_code), found)


def cities_in(folder: Path) -> tuple[City, ...]:
    """The cities of one folder; errors as `cities`."""
    file = folder / "cities.toml"
    return _read(file, *_stamp(file))


def added_cities() -> tuple[City, ...]:
    """The cities that lie in the user's data folder."""
    return tuple(entry for folder in settings.data_dirs()[1:] for entry in cities_in(folder))


def folder_of(place: City) -> Path | None:
    """The folder whose data set a city belongs to; None for a province that is no city of any."""
    for folder in settings.data_dirs():
        file = folder / "cities.toml"
        if any(entry.slug == place.slug for entry in _read(file, *_stamp(file))):
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


def _stamp(file: Path) -> tuple[int, int]:
    try:
        found = file.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=64)
def _read(path: Path, *_stamp: int) -> tuple[City, ...]:
    try:
        rows = tomllib.loads(read_bytes(path).decode("utf-8"))["city"]
        return tuple(City(**row) for row in rows)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise InputError(Problem("reference.not-cities", str(path), reason=str(error))) from error
