"""Vietnamese and English words of the coverage reports, and numbers as Vietnamese documents write them."""

from __future__ import annotations

from datetime import date

from geo.analysis.coverage.attainment import Attainment, Result
from geo.reference.programmes import Indicator, Target

STATES = {
    "met": ("Đạt", "met"),
    "not_met": ("Chưa đạt", "not met"),
    "incomplete": ("Chưa đủ số liệu", "not all have reported"),
    "missing": ("Chưa có số liệu", "nothing reported"),
}
CELL_STATES = {
    "reported": ("Đã báo cáo", "reported"),
    "zero": ("Bằng không", "zero"),
    "incomplete": ("Thiếu số liệu", "half of it"),
    "missing": ("Chưa báo cáo", "not reported"),
    "outside": ("Không thuộc phạm vi", "not asked"),
}
PHASES = {
    "pilot": ("Tiếp tục triển khai", "continues (pilot)"),
    "expansion": ("Nhân rộng", "expansion"),
    "none": ("Ngoài chương trình", "outside the programme"),
}
NO_PHASES = ("Toàn thành phố", "whole city")
LEVELS = {"complex": "Phức tạp", "active": "Có hoạt động", "low": "Ít hoạt động", "inactive": "Không hoạt động"}
NO_PHASE_LIST = "Kế hoạch không chia xã, phường theo giai đoạn nên không có nội dung này."
WITHHELD = "Không công bố"
EXAMPLE = "SỐ LIỆU VÍ DỤ – KHÔNG PHẢI SỐ LIỆU THẬT"


def number(value: float) -> str:
    """A number with Vietnamese separators: thousands by a full stop, decimals (at most one) by a comma.

    >>> number(5300), number(79.36), number(100.0)
    ('5.300', '79,4', '100')
    """
    text = f"{value:,.1f}".removesuffix(".0")
    return text.translate(str.maketrans(",.", ".,"))


def percent(share: float) -> str:
    """A share (0 to 1) in per cent.

    >>> percent(100 / 126)
    '79,4%'
    """
    return number(share * 100) + "%"


def day_text(day: date) -> str:
    """A day as in Vietnamese documents.

    >>> day_text(date(2026, 6, 17))
    '17/06/2026'
    """
    return f"{day:%d/%m/%Y}"


def aim(target: Target, needed: float) -> str:
    """What is promised, in short: 'ít nhất 60%', '80% (100 xã, phường)', 'không phát sinh'."""
    at_least = "ít nhất " if target.rule == "at_least" else ""
    if target.rule == "none":
        return "không để phát sinh (0)"
    if target.measure == "done":
        return "thực hiện"
    if target.measure == "share_of_items":
        return f"{at_least}{number(target.figure)}%"
    if target.measure == "share_of_wards":
        return f"{at_least}{number(target.figure)}% ({number(needed)} {target.unit})"
    return f"{at_least}{number(target.figure)} {target.unit}"


def attained(result: Result) -> str:
    """What was reported, in short; nothing reported and withheld figures say so, and are never written as zero."""
    target = result.target
    if result.suppressed:
        return WITHHELD
    if result.value is None:
        return STATES["missing"][0]
    if target.measure == "done":
        return "có" if result.value else "không"
    if target.measure == "share_of_wards":
        share = f" ({percent(result.share)})" if result.share is not None else ""
        return f"{number(result.value)}/{result.wards} {target.unit}{share}"
    if target.has_base:
        share = f" ({percent(result.share)})" if result.share is not None else ""
        return f"{number(result.value)}/{number(result.base or 0)} {target.unit}{share}"
    return f"{number(result.value)} {target.unit}"


def still_missing(result: Result) -> str:
    """The distance to the target in its unit; '' where it is not known or not there."""
    if not result.distance or result.suppressed:
        return ""
    unit = " điểm %" if result.target.has_base else f" {result.target.unit}"
    return number(result.distance) + unit


def due_text(told: Attainment) -> str:
    """When the report is due and how long the last day in time is from the day of the attainment."""
    due, left = told.deadline, told.days_left - 1
    overdue = f"đã quá hạn {-left} ngày" if left < 0 else "hôm nay là ngày cuối"
    rest = f"còn {left} ngày" if left > 0 else overdue
    return f"trước ngày {day_text(due.day)} (chậm nhất ngày {day_text(due.last_day)}); {rest}"


def phase_name(told: Attainment, phase: str) -> str:
    """The name of a phase; a city whose plan names no phases has one row, the whole city."""
    return PHASES[phase][0] if told.programme.phases.pilot else NO_PHASES[0]


def in_order(told: Attainment) -> list[tuple[Indicator, Result | None]]:
    """Every line of the plan's list with its result, in printed order: a line for each target, None for a heading."""
    lines: list[tuple[Indicator, Result | None]] = []
    for indicator in told.programme.indicators:
        lines += [(indicator, result) for result in told.results if result.indicator == indicator]
        lines += [] if indicator.targets else [(indicator, None)]
    return lines


def title(told: Attainment) -> str:
    """The report's title: what on, and for which period."""
    return f"Kết quả thực hiện {told.programme.document} {told.period.label}"
