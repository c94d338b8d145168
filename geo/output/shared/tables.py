"""Rows as CSV and as a workbook: codes are texts, numbers are numbers, and nothing is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from geo import settings
from geo.i18n.language import Lang
from geo.output.shared.crossing_rows import inert

BOM = "\ufeff"
Row = Mapping[str, Any]


def with_bom(text: str) -> str:
    """The text of a CSV file with the mark by which spreadsheets know UTF-8, unless `DIABAN_CSV_BOM` is off."""
    marked = text.startswith(BOM) or not settings.flag("csv_bom")
    return text if marked else BOM + text


def rows_csv(rows: Sequence[Row]) -> str:
    """Rows as CSV: comma, UTF-8, dot decimals, lists joined by ';'; the mark of UTF-8 is set when it is written."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer.writerow(names)
    writer.writerows([inert(_plain(row.get(name))) for name in names] for row in rows)
    return text.getvalue()


def rows_xlsx(sheets: Mapping[str, Sequence[Row]], *, title: str, day: date, about: Sequence[str], lang: Lang) -> bytes:
    """A workbook with a sheet for each list of rows, their names as heads, and one that says what it is from."""
    from geo.output.shared.sheets import Book, workbook_bytes

    def fill(book: Book) -> None:
        for name, rows in sheets.items():
            _sheet(book, name, rows)
        last = book.sheet(title[:31], [110])
        for number, line in enumerate((title, *about)):
            book.put(last, number, 0, line, "title" if number == 0 else "text")

    return workbook_bytes(fill, title=title, created=day, lang=lang)


def _sheet(book: Any, name: str, rows: Sequence[Row]) -> None:
    names = list(dict.fromkeys(key for row in rows for key in row))
    cells = [[_plain(row.get(key)) for key in names] for row in rows]
    widths = [
        min(60, max(12, len(key) + 2, *(len(str(line[at])) for line in cells[:200]), 0)) for at, key in enumerate(names)
    ]
    sheet = book.sheet(name, widths)
    book.line(sheet, 0, names, "heading")
    for number, line in enumerate(cells, 1):
        book.line(sheet, number, line, ["number" if isinstance(value, int | float) else "text" for value in line])
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    if cells:
        sheet.autofilter(0, 0, len(cells), len(names) - 1)


def _width(name: str, cells: Sequence[Any]) -> int:
    longest = max((len(str(cell)) for cell in cells), default=0)
    return min(60, max(12, len(name) + 2, longest + 2))


def _plain(value: Any) -> Any:
    """A cell: lists joined, pairs as 'a-b', mappings as 'name=value'; nothing is an empty text."""
    if isinstance(value, Mapping):
        return " ".join(f"{name}={_plain(entry)}" for name, entry in value.items())
    if isinstance(value, list | tuple):
        pair = len(value) == 2 and all(isinstance(entry, int | float) for entry in value)
        return f"{value[0]:.10g}-{value[1]:.10g}" if pair else "; ".join(str(_plain(entry)) for entry in value)
    if value is None or value != value:
        return ""
    return str(value) if isinstance(value, bool) else value
