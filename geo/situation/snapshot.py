"""The snapshot of one day: everything an output needs, built once, never changed.

`at(day)` is what held on a day by all that is known now; `at(day, known_at=moment)` is the same as it was known at that
moment, and comes out the same for ever, since nothing that was recorded is ever overwritten.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from geo.analysis.reconcile import Agreement, reconcile
from geo.cache import Cache
from geo.records.ledger.queries import NO_ROWS
from geo.records.ledger.seed_from_plan import PLAN_ACTOR
from geo.records.model.hidden import HIDDEN
from geo.records.programmes import programmes_on
from geo.reference.cities import city as city_named
from geo.reference.cities import in_list, list_in_view
from geo.situation.agreed_routes import with_routes
from geo.situation.in_force import registers_on, with_recorded
from geo.situation.lazy import Lazy
from geo.situation.registers import Registers, load_registers, registers_of

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

    from geo.analysis.coverage.attainment import Attainment
    from geo.analysis.flags import Flag
    from geo.reference.programmes import Programme
    from geo.situation.records import Records

WINDOW = timedelta(days=3 * 365)
"""Reports of the last three years are part of a situation: the past that flags compare with."""
_CACHE_BYTES = 128_000_000
"""Bytes that cached situations may take; the two used last are cached in any case."""
_BARE = 3_000_000
"""Bytes of a situation without its reports, with flags and coverage (measured: 0.4, 0.6 to 1.4, and 1.0 MB)."""
_POINT = 200
"""Bytes of a point, which frames don't count (measured)."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Situation:
    """What is so on `day` in a `city` (slug); maps, tables, dossiers and API answers are functions of it.

    `wards` and `sites` carry the phase and the level of that day; `crossings` and `agreements` follow from them.
    `assessments`, `reviews`, `measures` (when sites were dealt with), `observations` (from when places are
    observed), `responsibilities` (agreed beside the legal cut, each with the `route` of its day): records up to the
    day; `reports`: those of the window before it. A part that is None is not there, and outputs say so.
    `data_version` names the data: same version and day, same situation; `state` names what it holds, whatever else
    is recorded. `recorded_programmes`: those in force, oldest first, () where they are those of the files. `hidden`
    are the parts of which something is hidden from whoever it is made for (`geo.visibility`), None where nobody
    asked yet. `raised` are `flags`, `attained` is `coverage` before they are asked for: each takes as long as all
    the rest, and most outputs show neither.
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
    responsibilities: DataFrame | None = None
    observations: DataFrame | None = None
    measures: DataFrame | None = None
    hidden: frozenset[str] | None = None
    recorded_programmes: tuple[Programme, ...] = ()
    state: str = ""
    raised: Lazy[tuple[Flag, ...] | None] = field(default_factory=Lazy.nothing, compare=False, repr=False)
    attained: Lazy[Attainment | None] = field(default_factory=Lazy.nothing, compare=False, repr=False)

    @property
    def programmes(self) -> tuple[Programme, ...]:
        """The programmes in force, oldest first; the last one holds now."""
        return self.recorded_programmes or programmes_on(self.day, city_named(self.city))

    @property
    def programme(self) -> Programme:
        """The programme that holds on the day."""
        return self.programmes[-1]

    @property
    def flags(self) -> tuple[Flag, ...] | None:
        """The flags of the day, open ones first; worked out when they are first asked for."""
        return self.raised.get()

    @property
    def coverage(self) -> Attainment | None:
        """How far the city is with its programme in the year of `day`; worked out when it is first asked for."""
        return self.attained.get()

    @property
    def registers_version(self) -> str:
        """What names the content of the registers that it was made from."""
        return (self.state or self.data_version).partition("-")[0]

    def hides(self, part: str) -> bool:
        """Whether something of a part (`reports`, `reviews`, …) is hidden from whoever this situation is made for."""
        return part in (self.hidden or ())

    @property
    def size(self) -> int:
        """Bytes that it takes in memory, about, with flags and coverage; the registers are shared and don't count."""
        if self.reports is None:
            return _BARE
        return _BARE + int(self.reports.memory_usage().sum()) + _POINT * len(self.reports)

    def with_flags(self, flags: tuple[Flag, ...] | None) -> Situation:
        """The same situation with other flags."""
        return replace(self, raised=Lazy(lambda: flags))

    def with_coverage(self, coverage: Attainment | None) -> Situation:
        """The same situation with another state of the programme."""
        return replace(self, attained=Lazy(lambda: coverage))


def at(
    day: date,
    *,
    city: str = "hanoi",
    store: Records | None = None,
    known_at: datetime | None = None,
) -> Situation:
    """The situation of a day; built once for each day and version of the data.

    Parameters
    ----------
    day
        Any day; what was recorded of later days plays no part.
    city
        Slug of the city.
    store
        The records, of which those of the city's list count; without them the situation is what the registers say.
    known_at
        An aware datetime: only what was recorded by then counts. Now, if absent.

    Raises
    ------
    UnknownNameError
        There is no such city.
    InputError, DataFileMissingError, StoreError
        A register or the records can't be read.
    """
    registers = load_registers(city)
    store = None if store is None else store.of(registers.city.slug)
    opened = None if store is None else store.opened_as
    if known_at is not None and store is not None:
        # Moments between two entries are one: whoever asks for many of them gets the same snapshot.
        known_at = store.last_moment(known_at)

    def version() -> str:
        return registers.version if store is None else f"{registers.version}-{store.version()}"

    def build() -> Situation:
        now = version()
        # What was written over is not asked for again, of whichever day.
        recorded = now.removeprefix(registers.version)
        _situations.drop(lambda key, old: key[3] == opened and not old.data_version.endswith(recorded))
        return _built(day, registers, store, known_at, now)

    with in_list(registers.city.list_key):
        return _situations.get((day, city, known_at, opened), build, version)


def limit_cache(size: int) -> None:
    """Set how many bytes the cached situations of this process may take; the two used last are cached in any case."""
    _situations.resize(size)


def from_registers(day: date, city: str, wards: GeoDataFrame, sites: GeoDataFrame) -> Situation:
    """The situation of two registers alone: what the plan says, and what follows from its geometry.

    `wards` and `sites` are those of one city (`load_wards`, `load_sites`). Raises `InputError` as `crossings` does.
    """
    version = _digest_of_frames(wards, sites)
    return _of_registers(day, registers_of(city_named(city), wards, sites, version))


def _of_registers(day: date, registers: Registers) -> Situation:
    from geo.records.ledger.seed_from_plan import plan_history

    return Situation(
        day=day,
        city=registers.city.slug,
        wards=registers.wards,
        sites=registers.sites,
        crossings=registers.crossings,
        agreements=reconcile(registers.sites, registers.crossings),
        data_version=registers.version,
        assessments=plan_history(registers.sites, day),
        raised=_raised(day, registers.wards, registers.sites, registers.crossings),
    )


def _built(
    day: date, registers: Registers, store: Records | None, known_at: datetime | None, version: str
) -> Situation:
    if store is None:
        return _of_registers(day, registers)
    recorded = version.removeprefix(registers.version)
    phases = store.phases(day, known_at=known_at)
    in_force = registers_on(day, registers.city.slug, store, known_at)
    registers = with_recorded(in_force, phases, store.levels(day, known_at=known_at))
    wards, sites = registers.wards, registers.sites
    # Those of the city's wards, and those whose place names no ward: nothing reported is lost.
    reports = store.reports(day - WINDOW, day, known_at=known_at, wards=wards["code"].tolist())
    reviews = store.reviews(day, known_at=known_at)
    events = store.flag_events(day, known_at=known_at)
    assessments = store.assessments(day, known_at=known_at)
    observations, measures = (read(day, known_at=known_at) for read in (store.observations, store.measures))
    of_places: dict[str, Any] = {"assessments": assessments, "observations": observations, "measures": measures}
    responsibilities = store.responsibilities(day, known_at=known_at)
    if len(responsibilities):
        responsibilities = with_routes(responsibilities, store.register_entries(known_at)[0])
    shown = (phases, reports, reviews, events, responsibilities, *of_places.values())
    return Situation(
        day=day,
        city=registers.city.slug,
        wards=wards,
        sites=sites,
        crossings=registers.crossings,
        agreements=reconcile(sites, registers.crossings),
        data_version=f"{registers.version}{recorded}",
        reports=reports,
        reviews=reviews,
        **of_places,
        responsibilities=responsibilities,
        recorded_programmes=registers.recorded,
        state=_state(registers, shown, store.coverage_state(day, known_at=known_at)),
        raised=_raised(day, wards, sites, registers.crossings, reports=reports, events=events, **of_places),
        attained=_attained(day, registers, wards, sites, store, known_at),
    )


def _state(registers: Registers, frames: tuple[DataFrame, ...], coverage: str) -> str:
    """What a situation holds, as a text: rows are never changed, so their numbers and moments say what they are.

    Where nothing but the plans of the data set is recorded it is that of the registers alone: records that begin change
    no paper of a day before their first entry.
    """
    if coverage.startswith(NO_ROWS) and all(map(_is_of_plans, frames)):
        return registers.version
    digest = hashlib.blake2b(coverage.encode(), digest_size=6)
    for frame in frames:
        digest.update(frame["id"].to_numpy("int64").tobytes())
        digest.update(repr(frame["recorded_at"].max()).encode())
        if "status" in frame:
            digest.update("".join(frame["status"].tolist()).encode())
        if "document" in frame:  # but for those that are shown without their texts by now
            digest.update((frame["document"] == HIDDEN).to_numpy().tobytes())
        if "note" in frame and (frame["note"] == HIDDEN).any():
            digest.update((frame["note"] == HIDDEN).to_numpy().tobytes())
    return f"{registers.version}-{digest.hexdigest()}"


def _is_of_plans(frame: DataFrame) -> bool:
    # Of reports it is not said who recorded them: no plan has any.
    return frame.empty or ("recorded_by" in frame and bool((frame["recorded_by"] == PLAN_ACTOR.who).all()))


def _raised(
    day: date, wards: GeoDataFrame, sites: GeoDataFrame, stretches: GeoDataFrame, **recorded: Any
) -> Lazy[tuple[Flag, ...] | None]:
    key = list_in_view()

    def make() -> tuple[Flag, ...]:
        from geo.analysis.flags import flags  # loads half a second of statistics, which most pictures do without

        with in_list(key):
            return flags(day, wards, sites, stretches, **recorded)

    return Lazy(make)


def _attained(
    day: date, registers: Registers, wards: GeoDataFrame, sites: GeoDataFrame, store: Records, known_at: datetime | None
) -> Lazy[Attainment | None]:
    # What is recorded before somebody asks must not come in: the moment stands now, the reading waits.
    moment = store.known_at()
    known = moment if known_at is None else min(known_at, moment)

    def make() -> Attainment:
        from geo.analysis.coverage.attainment import attainment

        programme = registers.programmes[-1]
        year = min(max(day.year, programme.first_year), programme.last_year)
        entries = store.coverage(day, known_at=known)
        # Most of what is written are reports, from which none of this follows.
        state = (
            registers.city.slug,
            registers.version,
            day,
            tuple(wards["phase"]),
            tuple(sites["level"]),
            entries.to_csv(),
        )
        with in_list(registers.city.list_key):
            return _attainments.get(
                state,
                lambda: attainment(
                    programme, entries, wards, day, str(year), crossings=registers.crossings, sites=sites
                ),
            )

    return Lazy(make)


def _digest_of_frames(wards: GeoDataFrame, sites: GeoDataFrame) -> str:
    from geo.reference.geojson import records, to_geojson

    digest = hashlib.blake2b(digest_size=6)
    for frame in (wards, sites):
        digest.update(to_geojson(records(frame)).encode("utf-8"))
    return digest.hexdigest()


_situations: Cache[tuple[date, str, datetime | None, object], Situation] = Cache(
    _CACHE_BYTES, lambda one: one.size, at_least=2
)
_attainments: Cache[object, Attainment] = Cache(8)
