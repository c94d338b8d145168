"""A background of map tiles, where a setting names one; without it there are the wards alone, and nothing is loaded.

`DIABAN_TILES_URL` is a source of tiles (XYZ); `DIABAN_TILES_FILE` is a file of them on this machine. The service gives
the tiles of that file itself. A page that stands alone carries what fits: the tiles of the finest zoom at which all
those of its area go into the page, scaled up and down from there; where none do, the page says so.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from geo import settings
from geo.errors import InputError, Problem
from geo.output.maps.background.tile_archive import TileFile, open_tiles
from geo.output.maps.drawing.drawing import Bounds
from geo.reference.base.read import tile_at

MOST_BYTES = 1_000_000
"""A page that stands alone is no larger."""

_MOST_TILES = 64
_EXAMPLE = "https://HOST/{z}/{x}/{y}.png"
_NO_ATTRIBUTION = Problem("maps.no-tile-attribution", "DIABAN_TILES_ATTRIBUTION")


@dataclass(frozen=True, slots=True)
class Tiles:
    """Background tiles of a page: `url` with {z}, {x}, {y} (an address, or a path), and whose map it is.

    With `file` set and no `url`, the page carries `pictures` itself: data URIs by 'zoom/column/row'. The source has
    tiles from `least_zoom` to `most_zoom`, within `bounds` (degrees WGS 84; None: everywhere).
    """

    url: str
    attribution: str
    least_zoom: int = 0
    most_zoom: int = 19
    bounds: Bounds | None = None
    file: TileFile | None = None
    pictures: Mapping[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        """What a page must be allowed to load images from: scheme and host, 'self' for a path, '' for nothing."""
        if not self.url:
            return ""
        parts = urlsplit(self.url)
        host = parts.netloc.replace("{s}", "*")
        return f"{parts.scheme}://{host}" if host else "'self'"

    @property
    def is_remote(self) -> bool:
        """Whether the tiles are at an address, not at a path beside a page, which no picture knows."""
        return urlsplit(self.url).scheme in ("http", "https")


def tiles_from_environment(served: str = "") -> Tiles | None:
    """The tiles of `DIABAN_TILES_URL` or `DIABAN_TILES_FILE`; None where neither is set.

    `served` is the address under which the service gives the tiles of the file, '' for a page that stands alone.

    Raises
    ------
    InputError
        The address lacks {z}, {x} or {y}, has a character that an address can't have, nothing says whose map it is,
        both are set, or the file can't be used (`open_tiles`).
    DataFileMissingError
        There is no such file.
    """
    url, file = settings.text("tiles_url"), settings.path("tiles_file")
    attribution = settings.text("tiles_attribution")
    if url and file:
        raise InputError(Problem("maps.two-backgrounds", "DIABAN_TILES_URL, DIABAN_TILES_FILE"))
    if file:
        return _of_file(open_tiles(file), attribution, served)
    return _of_address(url, attribution) if url else None


def carried(tiles: Tiles, area: Bounds, room: int) -> Tiles:
    """The tiles of a file with those pictures that go into `room` bytes of a page; none, where not all of a zoom do.

    The finest zoom is taken at which every tile of `area` goes in.
    """
    found = tiles
    if tiles.file is None:
        return tiles
    for zoom in range(tiles.least_zoom, tiles.most_zoom + 1):
        pictures = _pictures(tiles.file, zoom, area, room)
        if pictures is None:
            break
        if pictures:
            found = replace(tiles, least_zoom=zoom, most_zoom=zoom, bounds=_covered(pictures), pictures=pictures)
    return found


def _of_address(url: str, attribution: str) -> Tiles:
    problems = []
    if not all(part in url for part in ("{z}", "{x}", "{y}")) or any(c in url for c in "\"'<>; "):
        problems.append(Problem("maps.bad-tile-address", "DIABAN_TILES_URL", address=url, example=_EXAMPLE))
    if not attribution:
        problems.append(_NO_ATTRIBUTION)
    if problems:
        raise InputError(problems)
    return Tiles(url, attribution)


def _of_file(file: TileFile, attribution: str, served: str) -> Tiles:
    whose = attribution or file.attribution
    if not whose:
        raise InputError(_NO_ATTRIBUTION)
    url = f"{served}?v={file.stamp}" if served else ""
    return Tiles(url, whose, file.least_zoom, file.most_zoom, file.bounds, file)


def _pictures(file: TileFile, zoom: int, area: Bounds, room: int) -> dict[str, str] | None:
    """All tiles of `area` at a zoom as data URIs; None where they are too many or too large."""
    west, north = tile_at(area[0], area[3], zoom)
    east, south = tile_at(area[2], area[1], zoom)
    if (east - west + 1) * (south - north + 1) > _MOST_TILES:
        return None
    found: dict[str, str] = {}
    for x in range(west, east + 1):
        for y in range(north, south + 1):
            data = file.read(zoom, x, y)
            if data is None:
                continue
            found[f"{zoom}/{x}/{y}"] = f"data:{file.media_type};base64,{base64.b64encode(data).decode('ascii')}"
    return found if sum(map(len, found.values())) + 20 * len(found) <= room else None


def _covered(pictures: Mapping[str, str]) -> Bounds:
    """The area of tiles; the corners a hair inside, so that no further tile is requested."""
    places = [tuple(map(int, key.split("/"))) for key in pictures]
    size = 1 << places[0][0]
    columns, rows = [x for _, x, _ in places], [y for _, _, y in places]

    def lat(row: float) -> float:
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / size))))

    def lon(column: float) -> float:
        return column / size * 360 - 180

    hair = 0.001
    return (
        lon(min(columns) + hair), lat(max(rows) + 1 - hair), lon(max(columns) + 1 - hair), lat(min(rows) + hair)
    )  # fmt: skip
