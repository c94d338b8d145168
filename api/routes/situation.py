"""The snapshot of one day."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.core.responses import made_json
from api.resources.dependencies import RequestContextNeed, WhenNeed
from api.resources.situation import situation_document

router = APIRouter(prefix="/api/v1", tags=["situation"])


@router.get("/situation")
def situation(context: RequestContextNeed, when: WhenNeed) -> Response:
    """What holds on a day: wards by phase, sites with level and wards, open flags, counts of reports.

    Any past day can be requested. With `known_at` it is as it was known at that moment, and comes out the same
    for ever.
    """
    snapshot = context.situation(when)
    return context.answer(lambda: made_json(situation_document(context.service, snapshot, context.identity)))
