"""A draft before it is published: what it would change, beside what is in force, in words and on a map of both."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from fastapi import Path as PathParameter

from api.core.responses import respond
from api.security.object_permissions import own_draft
from api.web.base.forms import Filled
from api.web.base.page_context import PageContext, PageContextNeed
from api.web.registers.entry_lines import conflict_lines, entry_lines
from api.web.registers.plan_lines import file_of
from api.web.sites.maps import map_answer
from geo.analysis.flags import Flag
from geo.importing.registers.changes import other_papers
from geo.output.maps.kinds import MAP_KINDS
from geo.records.published.rows import published_rows, taken_back_of
from geo.records.publishing import as_published
from geo.situation.drafts.findings import Finding, before_and_after, corridors, findings, only_open
from geo.situation.snapshot import Situation

router = APIRouter(include_in_schema=False)
_NO_FORM = Filled()

_OWN_KINDS = ("reports", "flag-new", "flag-gone", "exposed-new", "exposed-gone")
_OWN_SECTION = frozenset(f"records.finding.{name}" for name in _OWN_KINDS)
"""What the page shows in sections of their own."""
_SHOWN_ABOVE = ("records.finding.outdated",)
DraftNumber = Annotated[int, PathParameter(ge=1, le=2**62)]


@router.get("/registers/drafts/{number}")
def preview(context: PageContextNeed, number: DraftNumber) -> Response:
    """What a draft would change on its day."""
    return preview_page(context, number)


def preview_page(context: PageContext, number: int, form: Filled = _NO_FORM) -> Response:
    """The page of a draft; 409 with both versions where it could not be published, because somebody was quicker."""
    from geo.output.maps.kinds.compare import changes

    store = context.service.store
    written = own_draft(context.service, context.identity, number)
    draft = as_published(store, written)
    before, after = before_and_after(store, draft)
    return context.page(
        "registers_draft.html",
        status=409 if form.problems else 200,
        form=form,
        conflicts=conflict_lines(context, written, before),
        situation=context.situation(),
        draft=draft,
        taken_back=taken_back_of(store, draft.row),
        rests=bool(published_rows(store, draft.row)),
        papers=other_papers(draft),
        file=file_of(context, draft.entries),
        changes=changes(before, after, context.words.lang),
        holds=entry_lines(context, draft, before, after),
        findings=[
            one
            for one in findings(store, written)
            if one.message.code not in (_SHOWN_ABOVE if one.look else _OWN_SECTION)
        ],
        corridors=corridors(before, after),
        flags=_flags(before, after),
    )


def _is_listed(one: Finding) -> bool:
    """Whether no other section of the page says it; what somebody has to look at is listed all the same."""
    return one.message.code not in (_SHOWN_ABOVE if one.look else _OWN_SECTION)


def _flags(before: Situation, after: Situation) -> list[tuple[str, list[Flag]]]:
    """The flags that a draft raises or ends by the key of their heading; what the registers alone say is no alert."""
    was, now = before.flags or (), after.flags or ()
    return [
        (f"registers.{state}_{sort}", [flag for flag in found if flag.is_reported == (sort == "flags")])
        for state, found in (("new", only_open(now, was)), ("gone", only_open(was, now)))
        for sort in ("flags", "exposed")
    ]


@router.get("/registers/drafts/{number}/map")
def preview_map(context: PageContextNeed, number: DraftNumber) -> Response:
    """What is in force and what a draft proposes, on one map with a handle between them."""
    store = context.service.store
    before, after = before_and_after(store, as_published(store, own_draft(context.service, context.identity, number)))
    return respond(context.request, map_answer(context, MAP_KINDS["compare"], after, before), private=True)
