"""Figures of a programme from a file: every cell checked, every fault named with its cell, and all taken or none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeVar

import pandas as pd

from geo.errors import DiabanError, InputError, Problem, UnknownWardError
from geo.i18n.message import Message
from geo.importing.cells import (
    CellError,
    as_count,
    as_day,
    as_flag,
    as_period,
    as_said,
    as_text,
    as_ward_code,
    from_january,
    says_cumulative,
)
from geo.importing.cells.errors import short
from geo.importing.columns import Mapped
from geo.importing.coverage.cells import (
    COVERAGE_LIMITS,
    CoverageHeadings,
    Place,
    RawEntry,
    RawFile,
    read_raw,
)
from geo.importing.coverage.days import is_within
from geo.importing.coverage.entry import Entry, columns_of
from geo.importing.coverage.sums import contradictions, only_rises, repeated
from geo.importing.coverage.wards import ward_of
from geo.importing.coverage_commit import Compared
from geo.importing.tables import Cell, Limits
from geo.importing.tally import NOTHING_DECIDED, Counts, Decisions, Summary, Tally, repeated_rows, summary
from geo.importing.where import number_list
from geo.records.model.figures import asked_problems, level_problems, period_problems
from geo.records.model.register_lookup import PhaseOn
from geo.records.validation.entry_checks import says_nothing
from geo.reference.names import plain
from geo.reference.programmes import Period, Programme, Target
from geo.reference.wards import Ward, WardRegister

COLUMNS = ("programme", "ward_code", "indicator", "period", "value", "day", "document", "office")

Screen = Callable[[str], Sequence[str]]
"""Gives the reasons for which a text must not be stored (it may be about a person); none for most."""

_BEFORE_NUMBER = re.compile(r"^(?:(?:chi tieu|muc tieu|indicator|so)[ :.]+)+")
_CITY = ("", "thanh pho", "toan thanh pho", "city")
_TEXT_PROBLEMS = {
    "document": ("importing.document-missing", "importing.document-about-person"),
    "office": ("importing.office-missing", "importing.office-about-person"),
}
_HALF_YEAR = 6
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class CoverageFile:
    """What a file of figures holds: the sound ones as a `frame` (columns `COLUMNS`), and the `problems` of the others.

    `repeated`: those that say what an earlier one of the file says (ward, indicator, period, value); they are left out
    unless it is `decided` otherwise, and stand in `repeated_rows`. `tally` counts rows of a list, filled cells of a
    template. `rows`: those that the figures of `frame` stand in.
    """

    name: str
    frame: pd.DataFrame
    repeated: pd.DataFrame
    tally: Tally
    problems: tuple[Problem, ...] = ()
    repeated_rows: tuple[int, ...] = ()
    decided: Decisions = NOTHING_DECIDED
    rows: tuple[int, ...] = ()

    def summary(self, found: Compared | None = None) -> Summary:
        """What to show of the file before it is written, beside what is recorded where that is known."""
        more = repeated_rows(len(self.repeated), self.repeated_rows, self.decided)
        twice = 0 if self.decided.repeated else len(self.repeated)
        if found is None:
            return summary(self.tally, Counts(len(self.frame), 0, repeated=twice), more)
        new, changed = len(found.new), len(found.replaced)
        return summary(self.tally, Counts(new, found.same, changed, twice, self.decided.again), [*more, *found.halves])

    def deciding(self, decided: Decisions) -> CoverageFile:
        """The same file, to be written as decided."""
        return replace(self, decided=decided)

    @property
    def written(self) -> pd.DataFrame:
        """The figures to compare and record: those of `frame`, with those that repeat one where that is decided."""
        return pd.concat([self.frame, self.repeated], ignore_index=True) if self.decided.repeated else self.frame

    def refuse(self) -> None:
        """Raise what is wrong with the file, if anything is."""
        if self.problems:
            raise InputError(self.problems)


def read_entries(
    path: Path, programme: Programme, register: WardRegister, *, screen: Screen | None = None
) -> pd.DataFrame:
    """The entries of a file, a row for each filled cell, columns `COLUMNS`.

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
    found = examine_entries(path, programme, register, screen=screen)
    found.refuse()
    return found.frame


def examine_entries(
    path: Path,
    programme: Programme,
    register: WardRegister,
    *,
    others: Sequence[Programme] = (),
    screen: Screen | None = None,
    mapped: Mapped | None = None,
    sheet: str = "",
    phase_on: PhaseOn | None = None,
    office: str = "",
    limits: Limits = COVERAGE_LIMITS,
) -> CoverageFile:
    """What a file of figures holds, with the problems of its cells.

    `others`: earlier programmes, of which a file may be that names them, or whose periods it reports on. `mapped`: what
    the user says of headings; `sheet`: the name of the sheet to read as a list. `phase_on`: the phase of a
    ward on a day; that of `register` unless given. `office`: whose figures they are where no column says it.

    Raises
    ------
    DataFileMissingError, InputError
        The file can't be read, is of another programme, holds no figure, or has other headings (`HeadingError`).
    """
    raw = read_raw(path, CoverageHeadings(columns_of(office), mapped or {}, sheet), limits, office)
    programme = _of_file(raw, programme, others)
    if raw.programme and raw.programme != programme.id:
        raise InputError(Problem("importing.other-programme", raw.name, named=raw.programme, asked=programme.id))
    if not raw.entries:
        raise InputError(Problem("importing.no-figure", raw.name))
    found = _Checked.of(raw.entries, programme, register, screen, phase_on)
    sound = {entry.raw.where for entry in (*found.taken, *found.repeated)}
    refused = len({entry.raw.where for entry in found.entries} - sound)
    said = (*raw.notices, *found.notices())
    tally = Tally(raw.rows, len(raw.entries) - refused, refused, raw.passed, said, raw.sheets)
    taken, twice = _frame(found.taken, programme), _frame(found.repeated, programme)
    rows = tuple(entry.raw.row for entry in found.taken)
    return CoverageFile(raw.name, taken, twice, tally, found.problems, found.repeated_rows, rows=rows)


def _of_file(raw: RawFile, programme: Programme, others: Sequence[Programme]) -> Programme:
    """The programme that a file names, else the one that runs in the year of its first period, else the given one."""
    if raw.programme:
        return next((other for other in others if other.id == raw.programme), programme)
    year = _year(raw.entries[0].period) if others and raw.entries else None
    known = (programme, *reversed(others))
    return next((each for each in known if year and each.first_year <= year <= each.last_year), programme)


def _year(period: Cell) -> int | None:
    try:
        return as_period(period).year
    except CellError:
        return None  # said with its cell when the entry is checked


def checked_entries(
    raw: Sequence[RawEntry],
    programme: Programme,
    register: WardRegister,
    *,
    screen: Screen | None = None,
    phase_on: PhaseOn | None = None,
) -> pd.DataFrame:
    """The entries that filled cells make, of a file or of a form; columns and errors as `read_entries`."""
    found = _Checked.of(raw, programme, register, screen, phase_on)
    if found.problems:
        raise InputError(found.problems)
    return _frame(found.taken, programme)


def _frame(entries: Sequence[Entry], programme: Programme) -> pd.DataFrame:
    return pd.DataFrame([{"programme": programme.id, **entry.row()} for entry in entries], columns=list(COLUMNS))


@dataclass(frozen=True, slots=True)
class _Checked:
    """All entries of a file, those that can be taken, those that repeat one, and what is wrong with the others."""

    entries: tuple[Entry, ...]
    taken: tuple[Entry, ...]
    repeated: tuple[Entry, ...]
    problems: tuple[Problem, ...]

    @classmethod
    def of(
        cls,
        raw: Sequence[RawEntry],
        programme: Programme,
        register: WardRegister,
        screen: Screen | None,
        phase_on: PhaseOn | None = None,
    ) -> _Checked:
        reader = _Reader(programme, register, cache(screen) if screen else None, phase_on)
        entries = tuple(reader.entry(cell) for cell in raw)
        sound = [entry for entry in entries if not entry.problems]
        twice = repeated(sound)
        left = {id(entry) for entry in twice}
        sound = [entry for entry in sound if id(entry) not in left]
        against = contradictions(programme, sound)
        found = [problem for entry in entries for problem in entry.problems]
        found += [problem for _, problem in against]
        bad = {entry.raw.where for entry, _ in against}
        taken = tuple(entry for entry in sound if entry.raw.where not in bad)
        return cls(entries, taken, tuple(twice), tuple(dict.fromkeys(found)))

    @property
    def repeated_rows(self) -> tuple[int, ...]:
        """The rows that repeat another."""
        return tuple(sorted({entry.raw.row for entry in self.repeated}))

    def notices(self) -> tuple[Message, ...]:
        """Of which days and periods figures are, and that those of short periods are added up."""
        summed = sorted({entry.raw.row for entry in self.taken if _counts_from_january(entry.raw)})
        since = [Message("importing.cumulative-read", rows=number_list(summed))] if summed else []
        is_short = any(Period.parse(entry.period).months < _HALF_YEAR for entry in self.taken)
        early = sorted({entry.raw.row for entry in self.taken if is_within(entry.period, entry.day)})
        rising = [Message("importing.may-be-cumulative")] if is_short and only_rises(self.taken) else []
        within = [Message("importing.days-within-period", rows=number_list(early), count=len(early))] if early else []
        return (*since, *within, *([Message("importing.parts-add-up")] if is_short else []), *rising)


@dataclass(frozen=True, slots=True)
class _Reader:
    programme: Programme
    register: WardRegister
    screen: Screen | None
    phase_on: PhaseOn | None = None

    def entry(self, raw: RawEntry) -> Entry:
        found: list[Problem] = []
        at = raw.places.get
        if "stray" in raw.places:
            found.append(Problem("importing.no-heading", raw.places["stray"]))
        target = _attempt(lambda: self.target(raw.indicator), at("indicator", raw.where), found)
        ward = _attempt(lambda: self.ward(raw), at("ward", at("code", raw.where)), found)
        period = _attempt(lambda: self.period(raw), at("period", raw.where), found)
        value = _attempt(lambda: _value(raw.value, target), raw.where, found)
        day = _attempt(lambda: as_day(raw.day), at("day", raw.where), found)
        if day is not None and period is not None and day < (begin := Period.parse(period).first_day):
            at_day = at("day", raw.where)
            found.append(Problem("records.day-before-period", at_day, day=day, period=period, first=begin))
        found += self.texts(raw)
        if raw.among_wards and target is not None and target.level != "city":
            found.append(Problem("importing.ward-blank", at("ward", at("code", raw.where))))
        if not found and target is not None:
            found += [problem.at(raw.where) for problem in self.unfit(target, ward, period, day)]
        indicator = "" if found else as_text(raw.indicator)
        return Entry(raw, ward, indicator, period or "", value or 0.0, day, tuple(found))

    def unfit(self, target: Target, ward: Ward | None, period: str | None, day: date | None) -> Iterator[Problem]:
        """A figure at the wrong level, or a yes from a ward that the plan does not ask."""
        yield from level_problems(target, ward.code if ward else None)
        if ward is None:
            return
        days = [day, Period.parse(period).last_day if period else None]
        known = self.phase_on or (lambda _, __: ward.phase)
        yield from asked_problems(target, ward.full_name, {known(ward.code, each) for each in days if each is not None})

    def target(self, cell: Cell) -> Target:
        text = as_text(cell)
        for target in self.programme.targets:
            if text in target.entry_ids:
                return target
        known = [name for target in self.programme.targets for name in target.entry_ids]
        spelled = _BEFORE_NUMBER.sub("", plain(text)).replace(",", ".").strip(" .:")
        near = [name for name in known if name == spelled]
        near = near or ([name for name in known if name.startswith(text[:1])] if text else [])
        raise CellError(
            "importing.unknown-indicator", text=short(text), document=self.programme.document, options=near or known
        )

    def ward(self, raw: RawEntry) -> Ward | None:
        code, name = as_ward_code(raw.code), as_ward_code(raw.ward)
        if plain(name) in _CITY and not code:
            return None
        if not code:
            return ward_of(name, self.register)
        ward = self.coded(code)
        if name and ward_of(name, self.register) != ward:
            raise CellError("importing.code-of-another", code=ward.code, ward=ward.full_name, text=short(name))
        return ward

    def coded(self, code: str) -> Ward:
        """The ward of a code; of a name that stands in its place."""
        if not code.isdecimal():
            return ward_of(code, self.register)
        try:
            return self.register.by_code(code)
        except UnknownWardError as error:
            known = "importing.unknown-ward-near" if error.suggestions else "importing.unknown-ward"
            raise CellError(known, text=short(code), options=error.suggestions) from error

    def period(self, raw: RawEntry) -> str:
        period = from_january(as_period(raw.period)) if raw.to_date else as_period(raw.period)
        if period not in self.programme.entry_periods:
            raise InputError([*period_problems(self.programme, period)])
        return str(period)

    def texts(self, raw: RawEntry) -> Iterator[Problem]:
        for label, cell in (("document", raw.document), ("office", raw.office)):
            where = raw.places.get(label, raw.where)
            missing, private = _TEXT_PROBLEMS[label]
            try:
                text = as_said(cell)
            except CellError as error:
                yield error.at(where)
                continue
            if not text or says_nothing(text):
                yield Problem(missing, where)
            for reason in self.screen(text) if self.screen else ():
                yield Problem(private, where, reason=Message(reason))


def _counts_from_january(raw: RawEntry) -> bool:
    return raw.to_date or (isinstance(raw.period, str) and says_cumulative(raw.period))


def _attempt(read: Callable[[], _T], where: Place, found: list[Problem]) -> _T | None:
    try:
        return read()
    except CellError as error:
        found.append(error.at(where))
    except DiabanError as error:
        found += [problem.at(where) for problem in error.problems]
    return None


def _value(cell: Cell, target: Target | None) -> float:
    if target is not None and target.is_yes_or_no:
        return float(as_flag(cell))
    return as_count(cell)
