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
from geo.records.kinds.spec import NewEntry
from geo.reference.names import fold

_EVENT = ":event"
Base = Mapping[str, int | None]
"""Site → the number of its last version, and with `_EVENT` behind it of its last event; None where it has none."""
_SHOWN = {"site_event": "event", "site_version": "name"}
_KINDS: tuple[tuple[str, type[NewEntry]], ...] = (("site_event", NewSiteEvent), ("site_version", NewSiteVersion))


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
    for (kind_name, own), base in zip(_KINDS, (events, versions), strict=True):
        now = _last(read, kind_name)
        for site, stood in base.items():
            last = now.get(numbers.get(site, site))
            if (last["id"] if last else None) != stood:
                found[site] = _problem(site, last, _proposed(entries, own, site), stood, events.get(site))
    return [found[site] for site in versions if site in found]


def _last(read: Read, kind_name: str) -> dict[str, dict[str, Any]]:
    """Site → its last version or event."""
    shown = _SHOWN[kind_name]
    rows = read(kind_name, ("site_id", "id", shown, "day", "document"))
    return {site: {"id": number, shown: what, "day": day, "document": paper} for site, number, what, day, paper in rows}


def _proposed(entries: Sequence[NewEntry], kind: type[NewEntry], site: str) -> dict[str, Any] | None:
    """What a draft says of a site: its version or event, whichever is asked for, else the other."""
    own = [entry for entry in entries if getattr(entry, "site_id", "") == site]
    for wanted in (kind, NewSiteEvent, NewSiteVersion):
        for entry in own:
            if isinstance(entry, wanted) and isinstance(entry, NewSiteEvent | NewSiteVersion):
                shown = "event" if isinstance(entry, NewSiteEvent) else "name"
                return {shown: getattr(entry, shown), "day": entry.day, "document": entry.document}
    return None


def _problem(
    site: str, last: dict[str, Any] | None, own: dict[str, Any] | None, stood: int | None, stood_event: int | None
) -> Problem:
    said = {"in_force": last, "proposed": own, "base": stood, "now": _words(last), "own": _words(own)}
    is_new = stood is None and stood_event is None
    same = is_new and last is not None and own is not None and fold(last.get("name", "")) == fold(own.get("name", "-"))
    return Problem("records.site-named-alike" if same else "records.site-changed", site, site=site, **said)


def _words(stand: Mapping[str, Any] | None) -> Message:
    """A version or an event in words."""
    if stand is None:
        return Message("records.stand.none")
    day: date = stand["day"]
    if "event" in stand:
        what = Message(f"records.event.{stand['event']}")
        return Message("records.stand.event", event=what, day=day, document=stand["document"])
    return Message("records.stand.version", name=stand["name"], day=day, document=stand["document"])


def recorded_sides(
    read: Read, site: str, stood: int | None, stood_event: int | None
) -> tuple[list[NewEntry], list[NewEntry]]:
    """What is recorded of a site now, with an event since, and the version on which a draft stands."""
    versions = _entries(read, "site_version", NewSiteVersion, site)
    events = _entries(read, "site_event", NewSiteEvent, site)
    since = [entry for number, entry in list(events.items())[-1:] if number != stood_event]
    return [*list(versions.values())[-1:], *since], [versions[stood]] if stood in versions else []


def _entries(read: Read, kind_name: str, kind: type[NewEntry], site: str) -> dict[int, NewEntry]:
    """The entries of a kind about a site by their numbers, the last one last."""
    names = [field.name for field in fields(kind)]
    rows = read(kind_name, ("id", *names))
    made = ((number, kind(**dict(zip(names, values, strict=True)))) for number, *values in rows)
    return {number: entry for number, entry in made if getattr(entry, "site_id", "") == site}
