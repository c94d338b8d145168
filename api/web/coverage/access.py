"""What a visitor is told of a programme's period: the city all of it, everybody else what is public, a ward its own."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from api.resources.coverage import full_attainment, programme_of, public_attainment, settled_periods
from api.security.identity import Role
from api.web.base.page_context import PageContext
from geo.analysis.coverage.attainment import Attainment, outside_programme
from geo.errors import InputError
from geo.reference.programmes import Period, Programme
from geo.situation import Situation


@dataclass(frozen=True, slots=True)
class Told:
    """A period of a programme for a visitor.

    `attainment` is None where the period is not published yet; `rows` are the figures by ward, phase and city that the
    visitor may see (a ward's own even then), columns as `geo.analysis.coverage.rows.COLUMNS`. `outside`: wards outside
    the programme that an active site crosses.
    """

    programme: Programme
    period: Period
    attainment: Attainment | None
    rows: pd.DataFrame
    outside: pd.DataFrame


def told(context: PageContext, situation: Situation, period: Period) -> Told:
    """What the visitor may see of a period of the city's programme.

    Raises
    ------
    InputError
        The programme does not run in that year.
    """
    programme = programme_of(situation)
    programme.deadline(period)
    attainment = _attainment(context, situation, period)
    rows = _nothing(situation, period) if attainment is None else attainment.table
    if context.identity.role == Role.WARD:
        rows = _with_own(rows, full_attainment(context.service, situation, period), context.identity.wards)
        attainment = None if attainment is None else replace(attainment, table=rows)
    outside = outside_programme(situation.crossings, situation.wards, situation.sites)
    return Told(programme, period, attainment, rows, outside)


def periods(context: PageContext, situation: Situation) -> list[Period]:
    """The periods to choose from, the latest first: those that are settled for the public, all for those who work."""
    programme = programme_of(situation)
    if context.identity.role >= Role.WARD:
        last = max(situation.day.year, programme.first_year)
        return [period for period in reversed(programme.periods) if period.year <= last]
    return list(reversed(settled_periods(programme, min(situation.day, context.service.today))))


def chosen_period(context: PageContext, situation: Situation, text: str) -> Period:
    """The period that an address names; else what is due next, or for the public what was published last.

    Raises
    ------
    InputError
        It is none, or the programme does not run then.
    """
    programme = programme_of(situation)
    if text.strip():
        wanted = Period.parse(text)
        programme.deadline(wanted)
        return wanted
    due = programme.next_deadline(situation.day).period
    if context.identity.role >= Role.WARD:
        return due
    return next(iter(periods(context, situation)), due)


def _attainment(context: PageContext, situation: Situation, period: Period) -> Attainment | None:
    if context.identity.sees_all:
        return full_attainment(context.service, situation, period)
    try:
        return public_attainment(context.service, situation, period)
    except InputError:
        return None


def _nothing(situation: Situation, period: Period) -> pd.DataFrame:
    from geo.analysis.coverage.attainment import attainment

    empty = attainment(programme_of(situation), None, situation.wards, situation.day, period)
    return empty.table.iloc[:0]


def _with_own(rows: pd.DataFrame, full: Attainment, wards: tuple[str, ...]) -> pd.DataFrame:
    mine = full.table[(full.table["level"] == "ward") & full.table["code"].isin(wards)]
    others = rows[~((rows["level"] == "ward") & rows["code"].isin(wards))]
    return mine.reset_index(drop=True) if others.empty else pd.concat([others, mine], ignore_index=True)
