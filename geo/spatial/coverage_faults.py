"""Where polygons that should be a coverage are none: gaps between them, and overlaps, each with its place and size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.spatial.measure import Floats, Measure

Ints = NDArray[np.intp]
Geometries = NDArray[np.object_]

LEAST_M2 = 0.01
"""Smaller gaps and overlaps are rounding: coordinates are written to 1 cm."""
SLIT_M = 10.0
"""A gap that is open to the outside is found where it is at most so wide, unless a wider one is asked for,"""
_SLIT_RATIO = 20.0
"""and so many times as long: two polygons meet in a sharp corner at the outside of every coverage."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One gap or overlap: its `shape` (a polygon), `area_m2`, and rows of the polygons around it, or that overlap.

    `is_open`: a gap that is a slit open to the outside, no hole.
    """

    kind: Literal["gap", "overlap"]
    shape: shapely.Polygon
    area_m2: float
    members: tuple[int, ...]
    is_open: bool = False

    @property
    def at(self) -> tuple[float, float]:
        """A point inside (x, y)."""
        point = shapely.point_on_surface(self.shape)
        return float(point.x), float(point.y)

    def within(self, width_m: float, measure: Measure) -> bool:
        """Whether it is nowhere wider than so many metres."""
        return bool(shapely.is_empty(shapely.buffer(in_metres(self.shape, measure), -0.5 * width_m)))


def faults(polygons: Geometries, measure: Measure, slit_m: float = SLIT_M) -> tuple[Fault, ...]:
    """All gaps and overlaps of `LEAST_M2` or more, the largest first.

    A gap is what polygons enclose, also one alone (a hole), or a slit between two that is open to the outside and at
    most `slit_m` metres wide.
    """
    odd = invalid(polygons)
    tree = shapely.STRtree(polygons)
    found = [*_overlaps(polygons, odd, tree, measure), *_gaps(polygons, odd, tree, measure, slit_m)]
    return tuple(sorted(found, key=lambda fault: -fault.area_m2))


def overlaps(polygons: Geometries, measure: Measure) -> tuple[Fault, ...]:
    """The overlaps alone."""
    return tuple(_overlaps(polygons, invalid(polygons), shapely.STRtree(polygons), measure))


def invalid(polygons: Geometries) -> Ints:
    """Rows of the polygons whose edges do not match those of their neighbours, vertex by vertex."""
    return np.flatnonzero(~shapely.is_empty(shapely.coverage_invalid_edges(polygons)))


def in_metres(shapes: Geometries | shapely.Geometry, measure: Measure) -> Geometries | shapely.Geometry:
    """Shapes in a plane of metres that is true in their middle: enough for widths, not for positions."""
    scale = plane_scale(shapes, measure)
    return shapely.transform(shapes, lambda xy: xy * scale)


def plane_scale(shapes: Geometries | shapely.Geometry, measure: Measure) -> Floats:
    """Metres per unit of x and of y in the middle of shapes."""
    _, south, _, north = shapely.total_bounds(np.atleast_1d(np.asarray(shapes, dtype=object)))
    scale: Floats = measure.scale(np.array([0.5 * (south + north)]))[0]
    return scale


def polygon_parts(shapes: Geometries | shapely.Geometry) -> tuple[Geometries, Ints]:
    """The polygons in shapes, without the lines and points in which areas touch, and the row of each."""
    rows = np.atleast_1d(np.asarray(shapes, dtype=object))
    parts, row = shapely.get_parts(rows, return_index=True)
    inner, again = shapely.get_parts(parts, return_index=True)  # a collection may hold a multi-polygon
    flat = shapely.get_dimensions(inner) == 2
    return inner[flat], row[again[flat]]


def _overlaps(polygons: Geometries, odd: Ints, tree: shapely.STRtree, measure: Measure) -> list[Fault]:
    one, other = tree.query(polygons[odd], predicate="intersects")
    one = odd[one]
    # A pair of two that do not match comes twice, one with a polygon that matches elsewhere comes once.
    once = (one < other) | (~np.isin(other, odd) & (one != other))
    one, other = one[once], other[once]
    parts, pair = polygon_parts(shapely.intersection(polygons[one], polygons[other]))
    area = measure.areas(parts)
    return [
        Fault("overlap", parts[row], float(area[row]), tuple(sorted((int(one[pair[row]]), int(other[pair[row]])))))
        for row in np.flatnonzero(area >= LEAST_M2)
    ]


def _gaps(polygons: Geometries, odd: Ints, tree: shapely.STRtree, measure: Measure, slit_m: float) -> list[Fault]:
    closed = _bounded(_enclosed(polygons, odd, tree, measure), tree, measure)
    return closed + _bounded(_slits(polygons, measure, slit_m), tree, measure, is_open=True)


def _enclosed(polygons: Geometries, odd: Ints, tree: shapely.STRtree, measure: Measure) -> Geometries:
    """What polygons enclose and none of them covers: faces of their borders, without the polygons in them.

    Borders between polygons that match bound no gap and are left out, so few lines are cut where they meet.
    """
    matching = shapely.get_parts(shapely.coverage_union_all(np.delete(polygons, odd)))
    lines = shapely.boundary(np.concatenate([polygons[odd], matching]))
    # On a grid of a tenth of a millimetre: without one, neighbours that almost match lose up to square metres.
    grid = 1e-4 / float(plane_scale(polygons, measure).max())
    faces: Geometries = shapely.get_parts(shapely.polygonize([shapely.union_all(lines, grid_size=grid)]))
    covered = tree.query(shapely.point_on_surface(faces), predicate="intersects")[0]
    return np.delete(faces, np.unique(covered))


def _bounded(shapes: Geometries, tree: shapely.STRtree, measure: Measure, *, is_open: bool = False) -> list[Fault]:
    """Gaps of these shapes, with the polygons around each; a slit lies between two at least."""
    area = measure.areas(shapes)
    real = np.flatnonzero(area >= LEAST_M2)
    gap, polygon = tree.query(shapes[real], predicate="dwithin", distance=1e-9)
    around = [tuple(sorted(polygon[gap == number].tolist())) for number in range(real.size)]
    return [
        Fault("gap", shapes[row], float(area[row]), members, is_open)
        for row, members in zip(real, around, strict=True)
        if len(members) > is_open
    ]


def _slits(polygons: Geometries, measure: Measure, slit_m: float) -> Geometries:
    """Long narrow shapes between polygons that are open to the outside."""
    scale = plane_scale(polygons, measure)
    flat = np.asarray(shapely.transform(polygons, lambda xy: xy * scale), dtype=object)
    beside = np.flatnonzero(~shapely.is_empty(shapely.coverage_invalid_edges(flat, slit_m)))
    if not beside.size:
        return beside.astype(object)
    # With their neighbours: what these fill is no slit.
    near = np.unique(shapely.STRtree(flat).query(flat[beside], predicate="dwithin", distance=slit_m)[1])
    filled = [shapely.polygons(shapely.get_exterior_ring(part)) for part in _parts_of_union(flat[near])]
    union = shapely.union_all(filled)
    shut = shapely.buffer(shapely.buffer(union, 0.5 * slit_m, join_style="mitre"), -0.5 * slit_m, join_style="mitre")
    left, _ = polygon_parts(shapely.difference(shut, union))
    left = left[shapely.length(left) ** 2 >= 4.0 * _SLIT_RATIO * shapely.area(left)]
    left = left[_uncovered(left, flat)]
    return np.asarray(shapely.transform(left, lambda xy: xy / scale), dtype=object)


def _uncovered(shapes: Geometries, polygons: Geometries) -> NDArray[np.bool_]:
    """Which shapes lie in no polygon for the most part."""
    shape, polygon = shapely.STRtree(polygons).query(shapes, predicate="intersects")
    covered = np.bincount(
        shape, weights=shapely.area(shapely.intersection(shapes[shape], polygons[polygon])), minlength=len(shapes)
    )
    free: NDArray[np.bool_] = covered < 0.5 * shapely.area(shapes)
    return free


def _parts_of_union(polygons: Geometries) -> Geometries:
    parts: Geometries = shapely.get_parts(shapely.union_all(polygons))
    return parts
