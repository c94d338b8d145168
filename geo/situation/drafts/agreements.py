"""Agreed responsibility that a draft ends (its site leaves the list or has another route), or overlaps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from geo.i18n.message import Message
from geo.records.drafting.covered_up import share_metres
from geo.records.drafting.ground import stretch_message
from geo.records.kinds.registers.responsibility import NewResponsibility
from geo.records.kinds.registers.site_event import NewSiteEvent
from geo.records.publishing import Draft, sites_of
from geo.records.store import Store
from geo.situation.agreed import Agreed, agreed_of
from geo.situation.drafts.proposed import Proposed
from geo.situation.snapshot import Situation, at

Said = tuple[str, Message, bool]
"""The site, what is to be said of it, and whether somebody has to look at it."""


def ended_agreements(store: Store, draft: Draft, before: Situation, after: Situation) -> Iterator[Said]:
    """Agreements that hold until then, or from a later day on, and not with the draft: each once.

    Where the site goes into others, somebody has to agree for those; where it is cleared, that is good to know.
    """
    divided = {one.site_id for one in draft.entries if isinstance(one, NewSiteEvent) and one.others}
    seen: set[int] = set()
    pairs = [(before, after), *(_on(store, draft, day) for day in _later_days(store, draft))]
    for was, now in pairs:
        for site, one in _lost(was, now):
            if one.row not in seen:
                yield _said(now, site, one, divided)
            seen.add(one.row)


def overlapping_agreements(draft: Draft, after: Situation) -> Iterator[Said]:
    """Agreements of a draft that share metres with another one in force, by which other wards answer for them."""
    names = dict(zip(after.wards["code"], after.wards["full_name"], strict=True))
    for entry in draft.entries:
        if not isinstance(entry, NewResponsibility) or not entry.wards:
            continue
        for one in agreed_of(after, entry.site_id):
            # Of one of the very same stretch it takes the place: `other_agreements`.
            is_own = (one.from_m, one.to_m) == (entry.from_m, entry.to_m)
            if is_own or not one.fits or set(one.wards) == set(entry.wards) or not share_metres(entry, one):
                continue
            said = {"site": entry.site_id, "document": one.document, "on": one.day, "stretch": _stretch(one)}
            wards = [names.get(code, code) for code in one.wards]
            yield entry.site_id, Message("records.finding.agreement-overlaps", wards=wards, **said), True


def _lost(was: Situation, now: Situation) -> Iterator[tuple[str, Agreed]]:
    listed = set(now.sites["site_id"])
    for site in was.sites["site_id"]:
        fits = {one.row: one.fits for one in agreed_of(now, site)}
        # One that another agreement of the draft replaces is no longer there, and not lost.
        yield from ((site, one) for one in agreed_of(was, site) if one.fits and not fits.get(one.row, site in listed))


def _said(now: Situation, site: str, one: Agreed, divided: set[str]) -> Said:
    said: dict[str, Any] = {"site": site, "document": one.document, "on": one.day}
    if site in set(now.sites["site_id"]):
        return site, Message("records.finding.agreement", **said), True
    names = dict(zip(now.wards["code"], now.wards["full_name"], strict=True))
    wards = [names.get(code, code) for code in one.wards]
    said |= {"wards": wards, "stretch": _stretch(one)}
    key = "divided" if site in divided else "ends"
    return site, Message(f"records.finding.agreement-{key}", **said), site in divided


def _stretch(one: Agreed) -> Message:
    return stretch_message(one.from_m, one.to_m)


def _later_days(store: Store, draft: Draft) -> list[date]:
    """The days after the draft's from which something else is agreed for its sites."""
    own, rows = set(sites_of(draft.entries)), store.rows("responsibility", ("site_id", "day"))
    return sorted({day for site, day in rows if site in own and day > draft.day})


def _on(store: Store, draft: Draft, day: date) -> tuple[Situation, Situation]:
    proposed = Proposed(store, draft.entries, ("draft", draft.row))
    return at(day, city=draft.city, store=store), at(day, city=draft.city, store=proposed)
