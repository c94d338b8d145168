"""The kinds of city-years: quiet ones, in which nothing begins anywhere, and ones with something planted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import shapely

from benchmarks.calibration.city import BEGINS, ENDS, City, Source, Year, along, ordered, sources, with_reports, year
from geo.analysis.clusters.inputs import Floats
from geo.analysis.detection.inputs import Reports

_DAYS = np.arange(ENDS)
CITY = City()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of city-year: its name, what makes one from a seed, and what must hold.

    `most`: the largest share with a warning (a quiet kind); `least`: the smallest share in which the planted is found.
    """

    name: str
    make: Callable[[int], Year]
    most: float | None = None
    least: float | None = None


def kinds() -> dict[str, Kind]:
    """All kinds by name, quiet ones first."""
    quiet: dict[str, Callable[[int], Year]] = {
        "steady": partial(year, city=CITY),
        "staggered start": _staggered,
        "growth x3 in the year": partial(year, city=CITY, season=1 + 2 * np.clip((_DAYS - BEGINS) / 364, 0, 1)),
        "step x2": lambda s: year(s, CITY, season=np.where(_turn(s) <= _DAYS, 2.0, 1.0)),
        "campaign x3, 30 days": lambda s: year(s, CITY, season=_spell(s, 30, 3.0)),
        "inspection week": _inspected,
        "repeats 5 %": partial(_repeated, share=0.05),
        "repeats 10 %": partial(_repeated, share=0.10),
        "repeats 20 %": partial(_repeated, share=0.20),
        "repeats, heavy": partial(_repeated, share=0.05, more=4.0),
        "overdispersed": partial(year, city=CITY, profile=_by_month),
        "drifting": partial(year, city=CITY, profile=_drift),
        "seasonal with Tet": partial(year, city=CITY, season=_tet()),
        "monthly lists": partial(_listed, part=1.0),
        "monthly lists, half the wards": partial(_listed, part=0.5),
        "weekend x4": partial(year, city=CITY, weekend=4.0),
        "along streets": partial(year, city=replace(CITY, streets=True)),
        "noise in places": _misplaced,
        "few reports": partial(year, city=replace(CITY, background=60.0, site_rate=1.0)),
    }
    planted: dict[str, tuple[Callable[[int], Year], float | None]] = {
        "x4 over 60 d": (partial(_site, factor=4.0, days=60), None),
        "x8 over 60 d": (partial(_site, factor=8.0, days=60), 0.60),
        "x3 over 180 d": (partial(_site, factor=3.0, days=180), 0.25),
        "ramp to x6 over 180 d": (partial(_site, factor=6.0, days=180, ramp=True), 0.35),
        "quiet a year, then x6 over 60 d": (_quiet_then_back, 0.45),
        "8 within 150 m and 21 d": (partial(_crowd, count=8, days=21), 0.95),
        "12 within 150 m and 180 d": (partial(_crowd, count=12, days=180), 0.45),
        "24 within 150 m and 180 d": (partial(_crowd, count=24, days=180), 0.85),
        "10 along 500 m in 30 d": (partial(_line, count=10, length_m=500.0), 0.85),
        "15 along 1 km in 30 d": (partial(_line, count=15, length_m=1000.0), 0.85),
        "displaced": (partial(_dealt, moved=0.8, times=6.0), 0.90),
        "displaced, from a site of x4": (partial(_dealt, moved=0.8, times=4.0), None),
    }
    found = {name: Kind(name, make, most=0.05) for name, make in quiet.items()}
    found["dealt with, not displaced"] = Kind(
        "dealt with, not displaced", partial(_dealt, moved=0.0, times=6.0), most=0.02
    )
    return found | {name: Kind(name, make, least=least) for name, (make, least) in planted.items()}


def _turn(seed: int) -> int:
    return int(np.random.default_rng([seed, 7]).integers(BEGINS, ENDS - 60))


def _spell(seed: int, days: int, factor: float) -> Floats:
    start = _turn(seed)
    return np.where((start <= _DAYS) & (start + days > _DAYS), factor, 1.0)


def _tet() -> Floats:
    of_year = _DAYS % 365
    season = 1 + 0.5 * np.sin(2 * np.pi * of_year / 365)
    season = np.where((of_year >= 25) & (of_year < 37), 0.1, season)
    return np.asarray(np.where((of_year >= 37) & (of_year < 51), 2.0, season))


def _staggered(seed: int) -> Year:
    rng = np.random.default_rng([seed, 3])
    wards, sites = rng.integers(0, 600, CITY.wards_a_side**2), rng.integers(0, 900, CITY.sites)

    def late(source: Source, _: np.random.Generator) -> Floats:
        start = max(int(wards[source.ward]), int(sites[source.row]) if source.kind == "site" else 0)
        return (start <= _DAYS).astype(np.float64)

    return year(seed, CITY, late)


def _by_month(_: Source, rng: np.random.Generator) -> Floats:
    return np.asarray(np.repeat(rng.gamma(4.0, 0.25, ENDS // 30 + 1), 30)[:ENDS])


def _drift(_: Source, rng: np.random.Generator) -> Floats:
    """A log rate that wanders with a spread of 0.3 and forgets within a year."""
    keep = np.exp(-1 / 365)
    steps, log = rng.normal(0, 0.3 * np.sqrt(1 - keep**2), ENDS), np.zeros(ENDS)
    log[0] = rng.normal(0, 0.3)
    for day in range(1, ENDS):
        log[day] = keep * log[day - 1] + steps[day]
    return np.exp(log)


def _inspected(seed: int) -> Year:
    one, rng = year(seed, CITY), np.random.default_rng([seed, 4])
    week = _turn(seed)
    found = rng.poisson(2.5, CITY.sites)
    routes = one.sites.geometries
    points = np.concatenate([along(rng, routes[k], CITY.corridor_m, n) for k, n in enumerate(found.tolist())])
    extra = Reports(points, week + rng.integers(0, 7, len(points)), np.ones(len(points), dtype=bool))
    return replace(with_reports(one, CITY, extra, effort=True), planted=np.zeros(0, dtype=np.int64))


def _repeated(seed: int, share: float, more: float = 0.0) -> Year:
    """A share of matters reported again: once, or one and more times; 20 m off and within two days, mostly at once."""
    one, rng = year(seed, CITY), np.random.default_rng([seed, 5])
    times = np.where(rng.random(len(one.reports)) < share, 1 + rng.poisson(more, len(one.reports)), 0)
    rows = np.repeat(np.arange(len(one.reports)), times)
    points = one.reports.points_m[rows] + rng.normal(0, 20, (len(rows), 2))
    days = np.minimum(one.reports.days[rows] + np.minimum(rng.geometric(0.6, len(rows)) - 1, 2), ENDS - 1)
    extra = Reports(points, days, rng.random(len(rows)) < CITY.verified_share)
    return replace(with_reports(one, CITY, extra), planted=np.zeros(0, dtype=np.int64))


def _listed(seed: int, part: float) -> Year:
    """Wards that send lists: their reports carry the last day of the month."""
    one = year(seed, CITY)
    lists = np.random.default_rng([seed, 6]).random(CITY.wards_a_side**2) < part
    month_end = np.minimum((one.reports.days // 30 + 1) * 30 - 1, ENDS - 1)
    days = np.where(lists[one.ward], month_end, one.reports.days)
    seen = Reports(one.reports.points_m, days, one.reports.verified)
    return ordered(seen, one.effort, one.sites, CITY, one.planted)


def _misplaced(seed: int) -> Year:
    """Places off by 150 m, and a tenth anywhere in the city."""
    one, rng = year(seed, CITY), np.random.default_rng([seed, 8])
    moved = one.reports.points_m + rng.normal(0, 150, one.reports.points_m.shape)
    wrong = rng.random(len(moved)) < 0.1
    moved[wrong] = rng.uniform(0, CITY.side_m, (int(wrong.sum()), 2))
    moved = np.clip(moved, 0, CITY.side_m - 1e-6)
    return ordered(Reports(moved, one.reports.days, one.reports.verified), one.effort, one.sites, CITY, one.planted)


def _site(seed: int, factor: float, days: int, ramp: bool = False) -> Year:
    one, rng = year(seed, CITY), np.random.default_rng([seed, 1])
    start = int(rng.integers(BEGINS, ENDS - days))
    rise = (factor - 1) * (np.linspace(0, 1, days) if ramp else np.ones(days))
    return _more_at_site(one, rng, start, CITY.site_rate * rise)


def _more_at_site(one: Year, rng: np.random.Generator, start: int, rate: Floats) -> Year:
    """More reports at the first site, by day from `start` at a rate a year (days,)."""
    count = rng.poisson(rate / 365)
    points = along(rng, one.sites.geometries[0], CITY.corridor_m, int(count.sum()))
    extra = Reports(points, start + np.repeat(np.arange(len(rate)), count), np.ones(len(points), dtype=bool))
    return with_reports(replace(one, site=0, window=(start, start + len(rate))), CITY, extra)


def _quiet_then_back(seed: int) -> Year:
    rng = np.random.default_rng([seed, 1])
    start = int(rng.integers(BEGINS, ENDS - 60))
    quiet = np.where((start - 365 <= _DAYS) & (start > _DAYS), 0.0, 1.0)
    one = year(seed, CITY, lambda s, _: quiet if s.kind == "site" and s.row == 0 else 1.0)
    return _more_at_site(one, rng, start, np.full(60, 5 * CITY.site_rate))


def _crowd(seed: int, count: int, days: int, radius_m: float = 150.0) -> Year:
    one, rng = year(seed, CITY), np.random.default_rng([seed, 2])
    start = int(rng.integers(BEGINS, ENDS - days))
    angle, reach = rng.uniform(0, 2 * np.pi, count), radius_m * np.sqrt(rng.random(count))
    points = _away(one, rng, 2 * radius_m) + np.column_stack([reach * np.cos(angle), reach * np.sin(angle)])
    return _planted(one, rng, points, start, days)


def _line(seed: int, count: int, length_m: float, days: int = 30) -> Year:
    one, rng = year(seed, CITY), np.random.default_rng([seed, 2])
    start, angle = int(rng.integers(BEGINS, ENDS - days)), rng.uniform(0, np.pi)
    half = length_m / 2 * np.array([np.cos(angle), np.sin(angle)])
    middle = _away(one, rng, 300.0)
    points = along(rng, shapely.LineString([middle - half, middle + half]), 30.0, count)
    return _planted(one, rng, points, start, days)


def _away(one: Year, rng: np.random.Generator, margin_m: float) -> Floats:
    """A place where reports come from anyway, away from the sites: the harder case."""
    away = one.reports.points_m[~one.sites.hold(one.reports.points_m, margin_m=margin_m).any(axis=1)]
    return np.asarray(away[rng.integers(len(away))])


def _planted(one: Year, rng: np.random.Generator, points: Floats, start: int, days: int) -> Year:
    points = np.clip(points, 0, CITY.side_m - 1e-6)
    when = rng.integers(start, start + days, len(points))
    extra = Reports(points, when, rng.random(len(points)) < CITY.verified_share)
    return with_reports(replace(one, window=(start, start + days)), CITY, extra)


def _dealt(seed: int, moved: float, times: float) -> Year:
    """A site of `times` the usual rate is dealt with and falls silent; a share of its reports moves to the ring."""
    rng = np.random.default_rng([seed, 9])
    start = int(rng.integers(BEGINS, ENDS - 180))
    rate = np.where(start > _DAYS, times, 0.0)
    one = year(seed, CITY, lambda s, _: rate if s.kind == "site" and s.row == 0 else 1.0)
    one = replace(one, site=0, window=(start, start + 180), dealt=((0, start),))
    count = int(rng.poisson(moved * times * CITY.site_rate * 180 / 365))
    ring = shapely.difference(one.sites.geometries[0].buffer(450), one.sites.geometries[0].buffer(60))
    west, south, east, north = ring.bounds
    points = np.zeros((0, 2))
    while len(points) < count:
        tried = np.column_stack([rng.uniform(west, east, 400), rng.uniform(south, north, 400)])
        points = np.concatenate([points, tried[shapely.contains_xy(ring, tried[:, 0], tried[:, 1])]])
    extra = Reports(points[:count], rng.integers(start, start + 180, count), rng.random(count) < CITY.verified_share)
    return with_reports(one, CITY, extra)


__all__ = ["CITY", "Kind", "kinds", "sources"]
