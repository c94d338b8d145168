"""The picture of one day: everything an output needs, built once, never changed.

`at(day)` tells what held on a day by all that is known now; `at(day, known_at=moment)` tells it as it was known at that
moment, and comes out the same for ever, since nothing that was recorded is ever overwritten.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from geo import settings
from geo.analysis.crossings import crossings
from geo.analysis.reconcile import Agreement, reconcile
from geo.reference.cities import City
from geo.reference.cities import city as city_named
from geo.reference.sites import load_sites
from geo.reference.wards import load_wards

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

    from geo.analysis.coverage import Attainment
    from geo.analysis.flags import Flag
    from geo.records.store import Store

WINDOW = timedelta(days=3 * 365)
"""Reports of the last three years are part of a situation: the past that flags compare with."""
_KEPT = 64
_ROOM = 128_000_000
"""Bytes that situations may take which are kept; the two used last are kept in any case."""
_BARE = 3_000_000
"""Bytes of a situation without its reports, with flags and coverage (measured: 0.4, 0.6 to 1.4, and 1.0 MB)."""
_POINT = 200
"""Bytes of a point, which frames don't count (measured)."""
Key = TypeVar("Key")
Value = TypeVar("Value")
Other = TypeVar("Other")


class Later(Generic[Value]):
    """A value that is made when it is first asked for, and once, however many threads ask."""

    __slots__ = ("_lock", "_make", "_value")

    def __init__(self, make: Callable[[], Value]) -> None:
        self._make: Callable[[], Value] | None = make
        self._lock = Lock()
        self._value: Value | None = None

    @property
    def is_made(self) -> bool:
        """Whether somebody asked for it before."""
        return self._make is None

    def get(self) -> Value:
        """The value. What making it raises is raised here, and the next one who asks has it tried anew."""
        with self._lock:
            if self._make is not None:
                self._value = self._make()
                self._make = None  # what it was made from need not be held any longer
            return self._value  # type: ignore[return-value]  # it is made by now, and may be None where Value allows it

    def __reduce__(self) -> tuple[Callable[[Any], Later[Any]], tuple[Value]]:
        """Another process gets the value itself: what it is made from (an open store) stays here."""
        return _made, (self.get(),)

    def then(self, change: Callable[[Value], Other]) -> Later[Other]:
        """Another value that follows from this one; made later as well."""
        return Later(lambda: change(self.get()))


def _made(value: Any) -> Later[Any]:
    return Later(lambda: value)


def _nothing() -> Later[Any]:
    return Later(lambda: None)


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Situation:
    """What is so on `day` in a `city` (slug); maps, tables, dossiers and API answers are functions of it.

    `wards` and `sites` carry the phase and the level of that day; `crossings` and `agreements` follow from them.
    `assessments`, `reviews`: records up to the day; `reports`: those of the window before it. A part that is None is
    not there, and outputs say so. `data_version` names the data: same version and day, same situation.

    `raised` are `flags`, `attained` is `coverage` before they are asked for: each takes as long as all the rest, and
    most outputs show neither.
    """

    day: date
    city: str
    wards: GeoDataFrame
    sites: GeoDataFrame
    crossings: GeoDataFrame
    agreements: tuple[Agreement, ...]
    data_version: str
    reports: GeoDataFrame | None = None
    reviews: DataFrame | None = None
    assessments: DataFrame | None = None
    raised: Later[tuple[Flag, ...] | None] = field(default_factory=_nothing, compare=False, repr=False)
    attained: Later[Attainment | None] = field(default_factory=_nothing, compare=False, repr=False)

    @property
    def flags(self) -> tuple[Flag, ...] | None:
        """The flags of the day, open ones first; worked out when they are first asked for."""
        return self.raised.get()

    @property
    def coverage(self) -> Attainment | None:
        """How far the city is with its programme in the year of `day`; worked out when it is first asked for."""
        return self.attained.get()

    @property
    def size(self) -> int:
        """Bytes that it takes in memory, about, with flags and coverage; the registers are shared and don't count."""
        if self.reports is None:
            return _BARE
        return _BARE + int(self.reports.memory_usage().sum()) + _POINT * len(self.reports)

    def with_flags(self, flags: tuple[Flag, ...] | None) -> Situation:
        """The same situation with other flags."""
        return replace(self, raised=Later(lambda: flags))

    def with_coverage(self, coverage: Attainment | None) -> Situation:
        """The same situation with another state of the programme."""
        return replace(self, attained=Later(lambda: coverage))


@dataclass(frozen=True, slots=True)
class Ground:
    """The registers of a city with what follows from them alone; `version` names their content."""

    city: City
    wards: GeoDataFrame
    sites: GeoDataFrame
    crossings: GeoDataFrame
    version: str


def at(
    day: date,
    *,
    city: str = "hanoi",
    store: Store | None = None,
    known_at: datetime | None = None,
) -> Situation:
    """The situation of a day; built once for each day and version of the data, then kept.

    Parameters
    ----------
    day
        Any day; what was recorded of later days plays no part.
    city
        Slug of the city.
    store
        The records; without them the situation is what the registers tell.
    known_at
        An aware datetime: only what was recorded by then counts. Now, if absent.

    Raises
    ------
    UnknownNameError
        There is no such city.
    InputError, DataFileMissingError, StoreError
        A register or the records can't be read.
    """
    ground = load_ground(city)
    recorded, opened = ("", None) if store is None else (store.version(), store.opened_as)
    version = ground.version if store is None else f"{ground.version}-{recorded}"
    key = (day, city, known_at, opened)
    kept = _situations.get(key)
    if kept is not None and kept.data_version == version:
        return kept
    # What was written over is not asked for again, of whichever day.
    _situations.drop(lambda key, old: key[3] == opened and not old.data_version.endswith(f"-{recorded}"))
    return _situations.put(key, _built(day, ground, store, known_at, version))


def from_registers(day: date, city: str, wards: GeoDataFrame, sites: GeoDataFrame) -> Situation:
    """The situation that two registers alone tell: what the plan says, and what follows from its geometry.

    `wards` and `sites` are those of one city (`load_wards`, `load_sites`). Raises `InputError` as `crossings` does.
    """
    version = _digest_of_frames(wards, sites)
    return _from_ground(day, _ground(city_named(city), wards, sites, version))


def load_ground(city: str = "hanoi") -> Ground:
    """The shipped registers of a city, read once for each content of the files; errors as `load_wards` has."""
    place = city_named(city)
    files = [settings.wards_file(), settings.sites_file(), *sorted((settings.data_dir() / "programmes").glob("*.toml"))]
    key = (place.slug, *((str(file), *_stamp(file)) for file in files))
    return _grounds.get(key) or _grounds.put(key, _read_ground(place, files))


def _read_ground(place: City, files: list[Path]) -> Ground:
    digest = hashlib.blake2b(place.slug.encode(), digest_size=6)
    for file in files:
        digest.update(file.read_bytes() if file.is_file() else b"")
    sites = load_sites()
    own = sites["site_id"].str.startswith(f"{place.site_prefix}-")
    return _ground(place, load_wards(city=place), sites[own].reset_index(drop=True), digest.hexdigest())


def _ground(place: City, wards: GeoDataFrame, sites: GeoDataFrame, version: str) -> Ground:
    return Ground(place, wards, sites, crossings(sites, wards) if len(sites) else _no_crossings(), version)


def _no_crossings() -> GeoDataFrame:
    """A city without sites has crossings too: none, with all their columns."""
    import geopandas

    names = ("site_id", "ward_code", "ward_name", "length_m", "area_m2", "share", "intervals_m", "border_m")
    return geopandas.GeoDataFrame({name: [] for name in (*names, "border_with")}, geometry=[], crs="EPSG:4326")


def _from_ground(day: date, ground: Ground) -> Situation:
    from geo.records.plan import plan_history

    return Situation(
        day=day,
        city=ground.city.slug,
        wards=ground.wards,
        sites=ground.sites,
        crossings=ground.crossings,
        agreements=reconcile(ground.sites, ground.crossings),
        data_version=ground.version,
        assessments=plan_history(ground.sites, day),
        raised=_raised(day, ground.wards, ground.sites, ground.crossings),
    )


def _built(day: date, ground: Ground, store: Store | None, known_at: datetime | None, version: str) -> Situation:
    if store is None:
        return _from_ground(day, ground)
    wards = _with(ground.wards, "code", "phase", store.phases(day, known_at=known_at), "ward_code")
    sites = _with(ground.sites, "site_id", "level", store.levels(day, known_at=known_at), "site_id")
    # Those of the city's wards, and those whose place names no ward: nothing reported is lost.
    reports = store.reports(day - WINDOW, day, known_at=known_at, wards=wards["code"].tolist())
    reviews = store.reviews(day, known_at=known_at)
    events = store.flag_events(day, known_at=known_at)
    return Situation(
        day=day,
        city=ground.city.slug,
        wards=wards,
        sites=sites,
        crossings=ground.crossings,
        agreements=reconcile(sites, ground.crossings),
        data_version=version,
        reports=reports,
        reviews=reviews,
        assessments=store.assessments(day, known_at=known_at),
        raised=_raised(day, wards, sites, ground.crossings, reports=reports, events=events),
        attained=_attained(day, ground, wards, sites, store, known_at),
    )


def _raised(
    day: date, wards: GeoDataFrame, sites: GeoDataFrame, stretches: GeoDataFrame, **recorded: Any
) -> Later[tuple[Flag, ...] | None]:
    def make() -> tuple[Flag, ...]:
        from geo.analysis.flags import flags  # loads half a second of statistics, which most pictures do without

        return flags(day, wards, sites, stretches, **recorded)

    return Later(make)


def _with(frame: GeoDataFrame, key: str, column: str, recorded: DataFrame, recorded_key: str) -> GeoDataFrame:
    """The register with a column as last recorded; what nobody recorded stays as the plan has it."""
    latest = dict(zip(recorded[recorded_key], recorded[column], strict=True))
    values = [latest.get(name, old) for name, old in zip(frame[key], frame[column], strict=True)]
    return frame.assign(**{column: values})


def _attained(
    day: date, ground: Ground, wards: GeoDataFrame, sites: GeoDataFrame, store: Store, known_at: datetime | None
) -> Later[Attainment | None]:
    # What is recorded before somebody asks must not come in: the moment stands now, the reading waits.
    moment = store.known_at()
    known = moment if known_at is None else min(known_at, moment)

    def make() -> Attainment:
        from geo.analysis.coverage import attainment
        from geo.reference.programmes import load_programme

        programme = load_programme(ground.city.programme)
        year = min(max(day.year, programme.first_year), programme.last_year)
        entries = store.coverage(day, known_at=known)
        # Most of what is written are reports, from which none of this follows.
        state = (ground.city.slug, ground.version, day, tuple(wards["phase"]), tuple(sites["level"]), entries.to_csv())
        kept = _attainments.get(state)
        return kept or _attainments.put(
            state, attainment(programme, entries, wards, day, str(year), crossings=ground.crossings, sites=sites)
        )

    return Later(make)


def _stamp(file: Path) -> tuple[int, int]:
    if not file.is_file():
        return 0, 0
    found = file.stat()
    return found.st_mtime_ns, found.st_size


def _digest_of_frames(wards: GeoDataFrame, sites: GeoDataFrame) -> str:
    from geo.reference.geojson import records, to_geojson

    digest = hashlib.blake2b(digest_size=6)
    for frame in (wards, sites):
        digest.update(to_geojson(records(frame)).encode("utf-8"))
    return digest.hexdigest()


class _Kept(Generic[Key, Value]):
    """The last few values by key, safe between threads; a value may be built twice, never half.

    Up to `room` in all by `size_of`, but the two used last in any case.
    """

    def __init__(self, limit: int, room: int = 0, size_of: Callable[[Value], int] = lambda _: 0) -> None:
        self._limit = limit
        self._room = room
        self._size_of = size_of
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key) -> Value | None:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: Key, value: Value) -> Value:
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            size = sum(map(self._size_of, self._values.values()))
            while len(self._values) > self._limit or (len(self._values) > 2 and size > self._room):
                size -= self._size_of(self._values.popitem(last=False)[1])
        return value

    def drop(self, is_old: Callable[[Key, Value], bool]) -> None:
        with self._lock:
            for key in [key for key, value in self._values.items() if is_old(key, value)]:
                del self._values[key]


_situations: _Kept[tuple[date, str, datetime | None, int | None], Situation] = _Kept(_KEPT, _ROOM, lambda one: one.size)
_grounds: _Kept[object, Ground] = _Kept(8)
_attainments: _Kept[object, Attainment] = _Kept(8)
