"""What every route works with: settings, records, clock, situations, and the cache of answers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import shapely

from api.core.data_version import DataState, registers_stamp, today
from api.core.local_access import LocalAccess
from api.core.problems import QueryError
from api.core.process import has_accounts
from api.core.public_records import PublicRecords
from api.core.responses import Answer
from api.core.settings import ApiSettings
from geo.cache import Cache
from geo.errors import Problem
from geo.records.kinds.registers.fields import AHEAD
from geo.records.store import Clock, Store
from geo.records.validation.entry_checks import FIRST_DAY
from geo.reference.cities import cities, every_list, list_in_view
from geo.reference.cities import city as city_named
from geo.reference.tolerances import BORDER_M
from geo.reference.ward_names.units_since import refuse_before_units
from geo.situation import Registers, Situation, at, load_registers
from geo.situation.records import Records
from geo.situation.registers import CITIES, registers_version

if TYPE_CHECKING:
    from geo.reference.wards import WardRegister
    from geo.spatial.edge_index import EdgeIndex


_SHORTEST_DEGREE_M = 100_000.0
"""No degree is shorter in Việt Nam, in any direction."""
AnswerKey = tuple[object, ...]
"""What an answer follows from; first the version of the records (all, or their public part), the day, the files."""


@dataclass(frozen=True, slots=True)
class Service:
    """One running service. `local_access` is the way in by a one-time link, None where it began with accounts.

    `records` are those of the cities and of all further lists, `store` those of the list in view. `answers` is the one
    place where answers are cached, pages and documents too (`api.http.response_cache`).
    """

    settings: ApiSettings
    records: Store
    clock: Clock
    answers: Cache[AnswerKey, Answer]
    local_access: LocalAccess | None = None
    public_of_all: PublicRecords = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "public_of_all", PublicRecords(self.records))

    @property
    def public_records(self) -> PublicRecords:
        """What the public can see of `store`."""
        return self.public_of_all.of_list(list_in_view())

    @property
    def store(self) -> Store:
        """The records of the list that the request is about (`api.security.lists.of_request`)."""
        return self.records.of_list(list_in_view())

    @property
    def now(self) -> datetime:
        """The moment by the service's clock (aware)."""
        return self.clock()

    @property
    def today(self) -> date:
        """The day in Việt Nam (UTC+7)."""
        return today(self.clock)

    @property
    def local(self) -> LocalAccess | None:
        """The way in without accounts; None where accounts are in use, so from the first one on. Reads the records."""
        return None if self.local_access is None or has_accounts(self.store) else self.local_access

    def situation(
        self, day: date | None = None, city: str | None = None, known_at: datetime | None = None
    ) -> Situation:
        """The situation of a day, today's if none is given, by all records.

        Raises
        ------
        QueryError
            The day lies before anything can be recorded, or so far ahead that nothing can be published of it.
        UnknownNameError
            There is no such city.
        """
        return self._at(day, city, self.store, known_at)

    def public_situation(
        self, day: date | None = None, city: str | None = None, known_at: datetime | None = None
    ) -> Situation:
        """As `situation`, by what the public can see of the records: another one only where that has changed."""
        return self._at(day, city, self.public_records, known_at)

    def _at(self, day: date | None, city: str | None, records: Records, known_at: datetime | None) -> Situation:
        on = refuse_before_units(self.valid_day(day))
        return at(on, city=self.registers(city).city.slug, store=records, known_at=known_at)

    def valid_day(self, day: date | None) -> date:
        """A day that a situation can be of: `day` where it is one (`QueryError` otherwise), today if none is given."""
        wanted = day or self.today
        if not FIRST_DAY <= wanted <= self.last_day:
            raise QueryError(Problem("service.no-such-day", "day", day=wanted, first=FIRST_DAY, last=self.last_day))
        return wanted

    @property
    def last_day(self) -> date:
        """The last day that can be asked for: registers may be published to hold from any day up to it."""
        return self.today + AHEAD

    def public_state(self, day: date, known: DataState | None = None) -> tuple[object, ...]:
        """What the public situations of all cities on a day follow from: same state, same situations.

        Asks the records, unless the state of the data is `known` already.
        """
        if known is None:
            version, files = self.public_of_all.version(), registers_stamp()
        else:
            version, files = known.public, known.files
        return (self.store.opened_as, day, version, *_registers_versions(files))

    def registers(self, city: str | None = None) -> Registers:
        """The registers of a city, the server's own if none is named; read once for each content of the files."""
        stamp, key = registers_stamp(), list_in_view()
        return _registers(city or _own_city(self.settings.city, key, stamp), key, stamp)

    def register(self, city: str | None = None) -> WardRegister:
        """The wards of a city by code, name and point; made once for each content of the data set."""
        registers = self.registers(city)
        return _register(registers.city.slug, registers.version)

    def ward_index(self, city: str | None = None) -> tuple[Registers, EdgeIndex]:
        """The registers of a city with the index of its ward edges; made once for each content of the data set."""
        registers = self.registers(city)
        return registers, _edges(registers.city.slug, registers.version)

    def may_be_by_border(self, lon: float, lat: float, city: str | None = None) -> bool:
        """Whether a point (WGS 84 degrees) may have a ward's border within the border band: quick, never no for yes."""
        registers = self.registers(city)
        borders = _borders(registers.city.slug, registers.version)
        return bool(shapely.dwithin(borders, shapely.Point(lon, lat), BORDER_M / _SHORTEST_DEGREE_M))


def public_version(version: str) -> str:
    """A data version as it is shown: does not say how often or when something was written."""
    return hashlib.blake2b(version.encode(), digest_size=6).hexdigest()


@lru_cache(maxsize=CITIES)
def _registers(city: str, _list: str, _stamp: str) -> Registers:
    return load_registers(city)


@lru_cache(maxsize=8)
def _own_city(city: str, key: str, _stamp: str) -> str:
    """The server's own city, or what stands for it in the list in view."""
    return city if city_named(city).list_key == key else cities()[0].slug


@lru_cache(maxsize=8)
def _registers_versions(_stamp: str) -> tuple[str, ...]:
    return tuple(registers_version(city.slug) for city in every_list())


@lru_cache(maxsize=CITIES)
def _register(city: str, _version: str) -> WardRegister:
    from geo.reference.wards import WardRegister

    return WardRegister(load_registers(city).wards)


@lru_cache(maxsize=CITIES)
def _edges(city: str, _version: str) -> EdgeIndex:
    from geo.analysis.crossings.indexed_wards import ward_index

    return ward_index(load_registers(city).wards)


@lru_cache(maxsize=CITIES)
def _borders(city: str, _version: str) -> shapely.MultiLineString:
    """The outlines of all wards, prepared for many points."""
    outlines = shapely.boundary(np.asarray(load_registers(city).wards.geometry, dtype=object))
    lines = shapely.MultiLineString(shapely.get_parts(outlines).tolist())
    shapely.prepare(lines)
    return lines
