"""What a number format makes of a cell: `1.25 km` of 1.25, `07/2026` of 1 July 2026, `100%` of 1."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from geo.reference.names import plain

_DIGITS = re.compile(r"General|[0#?](?:[0#?,. +/\\-]*[0#?])?(?:E[+-][0#?]+)?", re.I)
"""Where the figures stand; `0+000` shows 1250 as the post 1+250, which is the same."""
_UNSEEN = re.compile(r'\[(?!\$)[^\]]*\]|\[\$-[^\]]*\]|[_*]."?')
_CURRENCY = re.compile(r"\[\$([^\]-]+)[^\]]*\]")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)')
_ELAPSED_OR_CLOCK = re.compile(r"[hs]", re.I)
_SAYS = re.compile(r"[^\W\d_]|[%‰₫$€£¥°]")
"""A letter or a sign that makes something else of a figure."""
_STATION = re.compile(r"(?:km ?)?0*\+", re.I)

_EXPONENT = re.compile(r"[-+0-9., ]+E[-+]?[0-9]+", re.I)
_FIGURE = re.compile(r"(?P<before>[^\d+-]*)[-+]?\d(?:[\d.,\s]*\d)?(?P<behind>\D*)")
_MONTH = re.compile(r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec", re.I)


_COUNTED = frozenset(
    ("nguoi", "luot", "luot nguoi", "nguoi luot", "vu", "vu viec", "ca", "co so", "diem", "dia diem", "xa", "phuong",
     "phuong xa", "xa phuong", "don vi", "cuoc", "lop", "buoi", "lan", "bo", "cai", "chiec", "tin", "ho", "ho so",
     "people", "persons", "wards", "cases", "times", "reports")
)  # fmt: skip
"""What is counted, one by one: a word that changes no figure."""


class _Section(NamedTuple):
    before: str
    behind: str


def shown(value: object, number_format: str) -> object:
    """The value of a cell, as text where its format says more or less than the value does.

    A number with a word or a sign beside it, a part of a hundred, a day without its day of the month. What only looks
    otherwise (decimals, noughts in front, the order of a date) stays a value.

    >>> shown(1.25, '0.00" km"'), shown(1, "0%"), shown(12.5, "#,##0.00"), shown(date(2026, 7, 1), "mm/yyyy")
    ('1.25 km', '100%', 12.5, '07/2026')
    """
    if isinstance(value, date):
        return _shown_day(value, number_format)
    if isinstance(value, bool) or not isinstance(value, int | float) or not _SAYS.search(number_format):
        return value
    section = _section(number_format)
    if section is None or _only_counts(section.before, section.behind):
        return value
    scale = 100 if "%" in section.before + section.behind else 1
    return f"{section.before}{_written(value * scale)}{section.behind}".strip()


def as_displayed(value: float | date, text: str) -> float | date | str:
    """As `shown`, of a file that holds the text that it displays and not how it was made.

    >>> as_displayed(1.25, "1,25 km"), as_displayed(1250, "1.250"), as_displayed(date(2026, 7, 1), "07/2026")
    ('1.25 km', 1250, '07/2026')
    >>> as_displayed(date(2026, 7, 1), "1 tháng 7, 2026") == as_displayed(date(2026, 7, 1), "01-Jul-26")
    True
    """
    if isinstance(value, date):
        return text if text and not _names_day(value, text) else value
    if not _SAYS.search(text) or _STATION.search(text) or _EXPONENT.fullmatch(text.strip()):
        return value
    found = _FIGURE.fullmatch(text)
    if found is None:
        return text
    if _only_counts(found["before"], found["behind"]):
        return value
    scale = 100 if "%" in text else 1
    return f"{found['before']}{_written(value * scale)}{found['behind']}".strip()


def _only_counts(before: str, behind: str) -> bool:
    return not before.strip() and plain(behind).strip(" .") in _COUNTED


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


@lru_cache(1024)
def _section(number_format: str) -> _Section | None:
    """What stands before and behind the figures of positive numbers; None where that says nothing."""
    first = _parts(number_format)[0]
    bare = _CURRENCY.sub(r'"\1"', first)
    bare = _UNSEEN.sub("", bare)
    placed = _DIGITS.search(_LITERAL.sub(lambda found: "\0" * len(found[0]), bare))
    if placed is None or _STATION.search(bare):
        return None
    section = _Section(*(_LITERAL.sub(_plain, part) for part in (bare[: placed.start()], bare[placed.end() :])))
    return section if _SAYS.search(section.before + section.behind) else None


def _plain(found: re.Match[str]) -> str:
    return found[1] if found[1] is not None else found[2]


def _parts(number_format: str) -> list[str]:
    """The sections of a format; a semicolon in quotes parts nothing."""
    return re.findall(r'(?:"[^"]*"|\\.|[^;"])+', number_format) or [""]


def _shown_day(value: date, number_format: str) -> object:
    codes = _LITERAL.sub("", _UNSEEN.sub("", _parts(number_format)[0])).lower()
    if "d" in codes or "y" not in codes or _ELAPSED_OR_CLOCK.search(codes):
        return value
    day = value.date() if isinstance(value, datetime) else value
    return f"{day.month:02}/{day.year}" if "m" in codes else f"{day.year:04}"
