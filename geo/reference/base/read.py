"""Shapes of a base: what its tiles hold within a box, layer by layer, in degrees."""

from __future__ import annotations

import gzip
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape

from geo.cache import Cache
from geo.reference.base.archive import Base
from geo.reference.base.table import LAYERS, BaseLayers, Table, joined, table

Box = tuple[float, float, float, float]
_TILES: Cache[tuple[str, str, int, int, int], BaseLayers] = Cache(64)


def rows_within(base: Base, box: Box, zoom: int) -> BaseLayers:
    """The rows of each layer in the tiles of a zoom that meet `box` (west, south, east, north; degrees WGS 84).

    Shapes end a little beyond the edge of their tile: what goes on in the next tile is another row. A zoom that the
    base has not is the nearest that it has.
    """
    zoom = min(base.most_zoom, max(base.least_zoom, zoom))
    parts: dict[str, list[Table]] = {}
    for x, y in tiles_over(box, zoom):
        for name, rows in _tile(base, zoom, x, y).items():
            parts.setdefault(name, []).append(rows)
    return {name: joined(*parts[name]) for name in LAYERS if name in parts}


def _tile(base: Base, zoom: int, x: int, y: int) -> BaseLayers:
    """The rows of a tile, those used last from memory: the maps of a city's sites lie on the same tiles."""

    def read() -> BaseLayers:
        data = base.read(zoom, x, y)
        return {} if data is None else decoded(data, zoom, x, y)

    return _TILES.get((str(base.path), base.stamp, zoom, x, y), read)


def decoded(data: bytes, zoom: int, x: int, y: int) -> BaseLayers:
    """The rows of one tile, as the file has it (gzipped), in degrees WGS 84."""
    import mapbox_vector_tile  # type: ignore[import-untyped]

    layers: dict[str, Any] = mapbox_vector_tile.decode(gzip.decompress(data), default_options={"y_coord_down": True})
    return {name: _rows(layer, zoom, x, y) for name, layer in layers.items()}


def tiles_over(box: Box, zoom: int) -> Iterator[tuple[int, int]]:
    """Columns and rows of the tiles of a zoom that meet a box in degrees."""
    west, north = tile_at(box[0], box[3], zoom)
    east, south = tile_at(box[2], box[1], zoom)
    return ((x, y) for x in range(west, east + 1) for y in range(north, south + 1))


def tile_at(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    """Column and row of the tile (XYZ, Web Mercator) that a point lies in."""
    size, sine = 1 << zoom, math.sin(math.radians(max(-85.0, min(85.0, lat))))
    x = (lon + 180) / 360 * size
    y = (0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)) * size
    return min(size - 1, max(0, int(x))), min(size - 1, max(0, int(y)))


def _rows(layer: dict[str, Any], zoom: int, x: int, y: int) -> Table:
    size, steps = 1 << zoom, int(layer["extent"])

    def degrees(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        column, row = (x + xy[:, 0] / steps) / size, (y + xy[:, 1] / steps) / size
        return np.column_stack([column * 360 - 180, np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * row))))])

    features = layer["features"]
    facts = [feature["properties"] for feature in features]
    shapes = np.array([shape(feature["geometry"]) for feature in features], dtype=object)
    return table(shapely.transform(shapes, degrees), [f["kind"] for f in facts], [f.get("name", "") for f in facts])
