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

from geo.analysis.clusters.inputs import Floats
from geo.analysis.detection.reactivation import SiteRecord, looks_at
from geo.analysis.detection.thresholds import ReactivationRule

_YEAR = 365
_TAIL = 0.1
_OTHERS = 2
_MOST_DRAWS = 400_000


@dataclass(frozen=True, slots=True)
class Looks:
    """How many independent looks a year at one site is worth, and at how many sites.

    `count` holds at the p-value `at`; deeper in the tail it grows with the logarithm, as the number of separate
    excursions of a scan statistic does.
    """

    count: float
    at: float
    sites: int

    def corrected(self, p: float) -> float:
        """The chance that a quiet year of all sites holds a look with `p` or less."""
        if p >= 1 or self.sites == 0:
            return 1.0
        deeper = max(1.0, np.log(max(p, 1e-300)) / np.log(self.at)) if 0 < self.at < 1 else 1.0
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
    least = np.ones(draws)
    for turn, days in enumerate(drawn):
        looks = np.unique(days[days > day - _YEAR])
        if len(looks):
            least[turn] = looks_at(
                SiteRecord(days, np.ones(count), record.rest, record.since), looks, rule
            ).weighted.min()
    return least
