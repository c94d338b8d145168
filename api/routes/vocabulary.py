"""The terms that records may use."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter, Response

from api.answers import made_json
from api.dependencies import AskNeed
from geo.records.vocabulary import vocabulary as load_vocabulary

router = APIRouter(prefix="/api/v1", tags=["records"])


@router.get("/vocabulary")
def vocabulary(ask: AskNeed) -> Response:
    """Levels, kinds, channels, outcomes, conclusions and the like: id, Vietnamese and English, by group."""
    groups = load_vocabulary().groups
    document = {group: [asdict(term) for term in terms.values()] for group, terms in groups.items()}
    return ask.answer("vocabulary", lambda: made_json(document))
