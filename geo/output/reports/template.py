"""The entry template: a workbook that lists the wards and explains every column, to be filled and imported."""

from __future__ import annotations

from typing import Any

import pandas as pd

from geo.i18n.language import Lang
from geo.i18n.translator import Translator
from geo.importing.coverage.cells import (
    CITY_SHEET,
    CODE_LABEL,
    FIRST_WARD_ROW,
    INFO_LABELS,
    INFO_SHEET,
    NAME_LABEL,
    VALUE_LABEL,
    WARD_SHEET,
)
from geo.output.reports.wording import aim, city_kind, entry_label, own_text, phase_name, words
from geo.output.shared.sheets import Book, workbook_bytes
from geo.reference.cities import city
from geo.reference.programme_schema import SCOPES
from geo.reference.programmes import Indicator, Period, Programme, Target

_LARGEST = 100_000_000
_COLUMN_WIDTH = 16
_Figures = dict[tuple[str, str], float]
"""(ward code, '' for the city; entry id) → the figure entered."""


def template_xlsx(
    programme: Programme,
    wards: pd.DataFrame,
    period: Period,
    entries: pd.DataFrame | None = None,
    lang: Lang = "vi",
) -> bytes:
    """The workbook to fill for `period`, as XLSX; with `entries` (as `coverage_entries.read_entries` gives) filled in.

    Sheets: what it is about (period, day, document, office), a row for each ward of the programme's city, what the
    city itself enters, and an explanation of each column. Cells refuse what is no count. The sheets and headings by
    which the import finds its way are Vietnamese in either language.
    """
    own = wards[wards["province_code"] == city(programme.city).province_code]
    filled, w = _filled(entries), words(lang)

    def fill(book: Book) -> None:
        _info(book, w, programme, period, entries)
        _wards(book, w, programme, own, filled)
        _city(book, w, programme, filled)
        _explanation(book, w, programme)

    title = w.text("template_title", document=programme.document, period=str(period))
    return workbook_bytes(fill, title=title, created=programme.issued, lang=lang)


def _filled(entries: pd.DataFrame | None) -> _Figures:
    if entries is None:
        return {}
    codes = entries["ward_code"].where(entries["ward_code"].notna(), "")
    return dict(zip(zip(codes, entries["indicator"], strict=True), entries["value"].astype(float), strict=True))


def _info(book: Book, w: Translator, programme: Programme, period: Period, entries: pd.DataFrame | None) -> None:
    sheet = book.sheet(INFO_SHEET, [30, 70])
    first = entries.iloc[0] if entries is not None and len(entries) else None
    filled_in = {name: first[name] if first is not None else None for name in ("day", "document", "office")}
    known = {"programme": programme.id, "period": str(period), **filled_in}
    for row, (key, label) in enumerate(INFO_LABELS.items()):
        book.put(sheet, row, 0, label, "heading")
        book.put(sheet, row, 1, known[key], "entry_date" if key == "day" else "entry_text")
    names = {"document": programme.document, "period": own_text(w, period, "label")}
    lines = (
        own_text(w, programme, "title"),
        w.text("template_about", **names, report_to=own_text(w, programme, "report_to")),
        w.text("template_empty"),
        w.text("template_no_persons"),
    )
    for row, line in enumerate(lines, len(INFO_LABELS) + 1):
        sheet.write_string(row, 0, line)


def _wards(book: Book, w: Translator, programme: Programme, wards: pd.DataFrame, filled: _Figures) -> None:
    columns = [
        (target, number, name)
        for target in programme.targets
        if target.level == "ward"
        for number, name in enumerate(target.entry_ids)
    ]
    sheet = book.sheet(WARD_SHEET, [8, 30, 20] + [_COLUMN_WIDTH] * len(columns))
    book.line(sheet, 0, [CODE_LABEL, NAME_LABEL, w.text("head_phase"), *(name for _, _, name in columns)], "heading")
    about = [w.text("template_code"), w.text("template_name")]
    about.append(w.text("template_phase") if programme.phases else "")
    book.line(sheet, 1, [*about, *(_hint(w, target, number) for target, number, _ in columns)], "hint")
    sheet.set_row(1, 120)
    sheet.freeze_panes(2, 3)
    rows = zip(wards["code"], wards["full_name"], wards["phase"], strict=True)
    for row, (code, name, phase) in enumerate(rows, FIRST_WARD_ROW - 1):
        book.line(sheet, row, [code, name, phase_name(w, programme, phase)])
        for column, (target, _, entry) in enumerate(columns, 3):
            style = "entry" if _asks(target, phase) else "outside"
            book.put(sheet, row, column, filled.get((code, entry)), style)
    last = FIRST_WARD_ROW - 2 + len(wards)
    for column, (target, _, _) in enumerate(columns, 3):
        sheet.data_validation(FIRST_WARD_ROW - 1, column, last, column, _rule(w, target))


def _asks(target: Target, phase: str) -> bool:
    if target.scope == "programme":
        return phase != "none"
    return target.scope in SCOPES or phase == target.scope


def _city(book: Book, w: Translator, programme: Programme, filled: _Figures) -> None:
    sheet = book.sheet(CITY_SHEET, [10, 70, 14, 14, 50])
    heading = [CODE_LABEL, w.text("template_what"), w.text("head_unit"), VALUE_LABEL, w.text("template_note")]
    book.line(sheet, 0, heading, "heading")
    row = 0
    for target in programme.targets:
        if target.level == "ward" and target.is_yes_or_no:
            continue
        note = "" if target.level == "city" else w.text("template_city_part", kind=city_kind(w, programme))
        for number, entry in enumerate(target.entry_ids):
            row += 1
            book.line(sheet, row, [entry, entry_label(w, target, number), own_text(w, target, "unit")])
            book.put(sheet, row, 3, filled.get(("", entry)), "entry")
            book.put(sheet, row, 4, note)
            sheet.data_validation(row, 3, row, 3, _rule(w, target))
    sheet.freeze_panes(1, 0)


def _explanation(book: Book, w: Translator, programme: Programme) -> None:
    sheet = book.sheet(w.text("template_explanation"), [10, 10, 60, 45, 20, 24, 36])
    keys = ("template_entry_id", "head_number", "head_text", "template_entered", "template_how", "head_aim")
    book.line(sheet, 0, [w.text(key) for key in (*keys, "template_lead")], "heading")
    row = 0
    for indicator in programme.indicators:
        for target in indicator.targets:
            for number, entry in enumerate(target.entry_ids):
                row += 1
                book.line(sheet, row, _explained(w, indicator, target, number, entry))
    sheet.freeze_panes(1, 0)


def _explained(w: Translator, indicator: Indicator, target: Target, number: int, entry: str) -> list[object]:
    whole = w.text("template_whole", unit=own_text(w, target, "unit"))
    how = w.text("template_yes_or_no") if target.is_yes_or_no else whole
    label, goal = entry_label(w, target, number), "" if number else aim(w, target)
    return [entry, indicator.id, own_text(w, indicator, "text"), label, how, goal, indicator.lead]


def _hint(w: Translator, target: Target, number: int) -> str:
    how = w.text("template_yes_or_no") if target.is_yes_or_no else own_text(w, target, "unit")
    return f"{entry_label(w, target, number)} ({how})"


def _rule(w: Translator, target: Target) -> dict[str, Any]:
    return {
        "validate": "integer",
        "criteria": "between",
        "minimum": 0,
        "maximum": 1 if target.is_yes_or_no else _LARGEST,
        "error_title": w.text("template_invalid"),
        "error_message": w.text("template_enter_yes_or_no" if target.is_yes_or_no else "template_enter_whole"),
    }
