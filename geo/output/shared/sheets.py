"""A workbook written in memory, with the formats that all sheets share; the same content gives the same bytes."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter

from geo.i18n.language import Lang

_BASE = {"font_name": "Times New Roman", "font_size": 11, "valign": "top"}
_DAYS: dict[Lang, str] = {"vi": "dd/mm/yyyy", "en": "[$-409]d mmmm yyyy"}
_OPEN = {"border": 1, "bg_color": "#FFFDE7", "locked": False}
_FORMATS: dict[str, dict[str, Any]] = {
    "text": {"text_wrap": True, "border": 1},
    "heading": {"bold": True, "text_wrap": True, "border": 1, "bg_color": "#D9E2EC", "valign": "vcenter"},
    "hint": {"italic": True, "text_wrap": True, "border": 1, "font_size": 9, "bg_color": "#F3F4F6"},
    "title": {"bold": True, "font_size": 14},
    "warning": {"bold": True, "font_color": "#B00020"},
    "count": {"num_format": "#,##0", "border": 1},
    "share": {"num_format": "0.0%", "border": 1},
    "number": {"border": 1},
    "points": {"num_format": "#,##0.0", "border": 1},
    "year": {"num_format": "0", "border": 1, "align": "left"},
    "date": {"border": 1, "align": "left"},
    "entry": {"num_format": "#,##0", **_OPEN},
    "entry_date": {"align": "left", **_OPEN},
    "entry_text": {"num_format": "@", **_OPEN},
    # A pattern, not a colour alone: it survives a black-and-white printer.
    "missing": {"border": 1, "pattern": 14, "fg_color": "#9CA3AF", "bg_color": "#FFFFFF", "text_wrap": True},
    "outside": {"border": 1, "font_color": "#6B7280", "align": "center"},
    "suppressed": {"border": 1, "italic": True, "text_wrap": True},
}


@dataclass(frozen=True, slots=True)
class Book:
    """An open workbook and its formats by name."""

    workbook: Any
    formats: dict[str, Any]

    def sheet(self, name: str, widths: Sequence[float]) -> Any:
        """A new sheet, ready to print on A4 across, with these column widths (characters)."""
        sheet = self.workbook.add_worksheet(_sheet_name(name))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet

    def put(self, sheet: Any, row: int, column: int, value: object, style: str = "text") -> None:
        """Write a text as text (never as a formula), a number as a number, a day as a date, None as an empty cell."""
        look = self.formats[style]
        if value is None:
            sheet.write_blank(row, column, None, look)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), look)  # noqa: DTZ001
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, look)
        else:
            sheet.write_string(row, column, str(value), look)

    def line(self, sheet: Any, row: int, values: Sequence[object], styles: Sequence[str] | str = "text") -> None:
        """Write a row from its first column on; one style for all, or one for each."""
        looks = [styles] * len(values) if isinstance(styles, str) else styles
        for column, (value, style) in enumerate(zip(values, looks, strict=True)):
            self.put(sheet, row, column, value, style)


def workbook_bytes(fill: Callable[[Book], None], *, title: str, created: date, lang: Lang = "vi") -> bytes:
    """The workbook that `fill` writes; `created` is a day of the content, not of the clock."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(buffer, options)
    moment = datetime(created.year, created.month, created.day)  # noqa: DTZ001
    workbook.set_properties({"title": title[:255], "created": moment})
    day = {"num_format": _DAYS[lang]}
    looks = {name: look | day if name.endswith("date") else look for name, look in _FORMATS.items()}
    fill(Book(workbook, {name: workbook.add_format({**_BASE, **look}) for name, look in looks.items()}))
    workbook.close()
    return buffer.getvalue()


def _sheet_name(text: str) -> str:
    """What a sheet may be called: 31 letters, none of []:*?/\\ in it."""
    return text.translate({ord(letter): " " for letter in "[]:*?/\\"})[:31].strip()
