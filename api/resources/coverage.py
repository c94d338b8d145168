"""How far a city is with its programme, for each audience.

The public gets half-years and years that are over and settled, as they were known then, by the wards and phases of that
day: what is told of a period never changes, and each is withheld beside those that were told before
(`geo.analysis.coverage.published`), so that no difference between two answers gives a small count away.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from api.core.service import Service
from api.resources.feature_collections import Row, jsonable
from api.resources.visibility import NOTE, WITHHELD
from api.security.identity import Identity, Role
from geo.analysis.coverage.attainment import Attainment, Result, attainment
from geo.analysis.coverage.published import public_of
from geo.cache import Cache
from geo.errors import InputError, Problem
from geo.records.ledger.published_counts import settled_at
from geo.reference.cities import city
from geo.reference.programmes import Period, Programme, load_programme
from geo.situation import Situation, load_registers

_SETTLED = timedelta(days=30)
_public: Cache[object, Attainment] = Cache(64)
_full: Cache[object, Attainment] = Cache(32)


def told_attainment(service: Service, situation: Situation, identity: Identity, period: str | None) -> Attainment:
    """The attainment that an audience is told of a situation: of `period`, else of the year (public: what was last).

    A ward account is told its own rows and no totals.

    Raises
    ------
    InputError
        The period is none, is not in the programme, or is not settled yet (public).
    """
    wanted = None if period is None else Period.parse(period)
    if identity.role < Role.WARD:
        return public_attainment(service, situation, wanted)
    internal = full_attainment(service, situation, wanted)
    return internal if identity.sees_all else _own(internal, identity)


def programme_of(situation: Situation) -> Programme:
    """The programme of a situation's city."""
    return load_programme(city(situation.city).programme)


def full_attainment(service: Service, situation: Situation, period: Period | None) -> Attainment:
    """The attainment without anything withheld, of a period or of the year of the situation's day; errors as above."""
    programme = programme_of(situation)
    year = Period(min(max(situation.day.year, programme.first_year), programme.last_year))
    if (period is None or period == year) and situation.coverage is not None:
        return situation.coverage
    wanted = period or year
    key = (service.store.opened_as, situation.city, situation.day, situation.data_version, wanted)
    return _full.get(key, lambda: _attained(programme, situation, service.store.coverage(situation.day), wanted))


def public_attainment(service: Service, situation: Situation, period: Period | None) -> Attainment:
    """The attainment that everybody is told, by the clock and by the day of the situation; errors as above."""
    programme = programme_of(situation)
    settled = settled_periods(programme, min(situation.day, service.today))
    wanted = period or (settled[-1] if settled else None)
    if wanted is None or wanted not in settled:
        shown = ", ".join(map(str, settled)) or "none yet"
        what = f"the public is told periods a month after their end; settled: {shown}"
        raise InputError(Problem(what, "period", "ask again later, or sign in"))

    def made(each: Period) -> Attainment:
        day, moment = last_day(each) + _SETTLED, settled_at(last_day(each))
        then = service.situation(day, situation.city, moment)
        return _attained(programme, then, service.store.coverage(day, known_at=moment), each)

    # What was known then never changes: such an answer holds as long as the registers and these records do.
    key = (service.store.opened_as, load_registers(situation.city).version, programme.id, wanted)
    return _public.get(key, lambda: public_of(programme, wanted, made))


def as_of(told: Attainment, day: date) -> Attainment:
    """The attainment with the days to its deadline counted from another day: what was settled is shown later."""
    return replace(told, days_left=told.deadline.days_left(day))


def coverage_document(told: Attainment) -> Row:
    """Programme, period, deadline, how many report, and the results by target; rows by ward are apart."""
    return {
        "programme": told.programme.id,
        "period": str(told.period),
        "audience": told.audience,
        "deadline": told.deadline.day.isoformat(),
        "days_left": told.days_left,
        "example": told.example,
        "reporting": {"wards": told.reporting.wards, "reporting": told.reporting.reporting},
        "results": [_result(entry) for entry in told.results],
        "note": NOTE if told.audience == "public" else "",
    }


def coverage_rows(told: Attainment, target: str | None, level: str | None, ward: str | None) -> list[Row]:
    """The figures by target and ward, phase or city, as JSON-ready rows; withheld ones are '<5'."""
    table = told.table
    for column, wanted in (("target", target), ("level", level), ("code", ward)):
        if wanted is not None:
            table = table[table[column] == wanted]
    return [_figures(jsonable(record)) for record in table.to_dict("records")]  # type: ignore[arg-type]


def settled_periods(programme: Programme, day: date) -> list[Period]:
    """The periods of a programme that had been over and settled on a day, in the order of their telling."""
    return [period for period in programme.periods if last_day(period) + _SETTLED <= day]


def last_day(period: Period) -> date:
    """The last day of a period."""
    return date(period.year, 6, 30) if period.half == 1 else date(period.year, 12, 31)


def _attained(programme: Programme, situation: Situation, entries: Any, period: Period) -> Attainment:
    crossings, sites = situation.crossings, situation.sites
    return attainment(programme, entries, situation.wards, situation.day, period, crossings=crossings, sites=sites)


def _own(internal: Attainment, identity: Identity) -> Attainment:
    """The rows of a ward's own, and no totals that hold others'."""
    mine = internal.table["code"].isin(list(identity.wards)) & (internal.table["level"] == "ward")
    return replace(internal, table=internal.table[mine].reset_index(drop=True), results=(), audience="ward")


def _figures(row: Row) -> Row:
    return row | ({name: WITHHELD for name in ("value", "base") if row[name] is None} if row["suppressed"] else {})


def _result(entry: Result) -> Row:
    names = ("needed", "value", "base", "share", "distance", "state", "wards", "reporting", "zero", "missing")
    row: Row = {"target": entry.target.id, "indicator": entry.indicator.id, "unit": entry.target.unit}
    row |= {name: getattr(entry, name) for name in names} | {"suppressed": entry.suppressed}
    return row | ({"distance": None} if entry.suppressed else {})
