"""Who was notified of what: lines of the audit log, in the order in which notices went out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from geo.records.model.actor import Actor

if TYPE_CHECKING:
    from geo.records.store import Store

SENT, FAILED = "notice.sent", "notice.failed"
_PARTS = " | "
_READ = 20_000


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice of one `subject` (a task's key, or `digest:<day>`) to a `recipient` (an office), by e-mail or webhook.

    `what`: in words; `ok`: whether it was handed over.
    """

    at: datetime
    subject: str
    recipient: str
    channel: str
    what: str
    ok: bool


def note_notices(store: Store, who: Actor, lines: Iterable[tuple[str, str, str, str]], *, sent: bool = True) -> None:
    """Record notices: (subject, recipient, channel, what), in one write."""
    with store.transaction() as write:
        for subject, recipient, channel, what in lines:
            detail = _PARTS.join((recipient, channel, what))
            write.audit(who, SENT if sent else FAILED, subject, detail)


def notices(store: Store, limit: int = _READ) -> tuple[NoticeLine, ...]:
    """The last notices, newest first."""
    found = []
    for action in (SENT, FAILED):
        for row in store.audit(limit, action=action).to_dict("records"):
            recipient, channel, what = str(row["detail"]).split(_PARTS, 2)
            line = NoticeLine(row["at"].to_pydatetime(), row["subject"], recipient, channel, what, action == SENT)
            found.append((int(row["id"]), line))
    return tuple(line for _, line in sorted(found, key=lambda one: -one[0])[:limit])
