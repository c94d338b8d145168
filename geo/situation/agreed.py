"""Agreed responsibility in force: who answers for a stretch by a document, beside the legal cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo.i18n.message import Message
from geo.records.drafting.ground import BESIDE_M, stretch_message, stretch_of
from geo.records.model.register_lookup import route_length
from geo.reference.cities import city
from geo.reference.crs import to_metric

if TYPE_CHECKING:
    from geo.situation.snapshot import Situation


@dataclass(frozen=True, slots=True)
class Agreed:
    """Wards (codes) that agreed to answer for a site from `from_m` to `to_m` (None: its ends), since a day.

    `fits`: whether it is still of the route in force. The route may have changed since, so that these metres lie
    elsewhere or beyond it, or a ward is not met any more: then no metres are shown, and somebody has to agree anew.
    """

    row: int
    wards: tuple[str, ...]
    from_m: float | None
    to_m: float | None
    day: date
    document: str
    fits: bool = True


def agreed_of(situation: Situation, site_id: str) -> tuple[Agreed, ...]:
    """What is agreed for a site on the day of a situation, along the route; a later agreement on a stretch replaces
    an earlier one on the same, or ends it."""
    if situation.responsibilities is None:
        return ()
    own = situation.responsibilities[situation.responsibilities["site_id"] == site_id]
    last = own.drop_duplicates(["from_m", "to_m"], keep="last").sort_values("from_m", na_position="first")
    last = last[last["wards"].map(len) > 0]  # one without wards ends the one before it
    return tuple(_agreed(situation, row) for row in last.to_dict("records"))


def said_of_agreed(situation: Situation, site_id: str) -> tuple[Message, ...]:
    """What is agreed for a site, each agreement as a sentence: beside the legal cut, not in its place."""
    agreed, found = agreed_of(situation, site_id), list[Message]()
    if not agreed:
        return ()
    names = dict(zip(situation.wards["code"], situation.wards["full_name"], strict=True))
    for one in agreed:
        said = {"wards": [names.get(code, code) for code in one.wards], "document": one.document, "on": one.day}
        code = "records.agreed.in-force" if one.fits else "records.agreed.unfit"
        found.append(Message(code, stretch=stretch_message(one.from_m, one.to_m), **said))
    return tuple(found)


def _agreed(situation: Situation, row: dict[Any, Any]) -> Agreed:
    ends = _metres(row["from_m"]), _metres(row["to_m"])
    fits = _fits(situation, row, *ends)
    return Agreed(int(row["id"]), tuple(row["wards"]), *ends, row["day"].date(), row["document"], fits)


def _fits(situation: Situation, row: dict[Any, Any], from_m: float | None, to_m: float | None) -> bool:
    site = situation.sites[situation.sites["site_id"] == row["site_id"]]
    if site.empty:
        return False
    now, then = site.geometry.iloc[0], row.get("route") or ""
    length = route_length(now)
    if (from_m or to_m) and max(from_m or 0.0, (to_m or 0.0) - 1.0) >= length:
        return False
    if not set(row["wards"]) <= _met(situation, row["site_id"], site["declared_wards"].iloc[0]):
        return False
    old = shapely.from_geojson(then) if then else now
    # Without ends it is of the whole route, whatever that is now.
    return (from_m is None and to_m is None) or _same_stretch(situation.city, (old, now), from_m, to_m)


def _met(situation: Situation, site_id: str, declared: Sequence[str]) -> set[str]:
    """The wards that a site meets, runs beside, or declares."""
    rows = situation.crossings[situation.crossings["site_id"] == site_id]
    return {*rows["ward_code"], *declared, *(code for codes in rows["border_with"] for code in codes)}


def _same_stretch(slug: str, routes: tuple[Any, Any], from_m: float | None, to_m: float | None) -> bool:
    old, now = (stretch_of(route, from_m, to_m) for route in routes)
    if shapely.equals(old, now):
        return True
    metric = to_metric(np.array([old, now], dtype=object), city(slug).province_code)
    return bool(shapely.hausdorff_distance(*metric) <= BESIDE_M)


def _metres(value: float | None) -> float | None:
    return None if value is None or value != value else float(value)
