"""Measures (biện pháp xử lý): when a site was dealt with."""

from __future__ import annotations

from dataclasses import dataclass

from geo.records.kinds.fields import Document, Office, SiteId
from geo.records.kinds.spec import KindSpec, NewEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMeasure(NewEntry):
    """A site was dealt with on `day`, by a document: from then on the ring round it is compared with the city."""

    site_id: SiteId
    document: Document
    office: Office


SPEC = KindSpec(
    name="measure",
    entry=NewMeasure,
    subject="site_id",
    path="measures",
    listed=("site_id", "day", "document", "office", "note"),
    indexes={"site_day": ("site_id", "day")},
    example={"site_id": "HN-I-1", "day": "2026-06-01", "document": "12/BC-UBND"},
)
