"""What verifications found of reports, looked at before another finding is written: nobody replaces one unseen."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, func

from geo.errors import InputError, Problem
from geo.records.kinds.registry import kind
from geo.records.kinds.verification import NewVerification
from geo.records.ledger.queries import current
from geo.records.model.vocabulary import vocabulary


def refuse_without_effect(connection: Connection, entries: Sequence[object], corrects: int | None = None) -> None:
    """Refuse findings that would not count, by whichever way they come: before their report, or behind a later one.

    Raises
    ------
    InputError
        They would not; each report is named.
    """
    own = [entry for entry in entries if isinstance(entry, NewVerification)]
    problems = [
        problem
        for entry in own
        for problem in finding_problems(connection, [entry.report_id], entry.day, None, corrects)
    ]
    if problems:
        raise InputError(problems)


def finding_problems(
    connection: Connection, reports: Collection[int], day: date, seen: datetime | None, corrects: int | None = None
) -> Iterator[Problem]:
    """Why a finding of a day would replace, or be hidden by, what its writer has not seen.

    `seen`: what was recorded up to then was before the writer's eyes; None where that is not known. `reports` are the
    numbers that stay the same through corrections. `corrects`: the finding that gives way to this one.
    """
    yield from _too_early(connection, reports, day)
    table = kind("verification").table.c
    query = current(kind("verification"), None).where(table.report_id.in_(reports), table.id != (corrects or 0))
    for row in connection.execute(query):
        found = {"report": str(row.report_id), "outcome": vocabulary().groups["outcome"][row.outcome]}
        if seen is not None and row.recorded_at > seen:
            yield Problem("records.verified-meanwhile", "outcome", office=row.recorded_office, **found)
        elif row.day > day:
            yield Problem("records.verified-later", "day", day=row.day, **found)


def _too_early(connection: Connection, reports: Collection[int], day: date) -> Iterator[Problem]:
    table = kind("report").table.c
    root = func.coalesce(table.root_id, table.id)
    query = current(kind("report"), None).where(root.in_(reports), table.day > day)
    for number, reported in connection.execute(query.with_only_columns(root, table.day)):
        yield Problem("records.verified-before", "day", report=str(number), day=reported)
