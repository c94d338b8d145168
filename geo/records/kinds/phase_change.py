"""Phases of wards in the support programme; by plan or draft alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from geo.records.kinds.fields import Document, UnitsDay, WardCode, term
from geo.records.kinds.spec import KindSpec, NewEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPhaseChange(NewEntry):
    """The phase of a ward in the support programme from a day on."""

    day: UnitsDay
    ward_code: WardCode
    phase: Annotated[str, term("phase")]
    document: Document


SPEC = KindSpec(
    name="phase_change",
    entry=NewPhaseChange,
    subject="ward_code",
    write_role="city",
    by_draft=True,
    read_role="public",
    listed=("ward_code", "phase", "day", "document", "note"),
    indexes={"ward_day": ("ward_code", "day")},
)
