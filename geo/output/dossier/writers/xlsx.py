"""A site as a workbook: numbers as numbers, dates as dates, codes and all else as texts (never as formulas)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd
import xlsxwriter

from geo.output.dossier.documents.record_sections import level_name, phase_name, site_flags, site_reports, term
from geo.output.dossier.documents.site_sections import verdict
from geo.output.dossier.view import SiteView
from geo.output.dossier.writers.zip_dates import settled
from geo.output.shared.numerals import known

Cell = str | float | int | date | None
_SHARE, _METRES, _DAY, _WHOLE = "0.0%", "#,##0.0", "dd/mm/yyyy", "0"
_A4 = 9
_LINE = 15.0
"""Points."""


def xlsx(site: SiteView) -> bytes:
    """The site as XLSX: sheets of facts, wards, chainages, history, programme, and (internal) reports and flags."""
    buffer = io.BytesIO()
    day = site.view.situation.day
    told = site.view.words
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, options)
    made = datetime(day.year, day.month, day.day)  # noqa: DTZ001
    book.set_properties({"title": f"{site.number} {site.name}"[:255], "created": made})
    writer = _Book(book)
    writer.sheet(told("section_site"), (told("fact_number"), site.id), _facts(site))
    writer.sheet(
        told("head_ward"), _heads(site, "code", "ward", "length", "share", "border", "with", "check"), _wards(site)
    )
    if site.dimension == 1:
        writer.sheet(told("head_stretches"), _heads(site, "begin", "end", "length", "code", "ward"), _pieces(site))
    writer.sheet(told("section_history"), _heads(site, "day", "level", "document", "office"), _history(site))
    writer.sheet(told("head_phase"), _heads(site, "code", "ward", "phase"), _phases(site))
    if site.view.edition.audience == "internal":
        writer.sheet(told("head_kind"), _heads(site, "day", "kind", "ward", "state"), _reports(site))
        writer.sheet(told("head_flag"), _heads(site, "flag", "rule", "says", "day"), _flags(site))
    book.close()
    return settled(buffer.getvalue())


class _Book:
    """Sheets with a head that stays in view; the type of a value decides its cell."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._formats: dict[str, Any] = {}
        self._head = book.add_format({"bold": True, "bg_color": "#EBEBEB", "border": 1, "text_wrap": True})
        self._wrap = book.add_format({"text_wrap": True, "valign": "top", "indent": 1})

    def sheet(self, name: str, head: Sequence[str], rows: Sequence[Sequence[Cell | tuple[float, str]]]) -> None:
        """A sheet; a cell given as (number, format) is written in that format."""
        sheet = self._book.add_worksheet(_sheet_name(name))
        widths = [_width(text, [row[column] for row in rows]) for column, text in enumerate(head)]
        for column, (text, width) in enumerate(zip(head, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, text, self._head)
        for line, row in enumerate([tuple(head), *rows]):
            sheet.set_row(line, _LINE * _lines(row, widths))
        for line, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                self._cell(sheet, line, column, value)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)

    def _cell(self, sheet: Any, line: int, column: int, value: Cell | tuple[float, str]) -> None:
        if value is None:
            return
        if isinstance(value, tuple):
            sheet.write_number(line, column, value[0], self._format(value[1]))
        elif isinstance(value, date):
            sheet.write_datetime(line, column, value, self._format(_DAY))
        elif isinstance(value, str):
            sheet.write_string(line, column, value, self._wrap)
        else:
            sheet.write_number(line, column, value)

    def _format(self, pattern: str) -> Any:
        if pattern not in self._formats:
            self._formats[pattern] = self._book.add_format({"num_format": pattern, "valign": "top"})
        return self._formats[pattern]


def _width(head: str, cells: Sequence[Cell | tuple[float, str]]) -> int:
    """Letters across a column: as its longest text, within bounds."""
    longest = max((len(str(cell)) for cell in cells if not isinstance(cell, tuple)), default=0)
    return min(60, max(12, min(len(head), 24) + 2, longest + 3))


def _lines(row: Sequence[Cell | tuple[float, str]], widths: Sequence[int]) -> int:
    """Lines that the longest text of a row takes; not every program works that out by itself."""
    texts = [(cell, width) for cell, width in zip(row, widths, strict=True) if isinstance(cell, str)]
    return max((1 if len(text) < width else -(-len(text) * 11 // (width * 10)) for text, width in texts), default=1)


def _sheet_name(text: str) -> str:
    """What a sheet may be called: 31 letters, none of []:*?/\\ in it."""
    return text.translate({ord(letter): " " for letter in "[]:*?/\\"})[:31].strip()


def _heads(site: SiteView, *keys: str) -> tuple[str, ...]:
    told = site.view.words
    themed = {"code": "code", "with": "border_with", "state": "status"}
    return tuple(told.themed(themed[key]) if key in themed else told(f"head_{key}") for key in keys)


def _facts(site: SiteView) -> list[tuple[Cell | tuple[float, str], ...]]:
    told, row = site.view.words, site.row
    facts: list[tuple[str, Cell | tuple[float, str]]] = [
        (told("fact_name"), site.name),
        (told("fact_group"), told.themed(f"group_{row.group}")),
        (told("fact_from"), str(row.from_) if known(row.from_) else None),
        (told("fact_to"), str(row.to) if known(row.to) else None),
        (f"{told('fact_length')} (m)", (round(site.length_m, 3), _METRES) if site.dimension == 1 else None),
        (told("fact_level"), level_name(told, row.level)),
        (told("fact_handed_over"), (int(row.handed_over), _WHOLE) if known(row.handed_over) else None),
        (told("fact_document"), str(row.document) if known(row.document) else None),
        (f"{told.themed('accuracy')} (m)", (float(row.accuracy_m), _METRES) if known(row.accuracy_m) else None),
        (told.themed("day"), site.view.situation.day),
        (told.themed("version"), site.view.situation.data_version),
    ]
    return list(facts)


def _wards(site: SiteView) -> list[tuple[Cell | tuple[float, str], ...]]:
    view = site.view
    return [
        (
            row.ward_code,
            view.name(row.ward_code),
            (round(row.length_m, 3), _METRES),
            (round(row.share, 6), _SHARE),
            (round(row.border_m, 3), _METRES),
            ", ".join(view.name(code) for code in row.border_with),
            verdict(site, row),
        )
        for row in site.stretches
    ]


def _pieces(site: SiteView) -> list[tuple[Cell | tuple[float, str], ...]]:
    pieces = sorted((a, b, row.ward_code) for row in site.stretches for a, b in row.intervals_m)
    return [
        ((a, _METRES), (b, _METRES), (round(b - a, 3), _METRES), code, site.view.name(code)) for a, b, code in pieces
    ]


def _history(site: SiteView) -> list[tuple[Cell | tuple[float, str], ...]]:
    told, frame = site.view.words, site.view.situation.assessments
    if frame is None:
        return [(None, None, told("no_data"), None)]
    own = frame[frame["site_id"] == site.id].to_dict("records")
    return [
        (_day(r["day"]), level_name(told, r["level"]), _text(r["document"]), term(told, "office", r["office"]))
        for r in own
    ]


def _phases(site: SiteView) -> list[tuple[Cell | tuple[float, str], ...]]:
    view = site.view
    return [(row.ward_code, view.name(row.ward_code), phase_name(view, row.ward_code)) for row in site.answering]


def _reports(site: SiteView) -> list[tuple[Cell | tuple[float, str], ...]]:
    """Reports without their points: a workbook goes from hand to hand."""
    told, view = site.view.words, site.view
    if view.situation.reports is None:
        hides = view.situation.hides("reports")
        return [(None, told.message("visibility.reports-hidden") if hides else told("no_data"), None, None)]
    rows = site_reports(site).drop(columns="geometry").to_dict("records")
    return [
        (_day(r["day"]), term(told, "kind", r["kind"]), view.name(str(r["ward_code"])), _status(site, r)) for r in rows
    ]


def _status(site: SiteView, row: Any) -> str:
    return site.view.words.maybe(f"head_{row.get('status', 'unverified')}", "–")


def _flags(site: SiteView) -> list[tuple[Cell | tuple[float, str], ...]]:
    told = site.view.words
    if site.view.situation.flags is None:
        return [(None, None, told("no_data"), None)]
    return [
        (
            told(f"flag_{flag.level}"),
            told.maybe(f"rule_{flag.rule}", flag.rule),
            flag.text_en if told.lang == "en" else flag.text_vi,
            flag.last_day,
        )
        for flag in site_flags(site)
    ]


def _day(value: object) -> date | None:
    return None if value is None or pd.isna(value) else pd.Timestamp(value).date()  # type: ignore[call-overload,arg-type]


def _text(value: object) -> str:
    return str(value) if known(value) else ""
