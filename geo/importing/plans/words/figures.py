"""The figures that an indicator promises, with what they count.

>>> [(f.figure, f.unit) for f in figures_of("Kiểm tra tối thiểu 40 cơ sở, hướng dẫn ít nhất tại 15 xã, phường")]
[(40.0, 'cơ sở'), (15.0, 'xã, phường')]
"""

from __future__ import annotations

import re

from geo.importing.plans.understood import PlanFigure

_UNITS = (
    "lượt người", "lượt", "người", "xã, phường", "xã phường", "phường, xã", "xã", "phường", "vụ án", "vụ", "cơ sở",
    "phóng sự", "điểm", "hội nghị", "lớp", "cuộc", "buổi", "đội", "mô hình", "tin, bài", "tin bài", "tin", "bài",
    "đợt", "chuyên đề", "hộ", "trường", "tổ", "câu lạc bộ", "lần",
    "sở, ngành", "tổ chức", "doanh nghiệp", "gia đình", "triệu đồng", "tờ rơi", "bộ tài liệu", "tài liệu",
    "cụm", "khu công nghiệp", "đơn vị",
)  # fmt: skip
_PERSONS = re.compile(
    r"(?:chủ|cán bộ|học sinh|sinh viên|công chức|viên chức|chiến sĩ|công nhân|lao động|phụ nữ|thanh niên|đại biểu"
    r"|đối tượng|nạn nhân|bệnh nhân|cá nhân|giáo viên|giảng viên|quản lý|lãnh đạo|dân|nam|nữ|trẻ em|vị thành niên"
    r"|đồng chí|nhân dân|(?!công viên)\w+ viên|\w+ (?!công )\w+ viên)(?!\w)"
)
"""Who is counted under another name than 'người'; 'chủ cơ sở' are persons, no places."""
_SCALES = {"trăm": 100.0, "nghìn": 1e3, "ngàn": 1e3, "vạn": 1e4}
_QUALIFIERS = re.compile(r"(?:(?:các|những|lượt tổ chức|loại|tổng số|số|mới)\s+)+")
_ENDS_RANGE = re.compile(r"\d\s*%?\s*[-–]\s*$")
"""Before a figure that is the upper end of a range: what is promised is somewhere below it."""
_RANGE = re.compile(r"^\s*(?:đến|hoặc|tới)\s+\d[\d.,]*")
_BASE = re.compile(
    r"\s*(?:(?!trở\b)[^\W\d_]+,?\s+){0,4}?(?:lên|xuống|còn|thành)(?:\s+(?:còn|tới|đến|mức|là|khoảng))*\s+\d", re.I
)
"""Behind the figure that another one comes from: 'tăng từ 70% lên 80%', 'từ 12 xuống còn 10 điểm'."""
_NO_UNIT = {
    "và", "hoặc", "đến", "tới", "so", "trở", "lần", "trên", "dưới", "tại", "ở", "của", "với", "cho", "trong", "theo",
    "được", "là", "thì", "như", "về", "để", "đã", "sẽ", "ngày", "tháng", "năm", "quý", "giờ",
}  # fmt: skip
_ENDS_UNIT = _NO_UNIT | {
    "có", "lắp", "triển", "thực", "tham", "do", "từ", "bằng", "hoạt", "không", "phải", "mỗi", "chưa", "các", "mới",
    "đạt", "gồm", "phục",
}  # fmt: skip
_FIGURE = re.compile(
    r"(?<![\w/.,\-–])(\d{1,3}(?:\.\d{3})+|[1-9]\d{0,2}(?:[ \xa0\u2009\u202f]\d{3})+(?!\d)|\d+(?:,\d+)?)"
    r"(?![\w/]|[.,]\d|\s*[-–]\s*\d)\s*(%|phần trăm)?",
    re.I,
)
"""Thousands stand apart by points, or by spaces: '1 000 người'."""
_BEFORE_NAME = re.compile(
    r"(?:năm|số|ngày|tháng|quý|đội kiểm tra liên ngành|liên ngành|quyết định|mục|khóa|giai đoạn|điều|khoản|nghị định"
    r"|nghị quyết|thông tư|chỉ thị|công văn|phụ lục|chương|biểu|bảng|chỉ tiêu|quốc lộ|tỉnh lộ|đường|km|đội)\s*$",
    re.I,
)
_LEAST = re.compile(
    r"(?:ít nhất|tối thiểu|trên|(?<!giảm )từ|không dưới|không ít hơn)(?:\s+(?:là|tại|cho|trong|một|lần))*\s*$", re.I
)
_PASSED = r"(?:quá|vượt|vượt quá|trên|nhiều hơn|lớn hơn|cao hơn)"
_MOST = re.compile(
    rf"(?:tối đa|nhiều nhất|xuống(?: còn)?|(?<!không )(?<!chưa )(?:dưới|ít hơn)"
    rf"|(?:không|chẳng|chưa)\s+(?:được\s+)?{_PASSED}"
    rf"|không\s+(?:để|có)\s+[^.;,\d]{{0,40}}?\b{_PASSED})(?:\s+(?:là|tại|cho|trong|một|mức|con số))*\s*$",
    re.I,
)
"""Before a figure that must not be passed: it is none to reach."""
_MOST_SIGNS = ("<", "≤", "⩽")
_NONE = re.compile(
    rf"\bkhông\s+(?:để|có)\s+(?:xảy ra|phát sinh|tái)(?![^.;,\d]*?\b{_PASSED}\s+\d)",
    re.I,
)


def figures_of(text: str) -> tuple[PlanFigure, ...]:
    """The figures of a text in its order; years, numbers of offices and documents, and fractions are none."""
    found: list[PlanFigure] = []
    if _NONE.search(text):
        return (PlanFigure(0.0, _known_within(text[_NONE.search(text).end() :]) or "điểm", "none"),)  # type: ignore[union-attr]
    for match in _FIGURE.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        if _BEFORE_NAME.search(before) or _in_fraction(text, match) or _ENDS_RANGE.search(before):
            continue
        if re.search(r"\btừ\s*$", before, re.I) and _BASE.match(after):
            continue
        scale, after = _scaled(after)
        unit = "%" if match[2] else _unit(after)
        if unit:
            found.append(PlanFigure(scale * _number(match[1]), unit, _rule(before, after)))
    return tuple(found)


def figure_of_cells(target: str, unit: str) -> tuple[PlanFigure, ...]:
    """The figure of a column of its own, with its unit from another one where the cell has none."""
    match = _FIGURE.search(target)
    if not match:
        return ()
    own = "%" if match[2] or unit.strip() == "%" else unit.strip() or _unit(target[match.end() :])
    return (PlanFigure(_number(match[1]), own, _rule(target[: match.start()], target[match.end() :])),)


def is_unit(cell: str) -> bool:
    """Whether a cell holds what is counted, and nothing else: '%', 'cơ sở'."""
    words = " ".join(cell.casefold().split())
    return words == "%" or words in _UNITS


def _rule(before: str, after: str) -> str:
    """Whether a figure is one to reach, at least or at most, by the words around it."""
    own = before.rstrip()
    if _MOST.search(before[-70:]) or own.endswith(_MOST_SIGNS) or re.match(r"\s*(?:[^\s.;,]+\s+){0,3}trở xuống", after):
        return "at_most"
    least = _LEAST.search(before[-30:]) or own.endswith((">", "≥")) or re.match(r"\s*trở lên", after)
    return "at_least" if least else "reach"


def _scaled(after: str) -> tuple[float, str]:
    """What a figure is multiplied by ('5 nghìn tờ rơi'), and the rest."""
    words = after.split(maxsplit=1)
    if not words or words[0].casefold() not in _SCALES:
        return 1.0, after
    return _SCALES[words[0].casefold()], words[1] if len(words) > 1 else ""


def _in_fraction(text: str, match: re.Match[str]) -> bool:
    return text[match.end() : match.end() + 1] == "/" or text[max(0, match.start() - 1) : match.start()] == "/"


def _number(text: str) -> float:
    return float(re.sub(r"[.\s]", "", text).replace(",", "."))


def _unit(after: str) -> str:
    """What is counted: the word behind a figure, as it is printed where it is none of those that plans know.

    >>> _unit(" chủ cơ sở và người lao động"), _unit(" camera tại các điểm"), _unit(" so với năm trước")
    ('người', 'camera', '')
    """
    words = " ".join(_RANGE.sub("", after).split())
    folded = _QUALIFIERS.sub("", words.casefold())
    known = _known(folded)
    if known or not folded:
        return known
    if _PERSONS.match(folded):
        return "người"
    return _printed(folded)


def _known(words: str) -> str:
    unit = next((unit for unit in _UNITS if re.match(rf"{unit}\b", words)), "")
    return "xã, phường" if unit in ("xã phường", "phường, xã") else unit


def _known_within(text: str) -> str:
    """The first known unit among the words of a text."""
    words = text.casefold().split()
    found = (_known(" ".join(words[at : at + 4])) for at in range(min(4, len(words))))
    return next(filter(None, found), "")


def _printed(words: str) -> str:
    """The one or two words that name what is counted, '' where no name begins here."""
    found = re.match(r"([^\W\d_]+)(?:\s+([^\W\d_]+))?", words)
    if not found or found[1] in _NO_UNIT:
        return ""
    return found[1] if not found[2] or found[2] in _ENDS_UNIT else f"{found[1]} {found[2]}"
