"""The rest of a plan as rows of its own: each ward whose phase changes, each indicator with how it is counted."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from api.web.base.page_context import PageContext
from api.web.registers.plan_said import TargetRow, count_fields
from geo.importing.plans import PlanReading
from geo.importing.registers.plan_programme import ProgrammeOfPlan
from geo.records.kinds.phase_change import NewPhaseChange
from geo.records.kinds.registers.programme_version import NewProgrammeVersion
from geo.records.kinds.spec import NewEntry
from geo.records.model.programme_documents import DEFINITION
from geo.reference.programmes import Indicator, Target


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """A ward whose phase changes: what the plan prints ('' where it lists the ward no longer), and how sure that is."""

    printed: str
    entry: NewPhaseChange
    certainty: str


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator of the programme that follows: its id and words, each target with how it is counted, and whether the
    programme before it has none like it, so that somebody has to look at that."""

    id: str
    text: str
    targets: tuple[TargetRow, ...]
    is_new: bool


def phase_rows(reading: PlanReading, entries: Sequence[NewEntry]) -> list[PhaseRow]:
    """The wards of a plan whose phase changes, as it lists them."""
    printed = {ward.ward: ward for ward in reading.wards if ward.ward}
    changes = [entry for entry in entries if isinstance(entry, NewPhaseChange)]
    found = [(entry, printed.get(entry.ward_code)) for entry in changes]
    return [PhaseRow(ward.printed if ward else "", entry, ward.certainty if ward else "look") for entry, ward in found]


def indicator_rows(context: PageContext, found: ProgrammeOfPlan | None) -> list[IndicatorRow]:
    """The indicators of the programme of a plan."""
    if found is None:
        return []
    new = {str(remark.parameters["number"]) for remark in found.remarks if "number" in remark.parameters}
    return [_row(context, indicator, new) for indicator in found.programme.indicators]


def _row(context: PageContext, indicator: Indicator, new: Collection[str]) -> IndicatorRow:
    targets = tuple(_target(context, target) for target in indicator.targets)
    return IndicatorRow(indicator.id, indicator.text, targets, indicator.id in new)


def _target(context: PageContext, target: Target) -> TargetRow:
    label = target.label if context.words.lang == "vi" else target.label_en
    how, fields = counting(context, target), count_fields(context, target)
    return TargetRow(target.id, label, how, fields, f"{target.figure:g}", target.unit)


def counting(context: PageContext, target: Target) -> str:
    """How a target is counted: who enters what, how periods are added up, and which figure is asked for."""
    w = context.words
    parts = [w.text(f"counting.level.{target.level}"), w.text(f"counting.measure.{target.measure}", unit=target.unit)]
    parts.append(w.text(f"counting.combine.{target.combine}"))
    figure = f"{target.figure:g} {target.unit}" if target.unit == "%" else w.number(target.figure)
    parts.append(w.text(f"counting.rule.{target.rule}", figure=figure))
    return "; ".join(parts)


def with_indicators(entry: NewEntry, chosen: Collection[str]) -> NewEntry | None:
    """The programme of a plan with the chosen indicators alone, None without any; other entries as they are."""
    if not isinstance(entry, NewProgrammeVersion):
        return entry
    content: dict[str, Any] = json.loads(entry.content)
    definition = content[DEFINITION]
    taken = [each for each in definition["indicators"] if each["id"] in chosen]
    if not taken:
        return None
    known = {each["id"] for each in taken}
    targets = {target["id"] for each in taken for target in each["targets"]}
    taken = [_alone(each, known, targets) for each in taken]
    content |= {DEFINITION: {**definition, "indicators": taken}}
    content["indicators"] = [each for each in content["indicators"] if not each["number"] or each["number"] in known]
    return replace(entry, content=json.dumps(content, ensure_ascii=False))


def _alone(indicator: dict[str, Any], known: Collection[str], targets: Collection[str]) -> dict[str, Any]:
    """An indicator without what refers to one that is left out."""
    own = [
        {name: value for name, value in target.items() if name != "part_of" or value in targets}
        for target in indicator["targets"]
    ]
    rest = {name: value for name, value in indicator.items() if name != "parent" or value in known}
    return {**rest, "targets": own}
