"""The reports of a span as they were last read, brought up to date by the rows that were written since.

Rows are only ever added: a report that arrives is one row more, a correction or a withdrawal one row more that takes
another away. So a span that was read before needs those rows alone. Two things must hold, else it is read anew: the
last row of each table is the one that was last (numbers come again after a restored backup, moments do not), and no row
is gone: retention, which alone removes some, leaves their counts behind. (To count the rows of a table looks at each of
them: of a country's year that takes as long as half of the rest.)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select

from geo.cache import Cache
from geo.records.kinds.registry import kind
from geo.records.ledger import queries
from geo.records.model.register_lookup import RegisterLookup
from geo.records.model.tables import ReportSummary

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

_BYTES = 64_000_000
_MOST_NEW = 5_000
"""Beyond so many new rows reading everything is as quick, and asks for no long list of numbers."""
_TABLES = ("report", "verification")


@dataclass(frozen=True, slots=True)
class _Mark:
    """How far a table was read: number and moment of its last row (0, None: it was empty), and the last count that
    retention left."""

    last: int
    moment: datetime | None
    removed: int


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """What was read of a span: rows of `queries.report_rows`, outcomes by report, and the marks of both tables."""

    rows: DataFrame
    outcomes: Mapping[int, str]
    marks: tuple[_Mark, ...]

    @property
    def size(self) -> int:
        """Bytes that it takes, about."""
        return int(self.rows.memory_usage().sum()) + 100 * len(self.outcomes)


@dataclass(frozen=True, slots=True)
class _Span:
    """Days (both in it) and wards of reports, as `queries.reports` takes them."""

    day_from: date
    day_to: date
    wards: tuple[str, ...] | None


class KeptReports:
    """The spans of one store that were last asked for. Safe for several threads; each reads one state of the data."""

    def __init__(self) -> None:
        self._spans: Cache[_Span, _Kept] = Cache(_BYTES, lambda kept: kept.size, at_least=2)

    def read(
        self,
        connection: Connection,
        day_from: date,
        day_to: date,
        registers: RegisterLookup | None,
        wards: Collection[str] | None,
    ) -> GeoDataFrame:
        """What `queries.reports` gives for all that is known now."""
        span = _Span(day_from, day_to, None if wards is None else tuple(sorted(wards)))
        old = self._spans.find(span)
        kept = (_continued(connection, span, old) if old is not None else None) or _whole(connection, span)
        if kept is not old:
            self._spans.put(span, kept)
        return queries.placed_reports(kept.rows, kept.outcomes, registers)


def _whole(connection: Connection, span: _Span) -> _Kept:
    marks = tuple(_mark(connection, name) for name in _TABLES)
    rows = queries.report_rows(connection, span.day_from, span.day_to, None, span.wards)
    query = queries.reports_query(span.day_from, span.day_to, None, span.wards)
    return _Kept(rows, queries.report_outcomes(connection, span.day_to, None, query), marks)


def _continued(connection: Connection, span: _Span, old: _Kept) -> _Kept | None:
    """What was read with the rows since; None where it must be read anew."""
    marks = tuple(_mark(connection, name) for name in _TABLES)
    if marks == old.marks:
        return old
    if not len(old.rows) or not all(map(_goes_on, [connection] * 2, _TABLES, old.marks, marks)):
        return None
    reports, verifications = (kind(name).table.c for name in _TABLES)
    last, checked = (mark.last for mark in old.marks)
    gone = connection.execute(select(reports.corrects_id).where(reports.id > last)).scalars().all()
    newer = verifications.id > checked
    # A correction may speak of another report than the row it corrects: what was found of both may be another now.
    told = newer | verifications.id.in_(select(verifications.corrects_id).where(newer))
    about = connection.execute(select(verifications.report_id).where(told)).scalars().all()
    added = queries.report_rows(connection, span.day_from, span.day_to, None, span.wards, after=last)
    concerned = {int(report) for report in (*about, *added["report_id"].tolist())}
    outcomes = {report: found for report, found in old.outcomes.items() if report not in concerned}
    if concerned:
        outcomes |= queries.report_outcomes(connection, span.day_to, None, sorted(concerned))
    return _Kept(_joined(old.rows, gone, added), outcomes, marks)


def _mark(connection: Connection, name: str) -> _Mark:
    table = kind(name).table.c
    removed = int(connection.execute(select(func.coalesce(func.max(ReportSummary.id), 0))).scalar_one())
    last = connection.execute(select(table.id, table.recorded_at).order_by(table.id.desc()).limit(1)).one_or_none()
    return _Mark(0, None, removed) if last is None else _Mark(int(last.id), last.recorded_at, removed)


def _goes_on(connection: Connection, name: str, old: _Mark, now: _Mark) -> bool:
    """Whether a table holds what it held at the old mark, and not too many rows more."""
    table = kind(name).table.c
    moment = connection.execute(select(table.recorded_at).where(table.id == old.last)).scalar()
    more = connection.execute(select(func.count()).where(table.id > old.last)).scalar_one()
    return bool(moment == old.moment and now.removed == old.removed and more <= _MOST_NEW)


def _joined(rows: DataFrame, gone: Collection[int | None], added: DataFrame) -> DataFrame:
    """The rows without those that are gone, with those that came, by day and order of entry."""
    import numpy as np
    import pandas as pd

    taken = [number for number in gone if number is not None]
    kept = rows[~rows["id"].isin(taken)] if taken else rows
    if not len(added):
        return kept.reset_index(drop=True)
    # A column without any value has no type of its own, and takes that of the other part.
    bare = [name for name in added if added[name].dtype == object]
    added = added.astype({name: kept[name].dtype for name in bare})
    untyped = [name for name in kept if kept[name].dtype == object]
    kept = kept.astype({name: added[name].dtype for name in untyped})
    both = pd.concat([kept, added], ignore_index=True)
    order = np.lexsort((both["id"].to_numpy(), both["day"].to_numpy()))
    return both if (np.diff(order) == 1).all() else both.iloc[order].reset_index(drop=True)
