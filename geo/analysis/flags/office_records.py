"""What an office recorded that the rules need beside reports: since when places are observed, when sites were dealt
with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from geo.reference.programme.in_use import ranks

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True, slots=True)
class OfficeRecords:
    """`observed`: since when a place (id of a site, code of a ward) is observed; `dealt`: (site, day), by day."""

    observed: Mapping[str, date] = field(default_factory=dict)
    dealt: tuple[tuple[str, date], ...] = ()

    @classmethod
    def of(
        cls, assessments: DataFrame | None, observations: DataFrame | None, measures: DataFrame | None
    ) -> OfficeRecords:
        """From frames as `geo.records` gives them; None is no records. A site is dealt with where its level falls, and
        on the day of a measure; days of one site that are recorded both ways count once.
        """
        observed = {str(place): day for place, day in _rows(observations, "place")}
        dealt = {*_falls(assessments), *((str(site), day) for site, day in _rows(measures, "site_id"))}
        return cls(observed, tuple(sorted(dealt, key=lambda one: (one[1], one[0]))))


def _falls(assessments: DataFrame | None) -> list[tuple[str, date]]:
    """Site and day of each assessment that is lower than the one before it."""
    rank = {level: place for level, (place, _) in ranks("level").items()}
    last: dict[str, str] = {}
    found = []
    for site, day, level in _rows(assessments, "site_id", "level"):
        if site in last and rank.get(level, -1) > rank.get(last[site], len(rank)):
            found.append((str(site), day))
        last[site] = level
    return found


def _rows(frame: DataFrame | None, name: str, *more: str) -> list[tuple[Any, ...]]:
    """(value of `name`, day, values of `more`) of each row, in order of day."""
    if frame is None or not len(frame):
        return []
    ordered = frame.sort_values("day", kind="stable")
    days = [date(day.year, day.month, day.day) for day in ordered["day"].tolist()]
    return list(zip(ordered[name].tolist(), days, *(ordered[column].tolist() for column in more), strict=True))
