"""Who was notified of what."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.security.object_permissions import may_work_on
from api.web.base.page_context import PageContext, PageContextNeed
from geo.output.tasks.notice_log import notices as recorded
from geo.output.tasks.recipients import Recipient, recipients
from geo.output.tasks.sending import REASONS
from geo.reference.cities import city, list_in_view, list_of

router = APIRouter(include_in_schema=False)

_SHOWN = 500


@router.get("/notices")
def notices(context: PageContextNeed) -> Response:
    """The last notices, newest first, and the offices that get any; addresses are not shown."""
    lines = recorded(context.service.store, _SHOWN)
    elsewhere = {one.logged_as for one in recipients() if list_of(one.city) != list_in_view()}
    lines = tuple(line for line in lines if line.recipient not in elsewhere)
    if context.identity.provinces:
        names = {one.logged_as for one in _own(context)}
        lines = tuple(line for line in lines if line.recipient in names)
    return context.page("notices.html", lines=lines, offices=_offices(context), reasons=REASONS)


def _offices(context: PageContext) -> list[tuple[str, str]]:
    """Name of each recipient, and how and when it is reached."""
    w = context.words
    return [(one.name, f"{w.text(f'notices.{one.channel}')}, {w.text(f'notices.{one.when}')}") for one in _own(context)]


def _own(context: PageContext) -> list[Recipient]:
    """Those of the cities of the list in view that the visitor works on."""
    here = (one for one in recipients() if list_of(one.city) == list_in_view())
    return [one for one in here if may_work_on(context.identity, city(one.city).slug)]
