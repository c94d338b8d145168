"""One matter, one report: what several reports say of one place within a few days counts once.

A matter is reports that hang together by steps of at most `metres`, less `metres_a_day` for each day between them, and
last no longer than `days`; what comes later is the next matter, so that a place from which reports come all year is no
single matter. What `told_reports` and more tell of is talked about, and takes in what lies within `told_metres` on
these days: of many places given for one matter some lie wide, and each would be a matter of its own beside it.

A matter is verified if one of its reports is. How much inspections find follows from how often somebody goes there:
their reports make no matter of their own, and verify one that was reported within `effort_metres` and `effort_days`
before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from geo.analysis.clusters.inputs import Floats, Ints
from geo.analysis.detection.inputs import Bools, Reports
from geo.analysis.detection.thresholds import CollapseRule


@dataclass(frozen=True, slots=True, eq=False)
class Matters:
    """Matters as reports, one each, in order of day; `matter_of` (n,) says of each given report which matter it is.

    -1 is a report of an inspection that belongs to none. `first` (matters,) are the rows of the first reports, of which
    place and day are taken.
    """

    reports: Reports
    matter_of: Ints
    first: Ints

    def rows_of(self, matters: Ints) -> Ints:
        """The rows of all reports of some matters, ascending."""
        return np.flatnonzero(np.isin(self.matter_of, matters))


def collapsed(seen: Reports, rule: CollapseRule, *, effort: Bools | None = None, linked: Ints | None = None) -> Matters:
    """The matters of reports.

    Parameters
    ----------
    effort
        (n,) which reports come from inspections; none if not given.
    linked
        (n,) the number of the matter that an officer linked a report to, -1 for none; such reports are one matter
        wherever and whenever they were made.
    """
    people = np.arange(len(seen)) if effort is None else np.flatnonzero(~effort)
    people = people[np.lexsort((seen.points_m[people, 1], seen.points_m[people, 0], seen.days[people]))]
    leader = np.full(len(seen), -1)
    leader[people] = people[_leaders(seen.points_m[people], seen.days[people], rule)]
    if linked is not None:
        _follow_links(leader, linked, seen.days)
    first = np.unique(leader[people])
    first = first[np.lexsort((seen.points_m[first, 1], seen.points_m[first, 0], seen.days[first]))]
    number = np.full(len(seen) + 1, -1)
    number[first] = np.arange(len(first))
    matter_of = number[leader]
    if effort is not None and effort.any() and len(first):
        rows = np.flatnonzero(effort)
        matter_of[rows] = _visited(seen, rows, first, rule)
    of_one = matter_of >= 0
    verified = np.bincount(matter_of[of_one], weights=seen.verified[of_one], minlength=len(first)) > 0
    return Matters(Reports(seen.points_m[first], seen.days[first], verified), matter_of, first)


def _visited(seen: Reports, rows: Ints, first: Ints, rule: CollapseRule) -> Ints:
    """The matter that each inspection's report is of: the latest within reach and the days before, -1 for none."""
    near = KDTree(seen.points_m[first]).query_ball_point(seen.points_m[rows], rule.effort_metres)
    found = np.full(len(rows), -1)
    for i, (row, matters) in enumerate(zip(rows.tolist(), near, strict=True)):
        ago = [(int(seen.days[row] - seen.days[first[m]]), -m) for m in matters]
        fitting = [(days, -m) for days, m in ago if 0 <= days <= rule.effort_days]
        found[i] = min(fitting)[1] if fitting else -1
    return found


def _leaders(points: Floats, days: Ints, rule: CollapseRule) -> Ints:
    """For reports in order of day, then place, the row of the first report of each one's matter (n,).

    Reports of one point and one day are one matter whatever else there is: they are looked at once. Of many that name
    the same point (a site without a chainage, an address that stands for a whole street) the pairs would else grow as
    the square.
    """
    placed = np.column_stack([days, points])
    first = np.flatnonzero(np.r_[True, (placed[1:] != placed[:-1]).any(axis=1)][: len(days)])
    alike = np.diff(first, append=len(days))
    return np.repeat(first[_leaders_apart(points[first], days[first], alike, rule)], alike)


def _leaders_apart(points: Floats, days: Ints, alike: Ints, rule: CollapseRule) -> Ints:
    """The same for reports of which no two have place and day in common, each of which stands for `alike` (n,)."""
    limit = int(rule.days)
    leader = np.arange(len(days))
    if len(days) < 2:
        return leader
    # A pair at most `limit` days and so many metres apart; days are stretched so that one search finds both.
    scale = rule.metres / (limit + 0.5) if rule.metres > 0 else 1.0
    tree = KDTree(np.column_stack([points, days * scale]))
    pairs = tree.query_pairs(rule.metres * np.sqrt(2) + 1e-9, output_type="ndarray")
    apart = np.abs(days[pairs[:, 1]] - days[pairs[:, 0]])
    _join(leader, days, pairs[_gaps(points, pairs) <= rule.metres - rule.metres_a_day * apart], limit)
    repeated = np.flatnonzero(np.bincount(leader, weights=alike, minlength=len(days))[leader] >= rule.told_reports)
    if len(repeated):
        near = tree.query_ball_point(tree.data[repeated], float(np.hypot(rule.told_metres, limit * scale)) + 1e-9)
        row = np.repeat(repeated, np.fromiter(map(len, near), dtype=np.int64, count=len(near)))
        pairs = np.column_stack([row, np.concatenate([np.asarray(rows, dtype=np.int64) for rows in near])])
        _join(leader, days, pairs[_gaps(points, pairs) <= rule.told_metres], limit)
    return leader


def _gaps(points: Floats, pairs: Ints) -> Floats:
    """How many metres the reports of each pair (rows, (pairs, 2)) lie apart."""
    return np.asarray(np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T))


def _join(leader: Ints, days: Ints, pairs: Ints, limit: int) -> None:
    """In order of time each pair joins two matters, unless both together would last longer than `limit` days."""
    early, late = pairs.min(axis=1), pairs.max(axis=1)
    together = (leader[early] != leader[late]) & (days[late] - days[early] <= limit)
    early, late = early[together], late[together]
    last = np.zeros_like(days)
    np.maximum.at(last, leader, days)
    for a, b in zip(*(part[np.lexsort((early, late))].tolist() for part in (early, late)), strict=True):
        one, other = _head(leader, a), _head(leader, b)
        if one != other and max(last[one], last[other]) - min(days[one], days[other]) <= limit:
            first, second = min(one, other), max(one, other)
            leader[second], last[first] = first, max(last[one], last[other])
    while (leader[leader] != leader).any():
        leader[:] = leader[leader]


def _head(leader: Ints, row: int) -> int:
    """The first report of a report's matter."""
    while leader[row] != row:
        row = int(leader[row])
    return row


def _follow_links(leader: Ints, linked: Ints, days: Ints) -> None:
    """Reports that were linked follow the earliest of them, with all that followed them before."""
    rows = np.flatnonzero((linked >= 0) & (leader >= 0))
    heads, head = np.unique(leader[rows], return_inverse=True)
    _, matter = np.unique(linked[rows], return_inverse=True)
    count = len(heads) + len(rows)  # heads first, then the matters that officers made
    links = coo_matrix((np.ones(len(rows)), (head, len(heads) + matter)), shape=(count, count))
    together = connected_components(links, directed=False)[1][: len(heads)]
    order = np.lexsort((heads, days[heads], together))
    first = order[np.diff(together[order], prepend=-1) != 0]
    earliest = np.empty(count, dtype=np.int64)
    earliest[together[first]] = heads[first]
    follows = np.isin(leader, heads)
    leader[follows] = earliest[together[np.searchsorted(heads, leader[follows])]]
