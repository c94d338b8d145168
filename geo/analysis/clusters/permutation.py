"""The space-time permutation scan: clusters found from the reports' own places and days, without a population.

Kulldorff M., Heffernan R., Hartman J., Assunção R., Mostashari F. (2005), 'A space-time permutation scan statistic for
disease outbreak detection', PLoS Medicine 2(3): e59. Places and days are shuffled against each other, so what is always
busy (a site) or busy everywhere at once (a season, a campaign) is no cluster; what is new at one place is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.analysis.clusters.inputs import Floats, Ints, checked_days, checked_points, require
from geo.analysis.clusters.noise import Words, draw, report_keys
from geo.analysis.clusters.poisson import log_likelihood_ratio
from geo.analysis.clusters.zones import Zones, circles


@dataclass(frozen=True, slots=True, eq=False)
class SpaceTimeCluster:
    """A cylinder with more reports than its place and its days explain.

    `members` are the rows of its reports; `first_day` and `last_day` both count; `expected` is the reports of the place
    times the reports of the days over all reports; `llr` the Poisson generalised log-likelihood ratio; `p` the share of
    simulations, this one counted in, whose greatest ratio anywhere reaches `llr`. `zone` says which window in space;
    `centre_m` and `radius_m` are its circle, NaN for a window of another kind.
    """

    members: Ints
    zone: str
    centre_m: tuple[float, float]
    radius_m: float
    first_day: int
    last_day: int
    observed: int
    expected: float
    llr: float
    p: float


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """Reports and windows made ready for many scans.

    Windows in time are the `lengths` days up to and with the day of a report. `city[l, d]` is the number of all
    reports in the `lengths[l]` days that end on day `origin + d`. Windows that end before day `origin + since` are
    not looked at. `base` is, for each member of each zone, the number of the zone times `span`: with a day added it is
    a key that sorts by zone and day; 32 bits wide where they suffice, which sorts twice as fast.
    """

    zones: Zones
    base: npt.NDArray[np.integer]
    span: int
    days: Ints
    origin: int
    lengths: Ints
    city: Ints
    since: int
    min_cases: int

    @property
    def total(self) -> int:
        """The number of reports."""
        return len(self.days)


def scan_space_time_permutation(
    points_m: npt.ArrayLike,
    days: npt.ArrayLike,
    *,
    zones: Zones | None = None,
    lengths_days: Sequence[int] = (7, 14, 21, 28),
    min_cases: int = 3,
    ending_since: int | None = None,
    simulations: int = 999,
    seed: int = 0,
    max_clusters: int = 10,
) -> tuple[SpaceTimeCluster, ...]:
    """Clusters in space and time, greatest ratio first, no two of which share place and time; maybe none.

    Parameters
    ----------
    points_m, days
        (n, 2) metres and (n,) day numbers.
    zones
        Windows in space over these points; circles of 150 and 300 m if not given.
    lengths_days
        Lengths of the windows in time; each ends on the day of a report.
    ending_since
        Only windows that end on this day or later. The simulations look through the same windows, so that
        p is for all of them together: with the day a year ago, p is right for a whole year of daily looks.

    Raises
    ------
    InputError
        Lengths that differ, values that are not finite, zones of other points, lengths below 1.
    """
    points = checked_points(points_m)
    day = checked_days(days, len(points))
    if len(points) < min_cases:
        return ()
    study = prepare(zones or circles(points), day, lengths_days, min_cases, ending_since)
    maxima = simulated_maxima(study, report_keys(points, day, seed), simulations)
    return observed_clusters(study, maxima, max_clusters)


def prepare(
    zones: Zones, day: Ints, lengths_days: Sequence[int], min_cases: int, ending_since: int | None = None
) -> Study:
    """The study of these windows and days; windows that hold fewer than `min_cases` reports ever are left out."""
    lengths = np.unique(np.asarray(list(lengths_days), dtype=np.int64))
    require(bool(len(lengths)) and bool((lengths > 0).all()), "analysis.lengths-not-days", "lengths_days")
    require(min_cases >= 2, "analysis.min-cases", "min_cases", value=min_cases)
    fits = len(zones.members) == 0 or int(zones.members.max()) < len(day)
    require(fits, "analysis.zones-of-other-points", "zones")
    useful = zones.keep(zones.sizes >= min_cases)
    origin = int(day.min())
    per_day = np.bincount(day - origin)
    running = np.r_[0, np.cumsum(per_day)]
    ends = np.arange(1, len(running))
    city = np.stack([running[ends] - running[np.maximum(ends - length, 0)] for length in lengths])
    span = int(day.max()) - origin + int(lengths[-1]) + 2
    width = np.dtype(np.int32 if len(useful) * span < 2**31 else np.int64)
    base = np.repeat(np.arange(len(useful)) * span, useful.sizes).astype(width)
    since = origin if ending_since is None else ending_since
    return Study(useful, base, span, day - origin, origin, lengths, city, since - origin, min_cases)


def simulated_maxima(study: Study, keys: Words, simulations: int) -> Floats:
    """The greatest log-likelihood ratio of each simulation, shape (simulations,); days are shuffled by the keys."""
    in_order = np.sort(study.days)
    shuffled = np.empty_like(study.days)
    maxima = np.zeros(simulations)
    for s in range(simulations):
        shuffled[np.argsort(draw(keys, s))] = in_order
        windows = crowded_windows(study, shuffled)
        if len(windows.llr):
            maxima[s] = windows.llr.max()
    return maxima


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Cylinders with at least the least number of reports: arrays of the same length."""

    zone: Ints
    length: Ints
    end: Ints
    observed: Ints
    expected: Floats
    llr: Floats


_NO_DAYS, _NO_NUMBERS = np.zeros(0, dtype=np.int64), np.zeros(0)
_NO_WINDOWS = Windows(_NO_DAYS, _NO_DAYS, _NO_DAYS, _NO_DAYS, _NO_NUMBERS, _NO_NUMBERS)


def crowded_windows(study: Study, days: Ints) -> Windows:
    """All cylinders that end on the day of a report in them and hold `min_cases` or more, with their ratios.

    Reports are sorted by zone and day in one key; a report whose (min_cases - 1)th forerunner is too long ago ends no
    window, which leaves few. The counts of those are two look-ups each, so thousands at one place cost no more.
    """
    of_members = days.astype(study.base.dtype)[study.zones.members]
    key = study.base + of_members
    longest = int(study.lengths[-1])
    if study.since > longest:
        key = key[of_members > study.since - longest]  # no window that is looked at reaches back further
    key.sort()
    if len(key) < study.min_cases:
        return _NO_WINDOWS
    back = study.min_cases - 1
    ends = back + np.flatnonzero(key[back:] - key[: len(key) - back] < longest)
    last = np.r_[key[1:] != key[:-1], True][ends]  # of several on one day the last one sees them all
    ends = ends[last & (key[ends] % study.span >= study.since)]
    parts = [_windows_of_length(study, key, ends, i) for i in range(len(study.lengths))]
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    zone, length, end, observed, expected = columns
    return Windows(zone, length, end, observed, expected, log_likelihood_ratio(observed, expected, float(study.total)))


def _windows_of_length(
    study: Study, key: npt.NDArray[np.integer], ends: Ints, index: int
) -> tuple[Ints, Ints, Ints, Ints, Floats]:
    length = int(study.lengths[index])
    observed = ends + 1 - np.searchsorted(key, key[ends] - key.dtype.type(length), side="right")
    enough = observed >= study.min_cases
    observed, at = observed[enough], key[ends[enough]].astype(np.int64)
    zone, end = np.divmod(at, study.span)
    expected = study.zones.sizes[zone] * study.city[index, end] / study.total
    return zone, np.full(len(zone), length), end, observed, expected


def observed_clusters(study: Study, maxima: Floats, max_clusters: int) -> tuple[SpaceTimeCluster, ...]:
    """The clusters of the study's own days; each next one shares no place and time with those before it."""
    windows = crowded_windows(study, study.days)
    # By ratio, then the smaller and shorter window, so that ties fall the same way on every machine.
    order = np.lexsort((windows.end, windows.zone, windows.length, study.zones.sizes[windows.zone], -windows.llr))
    order = order[windows.llr[order] > 0]
    found: list[SpaceTimeCluster] = []
    while len(order) and len(found) < max_clusters:
        best = order[0]
        found.append(_cluster(study, windows, int(best), maxima))
        touching = _zones_touching(study.zones, int(windows.zone[best]))[windows.zone[order]]
        start = windows.end[order] - windows.length[order]
        apart = (start >= windows.end[best]) | (windows.end[order] <= windows.end[best] - windows.length[best])
        order = order[~touching | apart]
    return tuple(found)


def _zones_touching(zones: Zones, zone: int) -> npt.NDArray[np.bool_]:
    inside = np.zeros(int(zones.members.max()) + 1, dtype=bool)
    inside[zones.of(zone)] = True
    return np.asarray(np.logical_or.reduceat(inside[zones.members], zones.starts[:-1]))


def _cluster(study: Study, windows: Windows, index: int, maxima: Floats) -> SpaceTimeCluster:
    zone, end = int(windows.zone[index]), int(windows.end[index])
    start = end - int(windows.length[index]) + 1
    places = study.zones.of(zone)
    inside = places[(study.days[places] >= start) & (study.days[places] <= end)]
    x, y = study.zones.centres_m[zone]
    return SpaceTimeCluster(
        members=inside,
        zone=study.zones.labels[zone],
        centre_m=(float(x), float(y)),
        radius_m=float(study.zones.radii_m[zone]),
        first_day=start + study.origin,
        last_day=end + study.origin,
        observed=int(windows.observed[index]),
        expected=float(windows.expected[index]),
        llr=float(windows.llr[index]),
        p=share_reaching(maxima, float(windows.llr[index])),
    )


def share_reaching(maxima: Floats, llr: float) -> float:
    """The Monte Carlo p-value: the share of maxima that reach the ratio, the observed one counted in."""
    return float((1 + (maxima >= llr - 1e-9).sum()) / (len(maxima) + 1))
