"""Kulldorff's circular scan for counts against a population.

Kulldorff M. (1997), 'A spatial scan statistic', Communications in Statistics: Theory and Methods 26(6), 1481-1496.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.analysis.clusters.inputs import Floats, Ints, checked_counts, checked_points, require
from geo.analysis.clusters.noise import as_uniform, counter_keys, draw


@dataclass(frozen=True, slots=True, eq=False)
class PoissonCluster:
    """A group of places with more cases than its population explains.

    `members` are row numbers, nearest to the centre first; `centre_m` and `radius_m` are the circle, in the units of
    the coordinates; `relative_risk` is the rate inside over the rate outside; `llr` the log-likelihood ratio; `p` the
    share of simulations, this one counted in, whose greatest ratio reaches `llr`.
    """

    members: Ints
    centre_m: tuple[float, float]
    radius_m: float
    observed: int
    expected: float
    relative_risk: float
    llr: float
    p: float


def log_likelihood_ratio(observed: npt.ArrayLike, expected: npt.ArrayLike, total: float) -> Floats:
    """The Poisson generalised log-likelihood ratio of a window, 0 where it holds no more than expected.

    c ln(c/µ) + (C - c) ln((C - c)/(C - µ)) for c observed, µ expected and C cases in all (Kulldorff 1997, eq. 4).
    106 observed, 62.13 expected, 552 in all give 14.78.
    """
    c, mu = np.broadcast_arrays(np.asarray(observed, dtype=np.float64), np.asarray(expected, dtype=np.float64))
    ratio = np.zeros(c.shape)
    high = (c > mu) & (mu > 0)
    inside, rest = c[high], total - c[high]
    value = inside * np.log(inside / mu[high])
    left = rest > 0
    value[left] += rest[left] * np.log(rest[left] / (total - mu[high][left]))
    ratio[high] = value
    return ratio


def scan_poisson(
    coordinates: npt.ArrayLike,
    cases: npt.ArrayLike,
    population: npt.ArrayLike,
    max_population_share: float = 0.1,
    simulations: int = 999,
    seed: int = 0,
    *,
    max_clusters: int = 10,
) -> tuple[PoissonCluster, ...]:
    """Clusters of high rate that share no place, greatest log-likelihood ratio first; none without cases.

    Circles grow from each place over its neighbours until `max_population_share` of the population is inside; places
    at the same distance enter together. Under the null hypothesis the cases fall on places in proportion to their
    population; each simulation hands them out anew. Case i draws the same numbers however many cases follow it.

    Parameters
    ----------
    coordinates
        (n, 2), planar, any unit.
    cases, population
        (n,) whole numbers from 0 up and numbers from 0 up. A place without population can have no case.

    Raises
    ------
    InputError
        Lengths that differ, values that are negative or not finite, cases where nobody lives, a share outside (0, 1].
    """
    xy = checked_points(coordinates, "coordinates")
    count = checked_counts(cases, len(xy), "cases")
    people = checked_counts(population, len(xy), "population")
    require(0 < max_population_share <= 1, "analysis.share-range", "max_population_share", value=max_population_share)
    require(bool((count == np.floor(count)).all()), "analysis.parts-of-cases", "cases")
    require(not ((people == 0) & (count > 0)).any(), "analysis.cases-without-people", "cases")
    if count.sum() == 0:
        return ()
    expected = people * (count.sum() / people.sum())
    rings = _rings(xy, people, max_population_share * people.sum())
    best = _best_of_each_centre(rings, count, expected)
    maxima = _simulated_maxima(rings, expected, int(count.sum()), simulations, seed)
    apart = _without_overlap(rings, best, len(xy))[:max_clusters]
    return tuple(_cluster(rings[i], size, xy[i], count, expected, maxima=maxima) for i, size in apart)


@dataclass(frozen=True, slots=True, eq=False)
class _Ring:
    """A centre's places by distance, and the sizes at which its circle may stop."""

    order: Ints
    stops: Ints
    gaps: Floats


def _rings(xy: Floats, people: Floats, limit: float) -> list[_Ring]:
    rings = []
    for centre in xy:
        gap = np.hypot(*(xy - centre).T)
        order = np.argsort(gap, kind="stable")
        inside = np.cumsum(people[order])
        last_of_tie = np.r_[np.diff(gap[order]) > 0, True]
        # A relative tolerance: a share of exactly 0.1 must not depend on the order of addition.
        stops = np.flatnonzero(last_of_tie & (inside <= limit * (1 + 1e-12)) & (inside > 0))
        size = int(stops[-1]) + 1 if len(stops) else 0
        rings.append(_Ring(order[:size], stops, gap[order[:size]]))
    return rings


def _best_of_each_centre(rings: list[_Ring], count: Floats, expected: Floats) -> list[tuple[float, int, int]]:
    total = count.sum()
    best = []
    for centre, ring in enumerate(rings):
        if len(ring.stops) == 0:
            continue
        inside, mean = np.cumsum(count[ring.order])[ring.stops], np.cumsum(expected[ring.order])[ring.stops]
        llr = log_likelihood_ratio(inside, mean, total)
        stop = int(llr.argmax())
        best.append((float(llr[stop]), centre, int(ring.stops[stop]) + 1))
    return sorted(best, key=lambda item: (-item[0], item[1]))


def _simulated_maxima(rings: list[_Ring], expected: Floats, total: int, simulations: int, seed: int) -> Floats:
    share = np.cumsum(expected) / expected.sum()
    share[-1] = 1.0
    keys = counter_keys(total, seed)
    counts = np.empty((len(expected), simulations))
    for s in range(simulations):
        place = np.searchsorted(share, as_uniform(draw(keys, s)), side="right")
        counts[:, s] = np.bincount(place, minlength=len(expected))
    maxima = np.zeros(simulations)
    for ring in rings:
        if len(ring.stops) == 0:
            continue
        mean = np.cumsum(expected[ring.order])[ring.stops]
        inside = np.cumsum(counts[ring.order], axis=0)[ring.stops]
        np.maximum(maxima, log_likelihood_ratio(inside, mean[:, None], total).max(axis=0), out=maxima)
    return maxima


def _without_overlap(rings: list[_Ring], best: list[tuple[float, int, int]], places: int) -> list[tuple[int, int]]:
    """Centre and size of the circles that share no place with a better one, best first."""
    taken = np.zeros(places, dtype=bool)
    apart = []
    for llr, centre, size in best:
        members = rings[centre].order[:size]
        if llr <= 0 or taken[members].any():
            continue
        taken[members] = True
        apart.append((centre, size))
    return apart


def _cluster(
    ring: _Ring, size: int, centre: Floats, count: Floats, expected: Floats, *, maxima: Floats
) -> PoissonCluster:
    total, members = float(count.sum()), ring.order[:size]
    inside, mean = float(count[members].sum()), float(expected[members].sum())
    outside = (total - inside) / (total - mean) if total > mean else 0.0
    llr = float(log_likelihood_ratio(inside, mean, total))
    return PoissonCluster(
        members=members,
        centre_m=(float(centre[0]), float(centre[1])),
        radius_m=float(ring.gaps[size - 1]),
        observed=int(inside),
        expected=mean,
        relative_risk=inside / mean / outside if outside > 0 else float("inf"),
        llr=llr,
        p=float((1 + (maxima >= llr - 1e-9).sum()) / (len(maxima) + 1)),
    )
