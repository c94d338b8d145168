"""What a plan is compared with: the register as it was on the plan's day, and what was recorded of it since."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from geo.i18n.message import Message, Words, listed
from geo.importing.plans import PlanReading
from geo.importing.plans.understood import PHASES
from geo.importing.registers.changes import versions_on
from geo.records.kinds.registers.city_plan import NewPlan
from geo.records.kinds.registers.site_event import ENDING
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.model.paper_numbers import bears_number
from geo.records.publishing import drafts
from geo.records.store import Store
from geo.reference.cities import city as city_named
from geo.reference.names import plain

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True, slots=True)
class Register:
    """Every site as it was on the plan's day, and the level of each then.

    `listed`: those on the list then; `ended`: those that had left it. `later`: what changed a site by another document
    on that day or after it, so that the plan does not decide alone; `left`: those listed then that left the list since.
    """

    known: Mapping[str, NewSiteVersion]
    listed: Collection[str]
    ended: Collection[str]
    levels: Mapping[str, str]
    later: Mapping[str, Message]
    left: Collection[str]


def register_on(store: Store, reading: PlanReading, day: date) -> Register:
    """The register of the plan's city on the plan's day."""
    city = reading.head.city
    prefix = f"{city_named(city).site_prefix if city else '?'}-"
    known = {site: version for site, version in versions_on(store, day).items() if site.startswith(prefix)}
    versions, events = store.register_entries()
    later: dict[str, Message] = {}
    for row in (*versions.to_dict("records"), *events.to_dict("records")):
        when = row["day"].date()
        if when > day or (when == day and not _is_own(reading, row["document"], row["office"])):
            said = {"site": row["site_id"], "day": when, "document": row["document"]}
            later[row["site_id"]] = Message("importing.plan-changed-since", **said)
    added = known.keys() & set(versions[versions["day"].dt.date <= day]["site_id"])
    ended = added & _ended(events[events["day"].dt.date <= day])
    left = (added - ended) & _ended(events)
    levels = store.levels(day)
    level_of = dict(zip(levels["site_id"], levels["level"], strict=True))
    return Register(known, added - ended, ended, level_of, later, left)


def _ended(events: DataFrame) -> set[str]:
    """The sites whose last event takes them off the list."""
    last = events.drop_duplicates("site_id", keep="last")
    return set(last[last["event"].isin(ENDING)]["site_id"])


def _is_own(reading: PlanReading, document: str, office: str) -> bool:
    """Whether a document is the plan itself: its number as a whole (`5/KH-UBND` is none of `15/KH-UBND`), and of its
    issuer, since every office counts its papers from 1."""
    head = reading.head
    if head.issuer and _office(head.issuer) != _office(office):
        return False
    return bears_number(document, head.number)


def _office(name: str) -> str:
    return plain(name).replace("uy ban nhan dan", "ubnd")


def said_of_plan(store: Store, reading: PlanReading, day: date) -> Iterator[Message]:
    """That the plan was published before, waits in a draft, or is older than one in force."""
    head = reading.head
    plans = store.entries("city_plan")
    for row in plans[plans["city"] == head.city].to_dict("records"):
        said = {"number": row["number"], "day": row["day"].date()}
        if row["file_digest"] == reading.digest or (head.number and row["number"] == head.number):
            yield Message("importing.plan-published-before", **said)
        elif said["day"] > day:
            yield Message("importing.plan-later-in-force", **said)
    for draft in drafts(store, head.city or None):
        own = (entry for entry in draft.entries if isinstance(entry, NewPlan))
        if any(entry.file_digest == reading.digest or entry.number == head.number for entry in own):
            yield Message("importing.plan-in-draft", draft=str(draft.number), title=draft.title)


def said_of_lists(store: Store, reading: PlanReading, day: date) -> Iterator[Message]:
    """What goes on because the plan has no list of it: sites, and wards of a phase; of indicators `said_of_programme`
    says it."""
    if not reading.head.city:
        return
    if "sites" in reading.missing and (listed_now := register_on(store, reading, day).listed):
        yield Message("importing.plan-no-site-list", count=len(listed_now))
    own, rows = _codes_of(reading.head.city), store.phases(day)
    rows = rows[rows["ward_code"].isin(own)]
    for phase in (name for name in PHASES if name in reading.missing):
        held = rows[rows["phase"] == phase]
        if len(held):
            term = store.vocabulary.groups["phase"].get(phase)
            said = {"phase": Words(term.vi, term.en, phase) if term else phase, "count": len(held)}
            yield Message("importing.plan-no-phase-list", **said, documents=listed(sorted(set(held["document"]))))


def _codes_of(slug: str) -> frozenset[str]:
    from geo.reference.wards import load_wards

    return frozenset(load_wards(city=city_named(slug))["code"])
