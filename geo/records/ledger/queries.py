"""The records as pandas frames: what held on a day, as it was known at a moment.

`day` limits by since when something is so, `known_at` (an aware datetime) by since when it is recorded; without
`known_at` everything known now counts. A row that was corrected or withdrawn by then is left out; one that was taken
back since because it names a person comes without its texts. Frames are in a fixed order, so the same query gets the
same frame.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Float,
    Select,
    exists,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.sql.schema import Column

from geo.errors import InputError, Problem
from geo.records.kinds.registry import kind
from geo.records.kinds.spec import RECORDED, KindSpec
from geo.records.ledger.disclosure_seed import SEED
from geo.records.ledger.names_of_persons import without_names
from geo.records.model.register_lookup import RegisterLookup
from geo.records.model.tables import PUBLISHED, Audit, ReportSummary, UtcTime

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame


def entries(connection: Connection, spec: KindSpec, day: date | None, known_at: datetime | None) -> DataFrame:
    """The records of a kind up to a day: `id`, the columns of its list, and who recorded them, when.

    By day, then by order of entry. Days are timestamps (NaT where none), lists of codes tuples.
    """
    query = current(spec, known_at)
    if day is not None:
        query = query.where(spec.table.c.day <= day)
    found = _frame(connection, query.with_only_columns(*(spec.table.c[n] for n in ("id", *spec.listing, *RECORDED))))
    return found if known_at is None else without_names(connection, spec, found)


def latest(connection: Connection, spec: KindSpec, day: date, known_at: datetime | None) -> DataFrame:
    """The last record of each subject up to a day, in the order of subjects; columns as `entries`."""
    frame = entries(connection, spec, day, known_at)
    return frame.drop_duplicates(spec.subject, keep="last").sort_values(spec.subject, ignore_index=True)


def reports(
    connection: Connection,
    day_from: date,
    day_to: date,
    known_at: datetime | None,
    registers: RegisterLookup | None,
    wards: Collection[str] | None = None,
) -> GeoDataFrame:
    """The reports of a span of days (both in it), EPSG:4326, by day, then by order of entry.

    `wards` are the codes of those that are wanted; reports whose place names no ward come with them in any case:
    nothing reported is lost.

    Columns `report_id` (stays the same through corrections), `id` (the row), `day, kind, channel, lon, lat, site_id,
    chainage_m, ward_code, verified, status, note, recorded_at`. `status` is `confirmed` or `unfounded` by the last
    verification up to `day_to`, else `verified` or `unverified` as it was entered: a report that came as verified says
    nothing of what was found. `verified` is true where the status is `confirmed` or `verified`. The geometry of a
    report that gives a site and a chainage lies on the site's route where `registers` know it, else it is missing.
    """
    found = report_rows(connection, day_from, day_to, known_at, wards)
    query = reports_query(day_from, day_to, known_at, wards)
    return placed_reports(found, report_outcomes(connection, day_to, known_at, query), registers)


def report_rows(
    connection: Connection,
    day_from: date,
    day_to: date,
    known_at: datetime | None,
    wards: Collection[str] | None,
    after: int | None = None,
) -> DataFrame:
    """What is written of the reports of a span, as `reports` without status and place; `verified` as it was entered.

    With `after` only the rows with a greater number.
    """
    spec = kind("report")
    query = reports_query(day_from, day_to, known_at, wards)
    if after is not None:
        query = query.where(spec.table.c.id > after)
    named = [spec.table.c[name] for name in ("id", *spec.listing, "recorded_at")]
    found = _frame(connection, query.with_only_columns(_root(spec).label("report_id"), *named))
    return found if known_at is None else without_names(connection, spec, found)


def placed_reports(frame: DataFrame, found: Mapping[int, str], registers: RegisterLookup | None) -> GeoDataFrame:
    """Rows of `report_rows` with their status by what was `found` (report → outcome), and their place."""
    import geopandas
    import numpy as np
    import shapely

    frame = frame.copy(deep=False)
    entered = zip(frame["report_id"].tolist(), frame["verified"].tolist(), strict=True)
    status = [found.get(report, "verified" if verified else "unverified") for report, verified in entered]
    frame["verified"] = np.isin(status, ("confirmed", "verified"))
    frame.insert(frame.columns.tolist().index("verified") + 1, "status", status)
    lon, lat = _places(frame, registers)
    points = shapely.points(lon, lat)
    points[lon != lon] = None
    return geopandas.GeoDataFrame(frame, geometry=points, crs="EPSG:4326")


def reports_query(
    day_from: date, day_to: date, known_at: datetime | None, wards: Collection[str] | None
) -> Select[Any]:
    """The query behind `reports`; its index is by ward and day."""
    table = kind("report").table.c
    query = current(kind("report"), known_at).where(table.day >= day_from, table.day <= day_to)
    if wards is None:
        return query
    return query.where(or_(table.ward_code.in_(sorted(wards)), table.ward_code.is_(None)))


def history(connection: Connection, spec: KindSpec, where: Mapping[str, object]) -> DataFrame:
    """Every row as written, in the order of entry, with all columns of the table; `where` picks by column.

    Raises
    ------
    InputError
        The table has no such column.
    """
    columns = spec.table.columns
    unknown = [name for name in where if name not in columns]
    if unknown:
        raise InputError(Problem("records.unknown-column", kind=spec.shown, columns=unknown, known=columns.keys()))
    query = select(*columns).where(*(columns[name] == value for name, value in where.items()))
    return _frame(connection, query.order_by(columns.id))


def summaries(connection: Connection) -> DataFrame:
    """What retention left, by month: `month, ward_code, site_id, kind, reports, confirmed`."""
    names = ("month", "ward_code", "site_id", "kind", "reports", "confirmed")
    columns = [ReportSummary.__table__.c[name] for name in names]
    counts = select(*columns).where(ReportSummary.kind != PUBLISHED)
    return _frame(connection, counts.order_by(ReportSummary.month, ReportSummary.id))


def last_ids(connection: Connection, specs: Sequence[KindSpec]) -> tuple[int | None, ...]:
    """The number of the last row of each kind; None where it has none."""
    numbers = (select(func.max(spec.table.c.id)).scalar_subquery() for spec in specs)
    return tuple(connection.execute(select(*numbers)).one())


NO_ROWS = "(0, None)"
"""What `state` gives where there are none."""


def state(connection: Connection, spec: KindSpec, day: date, known_at: datetime | None) -> str:
    """How many rows of a kind concern a day or the days before it, and when the last one was recorded.

    A correction counts whatever its day is, since it takes a row of an earlier day away.
    """
    table = spec.table.c
    query = select(func.count(), func.max(table.recorded_at))
    query = query.where(or_(table.day <= day, table.corrects_id.is_not(None)))
    if known_at is not None:
        query = query.where(table.recorded_at <= known_at)
    return repr(tuple(connection.execute(query).one()))


def last_moment(connection: Connection, specs: Sequence[KindSpec], known_at: datetime) -> datetime | None:
    """When the last row of these kinds was recorded by a moment; None where none was."""
    last = [
        connection.execute(
            select(spec.table.c.recorded_at)
            .where(spec.table.c.recorded_at <= known_at)
            .order_by(spec.table.c.id.desc())
            .limit(1)
        ).scalar()
        for spec in specs
    ]
    return max(filter(None, last), default=None)


def rows(connection: Connection, spec: KindSpec, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """The rows of a kind that are neither corrected nor withdrawn, by day, then by order of entry, as tuples."""
    query = current(spec, None).with_only_columns(*(spec.table.c[name] for name in columns))
    return list(map(tuple, connection.execute(query)))


def audit(connection: Connection, limit: int, subject: str | None, action: str | None) -> DataFrame:
    """The last audit lines, newest first."""
    query = select(*Audit.__table__.columns).where(Audit.action != SEED).order_by(Audit.id.desc()).limit(limit)
    if subject is not None:
        query = query.where(Audit.subject == subject)
    if action is not None:
        query = query.where(Audit.action == action)
    return _frame(connection, query)


def current(spec: KindSpec, known_at: datetime | None) -> Select[Any]:
    """Rows that were known at the moment and neither corrected nor withdrawn by then, by day and order of entry."""
    table, newer = spec.table, spec.table.alias()
    # Most rows correct nothing; without saying so, every one of them would be read.
    corrected = exists().where(newer.c.corrects_id.is_not(None), newer.c.corrects_id == table.c.id)
    query = select(table).order_by(table.c.day, table.c.id)
    if known_at is not None:
        corrected = corrected.where(newer.c.recorded_at <= known_at)
        query = query.where(table.c.recorded_at <= known_at)
    return query.where(table.c.withdrawn.is_(False), ~corrected)


def saying(connection: Connection, spec: KindSpec, row: Mapping[str, Any]) -> list[int]:
    """The numbers (which stay the same through corrections) of the records that say what a row to write says.

    By the fields `spec.same`, or by all of them.
    """
    names = spec.same or tuple(column.name for column in spec.columns)
    query = current(spec, None).where(*(spec.table.c[name].is_not_distinct_from(row[name]) for name in names))
    return list(connection.execute(query.with_only_columns(_root(spec))).scalars())


def _root(spec: KindSpec) -> Any:
    return func.coalesce(spec.table.c.root_id, spec.table.c.id)


def report_outcomes(
    connection: Connection, day: date, known_at: datetime | None, reports: Select[Any] | Collection[int]
) -> dict[int, str]:
    """Report → what its last verification up to the day found, of the reports of a query or of these numbers."""
    table = kind("verification").table.c
    query = current(kind("verification"), known_at).where(table.day <= day)
    if isinstance(reports, Select):
        wanted = reports.with_only_columns(_root(kind("report")).label("root")).order_by(None).subquery()
        query = query.where(table.report_id.in_(select(wanted.c.root)))
    else:
        query = query.where(table.report_id.in_(reports))
    rows = connection.execute(query.with_only_columns(table.report_id, table.outcome))
    return {int(report): outcome for report, outcome in rows}  # by day, so the last one stays


def _places(frame: DataFrame, registers: RegisterLookup | None) -> tuple[Any, Any]:
    import numpy as np

    lon, lat = frame["lon"].to_numpy(dtype=float, copy=True), frame["lat"].to_numpy(dtype=float, copy=True)
    if registers is None or (registers.place_at is None and registers.place_on is None):
        return lon, lat
    rows = np.flatnonzero(frame["site_id"].notna().to_numpy())
    sites, chainages, days = (frame[name].iloc[rows].tolist() for name in ("site_id", "chainage_m", "day"))
    for row, site, chainage, day in zip(rows.tolist(), sites, chainages, days, strict=True):
        place = registers.place(site, None if chainage != chainage else chainage, day.date())
        if place is not None:
            lon[row], lat[row] = place
    return lon, lat


def _is_moment(column: ColumnElement[Any]) -> bool:
    return isinstance(column, Column) and isinstance(column.type, UtcTime) and not column.nullable


def _as_stored(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return type_coerce(column, DateTime(timezone=True)).label(column.key) if _is_moment(column) else column


def _frame(connection: Connection, query: Select[Any]) -> DataFrame:
    """The answer of a query; the types of its columns are those of the tables, also where there are no rows."""
    import pandas as pd

    # Moments are moved to UTC all at once: to call a function for each takes as long as to fetch the rows.
    columns = [_as_stored(column) for column in query.selected_columns]
    result = connection.execute(query.with_only_columns(*columns))
    # As plain tuples: pandas looks for what its rows might be, which takes rows of SQLAlchemy ten times as long.
    frame = pd.DataFrame.from_records(list(map(tuple, result.all())), columns=list(result.keys()))
    for column in query.selected_columns:
        if not isinstance(column, Column):
            continue
        values = frame[column.name]
        if isinstance(column.type, Date):
            frame[column.name] = pd.to_datetime(values)
        elif _is_moment(column) and len(frame):
            frame[column.name] = pd.to_datetime(values, utc=True)
        elif isinstance(column.type, Float):
            frame[column.name] = values.astype(float)
        elif isinstance(column.type, Boolean):
            frame[column.name] = values.astype(bool)
        elif isinstance(column.type, BigInteger) and column.nullable:
            frame[column.name] = values.astype("Int64")
    return frame
