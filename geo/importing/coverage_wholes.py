"""Figures that belong together in one period: a part and its whole, a count and the total that it is a share of.

They may come one by one, in two files or by two ways: each is compared with what is recorded by then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pandas import DataFrame

from geo.errors import Problem
from geo.i18n.message import Message
from geo.records.entries import NewCoverageEntry, NewEntry
from geo.records.programmes import all_programmes
from geo.records.store import Store
from geo.reference.programmes import Programme

_LISTED = 12
_Key = tuple[str | None, str, str]
"""Ward (None: the city), indicator, period."""
Half = tuple[NewCoverageEntry, str]
"""A count or a total, and the indicator of the other one, which is missing."""


@dataclass(frozen=True, slots=True)
class AboveWhole:
    """A `part` of `value` above its `whole` of `limit`; which of both `is_recorded`, and the other one's `entry`."""

    entry: NewCoverageEntry
    part: str
    value: float
    whole: str
    limit: float
    is_recorded: str

    @property
    def problem(self) -> Problem:
        """What is wrong, and what to do."""
        return Problem(
            "importing.above-recorded",
            " ".join(filter(None, (self.entry.ward_code, self.entry.indicator, self.entry.period))),
            part=self.part, value=self.value, whole=self.whole, limit=self.limit, recorded=self.is_recorded,
        )  # fmt: skip


def wholes_of(programme: Programme) -> dict[str, tuple[str, ...]]:
    """Indicator → those that it can't be more than: the total of a share, the whole of a part."""
    bases = {target.id: target.entry_ids[1] for target in programme.targets if target.has_base}
    parts = {target.id: target.part_of for target in programme.targets if target.part_of}
    return {
        name: tuple(each[name] for each in (bases, parts) if name in each) for name in dict.fromkeys((*bases, *parts))
    }


def above_wholes(
    programme: Programme, recorded: DataFrame, entries: Sequence[NewCoverageEntry]
) -> tuple[AboveWhole, ...]:
    """Where one of `entries` makes a part more than its whole, one of which is `recorded` (`Store.coverage`) already.

    What contradicts itself within the entries is said with their cells before.
    """
    values, given = _values(programme, recorded, entries)
    return tuple(found for entry in entries for found in _above(wholes_of(programme), values, given, entry))


def _above(
    wholes: Mapping[str, Sequence[str]],
    values: Mapping[_Key, float],
    given: Mapping[_Key, float],
    entry: NewCoverageEntry,
) -> Iterator[AboveWhole]:
    pairs = [(part, whole) for part, found in wholes.items() for whole in found if entry.indicator in (part, whole)]
    for part, whole in pairs:
        other = whole if entry.indicator == part else part
        value, limit = (values.get(_key(entry, name)) for name in (part, whole))
        if _key(entry, other) not in given and value is not None and limit is not None and value > limit:
            yield AboveWhole(entry, part, value, whole, limit, other)


def missing_halves(programme: Programme, recorded: DataFrame, entries: Sequence[NewCoverageEntry]) -> tuple[Half, ...]:
    """Entries of which only the count or only the total is there, with the one that is missing: neither counts."""
    values, _ = _values(programme, recorded, entries)
    both = dict(pair for target in programme.targets if target.has_base for pair in _both_ways(*target.entry_ids))
    found = ((entry, both[entry.indicator]) for entry in entries if entry.indicator in both)
    return tuple((entry, other) for entry, other in found if _key(entry, other) not in values)


def _both_ways(one: str, other: str) -> Iterable[tuple[str, str]]:
    return (one, other), (other, one)


def half_notes(missing: Sequence[Half]) -> tuple[Message, ...]:
    """That of two figures which make a share one is missing; nothing where none is."""
    if not missing:
        return ()
    shown = [_half(entry, other) for entry, other in missing[:_LISTED]]
    figures = [*shown, *(["…"] if len(missing) > _LISTED else [])]
    return (Message("importing.half-of-share", count=len(missing), figures=figures),)


def half_problem(entry: NewCoverageEntry, other: str) -> Problem:
    """The same as a question."""
    return Problem("importing.half-missing", entry.indicator, figure=entry.indicator, missing=other)


def _half(entry: NewCoverageEntry, other: str) -> str:
    place = " ".join(filter(None, (entry.ward_code, entry.period)))
    return f"{place}: {entry.indicator} ({other} –)"


def above_wholes_of(store: Store, entry: NewEntry) -> tuple[AboveWhole, ...]:
    """As `above_wholes`, of one entry of any kind; none where it is no figure of a programme that is known."""
    programme = _programme_of(store, entry)
    if programme is None or not isinstance(entry, NewCoverageEntry):
        return ()
    return above_wholes(programme, store.coverage(), [entry])


def half_notes_of(store: Store, entry: NewEntry) -> tuple[Message, ...]:
    """As `half_notes`, of one entry of any kind."""
    programme = _programme_of(store, entry)
    if programme is None or not isinstance(entry, NewCoverageEntry):
        return ()
    return half_notes(missing_halves(programme, store.coverage(), [entry]))


def _programme_of(store: Store, entry: NewEntry) -> Programme | None:
    if not isinstance(entry, NewCoverageEntry):
        return None
    return next((each for each in all_programmes(store) if each.id == entry.programme), None)


def _values(
    programme: Programme, recorded: DataFrame, entries: Sequence[NewCoverageEntry]
) -> tuple[dict[_Key, float], dict[_Key, float]]:
    """What counts once the entries are recorded, and what of it they say themselves; a later day counts more."""
    rows = recorded[recorded["programme"] == programme.id].sort_values(["day", "id"], kind="stable")
    columns = rows[["ward_code", "indicator", "period", "value", "day"]].itertuples(index=False, name=None)
    there = {(w if isinstance(w, str) else None, i, p): (value, day.date()) for w, i, p, value, day in columns}
    given = {key: entry.value for entry in entries if (key := _key(entry)) not in there or there[key][1] <= entry.day}
    return {key: value for key, (value, _) in there.items()} | given, given


def _key(entry: NewCoverageEntry, indicator: str = "") -> _Key:
    return entry.ward_code, indicator or entry.indicator, entry.period
