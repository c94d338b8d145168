"""The maps as pages of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Response
from fastapi import Path as PathParameter
from starlette.exceptions import HTTPException

from api.core.nonces import NONCE_PLACEHOLDER
from api.core.problems import QueryError
from api.core.responses import HTML, POLICY, Answer, made
from api.http.response_cache import cached_response
from api.resources.visibility import visible
from api.web.base.dates import parse_day
from api.web.base.page_context import PageContext, PageContextNeed
from api.web.sites.dossiers import edition
from api.web.sites.filters import SiteFilters, SiteFiltersNeed
from api.web.tiles.background import TILES, stamp
from api.web.tiles.base import base_path
from geo.errors import Problem, UnknownSiteError, UnknownWardError
from geo.i18n.language import other_language
from geo.output.decree.file_names import file_name
from geo.output.maps.kinds import MAP_KINDS, MapKind, Needs
from geo.reference.names import suggest
from geo.visibility import for_wards

if TYPE_CHECKING:
    from geo.output.maps import Links
    from geo.output.maps.drawing.drawing import Drawing
    from geo.situation import Situation

router = APIRouter(include_in_schema=False)

EVERYTHING = SiteFilters()

_FETCHES = " connect-src 'self';"
"""In the page of a map that asks the service for what lies under it, and for places that are searched on it."""
_IMAGES = re.compile(r'http-equiv="Content-Security-Policy" content="[^"]*img-src ([^;"]*);')
_IN_FRAME = """<base target="_top">
<style>
.titles { display: none; }
.search label { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.notices { flex: 1 1 24rem; }
.notice { padding: 0.1rem 0.5rem; font-size: 0.85rem; }
footer { font-size: 0.66rem; }
@media (min-width: 761px) and (max-width: 1100px) {
  body.diaban { grid-template-columns: minmax(0, 1fr) 15rem; }
  aside { padding: 0.4rem 0.6rem; }
  aside li { font-size: 0.82rem; }
}
</style>
"""
"""A map in the frame of a page has that page's title, and little else beside it; its links open pages in place of that
page, not in the frame."""
Bilingual = Annotated[str, Query(max_length=1)]
Name = Annotated[str, PathParameter(max_length=40)]


@router.get("/maps/{map_kind}")
def city_map(
    context: PageContextNeed,
    map_kind: Name,
    filters: SiteFiltersNeed,
    before: Annotated[str, Query(max_length=40)] = "",
    bilingual: Bilingual = "",
) -> Response:
    """A map of the whole city, narrowed as its list; a map of two days takes the earlier one from `before`."""
    kind = _kind(map_kind, Needs.NOTHING, Needs.BEFORE)
    if kind.needs is Needs.NOTHING:
        return _served(context, kind, filters=filters, bilingual=bilingual == "1")
    earlier = parse_day(before, "before")
    if earlier is None:
        raise QueryError(Problem("maps.no-earlier-day", "before", example="2026-01-07"))
    return _served(context, kind, context.situation_of(earlier), filters=filters, bilingual=bilingual == "1")


@router.get("/maps/{map_kind}/{subject}")
def subject_map(context: PageContextNeed, map_kind: Name, subject: Name, bilingual: Bilingual = "") -> Response:
    """A map of one site, ward or target, as the visitor may see it."""
    kind = _kind(map_kind, Needs.SITE, Needs.WARD, Needs.TARGET)
    situation = context.situation()
    if kind.needs is Needs.SITE and subject not in (sites := situation.sites["site_id"].tolist()):
        raise UnknownSiteError(subject, suggest(subject, sites))
    if kind.needs is Needs.WARD and subject not in (wards := situation.wards["code"].tolist()):
        raise UnknownWardError(subject, suggest(subject, wards))
    return _served(context, kind, subject, bilingual=bilingual == "1")


def links(context: PageContext) -> Links:
    """Where the pop-ups of a map lead."""
    from geo.output.maps import Links

    return Links(
        site=context.url("/sites/SITE").replace("SITE", "{id}"),
        ward=context.url("/wards/WARD").replace("WARD", "{code}"),
        tiles=f"{context.root}{TILES}",
        base=f"{context.root}{path}" if (path := base_path(context.city.slug)) else "",
        report=context.url("/reports/REPORT").replace("REPORT", "{id}"),
        places=f"{context.root}/api/v1/places?city={context.city.slug}",
    )


def map_page(
    drawing: Drawing, headers: Mapping[str, str] | None = None, *, framed: bool = False, name: str = ""
) -> Answer:
    """A drawing as a page that runs the scripts which bear its nonce, and no others; saved as a picture under a `name`.

    The nonce stands in the page before data are put into it: what a text of the records might bring in has none.
    """
    from geo.output.maps import folium_map, render

    html = render(folium_map(drawing, nonce=NONCE_PLACEHOLDER))
    if name:
        html = html.replace('<body class="diaban"', f'<body class="diaban" data-file="{escape(name)}"', 1)
    if framed:
        html = html.replace("</head>", f"{_IN_FRAME}</head>", 1)
    return made(html, HTML, {POLICY: _policy(html), **(headers or {})})


def _policy(html: str) -> str:
    """The content policy of a map; images and fetches from where the page says."""
    images = _IMAGES.search(html)
    fetches = _FETCHES if _FETCHES in html.partition("</title>")[0] else ""
    return (
        f"default-src 'none'; script-src 'nonce-{NONCE_PLACEHOLDER}'; style-src 'unsafe-inline'; "
        f"img-src {images[1] if images else 'data:'};{fetches} base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'self'"
    )


def _kind(name: str, *needs: Needs) -> MapKind:
    kind = MAP_KINDS.get(name)
    if kind is None or kind.needs not in needs:
        raise HTTPException(404)
    return kind


def _served(
    context: PageContext,
    kind: MapKind,
    subject: str | Situation = "",
    *,
    filters: SiteFilters = EVERYTHING,
    bilingual: bool = False,
) -> Response:
    def make() -> Answer:
        return map_answer(context, kind, context.situation(), subject, filters=filters, bilingual=bilingual)

    return cached_response(context.request, context.service, context.identity, make, stamp())


def map_answer(
    context: PageContext,
    kind: MapKind,
    situation: Situation,
    subject: str | Situation = "",
    *,
    filters: SiteFilters = EVERYTHING,
    bilingual: bool = False,
) -> Answer:
    """The page of a map of a situation, as the visitor may see it; its texts in both languages, if asked for."""
    from geo.output.maps.drawing.bilingual import bilingual as in_both
    from geo.output.maps.drawing.narrowed import narrowed

    ward = subject if kind.needs is Needs.WARD and isinstance(subject, str) else None
    shown = visible(context.service, situation, context.identity)
    shown = shown if ward is None else for_wards(shown, context.identity.viewer, (ward,))
    if not isinstance(subject, str):
        subject = visible(context.service, subject, context.identity)
    lang, where = context.words.lang, links(context)
    drawing = kind.draw(shown, subject, where, lang=lang)
    if bilingual:
        drawing = in_both(drawing, kind.draw(shown, subject, where, lang=other_language(lang)))
    if filters.any:
        drawing = narrowed(drawing, situation, filters.sites(situation), filters.wards(situation))
    what = "-".join((kind.name, subject if isinstance(subject, str) and subject else situation.city))
    name = file_name(what, situation.day, edition(context).audience, "png", lang)
    return map_page(drawing, {"Content-Language": lang}, framed=context.framed, name=name)
