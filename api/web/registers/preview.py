"""A draft before it is published: what it would change, beside what is in force, in words and on a map of both."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from fastapi import Path as PathParameter

from api.core.responses import respond
from api.security.object_permissions import own_draft
from api.web.base.page_context import PageContextNeed
from api.web.registers.entry_lines import entry_lines
from api.web.registers.plan_lines import file_of
from api.web.sites.maps import map_answer
from geo.importing.registers.changes import other_papers
from geo.output.maps.kinds import MAP_KINDS
from geo.situation.drafts.findings import before_and_after, corridors, findings, only_open

router = APIRouter(include_in_schema=False)

_OWN_SECTION = frozenset(f"records.finding.{name}" for name in ("reports", "flag-new", "flag-gone"))
"""What the page shows in sections of their own."""
DraftNumber = Annotated[int, PathParameter(ge=1, le=2**62)]


@router.get("/registers/drafts/{number}")
def preview(context: PageContextNeed, number: DraftNumber) -> Response:
    """What a draft would change on its day."""
    from geo.output.maps.kinds.compare import changes

    store = context.service.store
    draft = own_draft(context.service, context.identity, number)
    before, after = before_and_after(store, draft)
    return context.page(
        "registers_draft.html",
        situation=context.situation(),
        draft=draft,
        papers=other_papers(draft),
        file=file_of(context, draft.entries),
        changes=changes(before, after, context.words.lang),
        holds=entry_lines(context, draft, before, after),
        findings=[one for one in findings(store, draft) if one.look or one.message.code not in _OWN_SECTION],
        corridors=corridors(before, after),
        new_flags=only_open(after.flags or (), before.flags or ()),
        gone_flags=only_open(before.flags or (), after.flags or ()),
    )


@router.get("/registers/drafts/{number}/map")
def preview_map(context: PageContextNeed, number: DraftNumber) -> Response:
    """What is in force and what a draft proposes, on one map with a handle between them."""
    draft = own_draft(context.service, context.identity, number)
    before, after = before_and_after(context.service.store, draft)
    return respond(context.request, map_answer(context, MAP_KINDS["compare"], after, before), private=True)
