"""Areas and points against wards: every square metre and every point has one ward, or lies in none."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.analysis.crossings.borders import pairs_once
from geo.analysis.crossings.neighbours import near_points, near_shapes
from geo.spatial.edge_index import EdgeIndex
from geo.spatial.lookup import OUTSIDE
from geo.spatial.measure import Floats, Measure
from geo.spatial.ragged import Ragged, ragged

Ints = NDArray[np.intp]
Geometries = NDArray[np.object_]

_SHOWN_M2 = 0.05
"""A smaller part of an area is none, in a ward or outside all: it is written as 0.0 m²,"""
_SHOWN_SHARE = 0.01
"""unless the area itself is as small."""


class Parts(NamedTuple):
    """Parts of sites without chainage: rows of the `site` and of the `ward` (`OUTSIDE` for none), by site, what lies in
    no ward last; `area_m2` (0 for points), `share` of the site, `beside`: rows of the other wards within `BORDER_M`."""

    site: Ints
    ward: Ints
    area_m2: Floats
    share: Floats
    beside: Ragged
    geometry: Geometries


def cross_areas(areas: Geometries, index: EdgeIndex, measure: Measure) -> Parts:
    """Polygons divided by wards; where wards overlap, the first one has what both claim, as with lines."""
    area, ward = index.lookup.tree.query(areas, predicate="intersects")
    order = np.lexsort((ward, area))
    area, ward = area[order], ward[order]
    part = _polygons(shapely.intersection(areas[area], index.lookup.polygons[ward]))
    part = _claimed_once(area, part, index)
    rest = _polygons(_without(areas, area, part))
    metres, left = measure.areas(part), measure.areas(rest)
    whole = measure.areas(areas)
    least = np.minimum(_SHOWN_M2, _SHOWN_SHARE * whole)
    real, out = np.flatnonzero(metres > least[area]), np.flatnonzero(left > least)
    site = np.concatenate([area[real], out])
    order = np.argsort(site, kind="stable")
    site = site[order]
    own = np.concatenate([ward[real], np.full(out.size, OUTSIDE)])[order].astype(np.intp)
    size = np.concatenate([metres[real], left[out]])[order]
    shape = np.concatenate([part[real], rest[out]])[order]
    return Parts(site, own, size, size / whole[site], _beside(*near_shapes(shape, index, measure), own), shape)


def cross_points(points: Geometries, index: EdgeIndex, measure: Measure) -> Parts:
    """Points by ward; the share of a ward is its part of the points of a site."""
    xy, point = shapely.get_coordinates(points, return_index=True)
    row = index.lookup.rows(xy[:, 0], xy[:, 1]).astype(np.intp)
    # What lies in no ward comes last: it sorts behind every ward.
    last = np.where(row == OUTSIDE, len(index.lookup.polygons), row)
    pairs, group = np.unique(np.stack([point, last], axis=1), axis=0, return_inverse=True)
    group = group.ravel()
    ward = np.where(pairs[:, 1] == len(index.lookup.polygons), OUTSIDE, pairs[:, 1]).astype(np.intp)
    size, count = np.bincount(point, minlength=len(points)), np.bincount(group, minlength=len(pairs))
    near = near_points(xy, index, measure)
    beside = _beside(*pairs_once(group[near.point], near.ward), ward)
    nothing, site = np.zeros(len(pairs)), pairs[:, 0].astype(np.intp)
    return Parts(site, ward, nothing, count / size[site], beside, _together(xy, group, count))


def _together(xy: Floats, group: Ints, count: Ints) -> Geometries:
    """A point for each group, or a multi-point of several."""
    members = np.asarray(shapely.points(xy[np.argsort(group, kind="stable")]), dtype=object)
    begin = np.cumsum(count) - count
    part = np.empty(count.size, dtype=object)
    single = count == 1
    part[single] = members[begin[single]]
    for number in np.flatnonzero(~single):
        part[number] = shapely.multipoints(members[begin[number] : begin[number] + count[number]])
    return part


def _beside(row: Ints, near: Ints, own: Ints) -> Ragged:
    """Other wards near each row: those of (row, ward) pairs, sorted, that are not the row's own."""
    other = near != own[row]
    return ragged(near[other], row[other], own.size)


def _claimed_once(area: Ints, part: Geometries, index: EdgeIndex) -> Geometries:
    """The parts (by area and ward) without what an earlier ward of the same area has."""
    if index.sure.all():
        return part
    part = part.copy()
    begin = np.searchsorted(area, np.arange(area.max(initial=-1) + 2))
    for first, end in pairwise(begin):
        for row in range(first + 1, end):
            earlier = part[first:row]
            over = earlier[shapely.intersects(earlier, part[row])]
            if over.size:
                part[row : row + 1] = _polygons(np.asarray([shapely.difference(part[row], shapely.union_all(over))]))
    return part


def _without(areas: Geometries, area: Ints, part: Geometries) -> Geometries:
    """Areas without their parts (sorted by area), one part after the other.

    Not without the union of the parts: that of neighbours which almost match may come out smaller than it is.
    """
    rest = areas.copy()
    begin = np.searchsorted(area, np.arange(len(areas) + 1))
    for number in range(int(np.diff(begin).max(initial=0))):
        more = np.flatnonzero(np.diff(begin) > number)
        rest[more] = shapely.difference(rest[more], part[begin[more] + number])
    return rest


def _polygons(shapes: NDArray[np.object_]) -> Geometries:
    """Shapes without the lines and points in which areas touch."""
    shapes = np.asarray(shapes, dtype=object)
    mixed = np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION)
    flat = shapely.get_dimensions(shapes) < 2
    if not mixed.size and not flat.any():
        return shapes
    shapes = shapes.copy()
    for row in mixed:
        parts = shapely.get_parts(shapes[row])
        shapes[row] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    shapes[flat] = shapely.Polygon()
    return shapes
