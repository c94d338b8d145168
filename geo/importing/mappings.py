"""What an office said of its headings, remembered: the audit log holds it, so it is there for the next file.

A mapping is remembered when its file is recorded, and added to what the office said before.
"""

from __future__ import annotations

import json

from geo.importing.columns import Mapped
from geo.importing.headings import mapping_key
from geo.records.entries import Actor
from geo.records.store import Store

ACTION = "import.headings"
"""What the audit calls it; the subject is the kind of file and the office."""


def remembered(store: Store, kind: str, office: str) -> dict[str, str]:
    """What `office` said of headings of files of a `kind` (`report`, `coverage_entry`): key of the heading → field."""
    lines = store.audit(1, subject=_subject(kind, office), action=ACTION)
    return dict(json.loads(lines["detail"].iloc[0])) if len(lines) else {}


def with_remembered(store: Store, kind: str, office: str, said: Mapped) -> dict[str, str]:
    """What is remembered of headings, and what the user says now, which counts more."""
    return remembered(store, kind, office) | {mapping_key(heading): name for heading, name in said.items()}


def remember(store: Store, kind: str, actor: Actor, mapped: Mapped) -> None:
    """Remember `mapped` for the office of `actor`, unless it is known already; errors as those of a write."""
    known = remembered(store, kind, actor.office)
    now = known | {mapping_key(heading): name for heading, name in mapped.items()}
    if now != known:
        with store.transaction() as write:
            write.audit(actor, ACTION, _subject(kind, actor.office), json.dumps(now, ensure_ascii=False))


def _subject(kind: str, office: str) -> str:
    return f"{kind}: {office.strip()}"
