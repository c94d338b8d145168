"""A draft before it is published: what it would change, beside what is in force, in words and on a map of both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Response
from fastapi import Path as PathParameter

from api.core.responses import respond
from api.security.object_permissions import own_draft
from api.web.base.page_context import PageContext, PageContextNeed
from api.web.registers.plan_lines import file_of
from api.web.sites.maps import map_answer
from geo.importing.registers.changes import other_papers
from geo.output.maps.kinds import MAP_KINDS
from geo.records.publishing import Draft
from geo.situation import Situation, at
from geo.situation.proposed import Proposed
from geo.situation.site_reports import of_site

if TYPE_CHECKING:
    from geo.analysis.flags import Flag

router = APIRouter(include_in_schema=False)

DraftNumber = Annotated[int, PathParameter(ge=1, le=2**62)]


@dataclass(frozen=True, slots=True)
class CorridorLine:
    """The reports in the corridor of a site that a draft changes, before and after."""

    site_id: str
    name: str
    before: int
    after: int


@router.get("/registers/drafts/{number}")
def preview(context: PageContextNeed, number: DraftNumber) -> Response:
    """What a draft would change on its day."""
    from geo.output.maps.kinds.compare import changes

    draft = own_draft(context.service, context.identity, number)
    before, after = _both(context, draft)
    return context.page(
        "registers_draft.html",
        situation=context.situation(),
        draft=draft,
        papers=other_papers(draft),
        file=file_of(context, draft.entries),
        changes=changes(before, after, context.words.lang),
        corridors=_corridors(before, after),
        new_flags=_only(after.flags or (), before.flags or ()),
        gone_flags=_only(before.flags or (), after.flags or ()),
    )


@router.get("/registers/drafts/{number}/map")
def preview_map(context: PageContextNeed, number: DraftNumber) -> Response:
    """What is in force and what a draft proposes, on one map with a handle between them."""
    before, after = _both(context, own_draft(context.service, context.identity, number))
    return respond(context.request, map_answer(context, MAP_KINDS["compare"], after, before), private=True)


def _both(context: PageContext, draft: Draft) -> tuple[Situation, Situation]:
    """The situation of the draft's day as it is recorded, and as it would be with the draft; once it is published, that
    of the day before and of its day."""
    store = context.service.store
    if draft.published:
        eve = draft.day - timedelta(days=1)
        return at(eve, city=draft.city, store=store), at(draft.day, city=draft.city, store=store)
    # What holds on the draft's day by a later draft's own entries plays no part: only this one is added.
    entries = Proposed(store, draft.entries, ("draft", draft.row))
    return at(draft.day, city=draft.city, store=store), at(draft.day, city=draft.city, store=entries)


def _corridors(before: Situation, after: Situation) -> list[CorridorLine]:
    """Sites in whose corridor other reports lie than before."""
    names = dict(zip(before.sites["site_id"], before.sites["name"], strict=True))
    names |= dict(zip(after.sites["site_id"], after.sites["name"], strict=True))
    lines = (CorridorLine(site, name, _reports(before, site), _reports(after, site)) for site, name in names.items())
    return [line for line in lines if line.before != line.after]


def _reports(situation: Situation, site_id: str) -> int:
    if situation.reports is None or site_id not in set(situation.sites["site_id"]):
        return 0
    return int(of_site(situation, site_id, situation.reports).sum())


def _only(flags: Iterable[Flag], others: Iterable[Flag]) -> list[Flag]:
    """The open flags that are not open among others."""
    known = {flag.flag_id for flag in others if flag.is_open}
    return [flag for flag in flags if flag.is_open and flag.flag_id not in known]
