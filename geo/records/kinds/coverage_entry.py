"""Coverage entries: the figures that wards and the city report for a programme."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from geo.errors import InputError, Problem
from geo.records.kinds.fields import ID, Document, Id, Office, WardCode, early_unit_faults
from geo.records.kinds.spec import KindSpec, NewEntry
from geo.records.model import figures
from geo.records.model.register_lookup import RegisterLookup
from geo.records.validation.entry_checks import Context, Fault, fault
from geo.reference.programmes import Period, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCoverageEntry(NewEntry):
    """The value of one indicator of a programme, for a ward (None: for the city) and a period (`2026-H1`, `2026`)."""

    ward_code: WardCode | None
    programme: Id
    indicator: Id
    period: Id
    value: float
    document: Document
    office: Office


def _check(entry: NewCoverageEntry, context: Context) -> Iterator[Fault]:
    if not _is_number(entry.value):
        yield fault("value", "records.negative-value")
    try:
        period = Period.parse(entry.period)
    except InputError:
        yield fault("period", "records.no-period", value=entry.period[:60])
        return
    if entry.day < period.first_day:
        yield fault("day", "records.day-before-period", day=entry.day, period=entry.period, first=period.first_day)
    if entry.ward_code is not None:  # figures of the city are not of its wards
        yield from early_unit_faults("day", entry.day)
    yield from _unfit(entry, period, context.registers)


def _unfit(entry: NewCoverageEntry, period: Period, registers: RegisterLookup | None) -> Iterator[Fault]:
    """What does not go with the programme: its targets, its years, its wards."""
    known = registers.programmes if registers else None
    if known is None or registers is None or not (ID.fullmatch(entry.programme) and ID.fullmatch(entry.indicator)):
        return
    if entry.programme not in known:
        yield fault("programme", "records.unknown-programme", programme=entry.programme, options=sorted(known))
        return
    plan = known[entry.programme]
    target = figures.target_of(plan, entry.indicator)
    problems = [*figures.period_problems(plan, period)]
    problems += figures.ward_problems(plan, entry.ward_code, registers.provinces)
    if target is None:
        named = {"indicator": entry.indicator, "programme": plan.id}
        options = sorted(name for each in plan.targets for name in each.entry_ids)
        yield fault("indicator", "records.unknown-target", **named, options=options)
    else:
        problems += figures.level_problems(target, entry.ward_code)
        problems += _not_asked(target, entry, period, registers)
        # What is no number at all is said above.
        problems += figures.value_problems(target, entry.value) if _is_number(entry.value) else []
    yield from (Fault(str(problem.where), problem) for problem in problems)


def _not_asked(target: Target, entry: NewCoverageEntry, period: Period, registers: RegisterLookup) -> Iterator[Problem]:
    """A yes or no of a ward that the plan does not ask, neither on the figure's day nor when its period ends."""
    if registers.phase_on is not None and entry.ward_code:
        phases = {registers.phase_on(entry.ward_code, day) for day in (entry.day, period.last_day)} - {""}
        yield from figures.asked_problems(target, entry.ward_code, phases)


def _is_number(value: float) -> bool:
    return math.isfinite(value) and value >= 0


SPEC = KindSpec(
    name="coverage_entry",
    entry=NewCoverageEntry,
    subject="ward_code",
    path="coverage-entries",
    post_path="coverage/entries",
    api_list=False,
    check=_check,
    listed=("ward_code", "programme", "indicator", "period", "value", "day", "document", "office", "note"),
    same=("ward_code", "programme", "indicator", "period", "value"),
    indexes={"key": ("programme", "period", "indicator")},
    example={
        "ward_code": "00004",
        "programme": "hanoi-2026",
        "indicator": "1",
        "period": "2026-H1",
        "value": 1,
        "day": "2026-06-15",
        "document": "20/BC-UBND",
    },
)
