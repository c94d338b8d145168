"""A book of tables read in a process of its own, so that its reader can be ended (`geo.importing.apart`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from geo.errors import InputError
from geo.importing.apart import read_apart
from geo.importing.tables.model import Book, Limits, Row, Sheet, Span

Reader = Callable[[Path, Limits], Book]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet that was read; `error` came after its `rows`."""

    name: str
    rows: tuple[Row, ...]
    spans: Mapping[int, list[Span]]
    hidden: bool
    error: InputError | None


def book_apart(read: Reader, path: Path, limits: Limits, seconds: float) -> Book:
    """The book that `read` makes of a file, read there to its end; errors as `read` and `read_apart`."""
    name, digest, sheets = read_apart(seconds, path.name, _whole, read, path, limits)
    return Book(name, digest, tuple(map(_sheet, sheets)))


def _whole(read: Reader, path: Path, limits: Limits) -> tuple[str, str, list[_Sheet]]:
    book = read(path, limits)
    return book.name, book.digest, [_read(sheet) for sheet in book.sheets]


def _read(sheet: Sheet) -> _Sheet:
    rows: list[Row] = []
    error = None
    try:
        rows.extend(sheet.rows)
    except InputError as found:  # of a sheet that perhaps nobody wants
        error = found
    return _Sheet(sheet.name, tuple(rows), dict(sheet.spans), sheet.hidden, error)


def _sheet(found: _Sheet) -> Sheet:
    return Sheet(found.name, _rows(found), defaultdict(list, found.spans), found.hidden)


def _rows(found: _Sheet) -> Iterator[Row]:
    yield from found.rows
    if found.error is not None:
        raise found.error
