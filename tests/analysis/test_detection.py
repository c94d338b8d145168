"""One look and many small ones say the same, and quickly."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
import shapely

from benchmarks.simulated_years import City, null_year, plant_cluster, plant_reactivation
from geo.analysis.detection.inputs import Reports, corridors, reports
from geo.analysis.detection.monitor import Monitor, detect
from geo.analysis.detection.thresholds import load_thresholds
from geo.errors import InputError

_FULL = load_thresholds()
THRESHOLDS = replace(_FULL, clusters=replace(_FULL.clusters, simulations=199))
CITY = City()


def outcome(findings):
    return [(f.rule, f.level, f.site, f.first_day, f.last_day, f.observed, round(f.expected, 6), f.p) for f in findings]


@pytest.fixture(scope="module")
def busy():
    """A year with a cluster and a tenfold reactivation."""
    return plant_cluster(plant_reactivation(null_year(3, CITY), 3, CITY, times=12), 3, CITY)


def at(year, day):
    return detect(year.reports, year.sites, day, observed_since=0, thresholds=THRESHOLDS)


def test_finds_both(busy):
    found = at(busy, busy.window[1])
    assert any(f.rule == "emergence" and f.level in ("warning", "alert") for f in found)
    planted = plant_reactivation(null_year(3, CITY), 3, CITY, times=12)
    said = at(planted, planted.window[1])
    assert any(f.rule == "reactivation" and f.site == "S1" and f.level in ("warning", "alert") for f in said)


def test_members_are_the_reports(busy):
    for finding in at(busy, busy.window[1]):
        rows = np.array(finding.members)
        assert len(rows) == finding.observed
        assert finding.verified == busy.reports.verified[rows].sum()
        assert (busy.reports.days[rows] >= finding.first_day).all()
        assert (busy.reports.days[rows] <= finding.last_day).all()


def test_order_of_reports_plays_no_part(busy):
    turned = np.random.default_rng(1).permutation(len(busy.reports))
    shuffled = detect(busy.reports.only(turned), busy.sites, busy.window[1], observed_since=0, thresholds=THRESHOLDS)
    assert outcome(shuffled) == outcome(at(busy, busy.window[1]))


def test_one_by_one_is_as_all_at_once(busy):
    day = busy.window[1]
    seen = busy.reports.only(busy.reports.days <= day)
    monitor = Monitor(busy.sites, observed_since=0, thresholds=THRESHOLDS)
    monitor.load(seen.only(np.arange(len(seen) - 60)))
    for row in range(len(seen) - 60, len(seen)):
        x, y = seen.points_m[row].tolist()
        monitor.add(x, y, int(seen.days[row]), bool(seen.verified[row]))
    monitor.refresh(day)
    assert outcome(monitor.findings(day)) == outcome(at(busy, day))


def test_a_new_report_tells_of_its_cluster_as_the_full_scan_does(busy):
    last = int(busy.planted[-1])
    seen = busy.reports.only(np.arange(last + 1))
    monitor = Monitor(busy.sites, observed_since=0, thresholds=THRESHOLDS)
    monitor.load(seen.only(np.arange(last)))
    x, y = seen.points_m[last].tolist()
    day = int(seen.days[last])
    (said,) = [f for f in monitor.add(x, y, day, bool(seen.verified[last])) if f.rule == "emergence"]
    full = [f for f in at(busy, day) if f.rule == "emergence" and set(f.members) & set(said.members)]
    assert said.observed == full[0].observed
    assert said.expected == pytest.approx(full[0].expected)
    assert said.level == full[0].level


def test_an_unrelated_report_changes_nothing_else(busy):
    day = busy.window[1]
    extra = Reports(np.array([[19_900.0, 19_900.0]]), np.array([day - 100]), np.array([True]))
    more = Reports(
        np.r_[extra.points_m, busy.reports.points_m],
        np.r_[extra.days, busy.reports.days],
        np.r_[extra.verified, busy.reports.verified],
    )
    before = at(busy, day)
    after = detect(more, busy.sites, day, observed_since=0, thresholds=THRESHOLDS)
    assert [(f.rule, f.site, f.observed) for f in after] == [(f.rule, f.site, f.observed) for f in before]
    assert all(abs(a.p - b.p) < 0.03 for a, b in zip(after, before, strict=True))


def test_arrivals_are_quick(busy):
    monitor = Monitor(busy.sites, observed_since=0, thresholds=THRESHOLDS)
    rows = np.flatnonzero(busy.reports.days < busy.window[0])
    monitor.load(busy.reports.only(rows))
    monitor.refresh(busy.window[0])
    begin = time.perf_counter()
    for row in range(len(rows), len(rows) + 60):
        x, y = busy.reports.points_m[row].tolist()
        monitor.add(x, y, int(busy.reports.days[row]), True)
    assert (time.perf_counter() - begin) / 60 < 0.05  # about 1 ms; the bound is for a busy machine


@pytest.mark.parametrize("count", [0, 1])
def test_next_to_nothing_says_nothing(count):
    sites = corridors(["A"], [shapely.LineString([(0, 0), (100, 0)])], [50])
    seen = reports(np.zeros((count, 2)), np.full(count, 900), np.ones(count))
    assert detect(seen, sites, 1000, observed_since=0, thresholds=THRESHOLDS) == ()


def test_without_sites_there_are_still_clusters():
    rng = np.random.default_rng(2)
    points, days = rng.uniform(0, 9000, (300, 2)), rng.integers(0, 730, 300)
    points[:9], days[:9] = rng.uniform(0, 100, (9, 2)), rng.integers(700, 720, 9)
    (found, *_) = detect(
        reports(points, days, np.ones(300)), corridors([], [], []), 725, observed_since=0, thresholds=THRESHOLDS
    )
    assert (found.rule, found.site) == ("emergence", None)


def test_thousands_at_one_place():
    sites = corridors(["A"], [shapely.Point(0, 0)], [50])
    days = np.sort(np.random.default_rng(3).integers(0, 1000, 5000))
    seen = reports(np.zeros((5000, 2)), days, np.ones(5000))
    found = detect(seen, sites, 999, observed_since=0, thresholds=THRESHOLDS)
    assert all(f.level == "watch" for f in found)  # many, and no more than ever
    burst = reports(np.zeros((5000, 2)), np.r_[days[:4000], np.full(1000, 995)], np.ones(5000))
    said = detect(burst, sites, 999, observed_since=0, thresholds=THRESHOLDS)
    assert {(f.rule, f.level) for f in said} >= {("reactivation", "alert")}


def test_bad_input():
    with pytest.raises(InputError):
        reports([[0, np.nan]], [1], [True])
    with pytest.raises(InputError):
        reports([[0, 0]], [1], [True, False])
    with pytest.raises(InputError):
        corridors(["A"], [shapely.Point(0, 0)], [-1])
    with pytest.raises(InputError):
        Monitor(corridors([], [], []), observed_since=0, thresholds=THRESHOLDS).add(np.nan, 0, 1, True)
