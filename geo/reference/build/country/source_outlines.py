"""Wards of a coverage against their outlines in the source, which is no coverage itself.

Where wards of the source overlap, only one can have the overlap: a border may lie anywhere in it.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.reference.build.wards import displacements
from geo.spatial.coverage_faults import invalid, polygon_parts

Shapes = NDArray[np.object_]

FAR_M = 1.0
"""A part of a ward that reaches farther from its outline in the source is looked at."""
OUTSIDE_SHARE = 0.05
"""A triangle is looked at of which more lies outside the outline."""
_TOUCH_M = 0.2
_STEP_M = 200.0
"""Borders are compared at their vertices, and so often between them."""


def distances(source: Shapes, made: Shapes) -> NDArray[np.float64]:
    """Greatest distance in metres of the borders of each ward, both ways; in overlaps of the source there is none."""
    found = np.zeros(len(source))
    contested = _overlaps(source)
    rest = np.setdiff1d(np.arange(len(source)), list(contested))
    found[rest] = displacements(source[rest], made[rest], _STEP_M)
    for row, overlap in contested.items():
        shapely.prepare(overlap)
        there = _from_border(made[row], source[row], overlap)
        found[row] = max(there, _from_border(source[row], made[row], overlap))
    return found


def _from_border(shape: shapely.Geometry, other: shapely.Geometry, overlap: shapely.Geometry) -> float:
    """Greatest distance of the border of a shape from that of another, outside an overlap."""
    points = np.asarray(shapely.points(shapely.get_coordinates(shapely.segmentize(shape, _STEP_M))))
    outside = points[~shapely.dwithin(overlap, points, FAR_M)]
    border = shapely.boundary(other)
    shapely.prepare(border)
    return float(shapely.distance(border, outside).max(initial=0.0))


def _overlaps(source: Shapes) -> dict[int, shapely.Geometry]:
    """Row → the areas that a ward has together with others."""
    odd = invalid(source)
    one, other = shapely.STRtree(source).query(source[odd], predicate="intersects")
    one = odd[one]
    # A pair of two that do not match comes twice, one with a ward that matches elsewhere comes once.
    once = (one < other) | (~np.isin(other, odd) & (one != other))
    parts, pair = polygon_parts(shapely.intersection(source[one[once]], source[other[once]]))
    row = np.concatenate([one[once][pair], other[once][pair]])
    both = np.concatenate([parts, parts])
    return {int(ward): shapely.union_all(both[row == ward]) for ward in np.unique(row)}


def given_back(made: Shapes, source: Shapes) -> Shapes:
    """A coverage in which no ward reaches far along a border of others: what does goes to the ward that is nearest.

    Cleaning gives a sliver or a gap to one ward, however far along it others lie. It is cut into triangles between
    vertices that are there, so borders go on to match.
    """
    tree, pieces = shapely.STRtree(source), {row: [shape] for row, shape in enumerate(made)}
    for row in np.flatnonzero([_reaches(shape, own) for shape, own in zip(made, source, strict=True)]).tolist():
        triangles = shapely.get_parts(shapely.constrained_delaunay_triangles(made[row]))
        owner = np.full(len(triangles), row)
        off = np.flatnonzero(_reach(triangles, source[row]) > FAR_M)
        # A large one may have a corner beyond a narrow neck: it is the ward's own.
        outside = shapely.area(shapely.difference(triangles[off], source[row]))
        off = off[outside > OUTSIDE_SHARE * shapely.area(triangles[off])]
        if not off.size:
            continue
        near = tree.query(shapely.union_all(triangles[off]), predicate="dwithin", distance=_TOUCH_M)
        owner[off] = near[np.array([_reach(triangles[off], source[ward]) for ward in near]).argmin(axis=0)]
        pieces[row].remove(made[row])
        for ward in np.unique(owner).tolist():
            pieces[ward] += triangles[owner == ward].tolist()
    joined = [own[0] if len(own) == 1 else shapely.coverage_union_all(own) for own in pieces.values()]
    return np.array(joined, dtype=object)


def _reaches(shape: shapely.Geometry, outline: shapely.Geometry) -> bool:
    shapely.prepare(outline)
    return not shapely.dwithin(outline, shapely.points(shapely.get_coordinates(shape)), FAR_M).all()


def _reach(triangles: Shapes, outline: shapely.Geometry) -> NDArray[np.float64]:
    """How far the corners of each triangle lie from an outline, at most."""
    corners, row = shapely.get_coordinates(triangles, return_index=True)
    far = np.zeros(len(triangles))
    np.maximum.at(far, row, shapely.distance(shapely.points(corners), outline))
    return far
