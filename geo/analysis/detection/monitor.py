"""What the reports say on a day: findings of the statistical rules.

A `Monitor` holds the matters of a city and looks at any day of it; no look knows a later report. The corrections for a
year of daily looks are drawn from the matters up to the last of fixed days (every `REFRESH_DAYS`), so that a report
that arrives costs a look and no new drawing, and the same data give the same numbers whenever they are asked for.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

import numpy as np

from geo.analysis.clusters.dispersion import dispersion
from geo.analysis.clusters.inputs import Floats, Ints
from geo.analysis.clusters.lattice import Lattice
from geo.analysis.clusters.prospective import Past, observed_since, past_of, windows_on, zones_of
from geo.analysis.clusters.scan_law import law_of_looks, no_law
from geo.analysis.detection.corrections import Corrections, stored
from geo.analysis.detection.displacement import Displacement, displaced
from geo.analysis.detection.evidence import Evidence, MonitoredSites, Observed, observed, site_records
from geo.analysis.detection.looks import looks_of
from geo.analysis.detection.reactivation import Level, SiteLooks, looks_at
from geo.analysis.detection.thresholds import ClusterRule, Thresholds
from geo.cache import Cache

REFRESH_DAYS = 182
"""Half a year: what a year of looks is worth changes with the number of reports, and slowly."""
_ENOUGH = 0.8
_MOST_CLUSTERS = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule has found.

    `rule` is 'reactivation' (a site against its past and the city), 'emergence' (a cluster away from every known site),
    'cluster' (one that touches the corridor of `site`) or 'displacement' (the ring of a `site` that was dealt with).
    `x_m, y_m, radius_m` are the cluster's circle, else None. `members` are the rows of its matters in the evidence.
    `expected` is what the past or the city would bring. `p` is for a whole year of daily looks at all sites, or all
    circles and lengths (for a displacement for all looks after the day); `p_once` for this one look (None for a
    cluster). `sites` is the number of sites that `p` is for.
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
    members: tuple[int, ...]
    sites: int = 0
    wdq: float | None = None

    @property
    def recurrence_years(self) -> float:
        """In how many quiet years chance alone brings as much once."""
        return 1 / max(self.p, 1e-12)


class Monitor:
    """The matters of a city, to be looked at on any day."""

    def __init__(self, known: Evidence, monitored: MonitoredSites, *, thresholds: Thresholds, seed: int = 0) -> None:
        self.known = known
        self.monitored = monitored
        self.thresholds = thresholds
        self.seed = seed

    def findings(self, day: int) -> tuple[Finding, ...]:
        """What stands on the day: reactivations by site, clusters by ratio, displacements."""
        known = self.known.upto(day)
        if not len(known.reports):
            return ()
        seen = self._observed(known)
        found = (*self._reactivations(known, seen, day), *self._clusters(known, seen, day))
        return (*found, *self._displacements(known, day))

    def site_looks(self, day: int) -> tuple[SiteLooks, ...]:
        """The tests of each site on the day, in the sites' order, raised or not."""
        known = self.known.upto(day)
        records = site_records(known, self._observed(known), day, self.thresholds)
        return tuple(looks_at(record, np.array([day]), self.thresholds.reactivation) for record in records)

    def corrections(self, day: int) -> Corrections:
        """What a year of looks up to the day is worth, drawn from the matters up to the last fixed day before it."""
        whole = self.known.upto(day)
        basis, at = whole.upto(day - day % REFRESH_DAYS - 1), day - day % REFRESH_DAYS - 1
        if len(basis.reports) < _ENOUGH * len(whole.reports):  # a city that has just begun, or grown at once
            basis, at = whole, day
        key = _key(basis, self, at)
        drawn = _corrections.get(key, lambda: stored(key, lambda: self._drawn(basis, at)))
        then, now = (_of_year(part, when) for part, when in ((basis, at), (whole, day)))
        return Corrections(drawn.looks, drawn.scan.of_more(now / then)) if now > then > 0 else drawn

    def scan_of(
        self, known: Evidence, day: int, seen_from: Observed | None = None
    ) -> tuple[Past, Lattice, Ints] | None:
        """Past, circles and the day from which each is observed, for a scan on a day; the rows are `scanned`."""
        rows, since = self.scanned(known, day, seen_from)
        if len(rows) < self.thresholds.clusters.min_reports:
            return None
        held = known.reports.only(rows)
        past = past_of(held.points_m, held.days, since)
        zones = zones_of(past, self.thresholds.clusters.radii_m, self.thresholds.clusters.min_reports)
        return past, zones, observed_since(past, zones)

    def scanned(self, known: Evidence, day: int, seen_from: Observed | None = None) -> tuple[Ints, Ints]:
        """Rows of the matters that a scan on the day looks at, by day, and from when each place is observed."""
        start = day - self.thresholds.clusters.history_days + 1
        since = np.maximum((seen_from or self._observed(known)).places_of(known), start)
        days = known.reports.days
        rows = np.flatnonzero(known.placed & (days >= since) & (days <= day))
        return rows, since[rows]

    def _observed(self, known: Evidence) -> Observed:
        return observed(known, self.monitored, self.thresholds.observation)

    def _drawn(self, basis: Evidence, day: int) -> Corrections:
        rule = self.thresholds
        records = site_records(basis, self._observed(basis), day, rule)
        looks = looks_of(records, day, rule.reactivation)
        ready = self.scan_of(basis, day)
        if ready is None:
            return Corrections(looks, no_law(np.array(rule.clusters.lengths_days)))
        past, zones, since = ready
        spread = dispersion(past, self._places(basis, day), self.seed)
        zones, since, part = _districts(zones, since, rule.clusters)
        drawn = law_of_looks(
            past,
            zones,
            since,
            day - rule.clusters.look_back_days + 1,
            np.array(rule.clusters.lengths_days),
            np.array(rule.clusters.length_weights),
            rule.clusters.min_reports,
            simulations=rule.clusters.simulations,
            seed=self.seed,
            until=min(day + REFRESH_DAYS // 2, past.origin + rule.clusters.history_days - 1),
        )
        drawn = drawn.of_more(365 / rule.clusters.look_back_days / part)
        return Corrections(replace(looks, dispersion=spread), replace(drawn, dispersion=spread))

    def _places(self, basis: Evidence, day: int) -> Ints:
        """The number of the place of each matter of a scan: its ward, or the first site whose corridor holds it."""
        rows, _ = self.scanned(basis, day)
        rows = rows[_order_of(basis, rows)]
        held = basis.held[rows]
        at_site = int(basis.ward.max()) + 2 + held.argmax(axis=1) if held.shape[1] else 0
        return np.where(held.any(axis=1), at_site, basis.ward[rows] + 1)

    def _reactivations(self, known: Evidence, seen: Observed, day: int) -> list[Finding]:
        rule = self.thresholds.reactivation
        records = site_records(known, seen, day, self.thresholds)
        found = []
        for j, record in enumerate(records):
            look = looks_at(record, np.array([day]), rule)
            best = int(look.weighted[0].argmin())
            if look.p[0, best] > rule.watch_p:
                best = int(look.p[0].argmin())
            if look.p[0, best] <= rule.watch_p:
                found.append(self._reactivation(known, day, j, look, best))
        return found

    def _reactivation(self, known: Evidence, day: int, site: int, look: SiteLooks, window: int) -> Finding:
        rule = self.thresholds.reactivation
        once, first = float(look.p[0, window]), day - rule.windows_days[window] + 1
        looks = self.corrections(day).looks if once < rule.watch_p / 5 else None
        p = 1.0 if looks is None else looks.corrected(float(look.weighted[0, window]))
        days = known.reports.days
        rows = np.flatnonzero(known.held[:, site] & (days >= first) & (days <= day))
        verified = int(look.verified[0, window])
        return Finding(
            rule="reactivation",
            level=_level(p, rule.warning_p, rule.alert_p, verified >= 1),
            site=self.monitored.sites.site_ids[site],
            x_m=None,
            y_m=None,
            radius_m=None,
            first_day=first,
            last_day=day,
            observed=int(look.observed[0, window]),
            verified=verified,
            expected=float(look.expected[0, window]),
            p=max(p, once),
            p_once=once,
            members=tuple(rows.tolist()),
            sites=len(self.monitored.sites.site_ids),
        )

    def _clusters(self, known: Evidence, seen: Observed, day: int) -> list[Finding]:
        rule = self.thresholds.clusters
        ready = self.scan_of(known, day, seen)
        if ready is None:
            return []
        past, zones, since = ready
        lengths = np.array(rule.lengths_days)
        crowded = windows_on(past, zones, since, day, lengths, rule.min_reports)
        if not (crowded.llr > 0).any():
            return []
        scan = self.corrections(day).scan
        scores = scan.scores(crowded.llr, crowded.length)
        least = scan.score_at(rule.watch_p)
        rows, _ = self.scanned(known, day, seen)
        rows = rows[_order_of(known, rows)]
        order = np.lexsort((crowded.zone, crowded.length, zones.radii_m[crowded.zone], -scores))
        taken = np.zeros(len(past), dtype=bool)
        found: list[Finding] = []
        for at in order[(scores[order] >= least) & (crowded.llr[order] > 0)].tolist():
            zone, length = int(crowded.zone[at]), int(crowded.length[at])
            inside = zones.of(zone)
            inside = inside[(past.days[inside] > day - length) & (past.days[inside] <= day)]
            if taken[inside].any():
                continue
            taken[inside] = True
            circle = (*zones.centres_m[zone].tolist(), float(zones.radii_m[zone]))
            numbers = (length, float(crowded.expected[at]), scan.of(float(scores[at])))
            found.append(self._cluster(known, seen, day, rows[inside], circle, numbers))
            if len(found) == _MOST_CLUSTERS:
                break
        return found

    def _cluster(
        self,
        known: Evidence,
        seen: Observed,
        day: int,
        rows: Ints,
        circle: tuple[float, float, float],
        numbers: tuple[int, float, float],
    ) -> Finding:
        rule, (length, expected, p) = self.thresholds.clusters, numbers
        touched = known.held[rows]
        site = self.monitored.sites.site_ids[int(touched.sum(axis=0).argmax())] if touched.any() else None
        verified = int(known.reports.verified[rows].sum())
        # A site that is not observed for long has no base, so that what crowds there may be its first reports.
        least = day - self.thresholds.reactivation.least_base_days
        based = site is None or seen.sites[self.monitored.sites.site_ids.index(site)] <= least
        return Finding(
            rule="emergence" if site is None else "cluster",
            level=_level(p, rule.warning_p, rule.alert_p, verified >= rule.min_verified and based),
            site=site,
            x_m=circle[0],
            y_m=circle[1],
            radius_m=circle[2],
            first_day=day - length + 1,
            last_day=day,
            observed=len(rows),
            verified=verified,
            expected=expected,
            p=p,
            p_once=None,
            members=tuple(np.sort(rows).tolist()),
        )

    def _displacements(self, known: Evidence, day: int) -> list[Finding]:
        rule = self.thresholds.displacement
        first = int(known.reports.days[0])
        found = []
        for site, since in self.monitored.dealt:
            one = displaced(known.reports, self.monitored.sites, site, since, day, rule, first=first)
            if one is not None and one.p <= rule.watch_p:
                found.append(_displacement(one, rule.warning_p))
        return found


def _displacement(one: Displacement, warning_p: float) -> Finding:
    return Finding(
        rule="displacement",
        level="warning" if one.p <= warning_p and one.verified >= 1 else "watch",
        site=one.site,
        x_m=None,
        y_m=None,
        radius_m=None,
        first_day=one.since,
        last_day=one.last_day,
        observed=one.observed,
        verified=one.verified,
        expected=one.expected,
        p=one.p,
        p_once=None,
        members=tuple(one.members.tolist()),
        wdq=one.wdq,
    )


def _of_year(known: Evidence, day: int) -> int:
    """How many matters the year up to a day has brought."""
    return int((known.reports.days > day - 365).sum())


def _level(p: float, warning: float, alert: float, verified: bool) -> Level:
    if p > warning or not verified:
        return "watch"
    return "alert" if p <= alert else "warning"


def _order_of(known: Evidence, rows: Ints) -> Ints:
    """The order in which `past_of` holds the rows."""
    held = known.reports.only(rows)
    return np.lexsort((held.points_m[:, 1], held.points_m[:, 0], held.days))


def _districts(zones: Lattice, since: Ints, rule: ClusterRule) -> tuple[Lattice, Ints, float]:
    """The circles of as many districts as hold `most_pairs` pairs, and which part of all pairs that is."""
    if len(zones.member) <= rule.most_pairs:
        return zones, since, 1.0
    side = 4 * max(rule.radii_m)
    cell = np.floor(zones.centres_m / side).astype(np.int64)
    _, district = np.unique(cell, axis=0, return_inverse=True)
    held = np.bincount(district, weights=zones.sizes)
    chosen = np.random.default_rng(len(held)).permutation(len(held))
    upto = np.cumsum(held[chosen])
    chosen = chosen[: max(int(np.searchsorted(upto, rule.most_pairs)), 1)]
    wanted = np.isin(district, chosen)
    return zones.only(wanted), since[wanted], float(held[chosen].sum() / held.sum())


def _key(basis: Evidence, monitor: Monitor, day: int) -> str:
    digest = hashlib.blake2b(repr((day, monitor.seed, monitor.thresholds)).encode(), digest_size=16)
    seen, monitored = basis.reports, monitor.monitored
    columns: tuple[Floats | Ints, ...] = (seen.points_m, seen.days, basis.ward)
    for column in (*columns, basis.placed, basis.held):
        digest.update(np.ascontiguousarray(column).tobytes())
    digest.update(repr((monitored.site_since, monitored.ward_since, monitored.sites.site_ids)).encode())
    return digest.hexdigest()


_corrections: Cache[str, Corrections] = Cache(64)
