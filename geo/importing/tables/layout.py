"""Where the table stands in a sheet: below titles, above totals and signatures, with merged cells and running numbers.

What is passed over is noted with its reason, so that every row of a file is read, passed over or refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from geo.importing.tables.model import LIMITS, BadCell, Book, Cell, Limits, Row, Seen, Sheet, Span, is_blank, refused
from geo.importing.tables.open import open_book
from geo.reference.names import plain

Recognise = Callable[[str], str | None]
"""A heading → the field that it names; None where it is none."""

_LOOKED_AT = 50
"""The headings stand among the first so many rows that are not blank."""
_GUIDES = ("huong dan", "danh muc", "giai thich")
"""Sheets of templates that hold no data."""
_TOTAL = re.compile(r"(?:tong(?: cong| so)?|cong(?: don| lai)?|total|sum|grand total)\b")
_SIGNED = re.compile(
    r".*\bngay\s*[\d.…]*\s*thang\b.*|(?:nguoi lap|lap bieu|thu truong|chu tich|pho chu tich|giam doc|pho giam doc|"
    r"truong phong|can bo|nguoi tong hop|ke toan|tm\.?|kt\.?|tl\.?|tuq\.?|noi nhan|\(?ky\b|\(da ky\)|ghi chu:).*"
)
_COUNTED = re.compile(r"(?a)\d{1,6}(?:\.0*)?")
_NUMBERING = re.compile(r"\(?\d{1,2}\)?|[a-z]")


@dataclass(frozen=True, slots=True)
class Table:
    """A file as a table: `name` and `digest` of the file, the `sheet` ('' for text), headings, and `rows` (read once).

    `seen` says what was passed over; it is complete when all rows were read.
    """

    name: str
    digest: str
    sheet: str
    header_row: int
    header: tuple[str, ...]
    rows: Iterator[Row]
    seen: Seen


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
    book: Book, recognise: Recognise = lambda _: None, needed: Collection[str] = (), figures: Collection[str] = ()
) -> Table:
    """The table of the first sheet in which headings are recognised, else of the first sheet that holds something.

    `needed`: the fields that every row of data fills, which totals and signatures leave blank. `figures`: the
    fields of which one merged cell can't stand for several rows.

    Raises
    ------
    InputError
        No sheet holds a row.
    """
    begun = [(sheet, _Start.of(sheet, recognise)) for sheet in book.sheets]
    filled = [(sheet, start) for sheet, start in begun if start.first]
    if not filled:
        raise refused("importing.no-rows", book.name)
    sheet, start = max(filled, key=lambda pair: (min(pair[1].score, 2), not pair[0].hidden))
    others = [other.name for other, _ in filled if other is not sheet and plain(other.name) not in _GUIDES]
    seen = Seen(other_sheets=tuple(others))
    layout = _Layout(start, sheet, recognise, frozenset(needed), frozenset(figures), seen)
    name = sheet.name if len(book.sheets) > 1 else ""
    return Table(book.name, book.digest, name, start.header_row, start.header, layout.rows(), seen)


@dataclass(frozen=True, slots=True)
class _Start:
    """The first rows of a sheet, and which of them are the headings: `height` rows from `at`, `score` recognised."""

    first: list[Row]
    at: int
    height: int
    score: int
    header: tuple[str, ...]

    @classmethod
    def of(cls, sheet: Sheet, recognise: Recognise) -> _Start:
        first = list(islice(sheet.rows, _LOOKED_AT))
        best = cls(first, 0, 1, 0, _texts(first[0]) if first else ())
        for at, row in enumerate(first):
            for header, height in _headers(row, first[at + 1 :][:1], recognise):
                score = len({recognise(text) for text in header} - {None})
                if score >= 2 and score > best.score:
                    best = cls(first, at, height, score, header)
        return best

    @property
    def header_row(self) -> int:
        return self.first[self.at + self.height - 1].number


def _headers(row: Row, below: Sequence[Row], recognise: Recognise) -> Iterator[tuple[tuple[str, ...], int]]:
    """A row as headings, and with the row below it where that names parts of it (*Tọa độ*: *Kinh độ*, *Vĩ độ*)."""
    upper = _texts(row)
    yield upper, 1
    for row_below in below:
        lower = _texts(row_below)
        if any(lower) and all(recognise(text) for text in lower if text):
            width = max(len(upper), len(lower))
            pairs = zip(_padded(lower, width), _padded(upper, width), strict=True)
            yield tuple(part or whole for part, whole in pairs), 2


def _texts(row: Row) -> tuple[str, ...]:
    return tuple("" if cell is None or isinstance(cell, BadCell) else str(cell).strip() for cell in row.cells)


def _padded(texts: tuple[str, ...], width: int) -> tuple[str, ...]:
    return texts + ("",) * (width - len(texts))


class _Layout:
    """Separates data from what stands around it, row by row."""

    def __init__(
        self,
        start: _Start,
        sheet: Sheet,
        recognise: Recognise,
        needed: frozenset[str],
        figures: frozenset[str],
        seen: Seen,
    ) -> None:
        self._start, self._sheet, self._recognise, self._seen = start, sheet, recognise, seen
        fields = [recognise(text) for text in start.header]
        self._needed = [index for index, field in enumerate(fields) if field in needed]
        self._figures = {index for index, field in enumerate(fields) if field in figures}
        self._numbers = {index for index, text in enumerate(start.header) if is_running_number(text)}
        self._open: list[tuple[Span, Cell]] = []
        self._signed = False

    def rows(self) -> Iterator[Row]:
        """The rows of data."""
        start, seen = self._start, self._seen
        for row in start.first[: start.at]:
            self._pass(row, "importing.passed-title")
        for place, row in enumerate(chain(start.first[start.at + start.height :], self._sheet.rows)):
            filled = self._filled(row)
            why = self._why(filled, first=place == 0)
            if why:
                self._pass(row, why)
                continue
            seen.rows += 1
            seen.formulas += row.formulas
            if row.hidden:
                seen.hidden.append(row.number)
            yield filled

    def _pass(self, row: Row, why: str) -> None:
        self._seen.rows += 1
        self._seen.passed[row.number] = why

    def _why(self, row: Row, *, first: bool) -> str:
        """The code of why a row is no data; '' where it is."""
        if self._is_numbered_only(row):
            return "importing.passed-blank"
        if first and self._numbers_columns(row):
            return "importing.passed-numbering"
        if self._repeats_headings(row):
            return "importing.passed-heading"
        if self._is_data(row):
            self._signed = False
            return ""
        texts = [plain(text) for text in _texts(row) if text]
        if any(_TOTAL.match(text) for text in texts):
            return "importing.passed-total"
        self._signed = self._signed or any(_SIGNED.fullmatch(text) for text in texts)
        return "importing.passed-signature" if self._signed else ""

    def _numbers_columns(self, row: Row) -> bool:
        """Whether a row numbers the columns, as forms do below their headings: (1), (2), (3) or A, B, 1, 2."""
        texts = [plain(text) for text in _texts(row) if text]
        return len(texts) >= 3 and all(_NUMBERING.fullmatch(text) for text in texts)

    def _is_numbered_only(self, row: Row) -> bool:
        """Whether a row holds nothing but its running number, as lines of a form that were not filled."""
        filled = [(index, str(cell)) for index, cell in enumerate(row.cells) if not is_blank(cell)]
        return all(index in self._numbers and _COUNTED.fullmatch(text) for index, text in filled)

    def _repeats_headings(self, row: Row) -> bool:
        """Whether every cell says what the heading of its column says, as at the top of each printed page."""
        header = _padded(self._start.header, len(row.cells))
        filled = [(str(cell), heading) for cell, heading in zip(row.cells, header, strict=False) if not is_blank(cell)]
        return len(filled) >= 2 and all(plain(text) == plain(heading) for text, heading in filled)

    def _is_data(self, row: Row) -> bool:
        """Whether at least half of what every row of data holds is there."""
        held = sum(index < len(row.cells) and not is_blank(row.cells[index]) for index in self._needed)
        return 2 * held >= len(self._needed)

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


def is_running_number(heading: str) -> bool:
    """Whether a column of this heading holds running numbers (*số thứ tự*)."""
    return plain(heading).strip(" .:()") in ("stt", "tt", "so tt", "so thu tu", "no", "#", "index")
