"""The wards of many cities as one layer, of which the outlines of a city are read where a tile shows them as they are.

What is generalised is made city by city, each with the wards beside it, so that the country is never in memory at once:
what is left of an edge follows from the two wards that share it and from those that meet at its ends. Cities of other
sources share no edge, and are no coverage together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.output.tiles.coverage_cache import Made, StoredShapes, stored_coverage
from geo.output.tiles.layers import Facts, Rows, Shapes, on_grid

_NEAR_M, _NEAR_DEGREES = 100.0, 0.001
"""Wards whose boxes come this near may share an edge."""


@dataclass(frozen=True)
class CityWards:
    """The wards of one city: `key` names their content, `source` those with which they share edges, `bounds` are
    degrees, `read` gives the outlines (WGS 84)."""

    key: str
    source: str
    count: int
    bounds: tuple[float, float, float, float]
    read: Callable[[], Shapes]


@dataclass(frozen=True)
class PartedWards:
    """A layer of wards (`geo.output.tiles.layers.TileLayer`), city by city; `halfway`: the tolerance in metres at which
    all are stored in any case."""

    parts: tuple[CityWards, ...]
    facts: tuple[Facts, ...]
    halfway: float
    name: str = "wards"
    least_zoom: int = 0
    is_coverage: bool = True

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """As `TileLayer.bounds`."""
        west, south, east, north = np.array([part.bounds for part in self.parts]).T
        return float(west.min()), float(south.min()), float(east.max()), float(north.max())

    @cached_property
    def _first(self) -> NDArray[np.int64]:
        """The first row of each city, and the number of all."""
        return np.cumsum([0, *(part.count for part in self.parts)])

    @cached_property
    def _key(self) -> str:
        return hashlib.blake2b(repr([part.key for part in self.parts]).encode(), digest_size=12).hexdigest()

    def on_grid(self, rows: Rows | None = None) -> Shapes:
        """As `TileLayer.on_grid`; reads the cities that have some of the rows."""
        wanted = np.arange(self._first[-1]) if rows is None else rows
        city = np.searchsorted(self._first, wanted, side="right") - 1
        found = np.empty(len(wanted), dtype=object)
        for number in np.unique(city).tolist():
            own = city == number
            found[own] = shapely.transform(self.parts[number].read()[wanted[own] - self._first[number]], on_grid)
        return found

    def boxes(self) -> Shapes:
        """As `TileLayer.boxes`, as they were when the wards were generalised: no outline is read."""
        return self.generalised(self.halfway, self.halfway).source_boxes

    def generalised(self, tolerance: float, halfway: float) -> StoredShapes:
        """As `TileLayer.generalised`."""

        def make() -> Made:
            if tolerance > halfway:
                return self._coarser(tolerance, self.generalised(halfway, halfway))
            made = [self._made(number, tolerance) for number in range(len(self.parts))]
            shapes, bounds = zip(*made, strict=True)
            return np.concatenate(shapes), np.concatenate(bounds)

        return stored_coverage(self._key, int(self._first[-1]), tolerance, make)

    def _coarser(self, tolerance: float, closer: StoredShapes) -> Made:
        """All wards at once, of what was generalised before: a tenth of the vertices."""
        shapes = closer.take(np.arange(len(closer)))
        bounds = shapely.bounds(shapes)
        sources = np.repeat([part.source for part in self.parts], [part.count for part in self.parts])
        for one in np.unique(sources):
            shapes[sources == one] = shapely.coverage_simplify(shapes[sources == one], tolerance)
        return shapes, bounds

    def _made(self, number: int, tolerance: float) -> Made:
        """The wards of one city, generalised with those beside it."""
        own = self._rows_of(number)
        shapes = self.on_grid(own)
        near = np.concatenate([shapes, *(self.on_grid(self._rows_of(other)) for other in self._beside(number))])
        boxes = np.asarray(shapely.box(*shapely.bounds(near).T), dtype=object)
        close = np.unique(shapely.STRtree(boxes[: len(own)]).query(boxes, predicate="dwithin", distance=_NEAR_M)[0])
        generalised = shapely.coverage_simplify(near[close], tolerance)  # the own ones come first
        return np.asarray(generalised[: len(own)], dtype=object), shapely.bounds(shapes)

    def _rows_of(self, number: int) -> Rows:
        return np.arange(self._first[number], self._first[number + 1])

    def _beside(self, number: int) -> Iterator[int]:
        own = self.parts[number]
        west, south, east, north = own.bounds
        for other, part in enumerate(self.parts):
            w, s, e, n = part.bounds
            apart = max(w - east, west - e, s - north, south - n)
            if other != number and part.source == own.source and apart <= _NEAR_DEGREES:
                yield other
