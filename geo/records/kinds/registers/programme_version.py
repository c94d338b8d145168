"""Versions of programmes: the indicators and reporting days of a plan, as they were read and accepted."""

from __future__ import annotations

from dataclasses import dataclass

from geo.records.kinds.fields import Document, Id, Office
from geo.records.kinds.registers.fields import City, ForceDay, Json
from geo.records.kinds.spec import KindSpec, NewEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProgrammeVersion(NewEntry):
    """A programme of a city from a day on; `content` is JSON: indicators with figures and bodies, reporting days."""

    day: ForceDay
    programme: Id
    city: City
    content: Json
    document: Document
    office: Office


SPEC = KindSpec(
    name="programme_version",
    entry=NewProgrammeVersion,
    subject="programme",
    write_role="city",
    by_draft=True,
    read_role="public",
    listed=("programme", "city", "day", "document", "office", "content", "note"),
    indexes={"programme_day": ("programme", "day")},
)
