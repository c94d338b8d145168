"""Space-time interaction: are reports that are close in space also close in time, and how far does that reach?

Knox E. G. (1964), 'The detection of space-time interactions', Applied Statistics 13(1), 25-30, as computed by pointpats
(Rey and others, PySAL). Near repeats: Johnson S. D. and Bowers K. J. (2004), 'The stability of space-time clusters of
burglary', British Journal of Criminology 44(1), 55-65.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial import KDTree
from scipy.special import pdtrc

from geo.analysis.clusters.inputs import Floats, Ints, checked_counts, checked_days, checked_points, require
from geo.analysis.clusters.noise import draw, report_keys

# pointpats holds each pair in Python sets (about 100 bytes a pair); above this the same counts come from arrays.
_PAIRS_FOR_POINTPATS = 500_000
_PAIR_CHECKS = 400_000_000


@dataclass(frozen=True, slots=True)
class KnoxResult:
    """Pairs close in space and in time (distances equal to the limits count).

    `expected` is close-in-space times close-in-time over all pairs. `p_poisson` is P(X >= pairs), the chance of as many
    pairs or more; pointpats and tables made with it print P(X > pairs), which leaves out the very number observed.
    `p_permutation` is the share of `permutations` shuffles of the days, this one counted in, with at least as many
    pairs as observed.
    """

    pairs: int
    expected: float
    p_poisson: float
    p_permutation: float
    permutations: int


@dataclass(frozen=True, slots=True, eq=False)
class NearRepeat:
    """How far and how long the risk stays raised after a report; None if it is not.

    `ratio[i, j]` and `p[i, j]` are observed over expected pairs, and the p-value adjusted for the whole table, of the
    band between the limits `distances_m[i - 1]` and `distances_m[i]` (from 0 on) and the band of days likewise.
    """

    distance_m: float | None
    days: int | None
    distances_m: Floats
    limits_days: Ints
    ratio: Floats
    p: Floats


def knox(
    points_m: npt.ArrayLike,
    days: npt.ArrayLike,
    delta_m: float,
    tau_days: float,
    *,
    permutations: int = 999,
    seed: int = 0,
) -> KnoxResult:
    """The Knox test; fewer than two reports give no pair and p-values of 1.

    The pairs are counted by `pointpats.Knox`. Its permutations draw from the global random state one Python list at a
    time; ours draw from each report's own numbers, so that the same seed gives the same answer.

    Raises
    ------
    InputError
        Lengths that differ, values that are not finite, limits that are not finite or below 0.
    """
    points = checked_points(points_m)
    day = checked_days(days, len(points))
    require(0 <= delta_m < np.inf and 0 <= tau_days < np.inf, "analysis.limits-negative", "delta_m, tau_days")
    if len(points) < 2:
        return KnoxResult(0, 0.0, 1.0, 1.0, permutations)
    pairs, expected, p_poisson = _counts(points, day, delta_m, tau_days)
    exceeding, made = _exceeding(points, day, delta_m, tau_days, pairs=pairs, permutations=permutations, seed=seed)
    return KnoxResult(pairs, expected, p_poisson, (1 + exceeding) / (1 + made), made)


def near_repeat(
    points_m: npt.ArrayLike,
    days: npt.ArrayLike,
    distances_m: Sequence[float] = (100.0, 200.0, 300.0, 400.0, 500.0),
    limits_days: Sequence[int] = (7, 14, 21, 28),
    *,
    alpha: float = 0.05,
    permutations: int = 999,
    seed: int = 0,
) -> NearRepeat:
    """How far and how long the risk stays raised after a report, by Knox over a table of bands.

    A band is raised if its excess of pairs over the shuffled mean, in standard deviations, is greater than all
    but `alpha` of the shuffles' greatest excess anywhere in the table (Westfall and Young's max-T, so the whole table
    errs at most `alpha` of the time). `distance_m` is the last of the unbroken row of raised distance bands
    within the first days, `days` the last of the unbroken raised days within the first distance; both None if the very
    nearest and first band is not raised.

    Raises
    ------
    InputError
        Lengths that differ, values that are not finite, limits that do not rise from above 0.
    """
    points = checked_points(points_m)
    day = checked_days(days, len(points))
    distances = _rising(distances_m, "distances_m")
    limits = _rising(limits_days, "limits_days")
    first, second, gap = _close_pairs(points, float(distances[-1]))
    row = np.searchsorted(distances, gap, side="left")
    counted = _counts_by_band(row, len(distances), limits)
    tables = np.stack([counted(d[first] - d[second]) for d in _shuffles(points, day, permutations, seed)])
    ratio, p = _max_t(tables)
    raised = p <= alpha
    reach, stay = _run(raised[:, 0]), _run(raised[0, :])
    return NearRepeat(
        distance_m=float(distances[reach - 1]) if reach else None,
        days=int(limits[stay - 1]) if stay else None,
        distances_m=distances,
        limits_days=limits.astype(np.int64),
        ratio=ratio,
        p=p,
    )


def _counts(points: Floats, day: Ints, delta_m: float, tau_days: float) -> tuple[int, float, float]:
    in_space, in_time = KDTree(points), KDTree(day[:, None])
    n = len(points)
    close_in_space = (int(in_space.count_neighbors(in_space, delta_m)) - n) // 2
    close_in_time = (int(in_time.count_neighbors(in_time, tau_days)) - n) // 2
    if max(close_in_space, close_in_time) <= _PAIRS_FOR_POINTPATS:
        from pointpats import Knox

        result = Knox(points, day[:, None], delta=delta_m, tau=tau_days, permutations=0)
        count, mean = int(result.statistic_), float(result.expected[0, 0])
        return count, mean, _at_least(count, mean)
    pairs = sum(int((gap <= delta_m).sum()) for gap in _gaps_of_close_days(points, day, tau_days))
    expected = close_in_space * close_in_time / (n * (n - 1) / 2)
    return pairs, expected, _at_least(pairs, expected)


def _at_least(pairs: int, expected: float) -> float:
    """P(X >= pairs) of a Poisson count. `scipy.stats` says the same, and is expensive to import for every process."""
    return float(pdtrc(pairs - 1, expected)) if pairs > 0 else 1.0


def _gaps_of_close_days(points: Floats, day: Ints, tau_days: float) -> list[Floats]:
    order = np.argsort(day, kind="stable")
    xy, d = points[order], day[order]
    last = np.searchsorted(d, d + tau_days, side="right")
    return [np.hypot(*(xy[i + 1 : last[i]] - xy[i]).T) for i in range(len(d))]


def _exceeding(
    points: Floats, day: Ints, delta_m: float, tau_days: float, *, pairs: int, permutations: int, seed: int
) -> tuple[int, int]:
    tree = KDTree(points)
    close = (int(tree.count_neighbors(tree, delta_m)) - len(points)) // 2
    if close in (0, len(points) * (len(points) - 1) // 2):
        return permutations, permutations  # no pair or every pair is close in space: shuffling changes nothing
    made = max(99, min(permutations, _PAIR_CHECKS // close)) if permutations > 99 else permutations
    near = tree.query_pairs(delta_m, output_type="ndarray")
    a, b = near[:, 0], near[:, 1]
    shuffled = _shuffles(points, day, made, seed)[1:]
    return sum(int((np.abs(d[a] - d[b]) <= tau_days).sum() >= pairs) for d in shuffled), made


def _shuffles(points: Floats, day: Ints, permutations: int, seed: int) -> list[Ints]:
    """The days as they are, then shuffled `permutations` times."""
    keys = report_keys(points, day, seed)
    in_order = np.sort(day)
    result = [day]
    for s in range(permutations):
        shuffled = np.empty_like(day)
        shuffled[np.argsort(draw(keys, s))] = in_order
        result.append(shuffled)
    return result


def _close_pairs(points: Floats, limit_m: float) -> tuple[Ints, Ints, Floats]:
    if len(points) < 2:
        none = np.zeros(0, dtype=np.int64)
        return none, none, np.zeros(0)
    tree = KDTree(points)
    close = (int(tree.count_neighbors(tree, limit_m)) - len(points)) // 2
    require(close <= 20_000_000, "analysis.too-many-pairs", "distances_m", pairs=close)
    near = tree.query_pairs(limit_m, output_type="ndarray").astype(np.int64)
    return near[:, 0], near[:, 1], np.hypot(*(points[near[:, 0]] - points[near[:, 1]]).T)


def _counts_by_band(row: Ints, rows: int, limits: Floats) -> Callable[[Ints], Floats]:
    """Pairs apart by so many days → their number in each band of distances and days (rows, limits).

    `row` is the pairs' band of distances. What lies beyond the last band falls into a row and a column that are cut.
    """
    beyond, width = int(limits[-1]) + 1, len(limits) + 1
    column, begin = np.searchsorted(limits, np.arange(beyond + 1), side="left"), row * width

    def counted(apart: Ints) -> Floats:
        cells = begin + column[np.minimum(np.abs(apart), beyond)]
        table = np.bincount(cells, minlength=(rows + 1) * width).reshape(rows + 1, width)
        return table[:rows, :-1].astype(np.float64)

    return counted


def _max_t(tables: Floats) -> tuple[Floats, Floats]:
    """Observed over the shuffles' mean, and max-T adjusted p; `tables[0]` is the observed one."""
    mean, spread = tables.mean(axis=0), tables.std(axis=0)
    score = np.divide(tables - mean, spread, out=np.zeros_like(tables), where=spread > 0)
    greatest = score.max(axis=(1, 2))
    p = (greatest[:, None, None] >= score[0] - 1e-12).mean(axis=0)
    ratio = np.divide(tables[0], mean, out=np.ones_like(mean), where=mean > 0)
    return ratio, p


def _rising(values: Sequence[float], name: str) -> Floats:
    limits = checked_counts(list(values), len(values), name)
    rising = len(limits) > 0 and limits[0] > 0 and bool((np.diff(limits) > 0).all())
    require(rising, "analysis.limits-not-rising", name)
    return limits


def _run(raised: npt.NDArray[np.bool_]) -> int:
    return len(raised) if raised.all() else int(np.argmin(raised))
