"""Targets of a programme that a draft changes: the same target with another figure."""

from __future__ import annotations

from collections.abc import Iterator

from geo.i18n.message import Message, Words
from geo.records.kinds.registers.programme_version import NewProgrammeVersion
from geo.records.model.programme_documents import programme_of_content
from geo.records.programmes import programmes_on
from geo.records.publishing import Draft
from geo.records.store import Store
from geo.reference.cities import city
from geo.reference.names import fold


def changed_targets(store: Store, draft: Draft) -> Iterator[Message]:
    """Every target of the programme in force until then that the draft's programme holds with another figure."""
    for entry in draft.entries:
        made = programme_of_content(entry.content) if isinstance(entry, NewProgrammeVersion) else None
        if made is None:
            continue
        known = {
            (one.id, fold(one.label)): one for one in programmes_on(draft.day, city(draft.city), store)[-1].targets
        }
        for target in made.targets:
            was = known.get((target.id, fold(target.label)), target)
            if was.figure != target.figure:
                text = Words(target.label, target.label_en or target.label, target.id)
                said = {"number": target.id, "text": text, "before": was.figure, "after": target.figure}
                yield Message("records.finding.target", **said)
