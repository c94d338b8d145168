"""Attainment (*kết quả thực hiện chỉ tiêu*): what a city's programme promised, against what was entered.

Figures are counted by ward, phase and city, and what nobody reported stays apart from what was reported as zero.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from geo.analysis.coverage.new_sites import NewSites
from geo.analysis.coverage.periods import CITY, Entered, entered
from geo.analysis.coverage.rows import Mask, block, table_of
from geo.errors import InputError, Problem
from geo.reference.cities import city
from geo.reference.programme.in_use import active_levels
from geo.reference.programme.terms import NOT_COVERED
from geo.reference.programmes import Deadline, Indicator, Period, Programme, Target
from geo.reference.tolerances import SLIVER_M, SLIVER_M2

EXAMPLE_MARK = "VÍ DỤ"
"""Entries whose document begins so are made up to show how it works; what is drawn from them says so."""


@dataclass(frozen=True, slots=True)
class Result:
    """How far the city is with one target.

    `value` and `base` are what was reported, `share` = value ÷ base (for shares of wards: ÷ wards that answer), None
    where nothing was reported or where it is suppressed (`suppressed`). `needed` is in the unit of `value`, but in per
    cent for a share of items, as is `distance`, what is still missing (for 'none': what is too much).
    `state`: `met`, `not_met`, `under_way` (a count, and a share that grows, are judged once the year is over),
    `incomplete` (right so far, but not all have reported, or not on the whole period) or `missing` (nobody reported).
    `wards` answer for it; of these `reporting` entered something, `zero` of them zero or no, `missing` nothing.
    """

    indicator: Indicator
    target: Target
    needed: float
    value: float | None
    base: float | None
    share: float | None
    distance: float | None
    state: str
    wards: int
    reporting: int
    zero: int
    missing: int
    suppressed: bool = False

    @property
    def of_year(self) -> float | None:
        """The share of the year's plan that a count has reached while it is under way; None for other targets."""
        if self.state != "under_way" or self.target.measure != "count" or self.value is None or not self.needed:
            return None
        return self.value / self.needed


@dataclass(frozen=True, slots=True)
class Reporting:
    """How many of `wards` entered anything at all for the period, and the codes of those that did not."""

    wards: int
    reporting: int
    without: tuple[str, ...]

    @property
    def share(self) -> float:
        """Wards with any entry ÷ wards; 0 for no wards."""
        return self.reporting / self.wards if self.wards else 0.0


@dataclass(frozen=True, slots=True)
class Attainment:
    """A programme's state on a `day` for a `period`.

    `table`: a row for each target and ward, phase and city (`level`), and `own` for what bodies of the city entered
    beside the wards; columns `COLUMNS` of `geo.analysis.coverage.rows`. `state` there: `reported`, `zero`, `incomplete`
    (a figure without its total or the reverse), `missing` (nothing for this period; a figure that stands there is of an
    earlier one), `outside` (the ward does not answer for the target).
    `outside`: wards outside the programme that an active site crosses (`outside_programme`), None if not asked.
    `audience`: `internal`, or `public` with small counts suppressed. `unused`: entries that fit no target's level.
    `example`: some entries are made up (`EXAMPLE_MARK`). `new_sites`: the places that answer a target, None if none
    is so answered or nobody asked.
    """

    programme: Programme
    period: Period
    day: date
    deadline: Deadline
    days_left: int
    results: tuple[Result, ...]
    reporting: Reporting
    table: pd.DataFrame
    outside: pd.DataFrame | None = None
    unused: int = 0
    example: bool = False
    new_sites: NewSites | None = None
    audience: str = "internal"

    def rows(self, level: str, *, target: str | None = None) -> pd.DataFrame:
        """The rows of `table` of one `level` (`ward`, `phase`, `city`, `own`), of one target id if given."""
        chosen = self.table["level"] == level
        if target is not None:
            chosen &= self.table["target"] == target
        return self.table[chosen].reset_index(drop=True)

    def result(self, target: str) -> Result:
        """The result of the target with this id; `InputError` if the programme has none such."""
        for entry in self.results:
            if entry.target.id == target:
                return entry
        known = [entry.target.id for entry in self.results]
        raise InputError(Problem("analysis.no-such-target", self.programme.id, target=target, known=known))


def attainment(
    programme: Programme,
    entries: pd.DataFrame | None,
    wards: pd.DataFrame,
    day: date,
    period: str | Period,
    *,
    crossings: pd.DataFrame | None = None,
    sites: pd.DataFrame | None = None,
) -> Attainment:
    """The state of `programme` as known on `day`, for `period` (`2026`, `2026-H1`, `2026-Q1`, `2026-03`).

    `entries`: a row for each figure, columns `ward_code` (null: entered by a body of the city), `indicator` (an id of
    `Target.entry_ids`), `period`, `value`, `day`, and any others (`programme` limits rows to one, if there). Of rows
    that say the same thing the one with the latest day counts, then the last; rows after `day` are not known yet.
    `wards`: the register's frame. With `crossings` and `sites` the answer also lists active sites outside the
    programme, and the targets for wards with sites ask only those.

    Raises
    ------
    InputError
        A column is missing, a day or period can't be read, the programme does not run in that year, or `wards` holds
        no ward of its city.
    """
    wanted = Period.parse(period) if isinstance(period, str) else period
    deadline = programme.deadline(wanted)
    own_wards = _wards_of(programme, wards)
    known = entered(programme, entries, own_wards["code"].tolist(), wanted, day)
    scopes = _scopes(own_wards, crossings, programme.phase_ids)
    pairs = [(indicator, target) for indicator in programme.indicators for target in indicator.targets]
    table = table_of(
        block(indicator, target, known, own_wards, scopes, programme.phase_ids) for indicator, target in pairs
    )
    return Attainment(
        programme=programme,
        period=wanted,
        day=day,
        deadline=deadline,
        days_left=deadline.days_left(day),
        results=results_of(
            pairs, table, wanted, known.partial, is_over=day > wanted.last_day, last_year=programme.last_year
        ),
        reporting=_reporting(programme, known, own_wards),
        table=table,
        outside=None if crossings is None or sites is None else outside_programme(crossings, own_wards, sites),
        unused=known.unused,
        example=_holds_example(programme, entries),
    )


def outside_programme(crossings: pd.DataFrame, wards: pd.DataFrame, sites: pd.DataFrame) -> pd.DataFrame:
    """Wards outside the programme that an active site crosses: the longest stretch first, slivers under 25 m left out.

    Columns `ward_code, ward_name, site_id, site_name, site_level, length_m` (geodesic metres) and `share` (of the
    site's length). Junctions and areas, which have no length, are listed with length 0. A city whose plan names no
    phases has no programme wards, so there is nothing to be outside of: no rows.
    """
    columns = ["ward_code", "ward_name", "site_id", "site_name", "site_level", "length_m", "share"]
    if wards["phase"].isin([NOT_COVERED]).all() or crossings.empty or sites.empty:  # columns of none have no type
        return pd.DataFrame(columns=columns)
    active = sites.loc[sites["level"].isin(active_levels()), ["site_id", "name", "level"]]
    active = active.rename(columns={"name": "site_name", "level": "site_level"})
    uncovered = wards.loc[wards["phase"] == NOT_COVERED, ["code", "full_name"]]
    uncovered = uncovered.rename(columns={"code": "ward_code", "full_name": "ward_name"})
    found = _stretches(crossings).merge(active, on="site_id").merge(pd.DataFrame(uncovered), on="ward_code")
    ordered = found.sort_values(["length_m", "site_id", "ward_code"], ascending=[False, True, True])
    return ordered[columns].reset_index(drop=True)


def _holds_example(programme: Programme, entries: pd.DataFrame | None) -> bool:
    if entries is None or "document" not in entries:
        return False
    marked = entries["document"].astype(str).str.startswith(EXAMPLE_MARK)
    if "programme" in entries:
        marked &= entries["programme"] == programme.id
    return bool(marked.any())


def _stretches(crossings: pd.DataFrame) -> pd.DataFrame:
    columns = ["ward_code", "site_id", "length_m", "area_m2", "share"]
    plain = pd.DataFrame(crossings[columns]).dropna(subset="ward_code")
    longest = plain.groupby("site_id")["length_m"].transform("max")
    hairline = (plain["area_m2"] > 0) & (plain["area_m2"] < SLIVER_M2) & (plain["share"] < 0.5)
    return plain[(plain["length_m"] >= SLIVER_M) | ((longest == 0) & ~hairline)]


def _wards_of(programme: Programme, wards: pd.DataFrame) -> pd.DataFrame:
    place = city(programme.city)
    chosen = pd.DataFrame(wards.loc[wards["province_code"] == place.province_code, ["code", "full_name", "phase"]])
    if chosen.empty:
        raise InputError(Problem("analysis.no-ward-of-city", "wards", city=place.name))
    return chosen.reset_index(drop=True)


def _scopes(wards: pd.DataFrame, crossings: pd.DataFrame | None, phases: Iterable[str]) -> dict[str, Mask]:
    phase = wards["phase"].to_numpy(dtype=str)
    everyone = np.ones(len(wards), dtype=bool)
    crossed = everyone if crossings is None else wards["code"].isin(_stretches(crossings)["ward_code"]).to_numpy()
    return {
        "all": everyone,
        **{name: phase == name for name in phases},
        "programme": phase != NOT_COVERED,
        "sites": crossed,
    }


def results_of(
    pairs: Iterable[tuple[Indicator, Target]],
    table: pd.DataFrame,
    period: Period,
    partial: Collection[str] = (),
    *,
    is_over: bool = True,
    last_year: int = 0,
) -> tuple[Result, ...]:
    """The results in the city rows of an attainment's table for a period, in the order of `pairs`.

    `partial`: ids of entries of which parts of the period are not reported yet. `is_over`: the period has ended.
    `last_year`: of the programme, until which what it asks for as a whole is under way.
    """
    rows = {row["target"]: row for row in table[table["level"] == "city"].to_dict("records")}
    return tuple(
        _result(
            indicator,
            target,
            rows[target.id],
            is_partial=not set(target.entry_ids).isdisjoint(partial),
            at_end=period.is_year and is_over and (indicator.period != "whole" or period.year >= last_year),
        )
        for indicator, target in pairs
    )


def _result(
    indicator: Indicator, target: Target, row: Mapping[Hashable, Any], *, is_partial: bool, at_end: bool
) -> Result:
    # What was entered for an earlier period alone stands in the table, and is no result of this one.
    is_missing = row["state"] == "missing"
    figure = {name: None if is_missing else _number(row[name]) for name in ("value", "base", "share")}
    tally = {name: int(row[name]) for name in ("wards", "reporting", "zero", "missing")}
    needed = _needed(target, tally["wards"])
    distance = _distance(target, needed, figure["value"], figure["base"])
    return Result(
        indicator,
        target,
        needed,
        value=figure["value"],
        base=figure["base"],
        share=figure["share"],
        distance=distance,
        state=_judged(target, distance, tally["missing"] or is_partial, at_end=at_end, grows=_grows(indicator, target)),
        **tally,
        suppressed=bool(row["suppressed"]),
    )


def _number(value: Any) -> float | None:
    number = float(value)
    return None if math.isnan(number) else number


def _needed(target: Target, wards: int) -> float:
    """What the target asks for; for a share of wards their number, rounded as the plan rounds it (80 % of 126: 100)."""
    if target.measure != "share_of_wards":
        return float(target.figure)
    exact = Fraction(str(target.figure)) * wards / 100
    return float(math.floor(exact) if target.rounding == "down" else math.ceil(exact))


def _distance(target: Target, needed: float, value: float | None, base: float | None) -> float | None:
    if value is None or (target.has_base and base is None):
        return None
    if target.rule == "none":
        return value
    if not target.has_base:
        return max(0.0, needed - value)
    exact = Fraction(str(target.figure)) - Fraction(value) * 100 / Fraction(base) if base else Fraction(0)
    return float(max(Fraction(0), exact))


def _grows(indicator: Indicator, target: Target) -> bool:
    """Whether a share of items may grow until the year is over: of all that there is (establishments, departments) more
    can still be reached, or over the whole programme; what was not dealt with in time (a total that adds up) stays so.
    """
    return indicator.period == "whole" or (target.base_combine == "latest" and target.combine != "least")


def _judged(target: Target, distance: float | None, missing: int | bool, *, at_end: bool, grows: bool) -> str:
    if distance is None:
        return "missing"
    if distance > 0:
        # What must not happen has happened, and a rate is one, in whichever part of the year; not a share that grows.
        whole = at_end or target.rule == "none" or (target.has_base and not grows)
        return "not_met" if whole else "under_way"
    waits = target.rule == "none" or target.has_base
    return "incomplete" if waits and missing else "met"


def _reporting(programme: Programme, known: Entered, wards: pd.DataFrame) -> Reporting:
    """Who entered anything for the period itself; what is carried from an earlier one is no report on this one."""
    ids = [name for target in programme.targets if target.level == "ward" for name in target.entry_ids]
    entered = known.figures[ids].notna() & ~known.carried[ids]
    any_entry = entered[entered.index != CITY].any(axis=1).to_numpy()
    codes = wards["code"].to_numpy(dtype=str)
    return Reporting(len(codes), int(any_entry.sum()), tuple(codes[~any_entry].tolist()))
