"""The store: every write of the records goes through here, in one order, with an audit line, safe on disk on return.

>>> from datetime import date
>>> from geo.records.entries import Actor, NewAssessment
>>> with open_store("sqlite:///example.sqlite") as store:  # doctest: +SKIP
...     store.add(NewAssessment(site_id="HN-I-1", level="low", day=date(2026, 3, 1), document="12/BC-UBND",
...                             office="UBND xã Hoài Đức"), Actor("hoai-duc", "UBND xã Hoài Đức"))
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import URL, Connection, Engine

from geo.errors import InputError, Problem
from geo.i18n.formats import VIET_NAM_TIME
from geo.records.database.bulk_insert import Progress
from geo.records.database.engine import database_url, explained, make_engine, reading, require_room, writing
from geo.records.database.lists import of_list
from geo.records.database.migrate import ensure_schema
from geo.records.database.version_probe import Row, probe
from geo.records.drafting.site_lives import off_list_faults
from geo.records.kinds.registry import kind, kind_of
from geo.records.kinds.report import NewReport
from geo.records.kinds.spec import KindSpec, NewEntry
from geo.records.ledger import write_transaction as ledger
from geo.records.ledger.disclosure_seed import disclosure_seed, seed_of_list
from geo.records.ledger.findings import refuse_without_effect
from geo.records.ledger.kept_reports import KeptReports
from geo.records.ledger.published_counts import published_quarter
from geo.records.ledger.recorded_registers import RecordedRegisters
from geo.records.ledger.retention import purge_reports
from geo.records.ledger.seed_from_plan import missing_entries
from geo.records.model.actor import Actor, BatchReceipt, Receipt
from geo.records.model.register_lookup import RegisterLookup, load_register_lookup
from geo.records.model.vocabulary import Vocabulary, offered_by_city, vocabulary
from geo.records.store_reads import StoreReads
from geo.records.validation.entry_checks import MAX_NOTE, Context, Fault, actor_faults, numbered, text_faults
from geo.reference.cities import in_list

if TYPE_CHECKING:
    from geo.records.accounts import Accounts
    from geo.records.desk.jobs import Jobs
    from geo.records.desk.views import Desk

Clock = Callable[[], datetime]
Choice = Callable[[Connection], Sequence[int]]
"""Gives the places of the entries that are written, by what is recorded when the write has begun."""
Guard = Callable[[Connection], None]
"""Looks at what is recorded when the write has begun, and raises what forbids it."""
_MAX_FAULTS = 1000
_openings = itertools.count(1)


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


class Store(StoreReads):
    """The records of one database. Safe for several threads and, each with its own store, several processes.

    `opened_as` is another number for each store of this process: an address can come to hold another database, whose
    versions may read alike, so what is cached of a store is cached under this number. A store reads and writes the
    records of the cities' own lists; `of` gives it as a further list of a province has it.
    """

    def __init__(self, engine: Engine, *, registers: RegisterLookup | None = None, now: Clock = utc_now) -> None:
        self._engine = engine
        self._list, self._given, self._root = "", registers, None
        self._lists = {}
        self._now = now
        self.opened_as = next(_openings)
        self._recorded_registers = RecordedRegisters(self, registers)
        self._kept_reports = KeptReports()
        self._probe = probe(engine)
        self._seen: tuple[Row | None, str] = None, ""

    @property
    def vocabulary(self) -> Vocabulary:
        """The terms that records may use: a city that is added while a service runs brings its own."""
        return vocabulary()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give all connections back; the store opens again when it is used again. That of a further list gives none."""
        if self._root is None:
            self._probe.close()
            self._engine.dispose()

    @property
    def registers(self) -> RegisterLookup | None:
        """The registers that entries are checked against, with the sites that were published; None without any."""
        return self._recorded_registers.lookup()

    @registers.setter
    def registers(self, given: RegisterLookup | None) -> None:
        self._given = given
        self._recorded_registers = RecordedRegisters(self, given)

    def _further(self, key: str) -> Self:
        with in_list(key):
            registers = None if self._given is None else load_register_lookup()
        made = type(self)(self._engine, registers=registers, now=self._now)
        made._list, made._root, made._probe = key, self, self._probe
        return made

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
        """Accounts, tokens and sessions of the same database, whichever list is read."""
        if self._root is not None:
            return self._root.accounts
        from geo.records.accounts import Accounts

        return Accounts(self._engine, now=self._now, registers=self.registers)

    @cached_property
    def desk(self) -> Desk:
        """Views and last looks of accounts, in the same database."""
        from geo.records.desk.views import Desk

        return Desk(self._engine, self._now, self._list)

    @cached_property
    def jobs(self) -> Jobs:
        """The jobs that run by themselves on this database."""
        from geo.records.desk.jobs import Jobs

        return Jobs(self._engine, self._now)

    def require_room(self, least: int) -> None:
        """Refuse where the file of the records can't grow by `least` bytes: `StoreFullError`."""
        require_room(self._engine, least)

    @cached_property
    def disclosure_seed(self) -> bytes:
        """The secret by which is drawn what is suppressed in public figures; made once, and part of the records.

        It stands in the audit log, where no list shows it.
        """
        with explained(self.url):
            return seed_of_list(disclosure_seed(self._engine, self._now()), self._list)

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
        row = self._probe.row()
        if row is None:
            return None
        seen = self._seen
        if row is not seen[0]:
            self._seen = seen = row, ledger.version_text(*row)
        return seen[1]

    # ---- writes

    def check(self, entry: NewEntry) -> list[Fault]:
        """Everything that is wrong with an entry, without writing; empty when `add` would take it."""
        spec = kind_of(entry)
        return self._faults(spec, entry, spec.rows([entry], self.registers)[0], self.context)

    def check_form(self, entry: NewEntry) -> list[Fault]:
        """As `check`, but for the ward in which a place lies: of many reports that is found out for all at once."""
        return list(kind_of(entry).faults(entry, self.context))

    def check_all(self, spec: KindSpec, entries: Sequence[NewEntry]) -> list[Fault]:
        """As `check`, for many entries of a kind, each named by its number; up to some 1,000 problems."""
        return self._faults_of_all(spec, entries, spec.rows(entries, self.registers))

    def add(self, entry: NewEntry, actor: Actor, *, corrects: int | None = None, guard: Guard | None = None) -> Receipt:
        """Write one entry; `corrects` is the number of the row that it replaces.

        `guard` is asked inside the write, so that nobody else writes in between; what it raises undoes the write.

        Raises
        ------
        PrivacyError, InputError
            A text seems to be about a person; anything else is wrong, or a finding would not count; all is named.
        ConflictError, UnknownRowError
            The row to correct was corrected before, is withdrawn, or is not there; it belongs to a published plan.
        StoreError
            The database failed; nothing was written.
        """
        spec = kind_of(entry)
        row = spec.rows([entry], self.registers)[0]
        ledger.refuse([*actor_faults(actor), *self._faults(spec, entry, row, self.context)])
        if corrects is None:  # a correction is refused with the row
            ledger.refuse_by_draft(spec)
        with self.transaction(guard) as write:
            refuse_without_effect(write.connection, [entry], corrects)
            if corrects is None:
                number = write.insert(spec, row, actor)
                write.audit(actor, spec.action("add"), str(number))
            else:
                number = write.correct(spec, row, actor, corrects)
        return Receipt(number, write.moment, write.version)

    def add_all(self, entries: Sequence[NewEntry], actor: Actor, *, guard: Guard | None = None) -> list[Receipt]:
        """Write several entries of one kind, all or none, each with its audit line. `guard` and errors as in `add`."""
        if not entries:
            return []
        spec = kind_of(entries[0])
        rows = spec.rows(entries, self.registers)
        ledger.refuse([*actor_faults(actor), *self._faults_of_all(spec, entries, rows)])
        ledger.refuse_by_draft(spec)
        with self.transaction(guard) as write:
            refuse_without_effect(write.connection, entries)
            numbers = [write.insert(spec, row, actor) for row in rows]
            for number in numbers:
                write.audit(actor, spec.action("add"), str(number))
        return [Receipt(number, write.moment, write.version) for number in numbers]

    def withdraw(
        self, kind_name: str, row_id: int, actor: Actor, *, reason: str, names_person: bool = False
    ) -> Receipt:
        """Take back a row: a new row that refers to it says so, and why. Errors as in `add`.

        `names_person`: because a text of it names a person; nobody is shown its texts any more, nor those of the rows
        that it corrects, by whichever knowledge day.
        """
        ledger.refuse([*actor_faults(actor), *text_faults("reason", reason, MAX_NOTE)])
        spec = kind(kind_name)
        with self.transaction() as write:
            row = ledger.withdraw(write, spec, row_id, actor, reason, names_person=names_person)
            if names_person:
                ledger.mark_names(write, spec, row_id, actor, reason)
        return Receipt(row, write.moment, write.version)

    def add_reports(
        self,
        reports: Sequence[NewReport],
        actor: Actor,
        *,
        source: str,
        progress: Progress | None = None,
        choice: Choice | None = None,
        corrections: Sequence[tuple[int, NewReport]] = (),
    ) -> BatchReceipt:
        """Write many reports, all or none, with one audit line that names their `source` (a digest of the file).

        `corrections`: reports that replace a row, each with its number and an audit line of its own.
        `choice` gives the places of those that are written, asked inside the write, so that nobody else writes in
        between; where it gives none, nothing is written. `progress` is called with the number of rows written so far.
        Errors as in `add`; of a batch, the first 1,000 problems are named.
        """
        spec = kind("report")
        corrected = [report for _, report in corrections]
        rows, changed = (spec.rows(each, self.registers) for each in (reports, corrected))
        faults = [*self._faults_of_all(spec, reports, rows), *self._faults_of_all(spec, corrected, changed)]
        ledger.refuse([*actor_faults(actor), *faults])
        try:
            with self.transaction() as write:
                if rows or not corrections:
                    ledger.refuse_repeated(write.connection, spec, source)
                chosen = rows if choice is None else [rows[place] for place in choice(write.connection)]
                if rows and not chosen and not changed:
                    raise ledger.NothingToWrite
                for (number, _), row in zip(corrections, changed, strict=True):
                    write.correct(spec, row, actor, number)
                if chosen or not changed:
                    write.insert_many(spec, chosen, actor, progress)
                    write.audit(actor, spec.action("import"), source, ledger.rows_text(len(chosen)))
        except ledger.NothingToWrite:
            return BatchReceipt(0, self.known_at(), self.version())
        return BatchReceipt(len(chosen), write.moment, write.version)

    def seed(self, entries: Sequence[NewEntry], actor: Actor) -> int:
        """Write those entries that are not there yet (same subject, day and document); how many that were.

        For what the plan itself says, at every start: running it again changes nothing.
        """
        with self._reading() as connection:
            missing = missing_entries(connection, entries)
        if not missing:
            return 0
        ledger.refuse([*actor_faults(actor), *(fault for entry in missing for fault in self.check_form(entry))])
        with self.transaction() as write:
            missing = missing_entries(write.connection, entries)
            for entry in missing:
                spec = kind_of(entry)
                values = spec.values(entry)
                row = write.insert(spec, values, actor)
                write.audit(actor, spec.action("seed"), str(row), str(values["document"]))
        return len(missing)

    def purge(self, before: date, actor: Actor) -> int:
        """Retention: count reports before a day by month, ward, site and kind, and remove them; how many rows went.

        Past days before `before` then show counts only. A chain of corrections goes when all its rows are that old.
        The published counts of past quarters stay.

        Raises
        ------
        InputError
            The day lies after the beginning of a quarter whose counts are not public yet: they would come out wrong.
        """
        ledger.refuse(actor_faults(actor))
        open_since = published_quarter(self.today)[1] + timedelta(days=1)
        if before > open_since:
            raise InputError(Problem("records.unpublished-quarter", "before", day=before, last=open_since))
        with self.transaction() as write:
            removed = purge_reports(write.connection, before, write.moment)
            write.audit(actor, "report.purge", before.isoformat(), ledger.rows_text(removed))
        return removed

    # ---- inside

    @property
    def context(self) -> Context:
        """What entries are checked against today."""
        with in_list(self._list):
            return Context(self.vocabulary, self.registers, self.today, offered_by_city())

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with explained(self.url), reading(self._engine, of_list(self._list)) as connection:
            yield connection

    @contextmanager
    def transaction(self, guard: Guard | None = None) -> Iterator[ledger.WriteTransaction]:
        """A write after those before it: for modules of the records that write what `add` does not.

        Committed when the block ends, undone when it raises; `guard` and errors as in `add`.
        """
        with explained(self.url), writing(self._engine, of_list(self._list)) as connection:
            yield ledger.begin_write(connection, self._now(), guard)

    def _faults_of_all(
        self, spec: KindSpec, entries: Sequence[NewEntry], rows: Sequence[dict[str, Any]]
    ) -> list[Fault]:
        context, found = self.context, list[Fault]()
        for number, (entry, row) in enumerate(zip(entries, rows, strict=True), start=1):
            found += [numbered(fault, spec.shown, number) for fault in self._faults(spec, entry, row, context)]
            if len(found) >= _MAX_FAULTS:
                break
        return found

    def _faults(self, spec: KindSpec, entry: NewEntry, row: dict[str, Any], context: Context) -> list[Fault]:
        """What is wrong with an entry and with its `row`, which holds what was computed of it."""
        wrong = list(spec.faults(entry, context))
        if spec.computed is not None and not wrong:
            outside = spec.computed.check(entry, row["ward_code"], self.registers)
            wrong += [outside] if outside is not None else spec.foreign_terms(entry, row["ward_code"], context)
        return wrong or off_list_faults(self.rows, entry)
