"""Flags: where new activity may be starting, and why we say so.

`flags` says what stands on a day by five rules: `exposure` (the registers alone, on a scale of its own), `reactivation`
(a known site, or a cluster that touches one), `emergence` (a cluster away from every known site), `displacement` (the
ring of a site that was dealt with) and `near_repeat` (how far and how long the risk stays raised after a verified
report). The statistics are those of `geo.analysis.detection.monitor`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from geo.analysis.exposure.score import SiteExposure, exposure
from geo.analysis.flags.flag import (
    EXPOSURE_LEVELS,
    FLAG_LEVELS,
    REPORT_LEVELS,
    Flag,
    FlagLevel,
    FlagRule,
    FlagStatus,
)
from geo.analysis.flags.office_records import OfficeRecords
from geo.analysis.flags.rules import FlagRules, load_flag_rules
from geo.analysis.flags.standing import Draft, Event, events_by_flag, settled, unreported

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

__all__ = [
    "EXPOSURE_LEVELS",
    "FLAG_LEVELS",
    "REPORT_LEVELS",
    "Flag",
    "FlagLevel",
    "FlagRule",
    "FlagRules",
    "FlagStatus",
    "flags",
    "load_flag_rules",
    "open_flags",
]

_RULES: tuple[FlagRule, ...] = ("reactivation", "emergence", "displacement", "exposure", "near_repeat")


def flags(
    day: date,
    wards: GeoDataFrame,
    sites: GeoDataFrame,
    crossings: GeoDataFrame,
    *,
    reports: GeoDataFrame | None = None,
    events: DataFrame | None = None,
    assessments: DataFrame | None = None,
    observations: DataFrame | None = None,
    measures: DataFrame | None = None,
) -> tuple[Flag, ...]:
    """The flags of a day: open ones first, the gravest first, then by rule, score and certainty.

    Parameters
    ----------
    day
        The day to speak of; later reports play no part.
    wards, sites, crossings
        Of one city, as in a `Situation`, with the phases and levels of the day.
    reports
        Reports as `geo.records` gives them: `day`, geometry (WGS 84; where it is missing, `site_id` and `chainage_m`
        place it), `verified`, `status`, `kind`, `channel`. Those outside the city, and those of a kind or channel that
        counts for no rule, are left out.
    events
        What was recorded of flags: `flag_id` (of a flag, or its `event_id`), `event`, `day`, `note`, oldest first. A
        closed flag is returned with its status, and comes up again as `geo.analysis.flags.standing` says; one that was
        recorded and not closed stands, as `geo.analysis.flags.unclosed` says.
    assessments
        Levels of sites as recorded: `site_id`, `level`, `day`. Where a level falls, the ring is looked at from that
        day.
    observations
        From which `day` a `place` (id of a site, code of a ward) is observed; of several for one place the last.
    measures
        When sites were dealt with: `site_id`, `day`; the ring is looked at from each day.

    Raises
    ------
    DataFileMissingError, InputError
        `data/risk.toml` can't be used.
    """
    if not len(wards):
        return ()
    rules, known = load_flag_rules(), events_by_flag(events)
    ranked = exposure(day, wards, sites, crossings)
    routes = dict(zip(sites["site_id"], sites.geometry, strict=True))
    drafts = [unreported(_exposed(found, day, routes[found.site_id])) for found in ranked if found.flag]
    if reports is not None and len(reports):
        office = OfficeRecords.of(assessments, observations, measures)
        drafts += _from_reports(day, wards, sites, ranked, reports, office, known, rules)
    return _ordered(settled(draft, known, rules) for draft in drafts)


def _from_reports(
    day: date,
    wards: GeoDataFrame,
    sites: GeoDataFrame,
    ranked: tuple[SiteExposure, ...],
    reports: GeoDataFrame,
    office: OfficeRecords,
    events: dict[str, list[Event]],
    rules: FlagRules,
) -> list[Draft]:
    from geo.analysis.detection.thresholds import load_thresholds  # scipy, which registers alone do not need
    from geo.analysis.flags.city import city_of
    from geo.analysis.flags.reported import reported_drafts
    from geo.analysis.flags.unclosed import one_each, unclosed_drafts

    thresholds = load_thresholds()
    city = city_of(
        day,
        wards,
        sites,
        {found.site_id: found.facts.wards for found in ranked},
        reports,
        office=office,
        recorded=events,
        rules=rules,
        thresholds=thresholds,
    )
    if city is None:
        return []
    drafts = reported_drafts(city, thresholds)
    return one_each(drafts, unclosed_drafts(city, events, (draft.flag.flag_id for draft in drafts)))


def open_flags(found: Iterable[Flag]) -> tuple[Flag, ...]:
    """The flags that are not closed, in their order."""
    return tuple(flag for flag in found if flag.is_open)


def _exposed(found: SiteExposure, day: date, route: object) -> Flag:
    from shapely.geometry.base import BaseGeometry

    assert found.flag is not None
    assert isinstance(route, BaseGeometry)
    text = found.sentence()
    return Flag(
        flag_id=f"exposure:{found.site_id}",
        rule="exposure",
        level=found.flag,
        site_id=found.site_id,
        geometry=route,
        wards=found.facts.wards,
        first_day=day,
        last_day=day,
        text_vi=text.vi,
        text_en=text.en,
        score=found.score,
        reasons=tuple((reason.points, reason.vi, reason.en) for reason in found.reasons),
    )


def _ordered(found: Iterable[Flag]) -> tuple[Flag, ...]:
    def key(flag: Flag) -> tuple[bool, int, int, float, float, str]:
        p = 1.0 if flag.p is None else flag.p
        level, rule = FLAG_LEVELS.index(flag.level), _RULES.index(flag.rule)
        return not flag.is_open, -level, rule, -(flag.score or 0.0), p, flag.flag_id

    return tuple(sorted(found, key=key))
