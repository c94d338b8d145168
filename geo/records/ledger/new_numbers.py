"""Numbers of new sites at publishing: one that another draft took meanwhile gives way to the next free one; it is said.

A new site of the same name as the one that took its number stays in conflict: it may be the same place.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from geo.records.drafting.site_lives import Read
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.kinds.spec import NewEntry
from geo.reference.names import fold

_NUMBERED = re.compile(r"(.+-)(\d+)")
_NOTED = re.compile(r"([\w-]+) → ([\w-]+)")


def new_numbers(read: Read, new: Collection[str], entries: Sequence[NewEntry]) -> dict[str, str]:
    """The number of each new site of a draft that is taken → the next free one.

    `new` are the sites that were not there when the draft was written.
    """
    known: dict[str, str] = dict(read("site_version", ("site_id", "name")))
    versions = {entry.site_id: entry for entry in entries if isinstance(entry, NewSiteVersion) and entry.site_id in new}
    taken = {*known, *versions}
    found: dict[str, str] = {}
    for site_id, version in versions.items():
        numbered = _NUMBERED.fullmatch(site_id)
        if site_id not in known or numbered is None or fold(known[site_id]) == fold(version.name):
            continue
        found[site_id] = _next(numbered[1], taken)
        taken.add(found[site_id])
    return found


def _next(stem: str, taken: Collection[str]) -> str:
    numbers = (site[len(stem) :] for site in taken if site.startswith(stem))
    return f"{stem}{max((int(number) for number in numbers if number.isdecimal()), default=0) + 1}"


def with_numbers(entries: Sequence[NewEntry], numbers: Mapping[str, str]) -> tuple[NewEntry, ...]:
    """The entries with the sites under their new numbers."""
    return tuple(_with_number(entry, numbers) for entry in entries) if numbers else tuple(entries)


def _with_number(entry: NewEntry, numbers: Mapping[str, str]) -> NewEntry:
    values: dict[str, Any] = {}
    if getattr(entry, "site_id", None) in numbers:
        values["site_id"] = numbers[entry.site_id]  # type: ignore[attr-defined]
    if set(getattr(entry, "others", ())) & set(numbers):
        values["others"] = tuple(numbers.get(site, site) for site in entry.others)  # type: ignore[attr-defined]
    return replace(entry, **values) if values else entry


def note_of(numbers: Mapping[str, str]) -> str:
    """The numbers as the note of a publication holds them.

    >>> note_of({"HN-II-6": "HN-II-7"}), numbers_of("HN-II-6 → HN-II-7")
    ('HN-II-6 → HN-II-7', {'HN-II-6': 'HN-II-7'})
    """
    return "; ".join(f"{old} → {new}" for old, new in numbers.items())


def numbers_of(note: str) -> dict[str, str]:
    """What `note_of` wrote."""
    return dict(_NOTED.findall(note or ""))
