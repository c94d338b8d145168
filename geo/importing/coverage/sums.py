"""Figures of one file that contradict each other: said twice, or a part above its whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from geo.errors import Problem
from geo.i18n.message import Message
from geo.importing.coverage.entry import Entry
from geo.reference.programmes import Programme


def contradictions(programme: Programme, entries: Sequence[Entry]) -> list[tuple[Entry, Problem]]:
    """Each entry that contradicts another, with what is wrong."""
    return [*_repeated(entries), *_larger_than_whole(programme, entries)]


def _repeated(entries: Sequence[Entry]) -> Iterator[tuple[Entry, Problem]]:
    first: dict[tuple[str, str, str], str | Message] = {}
    for entry in entries:
        key = entry.key(entry.indicator)
        if key in first:
            yield entry, Problem("importing.said-again", entry.raw.where, other=first[key])
        first.setdefault(key, entry.raw.where)


def _larger_than_whole(programme: Programme, entries: Sequence[Entry]) -> Iterator[tuple[Entry, Problem]]:
    """A count above its total (inspected above all establishments), or a part above its whole."""
    wholes = {target.id: target.entry_ids[1] for target in programme.targets if target.has_base}
    parts = {target.id: target.part_of for target in programme.targets if target.part_of}
    values = {entry.key(entry.indicator): entry.value for entry in entries}
    for entry in entries:
        for whole in filter(None, (wholes.get(entry.indicator), parts.get(entry.indicator))):
            limit = values.get(entry.key(whole))
            if limit is not None and entry.value > limit:
                shown = {"value": entry.value, "part": entry.indicator, "limit": limit, "whole": whole}
                yield entry, Problem("importing.above-whole", entry.raw.where, **shown)
