"""Tiles cut from layers: generalised for the zoom, clipped to the tile, moved to its grid, written as MVT or JSON.

Wards are generalised as a coverage: an edge that two wards share is one edge at every zoom, so that no gap and no
overlap opens between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from geo.output.tiles.coverage_cache import StoredShapes
from geo.output.tiles.grid import EXTENT, MOST_ZOOM, TileAddress, metres_a_pixel
from geo.output.tiles.layers import Rows, TileLayer, Value

_PIXELS = 0.75
"""A generalised edge leaves out what is smaller than so many pixels."""
HALFWAY_M = _PIXELS * metres_a_pixel(9)
"""What is coarser than this is made of what was made for this."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What a tile shows of one row of a layer: its geometry on the tile's grid (x east, y south), and its facts."""

    row: int
    geometry: shapely.Geometry
    facts: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class _Plane:
    """A layer as it is at one zoom (EPSG:3857): `take` makes the geometries of some rows, `tree` indexes their
    boxes."""

    take: Callable[[Rows], NDArray[np.object_]]
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
        west, south, east, north = np.array([layer.bounds for layer in self.layers]).T
        return *np.nanmin([west, south], axis=1).tolist(), *np.nanmax([east, north], axis=1).tolist()

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
        clipped = shapely.clip_by_rect(plane.take(rows), *at.reach)
        scale = EXTENT / at.side

        def on_tile(xy: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.round((xy - at.corner) * (scale, -scale))

        for row, geometry in zip(rows.tolist(), shapely.transform(clipped, on_tile), strict=True):
            if not geometry.is_empty:
                yield Piece(row, geometry, layer.facts[row])

    def _plane(self, number: int, z: int) -> _Plane:
        with self._locks[z]:
            found = self._planes.get((number, z))
            if found is None:
                found = self._planes[number, z] = self._made(self.layers[number], z)
            return found

    def _made(self, layer: TileLayer, z: int) -> _Plane:
        if z >= MOST_ZOOM or not len(layer.facts):  # as they are: only those that a tile shows are moved
            return _Plane(layer.on_grid, shapely.STRtree(layer.boxes()))
        if layer.is_coverage:
            stored = generalised_coverage(layer, z)
            return _Plane(stored.take, shapely.STRtree(stored.boxes))
        shapes = np.asarray(shapely.simplify(layer.on_grid(), _tolerance(z)), dtype=object)
        return _Plane(shapes.__getitem__, shapely.STRtree(shapes))


def _tolerance(z: int) -> float:
    return _PIXELS * metres_a_pixel(z)


def generalised_coverage(layer: TileLayer, z: int) -> StoredShapes:
    """The areas of a layer (EPSG:3857) as a zoom shows them: neighbours have common edges as before.

    A zoom far out is made from what was made for a closer one, a sixth of the layer.
    """

    return layer.generalised(_tolerance(z), HALFWAY_M)


def _lines(geometry: shapely.Geometry) -> list[list[int]]:
    lines = []
    for part in shapely.get_parts(geometry):
        for line in shapely.get_rings(part) if part.geom_type == "Polygon" else [part]:
            xy = shapely.get_coordinates(line).astype(np.int64)
            moved = np.r_[True, np.any(np.diff(xy, axis=0) != 0, axis=1)]
            lines.append(xy[moved].ravel().tolist())
    return lines
