"""The map of all wards, drawn from vector tiles: a country opens as fast as a city."""

from __future__ import annotations

import re
from functools import cache

import orjson
from fastapi import APIRouter, Request, Response

from api.answers import Answer, made, respond
from api.tiles import vector_tiles
from api.web.visit import POLICY, VisitNeed
from geo.output.theme import theme

router = APIRouter(include_in_schema=False)

_POLICY = POLICY.replace("connect-src 'none'", "connect-src 'self'")


@router.get("/tiles")
def tiles(visit: VisitNeed) -> Response:
    """The page."""
    _, shown = vector_tiles(visit.service)
    west, south, east, north = shown.bounds
    colours = {name: style.fill for name, style in theme().areas.items()}
    options = {"root": visit.root, "bounds": [[south, west], [north, east]], "colours": colours}
    page = visit.page("tiles.html", options=orjson.dumps(options).decode(), count=len(shown.layers[0].facts))
    page.headers["Content-Security-Policy"] = _POLICY
    return page


@router.get("/tiles/leaflet.js")
def script(request: Request) -> Response:
    """Leaflet, from its installed package."""
    return respond(request, _leaflet("leaflet.js", "text/javascript; charset=utf-8"), private=False)


@router.get("/tiles/leaflet.css")
def style(request: Request) -> Response:
    """Its style, without the pictures of markers, which this map has none of."""
    return respond(request, _leaflet("leaflet.css", "text/css; charset=utf-8"), private=False)


@cache
def _leaflet(name: str, media_type: str) -> Answer:
    from geo.output.maps.assets import leaflet

    return made(re.sub(r"url\(images/[^)]*\)", "none", leaflet(name)), media_type)
