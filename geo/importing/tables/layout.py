"""Where the table stands in a sheet: below titles, above totals and signatures, with merged cells and running numbers.

What is passed over is noted with its reason, so that every row of a file is read, passed over or refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.importing.tables.model import (
    LIMITS,
    BadCell,
    Book,
    Cell,
    Limits,
    Row,
    Seen,
    Sheet,
    Span,
    is_blank,
    serial_day,
)
from geo.importing.tables.open import open_book
from geo.importing.tables.sheets import Recognise, Start, chosen_sheet, padded, texts_of
from geo.importing.tables.written.runs import STRUCK
from geo.reference.names import plain

_TOTAL = re.compile(
    r"(?:(?:[ivx\d]{1,4}|[a-d])[.)] ?)?(?:tong(?: cong| so)?|cong(?: don| lai)?|luy ke|total|sum|grand total)\b"
)
_TOTAL_ALONE = re.compile(
    rf"{_TOTAL.pattern}(?: (?:toan |ca )?(?:thanh pho|tp|tinh|huyen|quan))?(?: \d{{1,4}} (?:xa|phuong|don vi)[, a-z]*)?"
    r"[ :.]*(?:\(.*\))?[ :.]*"
)
_SIGNED = re.compile(
    r".*\bngay\s*[\d.…]*\s*thang\b.*|(?:nguoi lap|lap bieu|thu truong|chu tich|pho chu tich|giam doc|pho giam doc|"
    r"truong phong|can bo|nguoi tong hop|ke toan|tm\.?|kt\.?|tl\.?|tuq\.?|noi nhan|\(?ky\b|\(da ky\)|ghi chu:).*"
)
_COUNTED = re.compile(r"(?a)\d{1,6}(?:\.0*)?")
_LEAST_HEADINGS = 3
_BELOW = "importing.passed-signature"
_NUMBERING = re.compile(r"\(?\d{1,2}\)?|[a-z]")
UnitsOf = Callable[[Sequence[Cell]], tuple[str, ...] | None]
"""The cells of a row → the unit that each names; None of a row that is none of units."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file as a table: `name` and `digest` of the file, the `sheet` ('' for text), headings, and `rows` (read once).

    `seen` says what was passed over; it is complete when all rows were read, its titles from the start. `groups`: what
    stands above headings of two rows, '' where nothing does. `units`: what a row of units below them says of columns.
    """

    name: str
    digest: str
    sheet: str
    header_row: int
    header: tuple[str, ...]
    rows: Iterator[Row]
    seen: Seen
    groups: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


def open_table(
    path: str | Path,
    limits: Limits = LIMITS,
    recognise: Recognise = lambda _: None,
    needed: Collection[str] = (),
    figures: Collection[str] = (),
) -> Table:
    """The table of a file; see `find_table`. Errors as `open_book`, or there is no row in it."""
    return find_table(open_book(path, limits), recognise, needed, figures)


def find_table(
    book: Book,
    recognise: Recognise = lambda _: None,
    needed: Collection[str] = (),
    figures: Collection[str] = (),
    wanted: str = "",
    days: Collection[str] = (),
    units: UnitsOf = lambda _: None,
) -> Table:
    """The table of the sheet that fits best (`chosen_sheet`), or of the one whose name is `wanted`.

    `needed`: the fields that every row of data fills, which totals and signatures leave blank. `figures`: the
    fields of which one merged cell can't stand for several rows. `days`: those of days, in which a number of a workbook
    is one by its calendar. `units`: what tells a row of units (`geo.importing.headings.unit_rows`).

    Raises
    ------
    InputError
        No sheet holds a row, or there is none of the name; and, while rows are read, a second table begins.
    """
    sheet, start, seen = chosen_sheet(book, recognise, frozenset(needed), wanted)
    of = _Fields(frozenset(needed), frozenset(figures), frozenset(days))
    below = _unit_row(start, units)
    layout = _Layout(start, sheet, recognise, of, seen, book.name, units_at=below[0])
    name = sheet.name if len(book.sheets) > 1 else ""
    about = (book.name, book.digest, name, start.header_row, start.header)
    return Table(*about, layout.rows(), seen, start.groups, below[1])


def _unit_row(start: Start, units: UnitsOf) -> tuple[int, tuple[str, ...]]:
    """The number of the row of units and what it says, column by column; 0 and nothing where there is none.

    It stands right below the headings, or below a row that numbers them.
    """
    for row in start.first[start.at + start.height :][:2]:
        found = units(row.cells)
        if found is not None:
            return row.number, padded(found, len(start.header))
        if not numbers_columns(row):
            break
    return 0, ()


class _Fields(NamedTuple):
    """Fields that every row fills, that are figures, and that are days."""

    needed: frozenset[str]
    figures: frozenset[str]
    days: frozenset[str]


class _Layout:
    """Separates data from what stands around it, row by row."""

    def __init__(
        self,
        start: Start,
        sheet: Sheet,
        recognise: Recognise,
        of: _Fields,
        seen: Seen,
        file: str,
        *,
        units_at: int = 0,
    ) -> None:
        self._units_at = units_at
        self._file = file
        self._start, self._sheet, self._recognise, self._seen = start, sheet, recognise, seen
        fields = [recognise(text) for text in start.header]
        self._needed = [index for index, field in enumerate(fields) if field in of.needed]
        self._figures = {index for index, field in enumerate(fields) if field in of.figures}
        self._days = {index for index, field in enumerate(fields) if field in of.days} if sheet.epoch else set()
        hidden = (index for index in sorted(sheet.hidden_columns) if index < len(fields) and fields[index])
        seen.hidden_columns += [(index, start.header[index]) for index in hidden]
        self._numbers = {index for index, text in enumerate(start.header) if is_running_number(text)}
        self._open: list[tuple[Span, Cell]] = []
        self._signed = False
        for row in start.first[: start.at]:
            seen.titles += filter(None, texts_of(row))

    def rows(self) -> Iterator[Row]:
        """The rows of data."""
        start, seen = self._start, self._seen
        for row in start.first[: start.at + start.height]:
            seen.old_fonts.update(row.old_fonts)
        for row in start.first[: start.at]:
            self._pass(row, "importing.passed-title")
        is_below = True
        for row in chain(start.first[start.at + start.height :], self._sheet.rows):
            filled = self._filled(row)
            why = self._why(filled, first=is_below)
            is_below = row.number == self._units_at
            if why:
                self._pass(row, why)
                seen.below += filter(None, texts_of(row)) if why == _BELOW else ()
                continue
            seen.rows += 1
            seen.formulas += row.formulas
            seen.old_fonts.update(row.old_fonts)
            if row.hidden:
                seen.hidden.append(row.number)
            yield self._with_days(filled)

    def _with_days(self, row: Row) -> Row:
        """The row with its serial numbers as days, by the calendar of the workbook."""
        if not self._days:
            return row
        cells = (day_cell(cell, self._sheet) if index in self._days else cell for index, cell in enumerate(row.cells))
        return row._replace(cells=tuple(cells))

    def _pass(self, row: Row, why: str) -> None:
        self._seen.rows += 1
        self._seen.passed[row.number] = why

    def _why(self, row: Row, *, first: bool) -> str:
        """The code of why a row is no data; '' where it is."""
        if why := self._of_form(row, first=first):
            return why
        self._check_second_table(row)
        if self._held(row) < len(self._needed) and says_total(row):
            return "importing.passed-total"
        if self._is_data(row):
            self._signed = False
            return ""
        texts = [plain(text) for text in texts_of(row) if text]
        if any(_TOTAL.match(text) for text in texts):
            return "importing.passed-total"
        self._signed = self._signed or any(_SIGNED.fullmatch(text) for text in texts)
        return _BELOW if self._signed else ""

    def _of_form(self, row: Row, *, first: bool) -> str:
        """The code of why a row belongs to the form: not filled, struck out, or it numbers or repeats the headings."""
        if is_struck_out(row):
            return "importing.passed-struck"
        if self._is_numbered_only(row):
            return "importing.passed-blank"
        if row.number == self._units_at:
            return "importing.passed-units"
        if first and numbers_columns(row):
            return "importing.passed-numbering"
        return "importing.passed-heading" if self._repeats_headings(row) else ""

    def _is_numbered_only(self, row: Row) -> bool:
        """Whether a row holds nothing but its running number, as lines of a form that were not filled."""
        filled = [(index, str(cell)) for index, cell in enumerate(row.cells) if not is_blank(cell)]
        return all(index in self._numbers and _COUNTED.fullmatch(text) for index, text in filled)

    def _repeats_headings(self, row: Row) -> bool:
        """Whether every cell says what the heading of its column says, as at the top of each printed page.

        Or another heading of the same field: forms in two languages have both, one below the other.
        """
        header = padded(self._start.header, len(row.cells))
        filled = [(str(cell), heading) for cell, heading in zip(row.cells, header, strict=False) if not is_blank(cell)]
        return len(filled) >= 2 and all(self._are_alike(text, heading) for text, heading in filled)

    def _are_alike(self, text: str, heading: str) -> bool:
        if plain(text) == plain(heading):
            return True
        field = self._recognise(text)
        return field is not None and field == self._recognise(heading)

    def _check_second_table(self, row: Row) -> None:
        """Refuse a row of other headings: what stands below it is another table, and would be read by these.

        Raises
        ------
        InputError
            It names several fields, and little else.
        """
        texts = [text for text in texts_of(row) if text]
        named = {field for text in texts if (field := self._recognise(text)) is not None}
        if len(named) >= _LEAST_HEADINGS and 2 * len(named) > len(texts):
            where = Message("place.row", file=self._file, row=row.number)
            raise InputError(Problem("importing.second-table", where, columns=texts[:12]))

    def _is_data(self, row: Row) -> bool:
        """Whether at least half of what every row of data holds is there."""
        return 2 * self._held(row) >= len(self._needed)

    def _held(self, row: Row) -> int:
        """How much of what every row of data holds is there."""
        return sum(index < len(row.cells) and not is_blank(row.cells[index]) for index in self._needed)

    def _filled(self, row: Row) -> Row:
        """The row with what stands in merged cells that began above it."""
        self._open = [(span, cell) for span, cell in self._open if span.last_row >= row.number]
        cells = list(row.cells)
        for span, cell in self._open:
            cells += [None] * (span.column + 1 - len(cells))
            if cells[span.column] is None:
                cells[span.column] = BadCell("importing.merged-figure") if span.column in self._figures else cell
                self._seen.merged += 1
        for span in self._sheet.spans.get(row.number, ()):
            if span.column < len(row.cells) and row.cells[span.column] is not None:
                self._open.append((span, row.cells[span.column]))
        return row._replace(cells=tuple(cells))


def day_cell(cell: Cell, sheet: Sheet) -> Cell:
    """A cell in which a day stands: a serial number of a workbook as its day."""
    if sheet.epoch is None or isinstance(cell, bool) or not isinstance(cell, int | float):
        return cell
    return serial_day(cell, sheet.epoch) or cell


def numbers_columns(row: Row) -> bool:
    """Whether a row numbers the columns, as forms do below their headings: (1), (2), (3) or A, B, 1, 2."""
    texts = [plain(text) for text in texts_of(row) if text]
    return len(texts) >= 3 and all(_NUMBERING.fullmatch(text) for text in texts)


def is_struck_out(row: Row) -> bool:
    """Whether all that a row holds is struck out, as offices cancel one."""
    filled = [cell for cell in row.cells if not is_blank(cell)]
    return bool(filled) and all(isinstance(cell, BadCell) and cell.code == STRUCK for cell in filled)


def says_total(row: Row) -> bool:
    """Whether the first cell of a row, running numbers aside, says 'total' and nothing else: *Cộng Hòa* is a name."""
    return is_total(next((text for text in texts_of(row) if text and not _COUNTED.fullmatch(text)), ""))


def is_total(text: str) -> bool:
    """Whether a text says 'total' and nothing else.

    >>> is_total("Tổng cộng toàn thành phố"), is_total("Cộng Hòa")
    (True, False)
    """
    return bool(_TOTAL_ALONE.fullmatch(plain(text)))


def is_running_number(heading: str) -> bool:
    """Whether a column of this heading holds running numbers (*số thứ tự*)."""
    return plain(heading).strip(" .:()") in ("stt", "tt", "so tt", "so thu tu", "no", "#", "index")
