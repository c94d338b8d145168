"""A made-up city that sends reports: sites, busy corners, wards, and rates that differ by place and day.

Everything here is synthetic and says so; nothing of it is in the default data.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import shapely

from geo.analysis.clusters.inputs import Floats, Ints
from geo.analysis.detection.inputs import Bools, Corridors, Reports, corridors

BEGINS, ENDS = 728, 1092
"""The year that is looked at, after two years of past: days of two whole half-years, from which looks are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """Metres, days and reports a year. Half of the `background` falls on `corners` (600 m wide), half anywhere."""

    side_m: float = 20_000.0
    wards_a_side: int = 5
    sites: int = 12
    site_length_m: float = 2_000.0
    corridor_m: float = 50.0
    site_rate: float = 6.0
    background: float = 600.0
    corners: int = 40
    verified_share: float = 0.5
    streets: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Year:
    """Reports in order of day with what the rules are given: which come from inspections, and each one's ward.

    `planted`: rows of what was planted; `site`: the row of the site it was planted at; `window`: its days; `dealt`:
    (site, day) for a site that was dealt with.
    """

    reports: Reports
    effort: Bools
    ward: Ints
    sites: Corridors
    planted: Ints
    site: int | None = None
    window: tuple[int, int] | None = None
    dealt: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where reports come from: a site, a corner or a street, or anywhere in a ward; `rate` a year."""

    kind: str
    row: int
    rate: float
    place: shapely.Geometry
    ward: int


Profile = Callable[[Source, np.random.Generator], Floats | float]
"""The rate of a source on each day as a multiple of its usual one: one number, or (days,)."""


def steady(source: Source, rng: np.random.Generator) -> float:
    """The usual rate."""
    return 1.0


def sources(rng: np.random.Generator, city: City) -> list[Source]:
    """The city's sources: sites first."""
    start = rng.uniform(0.1 * city.side_m, 0.9 * city.side_m, (city.sites, 2))
    routes = _lines(rng, start, city.site_length_m)
    middle = rng.uniform(0, city.side_m, (city.corners, 2))
    weights = rng.dirichlet(np.full(city.corners, 0.7)) * city.background / 2
    corners = _lines(rng, middle, 1_000.0) if city.streets else [shapely.Point(p) for p in middle]
    size = city.side_m / city.wards_a_side
    blocks = [(i, j) for i in range(city.wards_a_side) for j in range(city.wards_a_side)]
    wards = [shapely.box(i * size, j * size, (i + 1) * size, (j + 1) * size) for i, j in blocks]
    anywhere = city.background / 2 / len(wards)
    return [
        *(Source("site", k, city.site_rate, r, _ward(r.centroid, city)) for k, r in enumerate(routes)),
        *(
            Source("corner", k, w, c, _ward(c.centroid, city))
            for k, (c, w) in enumerate(zip(corners, weights, strict=True))
        ),
        *(Source("ward", k, anywhere, block, k) for k, block in enumerate(wards)),
    ]


def year(seed: int, city: City, profile: Profile = steady, season: Floats | float = 1.0, weekend: float = 1.4) -> Year:
    """Reports of all sources, each with its profile times the season (days,) and the week of the whole city."""
    rng = np.random.default_rng(seed)
    all_sources = sources(rng, city)
    day = np.arange(ENDS)
    week = np.where(day % 7 >= 5, weekend, 1.0)
    usual = season * week / week.mean() * np.ones(ENDS)
    points, days, sure = [], [], []
    for source in all_sources:
        count = rng.poisson(source.rate / 365 * usual * profile(source, rng))
        days.append(np.repeat(day, count))
        points.append(_places(rng, source, city, int(count.sum())))
        always = source.kind == "site"
        sure.append(rng.random(int(count.sum())) < (1.0 if always else city.verified_share))
    seen = Reports(np.concatenate(points), np.concatenate(days), np.concatenate(sure))
    sites = corridors(
        [f"S{s.row + 1}" for s in all_sources if s.kind == "site"],
        [s.place for s in all_sources if s.kind == "site"],
        [city.corridor_m] * city.sites,
    )
    none = np.zeros(0, dtype=np.int64)
    return ordered(seen, np.zeros(len(seen), dtype=bool), sites, city, none)


def ordered(seen: Reports, effort: Bools, sites: Corridors, city: City, planted: Ints) -> Year:
    """A year of reports in any order."""
    order = np.argsort(seen.days, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    ward = _ward_rows(seen.points_m, city)
    return Year(seen.only(order), effort[order], ward[order], sites, np.sort(place[planted]))


def with_reports(one: Year, city: City, extra: Reports, effort: bool = False) -> Year:
    """The year with further reports, which count as planted."""
    both = Reports(
        np.concatenate([one.reports.points_m, extra.points_m]),
        np.concatenate([one.reports.days, extra.days]),
        np.concatenate([one.reports.verified, extra.verified]),
    )
    rows = np.arange(len(one.reports), len(both))
    added = ordered(both, np.r_[one.effort, np.full(len(extra), effort)], one.sites, city, rows)
    return replace(added, site=one.site, window=one.window, dealt=one.dealt)


def along(rng: np.random.Generator, route: shapely.Geometry, width_m: float, count: int) -> Floats:
    """Places along a line, at most half the width off it in east and north (count, 2)."""
    if count == 0:
        return np.zeros((0, 2))
    on = shapely.line_interpolate_point(route, rng.uniform(0, route.length, count))
    return np.asarray(shapely.get_coordinates(on) + rng.uniform(-width_m, width_m, (count, 2)) / 2)


def _places(rng: np.random.Generator, source: Source, city: City, count: int) -> Floats:
    if source.kind == "site":
        return along(rng, source.place, city.corridor_m, count)
    if source.kind == "ward":
        west, south, east, north = source.place.bounds
        return np.column_stack([rng.uniform(west, east, count), rng.uniform(south, north, count)])
    if city.streets:
        return along(rng, source.place, 30.0, count)
    spread = rng.normal(0, 300, (count, 2)) + shapely.get_coordinates(source.place)[0]
    return np.asarray(np.clip(spread, 0, city.side_m - 1e-6))


def _lines(rng: np.random.Generator, start: Floats, length: float) -> list[shapely.LineString]:
    angle = rng.uniform(0, 2 * np.pi, len(start))
    end = start + length * np.column_stack([np.cos(angle), np.sin(angle)])
    return [shapely.LineString([a, b]) for a, b in zip(start, end, strict=True)]


def _ward(place: shapely.Point, city: City) -> int:
    return int(_ward_rows(np.array([[place.x, place.y]]), city)[0])


def _ward_rows(points: Floats, city: City) -> Ints:
    cell = np.clip(np.floor(points / (city.side_m / city.wards_a_side)), 0, city.wards_a_side - 1).astype(np.int64)
    return np.asarray(cell[:, 0] * city.wards_a_side + cell[:, 1])
