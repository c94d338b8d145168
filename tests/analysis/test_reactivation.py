"""A site against its own past and the rest of the city: exact p-values, windows with a guard band, a year of looks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, fisher_exact, nbinom

from geo.analysis.detection.looks import Looks, looks_of
from geo.analysis.detection.reactivation import SiteRecord, looks_at, rate_increase_p, share_increase_p
from geo.analysis.detection.thresholds import load_thresholds

RULE = load_thresholds().reactivation


@given(st.integers(1, 40), st.integers(0, 60), st.integers(91, 2000))
def test_p_is_the_exact_binomial_and_the_gamma_poisson_predictive(observed, earlier, days):
    p = rate_increase_p(observed, 90, earlier, days)
    share = 90 / (90 + days)
    assert p == pytest.approx(binomtest(observed, observed + earlier, share, "greater").pvalue, rel=1e-6)
    assert p == pytest.approx(nbinom.sf(observed - 1, earlier + 1, days / (90 + days)), rel=1e-6)


@given(st.integers(0, 30), st.integers(0, 60), st.integers(0, 400), st.integers(0, 900))
def test_against_the_city_it_is_fishers_exact_test(observed, base, rest, rest_base):
    p = float(share_increase_p(np.array(observed), np.array(base), np.array(rest), np.array(rest_base)))
    table = [[observed, base], [rest, rest_base]]
    assert p == pytest.approx(fisher_exact(table, alternative="greater").pvalue, rel=1e-5, abs=1e-12)


def test_uncertain_past_is_in_p():
    assert rate_increase_p(3, 90, 0, 90) > 0.1 > rate_increase_p(3, 90, 0, 1000)
    assert rate_increase_p(0, 90, 5, 1000) == 1.0


def record(recent, past, *, rest=600, rest_recent=30, since=0, day=1200, window=40):
    """`recent` matters in the last `window` days after `past` in the time before, and the rest of the city likewise."""
    days = np.r_[np.linspace(since + 20, day - 200, past), np.linspace(day - window + 1, day, recent)].astype(np.int64)
    others = np.r_[np.linspace(0, day - window, rest), np.linspace(day - window + 1, day, rest_recent)].astype(np.int64)
    return SiteRecord(days, np.ones(len(days)), others, since)


def test_both_comparisons_count():
    (own,) = looks_at(record(9, 16), np.array([1200]), RULE).p.min(axis=1)
    assert own < 1e-5
    everywhere = looks_at(record(9, 16, rest_recent=330), np.array([1200]), RULE)
    assert everywhere.p_own.min() < 1e-5
    assert everywhere.p.min() > 0.01  # the whole city reports as much more


def test_the_guard_band_is_in_no_base():
    quiet, warm = record(9, 16), record(9, 16)
    slow = SiteRecord(np.sort(np.r_[warm.days, np.full(6, 1200 - 45 - 10)]), np.ones(31), warm.rest, 0)
    row = RULE.windows_days.index(45)
    looks = [looks_at(one, np.array([1200]), RULE) for one in (quiet, slow)]
    assert looks[0].base[0, row] == looks[1].base[0, row]
    assert looks[0].p[0, row] == pytest.approx(looks[1].p[0, row])


def test_no_base_before_it_is_observed():
    short = looks_at(record(9, 3, since=1050), np.array([1200]), RULE)
    assert (short.p == 1).all()
    begun = looks_at(record(0, 10, since=300), np.array([1200]), RULE)
    assert begun.base_days.max() <= 900


def test_too_few_are_no_test():
    assert (looks_at(record(2, 16), np.array([1200]), RULE).p == 1).all()


def test_reports_after_the_day_play_no_part():
    one = record(9, 16)
    more = SiteRecord(np.r_[one.days, 1250, 1251], np.ones(len(one.days) + 2), np.r_[one.rest, 1260], 0)
    assert looks_at(one, np.array([1200]), RULE).p.tolist() == looks_at(more, np.array([1200]), RULE).p.tolist()


def test_a_year_of_looks_is_never_surer_than_one():
    looks = looks_of([record(2, 16)] * 12, 1200, RULE)
    assert looks.sites == 12
    for p in (1e-6, 1e-4, 0.01, 0.5):
        assert p <= looks.corrected(p) <= 1
    deeper = (np.log(1e-4) / np.log(0.004)) ** 0.6
    assert Looks(20.0, 0.004, 12).corrected(1e-4) == pytest.approx(1 - (1 - 20e-4 * deeper) ** 12)
    assert Looks(20.0, 0.004, 12, dispersion=1 + 0.25 / 3).corrected(1e-5) == pytest.approx(
        Looks(20.0, 0.004, 12).corrected(1e-4)
    )


def test_the_correction_is_what_independent_years_show():
    """A site at a constant rate: the share of years whose least p passes the 20 % bound of the correction."""
    rng, rest = np.random.default_rng(5), np.sort(np.random.default_rng(6).integers(0, 1100, 2000))
    least, bound = [], None
    for _ in range(150):
        days = np.sort(rng.integers(0, 1100, rng.poisson(18)))
        one = SiteRecord(days, np.ones(len(days)), rest, 0)
        bound = bound or looks_of([one], 1099, RULE)
        late = np.unique(days[days > 735])
        least.append(bound.corrected(float(looks_at(one, late, RULE).p.min())) if len(late) else 1.0)
    assert np.mean(np.array(least) <= 0.2) == pytest.approx(0.2, abs=0.11)


def test_thousands_at_one_site():
    many = record(3000, 20, rest=5000, rest_recent=200)
    assert looks_at(many, np.array([1200]), RULE).p.min() < 1e-12
