"""What is recorded of the registers, read once for each state of it, and the look-up that follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from geo.cache import Cache
from geo.records.model.carried_programmes import with_carried
from geo.records.model.programme_documents import programme_of_content
from geo.records.model.register_lookup import PhaseOn, RegisterLookup, places_of, route_length

if TYPE_CHECKING:
    from pandas import DataFrame

    from geo.reference.programmes import Programme

_KINDS = ("site_version", "site_event", "programme_version", "city_plan", "phase_change")


_Frames = tuple["DataFrame", "DataFrame", "DataFrame", "DataFrame"]
"""Versions of sites, events, programmes, phases of wards."""


class _Reads(Protocol):
    """What is read of a store."""

    def version(self) -> str: ...
    def last_ids(self, *kinds: str) -> tuple[int | None, ...]: ...
    def entries(self, kind_name: str, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame: ...


class RecordedRegisters:
    """The published versions of sites of one store. Safe for several threads."""

    def __init__(self, store: _Reads, given: RegisterLookup | None) -> None:
        self._store = store
        self._given = given
        self._lock = Lock()
        self._state: tuple[str, tuple[int | None, ...]] = "", ()
        self._frames: Cache[object, _Frames] = Cache(8)
        self._lookups: Cache[object, RegisterLookup] = Cache(4)

    def entries(self, known_at: datetime | None) -> tuple[DataFrame, DataFrame]:
        """All versions and all events that were known at a moment."""
        return self._read(known_at)[:2]

    def programmes(self, known_at: datetime | None) -> DataFrame:
        """All versions of programmes that were known at a moment, those of plans without indicators as well."""
        return self._read(known_at)[2]

    def _read(self, known_at: datetime | None) -> _Frames:
        def read() -> _Frames:
            versions, events, programmes, plans, phases = (
                self._store.entries(name, known_at=known_at) for name in _KINDS
            )
            return versions, events, with_carried(programmes, plans), phases

        return self._frames.get((self._now(), known_at), read)

    def lookup(self, known_at: datetime | None = None) -> RegisterLookup | None:
        """The given look-up with the sites that were published; the given one where none was."""
        given = self._given
        if given is None:
            return None
        state = self._now()
        if not any(state):
            return given
        return self._lookups.get((state, known_at), lambda: _with(given, self._read(known_at)))

    def _now(self) -> tuple[int | None, ...]:
        """The last rows: another state after every publication. Asked for when anything was written at all."""
        version = self._store.version()
        with self._lock:
            if self._state[0] == version:
                return self._state[1]
        ids = self._store.last_ids(*_KINDS)
        with self._lock:
            self._state = version, ids
        return ids


def _with(given: RegisterLookup, frames: _Frames) -> RegisterLookup:
    import shapely

    versions, _, programmes, phases = frames
    shapes: Any = shapely.from_geojson(versions["geometry"].tolist()) if len(versions) else []
    rows = list(zip(versions["site_id"], versions["day"].dt.date, shapes, strict=True))
    lengths = {site: route_length(shape) for site, _, shape in rows}
    latest = places_of({site: shape for site, _, shape in rows})

    def place_at(site_id: str, chainage_m: float | None) -> tuple[float, float] | None:
        return latest(site_id, chainage_m) or (given.place_at(site_id, chainage_m) if given.place_at else None)

    by_version = {(site, day): shape for site, day, shape in rows}
    return replace(
        given,
        site_lengths={**given.site_lengths, **lengths},
        place_at=place_at,
        place_on=_places_on(by_version),
        phase_on=_phases_on(phases, given.phase_on),
        programmes=None if given.programmes is None else {**given.programmes, **_published(programmes)},
    )


def _phases_on(phases: DataFrame, given: PhaseOn | None) -> PhaseOn | None:
    """The phase of a ward on a day by what is recorded of it up to that day, else the given one."""
    if given is None:
        return None
    recorded: dict[str, list[tuple[date, str]]] = {}
    for code, day, phase in zip(phases["ward_code"], phases["day"].dt.date, phases["phase"], strict=True):
        recorded.setdefault(code, []).append((day, phase))

    def phase_on(code: str, day: date) -> str:
        return next((phase for since, phase in reversed(recorded.get(code, ())) if since <= day), given(code, day))

    return phase_on


def _published(programmes: DataFrame) -> dict[str, Programme]:
    """The programmes that were published, by id."""
    found = filter(None, map(programme_of_content, programmes["content"]))
    return {plan.id: plan for plan in found}


def _places_on(
    shapes: Mapping[tuple[str, date], Any],
) -> Callable[[str, float | None, date], tuple[float, float] | None]:
    """Where a chainage lay on the version of a day; before the first version, on the first one."""
    days: dict[str, list[date]] = {}
    for site, day in shapes:
        days.setdefault(site, []).append(day)
    along = places_of({f"{site} {day}": shape for (site, day), shape in shapes.items()})

    def place(site_id: str, chainage_m: float | None, day: date) -> tuple[float, float] | None:
        known = sorted(days.get(site_id, ()))
        if not known:
            return None
        held = max((one for one in known if one <= day), default=known[0])
        return along(f"{site_id} {held}", chainage_m)

    return place
