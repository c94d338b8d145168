"""The maps as pages of their own."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Response
from fastapi import Path as PathParameter

from api.core.problems import QueryError
from api.core.responses import HTML, Answer, made
from api.http.response_cache import cached_response
from api.resources.visible_situation import seen
from api.web.base.page_context import PageContext, PageContextNeed, parse_day
from api.web.tiles.background import TILES, stamp
from geo.errors import Problem, UnknownSiteError, UnknownWardError
from geo.reference.names import suggest
from geo.situation import Situation

if TYPE_CHECKING:
    import folium

    from geo.output.maps import Links

router = APIRouter(include_in_schema=False)

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_IMAGES = re.compile(r'http-equiv="Content-Security-Policy" content="[^"]*img-src ([^;"]*);')
_IN_FRAME = '<base target="_top">\n<style>.titles, footer .en { display: none; }</style>\n'
"""A map in the frame of a page has that page's title; its links open pages in place of that page, not in the frame."""
_Draw = Callable[[Situation, "Links"], "folium.Map"]


@router.get("/maps/overview")
def overview(context: PageContextNeed) -> Response:
    """Phases of wards, sites by level."""
    from geo.output import maps

    return _served(context, maps.overview)


@router.get("/maps/risk")
def risk(context: PageContextNeed) -> Response:
    """Wards by their highest flag, and where the flags point."""
    from geo.output import maps

    return _served(context, maps.risk)


@router.get("/maps/coverage")
def coverage(context: PageContextNeed) -> Response:
    """How much of the programme's figures each ward has entered."""
    from geo.output import maps

    return _served(context, maps.coverage)


@router.get("/maps/site/{site_id}")
def site(context: PageContextNeed, site_id: Annotated[str, PathParameter(max_length=40)]) -> Response:
    """One site: stretches by ward, chainage, neighbours."""
    from geo.output import maps

    known = context.situation().sites["site_id"].tolist()
    if site_id not in known:
        raise UnknownSiteError(site_id, suggest(site_id, known))
    return _served(context, lambda situation, links: maps.site(situation, site_id, links))


@router.get("/maps/ward/{code}")
def ward(context: PageContextNeed, code: Annotated[str, PathParameter(max_length=20)]) -> Response:
    """One ward: its stretches, its flags, its reports for those who may see them."""
    from geo.output import maps

    known = context.situation().wards["code"].tolist()
    if code not in known:
        raise UnknownWardError(code, suggest(code, known))
    draw: _Draw = lambda situation, links: maps.ward(situation, code, links)  # noqa: E731
    return _served(context, draw, ward=code)


@router.get("/maps/compare")
def compare(context: PageContextNeed, before: Annotated[str, Query(max_length=40)] = "") -> Response:
    """What changed from the day `before` to the day of the page."""
    from geo.output import maps

    earlier = parse_day(before, "before")
    if earlier is None:
        raise QueryError(Problem("is missing", "before", "give the earlier day, like before=2026-01-07"))
    then = context.situation_of(earlier)

    def draw(situation: Situation, links: Links) -> folium.Map:
        return maps.compare(seen(context.service, then, context.identity), situation, links)

    return _served(context, draw)


def links(context: PageContext) -> Links:
    """Where the pop-ups of a map lead."""
    from geo.output.maps import Links

    return Links(
        site=context.url("/sites/SITE").replace("SITE", "{id}"),
        ward=context.url("/wards/WARD").replace("WARD", "{code}"),
        tiles=f"{context.root}{TILES}",
    )


def policy(html: str) -> str:
    """The content policy of a map: its own scripts by their hashes and no others, images from where the page says."""
    digests = (hashlib.sha256(script.encode()).digest() for script in _SCRIPT.findall(html))
    scripts = " ".join(f"'sha256-{b64encode(digest).decode()}'" for digest in digests)
    images = _IMAGES.search(html)
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; "
        f"img-src {images[1] if images else 'data:'}; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'self'"
    )


def _served(context: PageContext, draw: _Draw, *, ward: str | None = None) -> Response:
    situation = context.situation()
    where = links(context)
    framed = context.request.query_params.get("frame") == "1"

    def make() -> Answer:
        from geo.output.maps import render

        shown = seen(context.service, situation, context.identity, ward=ward)
        html = render(draw(shown, where))
        html = html.replace("</head>", f"{_IN_FRAME}</head>", 1) if framed else html
        return made(html, HTML, {"Content-Security-Policy": policy(html)})

    return cached_response(context.request, context.service, context.identity, make, stamp())
