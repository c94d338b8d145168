"""The space-time permutation scan as a daily look: each window ends on the day of the look, and knows no later report.

Kulldorff M., Heffernan R., Hartman J., Assunção R., Mostashari F. (2005), 'A space-time permutation scan statistic for
disease outbreak detection', PLoS Medicine 2(3): e59. Places and days are shuffled against each other, so that what is
always busy (a site) or busy everywhere at once (a season, a campaign, growth) is no cluster; what is new at one place
is.

A place that is observed only from a later day on must not look new on that day. Each report has the day from which its
place is observed, and is never given an earlier one: the shuffles are the permutations that keep to this (Tsai W. Y.
1990, 'Testing the assumption of independence of truncation time and failure time', Biometrika 77, 169-177), and the
expected number of a circle is counted from the day on which all of it is observed, by the product-limit estimate of the
city's days (Lynden-Bell D. 1971, Monthly Notices of the Royal Astronomical Society 155, 95-118).

A window of half a year is a large part of the time in which a circle was seen. So the ratio is the binomial one of the
circle's own reports, c ln(c/µ) + (n - c) ln((n - c)/(n - µ)) for c of n in the window and µ expected; with the city's
total for n it would be Kulldorff's Poisson ratio, which counts for too little where c comes near n in a long window.

The p-value is for a whole year of daily looks at all circles and lengths: `geo.analysis.clusters.scan_law`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.analysis.clusters.inputs import Floats, Ints
from geo.analysis.clusters.lattice import Lattice, lattice
from geo.analysis.clusters.noise import Words, draw

_LONG_DAYS = 180


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """Reports in order of day, ready for looks: `points_m` (n, 2), `days` and `observed_from` (n,) day numbers.

    `mass[d]` is the city's share of days up to and with day `origin + d - 1`: the product-limit estimate, from 0 to 1.
    `upto[d]` is the number of reports up to and with that day.
    """

    points_m: Floats
    days: Ints
    observed_from: Ints
    origin: int
    mass: Floats
    upto: Ints

    def __len__(self) -> int:
        return len(self.days)


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Windows (circle and length, ending on a day) with their numbers: arrays of the same length."""

    zone: Ints
    length: Ints
    end: Ints
    observed: Ints
    expected: Floats
    llr: Floats


def past_of(points_m: Floats, days: Ints, observed_from: Ints) -> Past:
    """Reports as looks need them: ordered by day, then place; at least one report.

    A report of a day before its place is observed has no place in the scan and must be left out before.
    """
    order = np.lexsort((points_m[:, 1], points_m[:, 0], days))
    day, since = days[order], observed_from[order]
    origin = int(day[0])
    span = int(day[-1]) - origin + 1
    since = np.maximum(since, origin)
    per_day = np.bincount(day - origin, minlength=span)
    mass = np.r_[0.0, np.cumsum(_day_shares(day - origin, since - origin, per_day))]
    return Past(points_m[order], day, since, origin, mass, np.r_[0, np.cumsum(per_day)])


def _day_shares(day: Ints, since: Ints, per_day: Ints) -> Floats:
    """The city's days as shares that add up to 1 (days,), places that are observed later not counted before."""
    if not since.any():
        return np.asarray(per_day / len(day))
    span = len(per_day)
    entered = np.cumsum(np.bincount(since, minlength=span)[:span])
    at_risk = entered - np.r_[0, np.cumsum(per_day)[:-1]]  # observed by then, and not yet counted
    # In time's own order the last day takes all that is left; turned round, the early days share what few saw.
    hazard = np.divide(per_day, at_risk, out=np.zeros(span), where=at_risk > 0)
    if (hazard[:-1] >= 1).any():  # a gap in which nobody was observed: what lies before it says nothing of later days
        last = int(np.flatnonzero(hazard[:-1] >= 1)[-1])
        hazard[: last + 1] = 0.0
    left = np.r_[1.0, np.cumprod(1 - hazard)[:-1]]
    return np.asarray(left * hazard / max(float((left * hazard).sum()), 1e-300))


def zones_of(past: Past, radii_m: tuple[float, ...], min_cases: int) -> Lattice:
    """The circles about the reports of a past."""
    return lattice(past.points_m, radii_m, min_cases)


def observed_since(past: Past, zones: Lattice) -> Ints:
    """The day from which all of a circle is observed, as days from `past.origin`, shape (circles,)."""
    if not len(zones):
        return np.zeros(0, dtype=np.int64)
    return np.maximum.reduceat(past.observed_from[zones.member], zones.first[:-1]) - past.origin


def windows_on(past: Past, zones: Lattice, since: Ints, day: int, lengths: Ints, min_cases: int) -> Windows:
    """The windows that end on one day, whether or not a report does: those that hold `min_cases` or more."""
    held = past.days[zones.member]
    upto = np.bincount(zones.zone[held <= day], minlength=len(zones))
    parts = []
    for length in lengths.tolist():
        inside = np.bincount(zones.zone[(held > day - length) & (held <= day)], minlength=len(zones))
        zone = np.flatnonzero(inside >= min_cases)
        end = np.full(len(zone), day - past.origin)
        expected, llr = _ratios(past, inside[zone], upto[zone], since[zone], end, length)
        parts.append((zone, np.full(len(zone), length), end, inside[zone], expected, llr))
    return Windows(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def windows_of_looks(
    past: Past,
    zones: Lattice,
    since: Ints,
    days: Ints,
    first_look: int,
    lengths: Ints,
    min_cases: int,
    *,
    until: int | None = None,
) -> Windows:
    """The windows of daily looks from `first_look` on, each ending on the day of a report in its circle.

    `days` are those of the past's reports, in its order or shuffled. A look knows the reports up to its day only. With
    `until` (a day) the ratios are as if each look knew a past as long as one on that day: a look of half a year ago
    knew less, and its greatest ratio is smaller for that alone.
    """
    span = len(past.mass) + int(lengths.max())
    width = np.int32 if (len(zones) + 1) * span < 2**31 else np.int64
    key = (zones.zone * span).astype(width) + (days[zones.member] - past.origin).astype(width)
    key.sort()
    back = min_cases - 1
    close = back + np.flatnonzero(key[back:] - key[: len(key) - back] < int(lengths.max()))
    last = np.r_[key[1:] != key[:-1], True][close] if len(key) else np.zeros(0, dtype=bool)
    at = close[last]
    zone, end = np.divmod(key[at].astype(np.int64), span)
    late = end >= first_look - past.origin
    at, zone, end = at[late], zone[late], end[late]
    upto = at - zones.first[zone] + 1
    inside = at + 1 - np.searchsorted(key, key[at] - lengths[:, None].astype(width), side="right")
    which, row = np.nonzero(inside >= min_cases)
    inside, length, zone, end = inside[which, row], lengths[which], zone[row], end[row]
    known = None if until is None else until - past.origin
    expected, llr = _ratios(past, inside, upto[row], since[zone], end, length, known)
    return Windows(zone, length, end, inside, expected, llr)


def _ratios(
    past: Past, inside: Ints, upto: Ints, since: Ints, end: Ints, length: Ints | int, until: int | None = None
) -> tuple[Floats, Floats]:
    """Expected numbers and log-likelihood ratios of windows that end on days `end` from the origin.

    With `until` (days from the origin) the past outside the window is taken to be as long, and as full, as it is then.
    """
    top = np.clip(end + 1, 0, len(past.mass) - 1)
    low = np.clip(np.maximum(end + 1 - length, since), 0, len(past.mass) - 1)
    base = past.mass[top] - past.mass[np.minimum(since, len(past.mass) - 1)]
    share = np.divide(past.mass[top] - past.mass[low], base, out=np.ones(len(inside)), where=base > 0)
    if until is not None:
        known = end + 1 - since
        # A past of a few months outside the window says too little to be drawn out.
        longer = np.where(
            known - length >= _LONG_DAYS, np.maximum((until + 1 - since) / np.maximum(known, 1), 1.0), 1.0
        )
        upto, share = inside + (upto - inside) * longer, share / longer
    expected = upto * share
    high = (inside > expected) & (expected > 0)
    c, mu, n = inside[high].astype(np.float64), expected[high], upto[high]
    value = c * np.log(c / mu)
    rest = n > c
    value[rest] += (n - c)[rest] * np.log((n - c)[rest] / (n - mu)[rest])
    llr = np.zeros(len(inside))
    llr[high] = value
    return expected, llr


def shuffled(past: Past, words: Words) -> Ints:
    """The past's days in an order drawn from all in which no report gets a day before its place is observed."""
    order = np.argsort(words)
    days = np.empty_like(past.days)
    if past.observed_from[0] == past.origin and (past.observed_from == past.origin).all():
        days[order] = past.days
        return days
    # In order of time: the days up to the next start go to places that are observed by now, drawn at random.
    waiting = order[np.argsort(past.observed_from[order], kind="stable")]
    starts = np.unique(past.observed_from)
    begin = np.searchsorted(past.days, starts)
    joining = np.searchsorted(past.observed_from[waiting], starts, side="right")
    pool = np.zeros(0, dtype=np.int64)
    joined = 0
    for i in range(len(starts)):
        pool = np.concatenate([pool, waiting[joined : joining[i]]])
        joined = int(joining[i])
        pool = pool[np.argsort(draw(words[pool], i))]
        stop = int(begin[i + 1]) if i + 1 < len(starts) else len(past.days)
        taken = stop - int(begin[i])
        days[pool[:taken]] = past.days[begin[i] : stop]
        pool = pool[taken:]
    return days
