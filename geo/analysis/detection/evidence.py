"""What a look rests on: matters with their wards, the sites, and from when each place is observed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.analysis.clusters.inputs import Ints
from geo.analysis.detection.inputs import Bools, Corridors, Reports
from geo.analysis.detection.observation import NEVER, first_day, late_start, site_starts, ward_starts
from geo.analysis.detection.reactivation import SiteRecord
from geo.analysis.detection.thresholds import ObservationRule, Thresholds


@dataclass(frozen=True, slots=True, eq=False)
class MonitoredSites:
    """The sites, and the days from which sites and wards are observed as the office recorded it (None: not recorded).

    `dealt`: (row of the site, day) for each time that a site was dealt with.
    """

    sites: Corridors
    site_since: tuple[int | None, ...] = ()
    ward_since: tuple[int | None, ...] = ()
    dealt: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Matters in order of day: `reports`, the row of each one's `ward` (-1: none), whether a place is known (`placed`)
    or only the site, and which sites' corridors hold it, `held` (n, sites)."""

    reports: Reports
    ward: Ints
    placed: Bools
    held: Bools

    def upto(self, day: int) -> Evidence:
        """The matters up to and with a day."""
        return self.rows(np.arange(int(np.searchsorted(self.reports.days, day, side="right"))))

    def rows(self, wanted: Ints | Bools) -> Evidence:
        """The wanted matters."""
        return Evidence(self.reports.only(wanted), self.ward[wanted], self.placed[wanted], self.held[wanted])


def evidence(
    reports: Reports, monitored: MonitoredSites, *, ward: Ints | None = None, placed: Bools | None = None
) -> tuple[Evidence, Ints]:
    """The evidence of matters in any order, and the given row of each of its matters (n,).

    Without `ward` all lie in one; without `placed` the place of all is known.
    """
    order = np.lexsort((reports.points_m[:, 1], reports.points_m[:, 0], reports.days))
    count = len(reports)
    ward = np.zeros(count, dtype=np.int64) if ward is None else ward
    placed = np.ones(count, dtype=bool) if placed is None else placed
    held = monitored.sites.hold(reports.points_m)
    return Evidence(reports, ward, placed, held).rows(order), order


@dataclass(frozen=True, slots=True, eq=False)
class Observed:
    """From when what is observed, as day numbers: `sites` for their own base, `corridors` and `wards` for the scan.

    `otherwise` is the city's first day.
    """

    sites: Ints
    corridors: Ints
    wards: Ints
    otherwise: int

    def places_of(self, known: Evidence) -> Ints:
        """From when the place of each matter is observed (n,): with its ward, or with a corridor that is so later."""
        found = np.full(len(known.reports), self.otherwise)
        inside = (known.ward >= 0) & (known.ward < len(self.wards))
        found[inside] = self.wards[known.ward[inside]]
        for j, since in enumerate(self.corridors.tolist()):
            found[known.held[:, j]] = np.maximum(found[known.held[:, j]], since)
        return found


def observed(known: Evidence, monitored: MonitoredSites, rule: ObservationRule) -> Observed:
    """From when sites, corridors and wards are observed, by the records and by the matters given.

    A site has a base from its first reports on. For the scan its corridor is observed with its ward, or later where its
    reports begin later than chance explains: a burst at a place that never reported is a cluster, and no beginning.
    """
    seen = known.reports
    recorded = _padded(monitored.site_since, len(monitored.sites.site_ids))
    mine = [seen.days[known.held[:, j]] for j in range(len(recorded))]
    wards = _padded(monitored.ward_since, int(known.ward.max(initial=-1)) + 1)
    city = first_day(seen.days, rule)
    if city == NEVER:
        city = int(seen.days.min()) if len(seen) else NEVER
    late = [late_start(days, city, rule) if day is None else day for days, day in zip(mine, recorded, strict=True)]
    corridors = np.array([city if day is None else day for day in late], dtype=np.int64)
    from_ward = ward_starts(known.ward, seen.points_m, seen.days, wards, city, rule)
    return Observed(site_starts(mine, recorded, city, rule), corridors, from_ward, city)


def site_records(known: Evidence, seen_from: Observed, day: int, rule: Thresholds) -> list[SiteRecord]:
    """Each site's matters and the rest of the city's, as `geo.analysis.detection.reactivation` needs them."""
    days, sure = known.reports.days, known.reports.verified
    longest = rule.reactivation.base_days + rule.reactivation.guard_days + max(rule.reactivation.windows_days)
    records, places = [], seen_from.places_of(known)
    for j, since in enumerate(seen_from.sites.tolist()):
        mine = known.held[:, j] & (days >= since)
        as_long = places <= max(since, day - longest, seen_from.otherwise)
        rest = ~known.held[:, j] & as_long & (days >= places)
        records.append(SiteRecord(days[mine], sure[mine].astype(np.float64), days[rest], since))
    return records


def _padded(since: Sequence[int | None], count: int) -> tuple[int | None, ...]:
    return (*since, *(None,) * (count - len(since)))[: max(count, len(since))]
