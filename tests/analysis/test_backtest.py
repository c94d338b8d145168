"""Held-back weeks: the index is 1 by chance, more for a past that repeats itself, and counts by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.calibration.city import ENDS, City, with_reports, year
from geo.analysis.detection.backtest import backtest, likelihood_by_stretch, place_accuracy, replayed_alarms
from geo.analysis.detection.collapse import collapsed
from geo.analysis.detection.evidence import MonitoredSites, evidence
from geo.analysis.detection.inputs import Reports
from geo.analysis.detection.thresholds import load_thresholds
from geo.errors import InputError

FULL = load_thresholds()
SHORT = replace(FULL, clusters=replace(FULL.clusters, simulations=39))
CITY = City(background=300.0)


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


def evidence_of(one):
    matters = collapsed(one.reports, SHORT.collapse)
    monitored = MonitoredSites(one.sites)
    return evidence(matters.reports, monitored, ward=one.ward[matters.first])[0], monitored


def test_alarms_of_a_planted_cluster_and_what_chance_would_follow():
    rng, quiet = np.random.default_rng(5), year(5, CITY)
    points = np.array([10_050.0, 10_050.0]) + rng.uniform(-90, 90, (12, 2))
    extra = Reports(points, np.linspace(1000, 1045, 12).astype(np.int64), np.ones(12, dtype=bool))
    known, monitored = evidence_of(with_reports(quiet, CITY, extra))
    stretch = np.clip(known.reports.points_m[:, 0] // 200, 0, 99).astype(int)
    result = backtest(
        known, monitored, stretch, np.full(100, 200.0), held_back_weeks=13, last_day=ENDS - 1, thresholds=SHORT
    )
    (first, *_) = [alarm for alarm in result.alarms if alarm.finding.rule == "emergence"]
    assert 1000 <= first.day < 1046
    assert first.followed
    assert 0 <= first.by_chance < 0.5  # a quiet place: what followed there says something
    assert result.false_alarms_per_month == pytest.approx(result.false_alarms / (13 * 7 / (365.25 / 12)))
    assert result.followed_by_chance <= len(result.alarms) - result.open_alarms


def test_quiet_weeks_raise_nothing():
    known, monitored = evidence_of(year(11, City(background=200.0, site_rate=2.0)))
    alarms = replayed_alarms(known, monitored, held_back_from=ENDS - 84, last_day=ENDS, thresholds=SHORT)
    assert len(alarms) <= 1
