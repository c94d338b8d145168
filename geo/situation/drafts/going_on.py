"""What a plan of a draft leaves as it is: phases of wards and indicators of the plan before it, which go on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from geo.i18n.message import Message, Words, listed
from geo.records.kinds.phase_change import NewPhaseChange
from geo.records.kinds.registers.city_plan import NewPlan
from geo.records.kinds.registers.programme_version import NewProgrammeVersion
from geo.records.programmes import programmes_on
from geo.records.publishing import Draft
from geo.records.store import Store
from geo.reference.cities import city
from geo.situation.snapshot import Situation


def going_on(store: Store, draft: Draft, before: Situation) -> Iterator[Message]:
    """Of a draft that holds a plan: each phase of which it changes no ward, and that it holds no indicators."""
    if not any(isinstance(entry, NewPlan) for entry in draft.entries):
        return
    changed = {entry.ward_code: entry.phase for entry in draft.entries if isinstance(entry, NewPhaseChange)}
    rows = store.phases(draft.day)
    rows = rows[rows["ward_code"].isin(before.wards["code"]) & (rows["phase"] != "none")]
    for phase, held in rows.groupby("phase", sort=True):
        if phase in changed.values() or not changed.keys().isdisjoint(held["ward_code"]):
            continue
        term = store.vocabulary.groups["phase"].get(str(phase))
        said = {"phase": Words(term.vi, term.en, str(phase)) if term else str(phase), "count": len(held)}
        yield Message("records.finding.phase-goes-on", **said, documents=listed(sorted(set(held["document"]))))
    if not any(isinstance(entry, NewProgrammeVersion) for entry in draft.entries):
        document = programmes_on(draft.day - timedelta(days=1), city(draft.city), store)[-1].document
        yield Message("records.finding.indicators-go-on", document=document)
