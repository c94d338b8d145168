"""Who was notified of what."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.web.base.page_context import PageContext, PageContextNeed
from geo.output.tasks.notice_log import notices as recorded
from geo.output.tasks.recipients import recipients
from geo.output.tasks.sending import REASONS

router = APIRouter(include_in_schema=False)

_SHOWN = 500


@router.get("/notices")
def notices(context: PageContextNeed) -> Response:
    """The last notices, newest first, and the offices that get any; addresses are not shown."""
    lines = recorded(context.service.store, _SHOWN)
    return context.page("notices.html", lines=lines, offices=_offices(context), reasons=REASONS)


def _offices(context: PageContext) -> list[tuple[str, str]]:
    """Name of each recipient, and how and when it is reached."""
    w = context.words
    return [(one.name, f"{w.text(f'notices.{one.channel}')}, {w.text(f'notices.{one.when}')}") for one in recipients()]
