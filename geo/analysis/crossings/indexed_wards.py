"""The wards of `crossings`: checked and indexed once, known again when their geometries come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geo.reference.checks import check_keys, checked
from geo.spatial.edge_index import EdgeIndex
from geo.spatial.edge_index_cache import cached_index, known_valid
from geo.spatial.same_shapes import SameShapes

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_HELD = 4
_POLYGONS = ("Polygon", "MultiPolygon")
_indexes: SameShapes[EdgeIndex] = SameShapes(_HELD)
"""By the geometries as they stand in the frame, in its coordinate system."""


def ward_index(wards: GeoDataFrame) -> EdgeIndex:
    """The index of wards for `crossings`: made once for a content, then in memory and on disk; errors as there.

    Codes and names are checked each time, geometries only if one is another object than in one of the last few frames
    (`geo.spatial.same_shapes` says why that is safe).
    """
    shapes, crs = _shapes(wards), getattr(wards, "crs", None)
    index = _indexes.find(shapes, crs) if shapes is not None else None
    if index is not None:
        check_keys(wards, "wards", key="code", columns=("name",))
        return index
    sound = checked(wards, "wards", key="code", columns=("name",), types=_POLYGONS, validity=known_valid)
    index = cached_index(np.asarray(sound.geometry, dtype=object))
    _indexes.put(np.asarray(wards.geometry, dtype=object), index, crs)
    return index


def _shapes(wards: GeoDataFrame) -> NDArray[np.object_] | None:
    """The geometries of a frame, if it has any: what it lacks, the checks say."""
    if getattr(wards, "_geometry_column_name", None) not in wards.columns:
        return None
    return np.asarray(wards.geometry, dtype=object)
