"""ODS files, as LibreOffice writes them, row by row: only what is filled is unfolded."""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from geo.importing.tables.archive import check_archive, readable
from geo.importing.tables.model import EPOCH_1900, BadCell, Cell, Limits, Row, Sheet, Span, refused, text_cell

_CONTENT = "content.xml"
_TABLE, _OFFICE, _TEXT, _STYLE = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{part}:1.0}}" for part in ("table", "office", "text", "style")
)
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_HIDDEN = ("collapse", "filter")
_MOST_SHEETS = 100


def ods_sheets(data: bytes, path: Path, limits: Limits) -> list[Sheet]:
    """The sheets of an OpenDocument spreadsheet; errors as `xlsx_sheets`."""
    parts = check_archive(data, path, limits, "ODS")
    if _CONTENT not in parts:
        raise refused("importing.unreadable-workbook", path.name, kind="ODS")
    with readable(path, "ODS"), zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read(_CONTENT)
    with readable(path, "ODS"):
        names, epoch = _names(content)
    if not names or len(names) > _MOST_SHEETS:
        raise refused("importing.too-many-sheets" if names else "importing.no-sheet", path.name, most=_MOST_SHEETS)
    read = (_Content(content, number, path, limits) for number in range(len(names)))
    return [_sheet(of, *sheet, epoch) for of, sheet in zip(read, names, strict=True)]


def _events(content: bytes) -> Iterator[tuple[str, Any]]:
    from defusedxml.ElementTree import iterparse

    yield from iterparse(io.BytesIO(content), events=("start", "end"))


def _names(content: bytes) -> tuple[list[tuple[str, bool]], date]:
    """The names of the sheets, and whether each is hidden, as its style says; day 0 of the file."""
    names, hidden, style, epoch = list[tuple[str, bool]](), set[str](), "", EPOCH_1900
    for event, element in _events(content):
        if event == "start" and element.tag == f"{_STYLE}style":
            style = element.get(f"{_STYLE}name", "")
        elif event == "start" and element.tag == f"{_STYLE}table-properties":
            if element.get(f"{_TABLE}display") == "false":
                hidden.add(style)
        elif event == "start" and element.tag == f"{_TABLE}table":
            names.append((element.get(f"{_TABLE}name", ""), element.get(f"{_TABLE}style-name") in hidden))
        elif event == "end" and element.tag == f"{_TABLE}null-date":
            epoch = date.fromisoformat(element.get(f"{_TABLE}date-value", EPOCH_1900.isoformat())[:10])
        elif event == "end":
            element.clear()
    return names, epoch


class _Content(NamedTuple):
    """The content of a file, and the number of the sheet that is wanted of it."""

    content: bytes
    wanted: int
    path: Path
    limits: Limits


def _sheet(of: _Content, name: str, hidden: bool, epoch: date) -> Sheet:
    spans: dict[int, list[Span]] = defaultdict(list)
    columns = set[int]()
    return Sheet(name, _rows(of, spans, columns), spans, hidden, columns, epoch)


def _rows(of: _Content, spans: dict[int, list[Span]], hidden: set[int]) -> Iterator[Row]:
    sheet, number, column = -1, 0, 0
    wanted, limits = of.wanted, of.limits
    with readable(of.path, "ODS"):
        for event, element in _events(of.content):
            if event == "start":
                sheet += element.tag == f"{_TABLE}table"
            elif element.tag == f"{_TABLE}table-column" and sheet == wanted:
                times = min(_repeated(element, "columns"), limits.max_columns)
                hidden |= set(range(column, column + times)) if _is_hidden(element) else set()
                column += times
            elif element.tag == f"{_TABLE}table-row":
                times = _repeated(element, "rows")
                if sheet == wanted:
                    row = _row(element, number + 1, spans, limits)
                    # A million blank rows are one element: they are counted, not unfolded.
                    for again in range(min(times, limits.max_rows + 1) if row.cells else 0):
                        yield row._replace(number=number + 1 + again)
                number += times
                element.clear()
            elif element.tag == f"{_TABLE}table":
                if sheet == wanted:
                    return
                number = 0
                element.clear()


def _row(element: Any, number: int, spans: dict[int, list[Span]], limits: Limits) -> Row:
    cells: list[Cell] = []
    formulas = 0
    for child in element:
        if child.tag not in _CELLS:
            continue
        value = _value(child, limits)
        formulas += child.get(f"{_TABLE}formula") is not None and not isinstance(value, BadCell)
        rows = int(child.get(f"{_TABLE}number-rows-spanned", 1))
        if rows > 1:
            spans[number].append(Span(len(cells), number + rows - 1))
        cells += [value] * min(_repeated(child, "columns"), limits.max_columns + 1 - len(cells))
        if value is not None and cells[-1] is None:  # far to the right: stands beyond the limit, and is refused there
            cells[-1] = value
    while cells and cells[-1] is None:
        cells.pop()
    return Row(number, tuple(cells), _is_hidden(element), formulas)


def _is_hidden(element: Any) -> bool:
    return element.get(f"{_TABLE}visibility") in _HIDDEN


def _repeated(element: Any, what: str) -> int:
    return max(1, int(element.get(f"{_TABLE}number-{what}-repeated", 1)))


def _value(cell: Any, limits: Limits) -> Cell:
    if cell.tag != _CELLS[0]:
        return None
    read = _TYPED.get(cell.get(f"{_OFFICE}value-type"))
    if read is not None:
        return read(cell)
    text = text_cell("\n".join("".join(_texts(line)) for line in cell.iter(f"{_TEXT}p")), limits)
    if cell.get(f"{_TABLE}formula") is None:
        return text
    if text is None:
        return None if cell.get(f"{_OFFICE}value-type") else BadCell("importing.formula-without-value")
    return BadCell("importing.error-cell", {"text": text}) if str(text).startswith("#") else text


def _figure(cell: Any) -> Cell:
    return float(cell.get(f"{_OFFICE}value"))


_TYPED: dict[str | None, Callable[[Any], Cell]] = {
    "float": _figure,
    "percentage": _figure,
    "currency": _figure,
    "date": lambda cell: date.fromisoformat(cell.get(f"{_OFFICE}date-value")[:10]),
    "boolean": lambda cell: bool(cell.get(f"{_OFFICE}boolean-value") == "true"),
    "time": lambda _: BadCell("importing.time-of-day"),
}


def _texts(line: Any) -> Iterator[str]:
    yield line.text or ""
    for child in line:
        if child.tag == f"{_TEXT}s":
            yield " " * min(int(child.get(f"{_TEXT}c", 1)), 100)
        else:
            yield from _texts(child)
        yield child.tail or ""
