"""Assessments (đánh giá mức độ): the activity level of a site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from geo.records.kinds.fields import Document, Office, SiteId, UnitsDay, term
from geo.records.kinds.spec import KindSpec, NewEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAssessment(NewEntry):
    """The activity `level` of a site from a day on, as an office found it in a document."""

    day: UnitsDay
    site_id: SiteId
    level: Annotated[str, term("level")]
    document: Document
    office: Office


SPEC = KindSpec(
    name="assessment",
    entry=NewAssessment,
    subject="site_id",
    read_role="public",
    path="assessments",
    api_list=False,
    listed=("site_id", "level", "day", "document", "office", "note"),
    indexes={"site_day": ("site_id", "day")},
    example={"site_id": "HN-I-1", "level": "low", "day": "2026-06-01", "document": "12/BC-UBND"},
)
