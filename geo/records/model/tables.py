"""The tables beside those of the kinds of record, and the types of all columns; `migrations/` makes them.

The tables of entries follow from `geo.records.kinds`. They are append-only: triggers in the database refuse UPDATE and
DELETE. A correction is a new row that refers to the one it corrects (`corrects_id`), so that every past day follows
from `day` (since when it is so) and `recorded_at` (since when it is known).
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import ClassVar, cast

from sqlalchemy import BigInteger, DateTime, Dialect, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

LIST = "list_key"
"""The column that says in which further list of a province a row was recorded; empty for the lists of the cities.

Each such table is read and written as one list has it (`geo.records.database.lists`); empty columns count in no hash.
"""
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
    type_annotation_map: ClassVar = {str: Text(), datetime: UtcTime(), tuple[str, ...]: Codes(), bytes: LargeBinary()}


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


PUBLISHED = "settled"
"""Instead of a kind: the row is the published count of a ward in a whole quarter (`month` is its first)."""


class ReportSummary(Base):
    """What retention leaves of reports that it removed: counts by month, ward, site and kind; append-only.

    Rows of `PUBLISHED` hold the published counts of a quarter; see `geo.records.ledger.published_counts`.
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
    list_key: Mapped[str | None]


def index_by_list(table: Table) -> None:
    """Index the rows of a table that are of a further list: they may be few among many."""
    further = table.c[LIST].is_not(None)
    Index(f"ix_{table.name}_list", table.c[LIST], sqlite_where=further, postgresql_where=further)


index_by_list(cast("Table", ReportSummary.__table__))


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


class HashChain(Base):
    """A link of the hash chain for every append-only row, in the order of commits; see `database.hash_chain`.

    `digest`: SHA-256 of the `salt` and the row; `chained`: of the link before, this digest and what the link is about.
    A row that retention removed loses its salt, and has a second link, `removed`, with the same digest.
    """

    __tablename__ = "hash_chain"
    __table_args__ = (Index("ix_hash_chain_row", "table_name", "row_id", "removed", unique=True),)

    number: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    table_name: Mapped[str]
    row_id: Mapped[int] = mapped_column(BigKey)
    removed: Mapped[bool]
    salt: Mapped[bytes | None]
    digest: Mapped[bytes]
    chained: Mapped[bytes]


class ChainHead(Base):
    """One row: number and hash of the last link, held by whoever appends until the commit; when the chain began.

    `begun_with`: how many rows were there already when the schema got the chain.
    """

    __tablename__ = "chain_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    chained: Mapped[bytes]
    begun_at: Mapped[datetime]
    begun_with: Mapped[int] = mapped_column(BigInteger)


class Account(Base):
    """An office account: `username` names an office or a post, never a person."""

    __tablename__ = "account"

    username: Mapped[str] = mapped_column(primary_key=True)
    password_hash: Mapped[str]
    role: Mapped[str]
    wards: Mapped[tuple[str, ...]]
    provinces: Mapped[tuple[str, ...]] = mapped_column(server_default="")
    office: Mapped[str]
    active: Mapped[bool]
    failed_attempts: Mapped[int]
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class ApiToken(Base):
    """A bearer token of an account; only its SHA-256 is stored."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    username: Mapped[str] = mapped_column(ForeignKey("account.username"), index=True)
    label: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class LoginSession(Base):
    """A browser session of an account; only its SHA-256 is stored."""

    __tablename__ = "login_session"

    digest: Mapped[str] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(ForeignKey("account.username"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class SecondFactor(Base):
    """The secret from which an authenticator app makes the codes of an account (RFC 6238); one for an account.

    It counts once it is confirmed. `last_step`: the time step of the last code that was taken; none is taken twice.
    """

    __tablename__ = "second_factor"

    username: Mapped[str] = mapped_column(ForeignKey("account.username"), primary_key=True)
    secret: Mapped[str]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigInteger)


class RecoveryCode(Base):
    """A code for one sign-in without the authenticator app; only its SHA-256 is stored."""

    __tablename__ = "recovery_code"

    digest: Mapped[str] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(ForeignKey("account.username"), index=True)
    used_at: Mapped[datetime | None]


class ProviderAccount(Base):
    """Which account belongs to a subject of a provider of OpenID Connect; names may pass on, subjects do not."""

    __tablename__ = "provider_account"

    issuer: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(ForeignKey("account.username"), unique=True)


class SavedView(Base):
    """The filters of a page (`query`, as in its address) that an account gave a name; no record, and changed freely."""

    __tablename__ = "saved_view"

    account: Mapped[str] = mapped_column(primary_key=True)
    page: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    query: Mapped[str]


class LastLook(Base):
    """When an account last marked a page as seen."""

    __tablename__ = "last_look"

    account: Mapped[str] = mapped_column(primary_key=True)
    page: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class Job(Base):
    """A job that runs by itself: until when somebody has it in hand, and for what it was last done."""

    __tablename__ = "job"

    name: Mapped[str] = mapped_column(primary_key=True)
    done_for: Mapped[str]
    held_until: Mapped[datetime | None]
