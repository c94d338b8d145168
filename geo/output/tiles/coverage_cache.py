"""Generalised coverages cached on disk by their content: a service that starts again shows a country at once.

A cache, nothing more: what is missing, damaged or not writable is made anew.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from pyarrow import feather

from geo import settings
from geo.files import place_beside
from geo.spatial.edge_index_cache import content_key

FORMAT = 3
"""Raised with every change of what is written, so that an older file is never read."""
Shapes = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class StoredShapes:
    """Geometries of which those that are asked for are made: they lie in the file, which all workers share."""

    table: pa.Table

    @property
    def boxes(self) -> Shapes:
        """The box around each."""
        return self._boxes(_BOUNDS)

    @property
    def source_boxes(self) -> Shapes:
        """The box around each of those that they were made of."""
        return self._boxes(_SOURCE_BOUNDS)

    def _boxes(self, names: tuple[str, ...]) -> Shapes:
        return np.asarray(shapely.box(*(self.table[name].to_numpy() for name in names)), dtype=object)

    def take(self, rows: NDArray[np.int64]) -> Shapes:
        """The geometries of some rows."""
        return np.asarray(shapely.from_wkb(self.table["wkb"].take(rows).to_pylist()), dtype=object)

    def __len__(self) -> int:
        return len(self.table)


_BOUNDS = ("west", "south", "east", "north")
_SOURCE_BOUNDS = tuple(f"source_{name}" for name in _BOUNDS)

Made = tuple[Shapes, NDArray[np.float64]]
"""Generalised shapes, and the bounds of those that they were made of (n, 4)."""


def simplified_coverage(polygons: Shapes, tolerance: float, source: Callable[[], Shapes]) -> StoredShapes:
    """`shapely.coverage_simplify` of what `source` makes of the polygons, from `DIABAN_CACHE_DIR` where it was made
    before; it is called only where it was not."""

    def make() -> Made:
        shapes = source()
        return np.asarray(shapely.coverage_simplify(shapes, tolerance), dtype=object), shapely.bounds(shapes)

    return stored_coverage(content_key(polygons), len(polygons), tolerance, make)


def stored_coverage(key: str, count: int, tolerance: float, make: Callable[[], Made]) -> StoredShapes:
    """The generalised shapes that a key names, so many, from `DIABAN_CACHE_DIR`; what `make` returns where there are
    none yet."""
    place = settings.cache_dir() / f"coverage-{FORMAT}-{key}-{tolerance:.3f}.arrow"
    found = _read(place)
    if found is None or len(found) != count:
        found = _stored(*make())
        with suppress(OSError):
            _write(found, place)
            found = _read(place) or found
    return found


def _stored(shapes: Shapes, source: NDArray[np.float64]) -> StoredShapes:
    bounds = dict(zip((*_BOUNDS, *_SOURCE_BOUNDS), (*shapely.bounds(shapes).T, *source.T), strict=True))
    return StoredShapes(pa.table({"wkb": list(shapely.to_wkb(shapes)), **bounds}))


def _read(place: Path) -> StoredShapes | None:
    """What a file holds, mapped into memory; not compressed, so that nothing of it is read that is not asked for."""
    try:
        found = StoredShapes(feather.read_table(place, memory_map=True))
        shapely.from_wkb(found.table["wkb"][0].as_py()) if len(found) else None
        _ = found.boxes, found.source_boxes
    except (OSError, KeyError, TypeError, ValueError, pa.ArrowInvalid, shapely.errors.GEOSException):
        return None
    return found


def _write(found: StoredShapes, place: Path) -> None:
    with place_beside(place) as folder:
        beside = folder / place.name
        feather.write_feather(found.table, beside, compression="uncompressed")
        beside.replace(place)
