"""Entries from a file: every cell checked, every fault named with its cell, and all of them taken or none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TypeVar

import pandas as pd

from geo.errors import DiabanError, InputError, Problem
from geo.importing.coverage_files import RawEntry, is_blank, read_raw
from geo.reference.names import plain
from geo.reference.programmes import Period, Programme, Target
from geo.reference.wards import Ward, WardRegister

COLUMNS = ("programme", "ward_code", "indicator", "period", "value", "day", "document", "office")

Screen = Callable[[str], Sequence[str]]
"""Gives the reasons for which a text must not be kept (it may be about a person); none for most."""

_WHOLE = re.compile(r"^\d{1,3}(?:[. \u00a0]\d{3})+$|^\d{1,3}(?:,\d{3})+$|^\d+$")
_DAYS = (
    (re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00)?)?$"), (1, 2, 3)),
    (re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$"), (3, 2, 1)),
)
_LARGEST = 100_000_000
_YES, _NO = ("1", "co", "x", "yes", "true", "dat"), ("0", "khong", "no", "false", "chua dat", "chua")
_CITY = ("", "thanh pho", "toan thanh pho", "city")


def read_entries(
    path: Path, programme: Programme, register: WardRegister, *, screen: Screen | None = None
) -> pd.DataFrame:
    """The entries of a CSV or XLSX file, a row for each filled cell, columns `COLUMNS`.

    `ward_code` is null for what a body of the city entered, `period` text as `Period` writes it, `value` a float, `day`
    a date. Wards may be written as officials write them, or by code. An empty cell is no entry; 0 is one. `register`
    holds the wards of the programme's city.

    Raises
    ------
    DataFileMissingError
        There is no such file.
    InputError
        Something in it can't be taken; every fault is listed with its cell and remedy, and nothing is returned.
    """
    raw, named = read_raw(path)
    if named and named != programme.id:
        remedy = f"choose --programme {named}, or the template of {programme.id}"
        raise InputError(Problem(f"is filled for '{named}', not for '{programme.id}'", path.name, remedy))
    if not raw:
        raise InputError(Problem("holds no figure", path.name, "fill at least one cell"))
    return checked_entries(raw, programme, register, screen=screen)


def checked_entries(
    raw: Sequence[RawEntry], programme: Programme, register: WardRegister, *, screen: Screen | None = None
) -> pd.DataFrame:
    """The entries that filled cells make, of a file or of a form; columns and errors as `read_entries`."""
    reader = _Reader(programme, register, cache(screen) if screen else None)
    entries = [reader.entry(cell) for cell in raw]
    problems = [problem for entry in entries for problem in entry.problems]
    taken = [entry for entry in entries if not entry.problems]
    problems += list(_repeated(taken)) + list(_larger_than_whole(programme, taken))
    if problems:
        raise InputError(list(dict.fromkeys(problems)))
    return pd.DataFrame([{"programme": programme.id, **entry.row()} for entry in taken], columns=list(COLUMNS))


@dataclass(frozen=True, slots=True)
class _Entry:
    raw: RawEntry
    ward: Ward | None
    indicator: str
    period: str
    value: float
    day: date | None
    problems: tuple[Problem, ...]

    def row(self) -> dict[str, object]:
        return {
            "ward_code": self.ward.code if self.ward else None,
            "indicator": self.indicator,
            "period": self.period,
            "value": self.value,
            "day": self.day,
            "document": str(self.raw.document).strip(),
            "office": str(self.raw.office).strip(),
        }

    def key(self, indicator: str) -> tuple[str, str, str]:
        return (self.ward.code if self.ward else "", indicator, self.period)


@dataclass(frozen=True, slots=True)
class _Reader:
    programme: Programme
    register: WardRegister
    screen: Screen | None

    def entry(self, raw: RawEntry) -> _Entry:
        found: list[Problem] = []
        at = raw.places.get
        target = _attempt(lambda: self.target(raw.indicator), at("indicator", raw.where), found)
        ward = _attempt(lambda: self.ward(raw), at("ward", at("code", raw.where)), found)
        period = _attempt(lambda: self.period(raw.period), at("period", raw.where), found)
        value = _attempt(lambda: _value(raw.value, target), raw.where, found)
        day = _attempt(lambda: _day(raw.day), at("day", raw.where), found)
        found += self.texts(raw)
        if not found and target is not None:
            found += [problem.at(raw.where) for problem in _unfit(target, ward)]
        return _Entry(raw, ward, _text(raw.indicator), period or "", value or 0.0, day, tuple(found))

    def target(self, cell: object) -> Target:
        text = _text(cell)
        for target in self.programme.targets:
            if text in target.entry_ids:
                return target
        known = [name for target in self.programme.targets for name in target.entry_ids]
        near = [name for name in known if name.startswith(text[:1])] if text else known
        remedy = "choose one of " + ", ".join(near or known)
        raise InputError(Problem(f"'{text}' is no indicator of {self.programme.document}", "", remedy))

    def ward(self, raw: RawEntry) -> Ward | None:
        code, name = _text(raw.code), _text(raw.ward)
        if plain(name) in _CITY and not code:
            return None
        if not code:
            return self.register.by_name(name)
        ward = self.register.by_code(code.zfill(5) if code.isdigit() else code)
        if name and self.register.by_name(name) != ward:
            what = f"code {ward.code} is {ward.full_name}, not '{name}'"
            raise InputError(Problem(what, "", "correct the code or the name"))
        return ward

    def period(self, cell: object) -> str:
        period = Period.parse(_text(cell))
        if period not in self.programme.periods:
            years = f"from {self.programme.first_year} to {self.programme.last_year}"
            raise InputError(Problem(f"{self.programme.document} does not run in {period.year}", "", f"a year {years}"))
        return str(period)

    def texts(self, raw: RawEntry) -> Iterator[Problem]:
        for label, cell in (("document", raw.document), ("office", raw.office)):
            where = raw.places.get(label, raw.where)
            if is_blank(cell):
                yield Problem(f"the {label} is not given", where, "say on what document, and which office entered it")
            for reason in self.screen(_text(cell)) if self.screen else ():
                yield Problem(reason, where)


_T = TypeVar("_T")


def _attempt(read: Callable[[], _T], where: str, found: list[Problem]) -> _T | None:
    try:
        return read()
    except DiabanError as error:
        remedy = "write the official name, or the code"
        found += [Problem(problem.what, where, problem.remedy or remedy) for problem in error.problems]
        return None


def _unfit(target: Target, ward: Ward | None) -> Iterator[Problem]:
    """A figure at the wrong level, or a yes from a ward that the plan does not ask."""
    if target.level == "city" and ward is not None:
        yield Problem(f"'{target.id}' is entered for the city, not for a ward", "", "leave the ward empty")
    if target.level == "ward" and ward is None and target.is_yes_or_no:
        yield Problem(f"'{target.id}' is entered by ward", "", "name the ward")
    if ward is not None and target.is_yes_or_no and target.scope in ("pilot", "expansion", "programme"):
        asked = {"programme": ("pilot", "expansion")}.get(target.scope, (target.scope,))
        if ward.phase not in asked:
            what = f"{ward.full_name} does not answer for '{target.id}' (phase {target.scope})"
            yield Problem(what, "", "leave the cell empty")


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else unicodedata.normalize("NFC", str(cell)).strip()


def _value(cell: object, target: Target | None) -> float:
    if target is not None and target.is_yes_or_no:
        key = plain(_text(int(cell) if isinstance(cell, bool) else cell))
        if key in _YES or key in _NO:
            return float(key in _YES)
        raise InputError(Problem(f"'{_text(cell)}' is neither yes nor no", "", "write 1 (có) or 0 (không)"))
    number = _count(cell)
    if number is None or not 0 <= number <= _LARGEST:
        raise InputError(Problem(f"'{_text(cell)}' is no count", "", "write a whole number from 0 up, such as 1250"))
    return number


def _count(cell: object) -> float | None:
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return float(cell) if float(cell).is_integer() else None
    text = _text(cell)
    return float(re.sub(r"\D", "", text)) if _WHOLE.match(text) else None


def _day(cell: object) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _text(cell)
    for pattern, order in _DAYS:
        found = pattern.match(text)
        if found:
            year, month, day = (int(found[number]) for number in order)
            try:
                return date(year, month, day)
            except ValueError:
                break
    raise InputError(Problem(f"'{text}' is no day", "", "write it as 10/06/2026 or 2026-06-10"))


def _repeated(entries: Sequence[_Entry]) -> Iterator[Problem]:
    first: dict[tuple[str, str, str], str] = {}
    for entry in entries:
        key = entry.key(entry.indicator)
        if key in first:
            where = first[key]
            yield Problem("says again what another cell says", entry.raw.where, f"keep this one or that at {where}")
        first.setdefault(key, entry.raw.where)


def _larger_than_whole(programme: Programme, entries: Sequence[_Entry]) -> Iterator[Problem]:
    """A count above its total (inspected above all establishments), or a part above its whole."""
    wholes = {target.id: target.entry_ids[1] for target in programme.targets if target.has_base}
    parts = {target.id: target.part_of for target in programme.targets if target.part_of}
    values = {entry.key(entry.indicator): entry.value for entry in entries}
    for entry in entries:
        for whole in filter(None, (wholes.get(entry.indicator), parts.get(entry.indicator))):
            limit = values.get(entry.key(whole))
            if limit is not None and entry.value > limit:
                what = f"{entry.value:.0f} for '{entry.indicator}' is more than {limit:.0f} for '{whole}'"
                yield Problem(what, entry.raw.where, "correct one of them")
