"""The half-year and year report as a workbook: the plan's own order, numbers as numbers, dates as dates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from geo.analysis.coverage.attainment import Attainment, Result
from geo.output.reports.sheets import Book, workbook_bytes
from geo.output.reports.wording import (
    CELL_STATES,
    EXAMPLE,
    LEVELS,
    NO_PHASE_LIST,
    STATES,
    WITHHELD,
    aim,
    due_text,
    in_order,
    phase_name,
    title,
)
from geo.reference.programmes import Indicator

_RESULT_HEADING = (
    *("STT", "Chỉ tiêu (nguyên văn)", "Nội dung đo", "Cơ quan chủ trì", "Cơ quan phối hợp", "Mã", "Mục tiêu"),
    *("Mức cần đạt", "Đơn vị", "Kết quả", "Tổng số", "Tỷ lệ", "Còn thiếu", "Đánh giá", "Phải báo cáo", "Đã báo cáo"),
    *("Trong đó bằng không", "Chưa báo cáo", "English"),
)
_RESULT_WIDTHS = (6, 48, 36, 24, 30, 7, 22, 10, 12, 11, 11, 9, 11, 16, 9, 9, 9, 9, 36)


def report_xlsx(told: Attainment) -> bytes:
    """The report on `told` as XLSX: indicators, phases, wards, wards without any entry, wards outside the programme.

    A figure that nobody reported is an empty, hatched cell, one that is withheld from the public a text; neither is 0.
    """

    def fill(book: Book) -> None:
        _about(book, told)
        _results(book, told)
        _phases(book, told)
        _wards(book, told)
        _silent(book, told)
        _outside(book, told)

    return workbook_bytes(fill, title=title(told), created=told.day)


def _about(book: Book, told: Attainment) -> None:
    sheet = book.sheet("Thông tin", [34, 90])
    sheet.write_string(0, 0, title(told), book.formats["title"])
    if told.example:
        sheet.write_string(1, 0, EXAMPLE, book.formats["warning"])
    share = f"{told.reporting.reporting}/{told.reporting.wards} xã, phường"
    facts: list[tuple[str, object]] = [
        ("Kế hoạch", told.programme.title),
        ("Văn bản", f"{told.programme.document}, {told.programme.issuer}"),
        ("Ngày ban hành", told.programme.issued),
        ("Kỳ báo cáo", told.period.label),
        ("Số liệu đến ngày", told.day),
        ("Thời hạn in trong kế hoạch (trước ngày)", told.deadline.day),
        ("Ngày cuối cùng còn đúng hạn", told.deadline.last_day),
        ("Thời hạn", due_text(told)),
        ("Nơi nhận báo cáo", told.programme.report_to),
        ("Xã, phường đã có ít nhất một số liệu", share),
        ("Bản", "công khai: số từ 1 đến 4 không công bố" if told.audience == "public" else "nội bộ"),
        ("Số liệu không đúng cấp, chưa tính", told.unused),
    ]
    for row, (label, value) in enumerate(facts, 3):
        book.put(sheet, row, 0, label, "heading")
        book.put(sheet, row, 1, value, "date" if not isinstance(value, str | int) else "text")


def _results(book: Book, told: Attainment) -> None:
    sheet = book.sheet("Chỉ tiêu", _RESULT_WIDTHS)
    book.line(sheet, 0, _RESULT_HEADING, "heading")
    sheet.freeze_panes(1, 2)
    sheet.repeat_rows(0)
    for row, (indicator, result) in enumerate(in_order(told), 1):
        _result(book, sheet, row, indicator, result)


def _result(book: Book, sheet: Any, row: int, indicator: Indicator, result: Result | None) -> None:
    book.line(sheet, row, [indicator.id, indicator.text])
    if result is None:
        book.line(sheet, row, [indicator.id, indicator.text, *[""] * (len(_RESULT_HEADING) - 2)], "heading")
        return
    target = result.target
    words = [target.label, indicator.lead, indicator.support, target.id, aim(target, result.needed)]
    for column, text in enumerate(words, 2):
        book.put(sheet, row, column, text)
    unit = "%" if target.has_base else target.unit
    book.put(sheet, row, 7, result.needed, "points" if target.has_base else "count")
    book.put(sheet, row, 8, unit)
    _figure(book, sheet, (row, 9), result.value, result)
    _figure(book, sheet, (row, 10), result.base, result) if target.has_base else book.put(sheet, row, 10, "", "outside")
    book.put(sheet, row, 11, result.share, "share")
    book.put(sheet, row, 12, None if result.suppressed else result.distance, "points")
    book.put(sheet, row, 13, STATES[result.state][0])
    for column, count in enumerate((result.wards, result.reporting, result.zero, result.missing), 14):
        book.put(sheet, row, column, count if target.level == "ward" else "", "count")
    book.put(sheet, row, 18, indicator.text_en)


def _figure(book: Book, sheet: Any, place: tuple[int, int], value: float | None, result: Result) -> None:
    if value is not None:
        book.put(sheet, *place, value, "count")
    elif result.suppressed:
        book.put(sheet, *place, WITHHELD, "withheld")
    else:
        book.put(sheet, *place, None, "missing")


def _phases(book: Book, told: Attainment) -> None:
    sheet = book.sheet("Theo giai đoạn", [26, 7, 48, 12, 12, 10, 12, 12, 12, 12])
    heading = ["Nhóm xã, phường", "Mã", "Nội dung đo", "Kết quả", "Tổng số", "Tỷ lệ", "Phải báo cáo", "Đã báo cáo"]
    book.line(sheet, 0, [*heading, "Bằng không", "Chưa báo cáo"], "heading")
    sheet.freeze_panes(1, 0)
    labels = {target.id: target.label for target in told.programme.targets}
    for row, entry in enumerate(told.rows("phase").to_dict("records"), 1):
        book.line(sheet, row, [phase_name(told, entry["phase"]), entry["target"], labels[entry["target"]]])
        withheld = WITHHELD if entry["suppressed"] else None
        for column, name in enumerate(("value", "base"), 3):
            value = None if pd.isna(entry[name]) else float(entry[name])
            shown = value if value is not None else withheld
            book.put(sheet, row, column, shown, "withheld" if isinstance(shown, str) else "count")
        book.put(sheet, row, 5, None if pd.isna(entry["share"]) else float(entry["share"]), "share")
        for column, name in enumerate(("wards", "reporting", "zero", "missing"), 6):
            book.put(sheet, row, column, int(entry[name]), "count")


def _wards(book: Book, told: Attainment) -> None:
    rows = told.rows("ward")
    targets = [target for target in told.programme.targets if target.level == "ward"]
    sheet = book.sheet("Xã, phường", [8, 30, 20] + [13] * len(targets))
    book.line(sheet, 0, ["Mã", "Tên xã, phường", "Giai đoạn", *(target.id for target in targets)], "heading")
    book.line(sheet, 1, ["", "", "", *(target.label for target in targets)], "hint")
    sheet.set_row(1, 110)
    sheet.freeze_panes(2, 3)
    cells = {(row["code"], row["target"]): row for row in rows.to_dict("records")}
    listed = rows.drop_duplicates("code")[["code", "name", "phase"]]
    for number, (code, name, phase) in enumerate(listed.itertuples(index=False, name=None), 2):
        book.line(sheet, number, [code, name, phase_name(told, phase)])
        for column, target in enumerate(targets, 3):
            book.put(sheet, number, column, *_ward_cell(cells[code, target.id]))
    last = len(listed) + 3
    for number, state in enumerate(("missing", "outside")):
        book.put(sheet, last + number, 1, CELL_STATES[state][0])
        book.put(sheet, last + number, 2, *_ward_cell({"state": state, "suppressed": False, "value": None}))


def _ward_cell(cell: Mapping[Any, Any]) -> tuple[object, str]:
    """What stands in a ward's cell, and its look."""
    if cell["suppressed"]:
        return WITHHELD, "withheld"
    if cell["state"] == "outside":
        return "–", "outside"
    if cell["state"] == "missing":
        return None, "missing"
    if cell["state"] == "incomplete":
        return CELL_STATES["incomplete"][0], "missing"
    return float(cell["value"]), "count"


def _silent(book: Book, told: Attainment) -> None:
    sheet = book.sheet("Chưa báo cáo", [8, 40])
    book.line(sheet, 0, ["Mã", "Xã, phường chưa có số liệu nào trong kỳ"], "heading")
    names = dict(told.rows("ward").drop_duplicates("code")[["code", "name"]].itertuples(index=False, name=None))
    for row, code in enumerate(told.reporting.without, 1):
        book.line(sheet, row, [code, names.get(code, "")])


def _outside(book: Book, told: Attainment) -> None:
    sheet = book.sheet("Ngoài chương trình", [8, 30, 12, 50, 16, 14, 12])
    heading = ["Mã", "Xã, phường", "Mã điểm", "Điểm", "Mức độ", "Chiều dài (m)", "Tỷ lệ"]
    book.line(sheet, 0, heading, "heading")
    if not told.programme.phases.pilot:
        book.put(sheet, 1, 0, NO_PHASE_LIST)
        return
    if told.outside is None:
        book.put(sheet, 1, 0, "Chưa có dữ liệu điểm để đối chiếu")
        return
    for row, entry in enumerate(told.outside.to_dict("records"), 1):
        level = LEVELS[entry["site_level"]]
        book.line(sheet, row, [entry["ward_code"], entry["ward_name"], entry["site_id"], entry["site_name"], level])
        book.put(sheet, row, 5, float(entry["length_m"]), "points")
        book.put(sheet, row, 6, float(entry["share"]), "share")
