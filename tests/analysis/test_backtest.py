"""Held-back weeks: the index is 1 by chance, more for a past that repeats itself, and counts by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.simulated_years import City, null_year, plant_cluster
from geo.analysis.detection.backtest import backtest, likelihood_by_stretch, place_accuracy, replayed_alarms
from geo.analysis.detection.thresholds import load_thresholds
from geo.errors import InputError

FULL = load_thresholds()
SHORT = replace(FULL, clusters=replace(FULL.clusters, simulations=199, refresh_days=400, refresh_share=0.5))


def test_index_by_hand():
    # Stretch 0 is a tenth of the length and held all the past; two of the four held-back reports fall on it.
    result = place_accuracy(
        [0, 0, 0, 0, 1, 0, 1, -1],
        [1, 2, 3, 11, 11, 12, 12, 12],
        [100, 900],
        held_back_weeks=1,
        last_day=16,
        marked_share=0.1,
    )
    assert (result.reports, result.hits, result.weeks) == (4, 2, 1)
    assert result.hit_rate == 0.5
    assert result.marked_share == pytest.approx(0.1)
    assert result.pai == pytest.approx(5.0)


def test_chance_is_one_and_habit_is_more():
    rng = np.random.default_rng(1)
    days, length = rng.integers(0, 700, 8000), np.full(200, 100.0)
    chance = place_accuracy(rng.integers(0, 200, 8000), days, length, held_back_weeks=26, last_day=699)
    habit = place_accuracy(rng.integers(0, 200, 8000) ** 2 // 200, days, length, held_back_weeks=26, last_day=699)
    assert chance.pai == pytest.approx(1.0, abs=0.25)
    assert habit.pai > 3


def test_the_future_is_not_looked_at():
    stretch, days = np.array([0, 0, 1, 1, 1, 1]), np.array([1, 2, 30, 31, 32, 33])
    risk = likelihood_by_stretch(stretch, days, 10, np.array([10.0, 10.0]))
    assert risk[0] > 0
    assert risk[1] == 0


def test_no_report_is_no_figure():
    nothing = place_accuracy([], [], [100, 200], held_back_weeks=4, last_day=100)
    assert (nothing.reports, nothing.hits) == (0, 0)
    assert np.isnan(nothing.hit_rate)
    assert np.isnan(nothing.pai)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"stretch_of": [5]}, "not there"),
        ({"length_m": [0, 0]}, "nothing"),
        ({"marked_share": 1.0}, "marked_share"),
        ({"held_back_weeks": 0}, "held_back_weeks"),
        ({"length_m": [1, -1]}, "negative"),
    ],
)
def test_bad_input(changed, message):
    given = {"stretch_of": [0], "days": [1], "length_m": [10, 20], "held_back_weeks": 2, "last_day": 50} | changed
    with pytest.raises(InputError, match=message):
        place_accuracy(given.pop("stretch_of"), given.pop("days"), given.pop("length_m"), **given)


def test_alarms_of_a_planted_cluster():
    city = City(background=300.0)
    year = plant_cluster(null_year(5, city), 5, city)
    stretch = np.clip(year.reports.points_m[:, 0] // 200, 0, 99).astype(int)
    result = backtest(
        year.reports,
        year.sites,
        stretch,
        np.full(100, 200.0),
        held_back_weeks=52,
        last_day=year.ends - 1,
        observed_since=0,
        thresholds=SHORT,
    )
    assert result.alarms
    first = result.alarms[0]
    assert year.window[0] <= first.day < year.window[1]
    assert first.finding.level != "watch"
    months = 52 * 7 / (365.25 / 12)
    assert result.false_alarms_per_month == pytest.approx(result.false_alarms / months)
    assert len(result.alarms) >= result.false_alarms + result.open_alarms


def test_quiet_weeks_raise_nothing():
    city = City(background=200.0, site_rate=2.0)
    year = null_year(11, city)
    alarms = replayed_alarms(
        year.reports,
        year.sites,
        held_back_from=year.begins,
        last_day=year.ends,
        observed_since=0,
        thresholds=SHORT,
    )
    assert len(alarms) <= 1
