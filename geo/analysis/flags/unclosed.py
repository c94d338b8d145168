"""Flags that stand because nobody closed them: what was raised does not vanish when a window moves on.

A flag from reports that was recorded as raised or acknowledged, and not closed since, stands with the level it was
recorded at, though today's numbers alone would not raise it. It is over when a person closes it, or when nothing was
reported in its place for `over_days` (`[flags]` of `data/risk.toml`): `diaban risk record` then records that it is
closed, and by which rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.analysis.flags.city import City, Shares
from geo.analysis.flags.flag import REPORT_LEVELS, Flag, FlagLevel, FlagRule
from geo.analysis.flags.identity import CELL_M, cell_of, earlier_ids, site_of
from geo.analysis.flags.places import Bools, day_of
from geo.analysis.flags.sentences import standing_text
from geo.analysis.flags.standing import Draft, Event
from geo.i18n.message import Message

_LASTING: tuple[FlagRule, ...] = ("reactivation", "emergence", "displacement", "near_repeat")


def unclosed_drafts(city: City, events: Mapping[str, list[Event]], raised: Iterable[str]) -> list[Draft]:
    """Drafts of the recorded flags that nobody closed and that are not among those `raised` today (ids)."""
    today = set(raised)
    found = [_draft(city, name, said) for name, said in events.items() if name not in today]
    return [draft for draft in found if draft is not None]


def _draft(city: City, flag_id: str, said: list[Event]) -> Draft | None:
    rule = next((rule for rule in _LASTING if flag_id.split(":", maxsplit=1)[0] == rule), None)
    since = _since_closing(said)
    level = _highest(since)
    place = _place(city, flag_id)
    if rule is None or level is None or place is None:
        return None
    geometry, inside, shares = place
    first = min(event.day for event in since)
    days = city.seen.reports.days[inside]
    last = day_of(int(days.max())) if len(days) else None
    site = site_of(flag_id)
    name = city.names[site] if site else Message("analysis.flag.cell")
    text = standing_text(first, level, last, name, city.rules.over_days)
    return Draft(
        Flag(
            flag_id=flag_id,
            rule=rule,
            level=level,
            site_id=site,
            geometry=geometry,
            wards=shares,
            first_day=first,
            last_day=max(first, last or first),
            text_vi=text.vi,
            text_en=text.en,
            earlier=earlier_ids(flag_id, city.recorded),
            quiet_days=(city.day - max(first, last or first)).days,
        ),
        days,
        city.seen.reports.verified[inside],
    )


def is_over(flag: Flag, over_days: int) -> bool:
    """Whether the stated rule closes a flag: nothing was reported in its place for so many days."""
    return flag.is_open and flag.quiet_days is not None and flag.quiet_days >= over_days


def _since_closing(said: list[Event]) -> list[Event]:
    """The events after the last one that closed the flag at every level or at the level it was raised to."""
    closed = [number for number, event in enumerate(said) if event.event == "closed"]
    return said[closed[-1] + 1 :] if closed else said


def _highest(said: list[Event]) -> FlagLevel | None:
    named = {event.level for event in said}
    return next((level for level in reversed(REPORT_LEVELS) if level in named), None)


def _place(city: City, flag_id: str) -> tuple[BaseGeometry, Bools, Shares] | None:
    """Geometry (WGS 84), the reports in it and the wards of what an id names; None if the city has no such place."""
    site, cell = site_of(flag_id), cell_of(flag_id)
    points = city.seen.reports.points_m
    if site is not None and cell is None:
        if site not in city.routes:
            return None
        at_site = city.area.sites.hold(points)[:, city.area.sites.site_ids.index(site)]
        return city.routes[site], at_site, city.site_wards.get(site, ())
    if cell is None or (site is not None and site not in city.routes):
        return None
    low = np.array(cell) * CELL_M
    within = (points >= low - CELL_M / 2) & (points < low + 1.5 * CELL_M)
    inside = np.asarray(within.all(axis=1))
    geometry = city.area.wgs84(shapely.box(*low, *(low + CELL_M)))
    return geometry, inside, _wards_at(city, geometry)


def _wards_at(city: City, geometry: BaseGeometry) -> Shares:
    middle = shapely.centroid(geometry)
    row = int(city.area.lookup.rows(np.array([middle.x]), np.array([middle.y]))[0])
    return ((city.area.ward_codes[row], 1.0),) if 0 <= row < len(city.area.ward_codes) else ()
