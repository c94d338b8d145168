"""What is read of the records: frames for analysis, each as of a `day` and as known at a moment."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from threading import Lock
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import Connection, Engine

from geo.records.kinds.registry import kind, kinds
from geo.records.ledger import queries
from geo.records.ledger import write_transaction as ledger
from geo.records.ledger.names_of_persons import without_names
from geo.records.ledger.published_counts import published_counts
from geo.reference.cities import further_lists, list_of

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

    from geo.records.ledger.kept_reports import KeptReports
    from geo.records.ledger.recorded_registers import RecordedRegisters


_LISTS = Lock()


class StoreReads(ABC):
    """The reads of a store, as one list has its records; what they read from is the store's own."""

    _recorded_registers: RecordedRegisters
    _kept_reports: KeptReports
    _list: str
    _root: Self | None
    _lists: dict[str, Self]
    _engine: Engine

    @abstractmethod
    def _reading(self) -> AbstractContextManager[Connection]:
        """A connection for one read."""

    @abstractmethod
    def _further(self, key: str) -> Self:
        """The records of a further list, of the store of all."""

    @property
    def list_key(self) -> str:
        """Of which list the records are: '' for those of the cities, else the address of a further one."""
        return self._list

    def of(self, city: str) -> Self:
        """The records of the list of a city, by its slug: same database and accounts, and nothing of another list.

        It is closed with the store of which it is.
        """
        return self.of_list(list_of(city))

    def of_list(self, key: str) -> Self:
        """The same by the key of the list (`City.list_key`)."""
        root = self._root or self
        if not key:
            return root
        with _LISTS:
            return root._lists.get(key) or root._lists.setdefault(key, root._further(key))

    def each_list(self) -> tuple[Self, ...]:
        """This store, then those of the further lists that there are; of a further list itself alone."""
        own = self.of_list(self._list)
        return (own, *(self.of_list(one.list_key) for one in further_lists())) if self._root is None else (own,)

    @property
    def in_file(self) -> bool:
        """Whether the records lie in a file, so that reading their version waits for no other machine."""
        return self._engine.dialect.name == "sqlite"

    def known_at(self) -> datetime:
        """When the last entry was recorded (UTC; the epoch before any). What was known then never changes later.

        Where there are further lists, the last one of this list: what is written in another is none of its business.
        """
        with self._reading() as connection:
            last = ledger.current_version(connection)[1]
            return last if not further_lists() else queries.last_moment(connection, kinds(), last) or ledger.EPOCH

    def last_moment(self, known_at: datetime, *kinds_named: str) -> datetime:
        """When the last entry before a moment was recorded (the epoch before any), of some kinds or of all.

        Whatever was known at that moment was known at `known_at`, and nothing more.
        """
        specs = [kind(name) for name in kinds_named] or kinds()
        with self._reading() as connection:
            return queries.last_moment(connection, specs, known_at) or ledger.EPOCH

    def entries(self, kind_name: str, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame:
        """The records of a kind up to a day (all days without one), oldest first; see `queries.entries`."""
        with self._reading() as connection:
            return queries.entries(connection, kind(kind_name), day, known_at)

    def assessments(self, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame:
        """Assessments up to a day, oldest first: `id, site_id, level, day, document, office, note`, who recorded it."""
        return self.entries("assessment", day, known_at=known_at)

    def levels(self, day: date, *, known_at: datetime | None = None) -> DataFrame:
        """The level of each assessed site on a day, one row a site, in the order of site ids."""
        with self._reading() as connection:
            return queries.latest(connection, kind("assessment"), day, known_at)

    def reviews(self, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame:
        """Reviews: `id, day, wards, sites` (tuples), `conclusion, next_day` (NaT where none), `document, note`."""
        return self.entries("review", day, known_at=known_at)

    def reports(
        self,
        day_from: date,
        day_to: date,
        *,
        known_at: datetime | None = None,
        wards: Collection[str] | None = None,
    ) -> GeoDataFrame:
        """Reports from a day to a day (both in it), as verified up to `day_to`; see `queries.reports`.

        With `wards` (codes) those of these wards, and those whose place names no ward.
        """
        known = self._recorded_registers.lookup(known_at)
        with self._reading() as connection:
            if known_at is None:
                return self._kept_reports.read(connection, day_from, day_to, known, wards)
            return queries.reports(connection, day_from, day_to, known_at, known, wards)

    def coverage(self, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame:
        """Coverage entries: `id, ward_code` (None: the city), `programme, indicator, period, value, day` and so on."""
        return self.entries("coverage_entry", day, known_at=known_at)

    def phases(self, day: date, *, known_at: datetime | None = None) -> DataFrame:
        """The phase of each ward on a day, as far as recorded, one row a ward, in the order of codes."""
        with self._reading() as connection:
            return queries.latest(connection, kind("phase_change"), day, known_at)

    def register_entries(self, known_at: datetime | None = None) -> tuple[DataFrame, DataFrame]:
        """All versions of sites and all events of their identity, oldest first; read once for each state."""
        return self._recorded_registers.entries(known_at)

    def programme_versions(self, known_at: datetime | None = None) -> DataFrame:
        """All versions of programmes, oldest first: `id, programme, city, day, document, office, content` and so on.

        One for each plan that names no indicators is among them, where no version runs in its years.
        """
        return self._recorded_registers.programmes(known_at)

    def responsibilities(self, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame:
        """Agreed responsibility up to a day, oldest first: `site_id, wards` (tuples), `from_m, to_m` (NaN: an end)."""
        return self.entries("responsibility", day, known_at=known_at)

    def flag_events(self, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame:
        """What happened to flags up to a day, oldest first: `id, flag_id, event, day, note`, who recorded it, when."""
        return self.entries("flag_event", day, known_at=known_at)

    def observations(self, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame:
        """From when places are observed, oldest first: `place` (id of a site, code of a ward), `day`, `document`."""
        return self.entries("observation", day, known_at=known_at)

    def measures(self, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame:
        """When sites were dealt with, up to a day, oldest first: `site_id, day, document, office, note`."""
        return self.entries("measure", day, known_at=known_at)

    def explanations(self, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame:
        """Explanations asked of wards and given, up to a day, oldest first; `until` is NaT where no day was set."""
        return self.entries("explanation", day, known_at=known_at)

    def history(self, kind_name: str, **where: object) -> DataFrame:
        """Every row of a kind as written, corrections and withdrawals too; `where` picks by column.

        Of a kind that is written without a draft, rows that name a person come without their texts.
        """
        spec = kind(kind_name)
        with self._reading() as connection:
            found = queries.history(connection, spec, where)
            return found if spec.by_draft else without_names(connection, spec, found)

    def coverage_state(self, day: date, *, known_at: datetime | None = None) -> str:
        """The state of the coverage entries up to a day: another text after each write that concerns these days."""
        with self._reading() as connection:
            return queries.state(connection, kind("coverage_entry"), day, known_at)

    def summaries(self) -> DataFrame:
        """Counts of reports that retention removed: `month, ward_code, site_id, kind, reports, confirmed`."""
        with self._reading() as connection:
            return queries.summaries(connection)

    def published_counts(self, first: date) -> dict[str, int]:
        """The published counts of reports of the quarter that begins on `first`, by ward ('' outside all wards)."""
        with self._reading() as connection:
            return published_counts(connection, first)

    def last_ids(self, *kinds: str) -> tuple[int | None, ...]:
        """The number of the last row of each kind: another one after every entry, correction and withdrawal."""
        with self._reading() as connection:
            return queries.last_ids(connection, [kind(name) for name in kinds])

    def rows(self, kind_name: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        """Columns of what holds of a kind, by day, then by order of entry, as tuples: quicker than a frame."""
        with self._reading() as connection:
            return queries.rows(connection, kind(kind_name), columns)

    def audit(self, limit: int = 1000, *, subject: str | None = None, action: str | None = None) -> DataFrame:
        """Audit lines, newest first: `id, at, who, office, origin, action, subject, detail`."""
        with self._reading() as connection:
            return queries.audit(connection, limit, subject, action)
