"""The base of a city's maps as one file of vector tiles (PMTiles): pages request the parts that they draw."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as PathParameter
from fastapi.responses import FileResponse
from starlette.exceptions import HTTPException

from api.core.responses import holds
from geo.reference.base import base_of
from geo.reference.cities import every_list

router = APIRouter(include_in_schema=False)

BASE = "/base/{city}.pmtiles"
"""Where the file of a city is."""
_MEDIA_TYPE = "application/vnd.pmtiles"
_HOUR = "max-age=3600"
_NEVER_ANOTHER = "max-age=31536000, immutable"


def base_path(city: str) -> str:
    """The path of a city's file, '' where the data set has none."""
    place = next((entry for entry in every_list() if entry.slug == city), None)
    return BASE.format(city=place.layers_slug) if place is not None and base_of(place) is not None else ""


@router.get(BASE)
def base_file(
    request: Request,
    city: Annotated[str, PathParameter(max_length=40)],
    v: Annotated[str, Query(max_length=60)] = "",
    part: Annotated[str, Query(max_length=20)] = "",  # noqa: ARG001
) -> Response:
    """The file, or the range of it that is requested (RFC 9110): nothing of it is held in memory.

    `v` is the version that a page was made with: of that there is never another. `part` changes nothing: browsers
    request ranges of one address one after the other, so that each part has an address of its own.
    """
    place = next((entry for entry in every_list() if entry.slug == city), None)
    base = base_of(place) if place is not None else None
    if base is None:
        raise HTTPException(404)
    caching = _NEVER_ANOTHER if v == base.stamp else _HOUR
    headers = {"Cache-Control": f"private, {caching}", "ETag": f'"{base.stamp}"'}
    if holds(request.headers.get("if-none-match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return FileResponse(base.path, headers=headers, media_type=_MEDIA_TYPE)
