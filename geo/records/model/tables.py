"""The tables, as SQLAlchemy maps them; `migrations/` makes them, and a test keeps the two alike.

Entry tables are append-only: triggers in the database refuse UPDATE and DELETE. A correction is a new row that refers
to the one it corrects (`corrects_id`), so every past day can be drawn again from `day` (since when it is so) and
`recorded_at` (since when it is known).
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, DateTime, Dialect, ForeignKey, Index, Integer, MetaData, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

BigKey = BigInteger().with_variant(Integer(), "sqlite")


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC: timezone-aware in Python, `timestamptz` in PostgreSQL, sortable text in SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment as the database stores it."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Codes(TypeDecorator[tuple[str, ...]]):
    """A short list of codes (wards, sites), stored as one text with spaces between."""

    impl = Text()
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str:  # noqa: ARG002
        """The codes as one text."""
        return " ".join(value or ())

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:  # noqa: ARG002
        """The codes, in the order in which they were given."""
        return tuple((value or "").split())


class Base(DeclarativeBase):
    """The metadata of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {str: Text(), datetime: UtcTime(), tuple[str, ...]: Codes()}


class Entry(Base):
    """What every append-only row has: when and by whom it was recorded, and what it corrects.

    `root_id` is the first row of a chain of corrections: the number by which the thing itself is known.
    A `withdrawn` row takes back what it corrects.
    """

    __abstract__ = True

    @declared_attr.directive
    def __table_args__(cls) -> Any:  # noqa: N805
        """Rows of SQLite never get the number of a row that retention removed."""
        return {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]
    recorded_office: Mapped[str]
    withdrawn: Mapped[bool]
    day: Mapped[date]
    note: Mapped[str]

    @declared_attr
    def corrects_id(cls) -> Mapped[int | None]:  # noqa: N805
        """The row that this one corrects; one row has at most one correction."""
        return mapped_column(BigKey, ForeignKey(f"{cls.__tablename__}.id"), unique=True)

    @declared_attr
    def root_id(cls) -> Mapped[int | None]:  # noqa: N805
        """The first row of the chain, None in the first row itself."""
        return mapped_column(BigKey, ForeignKey(f"{cls.__tablename__}.id"), index=True)


class Assessment(Entry):
    """The level of a site."""

    __tablename__ = "assessment"

    site_id: Mapped[str]
    level: Mapped[str]
    document: Mapped[str]
    office: Mapped[str]


class Review(Entry):
    """A handover review."""

    __tablename__ = "review"

    wards: Mapped[tuple[str, ...]]
    sites: Mapped[tuple[str, ...]]
    conclusion: Mapped[str]
    document: Mapped[str]
    next_day: Mapped[date | None]


class Report(Entry):
    """A report about a place; `ward_code` is the ward in which the place lay when it was recorded, where known."""

    __tablename__ = "report"

    kind: Mapped[str]
    channel: Mapped[str]
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    site_id: Mapped[str | None]
    chainage_m: Mapped[float | None]
    ward_code: Mapped[str | None]
    verified: Mapped[bool]


class Verification(Entry):
    """A later verification of a report."""

    __tablename__ = "verification"

    report_id: Mapped[int] = mapped_column(BigKey, ForeignKey("report.id"), index=True)
    outcome: Mapped[str]
    document: Mapped[str]


class CoverageEntry(Entry):
    """The value of an indicator."""

    __tablename__ = "coverage_entry"

    ward_code: Mapped[str | None]
    programme: Mapped[str]
    indicator: Mapped[str]
    period: Mapped[str]
    value: Mapped[float]
    document: Mapped[str]
    office: Mapped[str]


class PhaseChange(Entry):
    """The phase of a ward."""

    __tablename__ = "phase_change"

    ward_code: Mapped[str]
    phase: Mapped[str]
    document: Mapped[str]


class FlagEvent(Entry):
    """What happened to a flag."""

    __tablename__ = "flag_event"

    flag_id: Mapped[str]
    event: Mapped[str]


Index("ix_assessment_site_day", Assessment.site_id, Assessment.day)
Index("ix_report_day", Report.day)
Index("ix_report_ward_day", Report.ward_code, Report.day)
Index("ix_report_site_day", Report.site_id, Report.day)
Index("ix_coverage_entry_key", CoverageEntry.programme, CoverageEntry.period, CoverageEntry.indicator)
Index("ix_phase_change_ward_day", PhaseChange.ward_code, PhaseChange.day)
Index("ix_flag_event_flag", FlagEvent.flag_id)


class Audit(Base):
    """One line for every write and every change of rights; append-only."""

    __tablename__ = "audit"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    who: Mapped[str]
    office: Mapped[str]
    origin: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    detail: Mapped[str]


SETTLED_KIND = "settled"
"""Instead of a kind: the row counts a ward in a whole quarter (`month` is its first), as the public is told it."""


class ReportSummary(Base):
    """What retention leaves of reports that it removed: counts by month, ward, site and kind; append-only.

    Rows of `SETTLED_KIND` keep what the public was told of a quarter; see `geo.records.ledger.published_counts`.
    """

    __tablename__ = "report_summary"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    recorded_at: Mapped[datetime]
    month: Mapped[date]
    ward_code: Mapped[str | None]
    site_id: Mapped[str | None]
    kind: Mapped[str]
    reports: Mapped[int]
    confirmed: Mapped[int]


class RetentionPermit(Base):
    """Lets the triggers pass reports before a day; exists only inside the transaction of a purge."""

    __tablename__ = "retention_permit"

    id: Mapped[int] = mapped_column(primary_key=True)
    before_day: Mapped[date]


class DataVersion(Base):
    """One row, held by a writer until its commit: writes have one order, and so do versions and `recorded_at`."""

    __tablename__ = "data_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    counter: Mapped[int] = mapped_column(BigInteger)
    recorded_at: Mapped[datetime | None]


class Account(Base):
    """An office account: `username` names an office or a post, never a person."""

    __tablename__ = "account"

    username: Mapped[str] = mapped_column(primary_key=True)
    password_hash: Mapped[str]
    role: Mapped[str]
    wards: Mapped[tuple[str, ...]]
    office: Mapped[str]
    active: Mapped[bool]
    failed_attempts: Mapped[int]
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class ApiToken(Base):
    """A bearer token of an account; only its SHA-256 is kept."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    username: Mapped[str] = mapped_column(ForeignKey("account.username"), index=True)
    label: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class LoginSession(Base):
    """A browser session of an account; only its SHA-256 is kept."""

    __tablename__ = "login_session"

    digest: Mapped[str] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(ForeignKey("account.username"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


ENTRY_TABLES: tuple[type[Entry], ...] = (
    Assessment, Review, Report, Verification, CoverageEntry, PhaseChange, FlagEvent,
)  # fmt: skip
APPEND_ONLY: tuple[type[Base], ...] = (*ENTRY_TABLES, Audit, ReportSummary)
