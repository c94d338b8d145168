"""A line through points that somebody sets: between two of them it follows the streets."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.reference.streets.graph import GraphWay, Key, StreetGraph, build_graph, shortest
from geo.reference.streets.routing import with_feet

SNAP_M = 250.0
"""A point this near to a street lies on it."""
MARGIN_M = 600.0
"""How far beside the points a way may lie that the line takes."""
FARTHEST_M = 8_000.0
"""Points farther from each other are joined by a straight line: the next one between them makes it a way."""
_DETOUR = 4.0
_SHORT_M = 400.0
"""A way round of more than four times the straight line, and this much longer, is none that was meant."""


@dataclass(frozen=True, slots=True)
class Along:
    """A line in metres; `straight_m`: of its longest piece that goes straight since no street leads there (0: none)."""

    line: shapely.LineString
    straight_m: float


def along_streets(points: NDArray[np.float64], tree: shapely.STRtree) -> Along | None:
    """The line through points that follows the streets where it can, and goes straight where it cannot.

    Parameters
    ----------
    points
        (n, 2), metres in the coordinate system of the ways, in the order of the line.
    tree
        The ways of a street network.

    Returns
    -------
    None where the points make no line.
    """
    if len(points) < 2:
        return None
    found = [_between(start, end, tree) for start, end in pairwise(points)]
    parts = [np.array(ends) if part is None else part for ends, part in zip(pairwise(points), found, strict=True)]
    legs = [ends for ends, part in zip(pairwise(points), found, strict=True) if part is None]
    straight = max((float(np.hypot(*(end - start))) for start, end in legs), default=0.0)
    xy = np.vstack(parts)
    fresh = np.r_[True, np.hypot(*np.diff(xy, axis=0).T) > 0.01]
    xy = xy[fresh]
    return Along(shapely.LineString(xy), straight) if len(xy) > 1 else None


def _between(start: NDArray[np.float64], end: NDArray[np.float64], tree: shapely.STRtree) -> NDArray[np.float64] | None:
    """The way along streets from one point to another; None where there is none, or only a long way round."""
    straight = float(np.hypot(*(end - start)))
    if straight > FARTHEST_M:
        return None
    ends = np.array([start, end])
    box = shapely.buffer(shapely.box(*ends.min(axis=0), *ends.max(axis=0)), MARGIN_M)
    ways = tree.geometries[tree.query(box)]
    feet = [_foot(ways, shapely.Point(point)) for point in ends]
    if feet[0] is None or feet[1] is None:
        return None
    graph = _graph(ways, [feet[0], feet[1]])
    first, last = (_key(graph, foot) for _, foot in (feet[0], feet[1]))
    found = shortest(graph, {first: 0.0}, {last: 0.0}, {})
    if found is None or len(found.xy) < 2:
        return None
    length = float(np.hypot(*np.diff(found.xy, axis=0).T).sum())
    return found.xy if length <= _DETOUR * straight + _SHORT_M else None


def _foot(ways: NDArray[np.object_], point: shapely.Point) -> tuple[int, shapely.Point] | None:
    """The nearest way within reach, and where the point falls on it."""
    if not len(ways):
        return None
    distances = shapely.distance(ways, point)
    row = int(distances.argmin())
    if distances[row] > SNAP_M:
        return None
    return row, shapely.line_interpolate_point(ways[row], shapely.line_locate_point(ways[row], point))


def _graph(ways: NDArray[np.object_], feet: list[tuple[int, shapely.Point]]) -> StreetGraph:
    own: dict[int, list[shapely.Point]] = {}
    for row, foot in feet:
        own.setdefault(row, []).append(foot)
    vertices = [shapely.get_coordinates(line) for line in ways]
    for row, points in own.items():
        vertices[row] = with_feet(ways[row], points)
    return build_graph(GraphWay(xy, 1.0, 1.0, "") for xy in vertices)


def _key(graph: StreetGraph, point: shapely.Point) -> Key:
    return min(graph.xy, key=lambda key: (graph.xy[key][0] - point.x) ** 2 + (graph.xy[key][1] - point.y) ** 2)
