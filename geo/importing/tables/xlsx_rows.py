"""The rows of a sheet of an XLSX file, as openpyxl parses them; read when a workbook is: openpyxl is slow to import."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.worksheet._reader import FORMULA_TAG, VALUE_TAG, WorkSheetParser

from geo.importing.tables.archive import readable
from geo.importing.tables.model import BadCell, Cell, Limits, Row, plain_cell, refused
from geo.importing.tables.written.number_formats import shown
from geo.importing.tables.written.runs import SUB, SUPER, Run, struck_out, text_of_runs

_SCRIPTS = {"superscript": SUPER, "subscript": SUB}


class _Parser(WorkSheetParser):
    """openpyxl's own parser of a sheet, which also knows what its read-only sheets leave out: hidden rows, formulas."""

    formulas = 0
    cells = 0

    def parse_row(self, row: Any) -> tuple[int, list[dict[str, Any]]]:
        self.formulas = 0
        self.cells += len(row)
        row[:] = [cell for cell in row if len(cell) or cell.get("r") is None]  # blank cells with a colour
        number, cells = super().parse_row(row)
        return number, cells

    def parse_cell(self, element: Any) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        if element.find(FORMULA_TAG) is not None:
            is_text = element.get("t") == "str" and element.find(VALUE_TAG) is not None  # an empty text is a value
            if cell["value"] is None and not is_text:
                cell["data_type"] = "f"
            self.formulas += cell["data_type"] not in ("e", "f")
        return cell


def sheet_rows(sheet: Any, path: Path, limits: Limits, hidden_columns: set[int]) -> Iterator[Row]:
    """The rows of a read-only sheet that hold something, each within the limits; its hidden columns are added first."""
    book = sheet.parent
    with readable(path, "XLSX"), warnings.catch_warnings(), sheet._get_source() as source:
        warnings.simplefilter("ignore")
        formats = (book._date_formats, book._timedelta_formats)
        parser = _Parser(source, sheet._shared_strings, True, book.epoch, *formats, rich_text=True)
        for number, cells in parser.parse():
            if parser.cells > limits.max_cells:
                raise refused("importing.too-many-cells", path.name, most=limits.max_cells)
            _add_hidden(parser.column_dimensions, hidden_columns, limits)
            attributes = parser.row_dimensions.pop(str(number), {})
            hidden = _is_hidden(attributes, "ht")
            struck = frozenset(cell["column"] - 1 for cell in cells if _is_struck(cell, book))
            yield Row(number, _line(cells, book, limits), hidden, parser.formulas, struck=struck)


def _add_hidden(columns: dict[str, dict[str, str]], found: set[int], limits: Limits) -> None:
    """The hidden ones of the columns that stand before the rows; they are taken out, so that it is done once."""
    while columns:
        _, of = columns.popitem()
        if _is_hidden(of, "width"):
            found.update(range(int(of["min"]) - 1, min(int(of.get("max", of["min"])), limits.max_columns)))


def _is_hidden(attributes: Mapping[str, str], size: str) -> bool:
    """Whether a row or column is hidden, or drawn to a size of nothing, as nobody sees it either."""
    try:
        return attributes.get("hidden") in ("1", "true") or float(attributes.get(size) or 1) == 0
    except ValueError:
        return False


def _line(cells: list[dict[str, Any]], book: Any, limits: Limits) -> tuple[Cell, ...]:
    filled = {cell["column"] - 1: _cell(cell, book, limits) for cell in cells}
    filled = {column: cell for column, cell in filled.items() if cell is not None}
    last = max(filled, default=-1)
    if last > limits.max_columns:  # far to the right: stands just beyond the limit, and is refused there
        filled[limits.max_columns], last = filled[last], limits.max_columns
    return tuple(filled.get(column) for column in range(last + 1))


def _cell(cell: dict[str, Any], book: Any, limits: Limits) -> Cell:
    if cell["data_type"] == "f":
        return BadCell("importing.formula-without-value")
    if cell["data_type"] == "e":
        return BadCell("importing.error-cell", {"text": str(cell["value"])})
    value = cell["value"]
    font = book._fonts[book._cell_styles[cell["style_id"]].fontId]
    if isinstance(value, list):
        value = text_of_runs(_runs(value, font))
    elif font.strike:
        return struck_out(value)
    elif cell["style_id"]:
        value = shown(value, _number_format(book, cell["style_id"]))
    return value if isinstance(value, BadCell) else plain_cell(value, limits)


def _is_struck(cell: dict[str, Any], book: Any) -> bool:
    """Whether all of a cell is struck out."""
    font = book._fonts[book._cell_styles[cell["style_id"]].fontId]
    if isinstance(cell["value"], list):
        return all(run.struck for run in _runs(cell["value"], font) if run.text.strip())
    return bool(font.strike) and cell["value"] is not None


def _number_format(book: Any, style: int) -> str:
    number = book._cell_styles[style].numFmtId
    own = book._number_formats
    first = BUILTIN_FORMATS_MAX_SIZE
    return str(own[number - first] if first <= number < first + len(own) else BUILTIN_FORMATS.get(number, "General"))


def _runs(parts: list[Any], font: Any) -> Iterator[Run]:
    """The parts of a text; one that names no font has that of its cell."""
    for part in parts:
        own = font if isinstance(part, str) else part.font
        yield Run(str(part), _SCRIPTS.get(own.vertAlign, ""), bool(own.strike))
