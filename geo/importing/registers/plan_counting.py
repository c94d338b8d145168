"""How the targets of a plan's indicators are counted, as a reader says it: who enters what, and how it is added up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from geo.errors import InputError, Problem
from geo.importing.cells.errors import CellError
from geo.importing.cells.numbers import as_count, number
from geo.records.model.programme_documents import definition_of, programme_from
from geo.reference import programme_schema as schema
from geo.reference.programme.in_use import is_known
from geo.reference.programme.terms import SHIPPED
from geo.reference.programmes import Programme, Target

CHOICES: Mapping[str, tuple[str, ...]] = {
    "level": schema.LEVELS,
    "measure": schema.MEASURES,
    "combine": schema.COMBINES,
    "rule": schema.RULES,
    "scope": ("all", *SHIPPED["phase"], "programme", "sites"),
}
KEYS = (*CHOICES, "figure", "unit")
"""What may be said of a target; keys of a programme file."""
_NEXT = re.compile(r",\s*(?=\w+:)")
Counting = Mapping[str, Mapping[str, str]]
"""Target → key → value."""


def read_counting(texts: Iterable[str]) -> dict[str, dict[str, str]]:
    """What is said of targets, as a command or a request writes it: `3=measure:count,level:ward,figure:25`.

    Raises
    ------
    InputError
        A text has another form, a key that targets have not, or a value that the key does not allow.
    """
    found: dict[str, dict[str, str]] = {}
    problems: list[Problem] = []
    for text in texts:
        target, _, said = text.partition("=")
        pairs = [part.partition(":") for part in _NEXT.split(said)]
        if not target.strip() or not all(key.strip() and value.strip() for key, _, value in pairs):
            problems.append(Problem("importing.count-form", text))
            continue
        values = {key.strip(): value.strip() for key, _, value in pairs}
        problems += _problems(text, values)
        found.setdefault(target.strip(), {}).update(values)
    if problems:
        raise InputError(problems)
    return found


def _problems(text: str, values: Mapping[str, str]) -> Iterator[Problem]:
    for key, value in values.items():
        if key not in KEYS:
            yield Problem("importing.count-key", text, key=key, known=list(KEYS))
        elif key in CHOICES and value not in CHOICES[key] and not (key == "scope" and is_known("phase", value)):
            yield Problem("reference.entry-choice", text, value=value, choices=CHOICES[key])
        elif key == "figure" and _figure(value) is None:
            yield Problem("importing.count-figure", text, value=value)


def recounted(programme: Programme, counting: Counting) -> Programme:
    """The programme with its targets counted as it is said.

    Raises
    ------
    InputError
        There is no such target, or the programme breaks its schema so; every problem is listed.
    """
    if not counting:
        return programme
    refuse_unknown(counting, [target.id for target in programme.targets])
    indicators = (
        replace(indicator, targets=tuple(_counted(target, counting.get(target.id, {})) for target in indicator.targets))
        for indicator in programme.indicators
    )
    found = programme_from(definition_of(replace(programme, indicators=tuple(indicators))))
    return replace(found, words=programme.words)


def refuse_unknown(counting: Counting, known: Sequence[str] = ()) -> None:
    """`InputError` where something is said of targets that are not among the known ones."""
    unknown = [name for name in counting if name not in known]
    if unknown:
        raise InputError([Problem("importing.count-no-target", name, name=name, known=list(known)) for name in unknown])


def _counted(target: Target, said: Mapping[str, str]) -> Target:
    """A target as it is said; what the measure asks for is put right where nothing is said of it."""
    values: dict[str, Any] = {
        key: value for key, value in said.items() if key != "figure" and value != getattr(target, key)
    }
    figure = _figure(said.get("figure", ""))
    if figure is not None and figure != target.figure:
        values["figure"] = figure
    if not values:
        return target
    if "unit" in values:
        values["unit_en"] = values["unit"]
    made = replace(target, **values)
    return _with_total(_with_rule(made, values))


def _with_rule(target: Target, values: Mapping[str, Any]) -> Target:
    """What must not happen is 0, and what is 0 must not happen; what is done or not is 1; wards answer for wards."""
    if "rule" in values and "figure" not in values and target.rule == "none":
        target = replace(target, figure=0.0)
    if "figure" in values and "rule" not in values:
        none = "none" if target.figure == 0 else "reach" if target.rule == "none" else target.rule
        target = replace(target, rule=none)
    if "measure" not in values:
        return target
    if target.measure == "done" and "figure" not in values:
        target = replace(target, figure=1.0, rule="reach", unit="có/không", unit_en="yes/no")
    return replace(target, level="ward") if target.measure.endswith("_of_wards") else target


def _with_total(target: Target) -> Target:
    """A share of items has a total beside it, the others have none."""
    if not target.has_base:
        return replace(target, base_label="", base_label_en="", base_combine="")
    label, label_en = target.base_label or "Tổng số", target.base_label_en or "Total"
    return replace(target, base_label=label, base_label_en=label_en, base_combine=target.base_combine or target.combine)


def _figure(text: str) -> float | None:
    """A figure as people write it (`1.250`, `12.5`), None for none."""
    for read in (as_count, lambda cell: number(cell, "importing.count-figure")):
        try:
            return float(read(text))
        except CellError:
            continue
    return None
