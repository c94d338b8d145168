"""Whether a site was changed since a draft about it was written: what is in force against what the draft proposes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from types import MappingProxyType
from typing import Any

from geo.errors import Problem
from geo.i18n.message import Message
from geo.records.drafting.site_lives import Read
from geo.records.kinds.registers.site_event import NewSiteEvent
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.kinds.registry import kind, kind_of
from geo.records.kinds.spec import NewEntry

_EVENT = ":event"
Base = Mapping[str, int | None]
"""Site → the number of its last version, and with `_EVENT` behind it of its last event; None where it has none."""
Said = dict[str, Any]
"""A version or an event: `name` (of the site, or which event), `day`; `event` where it is one."""
_SHOWN = {"site_event": "event", "site_version": "name"}


def standing(read: Read, sites: Sequence[str]) -> dict[str, int | None]:
    """What the sites stand on now, as a draft stores it."""
    last = {site: number for site, number in read("site_version", ("site_id", "id")) if site in sites}
    events = {site: number for site, number in read("site_event", ("site_id", "id")) if site in sites}
    return {site: last.get(site) for site in sites} | {f"{site}{_EVENT}": events.get(site) for site in sites}


def versions_of(base: Base) -> dict[str, int | None]:
    """Site → the version on which a draft stands."""
    return {site: number for site, number in base.items() if not site.endswith(_EVENT)}


def events_of(base: Base) -> dict[str, int | None]:
    """Site → the last event of it when a draft was written."""
    return {site.removesuffix(_EVENT): number for site, number in base.items() if site.endswith(_EVENT)}


def conflicts(
    read: Read,
    entries: Sequence[NewEntry],
    versions: Base,
    events: Base,
    numbers: Mapping[str, str] = MappingProxyType({}),
) -> list[Problem]:
    """The sites that have another version, or another last event, than those on which a draft stands.

    Each problem has both: `in_force`, what is recorded now, and `proposed`, what the draft says of the site. `numbers`
    are those of new sites that gave way.
    """
    found: dict[str, Problem] = {}
    for kind_name, base in (("site_event", events), ("site_version", versions)):
        now = _last(read, kind_name)
        for site, stood in base.items():
            last = now.get(numbers.get(site, site))
            if (last["id"] if last else None) == stood:
                continue
            is_new = kind_name == "site_version" and stood is None
            proposed = _proposed(entries, kind_name, site)
            said = {"now": _sentence(last), "wanted": _sentence(proposed), "in_force": last, "proposed": proposed}
            code = "records.site-may-be-same" if is_new else "records.site-changed"
            found[site] = Problem(code, site, site=site, base=stood, **said)
    return [found[site] for site in versions if site in found]


def _last(read: Read, kind_name: str) -> dict[str, Said]:
    """Site → its last version or event, with its number."""
    rows = read(kind_name, ("site_id", "id", _SHOWN[kind_name], "day"))
    return {site: {"id": number, **_said(kind_name, what, day)} for site, number, what, day in rows}


def _proposed(entries: Sequence[NewEntry], kind_name: str, site: str) -> Said | None:
    """What a draft says of a site: its entry of this kind, else the other one."""
    own = [entry for entry in entries if isinstance(entry, NewSiteVersion | NewSiteEvent) and entry.site_id == site]
    entry = min(own, key=lambda entry: kind_of(entry).name != kind_name, default=None)
    if entry is None:
        return None
    own_kind = kind_of(entry).name
    return _said(own_kind, getattr(entry, _SHOWN[own_kind]), entry.day)


def _said(kind_name: str, name: str, day: date) -> Said:
    return {"name": name, "day": day} | ({"event": name} if kind_name == "site_event" else {})


def _sentence(found: Said | None) -> Message:
    if found is None:
        return Message("records.version-none")
    what = Message(f"records.event.{found['event']}") if "event" in found else found["name"]
    return Message("records.version-said", what=what, on=found["day"])


def recorded_sides(
    read: Read, site: str, stood: int | None, stood_event: int | None
) -> tuple[list[NewEntry], list[NewEntry]]:
    """What is recorded of a site now, with an event since, and the version on which a draft stands."""
    versions = _entries(read, "site_version", NewSiteVersion, site)
    events = _entries(read, "site_event", NewSiteEvent, site)
    since = [entry for number, entry in list(events.items())[-1:] if number != stood_event]
    return [*list(versions.values())[-1:], *since], [versions[stood]] if stood in versions else []


def recorded_entry(read: Read, name: str) -> NewEntry:
    """The version or event of a row that is named as `site_version:3`."""
    kind_name, _, number = name.partition(":")
    spec = kind(kind_name)
    names = [field.name for field in fields(spec.entry)]
    (values,) = (values for row, *values in read(kind_name, ("id", *names)) if row == int(number))
    return spec.entry(**dict(zip(names, values, strict=True)))


def _entries(read: Read, kind_name: str, entry_type: type[NewEntry], site: str) -> dict[int, NewEntry]:
    """The entries of a kind about a site by their numbers, the last one last."""
    names = [field.name for field in fields(entry_type)]
    rows = read(kind_name, ("id", *names))
    made = ((number, entry_type(**dict(zip(names, values, strict=True)))) for number, *values in rows)
    return {number: entry for number, entry in made if getattr(entry, "site_id", "") == site}
