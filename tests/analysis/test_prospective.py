"""The scan by daily looks: circles, windows counted one by one, shuffles that keep to observation, and its error."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.clusters.lattice import lattice
from geo.analysis.clusters.noise import draw, report_keys
from geo.analysis.clusters.poisson import log_likelihood_ratio
from geo.analysis.clusters.prospective import (
    observed_since,
    past_of,
    shuffled,
    windows_of_looks,
    windows_on,
    zones_of,
)
from geo.analysis.clusters.scan_law import Gumbel, ScanLaw, gumbel_of, law_of, law_of_looks

LENGTHS = np.array([7, 30, 180])
RADII = (100.0, 300.0)


def city(seed, count=400, side=6000.0):
    rng = np.random.default_rng(seed)
    return rng.uniform(0, side, (count, 2)), np.sort(rng.integers(0, 900, count))


def test_circles_hold_what_lies_in_them_and_every_report_lies_in_one():
    points = city(1)[0]
    found = lattice(points, RADII, 1)
    for zone in range(0, len(found), 37):
        inside = np.flatnonzero(np.hypot(*(points - found.centres_m[zone]).T) <= found.radii_m[zone])
        assert found.of(zone).tolist() == inside.tolist()
    for radius in RADII:
        assert len(np.unique(found.member[found.radii_m[found.zone] == radius])) == len(points)


@pytest.mark.parametrize("count", [2_000, 20_000])
def test_the_number_of_pairs_grows_with_the_reports_and_no_faster(count):
    found = lattice(city(2, count)[0], RADII, 1)
    assert len(found.member) / count == pytest.approx(2 * np.pi / 0.75**2, rel=0.03)
    assert len(np.unique(found.member)) == count


def test_negative_places_are_places():
    points = city(1)[0]
    moved = lattice(points - 6000.0 * 0.75, (100.0,), 2)
    assert moved.sizes.tolist() == lattice(points, (100.0,), 2).sizes.tolist()


def test_windows_of_a_day_counted_one_by_one():
    points, days = city(3, 300, 1500.0)
    past = past_of(points, days, np.zeros(300, dtype=np.int64))
    zones = zones_of(past, RADII, 3)
    found = windows_on(past, zones, observed_since(past, zones), 880, LENGTHS, 3)
    for zone in range(0, len(zones), 11):
        inside = past.days[zones.of(zone)]
        for length in LENGTHS.tolist():
            observed = int(((inside > 880 - length) & (inside <= 880)).sum())
            in_city = ((days > 880 - length) & (days <= 880)).sum()
            expected = (inside <= 880).sum() * in_city / (days <= 880).sum()
            ratio = float(log_likelihood_ratio(observed, expected, int((inside <= 880).sum())))
            said = found.llr[(found.zone == zone) & (found.length == length)].tolist()
            assert said == (pytest.approx([ratio], abs=1e-9) if observed >= 3 else [])


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000))
def test_no_shuffle_gives_a_day_before_the_place_is_observed(seed):
    points, days = city(seed % 7, 60)
    rng = np.random.default_rng(seed)
    since = np.minimum(rng.choice([0, 100, 400, 850], 60), days)
    past = past_of(points, days, since)
    words = draw(report_keys(past.points_m, past.days, 1), seed)
    drawn = shuffled(past, words)
    assert (drawn >= past.observed_from).all()
    assert np.sort(drawn).tolist() == past.days.tolist()


def test_a_place_that_is_observed_later_is_not_expected_before():
    points, days = city(5, 600, 4000.0)
    late = points[:, 0] > 2000
    kept = ~late | (days >= 500)
    past = past_of(points[kept], days[kept], np.where(late, 500, 0)[kept])
    shares = np.diff(past.mass)
    assert shares.sum() == pytest.approx(1.0)
    # Half the city is seen for the first 500 days; by the estimate they weigh as much as days that all of it saw.
    assert past.mass[500] == pytest.approx(500 / 900, abs=0.08)


EQUAL = np.ones(3)


def law(past, zones, since, first, until):
    return law_of_looks(past, zones, since, first, LENGTHS, EQUAL, 3, simulations=19, seed=0, until=until)


def test_the_error_of_the_greatest_score_is_what_it_says():
    quiet = []
    for seed in range(40):
        points, days = city(seed + 50, 250, 3000.0)
        past = past_of(points, days, np.zeros(250, dtype=np.int64))
        zones = zones_of(past, RADII, 3)
        since = observed_since(past, zones)
        scan = law(past, zones, since, 535, int(past.days[-1]))
        looks = windows_of_looks(past, zones, since, past.days, 535, LENGTHS, 3, until=int(past.days[-1]))
        quiet.append(scan.of(float(scan.scores(looks.llr, looks.length).max())))
    assert sum(p <= 0.2 for p in quiet) <= 15  # P(more than 15 of 40 at 20 %) is 0.3 %
    assert sum(p <= 0.5 for p in quiet) >= 10


def test_looks_of_before_are_as_if_they_had_known_as_much():
    """Four reports at a place that never had one: the ratio grows with the time in which nothing was there."""
    points = np.zeros((4, 2))
    days = np.array([300, 301, 302, 303])
    rest, when = np.column_stack([np.arange(400) * 50.0 + 5000.0, np.zeros(400)]), np.arange(400)
    past = past_of(np.concatenate([points, rest]), np.concatenate([days, when]), np.zeros(404, dtype=np.int64))
    zones = zones_of(past, (40.0,), 4)
    since = observed_since(past, zones)
    early, late = (
        windows_of_looks(past, zones, since, past.days, 303, np.array([7]), 4, until=until).llr.max()
        for until in (None, 2 * 304 - 1)
    )
    assert late == pytest.approx(early + 4 * np.log(2))


def test_a_length_has_its_own_location_and_its_weight():
    drawn = np.random.default_rng(2).gumbel([9.0, 7.0, 6.0], 1.0, (4000, 3))
    found = law_of(drawn, LENGTHS, np.array([1.0, 1.0, 0.1]))
    score = found.score_at(0.05)
    reached = [float((found.scores(drawn[:, k], length) >= score).mean()) for k, length in enumerate(LENGTHS)]
    assert reached == pytest.approx([0.024, 0.024, 0.0024], abs=0.01)
    assert reached[0] / reached[2] > 5
    assert found.of(score) == pytest.approx(0.05)


def test_gumbel():
    drawn = np.random.default_rng(1).gumbel(7.0, 1.2, 4000)
    fitted = gumbel_of(drawn)
    assert (fitted.location, fitted.scale) == pytest.approx((7.0, 1.2), abs=0.08)
    assert fitted.of(fitted.value_at(0.02)) == pytest.approx(0.02)
    assert fitted.of_more(2.0).of(11.0) == pytest.approx(1 - (1 - fitted.of(11.0)) ** 2)
    assert Gumbel(0.0, 0.0).of(50.0) == 1.0
    assert ScanLaw((7,), (0.0,), Gumbel(0.0, 0.0)).of(50.0) == 1.0
