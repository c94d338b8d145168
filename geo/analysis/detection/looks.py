"""One correction for a year of daily looks at several windows of several sites.

The chance that the least weighted p-value of a quiet site's year is p or less is about K p, where K is the number of
looks as if they were independent. It depends on how many matters a site has, so it is measured: the days of each site
are drawn anew from the days of the rest of the city since the site is observed, as often as it has matters, and the
least value of all windows and looks of the last year is taken. Sites are drawn from separately, so over n sites the
chance is 1 - (1 - K p)^n (Westfall P. H., Young S. S. 1993, 'Resampling-based multiple testing', for the least p-value;
Šidák Z. 1967, Journal of the American Statistical Association 62, 626-633, for the sites).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.analysis.clusters.dispersion import BLOCK_DAYS
from geo.analysis.clusters.inputs import Floats
from geo.analysis.detection.reactivation import SiteRecord, least_of_drawn
from geo.analysis.detection.thresholds import ReactivationRule

_YEAR = 365
_TAIL = 0.1
_OTHERS = 2
_DEEPER = 0.6
"""How the number of looks grows with the logarithm of p: 0.4 to 0.8 at 6 to 30 reports a year and 0.23 %, measured on
20,000 quiet site-years each. Half would be the upcrossings of a smooth process (Rice S. O. 1944), one those of a rough
one."""
_MOST_DRAWS = 400_000
_LONGEST_DAYS = 180
"""A rate that wanders slowly varies counts of half a year by as much more as they are greater than those of a block."""


@dataclass(frozen=True, slots=True)
class Looks:
    """How many independent looks a year at one site is worth, and at how many sites.

    `count` holds at the p-value `at`; deeper in the tail it grows with a power of the logarithm, as the number of
    separate excursions of a scan statistic does. `dispersion`: as `geo.analysis.clusters.dispersion` measures it.
    """

    count: float
    at: float
    sites: int
    dispersion: float = 1.0

    def corrected(self, p: float) -> float:
        """The chance that a quiet year of all sites holds a look with `p` or less."""
        if p >= 1 or self.sites == 0:
            return 1.0
        p = max(p, 1e-300) ** (1 / (1 + _LONGEST_DAYS / BLOCK_DAYS * (self.dispersion - 1)))
        deeper = max(1.0, np.log(p) / np.log(self.at)) ** _DEEPER if 0 < self.at < 1 else 1.0
        one = min(self.count * deeper * p, 1.0)
        return float(-np.expm1(self.sites * np.log1p(-one))) if one < 1 else 1.0


def looks_of(records: Sequence[SiteRecord], day: int, rule: ReactivationRule) -> Looks:
    """The number of looks that a year up to `day` is worth, measured on the sites at hand.

    The draws have a fixed seed. All sites count, also those that are not observed long enough yet: soon they will be.
    """
    usable = [r for r in records if r.since <= day - rule.least_base_days - min(rule.windows_days)]
    if not usable:
        return Looks(1.0, 0.5, 0)
    rng = np.random.default_rng(rule.simulations)
    least = np.concatenate([_least_of_years(record, day, rule, rng) for record in usable])
    at = float(np.quantile(least, _TAIL))
    if at >= 1:
        return Looks(1.0, 0.5, len(records))
    return Looks(max(_TAIL / max(at, 1e-12), 1.0), at, len(records))


def _least_of_years(record: SiteRecord, day: int, rule: ReactivationRule, rng: np.random.Generator) -> Floats:
    """The least p-value of each drawn year of a site, shape (draws,)."""
    known = record.days[(record.days <= day) & (record.days >= record.since)]
    pool = record.rest[(record.rest <= day) & (record.rest >= record.since)]
    if len(pool) < _OTHERS * len(known):  # too few others to say which days are busy: all days are alike
        pool = np.arange(record.since, day + 1)
    count = len(known)
    if count < min(rule.min_verified, rule.min_reports):
        return np.ones(rule.simulations)
    draws = max(min(rule.simulations, _MOST_DRAWS // count), 9)
    drawn = np.sort(rng.choice(pool, (draws, count)), axis=1)
    return least_of_drawn(record, drawn, day - _YEAR + 1, rule)
