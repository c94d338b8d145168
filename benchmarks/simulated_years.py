"""Reports that never were: quiet years, and years with a planted reactivation or cluster, to measure the rules by.

Everything here is synthetic and says so; nothing of it is in the default data. A made-up city of twelve sites and
many busy corners sends reports at constant rates with a week and a season; what is planted is known, so power and
false alarms can be counted. `python -m benchmarks.simulated_years --years 200` prints the table.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import shapely

from geo.analysis.clusters.inputs import Floats, Ints
from geo.analysis.detection.inputs import Bools, Corridors, Reports, corridors, joined
from geo.analysis.detection.monitor import Finding, Monitor
from geo.analysis.detection.thresholds import Thresholds, load_thresholds

LEVELS = ("watch", "warning", "alert")


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """A made-up city; metres, days and reports a year.

    Sites are straight routes; `background` reports fall half on `corners` busy corners (600 m wide) and half anywhere.
    `verified_share` of the background is verified, and `site_verified_share` of the reports at sites.
    """

    side_m: float = 20_000.0
    sites: int = 12
    site_length_m: float = 2_000.0
    corridor_m: float = 50.0
    site_rate: float = 6.0
    site_verified_share: float = 1.0
    background: float = 600.0
    corners: int = 40
    verified_share: float = 0.5
    history_days: int = 730


@dataclass(frozen=True, slots=True, eq=False)
class Year:
    """A synthetic year after its history: reports in order of day, the sites, and which reports were planted.

    Days run from 0 (first day of the history); the year begins on `begins` and ends before `ends`.
    """

    reports: Reports
    planted: Ints
    sites: Corridors
    begins: int
    ends: int
    site: str | None = None
    window: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the monitor said in one year.

    `raised` is the highest level of any finding, by rule; `seen` the highest level at which what was planted was found
    while it went on; `delay_days` from its beginning to the first such finding at each level; `watches` the number of
    times that a site or a place came on to watch or higher.
    """

    raised: dict[str, str]
    seen: str | None
    delay_days: dict[str, int]
    watches: int


def null_year(seed: int, city: City | None = None) -> Year:
    """A year in which nothing begins: constant rates, one week, one season, no contagion."""
    city = city or City()
    rng = np.random.default_rng(seed)
    routes = _routes(rng, city)
    sites = corridors([f"S{i + 1}" for i in range(city.sites)], routes, [city.corridor_m] * city.sites)
    ends = city.history_days + 365
    points, days, sure = _background(rng, city, ends)
    for route in routes:
        count = rng.poisson(city.site_rate * ends / 365)
        points.append(_along(rng, route, city.corridor_m, count))
        days.append(rng.integers(0, ends, count))
        sure.append(rng.random(count) < city.site_verified_share)
    everything = Reports(np.concatenate(points), np.concatenate(days), np.concatenate(sure))
    order = np.argsort(everything.days, kind="stable")
    return Year(everything.only(order), np.zeros(0, dtype=np.int64), sites, city.history_days, ends)


def plant_reactivation(year: Year, seed: int, city: City, *, times: float = 4.0, days: int = 60) -> Year:
    """The year with the first site's rate `times` as high over `days` days, beginning at a random day."""
    rng = np.random.default_rng([seed, 1])
    start = int(rng.integers(year.begins, year.ends - days))
    count = int(rng.poisson(city.site_rate * (times - 1) * days / 365))
    points = _along(rng, year.sites.geometries[0], city.corridor_m, count)
    extra = Reports(points, rng.integers(start, start + days, count), rng.random(count) < city.site_verified_share)
    return replace(_with(year, extra), site=year.sites.site_ids[0], window=(start, start + days))


def plant_cluster(
    year: Year, seed: int, city: City, *, count: int = 8, radius_m: float = 150.0, days: int = 21
) -> Year:
    """The year with `count` reports within `radius_m` of a place away from the sites and within `days` days."""
    rng = np.random.default_rng([seed, 2])
    start = int(rng.integers(year.begins, year.ends - days))
    away = year.reports.points_m[~year.sites.hold(year.reports.points_m, margin_m=2 * radius_m).any(axis=1)]
    centre = away[rng.integers(len(away))]  # where reports come from anyway: the harder case
    angle, reach = rng.uniform(0, 2 * np.pi, count), radius_m * np.sqrt(rng.random(count))
    points = centre + np.stack([reach * np.cos(angle), reach * np.sin(angle)], axis=1)
    extra = Reports(points, rng.integers(start, start + days, count), rng.random(count) < city.verified_share)
    return replace(_with(year, extra), window=(start, start + days))


def watch_year(year: Year, thresholds: Thresholds, seed: int = 0) -> Outcome:
    """Let the monitor read the year report by report, as if it happened, and note what it said.

    Findings are looked at on every arrival. No other day can raise anything: without a new report counts only fall.
    """
    monitor = Monitor(year.sites, observed_since=0, thresholds=thresholds, seed=seed)
    past = year.reports.days < year.begins
    monitor.load(year.reports.only(past))
    planted = set(year.planted.tolist())
    raised: dict[str, str] = {}
    delays: dict[str, int] = {}
    fresh: dict[tuple[str, str], int] = {}
    watches = 0
    for row in np.flatnonzero(~past).tolist():
        x, y = year.reports.points_m[row].tolist()
        day = int(year.reports.days[row])
        for found in monitor.add(x, y, day, bool(year.reports.verified[row])):
            raised[found.rule] = _higher(raised.get(found.rule), found.level)
            key = (found.rule, found.site or f"{x // 500:.0f}/{y // 500:.0f}")
            watches += day - fresh.get(key, -(10**6)) > 30
            fresh[key] = day
            if year.window and _is_planted(found, year, planted, day):
                for level in LEVELS[: LEVELS.index(found.level) + 1]:
                    delays.setdefault(level, day - year.window[0])
    seen = max(delays, key=LEVELS.index) if delays else None
    return Outcome(raised, seen, delays, watches)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: a kind of year, how many, and the share of years for each level.

    `shares` are, for quiet years, the share with any finding at this level or higher, and for planted years the share
    in which what was planted was found at this level or higher while it went on. `watches` is a year's mean number of
    times that something came on to watch or higher; `delay_days` the median delay of the first sign.
    """

    name: str
    years: int
    shares: dict[str, float]
    watches: float
    delay_days: float | None


def power_table(
    years: int, thresholds: Thresholds | None = None, city: City | None = None, *, first_seed: int = 1
) -> tuple[Row, ...]:
    """Quiet years first, then reactivations of several strengths and circumstances, then the cluster of eight.

    'site x 1' is the control: how often a site at its usual rate is seen in a spell of 60 days chosen beforehand.
    """
    return tuple(measured(name, years, first_seed, thresholds, city) for name in names_of_kinds())


def names_of_kinds() -> tuple[str, ...]:
    """The kinds of years that the table has, in its order."""
    return tuple(_kinds(City()))


def measured(
    name: str, years: int, first_seed: int = 1, thresholds: Thresholds | None = None, city: City | None = None
) -> Row:
    """One line of the table: that many years of one kind, seeds from `first_seed` on."""
    rules, make = thresholds or load_thresholds(), _kinds(city or City())[name]
    seeds = range(first_seed, first_seed + years)
    return summary(name, [watch_year(make(s), rules, seed=s) for s in seeds], quiet=name == "quiet")


def _kinds(city: City) -> dict[str, Callable[[int], Year]]:
    kinds: dict[str, Callable[[int], Year]] = {"quiet": lambda s: null_year(s, city)}
    for times in (1.0, 4.0, 6.0, 8.0, 12.0):
        kinds[f"site x {times:.0f}"] = partial(_reactivated, city=city, times=times)
    for name, other in (
        ("half verified", replace(city, site_verified_share=0.5)),
        ("1 year's past", replace(city, history_days=365)),
        ("3 years' past", replace(city, history_days=1095)),
    ):
        kinds[f"x 4, {name}"] = partial(_reactivated, city=other, times=4.0)
    kinds["cluster of 8"] = partial(_clustered, city=city)
    kinds["cluster, 1 year"] = partial(_clustered, city=replace(city, history_days=365))
    return kinds


def summary(name: str, outcomes: Sequence[Outcome], *, quiet: bool) -> Row:
    """The line of one kind of year."""
    highest = [_highest(o.raised.values()) if quiet else o.seen for o in outcomes]
    ranks = np.array([LEVELS.index(level) if level else -1 for level in highest])
    delays = [o.delay_days["watch"] for o in outcomes if "watch" in o.delay_days]
    return Row(
        name=name,
        years=len(outcomes),
        shares={level: float((ranks >= i).mean()) for i, level in enumerate(LEVELS)},
        watches=float(np.mean([o.watches for o in outcomes])),
        delay_days=float(np.median(delays)) if delays else None,
    )


def table_text(rows: Iterable[Row]) -> str:
    """The table as plain text."""
    head = f"{'year':<20}{'n':>5}{'watch':>9}{'warning':>9}{'alert':>9}{'signs a year':>14}{'median delay':>14}"
    lines = [head]
    for r in rows:
        shares = "".join(f"{r.shares[level]:>9.1%}" for level in LEVELS)
        delay = "" if r.delay_days is None else f"{r.delay_days:.0f} days"
        lines.append(f"{r.name:<20}{r.years:>5}{shares}{r.watches:>14.1f}{delay:>14}")
    return "\n".join(lines)


def best_possible_power(rate: float, times: float, days: int, size: float) -> float:
    """The power of the best test there is (Neyman and Pearson) of a Poisson count, its place, days and rates all known.

    No rule that errs in a share `size` of the quiet cases sees more. 6 a year, four times, 60 days, size 0.05: 0.66.
    """
    from scipy.stats import poisson

    quiet, busy = rate * days / 365, rate * times * days / 365
    least = int(poisson.isf(size, quiet)) + 1
    sure, more = poisson.sf(least - 1, quiet), poisson.pmf(least - 1, quiet)
    return float(poisson.sf(least - 1, busy) + (size - sure) / more * poisson.pmf(least - 1, busy))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; the exit code is 1 if more than 5 % of the quiet years held a warning or an alert."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.simulated_years", description="Power and false alarms.")
    parser.add_argument("--years", type=int, default=200, help="synthetic years of each kind")
    parser.add_argument("--seed", type=int, default=1, help="seed of the first year")
    parser.add_argument("--simulations", type=int, help="Monte Carlo simulations a scan (else as in risk.toml)")
    given = parser.parse_args(arguments)
    rules = load_thresholds()
    if given.simulations:
        rules = replace(rules, clusters=replace(rules.clusters, simulations=given.simulations))
    rows = power_table(given.years, rules, first_seed=given.seed)
    sys.stdout.write(f"{table_text(rows)}\n")
    ceiling = best_possible_power(City().site_rate, 4, 60, 0.05)
    sys.stdout.write(f"Site x 4: no test of size 5 % sees more than {ceiling:.0%}, even knowing where and when.\n")
    return int(rows[0].shares["warning"] > 0.05)


def _reactivated(seed: int, city: City, times: float) -> Year:
    return plant_reactivation(null_year(seed, city), seed, city, times=times)


def _clustered(seed: int, city: City) -> Year:
    return plant_cluster(null_year(seed, city), seed, city)


def _background(rng: np.random.Generator, city: City, ends: int) -> tuple[list[Floats], list[Ints], list[Bools]]:
    count = rng.poisson(city.background * ends / 365)
    corners = rng.uniform(0, city.side_m, (city.corners, 2))
    weights = rng.dirichlet(np.full(city.corners, 0.7))
    at_corner = corners[rng.choice(city.corners, count, p=weights)] + rng.normal(0, 300, (count, 2))
    anywhere = rng.uniform(0, city.side_m, (count, 2))
    points = np.where(rng.random(count)[:, None] < 0.5, at_corner, anywhere)
    day = np.arange(ends)
    busy = (1 + 0.3 * np.sin(2 * np.pi * day / 365)) * np.where(day % 7 >= 5, 1.4, 1.0)
    days = rng.choice(ends, count, p=busy / busy.sum())
    return [points], [days], [rng.random(count) < city.verified_share]


def _routes(rng: np.random.Generator, city: City) -> list[shapely.LineString]:
    start = rng.uniform(0.1 * city.side_m, 0.9 * city.side_m, (city.sites, 2))
    angle = rng.uniform(0, 2 * np.pi, city.sites)
    end = start + city.site_length_m * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return [shapely.LineString([a, b]) for a, b in zip(start, end, strict=True)]


def _along(rng: np.random.Generator, route: shapely.LineString, corridor_m: float, count: int) -> Floats:
    """Places along a route, at most half the corridor's width off it."""
    if count == 0:
        return np.zeros((0, 2))
    on = shapely.line_interpolate_point(route, rng.uniform(0, route.length, count))
    return shapely.get_coordinates(on) + rng.uniform(-corridor_m, corridor_m, (count, 2)) / 2


def _with(year: Year, extra: Reports) -> Year:
    """The year with the extra reports in their place, and their rows."""
    both = joined(year.reports, extra)
    order = np.argsort(both.days, kind="stable")
    planted = np.flatnonzero(order >= len(year.reports))
    return replace(year, reports=both.only(order), planted=planted)


def _is_planted(found: Finding, year: Year, planted: set[int], day: int) -> bool:
    """Whether a finding is of what was planted: its site, or a cluster with three or more of its reports, in its days.

    `members` are rows of the monitor, which holds the reports in the year's order.
    """
    assert year.window is not None
    if not year.window[0] <= day < year.window[1]:
        return False
    if year.site is not None:
        return found.site == year.site
    return found.rule != "reactivation" and len(planted.intersection(found.members)) >= 3


def _higher(first: str | None, second: str) -> str:
    return second if first is None else max(first, second, key=LEVELS.index)


def _highest(levels: Iterable[str]) -> str | None:
    return max(levels, key=LEVELS.index, default=None)


if __name__ == "__main__":
    raise SystemExit(main())
