"""What every route works with: settings, records, clock, the pictures of days, the answers made once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from api.core.caches import KeyedCache, VersionedCache
from api.core.data_version import Stamp, registers_stamp
from api.core.local_access import LocalAccess
from api.core.problems import QueryError
from api.core.responses import Answers
from api.core.settings import ApiSettings
from geo.errors import Problem
from geo.i18n.formats import VIET_NAM_TIME
from geo.records.store import Clock, Store
from geo.records.validation.entry_checks import FIRST_DAY
from geo.reference.cities import cities
from geo.situation import Registers, Situation, at, load_registers

if TYPE_CHECKING:
    from geo.reference.wards import WardRegister
    from geo.spatial.edge_index import EdgeIndex


@dataclass(frozen=True, slots=True)
class Service:
    """One running service. `local` is the way in by a one-time link, None where accounts are in use."""

    settings: ApiSettings
    store: Store
    clock: Clock
    answers: Answers
    pictures: VersionedCache[Situation]
    layers: KeyedCache[Any]
    local: LocalAccess | None = None

    def forget(self) -> None:
        """Drop what was made of the records: something was written, and nobody is given an old answer again."""
        self.answers.clear()
        self.layers.clear()
        self.pictures.clear()

    @property
    def now(self) -> datetime:
        """The moment by the service's clock (aware)."""
        return self.clock()

    @property
    def today(self) -> date:
        """The day in Việt Nam (UTC+7)."""
        return self.clock().astimezone(VIET_NAM_TIME).date()

    def situation(
        self, day: date | None = None, city: str | None = None, known_at: datetime | None = None
    ) -> Situation:
        """The picture of a day, today's if none is given.

        Raises
        ------
        QueryError
            The day lies in the future, or before anything is recorded.
        UnknownNameError
            There is no such city.
        """
        wanted, ground = self.told_day(day), self.ground(city)
        return self.pictures.get(
            (wanted, ground.city.slug, ground.version, known_at),
            self.store.version,
            lambda: at(wanted, city=ground.city.slug, store=self.store, known_at=known_at),
        )

    def ready_situation(
        self, version: str, day: date | None = None, city: str | None = None, known_at: datetime | None = None
    ) -> Situation | None:
        """As `situation`, if it is there already; `version` is that of the records now. Never waits; same errors."""
        wanted, ground = self.told_day(day), self.ground(city)
        return self.pictures.find((wanted, ground.city.slug, ground.version, known_at), version)

    def told_day(self, day: date | None) -> date:
        """The day to tell of: `day` if it can be told (`QueryError` otherwise), today if none is given."""
        wanted = day or self.today
        # A day of grace: a client east of here may already write tomorrow's date.
        if not FIRST_DAY <= wanted <= self.today + timedelta(days=1):
            what = f"{wanted.isoformat()} can't be told"
            raise QueryError(Problem(what, "day", f"give a day from {FIRST_DAY} to {self.today}"))
        return wanted

    def state(self, day: date, version: str | None = None) -> tuple[object, ...]:
        """What the pictures of all cities on a day follow from: same state, same pictures.

        Looks at the records, unless the `version` that they have now is known already.
        """
        return (day, version or self.store.version(), *_ground_versions(registers_stamp()))

    def ground(self, city: str | None = None) -> Registers:
        """The registers of a city, the server's own if none is named; read once for each content of the files."""
        return _ground(city or self.settings.city, registers_stamp())

    def register(self, city: str | None = None) -> WardRegister:
        """The wards of a city by code, name and point; made once for each content of the data set."""
        ground = self.ground(city)
        return _register(ground.city.slug, ground.version)

    def ward_index(self, city: str | None = None) -> tuple[Registers, EdgeIndex]:
        """The registers of a city with the index of its ward edges; made once for each content of the data set."""
        ground = self.ground(city)
        return ground, _edges(ground.city.slug, ground.version)


def public_version(version: str) -> str:
    """A data version as it is shown: it tells versions apart, but not how often or when something was written."""
    return hashlib.blake2b(version.encode(), digest_size=6).hexdigest()


@lru_cache(maxsize=8)
def _ground(city: str, _stamp: Stamp) -> Registers:
    return load_registers(city)


@lru_cache(maxsize=8)
def _ground_versions(_stamp: Stamp) -> tuple[str, ...]:
    return tuple(load_registers(city.slug).version for city in cities())


@lru_cache(maxsize=8)
def _register(city: str, _version: str) -> WardRegister:
    from geo.reference.wards import WardRegister

    return WardRegister(load_registers(city).wards)


@lru_cache(maxsize=8)
def _edges(city: str, _version: str) -> EdgeIndex:
    from geo.analysis.crossings.table import ward_index

    return ward_index(load_registers(city).wards)
