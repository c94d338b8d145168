"""What became of the streets round a site after it was dealt with: site, ring and control, before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from geo.situation.snapshot import Situation

if TYPE_CHECKING:
    from geo.analysis.detection.displacement import Displacement


@dataclass(frozen=True, slots=True)
class Dealt:
    """A time at which a site was dealt with: the day, and what shows of its ring since; None while it is too early,
    where too little of a past is known, or where another year has begun.
    """

    since: date
    found: Displacement | None


def displacement_of(situation: Situation, site_id: str) -> tuple[Dealt, ...] | None:
    """The times at which a site was dealt with, the last first; None where not all reports may be seen.

    The ring reaches into wards of others, so that a part of the reports says nothing of it.
    """
    from geo.analysis.detection.displacement import displaced
    from geo.analysis.detection.thresholds import load_thresholds
    from geo.analysis.flags.city import city_of_situation
    from geo.analysis.flags.office_records import OfficeRecords
    from geo.analysis.flags.places import day_number

    if situation.reports is None or situation.hides("reports"):
        return None
    office = OfficeRecords.of(situation.assessments, None, situation.measures)
    days = [since for site, since in office.dealt if site == site_id and since <= situation.day]
    rules = load_thresholds()
    city = city_of_situation(situation, rules) if days else None
    if city is None or site_id not in city.area.sites.site_ids:
        return tuple(Dealt(since, None) for since in reversed(days))
    row, seen, day = city.area.sites.site_ids.index(site_id), city.known.reports, day_number(situation.day)
    first = int(seen.days[0])
    return tuple(
        Dealt(
            since,
            displaced(seen, city.area.sites, row, day_number(since), day, rules.displacement, first=first),
        )
        for since in reversed(days)
    )


Times = tuple[float | None, float | None, float | None]


def change(before: tuple[int, int, int], after: tuple[int, int, int]) -> Times:
    """How site and ring changed against the control: the share after over the share before; None where one is 0.

    >>> change((40, 20, 400), (10, 30, 400))
    (0.25, 1.5, None)
    """
    if not (before[2] and after[2]):
        return None, None, None
    site, ring = (
        (now / after[2]) / (was / before[2]) if was else None for was, now in zip(before[:2], after[:2], strict=True)
    )
    return site, ring, None
