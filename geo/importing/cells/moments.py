"""What stands around a day: the name of its weekday before it, a clock with its zone behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from geo.i18n.formats import VIET_NAM_TIME
from geo.reference.names import plain

_WEEKDAYS = (
    ("hai", "2", "mon"), ("ba", "3", "tue"), ("tu", "4", "wed"), ("nam", "5", "thu"), ("sau", "6", "fri"),
    ("bay", "7", "sat"), ("cn", "chu", "sun"),
)  # fmt: skip
"""What a weekday is known by, from Monday on: its Vietnamese word or number, the first letters of the English one."""
_WEEKDAY = re.compile(
    r"""(?ix)(?:(?:thứ|thu)\s+(?P<word>hai|ba|tư|tu|năm|nam|sáu|sau|bảy|bay|[2-7])(?=[.,]?\s+(?:ngày\s+)?\d)|t(?P<number>[2-7])
    |(?P<sunday>cn|chủ\s*nhật|chu\s*nhat)|(?P<english>mon|tue|wed|thu|fri|sat|sun)[a-z]*)[.,]?\s+(?=ngày\s|\d|[a-z]{3})"""
)
_ZONED = re.compile(
    r"""(?aix)(?P<day>.*\d)[T ,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?
    \s*(?P<half>am|pm|sa|ch)?\s*(?P<zone>z|(?:utc|gmt)(?:\s*[+-]\d{1,2}(?::?\d{2})?)?|[+-]\d{2}(?::?\d{2})?)(?:\s*\(.*\))?"""
)
_OFFSET = re.compile(r"(?a)([+-])(\d{1,2}):?(\d{2})?")
_AFTERNOON, _NOON = ("pm", "ch"), 12


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day in a zone of its own."""

    at: time

    def day_here(self, day: date) -> date:
        """The day of Việt Nam at this time of a `day` there; OverflowError at the end of all days."""
        return datetime.combine(day, self.at).astimezone(VIET_NAM_TIME).date()


def split_weekday(text: str) -> tuple[str, int | None]:
    """A text without the weekday that it begins with, and which that is, from 0 for Monday.

    >>> split_weekday("Thứ Hai, 06/07/2026"), split_weekday("06/07/2026")
    (('06/07/2026', 0), ('06/07/2026', None))
    """
    found = _WEEKDAY.match(text)
    if not found:
        return text, None
    name = plain(next(group for group in found.groups() if group))[:3]
    return text[found.end() :], next(at for at, names in enumerate(_WEEKDAYS) if name in names)


def split_zoned(text: str) -> tuple[str, Clock | None]:
    """A text without the time of day behind it, where that names its zone, and that time.

    `10:30-11:30` is from one time to another; so a zone west of Greenwich needs seconds before it.

    Raises
    ------
    ValueError
        There is no such time of day.
    """
    found = _ZONED.fullmatch(text)
    if not found or (found["zone"].startswith("-") and not found["second"]):
        return text, None
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % _NOON + (_NOON if found["half"].lower() in _AFTERNOON else 0)
    return found["day"], Clock(time(hour, int(found["minute"]), int(found["second"] or 0), tzinfo=_zone(found["zone"])))


def _zone(text: str) -> tzinfo:
    found = _OFFSET.search(text)
    if not found:
        return UTC
    ahead = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return timezone(-ahead if found[1] == "-" else ahead)
