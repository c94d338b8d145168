"""What is done about a flag: taken note of, or closed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Response

from api.security.object_permissions import known_flag, require_own
from api.web.base.page_context import PageContextNeed
from geo.records.entries import NewFlagEvent

router = APIRouter(include_in_schema=False)

Field = Annotated[str, Form(max_length=1200)]


@router.post("/flags")
def settle(
    context: PageContextNeed, flag_id: Field = "", event: Field = "", note: Field = "", ward: Field = ""
) -> Response:
    """Acknowledge or close a flag of today; a ward, one that concerns it."""
    flag = known_flag(context.service, flag_id, context.identity)
    entry = NewFlagEvent(flag_id=flag.event_id, event=event, day=context.service.today, note=note)
    require_own(context.service, context.identity, entry)
    context.service.store.add(entry, context.identity.actor)
    if ward in {code for code, _ in flag.wards}:
        return context.see(f"/wards/{ward}", saved=1)
    return context.see(f"/sites/{flag.site_id}" if flag.site_id else "/", saved=1)
