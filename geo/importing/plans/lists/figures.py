"""The figures that an indicator promises, with what they count.

>>> [(f.figure, f.unit) for f in figures_of("Kiểm tra tối thiểu 40 cơ sở, hướng dẫn ít nhất tại 15 xã, phường")]
[(40.0, 'cơ sở'), (15.0, 'xã, phường')]
"""

from __future__ import annotations

import re

from geo.importing.plans.understood import PlanFigure

_UNITS = (
    "lượt người", "lượt", "người", "xã, phường", "xã phường", "phường, xã", "xã", "phường", "vụ án", "vụ", "cơ sở",
    "phóng sự", "điểm", "hội nghị", "lớp", "cuộc", "buổi", "đội", "mô hình", "tin bài", "tin", "bài", "cán bộ",
    "học sinh, sinh viên", "học sinh", "sinh viên", "đợt", "chuyên đề", "hộ", "trường", "tổ", "câu lạc bộ", "lần",
    "sở, ngành", "triệu đồng", "tờ rơi", "cụm", "khu công nghiệp", "đơn vị",
)  # fmt: skip
_PERSONS = {"cán bộ": "người", "học sinh, sinh viên": "người", "học sinh": "người", "sinh viên": "người"}
_FIGURE = re.compile(
    r"(?<![\w/.,\-–])(\d{1,3}(?:\.\d{3})+|\d+(?:,\d+)?)(?![\w/]|[.,]\d|\s*[-–]\s*\d)\s*(%|phần trăm)?", re.I
)
_BEFORE_NAME = re.compile(
    r"(?:năm|số|ngày|tháng|quý|đội kiểm tra liên ngành|liên ngành|quyết định|mục|khóa|giai đoạn)\s*$", re.I
)
_LEAST = re.compile(
    r"(?:ít nhất|tối thiểu|trên|từ|không dưới|không ít hơn)(?:\s+(?:là|tại|cho|trong|một|lần))*\s*$", re.I
)
_NONE = re.compile(r"\bkhông\s+(?:để|có)\s+(?:xảy ra|phát sinh|tái)", re.I)


def figures_of(text: str) -> tuple[PlanFigure, ...]:
    """The figures of a text in its order; years, numbers of offices and documents, and fractions are none."""
    found: list[PlanFigure] = []
    if _NONE.search(text):
        return (PlanFigure(0.0, _unit(text[_NONE.search(text).end() :]) or "điểm", "none"),)  # type: ignore[union-attr]
    for match in _FIGURE.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        if _BEFORE_NAME.search(before) or _in_fraction(text, match):
            continue
        unit = "%" if match[2] else _unit(after)
        if unit:
            least = _LEAST.search(before[-30:]) or re.match(r"\s*trở lên", after)
            found.append(PlanFigure(_number(match[1]), unit, "at_least" if least else "reach"))
    return tuple(found)


def figure_of_cells(target: str, unit: str) -> tuple[PlanFigure, ...]:
    """The figure of a column of its own, with its unit from another one where the cell has none."""
    match = _FIGURE.search(target)
    if not match:
        return ()
    own = "%" if match[2] or unit.strip() == "%" else unit.strip() or _unit(target[match.end() :])
    least = _LEAST.search(target[: match.start()]) or target.strip().startswith((">", "≥"))
    return (PlanFigure(_number(match[1]), own, "at_least" if least else "reach"),)


def _in_fraction(text: str, match: re.Match[str]) -> bool:
    return text[match.end() : match.end() + 1] == "/" or text[max(0, match.start() - 1) : match.start()] == "/"


def _number(text: str) -> float:
    return float(text.replace(".", "").replace(",", "."))


def _unit(after: str) -> str:
    """What is counted: the first known word behind a figure, up to three words on."""
    words = after.lstrip().casefold()
    for skipped in range(4):
        rest = " ".join(words.split()[skipped : skipped + 6])
        unit = next((unit for unit in _UNITS if re.match(rf"{unit}\b", rest)), "")
        if unit:
            return _PERSONS.get(unit, "xã, phường" if unit in ("xã phường", "phường, xã") else unit)
        if not rest or re.match(r"[.;(]", rest):
            break
    return ""
