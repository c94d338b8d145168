"""Reports from a file: every row read, passed over or refused with its reason; all that are new are written, or none.

`examine_reports` reads and checks without writing, `read_reports` too and raises what is wrong; `commit` writes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.importing.cells import CellError, as_point
from geo.importing.cells.days import in_utc
from geo.importing.cells.errors import usable
from geo.importing.cells.turned_days import DayColumn
from geo.importing.columns import Column, Headings, Mapped, MatchedTable, open_matched
from geo.importing.geometries.systems.question import Question
from geo.importing.headings import heading_key
from geo.importing.headings.systems import system_of
from geo.importing.reports.columns import READ_COLUMNS
from geo.importing.reports.differing import differing_rows
from geo.importing.reports.metres import Places, settled_question
from geo.importing.reports.recorded import Alike, alike_reports, recorded_by_now
from geo.importing.tables import LIMITS, Cell, Limits, Row
from geo.importing.tally import NOTHING_DECIDED, Counts, Decisions, Summary, Tally, notices, repeated_rows, summary
from geo.importing.where import cell_place, number_list
from geo.records.entries import Actor, BatchReceipt, NewReport
from geo.records.kinds.report import outside_fault, report_wards
from geo.records.model.errors import PrivacyError
from geo.records.model.register_lookup import RegisterLookup
from geo.records.store import Store
from geo.records.validation.entry_checks import Fault

MAX_PROBLEMS = 1000
_STEP = 5_000
_COORDINATES = ("lon", "lat")
_SAME_DEGREES = 1e-4
"""Two places of one row that differ by less are one: survey programs round."""
_IMPORT = "report.import"


@dataclass(frozen=True, slots=True)
class ReportFile:
    """What a file of reports holds.

    `reports` are the sound ones in the order of their `rows` (numbers as a spreadsheet shows them), `problems` those of
    the others. `alike`: place among `reports` → what is recorded already, or another row, that says the same.
    `decided`: what of that is written all the same.
    """

    name: str
    digest: str
    reports: tuple[NewReport, ...]
    rows: tuple[int, ...]
    tally: Tally
    problems: tuple[Problem, ...] = ()
    private: bool = False
    alike: Alike = field(default_factory=Alike)
    wards: frozenset[str] | None = None
    decided: Decisions = NOTHING_DECIDED

    @property
    def new(self) -> tuple[NewReport, ...]:
        """The reports that `commit` writes: not recorded yet, of equal rows one, unless it is `decided` otherwise."""
        return tuple(self.reports[place] for place in self._new)

    @property
    def repeated(self) -> tuple[int, ...]:
        """Places of the reports that are left out, unless it is `decided` otherwise: an earlier row is equal."""
        known = () if self._again_once else self.alike.recorded
        return tuple(place for place in self.alike.repeated if place not in known)

    @property
    def corrections(self) -> tuple[tuple[int, NewReport], ...]:
        """The rows that `commit` corrects, as decided, with the reports that replace them."""
        return tuple(self.alike.changed.values()) if self.decided.changes else ()

    @property
    def _new(self) -> tuple[int, ...]:
        left = {
            *(() if self.decided.again else self.alike.recorded),
            *(() if self.decided.repeated else self.alike.repeated),
        }
        return tuple(place for place in range(len(self.reports)) if place not in left)

    def not_recorded(self, connection: Connection, registers: RegisterLookup | None) -> list[int]:
        """Places among `new` of what is still not recorded when the write has begun."""
        if self.decided.again:
            return list(range(len(self.new)))
        now = recorded_by_now(connection, self.reports, registers, self.wards)
        return [number for number, place in enumerate(self._new) if place not in now]

    @property
    def summary(self) -> Summary:
        """What to show of the file before it is written."""
        alike, decided, twice = self.alike, self.decided, self.repeated
        known = self._known
        new = len(self.new) - (len(known) if decided.again else 0)
        counts = Counts(new, len(known), repeated=0 if decided.repeated else len(twice), again=decided.again)
        more = [
            *self._rows_said("importing.known-rows", known),
            *differing_rows(self.rows, alike),
            *self._rows_said(
                "importing.changes-written" if decided.changes else "importing.changes-wait", alike.changed
            ),
            *repeated_rows(len(twice), [self.rows[place] for place in twice], decided),
            *self._rows_said("importing.alike-rows", alike.similar),
            *self._rows_said("importing.near-rows", alike.near),
        ]
        return summary(self.tally, counts, more)

    @property
    def _again_once(self) -> bool:
        """Whether what is recorded is written again, and of equal rows one all the same."""
        return self.decided.again and not self.decided.repeated

    @property
    def _known(self) -> tuple[int, ...]:
        """Places of the reports that are recorded already and are not left out as repeated all the same."""
        left = self.alike.repeated if self._again_once else ()
        return tuple(place for place in self.alike.recorded if place not in left)

    def _rows_said(self, code: str, places: Collection[int]) -> list[Message]:
        rows = number_list(self.rows[place] for place in places)
        return [Message(code, count=len(places), rows=rows)] if places else []

    def deciding(self, decided: Decisions) -> ReportFile:
        """The same file, to be written as decided."""
        return replace(self, decided=decided)

    def refuse(self) -> None:
        """Raise what is wrong with the file, if anything is."""
        if self.problems:
            raise PrivacyError(self.problems) if self.private else InputError(self.problems)


def read_reports(
    path: str | Path,
    store: Store,
    *,
    limits: Limits = LIMITS,
    mapped: Mapped | None = None,
    sheet: str = "",
    progress: Callable[[int], None] | None = None,
) -> ReportFile:
    """Read and check a file of reports without writing anything; arguments as `examine_reports`.

    Raises
    ------
    DataFileMissingError, InputError
        As `examine_reports`; and `InputError` where rows can't be used: every problem with row and column (the first
        1,000).
    PrivacyError
        A heading or a cell is about a person; the other problems are named with it.
    """
    found = examine_reports(path, store, limits=limits, mapped=mapped, sheet=sheet, progress=progress)
    found.refuse()
    return found


def examine_reports(
    path: str | Path,
    store: Store,
    *,
    limits: Limits = LIMITS,
    mapped: Mapped | None = None,
    sheet: str = "",
    wards: Collection[str] | None = None,
    question: Question | None = None,
    progress: Callable[[int], None] | None = None,
) -> ReportFile:
    """What a file of reports holds, with the problems of its rows and what of it is recorded already.

    `mapped`: what the user says of headings that are not known; `sheet`: the name of the sheet to read. `wards`: the
    codes of those whose records are compared; all without it. `question`: what the user says of the coordinate system
    of places; without it degrees of WGS 84, or metres of a city's zone. `progress` is called with the number of rows
    read so far.

    Raises
    ------
    DataFileMissingError, InputError
        The file can't be read as a table, or its headings are not those of reports (`HeadingError`).
    PrivacyError
        A heading is about persons.
    """
    table = open_matched(path, Headings(READ_COLUMNS, mapped or {}, sheet), limits)
    reading = _Reading(table, store, question or Question())
    rows = reading.rows()
    while batch := list(islice(rows, _STEP)):
        reading.take(batch)
        if progress is not None:
            progress(len(reading.found))
        if len(reading.faults) >= MAX_PROBLEMS:
            break
    return reading.file(wards)


def commit(
    store: Store, file: ReportFile, actor: Actor, *, progress: Callable[[int], None] | None = None
) -> BatchReceipt:
    """Write all new reports of a file that was read, in one transaction, once.

    What others recorded since it was read is left out too, unless it is decided to write what is recorded `again`.

    Raises
    ------
    InputError
        The same file was imported before, or it has problems.
    StoreError
        The database failed; nothing was written.
    """
    file.refuse()
    if not file.new and not file.corrections and store.audit(1, subject=file.digest, action=_IMPORT).empty:
        return BatchReceipt(0, store.known_at(), store.version())

    def choice(connection: Connection) -> list[int]:
        return file.not_recorded(connection, store.registers)

    return store.add_reports(
        file.new, actor, source=file.digest, progress=progress, choice=choice, corrections=file.corrections
    )


class _Reading:
    """A file of reports while it is read."""

    def __init__(self, sheet: MatchedTable, store: Store, question: Question) -> None:
        self._sheet, self._store = sheet, store
        self._days, self._day = DayColumn(), sheet.index("day")
        self._sent = self._day if self._day is not None and _is_when_sent(sheet.table.header[self._day]) else None
        named = system_of(sheet.beside((*_COORDINATES, "place")))
        settled = settled_question(question, named, sheet.table.name)
        beside = named if question.crs is not None else None
        self._places = Places(sheet.table.name, store.registers, *settled, beside=beside)
        self._refused: set[int] = set()
        self.faults: list[Fault] = []
        self.found: list[tuple[int, NewReport]] = []
        self._stated: list[frozenset[str]] = []

    def rows(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """The rows that can be read, as values by field."""
        for row in self._sheet.table.rows:
            if self._day is not None and self._day < len(row.cells):
                self._days.see(row.number, row.cells[self._day])
            values = self._values(row)
            if values is not None:
                yield row.number, values
            if len(self.faults) >= MAX_PROBLEMS:
                return

    def take(self, batch: list[tuple[int, dict[str, Any]]]) -> None:
        """Take in the rows that may be recorded; what is wrong with the others goes to `faults`."""
        self._places.settle(batch)
        reports = [NewReport(**values) for _, values in batch]
        codes = report_wards(reports, self._store.registers)
        for (row, stated), report, code in zip(batch, reports, codes, strict=True):
            wrong = self._store.check_form(report)
            outside = None if wrong else outside_fault(report, code, self._store.registers)
            wrong += [outside] if outside is not None else []
            self._refuse(row, [self._placed(row, fault) for fault in wrong])
            if not wrong:
                self.found.append((row, report))
                self._stated.append(frozenset(stated))

    def file(self, wards: Collection[str] | None) -> ReportFile:
        """What was read; a file without any row is refused."""
        table = self._sheet.table
        if not self.found and not self.faults:
            raise InputError(Problem("importing.only-headings", table.name))
        self._places.check_below(system_of(table.seen.below))
        reports = tuple(report for _, report in self.found)
        return ReportFile(
            table.name,
            table.digest,
            reports,
            tuple(row for row, _ in self.found),
            self._tally(),
            tuple(self._problems()),
            any(fault.private for fault in self.faults),
            alike_reports(self._store, reports, wards, self._stated),
            None if wards is None else frozenset(wards),
        )

    def _tally(self) -> Tally:
        seen = self._sheet.table.seen
        said = [*notices(seen, self._sheet), *self._days.notices(), *self._places.notices()]
        said += (
            []
            if self._sent is None
            else [Message("importing.sent-in-utc", column=self._sheet.table.header[self._sent])]
        )
        return Tally(seen.rows, len(self.found), len(self._refused), seen.passed, tuple(said), seen.sheets)

    def _problems(self) -> Iterator[Problem]:
        yield from (fault.problem for fault in self.faults[:MAX_PROBLEMS])
        if len(self.faults) >= MAX_PROBLEMS:
            yield Problem("importing.more-problems", self._sheet.table.name, most=MAX_PROBLEMS)

    def _values(self, row: Row) -> dict[str, Any] | None:
        """The values of a row by field; None where a cell can't be read, and why goes to `faults`."""
        values: dict[str, Any] = {}
        wrong: list[Problem] = []
        for index in range(max(len(row.cells), len(self._sheet.columns))):
            try:
                self._read(row, index, values)
            except CellError as error:
                wrong.append(error.at(cell_place(self._sheet.table, row.number, index)))
        try:
            placed = _placed_once(values)
        except CellError as error:
            index = self._sheet.index("lon") or self._sheet.index("lat") or 0
            wrong.append(error.at(cell_place(self._sheet.table, row.number, index)))
        self._refuse(row.number, [Fault("", problem) for problem in wrong])
        return None if wrong else placed

    def _read(self, row: Row, index: int, values: dict[str, Any]) -> None:
        sheet = self._sheet
        cell = row.cells[index] if index < len(row.cells) else None
        column = sheet.columns[index] if index < len(sheet.columns) else None
        if column is None and cell is not None and not sheet.is_left_out(index):
            raise CellError("importing.no-heading")
        if column is not None and cell is not None:
            _add(values, _value(column, in_utc(usable(cell)) if index == self._sent else usable(cell)))
        elif column is not None and column.required:
            raise CellError("importing.empty")

    def _placed(self, row: int, fault: Fault) -> Fault:
        """The fault of an entry, at the cell that holds its field (the first column where none does)."""
        index = self._sheet.index(fault.field)
        if index is None and fault.field in ("lon", "lat"):
            index = self._sheet.index("place")
        place = cell_place(self._sheet.table, row, index or 0)
        return Fault(fault.field, fault.problem.at(place), fault.private)

    def _refuse(self, row: int, faults: list[Fault]) -> None:
        self.faults += faults
        if faults:
            self._refused.add(row)


def _is_when_sent(heading: str) -> bool:
    """Whether a survey program wrote a column itself: when a form reached its server, in UTC."""
    return heading_key(heading) in ("submission time", "submissiondate")


def _value(column: Column, cell: Cell) -> dict[str, Any]:
    """The field that a cell fills; 'lat, lon' in a column for one of them is a place."""
    try:
        return {column.field: column.read(cell)}
    except CellError:
        if column.field not in _COORDINATES or not isinstance(cell, str):
            raise
        try:
            return {"place": as_point(cell)}
        except CellError:
            pass
        raise


def _add(values: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Add what a cell says to the values of its row.

    Raises
    ------
    CellError
        It is a second place of the row: each of two columns holds both coordinates, and they differ.
    """
    one, other = values.get("place"), more.get("place")
    if one and other and any(abs(a - b) > _SAME_DEGREES for a, b in zip(one, other, strict=True)):
        places = (dict(zip(_COORDINATES, place, strict=True)) for place in (one, other))
        raise CellError("importing.two-places", one=_shown(next(places)), other=_shown(next(places)))
    values |= more


def _placed_once(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with one place: survey programs give it in one cell and again in two.

    Raises
    ------
    CellError
        The places differ.
    """
    found = {name: value for name, value in values.items() if name != "place"}
    if "place" in values:
        place = dict(zip(_COORDINATES, values["place"], strict=True))
        if any(abs(found.get(name, value) - value) > _SAME_DEGREES for name, value in place.items()):
            raise CellError("importing.two-places", one=_shown(place), other=_shown(place | found))
        found = place | found
    return found


def _shown(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{values[name]:.6g}" for name in reversed(_COORDINATES))
