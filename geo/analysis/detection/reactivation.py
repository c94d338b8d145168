"""Is a handed-over site (*điểm phức tạp đã bàn giao*) busier than its own past explains?

The test is the exact comparison of two Poisson rates (Przyborowski and Wilenski 1940, Biometrika 31, 313-323): given
all reports of both periods, the recent ones are binomial with the recent period's share of the days, whatever the
rate. So the uncertainty of the earlier rate is in the p-value, exactly and without an assumption: three reports
against none in three months of past is not the same as against none in three years.

The same number is the Gamma-Poisson predictive tail with a flat prior on the rate, P(N >= n) for a rate that is
Gamma(earlier + 1, earlier days). So the p-value for a year of daily looks follows: the scan statistic of a Poisson
process (Naus 1982, Journal of the American Statistical Association 77, 177-183) averaged over that Gamma distribution.
Over the sites the false discovery rate is held (Benjamini and Hochberg 1995, Journal of the Royal Statistical
Society B 57, 289-300).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import betainc, gammaln
from scipy.stats import gamma

from geo.analysis.clusters.inputs import Floats, Ints, require
from geo.analysis.detection.thresholds import ReactivationRule

Level = Literal["watch", "warning", "alert"]

_YEAR = 365.0
_NODES = (np.arange(48) + 0.5) / 48


@dataclass(frozen=True, slots=True)
class SiteTest:
    """A site's recent reports against its own earlier rate.

    `observed` reports (`verified` of them verified) in the window up to the day, `expected` from `earlier` reports in
    `earlier_days`; `p` for this one look, `early_p` the same in the shorter window, `p_year` for a whole year of daily
    looks, `q` the least false discovery rate over the sites at which it would be called. `level` is None when nothing
    is to be raised, also when there are too few reports or too little past (then all p are 1).
    """

    site: int
    observed: int
    verified: int
    expected: float
    earlier: int
    earlier_days: int
    p: float
    early_p: float
    p_year: float
    q: float
    level: Level | None


def rate_increase_p(observed: int, days: float, earlier: int, earlier_days: float) -> float:
    """The exact one-sided p-value that a Poisson rate has risen: P(Bin(observed + earlier, share of days) >= observed).

    1 if nothing was observed or either period is empty. 6 in 90 days after 18 in 1005 days give 0.0114.
    """
    if observed <= 0 or days <= 0 or earlier_days <= 0:
        return 1.0
    return float(betainc(observed, earlier + 1, days / (days + earlier_days)))


def peak_p(count: int, mean: npt.ArrayLike, windows: float) -> Floats:
    """The chance that some sliding window holds `count` or more of a Poisson process, by Naus's approximation.

    Parameters
    ----------
    mean
        Expected number in one window, any shape.
    windows
        Length of the whole period in windows, 2 or more.

    Where the mean reaches the count already the answer is 1, which is where the approximation ends.
    """
    psi = np.maximum(np.asarray(mean, dtype=np.float64), 1e-12)
    if count <= 1:
        return np.where(psi < count, 1 - np.exp(-psi * windows), 1.0)
    pmf, cdf = _poisson_tables(psi, 2 * count)
    q2, q3 = _two_windows(count, psi, pmf, cdf), _three_windows(count, psi, pmf, cdf)
    safe = (q2 > 0) & (q3 > 0) & (psi < count)
    ratio = np.divide(q3, q2, out=np.zeros_like(psi), where=safe)
    return np.where(safe, np.clip(1 - q2 * ratio ** (windows - 2), 0.0, 1.0), 1.0)


@lru_cache(maxsize=65536)
def year_p(observed: int, days: int, earlier: int, earlier_days: int) -> float:
    """The chance that within a year of daily looks some window of `days` holds `observed` or more.

    The earlier rate is not known but Gamma(earlier + 1, earlier days); the chance is the average over it.
    """
    rates = gamma.ppf(_NODES, earlier + 1, scale=1 / earlier_days)
    return float(peak_p(observed, rates * days, max(_YEAR / days, 2.0)).mean())


def benjamini_hochberg(p: npt.ArrayLike) -> Floats:
    """q-values: for each p the least false discovery rate at which it would be called; same order, NaN not allowed.

    Raises
    ------
    InputError
        A p-value outside [0, 1].
    """
    values = np.asarray(p, dtype=np.float64).ravel()
    require(bool(((values >= 0) & (values <= 1)).all()), "analysis.not-p-values", "p")
    order = np.argsort(values)
    scaled = values[order] * len(values) / np.arange(1, len(values) + 1)
    q = np.empty_like(values)
    q[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return q


def compare_sites(
    site_days: Sequence[Ints],
    site_verified: Sequence[npt.NDArray[np.bool_]],
    day: int,
    observed_since: int,
    *,
    rule: ReactivationRule,
) -> tuple[SiteTest, ...]:
    """Each site's test on one day, in the sites' order; reports after the day play no part.

    Parameters
    ----------
    site_days, site_verified
        For each site the day numbers of the reports in its corridor, in any order, and which are verified.
    observed_since
        The first day on which reports were collected: the past begins there, or `base_days` before the window.
    """
    tests = [
        _one(i, np.asarray(d, dtype=np.int64), np.asarray(v, dtype=bool), day, observed_since, rule=rule)
        for i, (d, v) in enumerate(zip(site_days, site_verified, strict=True))
    ]
    q = benjamini_hochberg([t.p_year for t in tests])
    return tuple(replace(t, q=float(x), level=_level(t, float(x), rule)) for t, x in zip(tests, q, strict=True))


def _one(
    site: int,
    days: Ints,
    verified: npt.NDArray[np.bool_],
    day: int,
    since: int,
    *,
    rule: ReactivationRule,
) -> SiteTest:
    observed, earlier, earlier_days = _split(days, day, since, rule.window_days, rule.base_days)
    sure = int(verified[(days > day - rule.window_days) & (days <= day)].sum())
    expected = earlier * rule.window_days / earlier_days if earlier_days > 0 else 0.0
    nothing = SiteTest(site, observed, sure, expected, earlier, earlier_days, 1.0, 1.0, 1.0, 1.0, None)
    enough = sure >= rule.min_verified or observed >= rule.min_reports
    if not enough or earlier_days < rule.least_base_days:
        return nothing
    p = rate_increase_p(observed, rule.window_days, earlier, earlier_days)
    # The year's p is never below the day's, so it need not be worked out where the day's is large already.
    in_year = year_p(observed, rule.window_days, earlier, earlier_days) if p < 0.2 else 1.0
    return replace(nothing, p=p, early_p=_early(days, verified, day, since, rule), p_year=max(p, in_year))


def _early(days: Ints, verified: npt.NDArray[np.bool_], day: int, since: int, rule: ReactivationRule) -> float:
    length = rule.early_window_days
    observed, earlier, earlier_days = _split(days, day, since, length, rule.base_days)
    sure = int(verified[(days > day - length) & (days <= day)].sum())
    if sure < rule.min_verified and observed < rule.min_reports:
        return 1.0
    return rate_increase_p(observed, length, earlier, earlier_days)


def _split(days: Ints, day: int, since: int, length: int, base_days: int) -> tuple[int, int, int]:
    """Reports in the window, reports before it, and the days before it."""
    begin = day - length
    first = max(since, begin - base_days + 1)
    observed = int(((days > begin) & (days <= day)).sum())
    return observed, int(((days >= first) & (days <= begin)).sum()), max(begin - first + 1, 0)


def _level(test: SiteTest, q: float, rule: ReactivationRule) -> Level | None:
    if q <= rule.alert_q:
        return "alert"
    if q <= rule.warning_q:
        return "warning"
    return "watch" if min(test.p, test.early_p) <= rule.watch_p else None


def _poisson_tables(psi: Floats, most: int) -> tuple[Floats, Floats]:
    """P(N = j) and P(N <= j) for j = 0 … most, j in the first axis."""
    j = np.arange(most + 1).reshape(-1, *([1] * psi.ndim))
    pmf = np.exp(j * np.log(psi) - psi - gammaln(j + 1))
    return pmf, np.minimum(np.cumsum(pmf, axis=0), 1.0)


def _at(cdf: Floats, j: int) -> Floats:
    return cdf[j] if j >= 0 else np.zeros_like(cdf[0])


def _two_windows(k: int, psi: Floats, pmf: Floats, cdf: Floats) -> Floats:
    """P(no window of k within two window lengths), Naus 1982, exact."""
    inner = (k - 1) * pmf[k] * pmf[k - 2] + (k - 1 - psi) * pmf[k] * _at(cdf, k - 3)
    return np.asarray(cdf[k - 1] ** 2 - inner)


def _three_windows(k: int, psi: Floats, pmf: Floats, cdf: Floats) -> Floats:
    """P(no window of k within three window lengths), Naus 1982, exact."""
    f = [_at(cdf, k - i) for i in range(6)]
    a1 = 2 * pmf[k] * f[1] * ((k - 1) * f[2] - psi * f[3])
    a2 = 0.5 * pmf[k] ** 2 * ((k - 1) * (k - 2) * f[3] - 2 * (k - 2) * psi * f[4] + psi**2 * f[5])
    r = np.arange(1, k)
    a3 = (pmf[2 * k - r] * cdf[r - 1] ** 2).sum(axis=0)
    s = r[1:]
    weight = s.reshape(-1, *([1] * psi.ndim)) - 1
    below = np.concatenate([np.zeros((1, *psi.shape)), cdf])  # below[j] is P(N <= j - 1)
    a4 = (pmf[2 * k - s] * pmf[s] * (weight * cdf[s - 2] - psi * below[s - 2])).sum(axis=0)
    return np.asarray(f[1] ** 3 - a1 + a2 + a3 - a4)
