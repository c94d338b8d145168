"""Figures of a period that contradict its parts: recorded in silence, 45 would become 10.

A whole is no less than what its halves, quarters or months hold, and no more than their sum once all of them are known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pandas import DataFrame

from geo.errors import InputError, Problem
from geo.records.entries import NewCoverageEntry, NewEntry
from geo.records.programmes import all_programmes
from geo.records.store import Store
from geo.reference.programmes import Period, Programme

_COMBINED: Mapping[str, Callable[[Iterable[float]], float]] = {"sum": sum, "most": max}
"""How parts make the least that the whole can be; what is combined otherwise may fall."""

_Figure = tuple[str | None, str]
_Values = dict[Period, float]


@dataclass(frozen=True, slots=True)
class BelowParts:
    """The figure `value` of a `period` of an entry, or of one that holds its own, and what its `parts` make of it.

    That is the least that it can be; where all parts are known, their sum, and `value` may be more.
    """

    entry: NewCoverageEntry
    period: Period
    value: float
    parts: float

    @property
    def problem(self) -> Problem:
        """What to ask before it is recorded."""
        code = "importing.above-parts" if self.is_above else "importing.below-parts"
        return Problem(code, self.entry.indicator, **self.named)

    @property
    def is_above(self) -> bool:
        """Whether it is more than all of its parts together."""
        return self.value > self.parts

    @property
    def named(self) -> dict[str, Any]:
        """Period, value and the least by its parts, as parameters of a problem."""
        return {"period": str(self.period), "value": self.value, "parts": self.parts}


def below_parts(
    programme: Programme, recorded: DataFrame, entries: Sequence[NewCoverageEntry]
) -> tuple[BelowParts, ...]:
    """Where `entries` would make a period's figure contradict its halves, quarters or months.

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
    found = dict[tuple[_Figure, Period], BelowParts]()
    for entry in entries:
        combine = _COMBINED.get(ways.get(entry.indicator, ""))
        for below in _of_entry(entry, known[_figure(entry)], combine) if combine is not None else ():
            found.setdefault((_figure(entry), below.period), below)
    return tuple(found.values())


def below_parts_of(store: Store, entry: NewEntry) -> tuple[BelowParts, ...]:
    """As `below_parts`, of one entry of any kind; none where it is no figure, or one that can't be recorded anyway."""
    if not isinstance(entry, NewCoverageEntry):
        return ()
    programme = next((each for each in all_programmes(store) if each.id == entry.programme), None)
    try:
        return () if programme is None else below_parts(programme, store.coverage(), [entry])
    except InputError:  # of a period that is none; the records say so, with all else
        return ()


def _of_entry(
    entry: NewCoverageEntry, values: _Values, combine: Callable[[Iterable[float]], float]
) -> Iterator[BelowParts]:
    own = Period.parse(entry.period)
    for period in sorted(each for each in values if each.holds(own)):
        parts, value = list(_parts(period, values)), values[period]
        is_above = combine is sum and _are_all_known(period, values) and value > sum(parts)
        if parts and (value < combine(parts) or is_above):
            yield BelowParts(entry, period, value, combine(parts))


def _parts(period: Period, values: _Values) -> Iterator[float]:
    """The figures in a period; of one that has a figure of its own, that."""
    for part in period.parts:
        if part in values:
            yield values[part]
        else:
            yield from _parts(part, values)


def _are_all_known(period: Period, values: _Values) -> bool:
    """Whether each part of a period has a figure, or all of its own parts."""
    return bool(period.parts) and all(part in values or _are_all_known(part, values) for part in period.parts)


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
