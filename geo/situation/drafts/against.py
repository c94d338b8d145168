"""What is recorded against what a draft says: other phases of its wards, other levels of its sites, other agreements on
its very stretches."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from geo.i18n.message import Message, Words
from geo.records.drafting.covered_up import share_metres
from geo.records.drafting.ground import stretch_message
from geo.records.drafting.unchanged import held_phases
from geo.records.drafting.withdrawals import remaining
from geo.records.kinds.assessment import NewAssessment
from geo.records.kinds.phase_change import NewPhaseChange
from geo.records.kinds.registers.responsibility import NewResponsibility
from geo.records.kinds.spec import NewEntry
from geo.records.publishing import Draft
from geo.records.store import Store
from geo.situation.drafts.agreements import Said
from geo.situation.snapshot import Situation


class _Phase(NamedTuple):
    ward: str
    day: date
    phase: str
    document: str


class _Level(NamedTuple):
    site: str
    day: date
    level: str
    document: str


class _Agreed(NamedTuple):
    site: str
    day: date
    from_m: float | None
    to_m: float | None
    wards: tuple[str, ...]
    document: str


def other_phases(store: Store, draft: Draft, after: Situation) -> Iterator[Message]:
    """Phases of the draft's wards that differ: of the same day, from a later day on, or a day before any phase at all.

    Wards of which the same is to be said are named together.
    """
    names = dict(zip(after.wards["code"], after.wards["full_name"], strict=True))
    recorded = [_Phase(*row) for row in _rows(store, draft, "phase_change", ("ward_code", "day", "phase", "document"))]
    known = [row for row in recorded if row.ward in names]
    found: dict[tuple[str, _Phase], list[str]] = {}
    for entry in draft.entries:
        if not isinstance(entry, NewPhaseChange):
            continue
        for key, row in _against(entry, known, draft):
            found.setdefault((key, row._replace(ward="")), []).append(names.get(entry.ward_code, entry.ward_code))
    for (key, row), wards in found.items():
        term = store.vocabulary.groups["phase"].get(row.phase)
        phase = Words(term.vi, term.en, row.phase) if term else row.phase
        yield Message(f"records.finding.phase-{key}", wards=wards, phase=phase, document=row.document, on=row.day)


def held_already(store: Store, draft: Draft, after: Situation) -> Iterator[Message]:
    """The wards of the draft that have already the phase which it says, by phase."""
    names = dict(zip(after.wards["code"], after.wards["full_name"], strict=True))
    found: dict[str, list[str]] = {}
    for entry in held_phases(store.rows, draft.entries):
        found.setdefault(entry.phase, []).append(names.get(entry.ward_code, entry.ward_code))
    for phase, wards in found.items():
        term = store.vocabulary.groups["phase"].get(phase)
        said = {"phase": Words(term.vi, term.en, phase) if term else phase, "wards": wards}
        yield Message("records.finding.phase-held", **said)


def other_levels(store: Store, draft: Draft) -> Iterator[Said]:
    """Levels of the draft's sites that others found: another one of the same day, which it replaces; and another one
    of a later day, until which alone its own holds."""
    own = [entry for entry in draft.entries if isinstance(entry, NewAssessment)]
    fields = ("site_id", "day", "level", "document")
    recorded = [_Level(*row) for row in _rows(store, draft, "assessment", fields)] if own else []
    for entry in own:
        of_site = [row for row in recorded if row.site == entry.site_id and row.level != entry.level]
        same = [row for row in of_site if row.day == entry.day]
        later = [row for row in of_site if row.day > entry.day]
        for key, rows in (("replaced", same[-1:]), ("later", later[:1])):
            for row in rows:
                term = store.vocabulary.groups["level"].get(row.level)
                level = Words(term.vi, term.en, row.level) if term else row.level
                said = {"site": row.site, "level": level, "document": row.document, "on": row.day}
                yield row.site, Message(f"records.finding.level-{key}", **said), key == "replaced"


def other_agreements(store: Store, draft: Draft, after: Situation) -> Iterator[Said]:
    """Agreements of other wards on the very stretch of one of the draft, which it replaces; and those of a later day
    that share metres with it, until which alone it holds."""
    names = dict(zip(after.wards["code"], after.wards["full_name"], strict=True))
    fields = ("site_id", "day", "from_m", "to_m", "wards", "document")
    recorded = [_Agreed(*row) for row in _rows(store, draft, "responsibility", fields)]
    for entry in draft.entries:
        if not isinstance(entry, NewResponsibility) or not entry.wards:
            continue
        own = [row for row in recorded if row.site == entry.site_id]
        same = [row for row in own if row.day <= entry.day and (row.from_m, row.to_m) == (entry.from_m, entry.to_m)]
        replaced = [row for row in same[-1:] if row.wards and set(row.wards) != set(entry.wards)]
        later = [row for row in own if row.day > entry.day and _is_other(row, entry)]
        for key, rows in (("replaced", replaced), ("later", later[:1])):
            for row in rows:
                wards = [names.get(code, code) for code in row.wards]
                stretch = stretch_message(row.from_m, row.to_m)
                said = {"site": entry.site_id, "document": row.document, "on": row.day, "stretch": stretch}
                # That one agreement follows another one of an earlier day is as it should be.
                look = key == "later" or row.day == entry.day
                yield entry.site_id, Message(f"records.finding.agreement-{key}", wards=wards, **said), look


def _against(entry: NewPhaseChange, known: list[_Phase], draft: Draft) -> Iterator[tuple[str, _Phase]]:
    own = [row for row in known if row.ward == entry.ward_code]
    same = [row for row in own if row.day == entry.day]
    yield from (("replaced", row) for row in same[-1:] if row.phase != entry.phase)
    last = max((one.day for one in draft.entries if _is_of(one, entry.ward_code)), default=entry.day)
    held = [row.phase for row in own if row.day <= entry.day]
    is_news = held[-1:] != [entry.phase]
    later = [row for row in own if row.day > entry.day] if is_news else []
    # What the draft itself says of that day or a day between is what holds then.
    yield from (("later", row) for row in later[:1] if row.phase != entry.phase and last == entry.day)
    if known and entry.day < known[0].day:
        yield "early", known[0]


def _is_of(entry: NewEntry, ward: str) -> bool:
    return isinstance(entry, NewPhaseChange) and entry.ward_code == ward


def _is_other(row: _Agreed, entry: NewResponsibility) -> bool:
    if (row.from_m, row.to_m) == (entry.from_m, entry.to_m):
        return set(row.wards) != set(entry.wards)
    return bool(row.wards) and set(row.wards) != set(entry.wards) and share_metres(row, entry)


def _rows(store: Store, draft: Draft, name: str, fields: tuple[str, ...]) -> list[tuple[Any, ...]]:
    return remaining(store.rows, draft.entries)(name, fields)
