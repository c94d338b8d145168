"""The map of all wards, drawn from vector tiles: a country opens as fast as a city."""

from __future__ import annotations

from functools import cache

from fastapi import APIRouter, Request, Response

from api.core.responses import Answer, made, respond
from api.resources.tiles import vector_tiles
from api.web.base.page_context import PageContextNeed, fetching
from api.web.tiles.options import map_options

router = APIRouter(include_in_schema=False)


@router.get("/tiles")
def tiles(context: PageContextNeed) -> Response:
    """The page."""
    shown = vector_tiles(context.service)
    page = context.page("tiles.html", options=map_options(context, shown.bounds), count=len(shown.layers[0].facts))
    return fetching(page)


@router.get("/tiles/map.js")
def script(request: Request) -> Response:
    """The script of the map, Leaflet in it."""
    return respond(request, _bundled("tiles.js", "text/javascript; charset=utf-8"), private=False)


@router.get("/tiles/map.css")
def style(request: Request) -> Response:
    """Its style."""
    return respond(request, _bundled("tiles.css", "text/css; charset=utf-8"), private=False)


@cache
def _bundled(name: str, media_type: str) -> Answer:
    from geo.output.maps.html.assets import bundled

    return made(bundled(name), media_type)
