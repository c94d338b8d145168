"""Near repeats: how far and how long the risk of a further report stays raised, and where that holds on a day.

The table of bands is `geo.analysis.clusters.near_repeat` (Knox 1964; Johnson and Bowers 2004). One cluster of many
reports would raise it for a whole city, so it is spoken of only where repeats were seen in several separate places,
and where the table shows them also if no place speaks for more than two of its reports.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from geo.analysis.clusters import near_repeat
from geo.analysis.detection.inputs import Reports
from geo.analysis.detection.thresholds import NearRepeatRule

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_PAIR_DRAWS = 12_000_000
"""Pairs times shuffles that take some 0.3 s; with more pairs there are fewer shuffles."""


@dataclass(frozen=True, slots=True)
class Repeats:
    """The reach of raised risk after a report: `distance_m` and `days`, with the `p` of the nearest band.

    `pairs` of reports came within that reach of each other, in `places` separate places, where chance would bring
    `expected` pairs.
    """

    distance_m: float
    days: int
    p: float
    pairs: int
    places: int
    expected: float


def repeats(held: Reports, rule: NearRepeatRule) -> Repeats | None:
    """The reach of raised risk that the reports show; None where they show none, or are too few or too many to say."""
    most = int(_PAIR_DRAWS * rule.alpha)
    if len(held) < 2 or pairs_at_least(held.points_m, max(rule.distances_m)) > most:
        return None
    tree = KDTree(held.points_m)
    close = (int(tree.count_neighbors(tree, max(rule.distances_m))) - len(held)) // 2
    shuffles = min(rule.permutations, _PAIR_DRAWS // max(close, 1))
    if close == 0 or shuffles < 1 / rule.alpha:
        return None
    limits = [int(limit) for limit in rule.days]
    table = near_repeat(held.points_m, held.days, rule.distances_m, limits, alpha=rule.alpha, permutations=shuffles)
    if table.distance_m is None or table.days is None:
        return None
    alone = held.only(_two_a_place(held, table.distance_m, table.days))
    # Of a crowd two reports are left: with chance pairs in other places it would else speak for all of them.
    table = near_repeat(alone.points_m, alone.days, rule.distances_m, limits, alpha=rule.alpha, permutations=shuffles)
    if table.distance_m is None or table.days is None:
        return None
    near = tree.query_pairs(table.distance_m, output_type="ndarray")
    both = near[np.abs(held.days[near[:, 0]] - held.days[near[:, 1]]) <= table.days]
    chance = len(near) * _close_in_time(held.days, table.days) / (len(held) * (len(held) - 1) / 2)
    places = sum(len(group) > 1 for group in _components(len(held), both))
    return Repeats(table.distance_m, table.days, float(table.p[0, 0]), len(both), places, chance)


def _two_a_place(held: Reports, distance_m: float, days: int) -> Ints:
    """Rows of the first two reports of each place that hangs together by pairs within this reach, ascending."""
    near = KDTree(held.points_m).query_pairs(distance_m, output_type="ndarray")
    both = near[np.abs(held.days[near[:, 0]] - held.days[near[:, 1]]) <= days]
    firsts = [rows[np.argsort(held.days[rows], kind="stable")[:2]] for rows in _components(len(held), both)]
    return np.sort(np.concatenate(firsts))


def pairs_at_least(points_m: Floats, distance_m: float) -> int:
    """A number of pairs within a distance, and no more than there are: those in one square of that diagonal."""
    cell = np.floor(points_m * (np.sqrt(2) / distance_m))
    held = np.unique(cell[:, 0] + 1j * cell[:, 1], return_counts=True)[1]
    return int((held * (held - 1) // 2).sum())


def groups(points_m: Floats, apart_m: float) -> list[Ints]:
    """Rows of the places that hang together by steps of at most `apart_m`, in the order of their first row."""
    near = KDTree(points_m).query_pairs(apart_m, output_type="ndarray")
    return _components(len(points_m), near)


def _components(count: int, pairs: Ints) -> list[Ints]:
    links = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    label = connected_components(links, directed=False)[1]
    order = np.argsort(label, kind="stable")
    bounds = np.flatnonzero(np.diff(label[order])) + 1
    return [rows.astype(np.int64) for rows in np.split(order, bounds)]


def _close_in_time(days: Ints, limit: int) -> int:
    """Pairs of days at most `limit` apart."""
    ordered = np.sort(days)
    last = np.searchsorted(ordered, ordered + limit, side="right")
    return int((last - np.arange(1, len(days) + 1)).sum())
