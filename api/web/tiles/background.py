"""The tiles of the background file of this machine (`DIABAN_TILES_FILE`), one picture at a time."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as PathParameter
from starlette.exceptions import HTTPException

from api.core.responses import holds
from geo.output.maps.background.basemap import Tiles, tiles_from_environment
from geo.output.maps.background.tile_archive import MOST_ZOOM

router = APIRouter(include_in_schema=False)

TILES = "/background/{z}/{x}/{y}"
"""Where the tiles are; columns and rows counted from the north-west (XYZ)."""

_HOUR = "private, max-age=3600"
_NEVER_ANOTHER = "private, max-age=31536000, immutable"
Count = Annotated[int, PathParameter(ge=0)]


@router.get(TILES)
def tile(
    request: Request,
    z: Annotated[int, PathParameter(ge=0, le=MOST_ZOOM)],
    x: Count,
    y: Count,
    v: Annotated[str, Query(max_length=80)] = "",
) -> Response:
    """A tile of the file with the stamp `v`; 204 where it has none: an empty corner of the map is no failure."""
    tiles = background()
    if tiles is None or tiles.file is None or max(x, y) >= 1 << z:
        raise HTTPException(404)
    caching = _NEVER_ANOTHER if v == tiles.file.stamp else _HOUR
    picture = tiles.file.read(z, x, y)
    if picture is None:
        return Response(status_code=204, headers={"Cache-Control": caching})
    # A picture is packed already, and known by its file and place.
    headers = {"Cache-Control": caching, "ETag": f'W/"{tiles.file.stamp}-{z}-{x}-{y}"'}
    if holds(request.headers.get("if-none-match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(picture, headers=headers, media_type=tiles.file.media_type)


def background() -> Tiles | None:
    """The background that the settings name; errors as `tiles_from_environment`."""
    return tiles_from_environment(TILES)


def stamp() -> str:
    """What a map's background follows from: same stamp, same background."""
    tiles = background()
    return "" if tiles is None else f"{tiles.url} {tiles.attribution}"
