"""Handover reviews (rà soát điểm đã bàn giao)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from geo.records.kinds.fields import Document, SiteId, UnitsDay, WardCode, term
from geo.records.kinds.spec import KindSpec, NewEntry
from geo.records.validation.entry_checks import Context, Fault, fault


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReview(NewEntry):
    """A handover review (rà soát điểm đã bàn giao): wards and sites, the conclusion and the day of the next one."""

    day: UnitsDay
    wards: tuple[WardCode, ...]
    sites: tuple[SiteId, ...]
    conclusion: Annotated[str, term("conclusion")]
    document: Document
    next_day: date | None = None


def _check(entry: NewReview, _: Context) -> Iterator[Fault]:
    if not entry.wards or not entry.sites:
        yield fault("wards" if entry.sites else "sites", "records.none-given")
    if entry.next_day is not None and entry.next_day <= entry.day:
        yield fault("next_day", "records.next-day-too-early")


SPEC = KindSpec(
    name="review",
    entry=NewReview,
    subject="wards",
    path="reviews",
    api_list=False,
    check=_check,
    listed=("day", "wards", "sites", "conclusion", "next_day", "document", "note"),
    example={
        "day": "2026-06-01",
        "wards": ["09832"],
        "sites": ["HN-I-1"],
        "conclusion": "watch",
        "document": "15/BB-RS",
        "next_day": "2026-12-01",
    },
)
