"""XLS files, as Excel wrote them before 2007 and many programs of offices still do (xlrd)."""

from __future__ import annotations

import os
import struct
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from geo.importing.tables.archive import readable
from geo.importing.tables.model import (
    EPOCH_1900,
    EPOCH_1904,
    BadCell,
    Cell,
    Limits,
    Row,
    Sheet,
    Span,
    plain_cell,
    refused,
)
from geo.importing.tables.written.number_formats import shown
from geo.importing.tables.written.runs import SUB, SUPER, Run, struck_out, text_of_runs

_BLANK = (0, 6)
_SCRIPTS = {1: SUPER, 2: SUB}


def xls_sheets(data: bytes, path: Path, limits: Limits) -> list[Sheet]:
    """The sheets of an old workbook; errors as `xlsx_sheets`."""
    import xlrd

    with _readable_xls(path), Path(os.devnull).open("w") as nowhere:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, ragged_rows=True, logfile=nowhere)
        return [_sheet(book, sheet, path, limits) for sheet in book.sheets()]


@contextmanager
def _readable_xls(path: Path) -> Iterator[None]:
    """As `readable`, for the errors that xlrd adds."""
    from xlrd.biffh import XLRDError
    from xlrd.compdoc import CompDocError

    try:
        with readable(path, "XLS"):
            yield
    except (XLRDError, CompDocError, struct.error) as error:
        code = "importing.old-or-locked" if "encrypted" in str(error) else "importing.unreadable-workbook"
        raise refused(code, path.name, kind="XLS") from error


def _sheet(book: Any, sheet: Any, path: Path, limits: Limits) -> Sheet:
    spans: dict[int, list[Span]] = defaultdict(list)
    for first, end, column, _ in sheet.merged_cells:
        if end - first > 1:
            spans[first + 1].append(Span(column, end))
    hidden = {column for column, of in sheet.colinfo_map.items() if of.hidden or of.width == 0}
    epoch = EPOCH_1904 if book.datemode else EPOCH_1900
    return Sheet(sheet.name, _rows(book, sheet, path, limits), spans, sheet.visibility != 0, hidden, epoch)


def _rows(book: Any, sheet: Any, path: Path, limits: Limits) -> Iterator[Row]:
    with _readable_xls(path):
        for row in range(sheet.nrows):
            shape = sheet.rowinfo_map.get(row)
            types, values = sheet.row_types(row), sheet.row_values(row)
            values = [_written(book, sheet, (row, column), value) for column, value in enumerate(values)]
            cells = tuple(_cell(kind, value, book.datemode, limits) for kind, value in zip(types, values, strict=True))
            cells = tuple(_as_shown(book, sheet, (row, column), cell) for column, cell in enumerate(cells))
            yield Row(row + 1, cells, bool(shape is not None and (shape.hidden or _is_flat(shape))))


def _is_flat(shape: Any) -> bool:
    """Whether a row was drawn to no height; one of the usual height may say 0."""
    return shape.height == 0 and not shape.has_default_height


def _as_shown(book: Any, sheet: Any, at: tuple[int, int], cell: Cell) -> Any:
    """The cell by its number format."""
    if not isinstance(cell, int | float | date | str):
        return cell
    return shown(cell, book.format_map[book.xf_list[sheet.cell_xf_index(*at)].format_key].format_str)


def _written(book: Any, sheet: Any, at: tuple[int, int], value: Any) -> Any:
    """The value of a cell, by how the parts of its text are written."""
    own = book.xf_list[sheet.cell_xf_index(*at)].font_index
    changes = sheet.rich_text_runlist_map.get(at)
    if not changes or not isinstance(value, str):
        return (struck_out(value) or "") if book.font_list[own].struck_out else value
    starts = [(0, own), *changes]
    ends = [*(start for start, _ in changes), len(value)]
    fonts = ((value[start:end], book.font_list[font]) for (start, font), end in zip(starts, ends, strict=True))
    return text_of_runs(Run(text, _SCRIPTS.get(font.escapement, ""), bool(font.struck_out)) for text, font in fonts)


def _cell(kind: int, value: Any, datemode: int, limits: Limits) -> Cell:
    from xlrd import biffh, xldate

    if kind in _BLANK or isinstance(value, BadCell):
        return value or None
    if kind == biffh.XL_CELL_DATE:
        if value < 1:
            return BadCell("importing.time-of-day")
        return plain_cell(xldate.xldate_as_datetime(value, datemode), limits)
    if kind == biffh.XL_CELL_BOOLEAN:
        return bool(value)
    if kind == biffh.XL_CELL_ERROR:
        return BadCell("importing.error-cell", {"text": biffh.error_text_from_code.get(value, "#?")})
    return plain_cell(value, limits)
