"""What a draft would cover up: levels, phases, agreements and plans that somebody recorded after it was written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Any

from geo.errors import Problem
from geo.records.drafting.site_lives import Read
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


def subjects(entries: Sequence[NewEntry]) -> dict[tuple[Any, ...], str]:
    """What entries say of which day, each with the site, the ward (by name) or the plan."""
    named = ((entry, kind_of(entry).name) for entry in entries)
    return {(name, *_key(entry, name)): _subject(entry, name) for entry, name in named if name in _SAID}


def covered_up(read: Read, entries: Sequence[NewEntry], draft_row: int) -> list[Problem]:
    """The entries of a draft (`draft_row`: its row) in whose place something else was recorded since."""
    written: dict[int, Any] = dict(read("register_draft", ("id", "recorded_at")))
    return [one for name in _SAID for one in _covered(read, entries, name, written.get(draft_row))]


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
            yield Problem(
                "records.covered-up",
                _subject(entry, name),
                kind=kind_of(entry).shown,
                subject=_subject(entry, name),
                day=entry.day,
                document=document,
                in_force={"id": number, said: value},
                proposed={said: getattr(entry, said)},
            )


def _subject(entry: NewEntry, name: str) -> str:
    from geo.reference.wards import load_wards

    first = str(_key(entry, name)[0])
    if name != "phase_change":
        return first
    wards = load_wards()
    return next(iter(wards.loc[wards["code"] == first, "full_name"]), first)


def _key(entry: NewEntry, name: str) -> tuple[Any, ...]:
    return tuple(attrgetter(*_SAID[name][0])(entry))
