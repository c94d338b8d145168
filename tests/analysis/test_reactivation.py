"""A site against its own past: exact p-values, a year of looks, and the false discovery rate."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, nbinom

from geo.analysis.detection.reactivation import benjamini_hochberg, compare_sites, peak_p, rate_increase_p, year_p
from geo.analysis.detection.thresholds import load_thresholds
from geo.errors import InputError

RULE = load_thresholds().reactivation


@given(st.integers(1, 40), st.integers(0, 60), st.integers(91, 2000))
def test_p_is_the_exact_binomial_and_the_gamma_poisson_predictive(observed, earlier, days):
    p = rate_increase_p(observed, 90, earlier, days)
    share = 90 / (90 + days)
    assert p == pytest.approx(binomtest(observed, observed + earlier, share, "greater").pvalue, rel=1e-6)
    assert p == pytest.approx(nbinom.sf(observed - 1, earlier + 1, days / (90 + days)), rel=1e-6)


def test_uncertain_past_is_in_p():
    assert rate_increase_p(3, 90, 0, 90) > 0.1 > rate_increase_p(3, 90, 0, 1000)
    assert rate_increase_p(0, 90, 5, 1000) == 1.0


@pytest.mark.parametrize(("count", "mean"), [(3, 0.3), (4, 1.48), (6, 1.48), (9, 4.0)])
def test_peak_of_a_sliding_window_against_simulation(count, mean):
    rng = np.random.default_rng(count)
    windows, years = 365 / 90, 8000
    hits = 0
    for n in rng.poisson(mean * windows, years):
        at = np.sort(rng.random(n) * windows)
        hits += n >= count and bool((at[count - 1 :] - at[: n - count + 1]).min() < 1)
    sd = np.sqrt(max(hits, 25)) / years
    assert float(peak_p(count, mean, windows)) == pytest.approx(hits / years, abs=3.5 * sd)


def test_peak_p_falls_with_the_count():
    p = [float(peak_p(k, 2.0, 4.0)) for k in range(60)]
    assert p == sorted(p, reverse=True)
    assert p[0] == 1.0
    assert p[-1] < 1e-12


def test_a_year_of_looks_is_never_surer_than_one():
    for observed in range(3, 30):
        assert year_p(observed, 90, 12, 900) >= rate_increase_p(observed, 90, 12, 900)


def test_benjamini_hochberg_as_published():
    """Benjamini and Hochberg 1995, section 3.2: of 15 p-values four are called at 5 %."""
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1,
    ]
    turned = np.random.default_rng(1).permutation(15)
    q = benjamini_hochberg(np.array(p)[turned])
    assert sorted(turned[q <= 0.05].tolist()) == [0, 1, 2, 3]


def test_benjamini_hochberg_refuses_what_is_no_p():
    assert benjamini_hochberg([]).tolist() == []
    with pytest.raises(InputError):
        benjamini_hochberg([0.1, np.nan])


def one_site(recent: int, past: int, *, verified: bool = True, day: int = 1200):
    days = np.r_[np.linspace(110, day - 91, past), np.linspace(day - 50, day, recent)].astype(np.int64)
    sites = [days] + [np.zeros(0, dtype=np.int64)] * 11
    return compare_sites(sites, [np.full(len(d), verified) for d in sites], day, 0, rule=RULE)[0]


@pytest.mark.parametrize(
    ("recent", "verified", "level"),
    [
        (2, True, None),
        (3, True, "watch"),
        (4, False, None),
        (5, False, "watch"),
        (9, True, "warning"),
        (14, True, "alert"),
    ],
)
def test_levels(recent, verified, level):
    assert one_site(recent, 16, verified=verified).level == level


def test_what_a_test_says():
    test = one_site(6, 18)
    assert (test.observed, test.verified, test.earlier) == (6, 6, 18)
    assert test.expected == pytest.approx(18 * 90 / test.earlier_days)
    assert test.p <= test.p_year <= test.q


def test_too_little_past_is_no_test():
    days = np.array([100, 110, 120, 121, 122])
    (test,) = compare_sites([days], [np.ones(5, dtype=bool)], 125, 0, rule=RULE)
    assert (test.level, test.p) == (None, 1.0)


def test_reports_after_the_day_play_no_part():
    days = np.array([1000, 1001, 1002, 1250, 1251])
    sure = np.ones(5, dtype=bool)
    both = [compare_sites([d], [sure[: len(d)]], 1200, 0, rule=RULE)[0] for d in (days, days[:3])]
    assert both[0] == both[1]


def test_no_sites():
    assert compare_sites([], [], 100, 0, rule=RULE) == ()


def test_thousands_at_one_site():
    assert one_site(5000, 20).level == "alert"
