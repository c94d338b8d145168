"""The published counts of past quarters, and how they outlast the reports that retention removes.

The counts of a quarter are published from a month after its end, as they were known then: later corrections change
nothing that was published. When reports of the quarter are removed, its counts are stored first, so that they read the
same before and after, and the difference gives nothing away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select

from geo.i18n.formats import VIET_NAM_TIME
from geo.records.database.hash_chain import note_rows_from_here
from geo.records.database.lists import list_of
from geo.records.ledger import queries
from geo.records.model.tables import LIST, PUBLISHED, ReportSummary

CHECKED = timedelta(days=30)
"""After the end of a quarter its reports are checked for so long before its counts are published."""


def published_quarter(day: date) -> tuple[date, date]:
    """First and last day of the last quarter that had ended a month before `day`."""
    last = quarter_of(day - CHECKED) - timedelta(days=1)
    return quarter_of(last), last


def published_at(last: date) -> datetime:
    """The moment from which on the counts of a quarter that ended on `last` are public, as they were known then."""
    return datetime.combine(last + CHECKED, time(0), VIET_NAM_TIME)


def quarter_of(day: date) -> date:
    """The first day of the quarter of a day."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def published_counts(connection: Connection, first: date) -> dict[str, int]:
    """How many reports a past quarter has by ward ('' for those outside all wards), unfounded ones left out."""
    columns = (ReportSummary.ward_code, ReportSummary.reports)
    stored = select(*columns).where(ReportSummary.kind == PUBLISHED, ReportSummary.month == first)
    found = {code or "": count for code, count in connection.execute(stored)}
    return found or _counted(connection, first)


def store_published(connection: Connection, days: Iterable[date], moment: datetime) -> None:
    """Store the counts of the quarters of these days, before reports of them are removed; stored ones stay."""
    taken = select(ReportSummary.month).where(ReportSummary.kind == PUBLISHED)
    quarters = {quarter_of(day) for day in days} - set(connection.execute(taken).scalars())
    shared: dict[str, Any] = {"site_id": None, "kind": PUBLISHED, "confirmed": 0, "recorded_at": moment}
    shared[LIST] = list_of(connection)
    rows = [
        shared | {"month": first, "ward_code": code or None, "reports": count}
        for first in sorted(quarters)
        for code, count in sorted(_counted(connection, first).items())
    ]
    if rows:
        note_rows_from_here(connection, ReportSummary.__tablename__)
        connection.execute(insert(ReportSummary), rows)


def _counted(connection: Connection, first: date) -> dict[str, int]:
    last = quarter_of(first + timedelta(days=100)) - timedelta(days=1)
    reports = queries.reports(connection, first, last, published_at(last), None)
    founded = reports[reports["status"] != "unfounded"]
    return dict(Counter(code if isinstance(code, str) else "" for code in founded["ward_code"]))
