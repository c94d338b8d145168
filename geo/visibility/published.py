"""Figures that everybody may see: of periods that are over, as they were known a month after their end.

Such a figure never changes, and each is suppressed beside those that were published before it
(`geo.analysis.coverage.published`), so that no difference between two answers gives a small count away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from geo.analysis.coverage.attainment import Attainment, attainment
from geo.analysis.coverage.published import public_of
from geo.cache import Cache
from geo.errors import InputError, Problem
from geo.records.ledger.published_counts import CHECKED, published_at, published_quarter
from geo.records.programmes import periods_of, programme_for
from geo.reference.programmes import Period, Programme
from geo.situation import Situation, at, load_registers

if TYPE_CHECKING:
    from geo.records.store import Store


class SnapshotAt(Protocol):
    """Where the situation of a past day comes from, as it was known at a moment."""

    def __call__(self, day: date, city: str, known_at: datetime) -> Situation: ...


@dataclass(frozen=True, slots=True)
class Published:
    """The published figures of a store on a day.

    `today` is the day by the clock: what is not published by then is published for no viewer, whichever day is shown.
    `snapshot` is where past situations come from, `geo.situation.at` if None.
    """

    store: Store
    today: date
    snapshot: SnapshotAt | None = None

    def periods(self, situation: Situation) -> list[Period]:
        """The periods of the programmes that are published by the day of a situation, the latest last."""
        return published_periods(situation.programmes, min(situation.day, self.today))

    def coverage(self, situation: Situation, period: Period | None = None) -> Attainment:
        """The published state of the programme for a period, the latest published one if none is named.

        Raises
        ------
        InputError
            The period is not published by the day of the situation, or none is.
        """
        known = self.periods(situation)
        wanted = period or (known[-1] if known else None)
        if wanted is None or wanted not in known:
            raise InputError(_not_published(known))
        programme = programme_for(situation.programmes, wanted)
        # What was known then never changes: it holds as long as the registers and these records do.
        key = (self.store.opened_as, load_registers(situation.city).version, programme, wanted)
        slug = situation.city
        return _published.get(
            key,
            lambda: public_of(
                programme, wanted, lambda each: self._as_published(programme, slug, each), self.store.disclosure_seed
            ),
        )

    def latest_coverage(self, situation: Situation) -> Attainment | None:
        """The latest published state of the programme, if any; the days left count from the situation's day."""
        if not self.periods(situation):
            return None
        return as_of(self.coverage(situation), situation.day)

    def report_counts(self, situation: Situation) -> tuple[date, date, Mapping[str, int]]:
        """First and last day of the latest published quarter, and its reports by ward before suppression."""
        first, last = published_quarter(min(situation.day, self.today))
        return first, last, self.store.published_counts(first)

    def _as_published(self, programme: Programme, slug: str, period: Period) -> Attainment:
        day, moment = period.last_day + CHECKED, published_at(period.last_day)
        # The phases and sites of a year are those of its last day: next year's plan may be in force a month later.
        then = self._snapshot(min(day, date(period.year, 12, 31)), slug, moment)
        entries = self.store.coverage(day, known_at=moment)
        return attainment(programme, entries, then.wards, day, period, crossings=then.crossings, sites=then.sites)

    def _snapshot(self, day: date, slug: str, moment: datetime) -> Situation:
        if self.snapshot is not None:
            return self.snapshot(day, slug, moment)
        return at(day, city=slug, store=self.store, known_at=moment)


def as_of(attained: Attainment, day: date) -> Attainment:
    """The attainment with the days to its deadline counted from another day: what was published is shown later."""
    return replace(attained, days_left=attained.deadline.days_left(day))


def published_periods(programmes: Sequence[Programme], day: date) -> list[Period]:
    """The periods of programmes that are published on a day, in the order of their publication."""
    return [period for period in periods_of(programmes) if period.last_day + CHECKED <= day]


def _not_published(known: list[Period]) -> Problem:
    if not known:
        return Problem("visibility.no-period-published", "period")
    return Problem("visibility.period-not-published", "period", published=[str(period) for period in known])


_published: Cache[object, Attainment] = Cache(64)
