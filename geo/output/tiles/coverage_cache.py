"""Generalised coverages cached on disk by their content: a service that starts again shows a country at once.

A cache, nothing more: what is missing, damaged or not writable is made anew.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from pyarrow import feather

from geo import settings
from geo.files import place_beside
from geo.spatial.edge_index_cache import content_key

FORMAT = 1
"""Raised with every change of what is written, so that an older file is never read."""


def simplified_coverage(polygons: NDArray[np.object_], tolerance: float) -> NDArray[np.object_]:
    """`shapely.coverage_simplify`, from `DIABAN_CACHE_DIR` where the same was made before."""
    place = settings.cache_dir() / f"coverage-{FORMAT}-{content_key(polygons)}-{tolerance:.3f}.arrow"
    found = _read(place)
    if found is None or len(found) != len(polygons):
        found = np.asarray(shapely.coverage_simplify(polygons, tolerance), dtype=object)
        with suppress(OSError):
            _write(found, place)
    return found


def _read(place: Path) -> NDArray[np.object_] | None:
    try:
        table = feather.read_table(place)
        return np.asarray(shapely.from_wkb(table["wkb"].to_pylist()), dtype=object)
    except (OSError, KeyError, pa.ArrowInvalid, shapely.errors.GEOSException):
        return None


def _write(shapes: NDArray[np.object_], place: Path) -> None:
    with place_beside(place) as folder:
        beside = folder / place.name
        feather.write_feather(pa.table({"wkb": list(shapely.to_wkb(shapes))}), beside, compression="zstd")
        beside.replace(place)
