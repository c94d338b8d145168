"""ODS files, as LibreOffice writes them, row by row: only what is filled is unfolded."""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from geo.importing.tables.archive import check_archive, readable
from geo.importing.tables.model import EPOCH_1900, BadCell, Cell, Limits, Row, Sheet, Span, refused, text_cell
from geo.importing.tables.written.number_formats import as_displayed
from geo.importing.tables.written.runs import SUB, SUPER, Run, struck_out, text_of_runs

_CONTENT = "content.xml"
_TABLE, _OFFICE, _TEXT, _STYLE = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{part}:1.0}}" for part in ("table", "office", "text", "style")
)
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_LINES = (f"{_TEXT}p", f"{_TEXT}h")
_SPACES = {f"{_TEXT}s": " ", f"{_TEXT}tab": " ", f"{_TEXT}line-break": "\n"}
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
        names, epoch, fonts = _names(content)
    if not names or len(names) > _MOST_SHEETS:
        raise refused("importing.too-many-sheets" if names else "importing.no-sheet", path.name, most=_MOST_SHEETS)
    read = (_Content(content, number, path, limits, fonts) for number in range(len(names)))
    return [_sheet(of, *sheet, epoch) for of, sheet in zip(read, names, strict=True)]


def _events(content: bytes) -> Iterator[tuple[str, Any]]:
    from defusedxml.ElementTree import iterparse

    yield from iterparse(io.BytesIO(content), events=("start", "end"))


def _names(content: bytes) -> tuple[list[tuple[str, bool]], date, dict[str, Run]]:
    """The names of the sheets, and whether each is hidden, as its style says; day 0 of the file; what styles make of a
    part of a text, without its text."""
    names, hidden, style, epoch = list[tuple[str, bool]](), set[str](), "", EPOCH_1900
    fonts = dict[str, Run]()
    for event, element in _events(content):
        if event == "start" and element.tag == f"{_STYLE}style":
            style = element.get(f"{_STYLE}name", "")
        elif event == "start" and element.tag == f"{_STYLE}table-properties":
            if element.get(f"{_TABLE}display") == "false":
                hidden.add(style)
        elif event == "start" and element.tag == f"{_STYLE}text-properties":
            fonts[style] = Run("", _script(element), _is_struck(element))
        elif event == "start" and element.tag == f"{_TABLE}table":
            names.append((element.get(f"{_TABLE}name", ""), element.get(f"{_TABLE}style-name") in hidden))
        elif event == "end" and element.tag == f"{_TABLE}null-date":
            epoch = date.fromisoformat(element.get(f"{_TABLE}date-value", EPOCH_1900.isoformat())[:10])
        elif event == "end":
            element.clear()
    return names, epoch, fonts


def _script(font: Any) -> str:
    """Whether a style raises or lowers: 'super 58%', '-33% 58%'; '0% 100%' does neither."""
    place = font.get(f"{_STYLE}text-position", "").split(" ")[0]
    if place in (SUPER, SUB):
        return str(place)
    percent = float(place.removesuffix("%") or 0)
    return SUPER if percent > 0 else SUB if percent < 0 else ""


def _is_struck(font: Any) -> bool:
    return any(font.get(f"{_STYLE}text-line-through-{what}", "none") != "none" for what in ("style", "type"))


class _Content(NamedTuple):
    """The content of a file, and the number of the sheet that is wanted of it."""

    content: bytes
    wanted: int
    path: Path
    limits: Limits
    fonts: dict[str, Run]


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
                    row = _row(element, number + 1, spans, of)
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


def _row(element: Any, number: int, spans: dict[int, list[Span]], of: _Content) -> Row:
    cells: list[Cell] = []
    formulas = 0
    for child in element:
        if child.tag not in _CELLS:
            continue
        value = _value(child, of)
        formulas += child.get(f"{_TABLE}formula") is not None and not isinstance(value, BadCell)
        rows = int(child.get(f"{_TABLE}number-rows-spanned", 1))
        if rows > 1:
            spans[number].append(Span(len(cells), number + rows - 1))
        cells += [value] * min(_repeated(child, "columns"), of.limits.max_columns + 1 - len(cells))
        if value is not None and cells[-1] is None:  # far to the right: stands beyond the limit, and is refused there
            cells[-1] = value
    while cells and cells[-1] is None:
        cells.pop()
    return Row(number, tuple(cells), _is_hidden(element), formulas)


def _is_hidden(element: Any) -> bool:
    return element.get(f"{_TABLE}visibility") in _HIDDEN


def _repeated(element: Any, what: str) -> int:
    return max(1, int(element.get(f"{_TABLE}number-{what}-repeated", 1)))


def _value(cell: Any, of: _Content) -> Cell:
    return None if cell.tag != _CELLS[0] else _struck(cell, of) or _held(cell, of)


def _struck(cell: Any, of: _Content) -> BadCell | None:
    """A cell that its style strikes out."""
    if not of.fonts.get(cell.get(f"{_TABLE}style-name"), Run("")).struck:
        return None
    return struck_out("".join(run.text for run in _runs(cell, of.fonts)))


def _held(cell: Any, of: _Content) -> Cell:
    read = _TYPED.get(cell.get(f"{_OFFICE}value-type"))
    if read is not None:
        return _displayed(read(cell), cell)
    written = text_of_runs(_runs(cell, of.fonts))
    text = written if isinstance(written, BadCell) else text_cell(written, of.limits)
    if cell.get(f"{_TABLE}formula") is None:
        return text
    if text is None:
        return None if cell.get(f"{_OFFICE}value-type") else BadCell("importing.formula-without-value")
    if isinstance(text, BadCell):
        return text
    return BadCell("importing.error-cell", {"text": text}) if str(text).startswith("#") else text


def _displayed(value: Cell, cell: Any) -> Cell:
    """The value as the text beside it shows it; some programs write none, which hides nothing."""
    if isinstance(value, bool) or not isinstance(value, float | date) or not any(line.tag in _LINES for line in cell):
        return value
    return as_displayed(value, str(text_of_runs(_runs(cell, {}))).strip())


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


def _runs(cell: Any, fonts: Mapping[str, Run]) -> Iterator[Run]:
    """The parts of the text of a cell, its paragraphs apart; comments and drawings are none of it."""
    for line in cell:
        if line.tag in _LINES:
            yield from _parts(line, Run(""), fonts)
            yield Run("\n")
        elif line.tag.startswith(_TEXT):  # lists
            yield from _runs(line, fonts)


def _parts(line: Any, font: Run, fonts: Mapping[str, Run]) -> Iterator[Run]:
    yield font._replace(text=line.text or "")
    for child in line:
        if child.tag in _SPACES:
            yield font._replace(text=_SPACES[child.tag] * min(int(child.get(f"{_TEXT}c", 1)), 100))
        elif child.tag == f"{_TEXT}note":
            yield Run(child.findtext(f"{_TEXT}note-citation") or "", SUPER)
        elif child.tag.startswith(_TEXT):
            yield from _parts(child, fonts.get(child.get(f"{_TEXT}style-name"), font), fonts)
        yield font._replace(text=child.tail or "")
