"""What a number format makes of a cell: `1.25 km` of 1.25, `07/2026` of 1 July 2026, `100%` of 1."""

from __future__ import annotations

import re
from datetime import date, datetime

from geo.importing.tables.model import BadCell
from geo.importing.tables.written.sections import Section, has_conditions, parts, read, section_for, text_section
from geo.reference.names import plain

_UNSEEN = re.compile(r'\[(?!\$)[^\]]*\]|\[\$-[^\]]*\]|[_*]."?')
_LITERAL = re.compile(r'"([^"]*)"|\\(.)')
_ELAPSED_OR_CLOCK = re.compile(r"[hs]", re.I)
_SAYS = re.compile(r"[^\W\d_]|[%‰₫$€£¥°]")
"""A letter or a sign that makes something else of a figure."""
_STATION = re.compile(r"(?:km ?)?0*\+", re.I)

_EXPONENT = re.compile(r"[-+0-9., ]+E[-+]?[0-9]+", re.I)
_FIGURE = re.compile(r"(?P<before>[^\d+-]*)[-+]?(?P<figure>\d(?:[\d.,\s]*\d)?)(?P<behind>\D*)")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})*")
_DASHES = "-–—−"
_MONTH = re.compile(r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec", re.I)


COUNTED = frozenset(
    ("nguoi", "luot", "luot nguoi", "nguoi luot", "vu", "vu viec", "ca", "co so", "diem", "dia diem", "xa", "phuong",
     "phuong xa", "xa phuong", "don vi", "cuoc", "lop", "buoi", "lan", "bo", "cai", "chiec", "tin", "ho", "ho so",
     "people", "persons", "wards", "cases", "times", "reports")
)  # fmt: skip
"""What is counted, one by one: a word that changes no figure."""


def shown(value: object, number_format: str) -> object:
    """The value of a cell, as text where its format says more or less than the value does.

    A number with a word or a sign beside it, a part of a hundred, a day without its day of the month. What only looks
    otherwise (decimals, noughts in front, the order of a date) stays a value; what looks like another figure, or like
    none, is a `BadCell`: of thousands (`0,`), hidden (`;;;`), with digits of its own (`0"000"`).

    >>> shown(1.25, '0.00" km"'), shown(1, "0%"), shown(12.5, "#,##0.00"), shown(date(2026, 7, 1), "mm/yyyy")
    ('1.25 km', '100%', 12.5, '07/2026')
    """
    if isinstance(value, date):
        return _shown_day(value, number_format)
    if isinstance(value, str):
        return _shown_text(value, number_format)
    if isinstance(value, bool) or not isinstance(value, int | float) or number_format in ("", "General"):
        return value
    sign = value if has_conditions(number_format) else (value > 0) - (value < 0)
    section = section_for(number_format, float(sign))
    if section is None:
        return _otherwise(value, number_format)
    return _of_section(value, section, number_format)


def _of_section(value: float, section: Section, number_format: str) -> object:
    words = section.literal.strip()
    if not section.has_figure or (value == 0 and not section.shows_nought):
        if value == 0 and words and not words.strip(_DASHES):
            return value  # a dash stands for nought
        if not words:
            return BadCell("importing.hidden-by-format", _said(value, number_format))
        return words if not section.has_figure and not re.search(r"\d", words) else _otherwise(value, number_format)
    is_scaled = section.thousands or section.percent > 1
    if is_scaled or section.is_parted or _has_digits(section) or _turns_sign(section, value):
        return _otherwise(value, number_format)
    is_said = _SAYS.search(section.literal) and not _STATION.search(section.bare)
    if not is_said or _only_counts(section.before, section.behind):
        return value
    scale = 100 if section.percent else 1
    return f"{section.before}{_written(value * scale)}{section.behind}".strip()


def _has_digits(section: Section) -> bool:
    """Whether digits of the format stand where they look like some of the figure: `0"000"`, `0" 000"`."""
    if not re.search(r"\d", section.literal):
        return False
    is_beside = bool(re.search(r"[\d.,]$", section.before) or re.match(r"[.,]?\d", section.behind))
    return is_beside or not _SAYS.search(section.literal)


def _turns_sign(section: Section, value: float) -> bool:
    """Whether a number looks like one of the other sign."""
    if value < 0:
        return section.is_of_negative and not re.search(r"[-–−()]", section.literal)
    return value > 0 and bool(re.search(r"(?:^|\s)[-−]$", section.before))


def _otherwise(value: float, number_format: str) -> BadCell:
    return BadCell("importing.shown-otherwise", _said(value, number_format))


def _said(value: object, number_format: str) -> dict[str, object]:
    return {"value": value, "format": number_format[:60]}


def _shown_text(value: str, number_format: str) -> object:
    """A text, unless its format hides it; with what a format adds to it."""
    own = text_section(number_format)
    if own is None or own == "@" or not value.strip():
        return value
    section = read(own)
    if "@" not in section.bare:
        code = "importing.shown-otherwise" if section.literal.strip() else "importing.hidden-by-format"
        return BadCell(code, _said(value, number_format))
    is_said = _SAYS.search(section.literal) or re.search(r"\d", section.literal)
    return f"{section.before}{value}{section.behind}".strip() if is_said else value


def as_displayed(value: float | date, text: str) -> float | date | str | BadCell:
    """As `shown`, of a file that holds the text that it displays and not how it was made.

    >>> as_displayed(1.25, "1,25 km"), as_displayed(1250, "1.250"), as_displayed(date(2026, 7, 1), "07/2026")
    ('1.25 km', 1250, '07/2026')
    >>> as_displayed(date(2026, 7, 1), "1 tháng 7, 2026") == as_displayed(date(2026, 7, 1), "01-Jul-26")
    True
    """
    if not text:
        return BadCell("importing.hidden-by-format", _said(value, text))
    if isinstance(value, date):
        return value if _names_day(value, text) else text
    if _STATION.search(text) or _EXPONENT.fullmatch(text):
        return value
    found = _FIGURE.fullmatch(text)
    return _displayed(value, text, found) if found else text if _SAYS.search(text) else value


def _displayed(value: float, text: str, found: re.Match[str]) -> float | str | BadCell:
    scales = (100, 1) if "%" in text else (1,)  # the sign may be a word of the format, which changes no figure
    scale = next((scale for scale in scales if _is_of(value * scale, found["figure"])), None)
    if scale is None:
        return _otherwise(value, text)
    if not _SAYS.search(text) or _only_counts(found["before"], found["behind"]):
        return value
    return f"{found['before']}{_written(value * scale)}{found['behind']}".strip()


def _is_of(value: float, figure: str) -> bool:
    """Whether a figure is the value, rounded: whichever of its signs part thousands, and which the decimals."""
    digits = re.sub(r"\s", "", figure)
    last = max(digits.rfind("."), digits.rfind(","))
    whole = float(re.sub(r"[.,]", "", digits))
    places = len(digits) - last - 1 if last >= 0 else 0
    read_as = [(whole / 10**places, 0.5 / 10**places), *([(whole, 0.5)] if _THOUSANDS.fullmatch(digits) else [])]
    return any(abs(abs(value) - figure) <= most * 1.000001 for figure, most in read_as)


def _only_counts(before: str, behind: str) -> bool:
    return not before.strip() and plain(behind).strip(" .") in COUNTED


def _names_day(day: date, text: str) -> bool:
    """Whether a text that displays a day says which of the month it is."""
    numbers = [int(number) for number in re.findall(r"[0-9]+", text)]
    others = [day.year if day.year in numbers else day.year % 100]
    others += [] if _MONTH.search(text) else [day.month]
    for other in others:
        if other in numbers:
            numbers.remove(other)
    return day.day in numbers or not re.search(str(day.year), text)


def _written(value: float) -> str:
    rounded = round(value, 10)
    return str(int(rounded)) if float(rounded).is_integer() else str(rounded)


def _shown_day(value: date, number_format: str) -> object:
    codes = _LITERAL.sub("", _UNSEEN.sub("", parts(number_format)[0])).lower()
    if "d" in codes or "y" not in codes or _ELAPSED_OR_CLOCK.search(codes):
        return value
    day = value.date() if isinstance(value, datetime) else value
    return f"{day.month:02}/{day.year}" if "m" in codes else f"{day.year:04}"
