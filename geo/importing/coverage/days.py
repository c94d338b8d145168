"""Days of figures beside their periods: what was said before a period ended may not be all of it."""

from __future__ import annotations

from datetime import date

from geo.errors import InputError
from geo.i18n.message import Message
from geo.records.entries import NewCoverageEntry, NewEntry
from geo.reference.programmes import Period


def is_within(period: str, day: object) -> bool:
    """Whether a figure of a period (`2026-H1`) was said before the period ended; False for what is no period or day.

    >>> is_within("2026-H1", date(2026, 6, 10)), is_within("2026-H1", date(2026, 6, 30))
    (True, False)
    """
    try:
        return isinstance(day, date) and day < Period.parse(period).last_day
    except InputError:  # of a period that is none; the records say so
        return False


def day_notes(entry: NewEntry) -> tuple[Message, ...]:
    """What to say of the day of an entry once it is recorded; nothing of what is no figure."""
    if not isinstance(entry, NewCoverageEntry) or not is_within(entry.period, entry.day):
        return ()
    last = Period.parse(entry.period).last_day
    return (Message("importing.day-within-period", period=entry.period, day=entry.day, last=last),)
