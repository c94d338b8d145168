"""Figures of one file that repeat or contradict each other: said twice, or a part above its whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from geo.errors import Problem
from geo.i18n.message import Message
from geo.importing.coverage.entry import Entry
from geo.importing.coverage_wholes import wholes_of
from geo.reference.programmes import Period, Programme

_HALF_YEAR = 6
_SERIES = 3


def contradictions(programme: Programme, entries: Sequence[Entry]) -> list[tuple[Entry, Problem]]:
    """Each entry that contradicts another, with what is wrong."""
    return [*_said_otherwise(entries), *_larger_than_whole(programme, entries)]


def repeated(entries: Sequence[Entry]) -> list[Entry]:
    """The entries that say what an earlier one says: the same ward, indicator, period and value."""
    first: dict[tuple[tuple[str, str, str], float], Entry] = {}
    return [
        entry for entry in entries if first.setdefault((entry.key(entry.indicator), entry.value), entry) is not entry
    ]


def only_rises(entries: Sequence[Entry]) -> bool:
    """Whether the figures of quarters and months never fall, in each of at least three series of three: they may count
    from the start of the year, and nobody said so."""
    series: dict[tuple[str, str, int], dict[int, float]] = {}
    for entry in entries:
        period = Period.parse(entry.period)
        if period.months < _HALF_YEAR:
            own = series.setdefault((entry.key("")[0], entry.indicator, period.year), {})
            own[period.last_month] = entry.value
    ordered = [[value for _, value in sorted(own.items())] for own in series.values() if len(own) >= _SERIES]
    rises = [values[0] < values[-1] and all(a <= b for a, b in pairwise(values)) for values in ordered]
    return len(rises) >= _SERIES and all(rises)


def _said_otherwise(entries: Sequence[Entry]) -> Iterator[tuple[Entry, Problem]]:
    first: dict[tuple[str, str, str], str | Message] = {}
    for entry in entries:
        key = entry.key(entry.indicator)
        if key in first:
            yield entry, Problem("importing.said-again", entry.raw.where, other=first[key])
        first.setdefault(key, entry.raw.where)


def _larger_than_whole(programme: Programme, entries: Sequence[Entry]) -> Iterator[tuple[Entry, Problem]]:
    """A count above its total (inspected above all establishments), or a part above its whole."""
    wholes = wholes_of(programme)
    values = {entry.key(entry.indicator): entry.value for entry in entries}
    for entry in entries:
        for whole in wholes.get(entry.indicator, ()):
            limit = values.get(entry.key(whole))
            if limit is not None and entry.value > limit:
                shown = {"value": entry.value, "part": entry.indicator, "limit": limit, "whole": whole}
                yield entry, Problem("importing.above-whole", entry.raw.where, **shown)
