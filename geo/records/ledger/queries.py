"""The records as pandas frames: what held on a day, as it was known at a moment.

`day` limits by since when something is so, `known_at` (an aware datetime) by since when it is recorded; without
`known_at` everything known now counts. A row that was corrected or withdrawn by then is left out. Frames are in a fixed
order, so the same question gets the same frame.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, exists, func, or_, select
from sqlalchemy.orm import aliased

from geo.errors import InputError, Problem
from geo.records.model.register_lookup import RegisterLookup
from geo.records.model.tables import (
    SETTLED_KIND,
    Assessment,
    Audit,
    CoverageEntry,
    Entry,
    FlagEvent,
    PhaseChange,
    Report,
    ReportSummary,
    Review,
    Verification,
)

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

RECORDED = ("recorded_at", "recorded_by", "recorded_office", "corrects_id")
ASSESSMENT_COLUMNS = ("site_id", "level", "day", "document", "office", "note")
REVIEW_COLUMNS = ("day", "wards", "sites", "conclusion", "next_day", "document", "note")
REPORT_COLUMNS = ("day", "kind", "channel", "lon", "lat", "site_id", "chainage_m", "ward_code", "verified", "note")
COVERAGE_COLUMNS = ("ward_code", "programme", "indicator", "period", "value", "day", "document", "office", "note")
PHASE_COLUMNS = ("ward_code", "phase", "day", "document", "note")
FLAG_COLUMNS = ("flag_id", "event", "day", "note")
_DAYS = ("day", "next_day", "month")


def assessments(connection: Connection, day: date | None, known_at: datetime | None) -> DataFrame:
    """Columns `id, site_id, level, day, document, office, note` and who recorded it; by day, then by order of entry."""
    return _entries(connection, Assessment, ASSESSMENT_COLUMNS, day, known_at)


def levels(connection: Connection, day: date, known_at: datetime | None) -> DataFrame:
    """The last assessment of each site up to the day, in the order of site ids; columns as `assessments`."""
    return _latest(assessments(connection, day, known_at), "site_id")


def reviews(connection: Connection, day: date | None, known_at: datetime | None) -> DataFrame:
    """Columns `id, day, wards, sites` (tuples), `conclusion, next_day` (NaT where none), `document, note`."""
    return _entries(connection, Review, REVIEW_COLUMNS, day, known_at)


def coverage(connection: Connection, day: date | None, known_at: datetime | None) -> DataFrame:
    """Columns `id, ward_code` (None: the city), `programme, indicator, period, value, day, document, office, note`."""
    return _entries(connection, CoverageEntry, COVERAGE_COLUMNS, day, known_at)


def phases(connection: Connection, day: date, known_at: datetime | None) -> DataFrame:
    """The last phase change of each ward up to the day, in the order of codes: `ward_code, phase, day, document`."""
    return _latest(_entries(connection, PhaseChange, PHASE_COLUMNS, day, known_at), "ward_code")


def flag_events(connection: Connection, day: date | None, known_at: datetime | None) -> DataFrame:
    """Columns `id, flag_id, event, day, note`, and who recorded it, when."""
    return _entries(connection, FlagEvent, FLAG_COLUMNS, day, known_at)


def reports(
    connection: Connection,
    day_from: date,
    day_to: date,
    known_at: datetime | None,
    registers: RegisterLookup | None,
    wards: Collection[str] | None = None,
) -> GeoDataFrame:
    """The reports of a span of days (both in it), EPSG:4326, by day, then by order of entry.

    `wards` are the codes of those that are asked for; reports whose place names no ward come with them, whatever is
    asked for: nothing reported is lost.

    Columns `report_id` (stays the same through corrections), `id` (the row), `day, kind, channel, lon, lat, site_id,
    chainage_m, ward_code, verified, status, note, recorded_at`. `status` is `unverified`, `confirmed` or `unfounded` by
    the last verification up to `day_to`; `verified` is true where it is `confirmed`. The geometry of a report that
    gives a site and a chainage lies on the site's route where `registers` can tell, else it is missing.
    """
    import geopandas
    import numpy as np
    import shapely

    query = reports_query(day_from, day_to, known_at, wards)
    named: list[Any] = [getattr(Report, name) for name in ("id", *REPORT_COLUMNS, "recorded_at")]
    report_id = func.coalesce(Report.root_id, Report.id).label("report_id")
    frame = _frame(connection, query.with_only_columns(report_id, *named))
    found = _outcomes(connection, day_to, known_at, query)
    entered = zip(frame["report_id"].tolist(), frame["verified"].tolist(), strict=True)
    status = [found.get(report, "confirmed" if verified else "unverified") for report, verified in entered]
    frame["verified"] = np.array([word == "confirmed" for word in status], dtype=bool)
    frame.insert(frame.columns.tolist().index("verified") + 1, "status", status)
    lon, lat = _places(frame, registers)
    points = shapely.points(lon, lat)
    points[lon != lon] = None
    return geopandas.GeoDataFrame(frame, geometry=points, crs="EPSG:4326")


def reports_query(
    day_from: date, day_to: date, known_at: datetime | None, wards: Collection[str] | None
) -> Select[Any]:
    """The question behind `reports`; its index is by ward and day."""
    query = _current(Report, known_at).where(Report.day >= day_from, Report.day <= day_to)
    if wards is None:
        return query
    return query.where(or_(Report.ward_code.in_(sorted(wards)), Report.ward_code.is_(None)))


def history(connection: Connection, table: type[Entry], where: Mapping[str, object]) -> DataFrame:
    """Every row as written, in the order of entry, with all columns of the table; `where` picks by column.

    Raises
    ------
    InputError
        The table has no such column.
    """
    columns = table.__table__.columns
    unknown = [name for name in where if name not in columns]
    if unknown:
        what = f"{table.__tablename__} has no column {', '.join(unknown)}"
        raise InputError(Problem(what, "", "it has " + ", ".join(columns.keys())))
    query = select(*columns).where(*(columns[name] == value for name, value in where.items()))
    return _frame(connection, query.order_by(table.id))


def summaries(connection: Connection) -> DataFrame:
    """What retention left, by month: `month, ward_code, site_id, kind, reports, confirmed`."""
    names = ("month", "ward_code", "site_id", "kind", "reports", "confirmed")
    columns = [getattr(ReportSummary, name) for name in names]
    counts = select(*columns).where(ReportSummary.kind != SETTLED_KIND)
    return _frame(connection, counts.order_by(ReportSummary.month, ReportSummary.id))


def last_ids(connection: Connection, tables: Sequence[type[Entry]]) -> tuple[int | None, ...]:
    """The number of the last row of each table; None where it has none."""
    numbers = (select(func.max(table.id)).scalar_subquery() for table in tables)
    return tuple(connection.execute(select(*numbers)).one())


def rows(connection: Connection, table: type[Entry], columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """The rows of a table that are neither corrected nor withdrawn, by day, then by order of entry, as tuples."""
    query = _current(table, None).with_only_columns(*(getattr(table, name) for name in columns))
    return list(map(tuple, connection.execute(query)))


def audit(connection: Connection, limit: int, subject: str | None, action: str | None) -> DataFrame:
    """The last audit lines, newest first."""
    query = select(*Audit.__table__.columns).order_by(Audit.id.desc()).limit(limit)
    if subject is not None:
        query = query.where(Audit.subject == subject)
    if action is not None:
        query = query.where(Audit.action == action)
    return _frame(connection, query)


def _current(table: type[Entry], known_at: datetime | None) -> Select[Any]:
    """Rows that were known at the moment and neither corrected nor withdrawn by then."""
    newer = aliased(table)
    # Most rows correct nothing; without saying so, every one of them would be looked at.
    corrected = exists().where(newer.corrects_id.is_not(None), newer.corrects_id == table.id)
    query = select(table).order_by(table.day, table.id)
    if known_at is not None:
        corrected = corrected.where(newer.recorded_at <= known_at)
        query = query.where(table.recorded_at <= known_at)
    return query.where(table.withdrawn.is_(False), ~corrected)


def _entries(
    connection: Connection, table: type[Entry], columns: Sequence[str], day: date | None, known_at: datetime | None
) -> DataFrame:
    query = _current(table, known_at)
    if day is not None:
        query = query.where(table.day <= day)
    named = [getattr(table, name) for name in ("id", *columns, *RECORDED)]
    return _frame(connection, query.with_only_columns(*named))


def _latest(frame: DataFrame, key: str) -> DataFrame:
    return frame.drop_duplicates(key, keep="last").sort_values(key, ignore_index=True)


def _outcomes(connection: Connection, day: date, known_at: datetime | None, reports: Select[Any]) -> dict[int, str]:
    """Report → what its last verification up to the day found, of the reports of a question."""
    root = func.coalesce(Report.root_id, Report.id).label("root")
    asked = reports.with_only_columns(root).order_by(None).subquery()
    query = _current(Verification, known_at).where(Verification.day <= day)
    query = query.where(Verification.report_id.in_(select(asked.c.root)))
    rows = connection.execute(query.with_only_columns(Verification.report_id, Verification.outcome))
    return {int(report): outcome for report, outcome in rows}  # by day, so the last one stays


def _places(frame: DataFrame, registers: RegisterLookup | None) -> tuple[Any, Any]:
    import numpy as np

    lon, lat = frame["lon"].to_numpy(dtype=float, copy=True), frame["lat"].to_numpy(dtype=float, copy=True)
    if registers is None or registers.place_at is None:
        return lon, lat
    sites, chainages = frame["site_id"].tolist(), frame["chainage_m"].tolist()
    for row in np.flatnonzero(frame["site_id"].notna().to_numpy()).tolist():
        chainage = chainages[row]
        place = registers.place_at(sites[row], None if chainage != chainage else chainage)
        if place is not None:
            lon[row], lat[row] = place
    return lon, lat


def _frame(connection: Connection, query: Select[Any]) -> DataFrame:
    import pandas as pd

    result = connection.execute(query)
    names = list(result.keys())
    # As plain tuples: pandas looks for what its rows might be, which takes rows of SQLAlchemy ten times as long.
    frame = pd.DataFrame.from_records(list(map(tuple, result.all())), columns=names)
    for name in names:
        if name in _DAYS:
            frame[name] = pd.to_datetime(frame[name])
        elif name in ("lon", "lat", "chainage_m", "value"):
            frame[name] = frame[name].astype(float)
        elif name in ("corrects_id", "root_id"):
            frame[name] = frame[name].astype("Int64")
        elif name == "verified":
            frame[name] = frame[name].astype(bool)
    return frame
