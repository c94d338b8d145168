"""The entry template: a workbook that lists the wards and explains every column, to be filled and imported."""

from __future__ import annotations

from typing import Any

import pandas as pd

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
from geo.output.reports.sheets import Book, workbook_bytes
from geo.output.reports.wording import NO_PHASES, PHASES, aim
from geo.reference.cities import city
from geo.reference.programmes import Indicator, Period, Programme, Target

_LARGEST = 100_000_000
_COLUMN_WIDTH = 16


def template_xlsx(
    programme: Programme, wards: pd.DataFrame, period: Period, entries: pd.DataFrame | None = None
) -> bytes:
    """The workbook to fill for `period`, as XLSX; with `entries` (as `coverage_entries.read_entries` gives) filled in.

    Sheets: what it is about (period, day, document, office), a row for each ward of the programme's city, what the
    city itself enters, and an explanation of each column. Cells refuse what is no count.
    """
    own = wards[wards["province_code"] == city(programme.city).province_code]
    filled = _filled(entries)

    def fill(book: Book) -> None:
        _info(book, programme, period, entries)
        _wards(book, programme, own, filled)
        _city(book, programme, filled)
        _explanation(book, programme)

    return workbook_bytes(fill, title=f"Biểu nhập số liệu {programme.document} {period}", created=programme.issued)


def _filled(entries: pd.DataFrame | None) -> dict[tuple[str, str], float]:
    if entries is None:
        return {}
    codes = entries["ward_code"].where(entries["ward_code"].notna(), "")
    return dict(zip(zip(codes, entries["indicator"], strict=True), entries["value"].astype(float), strict=True))


def _info(book: Book, programme: Programme, period: Period, entries: pd.DataFrame | None) -> None:
    sheet = book.sheet(INFO_SHEET, [30, 70])
    first = entries.iloc[0] if entries is not None and len(entries) else None
    filled_in = {name: first[name] if first is not None else None for name in ("day", "document", "office")}
    known = {"programme": programme.id, "period": str(period), **filled_in}
    for row, (key, label) in enumerate(INFO_LABELS.items()):
        book.put(sheet, row, 0, label, "heading")
        book.put(sheet, row, 1, known[key], "entry_date" if key == "day" else "entry_text")
    lines = (
        programme.title,
        f"{programme.document}; kỳ: {period.label}; gửi {programme.report_to}",
        "Ô để trống nghĩa là chưa báo cáo; số 0 nghĩa là đã báo cáo và bằng không.",
        "Chỉ nhập số liệu tổng hợp theo địa bàn. Không nhập họ tên, số điện thoại, giấy tờ hay địa chỉ của bất kỳ ai.",
        "An empty cell is 'not reported'; 0 is 'reported as zero'. Totals by area only, nothing about persons.",
    )
    for row, line in enumerate(lines, len(INFO_LABELS) + 1):
        sheet.write_string(row, 0, line)


def _wards(book: Book, programme: Programme, wards: pd.DataFrame, filled: dict[tuple[str, str], float]) -> None:
    columns = [
        (target, number, name)
        for target in programme.targets
        if target.level == "ward"
        for number, name in enumerate(target.entry_ids)
    ]
    sheet = book.sheet(WARD_SHEET, [8, 30, 20] + [_COLUMN_WIDTH] * len(columns))
    book.line(sheet, 0, [CODE_LABEL, NAME_LABEL, "Giai đoạn", *(name for _, _, name in columns)], "heading")
    hints = [_hint(target, number) for target, number, _ in columns]
    book.line(sheet, 1, ["5 ký tự", "tên chính thức", "Phụ lục III" if programme.phases.pilot else "", *hints], "hint")
    sheet.set_row(1, 120)
    sheet.freeze_panes(2, 3)
    rows = zip(wards["code"], wards["full_name"], wards["phase"], strict=True)
    for row, (code, name, phase) in enumerate(rows, FIRST_WARD_ROW - 1):
        shown = PHASES[phase][0] if programme.phases.pilot else NO_PHASES[0]
        book.line(sheet, row, [code, name, shown])
        for column, (target, _, entry) in enumerate(columns, 3):
            style = "entry" if _asks(target, phase) else "outside"
            book.put(sheet, row, column, filled.get((code, entry)), style)
    last = FIRST_WARD_ROW - 2 + len(wards)
    for column, (target, _, _) in enumerate(columns, 3):
        sheet.data_validation(FIRST_WARD_ROW - 1, column, last, column, _rule(target))


def _asks(target: Target, phase: str) -> bool:
    if target.scope == "programme":
        return phase != "none"
    return target.scope not in ("pilot", "expansion") or phase == target.scope


def _city(book: Book, programme: Programme, filled: dict[tuple[str, str], float]) -> None:
    sheet = book.sheet(CITY_SHEET, [10, 70, 14, 14, 50])
    book.line(sheet, 0, [CODE_LABEL, "Nội dung", "Đơn vị", VALUE_LABEL, "Ghi chú"], "heading")
    row = 0
    for target in programme.targets:
        if target.level == "ward" and target.is_yes_or_no:
            continue
        note = (
            ""
            if target.level == "city"
            else "Chỉ phần do cơ quan thành phố thực hiện, chưa có trong số liệu xã, phường"
        )
        for entry, label in zip(target.entry_ids, target.entry_labels, strict=True):
            row += 1
            book.line(sheet, row, [entry, label, target.unit])
            book.put(sheet, row, 3, filled.get(("", entry)), "entry")
            book.put(sheet, row, 4, note)
            sheet.data_validation(row, 3, row, 3, _rule(target))
    sheet.freeze_panes(1, 0)


def _explanation(book: Book, programme: Programme) -> None:
    sheet = book.sheet("Giải thích", [10, 10, 60, 45, 20, 24, 36, 36])
    heading = [
        "Mã nhập",
        "STT",
        "Chỉ tiêu (nguyên văn)",
        "Nội dung nhập",
        "Cách nhập",
        "Mục tiêu",
        "Chủ trì",
        "English",
    ]
    book.line(sheet, 0, heading, "heading")
    row = 0
    for indicator in programme.indicators:
        for target in indicator.targets:
            for number, entry in enumerate(target.entry_ids):
                row += 1
                book.line(sheet, row, _explained(indicator, target, number, entry))
    sheet.freeze_panes(1, 0)


def _explained(indicator: Indicator, target: Target, number: int, entry: str) -> list[object]:
    how = "1 = có, 0 = không" if target.is_yes_or_no else f"số nguyên ({target.unit})"
    goal = aim(target, target.figure) if target.measure != "share_of_wards" else f"{target.figure:g}% số xã, phường"
    english = (target.label_en, target.base_label_en)[number]
    label = target.entry_labels[number]
    return [entry, indicator.id, indicator.text, label, how, goal if not number else "", indicator.lead, english]


def _hint(target: Target, number: int) -> str:
    how = "1 = có, 0 = không" if target.is_yes_or_no else target.unit
    return f"{target.entry_labels[number]} ({how})"


def _rule(target: Target) -> dict[str, Any]:
    largest = 1 if target.is_yes_or_no else _LARGEST
    message = "Nhập 1 (có) hoặc 0 (không)." if target.is_yes_or_no else "Nhập số nguyên từ 0 trở lên."
    return {
        "validate": "integer",
        "criteria": "between",
        "minimum": 0,
        "maximum": largest,
        "error_title": "Số liệu không hợp lệ",
        "error_message": message,
    }
