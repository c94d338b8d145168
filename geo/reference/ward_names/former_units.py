"""The communes and wards before July 2025, and the units of today that took them over, whole or in part.

`data/former_units.csv` has a row for each pair of a former unit and an heir, with the resolution and its item
(*khoản* of
Điều 1), and, where an outline of the former unit is known, the area that the heir has of it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, get_args

from geo import settings
from geo.errors import InputError, Problem
from geo.files import read_bytes
from geo.reference.names import fold, has_diacritics, plain, y_as_i

Extent = Literal["whole", "part"]
COLUMNS = ("code", "name", "district", "province_code", "heir", "extent", "resolution", "item", "area_m2", "side")


@dataclass(frozen=True, slots=True)
class Heir:
    """A ward of today (`code`) that took a former unit over, `whole` or in `part`, by an `item` of a `resolution`.

    `area_m2`: how much of the former unit lies in it, None where no outline is known; `side`: in which part of the
    former
    unit (`north`, `south-west`, `centre` …), '' likewise.
    """

    code: str
    extent: Extent
    resolution: str
    item: int
    area_m2: float | None = None
    side: str = ""


@dataclass(frozen=True, slots=True)
class FormerUnit:
    """A commune-level unit until June 2025: its `code` then, full `name`, `district`, and its `heirs` by code."""

    code: str
    name: str
    district: str
    province_code: str
    heirs: tuple[Heir, ...] = field(default=())


def load_former_units(path: Path | None = None) -> tuple[FormerUnit, ...]:
    """The former units of all cities, or of a file, in the order of their codes; none where there is no such file.

    Raises
    ------
    InputError
        The file lacks a column, or a row can't be used; every fault is named with its row.
    """
    if path is not None:
        return _read(path) if path.is_file() else ()
    return _of_files(_files()).units


def former_units() -> FormerUnits:
    """The units of the data set by name and heir, made once for all who ask; errors as `load_former_units`."""
    return _of_files(_files())


def _files() -> tuple[Path, ...]:
    return tuple(file for folder in settings.data_dirs() if (file := folder / "former_units.csv").is_file())


@lru_cache(maxsize=4096)
def district_key(text: str) -> str:
    """The key by which districts are compared: without quận, huyện, thị xã or thành phố before the name.

    >>> district_key("Quận Hai Bà Trưng") == district_key("Q. Hai Bà Trưng") == district_key("hai bà trưng")
    True
    """
    return y_as_i(fold(split_district(text)[1]))


def same_district(district: str, text: str) -> bool:
    """Whether a text means a district: by its key, or without diacritics where the text has none.

    >>> same_district("Quận Cầu Giấy", "cau giay"), same_district("Quận Cầu Giấy", "cầu giây")
    (True, False)
    >>> same_district("Huyện Quan Sơn", "Quan Sơn")  # whose name begins like a kind
    True
    """
    own = district_key(district)
    return any(
        own == wanted or (not has_diacritics(wanted) and plain(own) == plain(wanted))
        for wanted in dict.fromkeys((district_key(text), y_as_i(fold(text))))
    )


def split_district(text: str) -> tuple[str | None, str]:
    """The kind of a district that a text begins with (None without one), and the rest."""
    bare = text.strip()
    folded = bare.casefold()
    for kind, spellings in _DISTRICTS.items():
        for spelling in spellings:
            if folded.startswith(spelling) and bare[len(spelling) :].strip(" .:"):
                return kind, bare[len(spelling) :].strip(" .:")
    return None, bare


_DISTRICTS: Mapping[str, tuple[str, ...]] = {
    "quận": ("quận ", "q. ", "q.", "quan ", "q "),
    "huyện": ("huyện ", "h. ", "h.", "huyen ", "h "),
    "thị xã": ("thị xã ", "tx. ", "tx.", "tx ", "thi xa "),
    "thành phố": ("thành phố ", "tp. ", "tp.", "tp ", "thanh pho "),
}


@cache
def _read(file: Path) -> tuple[FormerUnit, ...]:
    rows = list(csv.DictReader(io.StringIO(read_bytes(file).decode("utf-8-sig"))))
    problems = [
        Problem("reference.former-unit-row", str(file), row=number, columns=", ".join(COLUMNS))
        for number, row in enumerate(rows, start=2)
        if not _fits(row)
    ]
    if problems:
        raise InputError(problems)
    return tuple(_units(rows))


def _fits(row: Mapping[str, str | None]) -> bool:
    held = all(row.get(name) is not None for name in COLUMNS)
    return held and row["extent"] in get_args(Extent) and str(row["item"]).isdigit() and len(str(row["heir"])) == 5


def _units(rows: Iterable[Mapping[str, str]]) -> Iterable[FormerUnit]:
    heirs: dict[tuple[str, str, str, str], list[Heir]] = {}
    for row in rows:
        area = float(row["area_m2"]) if row["area_m2"] else None
        extent: Extent = "whole" if row["extent"] == "whole" else "part"
        heir = Heir(row["heir"], extent, row["resolution"], int(row["item"]), area, row["side"])
        heirs.setdefault((row["code"], row["name"], row["district"], row["province_code"]), []).append(heir)
    for unit, found in sorted(heirs.items()):
        yield FormerUnit(*unit, tuple(sorted(found, key=lambda heir: heir.code)))


def units_merged(wards: Iterable[tuple[str, str, Iterable[str]]]) -> Iterable[FormerUnit]:
    """Former units as a register of wards names them: (code, province, names as printed), with a remark in brackets.

    >>> [u.name for u in units_merged([("00070", "01", ["Phường Cửa Đông (phần còn lại)"])])]
    ['Phường Cửa Đông']
    """
    heirs: dict[tuple[str, str], list[Heir]] = {}
    for code, province, printed in wards:
        for text in printed:
            name, _, remark = text.partition(" (")
            heirs.setdefault((name.strip(), province), []).append(Heir(code, "part" if remark else "whole", "", 0))
    for (name, province), found in heirs.items():
        yield FormerUnit("", name, "", province, tuple(found))


class FormerUnits:
    """Former units by name, and by the ward that took them over."""

    def __init__(self, units: Iterable[FormerUnit]) -> None:
        self.units = tuple(units)
        self._districts = tuple(dict.fromkeys(unit.district for unit in self.units))
        self._by_heir: dict[str, list[FormerUnit]] = {}
        for unit in self.units:
            for heir in unit.heirs:
                self._by_heir.setdefault(heir.code, []).append(unit)

    def merged_into(self, code: str) -> tuple[FormerUnit, ...]:
        """The former units of which a ward of today has the whole or a part."""
        return tuple(self._by_heir.get(code, ()))

    def in_district(self, district: str) -> tuple[FormerUnit, ...]:
        """The former units of a district, named with its kind or without."""
        return tuple(unit for unit in self.units if same_district(unit.district, district))

    def is_district(self, text: str) -> bool:
        """Whether a text is the name of a former district."""
        return any(same_district(district, text) for district in self._districts)


@lru_cache(maxsize=2)
def _of_files(files: tuple[Path, ...]) -> FormerUnits:
    return FormerUnits(unit for file in files for unit in _read(file))
