"""The store: every write of the records goes through here, in one order, with an audit line, safe on disk on return.

>>> from datetime import date
>>> from geo.records.model.entries import Actor, NewAssessment
>>> with open_store("sqlite:///example.sqlite") as store:  # doctest: +SKIP
...     store.add(NewAssessment(site_id="HN-I-1", level="low", day=date(2026, 3, 1), document="12/BC-UBND",
...                             office="UBND xã Hoài Đức"), Actor("hoai-duc", "UBND xã Hoài Đức"))
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import URL, Connection, Engine, select

from geo.errors import InputError, Problem
from geo.records.database.bulk_insert import Progress, insert_rows
from geo.records.database.engine import database_url, explained, make_engine, reading, writing
from geo.records.database.migrate import ensure_schema
from geo.records.database.version_probe import Row, look
from geo.records.ledger import queries as frames
from geo.records.ledger import write_transaction as ledger
from geo.records.ledger.published_counts import VIET_NAM_TIME, settled_counts, settled_quarter
from geo.records.ledger.retention import purge_reports
from geo.records.ledger.seed_from_plan import missing_entries
from geo.records.model.entries import (
    Actor,
    BatchReceipt,
    EntryKind,
    NewAssessment,
    NewEntry,
    NewPhaseChange,
    NewReport,
    NewVerification,
    Receipt,
)
from geo.records.model.kinds import KINDS, TABLES
from geo.records.model.register_lookup import RegisterLookup
from geo.records.model.tables import Report
from geo.records.model.vocabulary import Vocabulary, vocabulary
from geo.records.validation.entry_checks import (
    MAX_NOTE,
    Context,
    Fault,
    actor_faults,
    clean,
    faults,
    outside_fault,
    report_wards,
    text_faults,
)

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

    from geo.records.accounts import Accounts

Clock = Callable[[], datetime]
_openings = itertools.count(1)
_NAMES = {entry: tuple(field.name for field in fields(entry)) for entry in TABLES}


def utc_now() -> datetime:
    """The moment by the machine's clock, UTC."""
    return datetime.now(UTC)


def open_store(url: str | None = None, *, registers: RegisterLookup | None = None, now: Clock = utc_now) -> Store:
    """The records of `url`, else of `DIABAN_DATABASE_URL`, else of the default SQLite file; migrated where needed.

    Without `registers` ids, codes and places are checked for their form alone. `now` is the clock (aware datetimes).

    Raises
    ------
    InputError
        The URL can't be used.
    StoreError
        The database can't be reached, opened or written; `SchemaTooNewError` where a newer diaban wrote it.
    """
    parsed = database_url(url)
    engine = make_engine(parsed)
    try:
        with explained(parsed):
            ensure_schema(engine)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine, registers=registers, now=now)


class Store:
    """The records of one database. Safe for several threads and, each with its own store, several processes.

    `opened_as` tells the stores of this process apart: an address can come to hold another database, whose versions may
    read alike, so what is kept of a store is kept under this number.
    """

    def __init__(self, engine: Engine, *, registers: RegisterLookup | None = None, now: Clock = utc_now) -> None:
        self._engine = engine
        self._now = now
        self.opened_as = next(_openings)
        self.registers = registers
        self.vocabulary: Vocabulary = vocabulary()
        self._look = look(engine)
        self._told: tuple[Row | None, str] = None, ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give all connections back; the store opens again when it is used again."""
        self._look.close()
        self._engine.dispose()

    @property
    def in_file(self) -> bool:
        """Whether the records lie in a file, so that a look at their version waits for no other machine."""
        return self._engine.dialect.name == "sqlite"

    @property
    def url(self) -> URL:
        """Where the records are; shows no password."""
        return self._engine.url

    @property
    def today(self) -> date:
        """The day by the store's clock, in Việt Nam (UTC+7)."""
        return self._now().astimezone(VIET_NAM_TIME).date()

    @cached_property
    def accounts(self) -> Accounts:
        """Accounts, tokens and sessions of the same database."""
        from geo.records.accounts import Accounts

        return Accounts(self._engine, now=self._now, registers=self.registers)

    # ---- versions

    def version(self) -> str:
        """The data version: another text after every write, `counter.moment`, rising; for caches and ETags."""
        glanced = self.glance()
        if glanced is not None:
            return glanced
        with self._reading() as connection:
            return ledger.current_version(connection)[0]

    def glance(self) -> str | None:
        """`version` without waiting for writers, and in a file (`in_file`) for nothing; None where it takes waiting."""
        row = self._look.row()
        if row is None:
            return None
        told = self._told
        if row is not told[0]:
            self._told = told = row, ledger.version_text(*row)
        return told[1]

    def known_at(self) -> datetime:
        """When the last entry was recorded (UTC; the epoch before any). What was known then never changes later."""
        with self._reading() as connection:
            return ledger.current_version(connection)[1]

    # ---- writes

    def check(self, entry: NewEntry) -> list[Fault]:
        """Everything that is wrong with an entry, without writing; empty when `add` would take it."""
        found = self.check_form(entry)
        if isinstance(entry, NewReport) and not found:
            outside = outside_fault(entry, report_wards([entry], self.registers)[0], self.registers)
            found += [outside] if outside else []
        return found

    def check_form(self, entry: NewEntry) -> list[Fault]:
        """As `check`, but without asking in which ward a point lies: for many reports that is asked for all at once."""
        return faults(entry, self._context)

    def add(self, entry: NewEntry, actor: Actor, *, corrects: int | None = None) -> Receipt:
        """Write one entry; `corrects` is the number of the row that it replaces.

        Raises
        ------
        PrivacyError
            A text seems to be about a person.
        InputError
            Anything else is wrong; all problems are named.
        ConflictError, UnknownRowError
            The row to correct was corrected before, is withdrawn, or is not there.
        StoreError
            The database failed; nothing was written.
        """
        ledger.refuse([*actor_faults(actor), *self.check(entry)])
        table, values = TABLES[type(entry)], self._values([entry])[0]
        name = table.__tablename__
        with self.turn() as turn:
            if isinstance(entry, NewVerification):
                values["report_id"] = ledger.root_of(turn.connection, Report, entry.report_id)
            if corrects is None:
                row = turn.insert(table, values, actor)
                turn.audit(actor, f"{name}.add", str(row))
            else:
                row = turn.insert(table, values | ledger.correction(turn.connection, table, corrects), actor)
                turn.audit(actor, f"{name}.correct", str(row), f"corrects {corrects}")
        return Receipt(row, turn.moment, turn.version)

    def withdraw(self, kind: EntryKind, row_id: int, actor: Actor, *, reason: str) -> Receipt:
        """Take back a row: a new row that refers to it says so, and why. Errors as in `add`."""
        ledger.refuse([*actor_faults(actor), *text_faults("reason", reason, MAX_NOTE)])
        table = KINDS[kind]
        with self.turn() as turn:
            link = ledger.correction(turn.connection, table, row_id)
            old = turn.connection.execute(select(table.__table__).where(table.id == row_id)).mappings().one()
            values = {name: value for name, value in old.items() if name != "id"}
            row = turn.insert(table, values | link | {"withdrawn": True, "note": clean(reason)}, actor)
            turn.audit(actor, f"{kind}.withdraw", str(row), f"withdraws {row_id}")
        return Receipt(row, turn.moment, turn.version)

    def add_reports(
        self, reports: Sequence[NewReport], actor: Actor, *, source: str, progress: Progress | None = None
    ) -> BatchReceipt:
        """Write many reports, all or none, with one audit line that names their `source` (a digest of the file).

        `progress` is called with the number of rows written so far. Errors as in `add`; of a batch, the first 1,000
        problems are named.
        """
        codes = report_wards(reports, self.registers)
        ledger.refuse([*actor_faults(actor), *self._batch_faults(reports, codes)])
        with self.turn() as turn:
            ledger.refuse_repeated(turn.connection, source)
            stamp = turn.stamp(actor) | {"corrects_id": None, "root_id": None, "withdrawn": False}
            rows = (
                {**_columns(report), **stamp, "ward_code": code} for report, code in zip(reports, codes, strict=True)
            )
            insert_rows(turn.connection, Report, rows, progress)
            turn.audit(actor, ledger.IMPORT, source, f"{len(reports)} rows")
        return BatchReceipt(len(reports), turn.moment, turn.version)

    def seed(self, entries: Sequence[NewAssessment | NewPhaseChange], actor: Actor) -> int:
        """Write those entries that are not there yet (same subject, day and document); how many that were.

        For what the plan itself says, at every start: running it again changes nothing.
        """
        with self._reading() as connection:
            missing = missing_entries(connection, entries)
        if not missing:
            return 0
        context = self._context
        ledger.refuse([*actor_faults(actor), *(fault for entry in missing for fault in faults(entry, context))])
        with self.turn() as turn:
            missing = missing_entries(turn.connection, entries)
            for entry in missing:
                row = turn.insert(TABLES[type(entry)], _columns(entry), actor)
                turn.audit(actor, f"{TABLES[type(entry)].__tablename__}.seed", str(row), entry.document)
        return len(missing)

    def purge(self, before: date, actor: Actor) -> int:
        """Retention: count reports before a day by month, ward, site and kind, and remove them; how many rows went.

        Past days before `before` then show counts only. A chain of corrections goes when all its rows are that old.
        What the public is told of past quarters stays.

        Raises
        ------
        InputError
            The day lies after a quarter that is not settled yet: its count would be wrong when it is told.
        """
        ledger.refuse(actor_faults(actor))
        open_since = settled_quarter(self.today)[1] + timedelta(days=1)
        if before > open_since:
            what = f"{before:%d/%m/%Y} lies after the beginning of a quarter that is not settled yet"
            raise InputError(Problem(what, "before", f"give {open_since:%d/%m/%Y} or an earlier day"))
        with self.turn() as turn:
            removed = purge_reports(turn.connection, before, turn.moment)
            turn.audit(actor, "report.purge", before.isoformat(), f"{removed} rows")
        return removed

    # ---- reads: frames for analysis, each as of a `day` and as known at a moment

    def assessments(self, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame:
        """Assessments up to a day (all days without one), oldest first; see `frames.assessments`."""
        with self._reading() as connection:
            return frames.assessments(connection, day, known_at)

    def levels(self, day: date, *, known_at: datetime | None = None) -> DataFrame:
        """The level of each assessed site on a day, one row a site; see `frames.levels`."""
        with self._reading() as connection:
            return frames.levels(connection, day, known_at)

    def reviews(self, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame:
        """Handover reviews up to a day, oldest first; see `frames.reviews`."""
        with self._reading() as connection:
            return frames.reviews(connection, day, known_at)

    def reports(
        self,
        day_from: date,
        day_to: date,
        *,
        known_at: datetime | None = None,
        wards: Collection[str] | None = None,
    ) -> GeoDataFrame:
        """Reports from a day to a day (both in it), as verified up to `day_to`; see `frames.reports`.

        With `wards` (codes) those of these wards, and those whose place names no ward.
        """
        with self._reading() as connection:
            return frames.reports(connection, day_from, day_to, known_at, self.registers, wards)

    def coverage(self, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame:
        """Coverage entries up to a day, the last word on each figure last; see `frames.coverage`."""
        with self._reading() as connection:
            return frames.coverage(connection, day, known_at)

    def phases(self, day: date, *, known_at: datetime | None = None) -> DataFrame:
        """The phase of each ward on a day, as far as recorded, one row a ward; see `frames.phases`."""
        with self._reading() as connection:
            return frames.phases(connection, day, known_at)

    def flag_events(self, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame:
        """What happened to flags up to a day, oldest first; see `frames.flag_events`."""
        with self._reading() as connection:
            return frames.flag_events(connection, day, known_at)

    def history(self, kind: EntryKind, **where: object) -> DataFrame:
        """Every row of a kind as written, corrections and withdrawals too; `where` picks by column."""
        with self._reading() as connection:
            return frames.history(connection, KINDS[kind], where)

    def summaries(self) -> DataFrame:
        """Counts of reports that retention removed: `month, ward_code, site_id, kind, reports, confirmed`."""
        with self._reading() as connection:
            return frames.summaries(connection)

    def settled_counts(self, first: date) -> dict[str, int]:
        """How many reports the settled quarter that begins on `first` has by ward ('' outside all wards)."""
        with self._reading() as connection:
            return settled_counts(connection, first)

    def last_ids(self, *kinds: EntryKind) -> tuple[int | None, ...]:
        """The number of the last row of each kind: another one after every entry, correction and withdrawal."""
        with self._reading() as connection:
            return frames.last_ids(connection, [KINDS[kind] for kind in kinds])

    def rows(self, kind: EntryKind, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        """Columns of what holds of a kind, by day, then by order of entry, as tuples: quicker than a frame."""
        with self._reading() as connection:
            return frames.rows(connection, KINDS[kind], columns)

    def audit(self, limit: int = 1000, *, subject: str | None = None, action: str | None = None) -> DataFrame:
        """Audit lines, newest first: `id, at, who, office, origin, action, subject, detail`."""
        with self._reading() as connection:
            return frames.audit(connection, limit, subject, action)

    # ---- inside

    @property
    def _context(self) -> Context:
        return Context(self.vocabulary, self.registers, self.today)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with explained(self.url), reading(self._engine) as connection:
            yield connection

    @contextmanager
    def turn(self) -> Iterator[ledger.WriteTransaction]:
        """A write in its turn, one transaction: for modules of the records that write what `add` does not.

        Committed when the block ends, undone when it raises; errors as in `add`.
        """
        with explained(self.url), writing(self._engine) as connection:
            yield ledger.begin_write(connection, self._now())

    def _values(self, entries: Sequence[NewEntry]) -> list[dict[str, Any]]:
        rows = [_columns(entry) for entry in entries]
        reports = [entry for entry in entries if isinstance(entry, NewReport)]
        if reports:
            for row, code in zip(rows, report_wards(reports, self.registers), strict=True):
                row["ward_code"] = code
        return rows

    def _batch_faults(self, reports: Sequence[NewReport], codes: Sequence[str | None]) -> list[Fault]:
        context, found = self._context, list[Fault]()
        for number, (report, code) in enumerate(zip(reports, codes, strict=True), start=1):
            wrong = faults(report, context, f"report {number}")
            outside = outside_fault(report, code, self.registers, f"report {number}") if not wrong else None
            found += [*wrong, *([outside] if outside else [])]
            if len(found) >= 1000:
                break
        return found


def _columns(entry: NewEntry) -> dict[str, Any]:
    values = ((name, getattr(entry, name)) for name in _NAMES[type(entry)])
    return {name: clean(value) if isinstance(value, str) else value for name, value in values}
