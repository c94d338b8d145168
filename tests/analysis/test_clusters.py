"""The scans and the Knox test against published results, and against what must hold for any data."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import poisson

from geo.analysis.clusters import (
    circles,
    interaction,
    knox,
    log_likelihood_ratio,
    near_repeat,
    neighbourhoods,
    scan_poisson,
    scan_space_time_permutation,
    stretches,
)
from geo.errors import InputError


def read_example(name: str) -> gpd.GeoDataFrame:
    import libpysal  # seconds, which every run that only collects would wait for

    return gpd.read_file(libpysal.examples.get_path(name))


@pytest.fixture(scope="module")
def burkitt() -> tuple[np.ndarray, np.ndarray]:
    """188 cases of Burkitt's lymphoma, West Nile district of Uganda, 1961-1975 (Williams and others 1978)."""
    cases = read_example("burkitt.shp")
    return cases[["X", "Y"]].to_numpy(), cases["T"].to_numpy()


class TestKnox:
    def test_burkitt_lymphoma_as_published(self, burkitt):
        result = knox(*burkitt, delta_m=20, tau_days=5)
        assert result.pairs == 13
        assert result.expected == pytest.approx(10.14382, abs=1e-5)
        # Published is the chance of more than 13 pairs; here is the chance of 13 or more.
        assert poisson.sf(result.pairs, result.expected) == pytest.approx(0.1462, abs=5e-5)
        assert result.p_poisson == pytest.approx(0.2223, abs=5e-5)
        assert 0.12 < result.p_permutation < 0.28  # the PySAL documentation shows 0.17 and 0.21 by 99 shuffles

    def test_large_data_are_counted_as_pointpats_counts(self, burkitt, monkeypatch):
        small = knox(*burkitt, delta_m=20, tau_days=5, permutations=9)
        monkeypatch.setattr("geo.analysis.clusters.interaction._PAIRS_FOR_POINTPATS", 0)
        large = knox(*burkitt, delta_m=20, tau_days=5, permutations=9)
        assert (large.pairs, large.p_permutation) == (small.pairs, small.p_permutation)
        assert large.expected == pytest.approx(small.expected)
        assert large.p_poisson == pytest.approx(small.p_poisson)

    def test_distances_equal_to_the_limit_count(self):
        points, days = [[0, 0], [30, 40], [1000, 0]], [0, 7, 100]
        assert knox(points, days, 50, 7).pairs == 1
        assert knox(points, days, 49.999, 7).pairs == 0
        assert knox(points, days, 50, 6).pairs == 0

    @pytest.mark.parametrize("count", [0, 1])
    def test_too_few_reports(self, count):
        result = knox(np.zeros((count, 2)), np.zeros(count), 100, 7)
        assert (result.pairs, result.p_poisson, result.p_permutation) == (0, 1.0, 1.0)

    def test_thousands_at_one_place_show_no_interaction(self):
        days = np.random.default_rng(1).integers(0, 365, 4000)
        result = knox(np.full((4000, 2), 7.0), days, 100, 7)
        assert result.pairs == pytest.approx(result.expected)
        assert result.p_permutation == 1.0

    def test_same_seed_same_answer_in_any_order(self, burkitt):
        points, days = burkitt
        turned = np.random.default_rng(2).permutation(len(days))
        first, second = knox(points, days, 20, 5, seed=4), knox(points[turned], days[turned], 20, 5, seed=4)
        assert first == second


class TestNearRepeat:
    def planted(self, seed: int = 1):
        rng = np.random.default_rng(seed)
        points, days = rng.uniform(0, 8000, (400, 2)), rng.integers(0, 365, 400)
        again = rng.choice(400, 80, replace=False)
        shift = rng.uniform(-130, 130, (80, 2))
        return np.r_[points, points[again] + shift], np.r_[days, days[again] + rng.integers(0, 13, 80)]

    def test_reach_of_planted_repeats(self):
        result = near_repeat(*self.planted())
        assert result.distance_m in (100.0, 200.0)
        assert result.days == 14
        assert result.ratio[0, 0] > 3

    def test_none_without_contagion(self):
        rng = np.random.default_rng(5)
        false = 0
        for _ in range(40):
            result = near_repeat(rng.uniform(0, 4000, (300, 2)), rng.integers(0, 365, 300), permutations=99)
            false += result.distance_m is not None or result.days is not None
        assert false <= 5  # P(more than 5 of 40 at 5 %) is 1.4 %

    def test_nothing_from_nothing(self):
        result = near_repeat([], [])
        assert result.distance_m is None
        assert result.days is None


class TestScanPoisson:
    @pytest.mark.parametrize(
        ("observed", "expected", "ratio"),
        [(106, 62.13, 14.782064), (85, 49.71, 11.577255)],  # leukaemia in upstate New York, 552 cases, by SaTScan
    )
    def test_statistic_as_published(self, observed, expected, ratio):
        # The published expected numbers are rounded to two decimals, which moves the ratio by up to 0.0025.
        assert log_likelihood_ratio(observed, expected, 552) == pytest.approx(ratio, abs=0.0025)

    def test_no_more_than_expected_is_no_cluster(self):
        assert log_likelihood_ratio([3, 5, 0], [3.0, 9.0, 0.0], 20).tolist() == [0, 0, 0]

    def test_sudden_infant_deaths_in_north_carolina_as_published(self):
        """Int. J. Health Geogr. 20 (2021), doi 10.1186/s12942-021-00298-6, table 1: the spatial scan statistic's
        clusters are 4 counties in the north-east, 5.12 deaths in 1000 births, and 6 in the south, 3.76."""
        counties = read_example("sids2.shp")
        middle = counties.geometry.centroid
        xy = np.c_[middle.x * np.cos(np.radians(35.5)), middle.y]
        first, second, third = scan_poisson(xy, counties.SID74, counties.BIR74)[:3]
        names = [set(counties.NAME.iloc[c.members]) for c in (first, second)]
        rates = [1000 * c.observed / counties.BIR74.iloc[c.members].sum() for c in (first, second)]
        assert names[0] == {"Bertie", "Halifax", "Hertford", "Northampton"}
        assert names[1] == {"Anson", "Hoke", "Moore", "Richmond", "Robeson", "Scotland"}
        assert rates == pytest.approx([5.12, 3.76], abs=0.006)
        assert first.p == second.p == 0.001
        assert third.p > 0.05

    def test_relative_risk_is_inside_over_outside(self):
        (best, *_) = scan_poisson([[0, 0], [9, 0], [18, 0], [27, 0]], [12, 2, 3, 3], [100] * 4, 0.25, simulations=99)
        assert best.members.tolist() == [0]
        assert best.relative_risk == pytest.approx((12 / 100) / (8 / 300))

    def test_places_without_people(self):
        xy = [[0, 0], [1, 0], [2, 0], [50, 0]]
        found = scan_poisson(xy, [5, 0, 1, 1], [10, 0, 10, 30], 0.5, simulations=99)
        assert found[0].observed == 5
        with pytest.raises(InputError, match="nobody lives"):
            scan_poisson(xy, [5, 1, 1, 1], [10, 0, 10, 30])

    def test_no_case_no_cluster(self):
        assert scan_poisson([[0, 0], [1, 1]], [0, 0], [5, 5]) == ()
        assert scan_poisson([], [], []) == ()

    def test_clusters_share_no_place(self):
        rng = np.random.default_rng(3)
        found = scan_poisson(rng.uniform(0, 1, (60, 2)), rng.poisson(4, 60), np.full(60, 50), 0.3, simulations=9)
        members = np.concatenate([c.members for c in found])
        assert len(np.unique(members)) == len(members)
        assert [c.llr for c in found] == sorted((c.llr for c in found), reverse=True)

    def test_an_unrelated_case_moves_p_little(self):
        rng = np.random.default_rng(8)
        xy, cases = rng.uniform(0, 1, (80, 2)), rng.poisson(3, 80)
        more = cases.copy()
        more[rng.integers(80)] += 1
        first, second = (scan_poisson(xy, c, np.full(80, 40))[0] for c in (cases, more))
        assert abs(first.p - second.p) < 0.1

    @pytest.mark.parametrize(
        ("cases", "people", "message"),
        [
            ([1, 2], [1, 2, 3], "cases"),
            ([1, 2, 3], [1, -2, 3], "negative"),
            ([1, np.nan, 3], [1, 2, 3], "rows 1"),
            ([1, 2, 3], [1, np.inf, 3], "infinite"),
            ([1, 2.5, 3], [1, 2, 3], "whole"),
        ],
    )
    def test_bad_input_is_named(self, cases, people, message):
        with pytest.raises(InputError, match=message):
            scan_poisson([[0, 0], [1, 0], [2, 0]], cases, people)

    def test_bad_share(self):
        with pytest.raises(InputError, match="max_population_share"):
            scan_poisson([[0, 0]], [1], [1], 0.0)


def city_of(seed: int, count: int = 500, side: float = 9000.0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.uniform(0, side, (count, 2)), rng.integers(0, 365, count)


def with_cluster(seed: int, count: int = 8) -> tuple[np.ndarray, np.ndarray]:
    points, days = city_of(seed)
    rng = np.random.default_rng([seed, 1])
    points[:count] = 4000 + rng.uniform(-100, 100, (count, 2))
    days[:count] = 300 + rng.integers(0, 21, count)
    return points, days


class TestScanSpaceTimePermutation:
    def test_finds_what_was_planted(self):
        best = scan_space_time_permutation(*with_cluster(1))[0]
        assert len(set(range(8)) & set(best.members.tolist())) >= 6
        assert best.p <= 0.002
        assert 293 <= best.first_day < best.last_day <= 320
        assert np.hypot(best.centre_m[0] - 4000, best.centre_m[1] - 4000) < 200

    def test_expected_is_place_times_days_over_all(self):
        points, days = with_cluster(2)
        best = scan_space_time_permutation(points, days, simulations=9)[0]
        at_place = np.hypot(*(points - best.centre_m).T) <= best.radius_m
        in_days = (days >= best.first_day) & (days <= best.last_day)
        assert best.observed == (at_place & in_days).sum()
        assert best.expected == pytest.approx(at_place.sum() * in_days.sum() / len(days))
        assert best.llr == pytest.approx(float(log_likelihood_ratio(best.observed, best.expected, len(days))))

    def test_against_every_window_counted_one_by_one(self):
        points, days = city_of(3, count=60, side=900)
        found = scan_space_time_permutation(points, days, lengths_days=(14,), simulations=1, max_clusters=1)[0]
        zones, best = circles(points), 0.0
        for zone in range(len(zones)):
            inside = days[zones.of(zone)]
            for end in np.unique(inside):
                observed = ((inside > end - 14) & (inside <= end)).sum()
                expected = len(inside) * ((days > end - 14) & (days <= end)).sum() / len(days)
                if observed >= 3:
                    best = max(best, float(log_likelihood_ratio(observed, expected, len(days))))
        assert found.llr == pytest.approx(best)

    def test_busy_place_and_busy_season_are_no_clusters(self):
        points, days = city_of(4)
        points[:200] = 4000 + np.random.default_rng(4).uniform(-50, 50, (200, 2))
        days[100:400] = np.random.default_rng(5).integers(150, 210, 300)
        days = np.random.default_rng(6).permutation(days)
        assert scan_space_time_permutation(points, days, simulations=199)[0].p > 0.05

    def test_size_of_the_test(self):
        p = [
            next((c.p for c in scan_space_time_permutation(*city_of(s, 150, 3000), simulations=39)), 1)
            for s in range(40)
        ]
        assert sum(x <= 0.1 for x in p) <= 9  # P(more than 9 of 40 at 10 %) is 0.5 %

    def test_same_seed_same_answer_in_any_order(self):
        points, days = with_cluster(5, 5)
        turned = np.random.default_rng(9).permutation(len(days))
        first = scan_space_time_permutation(points, days, simulations=99, seed=3)
        second = scan_space_time_permutation(points[turned], days[turned], simulations=99, seed=3)
        assert [(c.llr, c.p, c.zone) for c in first] == [(c.llr, c.p, c.zone) for c in second]

    def test_an_unrelated_report_moves_p_little(self):
        points, days = with_cluster(6, 4)
        before = scan_space_time_permutation(points, days, simulations=399)
        for extra in range(3):
            rng = np.random.default_rng(extra)
            more = np.r_[rng.uniform(0, 9000, (1, 2)), points], np.r_[rng.integers(0, 365, 1), days]
            after = scan_space_time_permutation(*more, simulations=399)
            assert after[0].zone == before[0].zone
            assert abs(after[0].p - before[0].p) < 0.03

    @pytest.mark.parametrize("count", [0, 1, 2])
    def test_too_few_reports(self, count):
        assert scan_space_time_permutation(np.zeros((count, 2)), np.zeros(count)) == ()

    def test_hardly_any_report_late_enough(self):
        points, days = np.zeros((20, 2)), np.r_[np.zeros(16), 299, 300, 300, 300]
        found = scan_space_time_permutation(points, days, min_cases=7, ending_since=290, simulations=9)
        assert found == ()

    def test_thousands_at_one_place(self):
        points, days = city_of(7)
        many = np.r_[points, np.full((3000, 2), 50.0)], np.r_[days, np.random.default_rng(1).integers(0, 365, 3000)]
        found = scan_space_time_permutation(*many, simulations=19)
        assert all(c.observed < 500 for c in found)

    def test_a_thousand_copies_of_one_report_are_a_cluster(self):
        points, days = city_of(8)
        best = scan_space_time_permutation(
            np.r_[points, np.full((999, 2), 5.0)], np.r_[days, np.full(999, 80)], simulations=99
        )[0]
        assert best.observed >= 999
        assert best.p == 0.01

    @pytest.mark.parametrize(
        ("points", "days"),
        [
            ([[0, 0], [1, np.nan]], [1, 2]),
            ([[0, 0]], [1, 2]),
            ([[0, 0]], [np.inf]),
            ([[1, 2, 3]], [1]),
            ([["a", 0]], [1]),
        ],
    )
    def test_bad_input(self, points, days):
        with pytest.raises(InputError):
            scan_space_time_permutation(points, days)

    def test_zones_of_other_points(self):
        with pytest.raises(InputError, match="not there"):
            scan_space_time_permutation(*city_of(1, 20), zones=circles(city_of(1, 40)[0]))

    @settings(max_examples=30, deadline=None)
    @given(
        points=arrays(np.float64, (25, 2), elements=st.floats(-500, 500, width=32)),
        days=arrays(np.int64, 25, elements=st.integers(-40, 40)),
        shift=st.integers(-1000, 1000),
    )
    def test_what_holds_for_any_reports(self, points, days, shift):
        found = scan_space_time_permutation(points, days, simulations=9)
        for cluster in found:
            inside = days[cluster.members]
            assert len(inside) == cluster.observed >= 3
            assert (inside >= cluster.first_day).all()
            assert (inside <= cluster.last_day).all()
            assert cluster.observed > cluster.expected
            assert 0.1 <= cluster.p <= 1
        later = scan_space_time_permutation(points, days + shift, simulations=1)
        assert [c.llr for c in later] == pytest.approx([c.llr for c in found])


class TestZones:
    def test_closed_circles(self):
        zones = circles([[0, 0], [150, 0], [400, 0]], (150, 250), spacing_m=0)
        assert {tuple(zones.of(z).tolist()) for z in range(len(zones))} == {(0, 1), (2,), (0, 1, 2), (1, 2)}

    def test_equal_sets_are_kept_once_as_the_smallest(self):
        zones = circles([[0, 0], [1, 1]], (100, 200))
        assert zones.radii_m.tolist() == [100]

    def test_order_of_reports_plays_no_part(self):
        points = city_of(2, 80, 900)[0]
        assert circles(points).labels == circles(points[::-1]).labels

    def test_ward_neighbourhoods(self):
        zones = neighbourhoods(["00004", "00008", "", "00004"], {"00004": ["00008", "00025"], "00008": ["00004"]})
        held = {label: zones.of(i).tolist() for i, label in enumerate(zones.labels)}
        assert held == {"00004": [0, 3], "00004+": [0, 1, 3], "00008": [1]}

    def test_stretches_of_a_route(self):
        zones = stretches(["A", "A", "A", "B", ""], [100, 600, 1200, 0, 0], lengths_m=(500, 1100))
        held = {tuple(zones.of(i).tolist()) for i in range(len(zones))}
        assert held == {(0, 1), (1,), (2,), (3,), (0, 1, 2), (1, 2)}

    def test_stretch_finds_a_long_thin_cluster_that_circles_miss(self):
        rng = np.random.default_rng(12)
        points, days = city_of(12, 600, 12_000)
        on = np.arange(80)
        points[on] = np.c_[rng.uniform(0, 10_000, 80), np.full(80, 6000.0)]
        points[:9, 0] = 3000 + np.linspace(0, 1900, 9)
        days[:9] = 300 + rng.integers(0, 14, 9)
        route = np.where(np.arange(600) < 80, "A", "")
        along = np.where(np.arange(600) < 80, points[:, 0], 0)
        by_stretch = scan_space_time_permutation(points, days, zones=stretches(route, along), simulations=199)[0]
        by_circle = scan_space_time_permutation(points, days, simulations=199)[0]
        assert len(set(by_stretch.members.tolist()) & set(range(9))) >= 8
        assert by_stretch.p <= 0.01 < by_circle.p
        assert np.isnan(by_stretch.radius_m)

    def test_scan_by_ward(self):
        points, days = with_cluster(3)
        ward = [f"{int((x + 500) // 1000)}{int((y + 500) // 1000)}" for x, y in points]
        best = scan_space_time_permutation(points, days, zones=neighbourhoods(ward, {}), simulations=99)[0]
        assert best.zone == "44"

    def test_no_reports_no_zones(self):
        assert len(circles([])) == len(neighbourhoods([], {})) == len(stretches([], [])) == 0

    def test_bad_radii(self):
        with pytest.raises(InputError, match="radii_m"):
            circles([[0, 0]], (0.0,))


@pytest.mark.parametrize("pairs", [0, 1, 2, 50, 1000])
@pytest.mark.parametrize("expected", [0.0, 0.1, 3.7, 40.0, 2000.0])
def test_the_chance_of_as_many_pairs_is_that_of_the_library(pairs: int, expected: float) -> None:
    assert interaction._at_least(pairs, expected) == float(poisson.sf(pairs - 1, expected))
