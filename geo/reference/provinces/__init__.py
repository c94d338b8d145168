"""The 34 provinces and cities of the country, as `data/country/provinces.toml` lists them, with their VN-2000 zones."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from geo import settings
from geo.errors import InputError, Problem, UnknownNameError
from geo.files import read_bytes
from geo.reference.names import plain


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone of VN-2000 / TM-3: its `epsg` code, the `meridian` in degrees, and `ppm`, by how many millionths lengths
    are off at most in the wards of the province."""

    epsg: int
    meridian: float
    ppm: int


@dataclass(frozen=True, slots=True)
class Province:
    """A province of today (`code`, 2 characters), its address `slug`, `kind` (`tỉnh`, `thành phố`) and names.

    `former`: the provinces that became it. `zones`: those that the registry of coordinate systems (EPSG) gives these,
    the one that distorts least first; `bounds`: west, south, east, north of its wards (degrees WGS 84).
    """

    code: str
    slug: str
    kind: str
    name: str
    name_en: str
    former: tuple[str, ...]
    zones: tuple[Zone, ...]
    bounds: tuple[float, float, float, float]

    @property
    def full_name(self) -> str:
        """The name with its kind: *tỉnh Phú Thọ*."""
        return f"{self.kind} {self.name}"


@cache
def short_names() -> dict[str, str]:
    """Other names of provinces → their names, both folded: `hn` → `ha noi`.

    Raises
    ------
    DataFileMissingError
        The data set has no such file.
    """
    file = settings.data_dir() / "country" / "short_names.toml"
    return {short: plain(name) for short, name in tomllib.loads(read_bytes(file).decode("utf-8"))["name"].items()}


def site_prefix(entry: Province) -> str:
    """What the ids of a province's sites begin with: the initials of its name, where no other province has them.

    >>> [site_prefix(province(code)) for code in ("01", "48", "75", "79")]
    ['HN', 'DANA', 'DONA', 'HCM']
    """
    initials = _initials(entry)
    if len(initials) > 1 and [_initials(other) for other in provinces()].count(initials) == 1:
        return initials
    words = plain(entry.name).upper().split()
    return words[0][:3] if len(words) == 1 else words[0][:2] + words[1][:2]


def _initials(entry: Province) -> str:
    return "".join(word[0] for word in plain(entry.name).upper().split())


def provinces() -> tuple[Province, ...]:
    """All provinces, by code; none where the data set has no such file.

    Raises
    ------
    InputError
        The file is not TOML, or an entry lacks a field.
    """
    file = settings.data_dir() / "country" / "provinces.toml"
    return _read(file) if file.is_file() else ()


def province(text: str) -> Province:
    """The province with this code, address or name (today's, or a former province's; without marks, too).

    Raises
    ------
    UnknownNameError
        There is none; the suggestions are the nearest names, else all codes.
    """
    found = find_province(text)
    if found is not None:
        return found
    from geo.reference.names import suggest

    names = [entry.name for entry in provinces()]
    raise UnknownNameError("province", text, suggest(text, names) or names)


def find_province(text: str) -> Province | None:
    """As `province`; None where there is none."""
    key = plain(text)
    for kind in ("tinh ", "thanh pho ", "tp. ", "tp "):
        key = key.removeprefix(kind)
    for entry in provinces():
        if key in (entry.code, entry.slug.replace("-", " "), plain(entry.name)):
            return entry
    return next((entry for entry in provinces() if key in map(plain, entry.former)), None)


def province_names() -> list[tuple[str, str]]:
    """Code and name of every province, then of every former one (with the code of the province of today)."""
    today = [(entry.code, entry.name) for entry in provinces()]
    held = {name for _, name in today}
    gone = [(entry.code, name) for entry in provinces() for name in entry.former if name not in held]
    return today + gone


@cache
def _read(file: Path) -> tuple[Province, ...]:
    try:
        rows = tomllib.loads(read_bytes(file).decode("utf-8"))["province"]
        return tuple(_province(row) for row in rows)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise InputError(Problem("reference.not-provinces", str(file), reason=str(error))) from error


def _province(row: dict[str, Any]) -> Province:
    zones = tuple(Zone(**zone) for zone in row["zones"])
    return Province(**row | {name: tuple(row[name]) for name in ("former", "bounds")} | {"zones": zones})
