"""Plans (kế hoạch): the documents by which registers change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from geo.records.kinds.fields import Document, Office, text
from geo.records.kinds.registers.fields import City, Digest, ForceDay, Words
from geo.records.kinds.spec import KindSpec, NewEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPlan(NewEntry):
    """A plan of a city from a day on: its `number`, issuing `office`, `title`, first and last year, and its file."""

    day: ForceDay
    city: City
    number: Annotated[str, text(60)]
    title: Words = ""
    first_year: int
    last_year: int
    file_digest: Digest = ""
    document: Document
    office: Office


SPEC = KindSpec(
    name="city_plan",
    entry=NewPlan,
    subject="number",
    write_role="city",
    by_draft=True,
    read_role="public",
    listed=("city", "number", "title", "first_year", "last_year", "day", "document", "office", "file_digest", "note"),
    indexes={"city_day": ("city", "day")},
)
