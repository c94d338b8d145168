"""A file as its sheets: the reader is chosen by what the file is, its ending only says what it may be."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from geo.errors import InputError
from geo.files import read_bytes
from geo.importing.apart import read_apart
from geo.importing.tables.model import LIMITS, Book, Limits, Row, Sheet, Span, refused
from geo.importing.tables.ods import ods_sheets
from geo.importing.tables.old_fonts import FontOfSheet
from geo.importing.tables.text import text_sheets
from geo.importing.tables.xls import xls_sheets
from geo.importing.tables.xlsx import xlsx_sheets

_MARKUP = re.compile(rb"\s*<(?:!doctype|!--|\?xml|html|head|meta|style|table)\b", re.I)
"""Web pages and XML, which many systems write and call .xls; spreadsheets open them, with a warning."""
_BOOKS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
Reader = Callable[[bytes, Path, Limits], list[Sheet]]
_READERS: dict[str, Reader] = {
    ".csv": text_sheets,
    ".tsv": text_sheets,
    ".txt": text_sheets,
    ".xlsx": xlsx_sheets,
    ".xlsm": xlsx_sheets,
    ".xls": xls_sheets,
    ".ods": ods_sheets,
}
ENDINGS = tuple(_READERS)
"""The endings of files that can be read."""


def open_book(path: str | Path, limits: Limits = LIMITS) -> Book:
    """The sheets of a `.csv`, `.tsv`, `.txt`, `.xlsx`, `.xlsm`, `.xls` or `.ods` file.

    Text: UTF-8, UTF-16, CP1258, TCVN3 or VNI; comma, semicolon, tab or bar. Cells of workbooks in the encoding of an
    old font are converted.

    Raises
    ------
    DataFileMissingError
        The file is not there or can't be read.
    InputError
        It is too large, of another kind or encoding, or damaged. Iterating the rows of its sheets raises it too.
    """
    if limits.seconds is not None:
        return _book_apart(Path(path), replace(limits, seconds=None), limits.seconds)
    path = Path(path)
    kind = path.suffix.lower()
    if kind not in _READERS:
        raise refused("importing.other-kind" if kind else "importing.no-ending", path.name, ending=kind)
    if path.is_file() and path.stat().st_size > limits.max_bytes:
        raise refused("importing.too-large", path.name, megabytes=limits.max_bytes // 1_000_000)
    data = read_bytes(path)
    if _MARKUP.match(data[:2000].removeprefix(codecs.BOM_UTF8)):
        raise refused("importing.markup-not-table", path.name)
    sheets = tuple(
        replace(sheet, rows=_within(sheet.rows, path, limits)) for sheet in _reader(kind, data)(data, path, limits)
    )
    return Book(path.name, f"sha256:{hashlib.sha256(data).hexdigest()}", sheets)


def _reader(kind: str, data: bytes) -> Reader:
    """Files come under the name of another kind: workbooks of one kind or the other, and plain text.

    Names of parts stand in them as they are: UTF-16 in old workbooks, where one with a password has no book; ASCII in
    archives.
    """
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return xls_sheets if kind == ".xls" or any(name in data for name in _BOOKS) else xlsx_sheets
    if data.startswith(b"PK\x03\x04"):
        is_ods = b"content.xml" in data and b"xl/workbook.xml" not in data
        return ods_sheets if is_ods else xlsx_sheets
    return text_sheets if kind == ".xls" else _READERS[kind]


def _within(rows: Iterator[Row], path: Path, limits: Limits) -> Iterator[Row]:
    """The rows that are not blank, without blank cells at their end, as long as they are within the limits."""
    blank, font = 0, FontOfSheet()
    for row in rows:
        end = len(row.cells)
        while end and row.cells[end - 1] is None:
            end -= 1
        blank = 0 if end else blank + 1
        if blank > limits.max_blank_rows:
            raise refused("importing.blank-rows", path.name, most=limits.max_blank_rows)
        if row.number > limits.max_rows and end:
            raise refused("importing.too-many-rows", path.name, most=limits.max_rows)
        if end > limits.max_columns:
            raise refused("importing.too-many-columns", path.name, row=str(row.number), most=limits.max_columns)
        if end:
            yield font.in_unicode(row._replace(cells=row.cells[:end]))


# ---- in a process of its own (`geo.importing.apart`)


@dataclass(frozen=True, slots=True)
class _SheetRead:
    """A sheet that was read to its end; `error` came after its `rows`."""

    name: str
    rows: tuple[Row, ...]
    spans: Mapping[int, list[Span]]
    hidden: bool
    hidden_columns: set[int]
    epoch: date | None
    error: InputError | None


def _book_apart(path: Path, limits: Limits, seconds: float) -> Book:
    """The book of a file, read there as a whole; errors as `open_book` and `read_apart`."""
    name, digest, sheets = read_apart(seconds, path.name, _whole, path, limits)
    return Book(name, digest, tuple(map(_sheet, sheets)))


def _whole(path: Path, limits: Limits) -> tuple[str, str, list[_SheetRead]]:
    book = open_book(path, limits)
    return book.name, book.digest, [_read(sheet) for sheet in book.sheets]


def _read(sheet: Sheet) -> _SheetRead:
    rows: list[Row] = []
    error = None
    try:
        rows.extend(sheet.rows)
    except InputError as found:  # of a sheet that perhaps nobody wants
        error = found
    return _SheetRead(
        sheet.name, tuple(rows), dict(sheet.spans), sheet.hidden, sheet.hidden_columns, sheet.epoch, error
    )


def _sheet(found: _SheetRead) -> Sheet:
    spans = defaultdict(list, found.spans)
    return Sheet(found.name, _rows(found), spans, found.hidden, found.hidden_columns, found.epoch)


def _rows(found: _SheetRead) -> Iterator[Row]:
    yield from found.rows
    if found.error is not None:
        raise found.error
