"""What a visitor may see of a programme's period: the city all of it, the others what is published, a ward its own."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from api.resources.visibility import published
from api.web.base.page_context import PageContext
from geo.analysis.coverage.attainment import Attainment, attainment, outside_programme
from geo.errors import InputError
from geo.records.programmes import entry_periods_of, programme_for
from geo.reference.programmes import Period, Programme
from geo.situation import Situation
from geo.visibility.coverage import entered_coverage, with_own_rows


@dataclass(frozen=True, slots=True)
class VisibleCoverage:
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


def coverage_of(context: PageContext, situation: Situation, period: Period) -> VisibleCoverage:
    """What the visitor may see of a period of the city's programme.

    Raises
    ------
    InputError
        The programme does not run in that year.
    """
    programme, viewer = programme_for(situation.programmes, period), context.viewer
    shown = _attainment(context, situation, period)
    rows = _no_rows(situation, period) if shown is None else shown.table
    if viewer.works and not viewer.sees_all:
        rows = with_own_rows(rows, entered_coverage(situation, context.service.store, period), viewer)
        shown = None if shown is None else replace(shown, table=rows)
    outside = outside_programme(situation.crossings, situation.wards, situation.sites)
    return VisibleCoverage(programme, period, shown, rows, outside)


def periods(context: PageContext, situation: Situation) -> list[Period]:
    """The periods to choose from, the latest first: the published ones for the public, all for those who work."""
    programmes = situation.programmes
    if context.identity.viewer.works:
        last = max(situation.day.year, programmes[-1].first_year)
        return [period for period in reversed(entry_periods_of(programmes)) if period.year <= last]
    return list(reversed(published(context.service).periods(situation)))


def chosen_period(context: PageContext, situation: Situation, text: str) -> Period:
    """The period that an address names; else what is due next, or for the public what was published last.

    Raises
    ------
    InputError
        It is none, or the programme does not run then.
    """
    if text.strip():
        wanted = Period.parse(text)
        programme_for(situation.programmes, wanted)
        return wanted
    due = situation.programme.next_deadline(situation.day).period
    if context.identity.viewer.works:
        return due
    return next(iter(periods(context, situation)), due)


def _attainment(context: PageContext, situation: Situation, period: Period) -> Attainment | None:
    if context.viewer.sees_all:
        return entered_coverage(situation, context.service.store, period)
    try:
        return published(context.service).coverage(situation, period)
    except InputError:
        return None


def _no_rows(situation: Situation, period: Period) -> pd.DataFrame:
    empty = attainment(programme_for(situation.programmes, period), None, situation.wards, situation.day, period)
    return empty.table.iloc[:0]


def city_level(context: PageContext) -> str:
    """What figures of the whole city or province are listed under."""
    return context.words.text("coverage.city_level", kind=context.words.pick(context.city.kind))
