"""Quarters whose counts the public is told, and what is kept of them when retention removes the reports.

A quarter is told from a month after its end, as it was known then: later corrections change nothing that was told. When
reports of it leave, those counts are kept, so that a past quarter is told the same before and after, and the difference
gives nothing away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from sqlalchemy import Connection, insert, select

from geo.records.ledger import queries as frames
from geo.records.model.tables import SETTLED_KIND, ReportSummary

VIET_NAM_TIME = timezone(timedelta(hours=7), "UTC+7")
SETTLED = timedelta(days=30)
"""After the end of a quarter its reports are checked for so long before the public gets counts of it."""


def settled_quarter(day: date) -> tuple[date, date]:
    """First and last day of the last quarter that had ended a month before `day`."""
    last = quarter_of(day - SETTLED) - timedelta(days=1)
    return quarter_of(last), last


def settled_at(last: date) -> datetime:
    """The moment from which on a quarter that ended on `last` may be told: what was known then is what is told."""
    return datetime.combine(last + SETTLED, time(0), VIET_NAM_TIME)


def quarter_of(day: date) -> date:
    """The first day of the quarter of a day."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def settled_counts(connection: Connection, first: date) -> dict[str, int]:
    """How many reports a settled quarter has by ward ('' for those outside all wards), unfounded ones left out."""
    columns = (ReportSummary.ward_code, ReportSummary.reports)
    kept = select(*columns).where(ReportSummary.kind == SETTLED_KIND, ReportSummary.month == first)
    found = {code or "": count for code, count in connection.execute(kept)}
    return found or _counted(connection, first)


def keep_settled(connection: Connection, days: Iterable[date], moment: datetime) -> None:
    """Keep the counts of the quarters of these days, before reports of them are removed; what is kept stays."""
    taken = select(ReportSummary.month).where(ReportSummary.kind == SETTLED_KIND)
    quarters = {quarter_of(day) for day in days} - set(connection.execute(taken).scalars())
    shared: dict[str, Any] = {"site_id": None, "kind": SETTLED_KIND, "confirmed": 0, "recorded_at": moment}
    rows = [
        shared | {"month": first, "ward_code": code or None, "reports": count}
        for first in sorted(quarters)
        for code, count in sorted(_counted(connection, first).items())
    ]
    if rows:
        connection.execute(insert(ReportSummary), rows)


def _counted(connection: Connection, first: date) -> dict[str, int]:
    last = quarter_of(first + timedelta(days=100)) - timedelta(days=1)
    reports = frames.reports(connection, first, last, settled_at(last), None)
    told = reports[reports["status"] != "unfounded"]
    return dict(Counter(code if isinstance(code, str) else "" for code in told["ward_code"]))
