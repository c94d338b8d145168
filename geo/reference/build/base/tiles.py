"""The tiles of a base: cut, moved to the grid of a tile, written as Mapbox Vector Tiles into one PMTiles file."""

from __future__ import annotations

import gzip
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.files import place_beside
from geo.reference.base.table import LAYERS, BaseLayers, Table
from geo.reference.build.base.zooms import FIRST_ZOOM, LEAST_ZOOM, MOST_ZOOM, at_zoom

_HALF = math.pi * 6378137.0
EXTENT = 4096
"""Steps within a tile: 0.6 m at zoom 14."""
_CLOSE = 12
_BUFFER = 80
"""Steps by which shapes reach into the next tile, so that no seam is seen."""


@dataclass(frozen=True, slots=True)
class Address:
    """A tile: zoom, column from the west, row from the north."""

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


def write_base(ground: BaseLayers, file: Path, *, name: str, attribution: str, day: str) -> int:
    """Write a ground (EPSG:3857) as one file, whole or not at all; how many tiles it has. Same ground, same bytes."""
    from pmtiles.tile import Compression, TileType, zxy_to_tileid
    from pmtiles.writer import Writer

    found = sorted((zxy_to_tileid(at.z, at.x, at.y), data) for at, data in _tiles(ground))
    with place_beside(file) as folder:
        beside = folder / file.name
        with beside.open("wb") as target:
            writer = Writer(target)  # type: ignore[no-untyped-call]
            for number, data in found:
                writer.write_tile(number, data)  # type: ignore[no-untyped-call]
            head = _header(ground) | {"tile_type": TileType.MVT, "tile_compression": Compression.GZIP}
            writer.finalize(head, _about(name, attribution, day))  # type: ignore[no-untyped-call]
        beside.replace(file)
    return len(found)


def _header(ground: BaseLayers) -> dict[str, Any]:
    # The streets say where the base is of use: the sea may reach further.
    west, south, east, north = (
        round(edge * 1e7) for edge in _degrees(shapely.total_bounds(ground["streets"].geometries))
    )
    return {
        "min_zoom": LEAST_ZOOM, "max_zoom": MOST_ZOOM,
        "min_lon_e7": west, "min_lat_e7": south, "max_lon_e7": east, "max_lat_e7": north,
        "center_zoom": 11, "center_lon_e7": (west + east) // 2, "center_lat_e7": (south + north) // 2,
    }  # fmt: skip


def _about(name: str, attribution: str, day: str) -> dict[str, Any]:
    fields = {"kind": "String", "name": "String"}
    layers = [
        {"id": layer, "minzoom": min(FIRST_ZOOM[layer].values()), "maxzoom": MOST_ZOOM, "fields": fields}
        for layer in LAYERS
    ]
    return {"name": name, "attribution": attribution, "data_day": day, "vector_layers": layers}


def _degrees(box: NDArray[np.float64]) -> tuple[float, float, float, float]:
    west, south, east, north = box.tolist()

    def lat(y: float) -> float:
        return math.degrees(math.atan(math.sinh(y / 6378137.0)))

    return west / _HALF * 180, lat(south), east / _HALF * 180, lat(north)


def _tiles(ground: BaseLayers) -> Iterator[tuple[Address, bytes]]:
    for zoom in range(LEAST_ZOOM, MOST_ZOOM + 1):
        planes = [(name, rows) for name, rows in at_zoom(ground, zoom).items() if len(rows)]
        bounds = _bounds(ground, zoom)
        parts: dict[Address, list[tuple[str, Table]]] = {}
        for name, rows in sorted(planes, key=lambda plane: LAYERS.index(plane[0])):
            for at, piece in _cut(rows, zoom, bounds):
                parts.setdefault(at, []).append((name, piece))
        for at, layers in sorted(parts.items(), key=lambda part: (part[0].x, part[0].y)):
            yield at, gzip.compress(_encoded(layers), 9, mtime=0)


def _bounds(ground: BaseLayers, zoom: int) -> NDArray[np.float64]:
    """Where a zoom has tiles: everywhere while they are few, where there are streets when they are many."""
    shown = ground.values() if zoom < _CLOSE else (ground["streets"],)
    boxes = np.array([shapely.total_bounds(rows.geometries) for rows in shown if len(rows)])
    return np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])


def _cut(rows: Table, zoom: int, bounds: NDArray[np.float64]) -> Iterator[tuple[Address, Table]]:
    """The rows of each tile within `bounds` that has any, on its grid."""
    tree = shapely.STRtree(rows.geometries)
    reach = _BUFFER if shapely.get_dimensions(rows.geometries[0]) else 0
    for at in _over(bounds, zoom):
        (west, north), side, more = at.corner, at.side, at.side * reach / EXTENT
        box = (west - more, north - side - more, west + side + more, north + more)
        here = np.sort(tree.query(shapely.box(*box)))
        if not len(here):
            continue
        clipped = shapely.clip_by_rect(rows.geometries[here], *box)
        piece = rows.take(here).moved(_on_grid(clipped, at))
        if len(piece):
            yield at, piece


def _over(bounds: NDArray[np.float64], zoom: int) -> Iterator[Address]:
    side, last = 2 * _HALF / (1 << zoom), (1 << zoom) - 1
    west, south, east, north = bounds.tolist()
    columns = range(max(0, int((west + _HALF) / side)), min(last, int((east + _HALF) / side)) + 1)
    rows = range(max(0, int((_HALF - north) / side)), min(last, int((_HALF - south) / side)) + 1)
    return (Address(zoom, x, y) for x in columns for y in rows)


def _on_grid(shapes: NDArray[np.object_], at: Address) -> NDArray[np.object_]:
    scale = EXTENT / at.side
    moved: NDArray[np.object_] = shapely.transform(shapes, lambda xy: np.round((xy - at.corner) * (scale, -scale)))
    flat = shapely.get_dimensions(moved) == 2
    moved[flat] = shapely.make_valid(moved[flat], method="structure", keep_collapsed=False)
    return moved


def _encoded(layers: list[tuple[str, Table]]) -> bytes:
    import mapbox_vector_tile  # type: ignore[import-untyped]

    made = [{"name": name, "features": list(_features(rows))} for name, rows in layers]
    options = {"extents": EXTENT, "y_coord_down": True}
    data: bytes = mapbox_vector_tile.encode(made, default_options=options)
    return data


def _features(rows: Table) -> Iterator[dict[str, Any]]:
    """The shapes of one kind and name as one feature: a tile says each name once."""
    groups: dict[tuple[str, str, int], list[shapely.Geometry]] = {}
    for shape, kind, name in zip(rows.geometries, rows.kind, rows.name, strict=True):
        for part in shapely.get_parts(shape):
            dimension = int(shapely.get_dimensions(part))
            groups.setdefault((str(kind), str(name), dimension), []).append(part)
    makers: dict[int, Callable[..., Any]] = {
        0: shapely.multipoints,
        1: shapely.multilinestrings,
        2: shapely.multipolygons,
    }
    for (kind, name, dimension), parts in groups.items():
        facts = {"kind": kind, "name": name} if name else {"kind": kind}
        yield {"geometry": makers[dimension](parts), "properties": facts}
