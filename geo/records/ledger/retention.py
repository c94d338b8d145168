"""Retention: old reports leave, their counts stay. The one way by which rows of an entry table are removed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.orm import aliased

from geo.records.ledger import queries as frames
from geo.records.ledger.published_counts import keep_settled
from geo.records.model.tables import Report, ReportSummary, RetentionPermit, Verification


def purge_reports(connection: Connection, before: date, moment: datetime) -> int:
    """Count and remove the reports of which every row lies before a day; how many rows went.

    Inside the caller's transaction. The permit that the triggers ask for is taken back before it ends.
    """
    each = aliased(Report)
    chain = func.coalesce(each.root_id, each.id)
    old = select(chain).group_by(chain).having(func.max(each.day) < before)
    days = connection.execute(select(Report.day).where(func.coalesce(Report.root_id, Report.id).in_(old)).distinct())
    keep_settled(connection, days.scalars().all(), moment)
    _keep_counts(connection, before, moment, {int(row) for row in connection.execute(old).scalars()})
    connection.execute(insert(RetentionPermit).values(id=1, before_day=before))
    connection.execute(delete(Verification).where(Verification.report_id.in_(old)))
    removed = connection.execute(delete(Report).where(func.coalesce(Report.root_id, Report.id).in_(old)))
    connection.execute(delete(RetentionPermit))
    return int(removed.rowcount)


def _keep_counts(connection: Connection, before: date, moment: datetime, roots: set[int]) -> None:
    reports = frames.reports(connection, date.min, before, None, None)
    leaving = reports[reports["report_id"].isin(roots)]
    if leaving.empty:
        return
    months = [day.replace(day=1) for day in leaving["day"].dt.date]
    keys = ["month", "ward_code", "site_id", "kind"]
    table = leaving.assign(month=months, confirmed=leaving["status"] == "confirmed")
    counts = table.groupby(keys, dropna=False).agg(reports=("report_id", "size"), confirmed=("confirmed", "sum"))
    rows: list[dict[str, Any]] = [
        {str(key): None if value != value else value for key, value in row.items()}
        for row in counts.reset_index().to_dict("records")
    ]
    connection.execute(insert(ReportSummary), [row | {"recorded_at": moment} for row in rows])
