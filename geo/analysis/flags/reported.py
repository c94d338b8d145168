"""Flags from reports: what the statistical rules find, said of places, wards and days."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geo.analysis.detection.inputs import Reports
from geo.analysis.detection.monitor import Finding, detect
from geo.analysis.detection.thresholds import NearRepeatRule, Thresholds, load_thresholds
from geo.analysis.exposure.facts import Ward, known_wards
from geo.analysis.exposure.reasons import ward_name
from geo.analysis.flags.flag import FLAG_LEVELS, Flag
from geo.analysis.flags.identity import episode, episode_id
from geo.analysis.flags.near import Repeats, groups, once, repeats
from geo.analysis.flags.places import Located, StudyArea, day_number, day_of, study_area_of, located
from geo.analysis.flags.rules import FlagRules
from geo.analysis.flags.sentences import cluster_text, near_repeat_text, reactivation_text
from geo.analysis.flags.standing import Draft
from geo.i18n.message import Message, listed

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Shares = tuple[tuple[str, float], ...]

_LEAST_AREA = 0.01
"""A ward that holds less than a hundredth of a circle is not named with it."""


@dataclass(frozen=True, slots=True, eq=False)
class _City:
    """All that flags from reports need, read once a call. `site_wards`: each site's wards with shares."""

    day: date
    area: StudyArea
    seen: Located
    wards: Mapping[str, Ward]
    names: Mapping[str, str]
    routes: Mapping[str, BaseGeometry]
    site_wards: Mapping[str, Shares]
    known: tuple[str, ...]
    rules: FlagRules


def reported_drafts(
    day: date,
    wards: GeoDataFrame,
    sites: GeoDataFrame,
    site_wards: Mapping[str, Shares],
    reports: GeoDataFrame,
    *,
    known: Iterable[str],
    rules: FlagRules,
) -> list[Draft]:
    """Reactivation, emergence and near repeats on a day.

    `site_wards`: shares of wards by site; `known`: ids of flags in the order in which something was recorded of them.
    The past begins with the first report that there is: what nobody collected is no sign of quiet.
    """
    area = study_area_of(wards, sites)
    seen = located(reports, day, area)
    if not len(seen):
        return []
    columns = zip(sites["site_id"].tolist(), sites["name"].tolist(), sites.geometry, strict=True)
    names, routes = {}, {}
    for site, name, route in columns:
        names[site], routes[site] = f"{site}, {name}", route
    city = _City(day, area, seen, known_wards(wards), names, routes, site_wards, tuple(known), rules)
    thresholds = load_thresholds()
    since = int(seen.reports.days.min())
    found = detect(seen.reports, area.sites, day_number(day), observed_since=since, thresholds=thresholds)
    whole = [f for f in found if _has_place(city, f, thresholds) and not _is_repeated(f, found)]
    drafts = [_draft(city, finding) for finding in whole]
    return _distinct([*drafts, *_near_repeats(city, thresholds.near_repeat, found)])


def _has_place(city: _City, found: Finding, thresholds: Thresholds) -> bool:
    """Whether a cluster is one of places: reports that name only a site lie in its middle for want of better."""
    if found.rule == "reactivation":
        return True
    return int(city.seen.precise[list(found.members)].sum()) >= thresholds.clusters.min_reports


def _is_repeated(cluster: Finding, found: Iterable[Finding]) -> bool:
    """Whether a cluster only repeats what a site's own flag says of the same reports, no graver."""
    sites = [f for f in found if f.rule == "reactivation" and f.site == cluster.site]
    return cluster.rule == "cluster" and any(
        set(cluster.members) <= set(site.members) and FLAG_LEVELS.index(cluster.level) <= FLAG_LEVELS.index(site.level)
        for site in sites
    )


def _draft(city: _City, found: Finding) -> Draft:
    rows = np.asarray(found.members, dtype=np.int64)
    shares = _wards_of(city, rows, found.site)
    if found.rule == "reactivation" and found.site is not None:
        geometry, flag_id = city.routes[found.site], f"reactivation:{found.site}"
        text = reactivation_text(found, city.names[found.site])
    else:
        geometry, flag_id = _circle(city, found), _cluster_id(city, found, rows)
        text = cluster_text(found, _named(city, shares), city.names[found.site] if found.site else None)
    flag = Flag(
        flag_id=flag_id,
        rule="emergence" if found.rule == "emergence" else "reactivation",
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
    )
    return Draft(flag, city.seen.reports.days[rows], city.seen.reports.verified[rows])


def _circle(city: _City, found: Finding) -> BaseGeometry:
    assert found.x_m is not None
    assert found.y_m is not None
    centre = shapely.Point(found.x_m, found.y_m)
    return city.area.wgs84(centre.buffer(found.radius_m or 0.0, quad_segs=16))


def _cluster_id(city: _City, found: Finding, rows: Ints) -> str:
    prefix = f"reactivation:{found.site}" if found.site else "emergence"
    held = city.seen.reports
    gap = city.rules.episode_gap_days
    chain = episode(held.points_m, held.days, rows, reach_m=found.radius_m or 0.0, gap_days=gap)
    return episode_id(prefix, held.points_m[chain], held.days[chain], city.known)


def _wards_of(city: _City, rows: Ints, site: str | None) -> Shares:
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


def _named(city: _City, shares: Shares) -> Any:
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
        result.append(Draft(flag, draft.days, draft.verified))
    return result


def _near_repeats(city: _City, rule: NearRepeatRule, flagged: Iterable[Finding]) -> list[Draft]:
    """A watch round the verified reports of the last days, where the past shows that more follow nearby.

    Reports of a graver flag are not flagged twice.
    """
    rows = np.flatnonzero(city.seen.reports.verified & city.seen.precise)
    rows = rows[once(city.seen.reports.only(rows))]
    held = city.seen.reports.only(rows)
    raised = repeats(held, rule)
    if raised is None or raised.places < city.rules.near_repeat_places:
        return []
    fresh = held.days > day_number(city.day) - raised.days
    fresh &= ~np.isin(rows, [row for finding in flagged for row in finding.members])
    recent = np.flatnonzero(fresh)
    if not len(recent):
        return []
    return [
        _near_draft(city, held, recent[group], raised) for group in groups(held.points_m[recent], 2 * raised.distance_m)
    ]


def _near_draft(city: _City, held: Reports, rows: Ints, raised: Repeats) -> Draft:
    area = shapely.union_all(shapely.buffer(shapely.points(held.points_m[rows]), raised.distance_m))
    geometry = city.area.wgs84(area)
    shares = _wards_by_area(city, geometry)
    chain = episode(held.points_m, held.days, rows, reach_m=raised.distance_m, gap_days=raised.days)
    until = day_of(int(held.days[rows].max()) + raised.days)
    text = near_repeat_text(len(rows), _named(city, shares), until, raised)
    flag = Flag(
        flag_id=episode_id("near_repeat", held.points_m[chain], held.days[chain], city.known),
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
    return Draft(flag, held.days[rows], held.verified[rows])


def _wards_by_area(city: _City, geometry: BaseGeometry) -> Shares:
    lookup = city.area.lookup
    rows = lookup.tree.query(geometry, predicate="intersects")
    areas = shapely.area(shapely.intersection(lookup.polygons[rows], geometry))
    named = zip(rows.tolist(), areas.tolist(), strict=True)
    least = areas.sum() * _LEAST_AREA
    return _shares({city.area.ward_codes[row]: area for row, area in named if area > least})
