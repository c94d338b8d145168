"""Phases of wards in the support programme; by plan or draft alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from geo.records.kinds.fields import Document, WardCode, term
from geo.records.kinds.spec import KindSpec, NewEntry
from geo.records.validation.entry_checks import Context, Fault, fault
from geo.reference.ward_names.units_since import UNITS_SINCE


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPhaseChange(NewEntry):
    """The phase of a ward in the support programme from a day on."""

    ward_code: WardCode
    phase: Annotated[str, term("phase")]
    document: Document


def _check(entry: NewPhaseChange, _: Context) -> Iterator[Fault]:
    """No ward of today is in a phase before it is there."""
    if entry.day < UNITS_SINCE:
        yield fault("day", "reference.before-units", day=entry.day, first=UNITS_SINCE)


SPEC = KindSpec(
    name="phase_change",
    entry=NewPhaseChange,
    subject="ward_code",
    write_role="city",
    by_draft=True,
    read_role="public",
    check=_check,
    listed=("ward_code", "phase", "day", "document", "note"),
    indexes={"ward_day": ("ward_code", "day")},
)
