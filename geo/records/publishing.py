"""Drafts of registers and their publication: all of a draft comes into force in one step, or nothing of it.

A draft holds entries of several kinds. Publishing checks each of them as if it were written alone, refuses where a site
was changed by somebody else meanwhile, and writes the entries and the publication in one transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import select

from geo.errors import InputError, Problem
from geo.records.drafting.conflicts import conflicts, events_of, standing, versions_of
from geo.records.drafting.content import entries_of, written
from geo.records.drafting.covered_up import covered_up
from geo.records.drafting.levels import levels_of_versions
from geo.records.drafting.same_day import same_day_conflicts
from geo.records.drafting.standing import standing_faults
from geo.records.drafting.unchanged import unchanged_problems
from geo.records.drafting.withdrawals import OF_SITES, gone_before, withdrawals_in
from geo.records.kinds.registers.publication import NewPublication
from geo.records.kinds.registers.register_draft import NewRegisterDraft
from geo.records.kinds.registers.site_event import NewSiteEvent
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.kinds.registers.withdrawal import NewWithdrawal
from geo.records.kinds.registry import kind, kind_of
from geo.records.kinds.spec import NewEntry
from geo.records.ledger import write_transaction as ledger
from geo.records.ledger.new_numbers import new_numbers, note_of, numbers_of, with_numbers
from geo.records.ledger.queries import current
from geo.records.ledger.queries import rows as read_rows
from geo.records.model.actor import Actor, Receipt
from geo.records.model.errors import ConflictError, UnknownRowError
from geo.records.model.register_lookup import RegisterLookup, route_length
from geo.records.plan_files import PlanFile, item_of, refuse_other
from geo.records.published.rows import nameless
from geo.records.store import Store
from geo.records.validation.entry_checks import Fault, actor_faults
from geo.reference.cities import city, every_list, list_of


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it stands: the number by which it is known, that of its last row, who wrote it, and its entries.

    `base` and `base_events`: site → the number of the version and of the event on which the draft stands. `renumbered`:
    new site → the number under which it was published (`as_published`: would be), where another draft had taken its own
    meanwhile.
    """

    number: int
    row: int
    city: str
    title: str
    day: date
    document: str
    office: str
    written_by: str
    entries: tuple[NewEntry, ...]
    base: Mapping[str, int | None]
    base_events: Mapping[str, int | None] = field(default_factory=dict)
    published: bool = False
    renumbered: Mapping[str, str] = field(default_factory=dict)
    note: str = ""

    @property
    def new_sites(self) -> frozenset[str]:
        """The sites that were not there when the draft was written, by the numbers that it gives them."""
        return frozenset(site for site, stood in self.base.items() if stood is None and not self.base_events.get(site))


def new_draft(
    store: Store,
    city: str,
    title: str,
    entries: Sequence[NewEntry],
    *,
    day: date,
    document: str,
    office: str,
    file: PlanFile | None = None,
    note: str = "",
) -> NewRegisterDraft:
    """A draft of these entries, which stands on the versions of their sites that are recorded now.

    `note`: which unit of today was taken for which former one (`Phường Vĩnh Phúc → Phường Ngọc Hà`). `file` is that of
    the plan from which they came; `InputError` where it is too large, or none of the plans in it.
    """
    if file is not None:
        refuse_other(file, tuple(entries))
    items = [written(entry) for entry in entries] + ([] if file is None else [item_of(file)])
    return NewRegisterDraft(
        day=day,
        city=city,
        title=title[:200],
        content=json.dumps(items, ensure_ascii=False),
        base=json.dumps(standing(store.rows, sites_of(entries))),
        note=note,
        document=document,
        office=office,
    )


def save_draft(store: Store, draft: NewRegisterDraft, actor: Actor, *, corrects: int | None = None) -> Receipt:
    """Record a draft, or a new state of one; nothing of it comes into force.

    A version whose level is another than that in force on its day has it in an assessment beside it.

    Raises
    ------
    PrivacyError, InputError, ConflictError, UnknownRowError, StoreError
        As `Store.add`; also where an entry in it is wrong, the one that it replaces is in force, or another paper says
        another thing of one of its sites on the same day: the problem names both.
    """
    if corrects is not None:
        _refuse_published(draft_of(store, corrects))
    entries = entries_of(draft.content)
    if not entries:
        raise InputError(Problem("records.draft-empty", "content"))
    _refuse_other_list(store, draft.city)
    _refuse_other_city(draft.city, entries)
    if problems := unchanged_problems(store.rows, entries):
        raise InputError(problems)
    ledger.refuse([*faults_of(store, entries, draft.day), *standing_faults(store.rows, entries, draft.city)])
    if found := same_day_conflicts(store.rows, entries):
        raise ConflictError(found)
    return _written(store, _with_levels(store, draft, entries), actor, corrects)


def _written(store: Store, draft: NewRegisterDraft, actor: Actor, corrects: int | None) -> Receipt:
    spec = kind_of(draft)
    ledger.refuse([*actor_faults(actor), *store.check(draft)])
    with store.transaction() as write:
        if corrects is not None:
            number = write.correct(spec, spec.values(draft), actor, corrects)
        else:
            number = write.insert(spec, spec.values(draft), actor)
            write.audit(actor, spec.action("add"), str(number))
    return Receipt(number, write.moment, write.version)


def _with_levels(store: Store, draft: NewRegisterDraft, entries: Sequence[NewEntry]) -> NewRegisterDraft:
    levels = levels_of_versions(store.rows, entries)
    if not levels:
        return draft
    items = [*json.loads(draft.content), *map(written, levels)]
    return replace(draft, content=json.dumps(items, ensure_ascii=False))


def _refuse_other_list(store: Store, slug: str) -> None:
    if list_of(slug) != store.list_key:
        own = store.list_key or [place.slug for place in every_list() if not place.further_of]
        raise InputError(Problem("records.draft-other-list", "city", city=slug, lists=own))


def _refuse_other_city(slug: str, entries: Sequence[NewEntry]) -> None:
    own = f"{city(slug).site_prefix}-"
    others = [site for site in sites_of(entries) if not site.startswith(own)]
    if others:
        raise InputError(Problem("records.draft-other-city", "content", sites=others, city=slug))


def withdraw_draft(store: Store, number: int, actor: Actor, *, reason: str) -> Receipt:
    """Take a draft back.

    Raises
    ------
    ConflictError
        It is published: what is in force is changed by a further draft.
    PrivacyError, InputError, UnknownRowError, StoreError
        As `Store.withdraw` and `draft_of`.
    """
    draft = draft_of(store, number)
    _refuse_published(draft)
    return store.withdraw("register_draft", draft.row, actor, reason=reason)


def _refuse_published(draft: Draft) -> None:
    if draft.published:
        raise ConflictError(Problem("records.published-before", str(draft.number), draft=str(draft.number)))


def drafts(store: Store, city: str | None = None) -> list[Draft]:
    """The drafts that are neither published nor taken back, oldest first."""
    done = _published(store)
    rows = store.rows("register_draft", ("id", "root_id", "city"))
    waiting = [row for row, root, slug in rows if (root or row) not in done and city in (None, slug)]
    # Only of these the content is read: a published plan holds its file.
    return [_draft(store, row) for row in waiting]


def draft_of(store: Store, number: int) -> Draft:
    """The draft that is known by a number, published or not.

    Raises
    ------
    UnknownRowError
        There is none, or it was taken back.
    """
    for row, root in store.rows("register_draft", ("id", "root_id")):
        if number in (row, root):
            return _with_publication(store, _draft(store, row), _published(store))
    raise UnknownRowError(kind("register_draft").shown, str(number))


def as_published(store: Store, draft: Draft) -> Draft:
    """The draft as it would be published now: new sites whose numbers are taken meanwhile have the next free ones."""
    if draft.published:
        return draft
    numbers = new_numbers(store.rows, draft.new_sites, draft.entries)
    return replace(draft, entries=with_numbers(draft.entries, numbers), renumbered=numbers)


def conflicts_of(store: Store, draft: Draft) -> list[Problem]:
    """What would refuse a draft if it were published now: sites that somebody changed since it was written."""
    if draft.published:
        return []
    numbers = new_numbers(store.rows, draft.new_sites, draft.entries)
    return conflicts(store.rows, draft.entries, draft.base, draft.base_events, numbers)


def _with_publication(store: Store, draft: Draft, published: Mapping[int, str]) -> Draft:
    """The draft as it was published, where it was."""
    if draft.number not in published:
        return draft
    numbers = numbers_of(published[draft.number])
    entries = with_numbers(draft.entries, numbers)
    return replace(draft, published=True, entries=nameless(store, draft.row, entries), renumbered=numbers)


def _published(store: Store) -> dict[int, str]:
    """The numbers of the drafts that are in force, each with what its publication notes."""
    return dict(store.rows("publication", ("draft_id", "note")))


def publish(store: Store, number: int, actor: Actor, *, by_two: bool = False) -> Receipt:
    """Bring a draft into force, all of it in one step.

    A new site whose number another draft took meanwhile gets the next free one; `draft_of` says it (`renumbered`).

    Parameters
    ----------
    store
        The records.
    number
        The number by which the draft is known.
    actor
        Who publishes.
    by_two
        Whether it has to be somebody else than who wrote the draft.

    Raises
    ------
    ConflictError
        It is published already, a site of it was changed since it was written, another level, phase, agreement or
        plan stands in the place of one of its own since, or another paper says another thing of a site and a day; the
        problem names both.
    InputError, PrivacyError
        An entry is wrong or does not fit what is in force, or a second person is needed.
    UnknownRowError, StoreError
        There is no such draft; the database failed: nothing is in force.
    """
    draft = draft_of(store, number)
    if by_two and draft.written_by == actor.who:
        raise InputError(Problem("records.second-person", str(number)))
    ledger.refuse([*actor_faults(actor), *faults_of(store, draft.entries, draft.day)])
    with store.transaction() as write:
        _refuse_again(write, draft)
        read = partial(_recorded, write)
        if found := gone_before(read, draft.entries):
            raise ConflictError(found)
        numbers = new_numbers(read, draft.new_sites, draft.entries)
        if found := conflicts(read, draft.entries, draft.base, draft.base_events, numbers):
            raise ConflictError(found)
        note = NewPublication(day=draft.day, draft_id=draft.row, entries=len(draft.entries), note=note_of(numbers))
        entries = with_numbers(draft.entries, numbers)
        if found := [*covered_up(read, entries, draft.row), *same_day_conflicts(read, entries)]:
            raise ConflictError(found)
        # What is recorded may be another since the draft was saved; whoever was quicker is named first.
        ledger.refuse(standing_faults(read, entries, draft.city))
        for entry in entries:
            spec = kind_of(entry)
            row = write.insert(spec, spec.values(entry), actor)
            write.audit(actor, spec.action("publish"), str(row), f"draft {draft.number}")
            if isinstance(entry, NewWithdrawal):
                ledger.withdraw(write, kind(entry.kind), entry.row, actor, entry.note, by_draft=True)
        spec = kind_of(note)
        made = write.insert(spec, spec.values(note), actor)
        write.audit(actor, spec.action("add"), str(made), f"draft {draft.number}: {len(draft.entries)} entries")
    return Receipt(made, write.moment, write.version)


def _recorded(write: ledger.WriteTransaction, name: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    return read_rows(write.connection, kind(name), columns)


def sites_of(entries: Iterable[NewEntry]) -> list[str]:
    """The sites of which entries change the versions or the identity, or take something back; those that one becomes
    are among them."""
    entries = tuple(entries)
    versions = {entry.site_id for entry in entries if isinstance(entry, NewSiteVersion)}
    events = [entry for entry in entries if isinstance(entry, NewSiteEvent)]
    taken_back = {entry.subject for entry in withdrawals_in(entries) if entry.kind in OF_SITES}
    return sorted(versions | taken_back | {site for event in events for site in (event.site_id, *event.others)})


def faults_of(store: Store, entries: Sequence[NewEntry], day: date) -> list[Fault]:
    """What is wrong with entries that come into force together on a day, which may lie ahead."""
    known = _with_new_sites(store.registers, entries)
    context = replace(store.context, registers=known, today=max(store.today, day))
    return [fault for entry in entries for fault in kind_of(entry).faults(entry, context)]


def _with_new_sites(known: RegisterLookup | None, entries: Sequence[NewEntry]) -> RegisterLookup | None:
    import shapely

    if known is None:
        return None
    new: dict[str, float] = {}
    for entry in entries:
        if isinstance(entry, NewSiteVersion):
            try:
                new[entry.site_id] = route_length(shapely.from_geojson(entry.geometry))
            except (shapely.GEOSException, ValueError, TypeError):
                new[entry.site_id] = 0.0
    return replace(known, site_lengths={**known.site_lengths, **new})


def _draft(store: Store, number: int) -> Draft:
    import pandas as pd

    row = store.history("register_draft", id=number).to_dict("records")[0]
    root, base = row["root_id"], json.loads(row["base"])
    return Draft(
        number=number if pd.isna(root) else int(root),
        row=number,
        city=row["city"],
        title=row["title"],
        day=row["day"].date(),
        document=row["document"],
        office=row["office"],
        written_by=row["recorded_by"],
        entries=entries_of(row["content"]),
        base=versions_of(base),
        base_events=events_of(base),
        note=row["note"],
    )


def _refuse_again(write: ledger.WriteTransaction, draft: Draft) -> None:
    """Refuse a draft that was published, changed or taken back by somebody else in the meantime."""
    table = kind("publication").table.c
    done = write.connection.execute(select(table.id).where(table.draft_id == draft.number)).scalar()
    if done is not None:
        raise ConflictError(Problem("records.published-before", str(draft.number), draft=str(draft.number)))
    drafts_now = kind("register_draft")
    query = current(drafts_now, None).with_only_columns(drafts_now.table.c.id).where(drafts_now.table.c.id == draft.row)
    if write.connection.execute(query).scalar() is None:
        raise ConflictError(Problem("records.draft-changed", str(draft.number), draft=str(draft.number)))
