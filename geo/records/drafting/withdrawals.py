"""What a draft takes back of what was published: whether it is there still, and what cannot stand without it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from geo.errors import Problem
from geo.records.drafting.site_lives import Read, misfits
from geo.records.kinds.registers.withdrawal import NewWithdrawal
from geo.records.kinds.registry import kind, kinds
from geo.records.kinds.spec import NewEntry
from geo.records.validation.entry_checks import Fault, fault

if TYPE_CHECKING:
    from geo.reference.cities import City

OF_SITES = ("site_version", "site_event", "responsibility", "assessment")
"""Kinds of which the subject is a site."""
_OF_LIVES = ("site_version", "site_event")
_PLACES = ("site_id", "place", "sites")
"""Fields of any kind of record that name sites."""


def withdrawals_in(entries: Sequence[NewEntry]) -> tuple[NewWithdrawal, ...]:
    """The withdrawals among entries."""
    return tuple(entry for entry in entries if isinstance(entry, NewWithdrawal))


def withdrawn_rows(entries: Sequence[NewEntry]) -> Mapping[str, frozenset[int]]:
    """Kind of record → the rows of it that entries take back."""
    found: dict[str, set[int]] = {}
    for entry in withdrawals_in(entries):
        found.setdefault(entry.kind, set()).add(entry.row)
    return {name: frozenset(rows) for name, rows in found.items()}


def remaining(read: Read, entries: Sequence[NewEntry]) -> Read:
    """What is recorded (as `Store.rows`) without the rows that entries take back."""
    gone = withdrawn_rows(entries)

    def without(name: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        if name not in gone:
            return read(name, columns)
        return [row for number, *row in read(name, ("id", *columns)) if number not in gone[name]]  # type: ignore[misc]

    return without if gone else read


def gone_before(read: Read, entries: Sequence[NewEntry]) -> list[Problem]:
    """The rows that a draft takes back and that somebody took back or replaced since."""
    found = []
    for name, rows in withdrawn_rows(entries).items():
        there = {number for (number,) in read(name, ("id",))}
        found += [
            Problem("records.withdrawal-gone", "row", kind=kind(name).shown, row=str(row)) for row in rows - there
        ]
    return found


def withdrawal_faults(read: Read, entries: Sequence[NewEntry], where: City) -> list[Fault]:
    """What is wrong with the withdrawals of a draft of a city: rows that are not there, are about something else or of
    another city; and what is recorded of a site and cannot stand without them."""
    taken = withdrawals_in(entries)
    if not taken:
        return []
    found = [Fault("row", problem) for problem in gone_before(read, entries)]
    found += [each for entry in taken for each in _strange(read, entry, where)]
    return found or [*_twice(taken), *_contradicted(read, entries, taken), *_still_used(read, entries, taken)]


def _strange(read: Read, entry: NewWithdrawal, where: City) -> Iterator[Fault]:
    spec = kind(entry.kind)
    subjects: dict[int, Any] = dict(read(entry.kind, ("id", spec.subject)))
    subject = str(subjects.get(entry.row, entry.subject))
    said = {"kind": spec.shown, "row": str(entry.row), "subject": subject}
    if subject != entry.subject:
        yield fault("subject", "records.withdrawal-other", given=entry.subject, **said)
    elif entry.row in subjects and not _is_of(read, entry, where):
        yield fault("row", "records.withdrawal-elsewhere", **said)


def _is_of(read: Read, entry: NewWithdrawal, where: City) -> bool:
    if entry.kind in OF_SITES:
        return entry.subject.startswith(f"{where.site_prefix}-")
    if entry.kind == "phase_change":
        from geo.reference.wards import load_wards

        return entry.subject in set(load_wards(city=where)["code"])
    return (entry.row, where.slug) in read(entry.kind, ("id", "city"))


def _twice(taken: Sequence[NewWithdrawal]) -> Iterator[Fault]:
    seen: set[tuple[str, int]] = set()
    for entry in taken:
        if (entry.kind, entry.row) in seen:
            yield fault("row", "records.withdrawal-twice", kind=kind(entry.kind).shown, row=str(entry.row))
        seen.add((entry.kind, entry.row))


def _contradicted(read: Read, entries: Sequence[NewEntry], taken: Sequence[NewWithdrawal]) -> Iterator[Fault]:
    """What was recorded of a site and does not fit its life any more."""
    sites = _sites(read, taken)
    others = [entry for entry in entries if not isinstance(entry, NewWithdrawal)]
    before, after = misfits(read, (), sites), misfits(remaining(read, entries), others, sites)
    staying = {site for site in sites if _has_version(remaining(read, entries), others, site)}
    for site, day, what in sorted(after - before, key=lambda one: one[:2]):
        if site in staying:
            yield fault("row", "records.withdrawal-contradicts", site=site, later=what, on=day)


def _sites(read: Read, taken: Sequence[NewWithdrawal]) -> frozenset[str]:
    """The sites whose versions or events are taken back, with those that went into them or that they went into."""
    own = {entry.subject for entry in taken if entry.kind in _OF_LIVES}
    rows = {entry.row for entry in taken if entry.kind == "site_event"}
    into = (others for number, others in read("site_event", ("id", "others")) if number in rows)
    return frozenset(own | {site for others in into for site in others})


def _still_used(read: Read, entries: Sequence[NewEntry], taken: Sequence[NewWithdrawal]) -> Iterator[Fault]:
    """The sites of which no version would be left though something else is recorded of them: they can be cleared."""
    rest = remaining(read, entries)
    for site in sorted({entry.subject for entry in taken if entry.kind == "site_version"}):
        if _has_version(rest, entries, site):
            continue
        used = [spec.shown for spec in kinds() if spec.name != "withdrawal" and _names(rest, spec.name, site)]
        if used:
            yield fault("row", "records.withdrawal-in-use", site=site, kinds=used)


def _has_version(read: Read, entries: Sequence[NewEntry], site: str) -> bool:
    own = (kind_name for kind_name, subject in _added(entries) if subject == site)
    return "site_version" in own or any(one == site for (one,) in read("site_version", ("site_id",)))


def _added(entries: Sequence[NewEntry]) -> Iterator[tuple[str, str]]:
    from geo.records.kinds.registry import kind_of

    yield from ((kind_of(entry).name, str(getattr(entry, "site_id", ""))) for entry in entries)


def _names(read: Read, name: str, site: str) -> bool:
    spec = kind(name)
    columns = [column for column in _PLACES if spec.column(column)]
    return any(_is_in(site, value) for row in read(name, columns) for value in row) if columns else False


def _is_in(site: str, value: str | Collection[str] | None) -> bool:
    return value is not None and (value == site or (not isinstance(value, str) and site in value))
