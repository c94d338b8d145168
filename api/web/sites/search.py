"""The page of a search: names as they were typed, and the places that a description may mean, with their wards."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.resources.place_suggestions import suggested, warm_up
from api.web.base.page_context import PageContext, PageContextNeed, fetching
from geo.analysis.place_wards import collection
from geo.reference.names import plain
from geo.reference.places.place_index import ATTRIBUTION
from geo.reference.places.search import Answer, find_in_cities
from geo.reference.places.suggestions import FEWEST_LETTERS
from geo.situation.listing.lives import listings

router = APIRouter(include_in_schema=False)


@router.get("/search")
def search(context: PageContextNeed, q: Annotated[str, Query(max_length=600)] = "") -> Response:
    """What a text may be: wards, sites, streets and landmarks of that name, and candidates for what it describes."""
    text = q.strip()
    if not text:
        warm_up(context.city.slug)
    names = [] if not text else suggested(context.service, text, (context.city.slug,), 12)
    answer, found = _described(context, text) if text else (None, None)
    page = context.page(
        "search.html",
        text=text,
        names=names,
        unlisted=_unlisted(context, text),
        found=found["features"] if found else [],
        parts=answer.parts if answer else (),
        sure=bool(answer and answer.sure),
        attribution=ATTRIBUTION,
    )
    return fetching(page)


def _unlisted(context: PageContext, text: str) -> list[tuple[str, str, str]]:
    """The sites of this name or id that are on the list on other days only: id, name, and of which."""
    service, wanted = context.service, plain(text)
    known = listings(service.store, f"{context.city.site_prefix}-") if len(wanted) >= FEWEST_LETTERS else []
    found = ((one, one.off(service.today)) for one in known if f" {wanted}" in f" {plain(f'{one.site_id} {one.name}')}")
    return [(one.site_id, one.name, said.text(context.words.lang)) for one, said in found if said]


def _described(context: PageContext, text: str) -> tuple[Answer, dict[str, Any]]:
    answer, index = find_in_cities(text, context.city)
    return answer, collection(answer, index)
