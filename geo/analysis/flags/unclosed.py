"""Flags that stand because nobody closed them: what was raised does not vanish when a window moves on.

A flag from reports that was recorded as raised or acknowledged, and not closed since, stands with the level it was
recorded at, though today's numbers alone would not raise it. It is over when a person closes it, when nothing was
reported in its place for `over_days` (`[flags]` of `data/risk.toml`), or when its reports stand in a graver flag:
`diaban risk record` then records that it is closed, and why.

One matter is one open flag: a watch round two reports becomes a cluster, a cluster becomes the site's own flag, or
that one a graver cluster, and with the rule the id changes. Ids name the month and the cell of a report
(`geo.analysis.flags.identity`), so that the reports of the graver flag say which of the recorded ones it took over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.analysis.flags.city import City, Shares
from geo.analysis.flags.flag import FLAG_LEVELS, REPORT_LEVELS, Flag, FlagLevel, FlagRule
from geo.analysis.flags.identity import CELL_M, cell_of, earlier_ids, is_of, origin_of, site_of
from geo.analysis.flags.places import Bools, day_of
from geo.analysis.flags.sentences import standing_text
from geo.analysis.flags.standing import Draft, Event
from geo.i18n.message import Message

_LASTING: tuple[FlagRule, ...] = ("reactivation", "emergence", "displacement", "near_repeat")
_FROM_CELLS: tuple[FlagRule, ...] = ("near_repeat", "emergence", "reactivation")
"""Rules whose flags go on in each other; a displacement is about what a measure moved, and stays beside them."""


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


def one_each(today: Iterable[Draft], standing: Iterable[Draft]) -> list[Draft]:
    """The drafts of today and those that merely stand, each matter open once.

    One that stands names the flag of today that took it over (`Flag.heir`), and that one names it among its `earlier`;
    a near repeat of today whose reports an open, graver flag holds already is left out, as among those of today.
    """
    old = list(standing)
    fresh = [draft for draft in today if not any(_covers(one, draft) for one in old)]
    taken = [replace(one, flag=replace(one.flag, heir=_heir(one, fresh))) for one in old]
    return [_naming(draft, taken) for draft in fresh] + taken


def _heir(old: Draft, fresh: Iterable[Draft]) -> str:
    found = [draft.flag for draft in fresh if _takes(draft, old) and _rank(draft.flag) >= _rank(old.flag)]
    return max(found, key=_rank).flag_id if found and old.flag.rule in _FROM_CELLS else ""


def _takes(draft: Draft, old: Draft) -> bool:
    """Whether a flag of today holds the reports of one that merely stands."""
    if old.flag.flag_id in draft.repeats:
        return True
    return origin_of(old.flag.flag_id) in draft.origins and draft.flag.rule in _FROM_CELLS


def _covers(old: Draft, draft: Draft) -> bool:
    """Whether an open flag that stands holds the reports of a near repeat of today."""
    if draft.flag.rule != "near_repeat" or _rank(old.flag) <= _rank(draft.flag):
        return False
    return origin_of(old.flag.flag_id) in draft.origins


def _naming(draft: Draft, taken: Iterable[Draft]) -> Draft:
    own = tuple(one.flag.flag_id for one in taken if one.flag.heir == draft.flag.flag_id)
    earlier = tuple(dict.fromkeys((*draft.flag.earlier, *own)))
    return replace(draft, flag=replace(draft.flag, earlier=earlier))


def _rank(flag: Flag) -> int:
    return FLAG_LEVELS.index(flag.level)


def is_over(flag: Flag, over_days: int) -> bool:
    """Whether the stated rule closes a flag: nothing was reported in its place for so many days, or its reports stand
    in a graver flag by now."""
    return flag.is_open and flag.quiet_days is not None and (flag.quiet_days >= over_days or bool(flag.heir))


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
    if cell is None or not is_of(flag_id, city.area.province) or (site is not None and site not in city.routes):
        return None
    low = np.array(cell) * CELL_M
    within = (points >= low - CELL_M / 2) & (points < low + 1.5 * CELL_M)
    inside = np.asarray(within.all(axis=1))
    geometry = city.area.wgs84(shapely.box(*low, *(low + CELL_M)))
    ward = _ward_at(city, geometry)
    # Records are those of all cities: a cell that meets no ward of this one is another's.
    return None if ward is None else (geometry, inside, ((ward, 1.0),))


def _ward_at(city: City, cell: BaseGeometry) -> str | None:
    """The ward of the middle of a cell, else the one that holds most of it; None where it meets no ward of the city."""
    lookup, middle = city.area.lookup, shapely.centroid(cell)
    row = int(lookup.rows(np.array([middle.x]), np.array([middle.y]))[0])
    if 0 <= row < len(city.area.ward_codes):
        return city.area.ward_codes[row]
    met = lookup.tree.query(cell, predicate="intersects")
    if not len(met):
        return None
    held = shapely.area(shapely.intersection(lookup.polygons[met], cell))
    return city.area.ward_codes[int(met[np.argmax(held)])]
