"""What a file of tables holds: sheets of rows of cells, and how large they may be."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from geo.errors import InputError, Problem

EPOCH_1900, EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
"""Day 0 of spreadsheets, and of workbooks whose calendar begins in 1904."""
_SERIALS = (date(1990, 1, 1), date(2099, 12, 31))
"""Days that a serial number may be."""

Scalar = str | float | bool | date | None


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that can't be used: the code of the message that says why, with its parameters.

    `text`: what may be shown of it where no value rests on it, as in titles and headings.
    """

    code: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""

    def __str__(self) -> str:
        return self.text


Cell = Scalar | BadCell


class Row(NamedTuple):
    """A row: its number as a spreadsheet shows it, its cells, whether it is hidden, how many cells are formulas with
    a value.

    `old_fonts` names the encodings of the cells that were not Unicode, one each; `struck` are the columns of cells that
    are struck out as a whole.
    """

    number: int
    cells: tuple[Cell, ...]
    hidden: bool = False
    formulas: int = 0
    old_fonts: tuple[str, ...] = ()
    struck: frozenset[int] = frozenset()


class Span(NamedTuple):
    """A merged cell that runs down: its column (from 0) and its last row. What stands in it is in its first row."""

    column: int
    last_row: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its `name` ('' for a text file), its `rows` (read once), its merged cells by their first row.

    `spans` may be filled while the rows are read, before the row in which a merged cell begins comes, and so may
    `hidden_columns` (from 0), before the first row. `epoch`: day 0 of a workbook, None for a text file.
    """

    name: str
    rows: Iterator[Row]
    spans: Mapping[int, list[Span]] = field(default_factory=lambda: defaultdict(list))
    hidden: bool = False
    hidden_columns: set[int] = field(default_factory=set)
    epoch: date | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """A file: `name`, SHA-256 `digest`, and its sheets that are not empty of rows."""

    name: str
    digest: str
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be: bytes as stored and as unpacked, how many times it may unpack, rows, columns, cells.

    `max_blank_rows`: a file may hold a million blank rows. `max_cells` counts blank cells too, which a spreadsheet
    stores where somebody coloured whole columns. `max_strings`: the texts, and the styles, that a workbook lists once
    for all its cells; a reader takes them all before the first row. `seconds`: how long a reader may take; it runs in a
    process of its own then, which is ended. Without an end it runs in this one.
    """

    max_bytes: int = 128 * 1024 * 1024
    max_unpacked: int = 512 * 1024 * 1024
    max_ratio: int = 200
    max_rows: int = 1_048_576
    max_blank_rows: int = 20_000
    max_columns: int = 64
    max_cells: int = 20_000_000
    max_text: int = 32_767
    max_strings: int = 2_000_000
    seconds: float | None = None


LIMITS = Limits()


@dataclass(slots=True)
class Seen:
    """What was met while the rows of a table were read; complete once all of them were.

    `passed`: rows that were passed over, number → code of the message that says why.
    `hidden`: numbers of hidden rows; `hidden_columns`: those that are read, with their headings; `formulas`: cells
    whose stored value was taken; `merged`: cells filled from above; `old_fonts`: cells that were in the encoding of a
    font before Unicode, by its name. `titles`: what stands above the headings; `below`: the notes below
    the rows.
    `sheet` is read, `other_sheets` are not; `tables_beside` are those of them that fit as well, `hidden_sheets` those
    of all that are hidden.
    """

    rows: int = 0
    passed: dict[int, str] = field(default_factory=dict)
    hidden: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, str]] = field(default_factory=list)
    formulas: int = 0
    merged: int = 0
    old_fonts: Counter[str] = field(default_factory=Counter)
    titles: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    sheet: str = ""
    other_sheets: tuple[str, ...] = ()
    tables_beside: tuple[str, ...] = ()
    hidden_sheets: tuple[str, ...] = ()

    @property
    def sheets(self) -> tuple[str, ...]:
        """The sheets among which to choose, that which is read first; none where there is no choice."""
        return (self.sheet, *self.other_sheets) if self.other_sheets else ()


def is_blank(cell: object) -> bool:
    """Whether a cell says nothing; 0 says something."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def plain_cell(value: object, limits: Limits) -> Cell:
    """A value of a workbook as a cell: text NFC without blanks around it, days without their time."""
    if isinstance(value, str):
        return text_cell(value, limits)
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, bool | int | float | date):
        return value
    return BadCell("importing.time-of-day")


def serial_day(value: float, epoch: date) -> date | None:
    """The day of a serial number; None where it is none of this century, or of the one before its end.

    >>> serial_day(46029.5, EPOCH_1900), serial_day(44573, EPOCH_1904), serial_day(2026, EPOCH_1900)
    (datetime.date(2026, 1, 7), datetime.date(2026, 1, 13), None)
    """
    first, last = ((day - epoch).days for day in _SERIALS)
    return epoch + timedelta(days=int(value)) if first <= value < last + 1 else None


def text_cell(value: str, limits: Limits) -> Cell:
    """A text as a cell; None where it is blank."""
    text = unicodedata.normalize("NFC", value).strip()
    if len(text) > limits.max_text:
        return BadCell("importing.long-text", {"count": len(text), "most": limits.max_text})
    return text or None


def refused(code: str, name: str, /, **parameters: object) -> InputError:
    """The error that refuses a whole file."""
    return InputError(Problem(code, name, **parameters))
