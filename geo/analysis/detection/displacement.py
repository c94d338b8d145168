"""After a site was dealt with: did reports move to the next streets?

The ring round the site, from its corridor's edge to 500 m, before and after the day, against the rest of the city in
the same days: Fisher's exact test, and the exact comparison with the ring's own past; the larger p-value counts, times
the number of looks (Bonferroni). How much of the fall at the site came up again in the ring is the weighted
displacement quotient (Bowers K. J., Johnson S. D. 2003, 'Measuring the geographical displacement and diffusion of
benefit effects of crime prevention activity', Journal of Quantitative Criminology 19, 275-301):

    WDQ = (B1/C1 - B0/C0) / (A1/C1 - A0/C0)

with A the site, B the ring, C the control, 0 before and 1 after. -1 and below: as much or more moved than fell; between
-1 and 0: a part moved; above 0: the ring fell too (diffusion of benefit). It says nothing where the site did not fall.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.analysis.clusters.inputs import Ints
from geo.analysis.detection.inputs import Bools, Corridors, Reports, within
from geo.analysis.detection.reactivation import rate_increase_p, share_increase_p
from geo.analysis.detection.thresholds import DisplacementRule


@dataclass(frozen=True, slots=True)
class Displacement:
    """The ring of a site that was dealt with on `since`, up to `last_day`.

    `observed` matters in the ring in the days after, `expected` by its past and the rest of the city, `verified` of
    them verified; `before` and `after` are (site, ring, control) counts; `wdq` the weighted displacement quotient, None
    where the site did not fall; `p` for all looks after the day. `members` are rows of the matters in the ring since
    the day.
    """

    site: str
    since: int
    last_day: int
    observed: int
    verified: int
    expected: float
    before: tuple[int, int, int]
    after: tuple[int, int, int]
    wdq: float | None
    p: float
    members: Ints


def rings(points_m: np.ndarray[tuple[int, int], np.dtype[np.float64]], sites: Corridors, ring_m: float) -> Bools:
    """Which points lie in the ring of which site (points, sites): within `ring_m` of its corridor, in no corridor."""
    if not len(points_m) or not len(sites.site_ids):
        return np.zeros((len(points_m), len(sites.site_ids)), dtype=bool)
    inside = sites.hold(points_m).any(axis=1, keepdims=True)
    return np.asarray(within(points_m, sites.geometries, sites.widths_m + ring_m) & ~inside)


def displaced(
    seen: Reports, sites: Corridors, site: int, since: int, day: int, rule: DisplacementRule, *, first: int = 0
) -> Displacement | None:
    """What moved from a site that was dealt with on day `since`, as far as it shows on `day`; None if too early or
    late.

    `first` is the day from which the site and its surroundings are observed.
    """
    lengths = [length for length in rule.lengths_days if since + length <= day]
    begin = max(first, since - rule.base_days)
    if not lengths or day - since > rule.stands_days or since - begin < rule.base_days / 3:
        return None
    at = sites.hold(seen.points_m)[:, site]
    ring = rings(seen.points_m, sites, rule.ring_m)[:, site]
    before = (seen.days >= begin) & (seen.days < since)
    found = [_look(seen, (at, ring), before, (begin, since, length), sites.site_ids[site]) for length in lengths]
    best = min(found, key=lambda one: (one.p, -one.last_day))
    corrected = min(best.p * len(rule.lengths_days), 1.0)
    last = found[-1]
    enough = best.observed >= rule.min_reports
    return Displacement(
        best.site,
        since,
        best.last_day,
        best.observed,
        best.verified,
        best.expected,
        last.before,
        last.after,
        last.wdq,
        corrected if enough else 1.0,
        best.members,
    )


def _look(
    seen: Reports, places: tuple[Bools, Bools], before: Bools, days: tuple[int, int, int], name: str
) -> Displacement:
    (at, ring), (begin, since, length) = places, days
    after = (seen.days >= since) & (seen.days < since + length)
    control = ~at & ~ring
    was = tuple(int((before & part).sum()) for part in (at, ring, control))
    now = tuple(int((after & part).sum()) for part in (at, ring, control))
    own = rate_increase_p(now[1], length, was[1], since - begin)
    city = float(share_increase_p(np.array(now[1]), np.array(was[1]), np.array(now[2]), np.array(was[2])))
    by_days = was[1] * length / (since - begin)
    by_city = was[1] * now[2] / was[2] if was[2] else 0.0
    return Displacement(
        site=name,
        since=since,
        last_day=since + length - 1,
        observed=now[1],
        verified=int(seen.verified[after & ring].sum()),
        expected=max(by_days, by_city),
        before=(was[0], was[1], was[2]),
        after=(now[0], now[1], now[2]),
        wdq=displacement_quotient((was[0], was[1], was[2]), (now[0], now[1], now[2])),
        p=max(own, city),
        members=np.flatnonzero(after & ring),
    )


def displacement_quotient(before: tuple[int, int, int], after: tuple[int, int, int]) -> float | None:
    """Bowers and Johnson's weighted displacement quotient of (site, ring, control) counts; None if it says nothing.

    >>> displacement_quotient((40, 20, 400), (10, 30, 400))
    -0.3333333333333333
    """
    if not before[2] or not after[2]:
        return None
    success = after[0] / after[2] - before[0] / before[2]
    return (after[1] / after[2] - before[1] / before[2]) / success if success < 0 else None
