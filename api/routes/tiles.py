"""Vector tiles (MVT), for maps that show more than a city: wards, sites, crossings, with public facts alone."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as PathParameter

from api.http.response_cache import cached_response
from api.resources.dependencies import IdentityNeed, ServiceNeed, base_of
from api.resources.tiles import Form, described, file_state, tile

router = APIRouter(tags=["tiles"], include_in_schema=False)

Number = Annotated[str, PathParameter(max_length=20)]


@router.get("/tiles.json")
def tilejson(request: Request, service: ServiceNeed, identity: IdentityNeed) -> Response:
    """What tiles there are, as TileJSON 3.0.0."""
    base = base_of(request, service)
    return cached_response(request, service, identity, lambda: described(service, base), *file_state(service))


@router.get("/tiles/{z}/{x}/{y}")
def vector_tile(
    request: Request,
    service: ServiceNeed,
    identity: IdentityNeed,
    z: Number,
    x: Number,
    y: Number,
    f: Annotated[Form, Query(description="MVT, or JSON for pages.")] = "mvt",
) -> Response:
    """A tile of the grid of web maps (EPSG:3857, rows from the north); 404 where there is none of these numbers."""
    return cached_response(request, service, identity, lambda: tile(service, (z, x, y), f), *file_state(service))
