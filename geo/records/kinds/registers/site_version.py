"""Versions of sites: what a site is from a day on."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from geo.records.kinds.fields import Document, Office, WardCode, term, text
from geo.records.kinds.registers.fields import Geometry, RegisterSiteId, UnitsForceDay, Words
from geo.records.kinds.spec import KindSpec, NewEntry
from geo.records.validation.entry_checks import Context, Fault, fault

MOST_METRES = 5_000.0
"""The largest accuracy and corridor of a site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSiteVersion(NewEntry):
    """What a site is from a day on; each later version takes the place of the one before it.

    `level` is that of the plan which lists it; what is assessed later stands in assessments. `geometry` is GeoJSON;
    `accuracy_m` and `corridor_m` are metres; `start` and `finish` are the plan's words for the ends.
    """

    day: UnitsForceDay
    site_id: RegisterSiteId
    name: Annotated[str, text()]
    group: Annotated[str, term("group")]
    level: Annotated[str, term("level")]
    handed_over: int | None = None
    start: Words = ""
    finish: Words = ""
    declared_wards: tuple[WardCode, ...] = ()
    declared_text: Words = ""
    geometry: Geometry
    geometry_source: Words = ""
    accuracy_m: float = 50.0
    corridor_m: float = 50.0
    plan: Words = ""
    document: Document
    office: Office


def _check(entry: NewSiteVersion, _: Context) -> Iterator[Fault]:
    for name in ("accuracy_m", "corridor_m"):
        value = getattr(entry, name)
        if not (math.isfinite(value) and 0 < value <= MOST_METRES):
            yield fault(name, "records.no-metres", most=MOST_METRES)
    if entry.handed_over is not None and not 1990 <= entry.handed_over <= entry.day.year + 1:
        yield fault("handed_over", "records.no-handover-year", year=str(entry.handed_over))
    if len(set(entry.declared_wards)) < len(entry.declared_wards):
        yield fault("declared_wards", "records.ward-twice")


SPEC = KindSpec(
    name="site_version",
    entry=NewSiteVersion,
    subject="site_id",
    write_role="city",
    by_draft=True,
    read_role="public",
    check=_check,
    hidden=frozenset(),
    indexes={"site_day": ("site_id", "day")},
)
