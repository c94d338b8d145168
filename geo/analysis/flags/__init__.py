"""Flags: where new activity may be starting, and why we say so.

`flags` says what stands on a day by four rules: `exposure` (the registers alone), `reactivation` (a known site, or a
cluster that touches one), `emergence` (a cluster away from every known site) and `near_repeat` (how far and how long
the risk stays raised after a verified report). The statistics are those of `geo.analysis.detection.monitor`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from geo.analysis.exposure.score import SiteExposure, exposure
from geo.analysis.flags.flag import FLAG_LEVELS, Flag, FlagLevel, FlagRule, FlagStatus
from geo.analysis.flags.rules import FlagRules, load_flag_rules
from geo.analysis.flags.standing import events_by_flag, settled, unreported

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

__all__ = [
    "FLAG_LEVELS",
    "Flag",
    "FlagLevel",
    "FlagRule",
    "FlagRules",
    "FlagStatus",
    "flags",
    "load_flag_rules",
    "open_flags",
]

_RULES: tuple[FlagRule, ...] = ("reactivation", "emergence", "exposure", "near_repeat")


def flags(
    day: date,
    wards: GeoDataFrame,
    sites: GeoDataFrame,
    crossings: GeoDataFrame,
    *,
    reports: GeoDataFrame | None = None,
    events: DataFrame | None = None,
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
        place it), `verified`, `status`. Those outside the city are left out.
    events
        What was recorded of flags: `flag_id` (of a flag, or its `event_id`), `event`, `day`, `note`, oldest first. A
        closed flag is returned with its status, and comes up again as `geo.analysis.flags.standing` says.

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
        from geo.analysis.flags.reported import reported_drafts  # scipy, which registers alone do not need

        site_wards = {found.site_id: found.facts.wards for found in ranked}
        drafts += reported_drafts(day, wards, sites, site_wards, reports, known=known, rules=rules)
    return _ordered(settled(draft, known, rules) for draft in drafts)


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
