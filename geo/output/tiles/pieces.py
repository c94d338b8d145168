"""Tiles cut from layers: generalised for the zoom, clipped to the tile, moved to its grid, written as MVT or JSON.

Wards are generalised as a coverage: an edge that two wards share is one edge at every zoom, so that no gap and no
overlap opens between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from threading import Lock

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from geo.output.tiles.coverage_cache import simplified_coverage
from geo.output.tiles.grid import EXTENT, MOST_ZOOM, TileAddress, metres_a_pixel
from geo.output.tiles.layers import TileLayer, Value

_HALFWAY = 9
_PIXELS = 0.75
"""A generalised edge leaves out what is smaller than so many pixels."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What a tile shows of one row of a layer: its geometry on the tile's grid (x east, y south), and its facts."""

    row: int
    geometry: shapely.Geometry
    facts: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class _Plane:
    """A layer as it is at one zoom, with its index."""

    geometries: NDArray[np.object_]
    tree: shapely.STRtree


class VectorTiles:
    """The tiles of some layers. What a zoom needs is made when its first tile is requested. Safe between threads."""

    def __init__(self, layers: tuple[TileLayer, ...]) -> None:
        self.layers = layers
        self._planes: dict[tuple[int, int], _Plane] = {}
        self._locks = tuple(Lock() for _ in range(MOST_ZOOM + 1))

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of all layers in degrees (WGS 84)."""
        from pyproj import Transformer

        every = np.concatenate([layer.geometries for layer in self.layers])
        back = Transformer.from_crs(3857, 4326, always_xy=True)
        west, south, east, north = back.transform_bounds(*shapely.total_bounds(every))
        return west, south, east, north

    def mvt(self, at: TileAddress) -> bytes:
        """A tile as Mapbox Vector Tile (version 2), not compressed; b'' where it shows nothing."""
        import mapbox_vector_tile  # type: ignore[import-untyped]

        layers = [
            {
                "name": layer.name,
                "features": [
                    {"geometry": piece.geometry, "properties": dict(piece.facts), "id": piece.row + 1}
                    for piece in self.pieces(number, at)
                ],
            }
            for number, layer in enumerate(self.layers)
        ]
        shown = [layer for layer in layers if layer["features"]]
        if not shown:
            return b""
        options = {"extents": EXTENT, "y_coord_down": True}
        encoded: bytes = mapbox_vector_tile.encode(shown, default_options=options)
        return encoded

    def json(self, at: TileAddress) -> bytes:
        """A tile for a page: layer → [facts, lines], a line the x, y of its points on the tile's grid in one list.

        Of areas these are the rings; of points lists of one point.
        """
        layers = {
            layer.name: [[dict(piece.facts), _lines(piece.geometry)] for piece in self.pieces(number, at)]
            for number, layer in enumerate(self.layers)
        }
        return orjson.dumps({"extent": EXTENT, "layers": layers})

    def pieces(self, number: int, at: TileAddress) -> Iterator[Piece]:
        """What a tile shows of a layer, in the order of its rows."""
        layer = self.layers[number]
        if at.z < layer.least_zoom:
            return
        plane = self._plane(number, at.z)
        rows = np.sort(plane.tree.query(shapely.box(*at.reach)))
        clipped = shapely.clip_by_rect(plane.geometries[rows], *at.reach)
        scale = EXTENT / at.side

        def on_grid(xy: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.round((xy - at.corner) * (scale, -scale))

        for row, geometry in zip(rows.tolist(), shapely.transform(clipped, on_grid), strict=True):
            if not geometry.is_empty:
                yield Piece(row, geometry, layer.facts[row])

    def _plane(self, number: int, z: int) -> _Plane:
        with self._locks[z]:
            found = self._planes.get((number, z))
            if found is None:
                shapes = generalised(self._source(number, z), z)
                found = self._planes[number, z] = _Plane(shapes, shapely.STRtree(shapes))
            return found

    def _source(self, number: int, z: int) -> TileLayer:
        """What a zoom is made from: the layer, or for one far out what was made for a closer zoom, a sixth of it."""
        if z >= _HALFWAY or not self.layers[number].is_coverage:
            return self.layers[number]
        return replace(self.layers[number], geometries=self._plane(number, _HALFWAY).geometries)


def generalised(layer: TileLayer, z: int) -> NDArray[np.object_]:
    """The geometries of a layer (EPSG:3857) as a zoom shows them; as they are at the closest one."""
    if z >= MOST_ZOOM or not len(layer.geometries):
        return layer.geometries
    tolerance = _PIXELS * metres_a_pixel(z)
    if layer.is_coverage:
        return simplified_coverage(layer.geometries, tolerance)
    return np.asarray(shapely.simplify(layer.geometries, tolerance), dtype=object)


def _lines(geometry: shapely.Geometry) -> list[list[int]]:
    lines = []
    for part in shapely.get_parts(geometry):
        for line in shapely.get_rings(part) if part.geom_type == "Polygon" else [part]:
            xy = shapely.get_coordinates(line).astype(np.int64)
            moved = np.r_[True, np.any(np.diff(xy, axis=0) != 0, axis=1)]
            lines.append(xy[moved].ravel().tolist())
    return lines
