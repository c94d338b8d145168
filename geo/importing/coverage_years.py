"""Figures of a whole year that are less than what its halves hold: recorded in silence, 45 would become 10."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pandas import DataFrame

from geo.errors import Problem
from geo.records.entries import NewCoverageEntry
from geo.reference.programmes import Period, Programme

_COMBINED: Mapping[str, Callable[[Iterable[float]], float]] = {"sum": sum, "most": max}
"""How halves make the least that a year can be; what is combined otherwise may fall."""


@dataclass(frozen=True, slots=True)
class BelowHalves:
    """A figure of a year, and the least that it can be by the halves that are recorded or come with it."""

    entry: NewCoverageEntry
    halves: float

    @property
    def problem(self) -> Problem:
        """What to ask before it is recorded."""
        named = {"year": self.entry.period, "value": self.entry.value, "halves": self.halves}
        return Problem("importing.year-below-halves", self.entry.indicator, **named)


def below_halves(
    programme: Programme, recorded: DataFrame, entries: Sequence[NewCoverageEntry]
) -> tuple[BelowHalves, ...]:
    """Those of `entries` that are of a year and less than its halves; `recorded`: `Store.coverage()`."""
    ways = {
        name: way
        for target in programme.targets
        for name, way in zip(target.entry_ids, (target.combine, target.base_combine), strict=False)
    }
    known = _last_words(programme, recorded) | {_key(entry): entry.value for entry in entries}
    found = []
    for entry in entries:
        period, combined = Period.parse(entry.period), _COMBINED.get(ways.get(entry.indicator, ""))
        if period.half != 3 or combined is None:
            continue
        keys = ((entry.ward_code, entry.indicator, str(Period(period.year, half))) for half in (1, 2))
        halves = [known[key] for key in keys if key in known]
        if halves and entry.value < combined(halves):
            found.append(BelowHalves(entry, combined(halves)))
    return tuple(found)


_Key = tuple[str | None, str, str]


def _key(entry: NewCoverageEntry) -> _Key:
    return entry.ward_code, entry.indicator, entry.period


def _last_words(programme: Programme, recorded: DataFrame) -> dict[_Key, float]:
    rows = recorded[recorded["programme"] == programme.id].sort_values(["day", "id"], kind="stable")
    columns = rows[["ward_code", "indicator", "period", "value"]].itertuples(index=False, name=None)
    return {(ward if isinstance(ward, str) else None, name, period): value for ward, name, period, value in columns}
