"""Tables out of CSV and XLSX files that may be anything: within limits, and with a reason where they can't be read.

A file is read as rows of cells; nothing in it is run: a formula, a macro, an external link or an XML entity is refused.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from geo.errors import InputError, Problem
from geo.files import read_bytes

Scalar = str | float | bool | date | None


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that can't be used, with the reason and the remedy."""

    what: str
    remedy: str


Cell = Scalar | BadCell
Row = tuple[int, tuple[Cell, ...]]
"""Number of the row as a spreadsheet shows it, and its cells."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be: bytes as stored and as unpacked, how many times it may unpack, rows, columns.

    `max_blank_rows`: a row with a far number, as a broken file may claim, makes a million blank ones before it.
    """

    max_bytes: int = 128 * 1024 * 1024
    max_unpacked: int = 512 * 1024 * 1024
    max_ratio: int = 200
    max_rows: int = 1_048_576
    max_blank_rows: int = 20_000
    max_columns: int = 64


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Table:
    """A file as a table: `name` and SHA-256 `digest` of the file, the `header` with its row number, and the `rows`."""

    name: str
    digest: str
    header_row: int
    header: tuple[str, ...]
    rows: Iterator[Row]


def open_table(path: str | Path, limits: Limits = LIMITS) -> Table:
    """The table of a `.csv` or `.xlsx` file; its first row that is not blank is the header. Blank rows are left out.

    CSV: UTF-8, UTF-16 with a byte order mark, or CP1258; comma, semicolon or tab. XLSX: the first sheet.

    Raises
    ------
    DataFileMissingError
        The file is not there or can't be read.
    InputError
        It is too large, of another kind or encoding, damaged, or empty. Iterating `rows` raises it too.
    """
    path = Path(path)
    kind = path.suffix.lower()
    if kind not in _READERS:
        raise _refused(path, f"is a '{kind}' file" if kind else "has no ending", "save it as .xlsx or .csv")
    if path.is_file() and path.stat().st_size > limits.max_bytes:
        raise _refused(path, f"is larger than {limits.max_bytes // 1024**2} MB", "split it into several files")
    data = read_bytes(path)
    rows = _within(_READERS[kind](data, path, limits), path, limits)
    first = next(rows, None)
    if first is None:
        raise _refused(path, "holds no rows", "begin with a row of headings; see the template")
    header = tuple("" if cell is None else str(cell).strip() for cell in first[1])
    return Table(path.name, f"sha256:{hashlib.sha256(data).hexdigest()}", first[0], header, rows)


def decoded(data: bytes, path: Path) -> str:
    """The text of a CSV file, NFC.

    Raises
    ------
    InputError
        It is in none of UTF-8, UTF-16 with a byte order mark, CP1258.
    """
    marks = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
    named = next((name for mark, name in marks.items() if data.startswith(mark)), None)
    for encoding in [named] if named else ["utf-8", "cp1258"]:
        try:
            text = unicodedata.normalize("NFC", data.decode(encoding))
        except UnicodeDecodeError:
            continue
        if "\0" not in text and (encoding != "cp1258" or _reads_as_vietnamese(text)):
            return text
    what = "is in an unknown encoding (perhaps TCVN3 or VNI, or not a text at all)"
    raise _refused(path, what, "convert it to Unicode, and save it as 'CSV UTF-8'")


_LETTERS = set("aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệfghiìíỉĩịjklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvwxyỳýỷỹỵz")


def _reads_as_vietnamese(text: str) -> bool:
    """TCVN3 and VNI decode as CP1258 too, but into letters that are not Vietnamese, or capitals inside words."""
    for word in re.findall(r"[^\W\d_]+", text):
        if not set(word.lower()) <= _LETTERS or not (word.islower() or word.isupper() or word[1:].islower()):
            return False
    return not re.search("[\u0300-\u036f]|[^\\W\\d_][\u00a1-\u00bf]", text)


def _csv_rows(data: bytes, path: Path, _: Limits) -> Iterator[Row]:
    text = decoded(data, path)
    head = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, tuple(cell.strip() or None for cell in cells)
    except csv.Error as error:
        raise _refused(
            path, f"is damaged after row {number}: {error}", "open it in a spreadsheet and save it again"
        ) from error


def _xlsx_rows(data: bytes, path: Path, limits: Limits) -> Iterator[Row]:
    _check_archive(data, path, limits)
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    damaged = (InvalidFileException, zipfile.BadZipFile, zlib.error, SyntaxError, LookupError, ValueError, TypeError)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about formatting that is left out
            book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            sheet: Any = book.worksheets[0]
            sheet.reset_dimensions()  # what the file claims about its size is not believed
            for number, cells in enumerate(sheet.iter_rows(max_col=limits.max_columns + 1), start=1):
                yield number, tuple(_cell(cell) for cell in cells)
    except (*damaged, AttributeError, EOFError, OverflowError) as error:
        raise _refused(path, "is no readable XLSX file", "open it in a spreadsheet and save it again") from error


def _cell(cell: Any) -> Cell:
    if cell.data_type == "f":
        return BadCell("is a formula", "copy the column and paste it as values")
    if cell.data_type == "e":
        return BadCell(f"is the error {cell.value}", "correct it")
    value = cell.value
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value).strip() or None
    if value is None or isinstance(value, bool | int | float | date):
        return value
    return BadCell(
        f"is a {type(value).__name__}" if not isinstance(value, time) else "is a time of day", "write it as text"
    )


def _check_archive(data: bytes, path: Path, limits: Limits) -> None:
    """Refuse what could fill the memory or reach outside, before anything is unpacked whole."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise _refused(path, "is an old .xls file or has a password", "save it as .xlsx without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > 1000 or sum(entry.file_size for entry in entries) > limits.max_unpacked:
                raise _refused(
                    path, "unpacks to far more than a table of reports", "save the table alone in a new file"
                )
            for entry in entries:
                _check_entry(archive, entry, path, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise _refused(path, "is no readable XLSX file", "open it in a spreadsheet and save it again") from error


def _check_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path, limits: Limits) -> None:
    if entry.file_size > 1_000_000 and entry.file_size > limits.max_ratio * max(entry.compress_size, 1):
        raise _refused(
            path, "is packed more tightly than any table (a zip bomb?)", "save the table alone in a new file"
        )
    if "vbaproject" in entry.filename.lower():
        raise _refused(path, "holds macros", "save it as .xlsx without macros")
    tail = b""
    with archive.open(entry) as part:
        while chunk := part.read(1 << 20):
            seen = (tail + chunk).replace(b"\0", b"")  # UTF-16 looks like ASCII then
            if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
                raise _refused(path, "holds XML entities", "open it in a spreadsheet and save it again")
            tail = chunk[-32:]


def _within(rows: Iterator[Row], path: Path, limits: Limits) -> Iterator[Row]:
    blank = 0
    for number, cells in rows:
        end = len(cells)
        while end and cells[end - 1] is None:
            end -= 1
        used = cells[:end]
        blank = 0 if used else blank + 1
        if blank > limits.max_blank_rows:
            raise _refused(path, f"holds more than {limits.max_blank_rows:,} blank rows in a row", "delete them")
        if number > limits.max_rows:
            raise _refused(path, f"has more than {limits.max_rows:,} rows", "split it into several files")
        if len(used) > limits.max_columns:
            raise _refused(path, f"row {number} has more than {limits.max_columns} columns", "use the template")
        if used:
            yield number, used


def _refused(path: Path, what: str, remedy: str) -> InputError:
    return InputError(Problem(what, path.name, remedy))


_READERS: dict[str, Callable[[bytes, Path, Limits], Iterator[Row]]] = {".csv": _csv_rows, ".xlsx": _xlsx_rows}
