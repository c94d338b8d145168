"""Explanations (giải trình) of wards whose report on a period is late: asked for by the city, given by the ward."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from geo.errors import InputError
from geo.records.kinds.fields import Document, Id, UnitsDay, WardCode, term
from geo.records.kinds.spec import KindSpec, NewEntry
from geo.records.validation.entry_checks import Context, Fault, fault
from geo.reference.programmes import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class NewExplanation(NewEntry):
    """One step: an explanation was `asked` of a ward (to be given by `until`), `given`, or `waived` (not wanted)."""

    day: UnitsDay
    ward_code: WardCode
    programme: Id
    period: Id
    step: Annotated[str, term("explanation_step")]
    document: Document
    until: date | None = None


def _check(entry: NewExplanation, _: Context) -> Iterator[Fault]:
    try:
        Period.parse(entry.period)
    except InputError:
        yield fault("period", "records.no-period", value=entry.period[:60])
    if entry.until is not None and entry.until < entry.day:
        yield fault("until", "records.until-too-early")


SPEC = KindSpec(
    name="explanation",
    entry=NewExplanation,
    subject="ward_code",
    path="explanations",
    check=_check,
    listed=("ward_code", "programme", "period", "step", "day", "until", "document", "note"),
    indexes={"ward_day": ("ward_code", "day")},
    example={
        "ward_code": "00004",
        "programme": "hanoi-2026",
        "period": "2026-H1",
        "step": "asked",
        "day": "2026-06-20",
        "until": "2026-06-30",
        "document": "31/CV-SYT",
    },
)
