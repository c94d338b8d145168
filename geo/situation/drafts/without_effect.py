"""What a draft leaves recorded without effect: levels of a site that leaves before their day, and an agreement of the
draft that a later version of its site has no place for."""

from __future__ import annotations

from collections.abc import Iterator

from geo.i18n.message import Message, Words
from geo.records.drafting.withdrawals import remaining
from geo.records.kinds.registers.responsibility import NewResponsibility
from geo.records.kinds.registers.site_event import ENDING, NewSiteEvent
from geo.records.publishing import Draft
from geo.records.store import Store
from geo.situation.agreed import agreed_of
from geo.situation.drafts.proposed import Proposed
from geo.situation.listing.lives import listing_of
from geo.situation.snapshot import at

Said = tuple[str, Message]


def hidden_levels(store: Store, draft: Draft) -> Iterator[Said]:
    """Levels of a later day than that on which the draft takes their site off the list: they would show nowhere."""
    gone = {one.site_id: one.day for one in draft.entries if isinstance(one, NewSiteEvent) and one.event in ENDING}
    if not gone:
        return
    proposed = Proposed(store, draft.entries, ("draft", draft.row))
    rows = remaining(store.rows, draft.entries)("assessment", ("site_id", "day", "level", "document"))
    for site, day, level, document in rows:
        if day <= gone.get(site, day) or ((held := listing_of(proposed, site)) and held.on(day)):
            continue
        term = store.vocabulary.groups["level"].get(level)
        said = {"level": Words(term.vi, term.en, level) if term else level, "document": document, "on": day}
        yield site, Message("records.finding.level-hidden", site=site, **said)


def unfit_later(store: Store, draft: Draft) -> Iterator[Said]:
    """Agreements of the draft that are none of the route of a later version, which is recorded already."""
    own = [one for one in draft.entries if isinstance(one, NewResponsibility) and one.wards]
    versions = store.rows("site_version", ("site_id", "day", "document")) if own else []
    proposed = Proposed(store, draft.entries, ("draft", draft.row))
    for entry in own:
        for site, day, document in versions:
            if site != entry.site_id or day <= entry.day:
                continue
            held = agreed_of(at(day, city=draft.city, store=proposed), site)
            ends = (entry.from_m, entry.to_m)
            if any((one.from_m, one.to_m) == ends and one.day == entry.day and not one.fits for one in held):
                yield site, Message("records.finding.agreement-unfit-later", site=site, on=day, document=document)
                break
