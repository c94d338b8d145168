"""The terms that records may use."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter, Response

from api.core.responses import made_json
from api.resources.dependencies import RequestContextNeed
from geo.records.model.vocabulary import vocabulary as load_vocabulary

router = APIRouter(prefix="/api/v1", tags=["records"])


@router.get("/vocabulary")
def vocabulary(context: RequestContextNeed) -> Response:
    """Levels, kinds, channels, outcomes, conclusions and the like: id, Vietnamese and English, by group."""
    groups = load_vocabulary().groups
    document = {group: [asdict(term) for term in terms.values()] for group, terms in groups.items()}
    return context.answer(lambda: made_json(document))
