"""What is done about a flag: taken note of, or closed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Response

from api.audience import sees_flag
from api.security.scope import flag_named, require_own
from api.web.visit import VisitNeed
from geo.errors import UnknownNameError
from geo.records.entries import NewFlagEvent

router = APIRouter(include_in_schema=False)

Field = Annotated[str, Form(max_length=1200)]


@router.post("/flags")
def settle(visit: VisitNeed, flag_id: Field = "", event: Field = "", note: Field = "", ward: Field = "") -> Response:
    """Acknowledge or close a flag of today; a ward, one that concerns it."""
    flag = flag_named(visit.service, flag_id)
    # A flag that needs reports is not even known to exist to those who may not see them.
    if flag is None or not (flag.rule == "exposure" or sees_flag(flag, visit.identity)):
        raise UnknownNameError("flag", flag_id[:130], [])
    entry = NewFlagEvent(flag_id=flag.event_id, event=event, day=visit.service.today, note=note)
    require_own(visit.service, visit.identity, entry)
    visit.service.store.add(entry, visit.identity.actor)
    if ward in {code for code, _ in flag.wards}:
        return visit.see(f"/wards/{ward}", saved=1)
    return visit.see(f"/sites/{flag.site_id}" if flag.site_id else "/", saved=1)
