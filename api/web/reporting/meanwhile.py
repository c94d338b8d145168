"""What others recorded since a page was made: nobody's finding is replaced by one who has not seen it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection

from api.web.base.page_context import PageContext
from geo.errors import InputError
from geo.records.entries import NewVerification
from geo.records.ledger.findings import finding_problems


def seen_now(context: PageContext) -> str:
    """What a form sends along: the moment up to which its page shows what was recorded."""
    return context.service.store.known_at().isoformat()


def refuse_unseen(seen: str, entries: Sequence[NewVerification], connection: Connection) -> None:
    """Refuse findings that would replace what their writer has not seen, or would not count.

    Raises
    ------
    InputError
        They would; each report is named.
    """
    if not entries:
        return
    reports, day = [entry.report_id for entry in entries], entries[0].day
    problems = list(finding_problems(connection, reports, day, _moment(seen)))
    if problems:
        raise InputError(problems)


def _moment(text: str) -> datetime | None:
    """None for what no page of ours sends."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
