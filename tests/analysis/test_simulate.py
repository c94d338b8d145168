"""Synthetic years: what they are made of, and a short version of the measurement of power and false alarms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.simulated_years import (
    City,
    best_possible_power,
    main,
    names_of_kinds,
    null_year,
    plant_cluster,
    plant_reactivation,
    summary,
    table_text,
    watch_year,
)
from geo.analysis.detection.thresholds import load_thresholds

FULL = load_thresholds()
# A fifth of the simulations: p-values are coarser (0.005) but as honest, and the suite stays short.
SHORT = replace(FULL, clusters=replace(FULL.clusters, simulations=199, refresh_days=400, refresh_share=0.5))
CITY = City(background=200.0)


def row(name, make, years):
    return summary(name, [watch_year(make(s), SHORT, seed=s) for s in range(1, years + 1)], quiet=name == "quiet")


def test_same_seed_same_year():
    first, second = (plant_cluster(null_year(4, CITY), 4, CITY) for _ in range(2))
    assert np.array_equal(first.reports.points_m, second.reports.points_m)
    assert watch_year(first, SHORT) == watch_year(second, SHORT)


def test_rates_are_as_said():
    city = City(history_days=20_000)
    year = null_year(1, city)
    at_sites = year.sites.hold(year.reports.points_m).sum(axis=0)
    years = (city.history_days + 365) / 365
    assert at_sites.mean() / years == pytest.approx(6.3, abs=0.6)  # the background crosses the corridors too
    assert len(year.reports) / years == pytest.approx(600 + 12 * 6, rel=0.05)


def test_planted_reactivation_is_fourfold():
    added = [len(plant_reactivation(null_year(s, CITY), s, CITY).planted) for s in range(120)]
    assert np.mean(added) == pytest.approx(6 * 3 * 60 / 365, abs=0.5)


def test_planted_cluster_is_eight_within_reach():
    year = plant_cluster(null_year(2, CITY), 2, CITY)
    points, days = year.reports.points_m[year.planted], year.reports.days[year.planted]
    assert len(points) == 8
    assert np.ptp(days) < 21
    assert np.ptp(points, axis=0).max() <= 300
    assert not year.sites.hold(points).any()


def test_quiet_years_are_quiet():
    quiet = row("quiet", lambda s: null_year(s, CITY), 16)
    assert quiet.shares["warning"] <= 3 / 16  # at 5 % more than 3 of 16 have a chance of 0.7 %


def test_cluster_is_found():
    found = row("cluster", lambda s: plant_cluster(null_year(s, CITY), s, CITY), 10)
    assert found.shares["warning"] >= 0.8


def test_reactivation_is_found():
    early = row("site x 4", lambda s: plant_reactivation(null_year(s, CITY), s, CITY), 30)
    strong = row("site x 12", lambda s: plant_reactivation(null_year(s, CITY), s, CITY, times=12), 8)
    assert early.shares["watch"] >= 0.6  # 80 % and more over 200 years; fewer than 18 of 30 would be 3 cases in a 1000
    assert strong.shares["warning"] >= 0.7
    assert "site x 4" in table_text([early, strong])


def test_no_test_sees_a_fourfold_rate_at_six_a_year_surely():
    assert best_possible_power(6, 4, 60, 0.05) == pytest.approx(0.67, abs=0.01)
    assert best_possible_power(6, 4, 60, 0.05 / 12) < 0.45
    assert best_possible_power(60, 4, 60, 0.05) > 0.999


def test_command(capsys):
    assert main(["--years", "1", "--seed", "3", "--simulations", "9"]) in (0, 1)
    said = capsys.readouterr().out
    assert all(name in said for name in names_of_kinds())
