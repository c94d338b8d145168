"""A draft whose sites somebody else changed meanwhile: refused, with what is in force and what the draft says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from geo.errors import Problem
from geo.i18n.message import Message
from geo.records.kinds.registers.site_event import NewSiteEvent
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.kinds.registry import kind, kind_of
from geo.records.kinds.spec import NewEntry
from geo.records.ledger.queries import current
from geo.records.ledger.write_transaction import WriteTransaction
from geo.records.model.errors import ConflictError

Said = dict[str, Any]
"""A version or an event: `name` (of the site, or which event), `day`; `event` where it is one."""
_SHOWN = {"site_event": "event", "site_version": "name"}


def refuse_conflict(
    write: WriteTransaction,
    base: Mapping[str, int | None],
    base_events: Mapping[str, int | None],
    entries: Sequence[NewEntry],
    numbers: Mapping[str, str],
) -> None:
    """Refuse where a site has another version, or another last event, than the one on which a draft stands.

    `base`, `base_events`: site → its last version and event when the draft was written; `numbers`: those of new sites
    that gave way.

    Raises
    ------
    ConflictError
        The problems name what is in force (`in_force`) and what the draft says (`proposed`).
    """
    problems: dict[str, Problem] = {}
    for kind_name, stands in (("site_event", base_events), ("site_version", base)):
        now = _now(write, kind_name, [*stands, *numbers.values()])
        for site, stood in stands.items():
            found = now.get(numbers.get(site, site))
            if (found["id"] if found else None) != stood:
                is_new = kind_name == "site_version" and stood is None
                proposed = _proposed(entries, kind_name, site)
                code = "records.site-may-be-same" if is_new else "records.site-changed"
                said = {"now": _sentence(found), "wanted": _sentence(proposed), "in_force": found, "proposed": proposed}
                problems[site] = Problem(code, site, site=site, base=stood, **said)
    if problems:
        raise ConflictError([problems[site] for site in base if site in problems])


def _sentence(found: Said | None) -> Message:
    if found is None:
        return Message("records.version-none")
    what = Message(f"records.event.{found['event']}") if "event" in found else found["name"]
    return Message("records.version-said", what=what, on=found["day"])


def _now(write: WriteTransaction, kind_name: str, sites: list[str]) -> dict[str, Said]:
    """Site → its last version or event, with its number."""
    spec, shown = kind(kind_name), _SHOWN[kind_name]
    table = spec.table.c
    query = current(spec, None).where(table.site_id.in_(sites))
    rows = write.connection.execute(query.with_only_columns(table.site_id, table.id, table[shown], table.day))
    return {row.site_id: {"id": row.id} | _said(kind_name, row[2], row.day) for row in rows}


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
