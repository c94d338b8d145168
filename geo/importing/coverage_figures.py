"""The figures of one file as they were read, and which contradict each other: said twice, or a part above its whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from geo.errors import Problem
from geo.i18n.message import Message
from geo.importing.cells import as_text
from geo.importing.coverage_cells import RawEntry
from geo.reference.programmes import Programme
from geo.reference.wards import Ward


@dataclass(frozen=True, slots=True)
class Entry:
    """A filled cell as it was read; `problems` where it can't be taken."""

    raw: RawEntry
    ward: Ward | None
    indicator: str
    period: str
    value: float
    day: object
    problems: tuple[Problem, ...]

    def row(self) -> dict[str, object]:
        """The entry as a row of the frame."""
        return {
            "ward_code": self.ward.code if self.ward else None,
            "indicator": self.indicator,
            "period": self.period,
            "value": self.value,
            "day": self.day,
            "document": as_text(self.raw.document),
            "office": as_text(self.raw.office),
        }

    def key(self, indicator: str) -> tuple[str, str, str]:
        """What the entry is about, or would be with another indicator."""
        return (self.ward.code if self.ward else "", indicator, self.period)


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
