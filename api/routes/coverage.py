"""Programmes, what they promise, and how far a city is with them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from fastapi import Path as PathParameter

from api.core.responses import Answer, made_json
from api.resources.coverage import coverage_document, coverage_for, coverage_rows
from api.resources.dependencies import PageNeed, RequestContextNeed, WhenNeed
from api.resources.pages import about, tabled
from api.schemas.examples import LIST_ANSWERS
from geo.records.programmes import all_programmes, programme_named
from geo.visibility.new_sites import with_new_sites

router = APIRouter(prefix="/api/v1", tags=["coverage"])


@router.get("/programmes")
def programmes(context: RequestContextNeed) -> Response:
    """The programmes of the data set: city, document, years, reporting dates."""
    loaded = all_programmes(context.service.store)
    names = ("id", "city", "title", "title_en", "document", "issued", "issuer", "first_year", "last_year")
    rows = [{name: getattr(programme, name) for name in names} for programme in loaded]
    return context.answer(lambda: made_json({"items": rows}))


@router.get("/programmes/{programme_id}")
def programme(
    context: RequestContextNeed, programme_id: Annotated[str, PathParameter(max_length=60, examples=["hanoi-2026"])]
) -> Response:
    """A programme with its indicators and targets in printed order, its dates, and its wards by phase."""
    loaded = programme_named(programme_id, context.service.today, context.service.store)

    def make() -> Answer:
        document = asdict(loaded)
        for entry, deadline in zip(document["deadlines"], loaded.deadlines, strict=True):
            entry["period"] = str(deadline.period)
        return made_json(document)

    return context.answer(make)


@router.get("/coverage", responses=LIST_ANSWERS)
def coverage(
    context: RequestContextNeed,
    when: WhenNeed,
    page: PageNeed,
    period: Annotated[str | None, Query(max_length=10, examples=["2026-H1", "2026-Q1", "2026-03"])] = None,
    target: Annotated[str | None, Query(max_length=60, description="Id of a target.")] = None,
    level: Annotated[Literal["ward", "phase", "city", "own"] | None, Query()] = None,
    ward: Annotated[str | None, Query(max_length=20, description="Code of a ward.")] = None,
) -> Response:
    """What was entered against what was promised. The public gets published periods, small counts suppressed."""
    situation = context.situation(when)
    shown = coverage_for(context.service, situation, context.identity, period)

    def make() -> Answer:
        named = with_new_sites(shown, situation, context.service.store, context.identity.viewer, when.known_at)
        rows = coverage_rows(shown, target, level, ward)
        chosen = rows[page.offset : page.offset + page.limit]
        return tabled(context, chosen, len(rows), page, about(situation) | coverage_document(named))

    return context.answer(make)
