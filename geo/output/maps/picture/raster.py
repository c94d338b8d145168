"""Tiles of the settings under a picture: turned from Web Mercator into the VN-2000 zone of the picture."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from PIL import Image

from geo.output.maps.background.basemap import Tiles
from geo.output.maps.background.remote_tiles import tile_source
from geo.reference.crs import to_wgs84

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

_SIDE = 256
_MOST_TILES = 140
"""Of more tiles than this a coarser zoom is taken."""
_MESH = 12
"""The picture is turned in so many cells a side; within one the two projections differ by less than a dot."""
_AT_ONCE = 8
Degrees = NDArray[np.float64]


def draw_tiles(axes: Axes, tiles: Tiles, province_code: str, zorder: float = 0.8) -> bool:
    """Draw the tiles under the view of the axes (metres of the province's VN-2000 zone); whether there was any.

    Where the source has no tile, what lies beneath is seen.
    """
    mesh = _mesh(axes, province_code)
    room = axes.get_window_extent()
    size = (round(room.width), round(room.height))
    zoom = _zoom(tiles, mesh, size[0])
    at = _tile_coordinates(mesh, zoom)
    (west, north), (east, south) = np.floor(at.min(axis=(0, 1))).astype(int), np.floor(at.max(axis=(0, 1))).astype(int)
    sheet = _mosaic(tiles, zoom, (int(west), int(north), int(east), int(south)))
    if sheet is None:
        return False
    cells = list(_cells((at - (west, north)) * _SIDE, size))
    turned = sheet.transform(size, Image.Transform.MESH, cells, Image.Resampling.BILINEAR)
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    drawn = axes.imshow(np.asarray(turned), extent=(left, right, bottom, top), zorder=zorder, interpolation="none")
    drawn.set_clip_path(axes.patch)
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)
    axes.set_aspect("equal", adjustable="datalim")
    return True


def _mesh(axes: Axes, province_code: str) -> Degrees:
    """Longitude and latitude of the nodes of the mesh: rows from the top, columns from the left."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    x, y = np.meshgrid(np.linspace(left, right, _MESH + 1), np.linspace(top, bottom, _MESH + 1))
    nodes = np.asarray(shapely.points(np.column_stack([x.ravel(), y.ravel()])), dtype=object)
    return shapely.get_coordinates(to_wgs84(nodes, province_code)).reshape(_MESH + 1, _MESH + 1, 2)


def _tile_coordinates(degrees: Degrees, zoom: int) -> Degrees:
    """Columns and rows of tiles (XYZ), with their fractions."""
    sine = np.sin(np.radians(degrees[..., 1]))
    y = 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * math.pi)
    return np.stack([(degrees[..., 0] + 180) / 360, y], axis=-1) * (1 << zoom)


def _zoom(tiles: Tiles, mesh: Degrees, dots: int) -> int:
    """The zoom of the source whose dots are nearest to those of the picture, and of which there are not too many."""
    across = float(np.ptp(mesh[..., 0])) / 360 * _SIDE
    zoom = min(tiles.most_zoom, max(tiles.least_zoom, round(math.log2(dots / across))))
    while zoom > tiles.least_zoom and np.prod(np.ptp(_tile_coordinates(mesh, zoom), axis=(0, 1)) + 1) > _MOST_TILES:
        zoom -= 1
    return zoom


def _mosaic(tiles: Tiles, zoom: int, box: tuple[int, int, int, int]) -> Image.Image | None:
    """The tiles from column and row to column and row as one picture, clear where there is none; None without any."""
    west, north, east, south = box
    places = [(x, y) for x in range(west, east + 1) for y in range(north, south + 1)]
    read = tile_source(tiles)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = list(pool.map(lambda at: read(zoom, *at), places))
    if not any(found):
        return None
    sheet = Image.new("RGBA", ((east - west + 1) * _SIDE, (south - north + 1) * _SIDE))
    for (x, y), data in zip(places, found, strict=True):
        if data:
            one = Image.open(BytesIO(data)).convert("RGBA").resize((_SIDE, _SIDE))
            sheet.paste(one, ((x - west) * _SIDE, (y - north) * _SIDE))
    return sheet


def _cells(nodes: Degrees, size: tuple[int, int]) -> Iterator[tuple[tuple[int, int, int, int], tuple[float, ...]]]:
    """Each cell of the picture (left, top, right, bottom) and the corners of what it shows, as Pillow wants them."""
    across = np.linspace(0, size[0], _MESH + 1).round().astype(int)
    down = np.linspace(0, size[1], _MESH + 1).round().astype(int)
    for row in range(_MESH):
        for column in range(_MESH):
            corners = nodes[[row, row + 1, row + 1, row], [column, column, column + 1, column + 1]]
            cell = (int(across[column]), int(down[row]), int(across[column + 1]), int(down[row + 1]))
            yield cell, tuple(float(value) for value in corners.ravel())
