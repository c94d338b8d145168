"""What a draft would cover up: levels, phases, agreements and plans that somebody recorded after it was written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from math import inf
from operator import attrgetter
from typing import Any, NamedTuple, Protocol

from geo.errors import Problem
from geo.records.drafting.site_lives import Read
from geo.records.kinds.registers.responsibility import NewResponsibility
from geo.records.kinds.registers.site_event import NewSiteEvent
from geo.records.kinds.registry import kind_of
from geo.records.kinds.spec import NewEntry

_SAID = {
    "assessment": (("site_id", "day"), "level"),
    "phase_change": (("ward_code", "day"), "phase"),
    "responsibility": (("site_id", "day", "from_m", "to_m"), "wards"),
    "city_plan": (("number", "city"), "file_digest"),
}
"""Kind → the fields by which an entry takes the place of another one (of a later day it follows it), and what differs
then. Versions and events of sites conflict on any day: `conflicts`."""
_SAID_ONCE = {**{name: fields for name, (fields, _) in _SAID.items()}, "site_version": ("site_id", "day")}


class _Recorded(NamedTuple):
    id: int
    recorded_at: Any
    day: date
    site_id: str
    from_m: float | None
    to_m: float | None
    wards: tuple[str, ...]
    document: str


class Stretch(Protocol):
    """A part of a route in metres; None: an end of it."""

    @property
    def from_m(self) -> float | None:
        """Where it begins."""

    @property
    def to_m(self) -> float | None:
        """Where it ends."""


def share_metres(one: Stretch, other: Stretch) -> bool:
    """Whether two stretches of a route have metres in common."""
    ends = [(each.from_m or 0.0, inf if each.to_m is None else each.to_m) for each in (one, other)]
    return min(end for _, end in ends) > max(start for start, _ in ends)


def said_twice(entries: Sequence[NewEntry]) -> list[NewEntry]:
    """The entries that say another thing of a subject and a day of which an entry before them spoke; and the events by
    which a site leaves and is back on one day."""
    seen: dict[tuple[Any, ...], list[NewEntry]] = defaultdict(list)
    for entry in entries:
        name = kind_of(entry).name
        if name in _SAID_ONCE:
            seen[name, *attrgetter(*_SAID_ONCE[name])(entry)].append(entry)
        elif isinstance(entry, NewSiteEvent) and entry.event != "renamed":
            seen[name, entry.site_id, entry.day].append(entry)
    return [one for same in seen.values() for one in same[1:2] if one != same[0]]


def overlapping(entries: Sequence[NewEntry], others: Sequence[NewEntry]) -> list[NewResponsibility]:
    """The agreements of entries that share metres with another stretch of the same site which others agree on, by which
    other wards answer for them."""
    agreed = [[one for one in each if isinstance(one, NewResponsibility) and one.wards] for each in (entries, others)]
    return [one for one in agreed[0] if any(_is_against(one, other) for other in agreed[1])]


def _is_against(one: NewResponsibility, other: Any) -> bool:
    is_same = (one.from_m, one.to_m) == (other.from_m, other.to_m)
    is_other = one.site_id == other.site_id and set(one.wards) != set(other.wards)
    return is_other and not is_same and share_metres(one, other)


def subjects(entries: Sequence[NewEntry]) -> dict[tuple[Any, ...], str]:
    """What entries say of which day, each with the site, the ward (by name) or the plan."""
    named = ((entry, kind_of(entry).name) for entry in entries)
    return {(name, *_key(entry, name)): _subject(entry, name) for entry, name in named if name in _SAID}


def covered_up(read: Read, entries: Sequence[NewEntry], draft_row: int) -> list[Problem]:
    """The entries of a draft (`draft_row`: its row) in whose place something else was recorded since."""
    written: dict[int, Any] = dict(read("register_draft", ("id", "recorded_at")))
    since = written.get(draft_row)
    return [*(one for name in _SAID for one in _covered(read, entries, name, since)), *_shared(read, entries, since)]


def _shared(read: Read, entries: Sequence[NewEntry], since: Any) -> Iterator[Problem]:
    """The agreements of which others that were recorded since share metres and that are in force still."""
    own = [entry for entry in entries if isinstance(entry, NewResponsibility)]
    if not own or since is None:
        return
    fields = ("id", "recorded_at", "day", "site_id", "from_m", "to_m", "wards", "document")
    rows = [_Recorded(*row) for row in read("responsibility", fields)]
    # The last one of a stretch is what holds; of those on which the draft itself says something, its own word does.
    last = {(row.site_id, row.from_m, row.to_m): row for row in rows}
    spoken = {(entry.site_id, entry.from_m, entry.to_m) for entry in own}
    found = [row for key, row in last.items() if row.recorded_at > since and row.wards and key not in spoken]
    for entry in own:
        for row in [row for row in found if entry.wards and _is_against(entry, row)][:1]:
            yield _problem(entry, "responsibility", "wards", (row.id, row.document, row.wards))


def _covered(read: Read, entries: Sequence[NewEntry], name: str, since: Any) -> Iterator[Problem]:
    own = [entry for entry in entries if kind_of(entry).name == name]
    if not own or since is None:
        return
    fields, said = _SAID[name]
    rows = read(name, ("id", "recorded_at", "document", said, *fields))
    now = {tuple(key): (number, document, value) for number, at, document, value, *key in rows if at > since}
    for entry in own:
        number, document, value = now.get(_key(entry, name), (0, "", getattr(entry, said)))
        if value != getattr(entry, said):
            yield _problem(entry, name, said, (number, document, value))


def _problem(entry: NewEntry, name: str, said: str, now: tuple[int, str, Any]) -> Problem:
    number, document, value = now
    subject = _subject(entry, name)
    return Problem(
        "records.covered-up",
        subject,
        kind=kind_of(entry).shown,
        subject=subject,
        day=entry.day,
        document=document,
        in_force={"id": number, said: value},
        proposed={said: getattr(entry, said)},
    )


def subject_of(entry: NewEntry) -> str:
    """What an entry is about: the site, the ward (by name) or the plan."""
    name = kind_of(entry).name
    return _subject(entry, name) if name in _SAID else str(getattr(entry, "site_id", ""))


def _subject(entry: NewEntry, name: str) -> str:
    from geo.reference.wards import load_wards

    first = str(_key(entry, name)[0])
    if name != "phase_change":
        return first
    wards = load_wards()
    return next(iter(wards.loc[wards["code"] == first, "full_name"]), first)


def _key(entry: NewEntry, name: str) -> tuple[Any, ...]:
    return tuple(attrgetter(*_SAID[name][0])(entry))
