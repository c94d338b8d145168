"""The ids of new sites: the plan's number where it is free, else the next one; another one where it was taken since."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from geo.errors import InputError, Problem
from geo.records.kinds.assessment import NewAssessment
from geo.records.kinds.registers.responsibility import NewResponsibility
from geo.records.kinds.registers.site_event import NewSiteEvent
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.kinds.spec import NewEntry
from geo.reference.cities import City
from geo.reference.programme.in_use import own_terms
from geo.reference.programme.terms import Group

_GROUPS = {"establishment": "I", "public": "II"}
"""The numbers of the shipped groups in Appendix II; further ones bring theirs."""
_MOVED = re.compile(r"(\S+) → (\S+)")


def next_id(known: Sequence[str], city: City, group: str, number: str = "") -> str:
    """The id of a new site: the plan's number where it is free and of its group, else the next one of its group."""
    part = _part(group)
    wanted = f"{city.site_prefix}-{number.replace('.', '-')}" if re.fullmatch(rf"{part}\.\d+", number) else ""
    if wanted and wanted not in known:
        return wanted
    stem = f"{city.site_prefix}-{part}-"
    taken = [int(site[len(stem) :]) for site in known if site.startswith(stem) and site[len(stem) :].isdigit()]
    return f"{stem}{max(taken, default=0) + 1}"


def id_of_number(known: Sequence[str], city: City, group: str, number: str) -> str:
    """The id of a new site by a number that somebody names.

    Raises
    ------
    InputError
        It is no number of the group (`II.6`), or a site has it already; the next free one is named.
    """
    free = next_id(known, city, group)
    if not re.fullmatch(rf"{_part(group)}\.[1-9]\d{{0,3}}", number):
        raise InputError(Problem("records.no-site-number", "number", number=number[:20], part=_part(group), free=free))
    wanted = f"{city.site_prefix}-{number.replace('.', '-')}"
    if wanted in known:
        raise InputError(Problem("records.site-number-taken", "number", number=number, site=wanted, free=free))
    return wanted


def _part(group: str) -> str:
    own = own_terms("group").get(group)
    return own.number if isinstance(own, Group) else _GROUPS.get(group, "III")


def renumbered(entries: Sequence[NewEntry], moved: Mapping[str, str]) -> tuple[NewEntry, ...]:
    """The entries of a draft with other ids of its new sites (`moved`: id → id)."""
    return tuple(_renumbered(entry, moved) for entry in entries)


def _renumbered(entry: NewEntry, moved: Mapping[str, str]) -> NewEntry:
    if isinstance(entry, NewSiteEvent):
        others = tuple(moved.get(site, site) for site in entry.others)
        return replace(entry, site_id=moved.get(entry.site_id, entry.site_id), others=others)
    if isinstance(entry, NewSiteVersion | NewResponsibility | NewAssessment):
        return replace(entry, site_id=moved.get(entry.site_id, entry.site_id))
    return entry


def note_of(moved: Mapping[str, str]) -> str:
    """What a publication notes of new sites that got another id than in their draft; `moved_of` reads it."""
    return "; ".join(f"{old} → {new}" for old, new in moved.items())


def moved_of(note: str) -> dict[str, str]:
    """Id in the draft → id in force, of the note of a publication."""
    return dict(_MOVED.findall(note.replace(";", " ")))
