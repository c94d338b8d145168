"""Days, with a time of day or without, as spreadsheets, survey programs and officials write them."""

from __future__ import annotations

import re
from datetime import date

from geo.importing.cells.errors import CellError, short, usable
from geo.importing.cells.moments import split_weekday, split_zoned
from geo.importing.tables.model import EPOCH_1900, Cell, serial_day
from geo.reference.names import plain

_CLOCK = r"(?:[T ,]+\d{1,2}[:hg]\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s*(?:sa|ch|am|pm|a\.m\.|p\.m\.))?)?"
_BARE_TIME = re.compile(r"(?a)\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?")
_ISO = re.compile(r"(?a)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)?")
_CLOCK_BEFORE = r"(?:\d{1,2}[:hg]\d{2}(?::\d{2})?,?\s+)?(?:ngày\s+)?"
_DAY_FIRST = re.compile(rf"(?ai){_CLOCK_BEFORE}(\d{{1,2}})\s*[/.\-]\s*(\d{{1,2}})\s*[/.\-]\s*(\d{{4}}){_CLOCK}")
_SPELLED = re.compile(
    rf"(?a)(?:ngay\s*)?(\d{{1,2}})\s*(?:thang|thg\.?)\s*(\d{{1,2}})(?:\s*(?:nam|,)\s*|\s+)(\d{{4}}){_CLOCK}"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"({'|'.join(_MONTHS)})[a-z]*\.?"
_ENGLISH = re.compile(rf"(?a)(\d{{1,2}})[ ]+{_MONTH},?[ ]+(\d{{4}}){_CLOCK}")
_ENGLISH_SHORT = re.compile(rf"(?a)(\d{{1,2}}) {_MONTH} (\d{{2}}){_CLOCK}")
"""As spreadsheets write `07-Jan-26`; none of them has the year first beside a month in letters."""
_AMERICAN = re.compile(rf"(?a){_MONTH}[ ]+(\d{{1,2}}),?[ ]+(\d{{4}}){_CLOCK}")
_COMPACT = re.compile(r"(?a)(20\d{2})(\d{2})(\d{2})(?:\.0)?")
_SHORT_YEAR = re.compile(rf"(?ai){_CLOCK_BEFORE}(\d{{1,2}})\s*[/.\-]\s*(\d{{1,2}})\s*[/.\-]\s*(\d{{2}}){_CLOCK}")
_SHORT_YEARS = range(20, 40)
"""Years of two digits that are taken for one: from 2020, before which no report of this kind was written."""


def as_day(cell: Cell) -> date:
    """A day of Việt Nam: a date cell, `dd/mm/yyyy` (day first, always), ISO, in words, or a spreadsheet's serial day.

    A time of day is left out; where it names its zone, the day is that of Việt Nam (UTC+7). A year of two digits is
    read where it stands last and nothing else in the day could be a year: `07/06/26`, but not `26/06/25`.

    >>> as_day("7/1/2026"), as_day("2026-01-06T20:30:00Z"), as_day(46029)
    (datetime.date(2026, 1, 7), datetime.date(2026, 1, 7), datetime.date(2026, 1, 7))
    """
    cell = usable(cell)
    if isinstance(cell, date):
        return cell
    typed = _as_typed(cell)
    if serial := _serial(typed):
        return serial
    text, weekday = split_weekday(typed)
    try:
        text, clock = split_zoned(text)
        day = _day(text, typed)
        here = clock.day_here(day) if clock else day
    except (ValueError, OverflowError) as error:
        raise CellError("importing.no-calendar-day", text=short(cell)) from error
    if weekday not in (None, day.weekday()):
        raise CellError("importing.other-weekday", text=short(cell), day=day)
    return here


def as_day_of_utc(cell: Cell) -> date:
    """As `as_day`, of a column of times in UTC: a clock without a zone is one of UTC.

    A day without a clock may be the next one in Việt Nam, and is refused.

    >>> as_day_of_utc("2026-07-05T20:30:00"), as_day_of_utc("2026-07-05T20:30:00+07:00")
    (datetime.date(2026, 7, 6), datetime.date(2026, 7, 5))
    """
    text = "" if isinstance(usable(cell), date) else _as_typed(cell)
    if split_zoned(split_weekday(text)[0])[1] is None:
        if split_zoned(f"{text} UTC")[1] is None:
            raise CellError("importing.day-of-utc", text=short(cell))
        text = f"{text} UTC"
    return as_day(text)


def _day(text: str, typed: str) -> date:
    """The day of a text, which was `typed` with what stands around it."""
    parts = _parts(text) or _short_year(text)
    if parts is None:
        raise CellError("importing.no-date", text=short(typed))
    year, month, day = parts
    try:
        return date(year, month, day)
    except ValueError as error:
        code = "importing.day-first" if month > 12 >= day else "importing.no-calendar-day"
        raise CellError(code, text=short(typed)) from error


def _as_typed(cell: Cell) -> str:
    return f"{cell:.10g}" if isinstance(cell, float) else " ".join(str(cell).split())


def _serial(text: str) -> date | None:
    return serial_day(float(text), EPOCH_1900) if re.fullmatch(r"(?a)\d{5}(?:\.\d+)?", text) else None


def in_utc(cell: Cell) -> Cell:
    """A time that says no zone as one of UTC, as survey programs write when a form was sent; all else as it is.

    >>> as_day(in_utc("2026-07-05T20:30:00"))
    datetime.date(2026, 7, 6)
    """
    return f"{cell.strip()}Z" if isinstance(cell, str) and _BARE_TIME.fullmatch(cell.strip()) else cell


def is_serial(text: str) -> bool:
    """Whether a text is a day as spreadsheets count them."""
    return _serial(text.strip()) is not None


def _parts(text: str) -> tuple[int, int, int] | None:
    """Year, month and day of a text."""
    if found := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _DAY_FIRST.fullmatch(text):
        return int(found[3]), int(found[2]), int(found[1])
    words = plain(text)
    if found := _SPELLED.fullmatch(words):
        return int(found[3]), int(found[2]), int(found[1])
    if found := _ENGLISH.fullmatch(words):
        return int(found[3]), _MONTHS.index(found[2]) + 1, int(found[1])
    if found := _AMERICAN.fullmatch(words):
        return int(found[3]), _MONTHS.index(found[1]) + 1, int(found[2])
    return None


def has_short_year(text: str) -> bool:
    """Whether a text is a day with a year of two digits."""
    text, _ = split_weekday(" ".join(text.split()))
    return bool(_SHORT_YEAR.fullmatch(text) or _ENGLISH_SHORT.fullmatch(plain(text)))


def _short_year(text: str) -> tuple[int, int, int] | None:
    """Year, month and day of a text whose year has two digits.

    Raises
    ------
    CellError
        The first number could be the year as well, or the last one is no year of today.
    """
    found = _ENGLISH_SHORT.fullmatch(plain(text))
    if found and int(found[3]) in _SHORT_YEARS:
        return 2000 + int(found[3]), _MONTHS.index(found[2]) + 1, int(found[1])
    found = _SHORT_YEAR.fullmatch(text)
    if not found:
        return None
    first, month, last = int(found[1]), int(found[2]), int(found[3])
    if last not in _SHORT_YEARS or (first in _SHORT_YEARS and 1 <= last <= 31 and month <= 12):
        raise CellError("importing.short-year", text=short(text))
    return 2000 + last, month, first
