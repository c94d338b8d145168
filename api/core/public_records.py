"""The records as far as the public can see any consequence of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from api.core.data_version import PUBLIC_KINDS, PublicVersion
from geo.records.store import Store
from geo.reference.cities import list_of

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

_ASSESSMENT = ("site_id", "level", "day", "document", "office")
_PHASE = ("ward_code", "phase", "day", "document")
_REGISTERS = {
    "site_version": ("id", "site_id", "day"),
    "site_event": ("id", "site_id", "event", "day"),
    "programme_version": ("id", "programme", "day"),
    "city_plan": ("id", "city", "first_year", "last_year", "day"),
    "responsibility": ("id", "site_id", "wards", "from_m", "to_m", "day", "document"),
}
"""Kinds of record that make the registers, and what distinguishes one state of them from another."""
_PUBLIC_FLAGS = "exposure:"
"""How the ids of flags begin that follow from the registers alone."""


class PublicRecords:
    """Levels, phases, and what became of the flags that follow from the registers; reports, reviews and entries: none.

    A situation of these records (`geo.situation.at`) is what public answers are made from, and its version changes with
    nothing else. Published counts of reports and of the programme are not in it: they are fixed by the day on which
    they are published, as what was known then never changes.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lists: dict[str, PublicRecords] = {}
        self.opened_as: object = (store.opened_as, "public")
        self.versions = PublicVersion(store, self._content)

    def of(self, city: str) -> PublicRecords:
        """As `Store.of`."""
        return self.of_list(list_of(city))

    def of_list(self, key: str) -> PublicRecords:
        """As `Store.of_list`."""
        own = self._store.of_list(key)
        return self if own is self._store else self._lists.setdefault(key, PublicRecords(own))

    def version(self) -> str:
        """The version of what the public can see; errors as `Store.version`."""
        return self.versions.of(self._store.version())

    def known_at(self) -> datetime:
        """As `Store.known_at`."""
        return self._store.known_at()

    def last_moment(self, known_at: datetime) -> datetime:
        """As `Store.last_moment`, of what the public can see."""
        return self._store.last_moment(known_at, *PUBLIC_KINDS)

    def assessments(self, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame:
        """As `Store.assessments`."""
        return self._store.assessments(day, known_at=known_at)

    def levels(self, day: date, *, known_at: datetime | None = None) -> DataFrame:
        """As `Store.levels`."""
        return self._store.levels(day, known_at=known_at)

    def register_entries(self, known_at: datetime | None = None) -> tuple[DataFrame, DataFrame]:
        """As `Store.register_entries`."""
        return self._store.register_entries(known_at)

    def programme_versions(self, known_at: datetime | None = None) -> DataFrame:
        """As `Store.programme_versions`."""
        return self._store.programme_versions(known_at)

    def coverage_state(self, day: date | None = None, *, known_at: datetime | None = None) -> str:  # noqa: ARG002
        """That of no entry."""
        return ""

    def responsibilities(self, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame:
        """As `Store.responsibilities`, without notes."""
        return self._store.responsibilities(day, known_at=known_at).assign(note="")

    def phases(self, day: date, *, known_at: datetime | None = None) -> DataFrame:
        """As `Store.phases`."""
        return self._store.phases(day, known_at=known_at)

    def flag_events(self, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame:
        """As `Store.flag_events`, of public flags, without notes."""
        events = self._store.flag_events(day, known_at=known_at)
        public = events[events["flag_id"].str.startswith(_PUBLIC_FLAGS)].reset_index(drop=True)
        return public.assign(note="", handled_by=None, until=None, result=None)

    def reviews(self, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame:  # noqa: ARG002
        """No row, with the columns of `Store.reviews`."""
        return self._store.reviews(date.min)

    def coverage(self, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame:  # noqa: ARG002
        """No row, with the columns of `Store.coverage`."""
        return self._store.coverage(date.min)

    def observations(self, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame:  # noqa: ARG002
        """No row, with the columns of `Store.observations`."""
        return self._store.observations(date.min)

    def measures(self, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame:  # noqa: ARG002
        """No row, with the columns of `Store.measures`."""
        return self._store.measures(date.min)

    def reports(
        self,
        day_from: date,
        day_to: date,  # noqa: ARG002
        *,
        known_at: datetime | None = None,  # noqa: ARG002
        wards: Collection[str] | None = None,
    ) -> GeoDataFrame:
        """No row, with the columns of `Store.reports`."""
        return self._store.reports(day_from, day_from - timedelta(days=1), wards=wards)

    def _content(self) -> object:
        """All that public answers of any day follow from, in whichever list."""
        return [_content_of(store) for store in self._store.each_list()]


def _content_of(store: Store) -> object:
    registers = [store.rows(kind, columns) for kind, columns in _REGISTERS.items()]
    levels, phases = store.rows("assessment", _ASSESSMENT), store.rows("phase_change", _PHASE)
    return levels, phases, _standing(store), registers


def _standing(store: Store) -> list[tuple[Any, ...]]:
    """(id, event, day) of public flags; without those that say again what the one before them said."""
    last: dict[str, tuple[str, str]] = {}
    changes = []
    for flag_id, event, day in store.rows("flag_event", ("flag_id", "event", "day")):
        site = flag_id.removeprefix(_PUBLIC_FLAGS).partition(":")[0]
        if flag_id.startswith(_PUBLIC_FLAGS) and last.get(site) != (flag_id, event):
            last[site] = flag_id, event
            changes.append((flag_id, event, day))
    return changes
