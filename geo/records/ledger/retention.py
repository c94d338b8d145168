"""Retention: old reports leave, their counts stay. The one way by which rows of an entry table are removed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from geo.records.database.hash_chain import note_removed, note_rows_from_here
from geo.records.database.lists import as_list, list_of, of_all_lists
from geo.records.kinds.registry import kind
from geo.records.ledger import queries
from geo.records.ledger.published_counts import store_published
from geo.records.model.tables import LIST, ReportSummary, RetentionPermit


def purge_reports(connection: Connection, before: date, moment: datetime) -> int:
    """Count and remove the reports of which every row lies before a day, list by list; how many rows went.

    Inside the caller's transaction.
    """
    table = kind("report").table
    with of_all_lists(connection):
        keys = connection.execute(select(table.c[LIST]).distinct().order_by(table.c[LIST])).scalars().all()
    removed = 0
    for key in sorted({key or "" for key in keys}):
        with as_list(connection, key):
            removed += _purge(connection, before, moment)
    return removed


def _purge(connection: Connection, before: date, moment: datetime) -> int:
    """The same of one list.

    Inside the caller's transaction. The permit that the triggers ask for is taken back before it ends.
    """
    reports, verifications = kind("report").table, kind("verification").table
    each, chain = reports.alias(), func.coalesce(reports.c.root_id, reports.c.id)
    root = func.coalesce(each.c.root_id, each.c.id)
    old = select(root).group_by(root).having(func.max(each.c.day) < before)
    days = connection.execute(select(reports.c.day).where(chain.in_(old)).distinct())
    store_published(connection, days.scalars().all(), moment)
    _store_counts(connection, before, moment, {int(row) for row in connection.execute(old).scalars()})
    connection.execute(insert(RetentionPermit).values(id=1, before_day=before))
    leaving = (verifications, verifications.c.report_id.in_(old)), (reports, chain.in_(old))
    for table, chosen in leaving:
        numbers = connection.execute(select(table.c.id).where(chosen).order_by(table.c.id)).scalars()
        note_removed(connection, table.name, numbers)
    removed = [connection.execute(delete(table).where(chosen)).rowcount for table, chosen in leaving]
    connection.execute(delete(RetentionPermit))
    return int(removed[-1])


def _store_counts(connection: Connection, before: date, moment: datetime, roots: set[int]) -> None:
    reports = queries.reports(connection, date.min, before, None, None)
    leaving = reports[reports["report_id"].isin(roots)]
    if leaving.empty:
        return
    months = [day.replace(day=1) for day in leaving["day"].dt.date]
    keys = ["month", "ward_code", "site_id", "kind"]
    table = leaving.assign(month=months, confirmed=leaving["verified"])
    counts = table.groupby(keys, dropna=False).agg(reports=("report_id", "size"), confirmed=("confirmed", "sum"))
    rows: list[dict[str, Any]] = [
        {str(key): None if value != value else value for key, value in row.items()}
        for row in counts.reset_index().to_dict("records")
    ]
    note_rows_from_here(connection, ReportSummary.__tablename__)
    connection.execute(
        insert(ReportSummary), [row | {"recorded_at": moment, LIST: list_of(connection)} for row in rows]
    )
