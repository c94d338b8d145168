"""How far a city is with its programme, for each audience.

The public gets half-years that are over and settled, as they were known then: half-years do not overlap, so no
difference between two answers gives a small count away (`geo.analysis.coverage.public` withholds within each).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from api.audience import NOTE, WITHHELD, settled_at
from api.collections import Row, jsonable
from api.security.identity import Identity, Role
from api.service import Service
from geo.analysis.coverage import Attainment, Result, attainment, public
from geo.errors import InputError, Problem
from geo.reference.cities import city
from geo.reference.programmes import Period, Programme, load_programme
from geo.situation import Situation

_SETTLED = timedelta(days=30)


def told_attainment(service: Service, situation: Situation, identity: Identity, period: str | None) -> Attainment:
    """The attainment that an audience is told of a situation: of `period`, else of the year (public: half-year).

    Raises
    ------
    InputError
        The period is none, is not in the programme, or is not settled yet (public).
    """
    programme = load_programme(city(situation.city).programme)
    if identity.role < Role.WARD:
        return _public(service, situation, programme, period)
    internal = situation.coverage if period is None else None
    if internal is None:
        year = min(max(situation.day.year, programme.first_year), programme.last_year)
        entries = service.store.coverage(situation.day)
        internal = _attained(programme, situation, entries, situation.day, Period.parse(period or str(year)))
    return internal if identity.sees_all else _own(internal, identity)


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


def settled_halves(programme: Programme, day: date) -> list[Period]:
    """The half-years of a programme that had been over and settled on a day, oldest first."""
    halves = (period for period in programme.periods if period.half in (1, 2))
    return [period for period in halves if _last_day(period) + _SETTLED <= day]


def _public(service: Service, situation: Situation, programme: Programme, period: str | None) -> Attainment:
    settled = settled_halves(programme, min(situation.day, service.today))
    wanted = Period.parse(period) if period else (settled[-1] if settled else None)
    if wanted is None or wanted not in settled:
        shown = ", ".join(map(str, settled)) or "none yet"
        what = f"the public is told half-years a month after their end; settled: {shown}"
        raise InputError(Problem(what, "period", "ask again later, or sign in"))
    last = _last_day(wanted)
    entries = service.store.coverage(last + _SETTLED, known_at=settled_at(last))
    return public(_attained(programme, situation, entries, last + _SETTLED, wanted))


def _attained(programme: Programme, situation: Situation, entries: Any, day: date, period: Period) -> Attainment:
    return attainment(
        programme,
        entries,
        situation.wards,
        day,
        period,
        crossings=situation.crossings,
        sites=situation.sites,
    )


def _own(internal: Attainment, identity: Identity) -> Attainment:
    """The rows of a ward's own, and no totals that hold others'."""
    mine = internal.table["code"].isin(list(identity.wards)) & (internal.table["level"] == "ward")
    return replace(internal, table=internal.table[mine].reset_index(drop=True), results=(), audience="ward")


def _last_day(period: Period) -> date:
    return date(period.year, 6, 30) if period.half == 1 else date(period.year, 12, 31)


def _figures(row: Row) -> Row:
    return row | ({name: WITHHELD for name in ("value", "base") if row[name] is None} if row["suppressed"] else {})


def _result(entry: Result) -> Row:
    names = ("needed", "value", "base", "share", "distance", "state", "wards", "reporting", "zero", "missing")
    row: Row = {"target": entry.target.id, "indicator": entry.indicator.id, "unit": entry.target.unit}
    row |= {name: getattr(entry, name) for name in names} | {"suppressed": entry.suppressed}
    return row | ({"distance": None} if entry.suppressed else {})
