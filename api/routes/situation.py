"""The picture of one day."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.answers import made_json
from api.dependencies import AskNeed, WhenNeed
from api.situation_document import situation_document

router = APIRouter(prefix="/api/v1", tags=["situation"])


@router.get("/situation")
def situation(ask: AskNeed, when: WhenNeed) -> Response:
    """What holds on a day: wards by phase, sites with level and wards, open flags, counts of reports.

    Any past day can be asked for. With `known_at` it is told as it was known at that moment, and comes out the same for
    ever.
    """
    picture = ask.situation(when)
    return ask.told(picture, lambda: made_json(situation_document(ask.service, picture, ask.identity)))
