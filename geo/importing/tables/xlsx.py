"""XLSX and XLSM files, row by row (openpyxl in its read-only way); macros are not looked at, formulas not computed."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from geo.importing.tables.archive import check_archive, readable
from geo.importing.tables.model import Limits, Sheet, Span, refused

_OLE = b"\xd0\xcf\x11\xe0"


def xlsx_sheets(data: bytes, path: Path, limits: Limits) -> list[Sheet]:
    """The sheets of a workbook. What a file claims about its size is not believed, and costs nothing.

    Raises
    ------
    InputError
        It is damaged, has a password, could fill the memory, or is an .xlsx with macros (.xlsm may have them).
    """
    from openpyxl import load_workbook

    if data.startswith(_OLE):
        raise refused("importing.old-or-locked", path.name)
    spans = check_archive(data, path, limits, "XLSX")
    if path.suffix.lower() == ".xlsx" and any("vbaproject" in part.lower() for part in spans):
        raise refused("importing.macros", path.name)
    with readable(path, "XLSX"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about formatting that is left out
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False, rich_text=True)
        if not book.worksheets:
            raise refused("importing.no-sheet", path.name)
        return [_sheet(sheet, book.epoch.date(), spans, path, limits) for sheet in book.worksheets]


def _sheet(sheet: Any, epoch: date, spans: Mapping[str, Mapping[int, list[Span]]], path: Path, limits: Limits) -> Sheet:
    from geo.importing.tables.xlsx_rows import sheet_rows

    hidden = set[int]()
    rows = sheet_rows(sheet, path, limits, hidden)
    merged = spans.get(str(getattr(sheet, "_worksheet_path", "")), {})
    return Sheet(sheet.title, rows, merged, sheet.sheet_state != "visible", hidden, epoch)
