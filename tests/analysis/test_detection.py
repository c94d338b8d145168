"""What stands on a day: the rules together, on made-up cities."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from benchmarks.calibration.city import BEGINS, ENDS, City, along, with_reports, year
from benchmarks.calibration.look import outcome_of
from geo.analysis.clusters.prospective import windows_of_looks, windows_on
from geo.analysis.detection.collapse import collapsed
from geo.analysis.detection.evidence import MonitoredSites, evidence, observed
from geo.analysis.detection.inputs import Reports, corridors, reports
from geo.analysis.detection.monitor import Monitor
from geo.analysis.detection.observation import NEVER
from geo.analysis.detection.thresholds import load_thresholds
from geo.errors import InputError

_FULL = load_thresholds()
THRESHOLDS = replace(
    _FULL,
    clusters=replace(_FULL.clusters, simulations=39),
    reactivation=replace(_FULL.reactivation, simulations=20),
)
CITY = City(background=300.0)


def extra_at_site(one, days, seed=1):
    rng = np.random.default_rng(seed)
    points = along(rng, one.sites.geometries[0], CITY.corridor_m, len(days))
    return with_reports(one, CITY, Reports(points, np.asarray(days), np.ones(len(days), dtype=bool)))


def crowd(one, count, start, days, *, verified=True, seed=1):
    rng = np.random.default_rng(seed)
    points = np.array([10_050.0, 10_050.0]) + rng.uniform(-90, 90, (count, 2))
    when = np.linspace(start, start + days - 1, count).astype(np.int64)
    return with_reports(one, CITY, Reports(points, when, np.full(count, verified)))


def monitor_of(one, thresholds=THRESHOLDS, **monitored):
    matters = collapsed(one.reports, thresholds.collapse, effort=one.effort)
    place = MonitoredSites(one.sites, **monitored)
    known, _ = evidence(matters.reports, place, ward=one.ward[matters.first])
    return Monitor(known, place, thresholds=thresholds)


@pytest.fixture(scope="module")
def quiet():
    return year(3, CITY)


@pytest.fixture(scope="module")
def busy(quiet):
    """A crowd of nine within 180 m and three weeks, and ten reports at the first site within six weeks."""
    return crowd(extra_at_site(quiet, np.arange(900, 940, 4)), 9, 915, 21)


def outcome(findings):
    return [(f.rule, f.level, f.site, f.first_day, f.last_day, f.observed, round(f.expected, 6), f.p) for f in findings]


def test_finds_both_and_says_how_many(busy):
    found = monitor_of(busy).findings(940)
    raised = {(f.rule, f.site) for f in found if f.level != "watch"}
    assert ("reactivation", "S1") in raised
    assert ("emergence", None) in raised
    days, sure = monitor_of(busy).known.reports.days, monitor_of(busy).known.reports.verified
    for finding in found:
        rows = np.array(finding.members)
        assert len(rows) == finding.observed
        assert finding.verified == sure[rows].sum()
        assert (days[rows] >= finding.first_day).all()
        assert (days[rows] <= finding.last_day).all()
        assert finding.recurrence_years == pytest.approx(1 / finding.p)


def test_order_of_reports_and_later_ones_play_no_part(busy):
    turned = np.random.default_rng(1).permutation(len(busy.reports))
    shuffled = replace(busy, reports=busy.reports.only(turned), effort=busy.effort[turned], ward=busy.ward[turned])
    early = busy.reports.days <= 940
    cut = replace(busy, reports=busy.reports.only(early), effort=busy.effort[early], ward=busy.ward[early])
    wanted = outcome(monitor_of(busy).findings(940))
    assert outcome(monitor_of(shuffled).findings(940)) == wanted
    assert outcome(monitor_of(cut).findings(940)) == wanted


def test_an_unrelated_report_changes_p_little(busy):
    far = Reports(np.array([[19_900.0, 150.0]]), np.array([830]), np.array([True]))
    before, after = (monitor_of(y).findings(940) for y in (busy, with_reports(busy, CITY, far)))
    assert [(f.rule, f.site, f.observed) for f in after] == [(f.rule, f.site, f.observed) for f in before]
    assert all(abs(a.p - b.p) < 0.03 for a, b in zip(after, before, strict=True))


def test_a_look_at_one_day_is_as_the_looks_of_a_year(busy):
    monitor = monitor_of(busy)
    rule = THRESHOLDS.clusters
    lengths = np.array(rule.lengths_days)
    known = monitor.known.upto(940)
    past, zones, since = monitor.scan_of(known, 940)
    one = windows_on(past, zones, since, 940, lengths, rule.min_reports)
    many = windows_of_looks(past, zones, since, past.days, 900, lengths, rule.min_reports)
    said = {(z, n): r for z, n, r in zip(one.zone.tolist(), one.length.tolist(), one.llr.tolist(), strict=True)}
    on_day = np.flatnonzero(many.end == 940 - past.origin)
    assert len(on_day)
    for row in on_day.tolist():
        assert said[int(many.zone[row]), int(many.length[row])] == pytest.approx(many.llr[row])


def test_unverified_reports_alone_are_a_watch(quiet):
    found = [f for f in monitor_of(crowd(quiet, 9, 915, 21, verified=False)).findings(940) if f.verified == 0]
    assert found
    assert all(f.level == "watch" for f in found)


def test_five_reports_of_one_evening_are_one_matter(quiet):
    points = np.array([10_000.0, 10_000.0]) + np.random.default_rng(1).uniform(-12, 12, (5, 2))
    evening = Reports(points, np.full(5, 939), np.ones(5, dtype=bool))
    found = monitor_of(with_reports(quiet, CITY, evening)).findings(940)
    assert not [f for f in found if f.rule == "emergence" and f.level != "watch"]


def test_an_old_report_changes_nothing(busy):
    old = Reports(np.array([[5_000.0, 5_000.0]]), np.array([-2_000]), np.array([True]))
    before, after = (monitor_of(y).findings(940) for y in (busy, with_reports(busy, CITY, old)))
    assert [(f.rule, f.level, f.site, f.observed) for f in after] == [
        (f.rule, f.level, f.site, f.observed) for f in before
    ]


def test_a_site_that_begins_to_report_is_no_reactivation(quiet):
    late = quiet.reports.days >= 860
    at_first = quiet.sites.hold(quiet.reports.points_m)[:, 0]
    shown = ~at_first | late
    begun = replace(quiet, reports=quiet.reports.only(shown), effort=quiet.effort[shown], ward=quiet.ward[shown])
    more = extra_at_site(begun, np.arange(870, 940, 9))
    assert not [f for f in monitor_of(more).findings(940) if f.rule == "reactivation" and f.site == "S1"]
    seen = [f for f in monitor_of(more, site_since=(0,)).findings(940) if f.rule == "reactivation" and f.site == "S1"]
    assert seen  # the office recorded that the site was observed, so that its silence counts
    assert seen[0].level != "watch"


def test_growth_of_the_whole_city_is_no_reactivation(quiet):
    monitor = monitor_of(year(5, CITY, season=np.where(np.arange(ENDS) >= 850, 3.0, 1.0)))
    assert all(f.level == "watch" for f in monitor.findings(950))


def test_where_nobody_is_observed_there_is_no_base():
    sites = corridors(["A"], [shapely.LineString([(0, 0), (100, 0)])], [50])
    seen = reports([[0, 0]], [900], [True])
    known, _ = evidence(seen, MonitoredSites(sites))
    assert observed(known, MonitoredSites(sites), THRESHOLDS.observation).sites.tolist() == [NEVER]
    assert Monitor(known, MonitoredSites(sites), thresholds=THRESHOLDS).findings(1000) == ()


def test_without_sites_there_are_still_clusters():
    rng = np.random.default_rng(2)
    points, days = rng.uniform(0, 9000, (300, 2)), rng.integers(0, 730, 300)
    points[:9], days[:9] = rng.uniform(0, 200, (9, 2)), np.arange(700, 718, 2)
    known, _ = evidence(reports(points, days, np.ones(300)), MonitoredSites(corridors([], [], [])))
    (found, *_) = Monitor(known, MonitoredSites(corridors([], [], [])), thresholds=THRESHOLDS).findings(720)
    assert (found.rule, found.site, found.level) == ("emergence", None, "alert")


def test_what_moved_to_the_ring_is_found(quiet):
    rng = np.random.default_rng(4)
    ring = quiet.sites.geometries[0].buffer(300).exterior
    points = shapely.get_coordinates(shapely.line_interpolate_point(ring, rng.uniform(0, ring.length, 16)))
    moved = with_reports(quiet, CITY, Reports(points, rng.integers(800, 920, 16), np.ones(16, dtype=bool)))
    found = [f for f in monitor_of(moved, dealt=((0, 800),)).findings(925) if f.rule == "displacement"]
    assert [f.level for f in found] == ["warning"]
    assert found[0].expected < found[0].observed
    assert not [f for f in monitor_of(quiet, dealt=((0, 800),)).findings(925) if f.level != "watch"]


def test_an_outcome_of_a_city_year(busy):
    said = outcome_of(replace(busy, window=(900, 940), site=0), THRESHOLDS)
    assert said.found in ("warning", "alert")
    assert said.delay is not None
    assert BEGINS <= 900


def test_bad_input():
    with pytest.raises(InputError):
        reports([[0, np.nan]], [1], [True])
    with pytest.raises(InputError):
        reports([[0, 0]], [1], [True, False])
    with pytest.raises(InputError):
        corridors(["A"], [shapely.Point(0, 0)], [-1])
