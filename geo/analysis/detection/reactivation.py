"""Is a handed-over site (*điểm phức tạp đã bàn giao*) busier than its own past and the rest of the city explain?

Two exact conditional tests, and the larger p-value of both counts. Against its own past: given the reports of a window
and of the base before it, those in the window are binomial with the window's share of the days, whatever the rate
(Przyborowski and Wilenski 1940, Biometrika 31, 313-323). Against the rest of the city in the same two periods: given
the margins of the table site or rest by window or base, the site's number in the window is hypergeometric (Fisher's
exact test), so that growth, a season or a campaign of the whole city is no reactivation of one site.

A guard band between base and window holds neither: what begins slowly must not raise its own measure. Windows of
several lengths are looked at every day and at every site; `looks` corrects for all of it at once. Windows have weights
(Genovese C. R., Roeder K., Wasserman L. 2006, 'False discovery control with p-value weighting', Biometrika 93,
509-524): short ones make many nearly separate looks a year, and with equal weights would use up most of the error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import betainc, gammaln

from geo.analysis.clusters.inputs import Floats, Ints
from geo.analysis.detection.thresholds import ReactivationRule

Level = Literal["watch", "warning", "alert"]
_TERMS = 400
"""Terms of the hypergeometric tail; what lies further out is below any p-value of interest."""


@dataclass(frozen=True, slots=True, eq=False)
class SiteRecord:
    """A site's matters and the rest of the city's, as days in order: `days` (n,), `verified` (n,), `rest` (m,).

    `since` is the day from which the site is observed. The rest are the matters away from the site at places that are
    observed as long.
    """

    days: Ints
    verified: Floats
    rest: Ints
    since: int


@dataclass(frozen=True, slots=True, eq=False)
class SiteLooks:
    """Looks at a site, shape (looks, windows): counts in window and base, expected number, p-values.

    `p` is the larger of `p_own` (its past) and `p_city` (the rest of the city); 1 where there is no test: too few
    matters in the window, or too short a base. Where nobody else reports, `p_city` is 0 and the past alone decides.
    `weighted` is `p` over the weight of its window: the least of them decides.
    """

    observed: Ints
    verified: Ints
    base: Ints
    base_days: Ints
    expected: Floats
    p_own: Floats
    p_city: Floats
    p: Floats
    weighted: Floats


def rate_increase_p(observed: int, days: float, earlier: int, earlier_days: float) -> float:
    """The exact one-sided p-value that a Poisson rate has risen: P(Bin(observed + earlier, share of days) >= observed).

    1 if nothing was observed or either period is empty. 6 in 90 days after 18 in 1005 days give 0.0114.
    """
    if observed <= 0 or days <= 0 or earlier_days <= 0:
        return 1.0
    return float(betainc(observed, earlier + 1, days / (days + earlier_days)))


def share_increase_p(observed: Ints, base: Ints, rest: Ints, rest_base: Ints) -> Floats:
    """Fisher's exact one-sided p-value that a site's share of the city's matters has risen, any shape.

    `observed`, `base`: the site's in the window and in the base; `rest`, `rest_base`: those of the rest of the city.
    """
    c, b, r, s = (np.asarray(x, dtype=np.float64) for x in np.broadcast_arrays(observed, base, rest, rest_base))
    draws, window, everything = c + b, c + r, c + b + r + s
    most = int(min(np.minimum(draws, window).max(initial=0) - c.min(initial=0) + 1, _TERMS))
    total = np.zeros(c.shape)
    scale = gammaln(draws + 1) + gammaln(window + 1) + gammaln(b + s + 1) + gammaln(r + s + 1) - gammaln(everything + 1)
    for step in range(max(most, 1)):
        k = c + step
        fits = k <= np.minimum(draws, window)
        if not fits.any():
            break
        k = np.where(fits, k, c)
        log = scale - gammaln(k + 1) - gammaln(draws - k + 1) - gammaln(window - k + 1)
        term = np.exp(log - gammaln(everything - draws - window + k + 1))
        total += np.where(fits, term, 0.0)
        if step > 4 and (term[fits] <= 1e-6 * total[fits]).all():
            break
    return np.where(c > 0, np.minimum(total, 1.0), 1.0)


def looks_at(record: SiteRecord, looks: Ints, rule: ReactivationRule) -> SiteLooks:
    """The tests of a site on some days; later reports play no part in any of them."""
    started = (record.days[:1] == record.since).sum() if len(record.days) else 0
    return _tests(record, np.asarray(looks, dtype=np.int64)[:, None], np.zeros((1, 1), dtype=np.int64), started, rule)


def least_of_drawn(record: SiteRecord, drawn: Ints, first_look: int, rule: ReactivationRule) -> Floats:
    """The least weighted p-value of each drawn past (draws, matters) of a site from `first_look` on, shape (draws,).

    All matters count as verified. Days are in order within each draw, none before the site is observed.
    """
    draws, count = drawn.shape
    # One list of days holds all draws one after another, so far apart that no window or base reaches the next.
    apart = int(drawn.max()) - record.since + max(rule.windows_days) + rule.guard_days + 2
    shift = np.arange(draws)[:, None] * apart
    stacked = SiteRecord((drawn + shift).ravel(), np.ones(draws * count), record.rest, record.since)
    turn, day = np.divmod(np.unique((drawn + shift)[drawn >= first_look] - record.since), apart)
    started = (drawn[:, 0] == record.since)[turn, None].astype(np.int64)
    found = _tests(stacked, (day + record.since)[:, None], shift[turn], started, rule)
    least = np.ones(draws)
    np.minimum.at(least, turn, found.weighted.min(axis=1))
    return least


def _tests(record: SiteRecord, end: Ints, shift: Ints, started: Ints | int, rule: ReactivationRule) -> SiteLooks:
    """The tests on days `end` (looks, 1); the days of the record are `shift` days (looks, 1) later than they say.

    `started`: how many reports began the observation. They are not counted, else each place would begin with a crowd.
    """
    seen = np.r_[0, np.cumsum(record.verified)].astype(np.int64)
    length = np.array(rule.windows_days, dtype=np.int64)[None, :]
    begin = end - length  # the day before the window
    last = begin - rule.guard_days
    first = np.maximum(record.since, last - rule.base_days + 1)
    base_days = np.maximum(last - first + 1, 0)
    top, low = _upto(record.days, end + shift), _upto(record.days, begin + shift)
    observed, sure = top - low, seen[top] - seen[low]
    base = np.maximum(_upto(record.days, last + shift) - _upto(record.days, first - 1 + shift), 0)
    base = base - ((first == record.since) & (base > 0)) * started
    rest = _upto(record.rest, end) - _upto(record.rest, begin)
    rest_base = np.maximum(_upto(record.rest, last) - _upto(record.rest, first - 1), 0)
    tested = (base_days >= rule.least_base_days) & ((sure >= rule.min_verified) | (observed >= rule.min_reports))
    share = np.divide(length, length + base_days)
    own = np.where(tested, betainc(np.maximum(observed, 1), base + 1, share), 1.0)
    city = np.ones(own.shape)
    busy = tested & (own < rule.watch_p)  # where the past alone explains it, the rest of the city need not be asked
    city[busy & (rest + rest_base == 0)] = 0.0  # nobody else reports anything: there is only the site's own past
    busy &= rest + rest_base > 0
    city[busy] = share_increase_p(observed[busy], base[busy], rest[busy], rest_base[busy])
    by_days = base * length / np.maximum(base_days, 1)
    by_city = np.divide(base * rest, rest_base, out=np.zeros(own.shape), where=rest_base > 0)
    p, expected = np.maximum(own, city), np.maximum(by_days, by_city)
    weighted = np.minimum(p / np.array(rule.window_weights), 1.0)
    return SiteLooks(observed, sure, base, base_days, expected, own, city, p, weighted)


def _upto(days: Ints, day: Ints) -> Ints:
    """How many of the days in order are not later than each day."""
    return np.searchsorted(days, day, side="right").astype(np.int64)
