"""What a figure must be to answer a target of a programme; the same whoever brings it, and by whichever way."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from geo.errors import Problem
from geo.reference.cities import every_list
from geo.reference.programme.terms import NOT_COVERED
from geo.reference.programmes import Period, Programme, Target

LARGEST_COUNT = 100_000_000


def target_of(plan: Programme, indicator: str) -> Target | None:
    """The target that entries call by this id."""
    return next((target for target in plan.targets if indicator in target.entry_ids), None)


def level_problems(target: Target, ward_code: str | None) -> Iterator[Problem]:
    """A ward's figure where the city enters, or the city's answer where each ward says yes or no."""
    if target.level == "city" and ward_code is not None:
        yield Problem("importing.city-figure", "ward_code", target=target.id)
    if target.level == "ward" and ward_code is None and target.is_yes_or_no:
        yield Problem("importing.ward-figure", "ward_code", target=target.id)


def asked_problems(target: Target, ward: str, phases: Collection[str]) -> Iterator[Problem]:
    """A yes or no of a ward (its name or code) of whose phase, any of `phases`, the plan does not ask it."""
    if not target.is_yes_or_no or target.level != "ward" or target.scope in ("all", "sites") or not phases:
        return
    asked = any(phase != NOT_COVERED if target.scope == "programme" else phase == target.scope for phase in phases)
    if not asked:
        yield Problem("importing.not-asked", "ward_code", ward=ward, target=target.id)


def value_problems(target: Target, value: float) -> Iterator[Problem]:
    """A number of 0 or more that is no whole count, or neither yes (1) nor no (0)."""
    shown = f"{value:g}"
    if target.is_yes_or_no and value not in (0, 1):
        yield Problem("importing.no-yes-or-no", "value", text=shown)
    if not target.is_yes_or_no and (value > LARGEST_COUNT or not float(value).is_integer()):
        yield Problem("importing.no-count", "value", text=shown)


def period_problems(plan: Programme, period: Period) -> Iterator[Problem]:
    """A period outside the years of the plan."""
    if not plan.first_year <= period.year <= plan.last_year:
        years = {"first": str(plan.first_year), "last": str(plan.last_year)}
        yield Problem("importing.other-year", "period", document=plan.document, year=str(period.year), **years)


def ward_problems(plan: Programme, ward_code: str | None, provinces: Mapping[str, str]) -> Iterator[Problem]:
    """A ward outside the city of the plan; `provinces`: ward code → province code."""
    own = next((city for city in every_list() if city.slug == plan.city), None)
    province = provinces.get(ward_code or "")
    if own is not None and province is not None and province != own.province_code:
        yield Problem("records.ward-of-another-city", "ward_code", ward=ward_code, city=own.name, programme=plan.id)
