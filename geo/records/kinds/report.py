"""Reports (tin báo) about places; `ward_code` is the ward in which the place lay when it was recorded, where known."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from geo.records.kinds.fields import SiteId, check_site, link, term
from geo.records.kinds.spec import ComputedWard, KindSpec, NewEntry
from geo.records.model.register_lookup import RegisterLookup
from geo.records.validation.entry_checks import VIET_NAM, Context, Fault, fault

CHAINAGE_SLACK_M = 1.0
"""A chainage may pass the register's length by rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReport(NewEntry):
    """A report (tin báo) about a place: a point, or a site with a chainage. No persons.

    `lon`, `lat`: degrees WGS 84. `chainage_m`: metres from the start of the site's route; None where only the site is
    known. Either the point or the site is given, never both. `same_as`: the number of an earlier report of the same
    matter (vụ việc), where somebody knows that it is one.
    """

    kind: Annotated[str, term("kind")]
    channel: Annotated[str, term("channel")]
    lon: float | None = None
    lat: float | None = None
    site_id: SiteId | None = None
    chainage_m: float | None = None
    verified: bool = False
    same_as: Annotated[int, link("report", outlives=True)] | None = None


def report_wards(reports: Sequence[NewReport], registers: RegisterLookup | None) -> list[str | None]:
    """The ward in which each report's place lies; None where the registers do not say, or outside all wards."""
    if registers is None:
        return [None] * len(reports)
    places = [_place(report, registers) for report in reports]
    known = [place for place in places if place is not None]
    if not known:
        return [None] * len(reports)
    codes = iter(registers.wards_at([lon for lon, _ in known], [lat for _, lat in known]))
    return [next(codes) if place is not None else None for place in places]


def outside_fault(report: NewReport, ward_code: str | None, registers: RegisterLookup | None) -> Fault | None:
    """The fault of a report whose point lies in no ward; None for any other."""
    if registers is None or report.lon is None or ward_code is not None:
        return None
    return fault("lon", "records.point-in-no-ward", point=_point(report.lon, report.lat))


def _place(report: NewReport, registers: RegisterLookup) -> tuple[float, float] | None:
    if report.lon is not None and report.lat is not None:
        return report.lon, report.lat
    if registers.place_at is None or report.site_id is None:
        return None
    return registers.place_at(report.site_id, report.chainage_m)


def _point(lon: float, lat: float | None) -> str:
    return f"{lon:g}, {lat:g}"


def _check(entry: NewReport, context: Context) -> Iterator[Fault]:
    has_point = entry.lon is not None or entry.lat is not None
    if has_point and entry.site_id is not None:
        yield fault("site_id", "records.site-and-point")
    elif not has_point and entry.site_id is None:
        yield fault("lon", "records.one-place-needed")
    elif has_point:
        yield from _check_point(entry.lon, entry.lat)
    if entry.site_id is None and entry.chainage_m is not None:
        yield fault("chainage_m", "records.chainage-without-site")
    elif entry.site_id is not None and entry.chainage_m is not None:
        yield from _check_chainage(entry.site_id, entry.chainage_m, context)


def _check_point(lon: float | None, lat: float | None) -> Iterator[Fault]:
    west, south, east, north = VIET_NAM
    if lon is None or lat is None:
        yield fault("lon" if lon is None else "lat", "records.coordinate-missing")
    elif not (math.isfinite(lon) and math.isfinite(lat)):
        yield fault("lon", "records.no-degrees")
    elif not (west <= lon <= east and south <= lat <= north):
        swapped = west <= lat <= east and south <= lon <= north
        yield fault("lon", "records.point-swapped" if swapped else "records.point-abroad", point=_point(lon, lat))


def _check_chainage(site_id: str, chainage_m: float, context: Context) -> Iterator[Fault]:
    if not math.isfinite(chainage_m) or chainage_m < 0:
        yield fault("chainage_m", "records.no-distance")
    elif context.registers is not None and not list(check_site("site_id", site_id, context)):
        length_m = context.registers.site_lengths[site_id]
        if chainage_m > length_m + CHAINAGE_SLACK_M:
            found = {"chainage_m": round(chainage_m), "length_m": round(length_m)}
            yield fault("chainage_m", "records.beyond-end", site=site_id, **found)


SPEC = KindSpec(
    name="report",
    entry=NewReport,
    subject="ward_code",
    path="reports",
    api_list=False,
    check=_check,
    computed=ComputedWard(find=report_wards, check=outside_fault),
    listed=(
        "day",
        "kind",
        "channel",
        "lon",
        "lat",
        "site_id",
        "chainage_m",
        "ward_code",
        "verified",
        "same_as",
        "note",
    ),
    indexes={"day": ("day",), "ward_day": ("ward_code", "day"), "site_day": ("site_id", "day")},
    example={
        "day": "2026-06-01",
        "kind": "surroundings",
        "channel": "ward_check",
        "site_id": "HN-I-1",
        "chainage_m": 1200,
    },
)
