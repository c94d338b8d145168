"""Agreed responsibility: who answers for a stretch on a border, by a document; shown beside the legal cut."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from geo.records.kinds.fields import Document, Office, SiteId, WardCode
from geo.records.kinds.registers.fields import ForceDay
from geo.records.kinds.spec import KindSpec, NewEntry
from geo.records.validation.entry_checks import Context, Fault, fault


@dataclass(frozen=True, slots=True, kw_only=True)
class NewResponsibility(NewEntry):
    """The wards that agreed to answer for a site from a day on, between two chainages (metres; None: its ends).

    Without wards the agreement on this stretch ends: from that day on the legal cut alone says who answers.
    """

    day: ForceDay
    site_id: SiteId
    wards: tuple[WardCode, ...]
    from_m: float | None = None
    to_m: float | None = None
    document: Document
    office: Office


def _check(entry: NewResponsibility, _: Context) -> Iterator[Fault]:
    if len(set(entry.wards)) < len(entry.wards):
        yield fault("wards", "records.ward-twice")
    start, end = entry.from_m or 0.0, entry.to_m
    if start < 0:
        yield fault("from_m", "records.no-stretch")
    elif end is not None and end <= start:
        yield fault("to_m", "records.no-stretch")


SPEC = KindSpec(
    name="responsibility",
    entry=NewResponsibility,
    subject="site_id",
    write_role="city",
    by_draft=True,
    read_role="public",
    check=_check,
    listed=("site_id", "wards", "from_m", "to_m", "day", "document", "office", "note"),
    indexes={"site_day": ("site_id", "day")},
)
