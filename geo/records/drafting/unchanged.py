"""Phases of a draft that their wards have already: recording them changes nothing that anybody sees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from geo.errors import Problem
from geo.records.kinds.phase_change import NewPhaseChange
from geo.records.kinds.spec import NewEntry
from geo.reference.programme.terms import NOT_COVERED

Read = Callable[[str, Sequence[str]], list[tuple[Any, ...]]]
"""Columns of a kind as `Store.rows` gives them: by day, then by order of entry."""


def held_phases(read: Read, entries: Sequence[NewEntry]) -> Iterator[NewPhaseChange]:
    """The phases of these entries that their ward has on that day without them, where they say one of it."""
    own = [entry for entry in entries if isinstance(entry, NewPhaseChange)]
    rows = read("phase_change", ("ward_code", "day", "phase")) if own else []
    said = Counter(entry.ward_code for entry in own)
    for entry in own:
        held = [phase for ward, day, phase in rows if ward == entry.ward_code and day <= entry.day]
        if said[entry.ward_code] == 1 and entry.phase == (held or [NOT_COVERED])[-1]:
            yield entry


def unchanged_problems(read: Read, entries: Sequence[NewEntry]) -> list[Problem]:
    """Why a draft that is made of phases alone would change nothing."""
    held = list(held_phases(read, entries))
    if not held or len(held) < len(entries):
        return []
    from geo.reference.wards import load_wards

    names = load_wards().set_index("code")["full_name"]
    wards = [names.get(entry.ward_code, entry.ward_code) for entry in held]
    return [Problem("records.phases-held", "content", wards=wards, day=held[0].day)]
