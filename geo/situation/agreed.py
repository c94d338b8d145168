"""Agreed responsibility in force: who answers for a stretch by a document, beside the legal cut."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geo.situation.snapshot import Situation


@dataclass(frozen=True, slots=True)
class Agreed:
    """Wards (codes) that agreed to answer for a site from `from_m` to `to_m` (None: its ends), since a day."""

    wards: tuple[str, ...]
    from_m: float | None
    to_m: float | None
    day: date
    document: str


def agreed_of(situation: Situation, site_id: str) -> tuple[Agreed, ...]:
    """What is agreed for a site on the day of a situation, along the route; a later agreement on a stretch replaces
    an earlier one on the same."""
    if situation.responsibilities is None:
        return ()
    own = situation.responsibilities[situation.responsibilities["site_id"] == site_id]
    last = own.drop_duplicates(["from_m", "to_m"], keep="last").sort_values("from_m", na_position="first")
    return tuple(
        Agreed(tuple(row["wards"]), _metres(row["from_m"]), _metres(row["to_m"]), row["day"].date(), row["document"])
        for row in last.to_dict("records")
    )


def _metres(value: float | None) -> float | None:
    return None if value is None or value != value else float(value)
