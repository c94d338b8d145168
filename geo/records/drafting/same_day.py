"""What another paper says of the same site and the same day: a draft replaces it only where it takes it back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from geo.errors import Problem
from geo.i18n.message import Message
from geo.records.drafting.site_lives import Read
from geo.records.drafting.withdrawals import remaining
from geo.records.kinds.registers.site_event import ENDING, NewSiteEvent
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.kinds.spec import NewEntry
from geo.reference.names import fold

PAPERS = frozenset(("document", "office", "note", "plan"))
"""Fields that say by which paper something holds, not what."""
_VERSION = tuple(field.name for field in fields(NewSiteVersion))
_EVENT = ("site_id", "day", "event", "document", "office")
Row = Mapping[str, Any]


def same_day_conflicts(read: Read, entries: Sequence[NewEntry]) -> list[Problem]:
    """The versions and events of a draft that say another thing of a site than what is recorded of that very day, and
    that the draft does not take back: versions by another paper, and leaving or returning against each other.

    Each problem has both: `in_force`, what is recorded, with its number, and `proposed`.
    """
    rest = remaining(read, entries)
    return [*_versions(rest, entries), *_events(rest, entries)]


def same_paper(one: Row, other: Row) -> bool:
    """Whether two records are by one document of one office."""
    return all(fold(one[name]) == fold(other[name]) for name in ("document", "office"))


def _versions(read: Read, entries: Sequence[NewEntry]) -> Iterator[Problem]:
    own = [entry for entry in entries if isinstance(entry, NewSiteVersion)]
    last = _last(read, "site_version", _VERSION) if own else {}
    for entry in own:
        found = last.get((entry.site_id, entry.day))
        values = {name: getattr(entry, name) for name in _VERSION}
        if found is None or same_paper(found, values) or _differing(found, values) <= PAPERS:
            continue
        said = {name: values[name] for name in ("name", "day", "document", "office")}
        yield _problem(
            "records.same-day-version", f"site_version:{found['id']}", found, said, entry.name, found["name"]
        )


def _events(read: Read, entries: Sequence[NewEntry]) -> Iterator[Problem]:
    own = [entry for entry in entries if isinstance(entry, NewSiteEvent) and entry.event != "renamed"]
    rows = [row for row in _rows(read, "site_event", _EVENT) if row["event"] != "renamed"] if own else []
    last = {(row["site_id"], row["day"]): row for row in rows}
    for entry in own:
        found = last.get((entry.site_id, entry.day))
        if found is None or (found["event"] in ENDING) == (entry.event in ENDING):
            continue  # of two by which a site leaves, the second one is refused: it is not there any more
        said = {name: getattr(entry, name) for name in ("event", "day", "document", "office")}
        words = (Message(f"records.event.{event}") for event in (entry.event, found["event"]))
        yield _problem("records.same-day-event", f"site_event:{found['id']}", found, said, *words)


def _problem(code: str, row: str, found: Row, said: dict[str, Any], wanted: Any, now: Any) -> Problem:
    site = found["site_id"]
    return Problem(
        code,
        site,
        site=site,
        day=found["day"],
        row=row,
        now=now,
        by=found["document"],
        of=found["office"],
        wanted=wanted,
        document=said["document"],
        in_force={"id": found["id"]} | {name: found[name] for name in said},
        proposed=said,
    )


def _differing(found: Row, values: Row) -> frozenset[str]:
    return frozenset(name for name in values if _plain(found[name]) != _plain(values[name]))


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _last(read: Read, kind_name: str, names: Sequence[str]) -> dict[tuple[Any, Any], Row]:
    """Site and day → the row that holds of them."""
    return {(row["site_id"], row["day"]): row for row in _rows(read, kind_name, names)}


def _rows(read: Read, kind_name: str, names: Sequence[str]) -> list[Row]:
    columns = ("id", *names)
    return [dict(zip(columns, row, strict=True)) for row in read(kind_name, columns)]
