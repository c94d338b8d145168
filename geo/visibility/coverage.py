"""The state of a programme as a viewer may see it: the city all, everybody else what is published, a ward its own.

Where the figures of a ward account's own wards stand beside published ones, they are those entered by now.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from geo.analysis.coverage.attainment import Attainment, attainment
from geo.cache import Cache
from geo.records.programmes import programme_for
from geo.reference.programmes import Period
from geo.situation import at
from geo.visibility.published import Published
from geo.visibility.viewer import Viewer

if TYPE_CHECKING:
    from geo.records.store import Store
    from geo.situation import Situation


def entered_coverage(situation: Situation, store: Store, period: Period | None = None) -> Attainment:
    """The state of the programme with nothing hidden, of a period or of the year of the situation's day.

    Raises
    ------
    InputError
        The programme does not run in that year.
    """
    now = situation.programme
    year = Period(min(max(situation.day.year, now.first_year), now.last_year))
    wanted = period or year
    programme = programme_for(situation.programmes, wanted)
    if wanted == year and situation.coverage is not None:
        return situation.coverage
    then = _of_year(situation, store, wanted)
    # Most of what is written are reports, from which none of this follows.
    figures = (store.opened_as, situation.day, store.coverage_state(situation.day))
    ground = (situation.city, situation.registers_version, then.registers_version)

    def made() -> Attainment:
        entries = _entries.get(figures, lambda: store.coverage(situation.day))
        named = {"crossings": then.crossings, "sites": then.sites}
        return attainment(programme, entries, then.wards, situation.day, wanted, **named)

    return _entered.get((*figures, *ground, tuple(then.wards["phase"]), tuple(then.sites["level"]), wanted), made)


def _of_year(situation: Situation, store: Store, period: Period) -> Situation:
    """The situation whose phases and sites a period is counted by: of a year that is over, that of its last day."""
    last = date(period.year, 12, 31)
    return situation if situation.day <= last else at(last, city=situation.city, store=store)


def own_coverage(entered: Attainment, viewer: Viewer) -> Attainment:
    """The rows of a ward account's own wards, and no totals, which hold those of others."""
    table = entered.table[_own(entered.table, viewer)].reset_index(drop=True)
    return replace(entered, table=table, results=(), audience="ward")


def with_own_rows(rows: pd.DataFrame, entered: Attainment, viewer: Viewer) -> pd.DataFrame:
    """Published figures by ward, phase and city with those of a ward account's own wards in full."""
    mine = entered.table[_own(entered.table, viewer)]
    others = rows[~_own(rows, viewer)]
    return mine.reset_index(drop=True) if others.empty else pd.concat([others, mine], ignore_index=True)


def visible_coverage(situation: Situation, viewer: Viewer, published: Published) -> Attainment | None:
    """The state of the programme that goes with a situation; None where nothing is published yet."""
    viewer = viewer.in_city(situation.city)
    if viewer.sees_all:
        return situation.coverage
    shown = published.latest_coverage(situation)
    if shown is None or not viewer.works:
        return shown
    entered = entered_coverage(situation, published.store, shown.period)
    return replace(shown, table=with_own_rows(shown.table, entered, viewer), audience="ward")


def _own(table: pd.DataFrame, viewer: Viewer) -> pd.Series:
    return (table["level"] == "ward") & table["code"].isin(list(viewer.own))


_entered: Cache[object, Attainment] = Cache(64)
_entries: Cache[object, pd.DataFrame] = Cache(2)
