"""The cities of the data set, as `data/cities.toml` lists them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from geo import settings
from geo.errors import InputError, Problem, UnknownNameError
from geo.files import read_bytes


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


def cities() -> tuple[City, ...]:
    """All cities of the data set, in the order of the file.

    Raises
    ------
    DataFileMissingError, InputError
        `cities.toml` is not there, is not TOML, or an entry lacks a field.
    """
    return _read(settings.data_dir())


def city(slug: str) -> City:
    """The city with this slug (`hanoi`), or with this province code (`01`).

    Raises
    ------
    UnknownNameError
        The data set holds no such city; the suggestions are those that it holds.
    """
    known = cities()
    for entry in known:
        if slug in (entry.slug, entry.province_code):
            return entry
    raise UnknownNameError("city", slug, [entry.slug for entry in known])


@cache
def _read(folder: Path) -> tuple[City, ...]:
    path = folder / "cities.toml"
    try:
        rows = tomllib.loads(read_bytes(path).decode("utf-8"))["city"]
        return tuple(City(**row) for row in rows)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise InputError(Problem("reference.not-cities", str(path), reason=str(error))) from error
