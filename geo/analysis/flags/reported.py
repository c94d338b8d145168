"""Flags from reports: what the statistical rules find, as drafts of flags with places, wards and days."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geo.analysis.detection.inputs import Reports
from geo.analysis.detection.monitor import Finding, Monitor
from geo.analysis.detection.thresholds import NearRepeatRule, ReactivationRule, Thresholds
from geo.analysis.exposure.reasons import ward_name
from geo.analysis.flags.city import City, Shares
from geo.analysis.flags.flag import FLAG_LEVELS, Flag, FlagRule
from geo.analysis.flags.identity import earlier_ids, episode, episode_id, origins
from geo.analysis.flags.near import Repeats, groups, repeats
from geo.analysis.flags.places import day_number, day_of
from geo.analysis.flags.sentences import cluster_text, displacement_text, near_repeat_text, reactivation_text
from geo.analysis.flags.standing import Draft
from geo.i18n.message import Message, listed

Ints = npt.NDArray[np.int64]

_LEAST_AREA = 0.01
"""A ward that holds less than a hundredth of a circle is not named with it."""
_RULE_OF: Mapping[str, FlagRule] = {
    "emergence": "emergence",
    "cluster": "reactivation",
    "reactivation": "reactivation",
    "displacement": "displacement",
}


def reported_drafts(city: City, thresholds: Thresholds) -> list[Draft]:
    """Reactivation, emergence, displacement and near repeats on the city's day, each matter once."""
    found = Monitor(city.known, city.monitored, thresholds=thresholds).findings(day_number(city.day))
    said = [finding for finding in found if not _is_repeated(finding, found)]
    held = {finding: _holder(finding, said, city, thresholds.reactivation) for finding in said}
    drafts = [_draft(city, finding, _repeated_by(finding, held)) for finding in said if held[finding] is None]
    return _distinct([*drafts, *_near_repeats(city, thresholds.near_repeat, found)])


def _is_repeated(cluster: Finding, found: Iterable[Finding]) -> bool:
    """Whether a cluster only repeats what a site's own flag says of the same reports, no graver."""
    sites = [f for f in found if f.rule == "reactivation" and f.site == cluster.site]
    return cluster.rule == "cluster" and any(
        set(cluster.members) <= set(site.members) and FLAG_LEVELS.index(cluster.level) <= FLAG_LEVELS.index(site.level)
        for site in sites
    )


def _holder(site: Finding, said: Iterable[Finding], city: City, rule: ReactivationRule) -> Finding | None:
    """The cluster, no milder, that says all that a site's own flag does; None where it says more, or is none.

    It says more where the reports beside the cluster's are enough for a flag.
    """
    if site.rule != "reactivation":
        return None
    for other in said:
        if (other.rule, other.site) != ("cluster", site.site):
            continue
        rest = sorted(set(site.members) - set(other.members))
        few = len(rest) < rule.min_reports and int(city.known.reports.verified[rest].sum()) < rule.min_verified
        if few and FLAG_LEVELS.index(other.level) >= FLAG_LEVELS.index(site.level):
            return other
    return None


def _repeated_by(finding: Finding, held: Mapping[Finding, Finding | None]) -> frozenset[str]:
    """Ids of the sites' own flags that say no more than a finding."""
    return frozenset(_site_id(site.site) for site, holder in held.items() if holder is finding and site.site)


def _site_id(site: str) -> str:
    return f"reactivation:{site}"


def _draft(city: City, found: Finding, repeats: frozenset[str]) -> Draft:
    rows = city.reports_of(found.members)
    shares = _wards_of(city, rows, found.site)
    geometry, flag_id, chain = _place(city, found)
    text = _text(city, found, shares, len(rows))
    flag = Flag(
        flag_id=flag_id,
        rule=_RULE_OF[found.rule],
        level=found.level,
        site_id=found.site,
        geometry=geometry,
        wards=shares,
        first_day=day_of(found.first_day),
        last_day=day_of(found.last_day),
        text_vi=text.vi,
        text_en=text.en,
        observed=found.observed,
        expected=round(found.expected, 3),
        p=found.p,
        earlier=earlier_ids(flag_id, city.recorded),
    )
    held = city.known.reports
    first_seen = frozenset(origins(held.points_m[chain], held.days[chain], city.area.province))
    return Draft(flag, city.seen.reports.days[rows], city.seen.reports.verified[rows], first_seen, repeats)


def _place(city: City, found: Finding) -> tuple[BaseGeometry, str, Ints]:
    """Geometry and id of a finding, and the matters of its episode."""
    held, rows = city.known.reports, np.asarray(found.members, dtype=np.int64)
    if found.rule == "reactivation" and found.site is not None:
        return city.routes[found.site], _site_id(found.site), rows
    if found.rule == "displacement" and found.site is not None:
        return _ring(city, found.site), f"displacement:{found.site}:{day_of(found.first_day):%Y%m%d}", rows
    prefix = _site_id(found.site) if found.site else "emergence"
    gap = city.rules.episode_gap_days
    chain = episode(held.points_m, held.days, rows, reach_m=found.radius_m or 0.0, gap_days=gap)
    return (
        _circle(city, found),
        episode_id(prefix, held.points_m[chain], held.days[chain], city.recorded, city.area.province),
        chain,
    )


def _text(city: City, found: Finding, shares: Shares, reports: int) -> Message:
    if found.rule == "displacement" and found.site is not None:
        return displacement_text(found, city.names[found.site], reports)
    if found.rule == "reactivation" and found.site is not None:
        return reactivation_text(found, city.names[found.site], reports)
    touched = city.known.held[list(found.members)].any(axis=0)
    sites = [city.names[city.area.sites.site_ids[j]] for j in np.flatnonzero(touched).tolist()]
    days = city.known.reports.days[list(found.members)]
    return cluster_text(found, _named(city, shares), sites, reports, (int(days.min()), int(days.max())))


def _ring(city: City, site: str) -> BaseGeometry:
    row = city.area.sites.site_ids.index(site)
    route, width = city.area.sites.geometries[row], float(city.area.sites.widths_m[row])
    ring = shapely.difference(route.buffer(width + city.ring_m, quad_segs=8), route.buffer(width))
    return city.area.wgs84(ring)


def _circle(city: City, found: Finding) -> BaseGeometry:
    assert found.x_m is not None
    assert found.y_m is not None
    centre = shapely.Point(found.x_m, found.y_m)
    return city.area.wgs84(centre.buffer(found.radius_m or 0.0, quad_segs=16))


def _wards_of(city: City, rows: Ints, site: str | None) -> Shares:
    """The wards of the reports by their number; a report that names only its site counts by the site's own shares."""
    weight: dict[str, float] = defaultdict(float)
    for row in rows.tolist():
        ward = int(city.seen.ward[row])
        if city.seen.precise[row] and ward >= 0:
            weight[city.area.ward_codes[ward]] += 1.0
            continue
        for code, share in city.site_wards.get(site or "", ()):
            weight[code] += share
    return _shares(weight)


def _shares(weight: Mapping[str, float]) -> Shares:
    total = sum(weight.values())
    return tuple((code, part / total) for code, part in sorted(weight.items(), key=lambda w: (-w[1], w[0])))


def _named(city: City, shares: Shares) -> Any:
    found = [city.wards[code] for code, _ in shares if code in city.wards]
    return listed([ward_name(ward.kind, ward.name) for ward in found]) if found else Message("analysis.the-city")


def _distinct(drafts: list[Draft]) -> list[Draft]:
    """Drafts with an id each: two clusters of one episode differ by their order, best first."""
    seen: Counter[str] = Counter()
    result = []
    for draft in drafts:
        seen[draft.flag.flag_id] += 1
        turn = seen[draft.flag.flag_id]
        flag = draft.flag if turn == 1 else replace(draft.flag, flag_id=f"{draft.flag.flag_id}.{turn}")
        result.append(replace(draft, flag=flag))
    return result


def _near_repeats(city: City, rule: NearRepeatRule, flagged: Iterable[Finding]) -> list[Draft]:
    """A watch round the verified reports of the last days, where the past shows that more follow nearby.

    Reports of a graver flag are not flagged twice.
    """
    rows = np.flatnonzero(city.known.reports.verified & city.near)
    held = city.known.reports.only(rows)
    raised = repeats(held, rule)
    if raised is None or raised.places < city.rules.near_repeat_places:
        return []
    fresh = held.days > day_number(city.day) - raised.days
    fresh &= ~np.isin(rows, [row for finding in flagged if finding.level != "watch" for row in finding.members])
    recent = np.flatnonzero(fresh)
    if not len(recent):
        return []
    return [
        _near_draft(city, held, recent[group], len(city.reports_of(rows[recent[group]].tolist())), raised)
        for group in groups(held.points_m[recent], 2 * raised.distance_m)
    ]


def _near_draft(city: City, held: Reports, rows: Ints, reports: int, raised: Repeats) -> Draft:
    area = shapely.union_all(shapely.buffer(shapely.points(held.points_m[rows]), raised.distance_m))
    geometry = city.area.wgs84(area)
    shares = _wards_by_area(city, geometry)
    chain = episode(held.points_m, held.days, rows, reach_m=raised.distance_m, gap_days=raised.days)
    until = day_of(int(held.days[rows].max()) + raised.days)
    text = near_repeat_text(len(rows), reports, _named(city, shares), until, raised)
    flag = Flag(
        flag_id=episode_id("near_repeat", held.points_m[chain], held.days[chain], city.recorded, city.area.province),
        rule="near_repeat",
        level="watch",
        site_id=None,
        geometry=geometry,
        wards=shares,
        first_day=day_of(int(held.days[rows].min())),
        last_day=until,
        text_vi=text.vi,
        text_en=text.en,
        observed=len(rows),
        p=raised.p,
    )
    first_seen = frozenset(origins(held.points_m[chain], held.days[chain], city.area.province))
    return Draft(flag, held.days[rows], held.verified[rows], first_seen)


def _wards_by_area(city: City, geometry: BaseGeometry) -> Shares:
    lookup = city.area.lookup
    rows = lookup.tree.query(geometry, predicate="intersects")
    areas = shapely.area(shapely.intersection(lookup.polygons[rows], geometry))
    named = zip(rows.tolist(), areas.tolist(), strict=True)
    least = areas.sum() * _LEAST_AREA
    return _shares({city.area.ward_codes[row]: area for row, area in named if area > least})
