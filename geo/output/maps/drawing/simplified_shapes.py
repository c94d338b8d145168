"""Ward shapes and name places for the screen: lighter than the register, still without a gap between neighbours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.output.maps.drawing.drawing import Bounds, Mark
from geo.reference.crs import to_metric, to_wgs84

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

TOLERANCE_M = 10.0
"""Visvalingam tolerance of the shapes on the screen, in metres: about a pixel at zoom 14."""

Geometries = NDArray[np.object_]


def full_shapes(wards: GeoDataFrame) -> Geometries:
    """Ward shapes (WGS 84) as the register has them: for maps of a few wards, where a street's width counts."""
    return np.asarray(wards.geometry.array, dtype=object)


def close_shapes(shapes: Geometries, chosen: NDArray[np.bool_], province_code: str) -> Geometries:
    """Ward shapes (WGS 84) of which the `chosen` stay as they are, with every edge that another ward shares with them.

    The borders of the others among themselves are generalised to `TOLERANCE_M`, so that a page has room for streets.
    """
    found = shapes.copy()
    others = to_metric(shapes[~chosen], province_code)
    # The edge of what is simplified stays: that is where the chosen wards lie.
    simple = shapely.coverage_simplify(others, TOLERANCE_M, simplify_boundary=False)
    found[~chosen] = to_wgs84(simple, province_code)
    return found


def display_shapes(wards: GeoDataFrame) -> Geometries:
    """Ward shapes (WGS 84) generalised together to `TOLERANCE_M`, so that shared edges stay shared.

    Done in the province's VN-2000 zone; the result is for drawing, not for measuring.
    """
    return np.array(_display(_frozen(wards))[0], dtype=object)


def name_marks(wards: GeoDataFrame) -> tuple[Mark, ...]:
    """Where each ward's name stands: the centre of the largest circle inside it, with the circle's radius in metres."""
    return _display(_frozen(wards))[1]


def bounds_of(shapes: Geometries) -> Bounds:
    """West, south, east, north round all `shapes`; of an empty array the whole of Việt Nam's longitudes, roughly."""
    if not len(shapes):
        return (102.0, 8.0, 110.0, 24.0)
    west, south, east, north = shapely.total_bounds(shapes)
    return (float(west), float(south), float(east), float(north))


def padded(bounds: Bounds, margin_m: float) -> Bounds:
    """`bounds` with a margin of so many metres on every side, roughly (a degree of latitude is 110.6 km)."""
    west, south, east, north = bounds
    y = margin_m / 110_600
    x = y / math.cos(math.radians((south + north) / 2))
    return (west - x, south - y, east + x, north + y)


def widen(bounds: Bounds, share: float) -> Bounds:
    """`bounds` with a margin of `share` of their width and height on every side."""
    west, south, east, north = bounds
    x, y = (east - west) * share, (north - south) * share
    return (west - x, south - y, east + x, north + y)


_Frozen = tuple[str, tuple[str, ...], tuple[bytes, ...]]


def _frozen(wards: GeoDataFrame) -> _Frozen:
    shapes = shapely.to_wkb(np.asarray(wards.geometry.array, dtype=object))
    province = str(wards["province_code"].iloc[0]) if len(wards) else ""
    return province, tuple(map(str, wards["name"])), tuple(shapes)


def marks_within(shapes: Geometries, names: Sequence[str], view: Bounds, province_code: str) -> tuple[Mark | None, ...]:
    """As `name_marks`, for the parts of `shapes` inside `view`; None for a ward that the view does not reach."""
    inside = shapely.intersection(shapes, shapely.box(*view))
    seen = np.flatnonzero(shapely.area(inside) > 0)
    marks: list[Mark | None] = [None] * len(shapes)
    polygons = _largest(to_metric(inside[seen], province_code))
    for place, mark in zip(seen, _marks(polygons, [names[int(i)] for i in seen], province_code), strict=True):
        marks[int(place)] = mark
    return tuple(marks)


# A service draws the same wards all day: results are cached by content, not by frame.
@lru_cache(maxsize=8)
def _display(frozen: _Frozen) -> tuple[tuple[object, ...], tuple[Mark, ...]]:
    province, names, blobs = frozen
    if not blobs:
        return (), ()
    metric = to_metric(shapely.from_wkb(np.array(blobs, dtype=object)), province)
    simple = shapely.coverage_simplify(metric, TOLERANCE_M)
    return tuple(to_wgs84(simple, province)), _marks(_largest(simple), names, province)


def _marks(polygons: Geometries, names: Sequence[str], province: str) -> tuple[Mark, ...]:
    circles = shapely.maximum_inscribed_circle(polygons, tolerance=20.0)
    places = to_wgs84(shapely.get_point(circles, 0), province)
    return tuple(
        Mark(float(shapely.get_x(at)), float(shapely.get_y(at)), name, "ward", float(radius))
        for at, name, radius in zip(places, names, shapely.length(circles), strict=True)
    )


def _largest(shapes: Geometries) -> Geometries:
    parts, owner = shapely.get_parts(shapes, return_index=True)
    areal = shapely.get_dimensions(parts) == 2
    parts, owner = parts[areal], owner[areal]
    order = np.lexsort((shapely.area(parts), owner))
    last = np.flatnonzero(np.r_[np.diff(owner[order]) > 0, True])
    largest: Geometries = parts[order][last]
    return largest
