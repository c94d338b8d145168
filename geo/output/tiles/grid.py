"""The grid of tiles: Web Mercator (EPSG:3857), columns and rows counted from the north-west (XYZ)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from geo.errors import InputError, Problem

MOST_ZOOM = 14
"""Closer than this, clients enlarge the tiles of this zoom: a step of their grid is 0.6 m there."""
EXTENT = 4096
"""Steps of the grid within a tile, in each direction."""
BUFFER = 64
"""Steps by which the shapes of a tile reach into its neighbours, so that no seam is seen."""
_HALF = math.pi * 6378137.0
"""Half of the side of the world in metres of EPSG:3857."""


@dataclass(frozen=True, slots=True)
class TileAddress:
    """A tile that exists: zoom, column from the west, row from the north."""

    z: int
    x: int
    y: int

    @property
    def side(self) -> float:
        """Side in metres of EPSG:3857."""
        return 2 * _HALF / (1 << self.z)

    @property
    def corner(self) -> tuple[float, float]:
        """North-west corner, metres of EPSG:3857."""
        return -_HALF + self.x * self.side, _HALF - self.y * self.side

    @property
    def reach(self) -> tuple[float, float, float, float]:
        """West, south, east, north of what is drawn, metres of EPSG:3857: the tile and its buffer."""
        (west, north), side, more = self.corner, self.side, self.side * BUFFER / EXTENT
        return west - more, north - side - more, west + side + more, north + more


def tile_address(z: int, x: int, y: int) -> TileAddress:
    """The tile of these numbers.

    Raises
    ------
    InputError
        There is no such tile: the zoom is none of 0 to `MOST_ZOOM`, or x or y lie beyond its grid.
    """
    if not 0 <= z <= MOST_ZOOM:
        raise InputError(Problem("output.no-such-zoom", "z", zoom=z, most=MOST_ZOOM))
    wrong = [(name, value) for name, value in (("x", x), ("y", y)) if not 0 <= value < 1 << z]
    if wrong:
        last = (1 << z) - 1
        raise InputError(
            [Problem("output.outside-grid", name, value=value, last=last, zoom=z) for name, value in wrong]
        )
    return TileAddress(z, x, y)


def tiles_over(z: int, west: float, south: float, east: float, north: float) -> tuple[range, range]:
    """Columns and rows of the tiles of a zoom that meet a box in degrees (WGS 84)."""
    last = (1 << z) - 1

    def column(lon: float) -> int:
        return min(last, max(0, int((lon + 180) / 360 * (1 << z))))

    def row(lat: float) -> int:
        part = (1 - math.asinh(math.tan(math.radians(max(-85.05, min(85.05, lat))))) / math.pi) / 2
        return min(last, max(0, int(part * (1 << z))))

    return range(column(west), column(east) + 1), range(row(north), row(south) + 1)


def metres_a_pixel(z: int) -> float:
    """Side of a pixel (256 to a tile) in metres of EPSG:3857 at a zoom."""
    return 2 * _HALF / (1 << z) / 256
