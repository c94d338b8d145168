"""What the reports say on a day: findings of the statistical rules, for all reports at once or as they arrive.

`detect` looks at one day. `Monitor` holds what a scan needs (a grid of the places, each site's days, the simulated
maxima), so that a new report costs only what it touches. Both use the same rules and give the same numbers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace

import numpy as np

from geo.analysis.clusters.inputs import Floats, Ints
from geo.analysis.clusters.noise import report_keys
from geo.analysis.clusters.permutation import (
    SpaceTimeCluster,
    observed_clusters,
    prepare,
    share_reaching,
    simulated_maxima,
)
from geo.analysis.clusters.poisson import log_likelihood_ratio
from geo.analysis.clusters.zones import centres_of, circles
from geo.analysis.detection.inputs import Bools, Corridors, Reports, joined, reports
from geo.analysis.detection.reactivation import Level, SiteTest, compare_sites
from geo.analysis.detection.thresholds import ClusterRule, Thresholds


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule has found.

    `rule` is 'reactivation' (a site against its own past), 'emergence' (a cluster away from every known site) or
    'cluster' (one that touches the corridor of `site`). `x_m, y_m, radius_m` are the cluster's circle (None for a
    site). `members` are the rows of its reports, in the order given or added. `expected` is what chance or the past
    would bring. `p` is for a whole year of daily looks, and for a cluster for all places at once; `p_once` is for this
    one look (None for a cluster); `q` the false discovery rate over the sites (None for a cluster). `verified` counts
    the verified reports among the observed.
    """

    rule: str
    level: Level
    site: str | None
    x_m: float | None
    y_m: float | None
    radius_m: float | None
    first_day: int
    last_day: int
    observed: int
    verified: int
    expected: float
    p: float
    p_once: float | None
    q: float | None
    members: tuple[int, ...]


def detect(
    seen: Reports,
    sites: Corridors,
    day: int,
    *,
    observed_since: int,
    thresholds: Thresholds,
    seed: int = 0,
) -> tuple[Finding, ...]:
    """What stands on `day`: reactivations by site, then clusters by ratio. Reports after the day play no part.

    `observed_since` is the first day on which reports were collected. The same reports, in any order, give the same
    findings (but for the row numbers in `members`).
    """
    monitor = Monitor(sites, observed_since=observed_since, thresholds=thresholds, seed=seed)
    monitor.load(seen.only(seen.days <= day))
    rows = np.flatnonzero(seen.days <= day)
    return tuple(replace(f, members=tuple(rows[list(f.members)].tolist())) for f in monitor.findings(day))


class Monitor:
    """Reports as they come in, and what they add up to.

    `load` takes many at once, `add` one; `findings` says what stands on a day. The simulated maxima against which
    clusters are judged are stored, and drawn anew when the reports have changed by `refresh_share` or after
    `refresh_days`: one report among hundreds changes their distribution by less than its Monte Carlo error.
    """

    def __init__(self, sites: Corridors, *, observed_since: int, thresholds: Thresholds, seed: int = 0) -> None:
        self._sites = sites
        self._since = observed_since
        self._thresholds = thresholds
        self._seed = seed
        self._reports = Reports(np.zeros((0, 2)), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool))
        self._count = 0
        self._cells: dict[tuple[int, int], list[int]] = defaultdict(list)
        self._per_day: Counter[int] = Counter()
        self._site_rows: list[list[int]] = [[] for _ in sites.site_ids]
        self._maxima: Floats | None = None
        self._maxima_for = (0, 0)

    def __len__(self) -> int:
        return self._count

    @property
    def held(self) -> Reports:
        """All reports so far, in the order in which they came."""
        return self._reports.only(np.arange(self._count))

    def load(self, many: Reports) -> None:
        """Take many reports at once, without looking for findings."""
        rows = self._append(many)
        cells = np.floor(many.points_m / self._reach).astype(np.int64)
        for row, (i, j) in zip(rows, cells.tolist(), strict=True):
            self._cells[i, j].append(row)
        self._per_day.update(many.days.tolist())
        for site, inside in enumerate(self._sites.hold(many.points_m).T):
            self._site_rows[site] += (rows.start + np.flatnonzero(inside)).tolist()

    def add(self, x_m: float, y_m: float, day: int, verified: bool) -> tuple[Finding, ...]:
        """Take one report and return what it touches: the tests of its sites, and the best cluster it is in.

        Raises
        ------
        InputError
            A place or day that is not finite.
        """
        one = reports([[x_m, y_m]], [day], [verified])
        self.load(one)
        touched = self._sites.hold(one.points_m)[0]
        found = self._reactivations(int(one.days[0]), touched)
        cluster = self._cluster_round(one.points_m[0], int(one.days[0]))
        return (*found, cluster) if cluster else tuple(found)

    def findings(self, day: int) -> tuple[Finding, ...]:
        """What stands on the day: reactivations by site, then clusters alive, best first."""
        everywhere = np.ones(len(self._sites.site_ids), dtype=bool)
        return (*self._reactivations(day, everywhere), *self._clusters(day))

    def tests(self, day: int) -> tuple[SiteTest, ...]:
        """Each site's test on the day, raised or not."""
        held = self._reports
        rows = [np.asarray(r, dtype=np.int64) for r in self._site_rows]
        days, sure = [held.days[r] for r in rows], [held.verified[r] for r in rows]
        return compare_sites(days, sure, day, self._since, rule=self._thresholds.reactivation)

    def refresh(self, day: int) -> None:
        """Draw the simulated maxima anew, for the reports up to this day."""
        rule = self._thresholds.clusters
        recent = self._recent(day)
        self._maxima_for = (len(recent), day)
        self._maxima = np.zeros(rule.simulations)
        if len(recent) < rule.min_reports:
            return
        held = self._reports.only(recent)
        study = prepare(
            circles(held.points_m, rule.radii_m, spacing_m=rule.spacing_m),
            held.days,
            rule.lengths_days,
            rule.min_reports,
            day - rule.look_back_days + 1,
        )
        self._maxima = simulated_maxima(study, report_keys(held.points_m, held.days, self._seed), rule.simulations)

    @property
    def _reach(self) -> float:
        return max(self._thresholds.clusters.radii_m)

    def _append(self, many: Reports) -> range:
        begin, end = self._count, self._count + len(many)
        if end > len(self._reports):
            room = max(end, 2 * len(self._reports), 64) - self._count
            blank = Reports(np.zeros((room, 2)), np.zeros(room, dtype=np.int64), np.zeros(room, dtype=bool))
            self._reports = joined(self.held, blank)
        self._reports.points_m[begin:end] = many.points_m
        self._reports.days[begin:end] = many.days
        self._reports.verified[begin:end] = many.verified
        self._count = end
        return range(begin, end)

    def _recent(self, day: int) -> Ints:
        """Rows of the reports that a scan on the day looks at."""
        days = self._reports.days[: self._count]
        return np.flatnonzero((days <= day) & (days > day - self._thresholds.clusters.history_days))

    def _current_maxima(self, day: int) -> Floats:
        rule = self._thresholds.clusters
        count, drawn = self._maxima_for
        now = sum(n for d, n in self._per_day.items() if day - rule.history_days < d <= day)
        stale = abs(now - count) > rule.refresh_share * count or abs(day - drawn) > rule.refresh_days
        if self._maxima is None or stale:
            self.refresh(day)
        assert self._maxima is not None
        return self._maxima

    def _reactivations(self, day: int, wanted: Bools) -> list[Finding]:
        if not wanted.any():
            return []
        return [self._reactivation(t, day) for t in self.tests(day) if t.level is not None and wanted[t.site]]

    def _reactivation(self, test: SiteTest, day: int) -> Finding:
        first = day - self._thresholds.reactivation.window_days + 1
        rows = [r for r in self._site_rows[test.site] if first <= self._reports.days[r] <= day]
        assert test.level is not None
        return Finding(
            rule="reactivation",
            level=test.level,
            site=self._sites.site_ids[test.site],
            x_m=None,
            y_m=None,
            radius_m=None,
            first_day=first,
            last_day=day,
            observed=test.observed,
            verified=test.verified,
            expected=test.expected,
            p=test.p_year,
            p_once=min(test.p, test.early_p),
            q=test.q,
            members=tuple(rows),
        )

    def _clusters(self, day: int) -> list[Finding]:
        rule = self._thresholds.clusters
        recent = self._recent(day)
        if len(recent) < rule.min_reports:
            return []
        held = self._reports.only(recent)
        zones = circles(held.points_m, rule.radii_m, spacing_m=rule.spacing_m)
        alive = day - rule.alive_days + 1
        study = prepare(zones, held.days, rule.lengths_days, rule.min_reports, alive)
        found = observed_clusters(study, self._current_maxima(day), max_clusters=10)
        raised = [replace(c, members=recent[c.members]) for c in found if _cluster_level(c.p, rule)]
        return [self._finding(cluster) for cluster in raised]

    def _cluster_round(self, place: Floats, day: int) -> Finding | None:
        """The best cluster that holds the place and ends on the day: only circles that the new report can touch."""
        rule = self._thresholds.clusters
        rows = self._near(place, day)
        fresh = rows[self._reports.days[rows] > day - max(rule.lengths_days)]
        if len(fresh) < rule.min_reports:  # most reports come alone, and cost no more than this
            return None
        points, days = self._reports.points_m[rows], self._reports.days[rows]
        centres = centres_of(points, rule.spacing_m)
        centres = centres[np.hypot(*(centres - place).T) <= self._reach]
        gap = np.hypot(centres[:, None, 0] - points[:, 0], centres[:, None, 1] - points[:, 1])
        best = self._best_cylinder(gap, np.hypot(*(centres - place).T), days, day)
        if best is None:
            return None
        llr, centre, radius, length, expected = best
        p = share_reaching(self._current_maxima(day), llr)
        if _cluster_level(p, rule) is None:
            return None
        inside = (gap[centre] <= radius) & (days > day - length)
        x, y = centres[centre].tolist()
        found = SpaceTimeCluster(
            members=np.sort(rows[inside]),
            zone="",
            centre_m=(x, y),
            radius_m=radius,
            first_day=day - length + 1,
            last_day=day,
            observed=int(inside.sum()),
            expected=expected,
            llr=llr,
            p=p,
        )
        return self._finding(found)

    def _near(self, place: Floats, day: int) -> Ints:
        """Rows of the recent reports whose circles could hold the place: within twice the reach and a cell."""
        i, j = np.floor(place / self._reach).astype(np.int64).tolist()
        around = [(i + a, j + b) for a in range(-3, 4) for b in range(-3, 4)]
        rows = np.array([row for cell in around for row in self._cells.get(cell, ())], dtype=np.int64)
        days = self._reports.days[rows]
        return rows[(days <= day) & (days > day - self._thresholds.clusters.history_days)]

    def _best_cylinder(
        self, gap: Floats, to_place: Floats, days: Ints, day: int
    ) -> tuple[float, int, float, int, float] | None:
        """Ratio, centre, radius, length and expected number of the best cylinder round the place, None without one."""
        rule = self._thresholds.clusters
        total = sum(n for d, n in self._per_day.items() if day - rule.history_days < d <= day)
        best: tuple[float, int, float, int, float] | None = None
        for radius in rule.radii_m:
            within = (gap <= radius) & (to_place <= radius)[:, None]
            ever = within.sum(axis=1)
            for length in rule.lengths_days:
                observed = (within & (days > day - length)).sum(axis=1)
                city = sum(self._per_day[d] for d in range(day - length + 1, day + 1))
                expected = ever * city / total
                llr = np.where(observed >= rule.min_reports, log_likelihood_ratio(observed, expected, float(total)), 0)
                top = int(llr.argmax())
                if llr[top] > (best[0] if best else 0.0):
                    best = (float(llr[top]), top, float(radius), int(length), float(expected[top]))
        return best

    def _finding(self, cluster: SpaceTimeCluster) -> Finding:
        places = self._reports.points_m[cluster.members]
        touched = self._sites.hold(places)
        site = self._sites.site_ids[int(touched.sum(axis=0).argmax())] if touched.any() else None
        level = _cluster_level(cluster.p, self._thresholds.clusters)
        assert level is not None
        return Finding(
            rule="emergence" if site is None else "cluster",
            level=level,
            site=site,
            x_m=cluster.centre_m[0],
            y_m=cluster.centre_m[1],
            radius_m=cluster.radius_m,
            first_day=cluster.first_day,
            last_day=cluster.last_day,
            observed=cluster.observed,
            verified=int(self._reports.verified[cluster.members].sum()),
            expected=cluster.expected,
            p=cluster.p,
            p_once=None,
            q=None,
            members=tuple(cluster.members.tolist()),
        )


def _cluster_level(p: float, rule: ClusterRule) -> Level | None:
    if p <= rule.alert_p:
        return "alert"
    if p <= rule.warning_p:
        return "warning"
    return "watch" if p <= rule.watch_p else None
