"""Figures of a period that its halves, quarters or months contradict.

Recorded in silence, 45 would become 10, or 150 become 999.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from pandas import DataFrame

from geo.errors import InputError, Problem
from geo.records.entries import NewCoverageEntry, NewEntry
from geo.records.programmes import all_programmes
from geo.records.store import Store
from geo.reference.programmes import Period, Programme

_Bounds = tuple[float, float]


def _sum(there: Sequence[float], is_whole: bool, _: float | None) -> _Bounds:
    return sum(there), sum(there) if is_whole else inf


def _most(there: Sequence[float], is_whole: bool, _: float | None) -> _Bounds:
    return max(there), max(there) if is_whole else inf


def _least(there: Sequence[float], is_whole: bool, _: float | None) -> _Bounds:
    return min(there) if is_whole else -inf, min(there)


def _latest(_: Sequence[float], __: bool, last: float | None) -> _Bounds:
    return (-inf, inf) if last is None else (last, last)


_COMBINED: Mapping[str, Callable[[Sequence[float], bool, float | None], _Bounds]] = {
    "sum": _sum,
    "most": _most,
    "least": _least,
    "latest": _latest,
}
"""Way in which parts are combined → the least and the most that the whole can be by the parts that are there.

Given are their figures, whether all parts are there, and the figure of the last part where that is there.
"""

_Figure = tuple[str | None, str]
_Values = dict[Period, float]


@dataclass(frozen=True, slots=True)
class UnlikeParts:
    """The figure `value` of a `period` of an entry, or of one that holds its own, and what its `parts` make."""

    entry: NewCoverageEntry
    period: Period
    value: float
    parts: float

    @property
    def is_below(self) -> bool:
        """Whether it is below what its parts make; above where not."""
        return self.value < self.parts

    @property
    def problem(self) -> Problem:
        """What to ask before it is recorded."""
        code = "importing.below-parts" if self.is_below else "importing.above-parts"
        return Problem(code, self.entry.indicator, **self.named)

    @property
    def named(self) -> dict[str, Any]:
        """Period, value and what its parts make, as parameters of a problem."""
        return {"period": str(self.period), "value": self.value, "parts": self.parts}


def unlike_parts(
    programme: Programme, recorded: DataFrame, entries: Sequence[NewCoverageEntry]
) -> tuple[UnlikeParts, ...]:
    """Where `entries` would make a period's figure less than what its halves, quarters or months make, or more.

    `recorded`: `Store.coverage()`.
    """
    ways = {
        name: way
        for target in programme.targets
        for name, way in zip(target.entry_ids, (target.combine, target.base_combine), strict=False)
    }
    known = _last_words(programme, recorded)
    for entry in entries:
        known.setdefault(_figure(entry), {})[Period.parse(entry.period)] = entry.value
    found = dict[tuple[_Figure, Period], UnlikeParts]()
    for entry in entries:
        combine = _COMBINED.get(ways.get(entry.indicator, ""))
        for unlike in _of_entry(entry, known[_figure(entry)], combine) if combine is not None else ():
            found.setdefault((_figure(entry), unlike.period), unlike)
    return tuple(found.values())


def unlike_parts_of(store: Store, entry: NewEntry) -> tuple[UnlikeParts, ...]:
    """As `unlike_parts`, of one entry of any kind; none where it is no figure, or one that can't be recorded anyway."""
    if not isinstance(entry, NewCoverageEntry):
        return ()
    programme = next((each for each in all_programmes(store) if each.id == entry.programme), None)
    try:
        return () if programme is None else unlike_parts(programme, store.coverage(), [entry])
    except InputError:  # of a period that is none; the records say so, with all else
        return ()


def _of_entry(
    entry: NewCoverageEntry, values: _Values, combine: Callable[[Sequence[float], bool, float | None], _Bounds]
) -> Iterator[UnlikeParts]:
    own = Period.parse(entry.period)
    for period in sorted(each for each in values if each.holds(own)):
        parts, value = list(_parts(period, values)), values[period]
        there = [values[part] for part in parts if part in values]
        if not there:
            continue
        low, high = combine(there, len(there) == len(parts), values.get(parts[-1]))
        if not low <= value <= high:
            yield UnlikeParts(entry, period, value, low if value < low else high)


def _parts(period: Period, values: _Values) -> Iterator[Period]:
    """The periods in a period that make its figure: of one that has a figure of its own, that; months to the last."""
    for part in period.parts:
        if part in values or not part.parts:
            yield part
        else:
            yield from _parts(part, values)


def _figure(entry: NewCoverageEntry) -> _Figure:
    return entry.ward_code, entry.indicator


def _last_words(programme: Programme, recorded: DataFrame) -> dict[_Figure, _Values]:
    rows = recorded[recorded["programme"] == programme.id].sort_values(["day", "id"], kind="stable")
    found: dict[_Figure, _Values] = {}
    for ward, name, period, value in rows[["ward_code", "indicator", "period", "value"]].itertuples(
        index=False, name=None
    ):
        figure = (ward if isinstance(ward, str) else None, name)
        found.setdefault(figure, {})[Period.parse(period)] = value
    return found
