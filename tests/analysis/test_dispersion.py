"""By how much places come and go more than by chance: nothing where reports are independent, more where rates wander."""

from __future__ import annotations

import numpy as np
import pytest

from geo.analysis.clusters.dispersion import dispersion
from geo.analysis.clusters.prospective import past_of

DAYS, PLACES = 900, 30


def factor(rate, since=0, seed=0, extra=()):
    """The factor of a city of 30 places with rates a day (places, days), observed from a day on; `extra` at place 0."""
    rng = np.random.default_rng(seed)
    starts = np.broadcast_to(since, PLACES)
    count = rng.poisson(rate * (np.arange(DAYS) >= starts[:, None]))
    place, day = np.nonzero(count)
    place, day = (np.repeat(of, count[place, day]) for of in (place, day))
    place, day = np.r_[place, np.zeros(len(extra), dtype=np.int64)], np.r_[day, np.array(extra, dtype=np.int64)]
    points = np.column_stack([place * 1000.0, rng.uniform(0, 10, len(place))])
    past = past_of(points, day, starts[place])
    return dispersion(past, (past.points_m[:, 0] / 1000).astype(np.int64), seed)


STEADY = np.full((PLACES, DAYS), 0.06)


def test_independent_reports_have_none():
    # 406 degrees of freedom: a standard deviation of 0.07, of which the half below 1 counts as 1.
    assert np.mean([factor(STEADY, seed=seed) for seed in range(20)]) == pytest.approx(1.03, abs=0.04)


def test_what_the_whole_city_does_and_a_late_start_are_none():
    season = STEADY * np.where(np.arange(DAYS) % 200 < 40, 4.0, 1.0)
    late = np.where(np.arange(PLACES) % 2, 0, 400)
    assert np.mean([factor(season, late, seed) for seed in range(20)]) == pytest.approx(1.03, abs=0.04)


def test_rates_that_wander_by_themselves_have_some():
    rng = np.random.default_rng(3)
    by_month = STEADY * np.repeat(rng.gamma(2.0, 0.5, (PLACES, DAYS // 30)), 30, axis=1)
    found = factor(by_month)
    # 3.6 reports a block of two months, whose rate has a relative variance of 0.25.
    assert found == pytest.approx(1 + 3.6 * 0.25, abs=0.35)


def test_one_burst_is_no_habit_of_the_city():
    assert factor(STEADY, extra=range(600, 640)) < factor(STEADY) + 0.06


def test_few_reports_say_nothing():
    assert factor(STEADY / 30) == 1.0
