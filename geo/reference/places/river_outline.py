"""The outer banks of a river that runs in several channels or is drawn in pieces: its bars are filled.

The data have a left and a right bank for each channel. Of the channel that leaves a bar on its right, the right bank
is that of the bar; the river's bank lies beyond the next channel.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.reference.places.shapes import at as along
from geo.reference.places.shapes import multi, nearest, position

Shapes = NDArray[np.object_]
NEAR_M = 4000.0
"""Bars are looked for so far around what is asked for."""
STEP_M = 150.0
WIDEST_M = 1500.0
WIDE_M = 30.0
"""Half the width that banks are given so that they close around what lies between them."""
CAP_M = 120.0
"""The outline this near to where the river is cut is no bank."""
INSIDE_M, LEAST_M = 80.0, 300.0
"""A bank this far inside the outline, of at least this length, is that of a bar."""


def outer_banks(
    river: list[BaseGeometry], left: list[BaseGeometry], right: list[BaseGeometry], around: BaseGeometry
) -> tuple[BaseGeometry, BaseGeometry] | None:
    """The left and the right bank (downstream as drawn) near to a place, in metres; None where each bank is one line.

    `river`: the middle of each channel; `left`, `right`: pieces of their banks, in any order.
    """
    box = shapely.buffer(shapely.envelope(around), NEAR_M)
    channels, *sides = (_near(lines, box) for lines in (river, left, right))
    if not len(channels) or not all(len(side) for side in sides):
        return None
    banks = np.concatenate(sides)
    outline = _outline(channels, sides, around)
    inner = shapely.length(shapely.intersection(banks, shapely.buffer(outline, -INSIDE_M))).sum()
    split = any(len(side) > 1 for side in sides)  # a bank cut by a ward's border is one all the same
    return _two_sides(outline, channels, box, around) if inner > LEAST_M or split else None


def _near(lines: list[BaseGeometry], box: BaseGeometry) -> Shapes:
    cut = shapely.get_parts(shapely.intersection(np.array(lines, dtype=object), box))
    found: Shapes = cut[shapely.length(cut) > 0]
    return found


def _outline(channels: Shapes, sides: list[Shapes], around: BaseGeometry) -> shapely.Polygon:
    """What lies within the outer banks: all lines and links from the channels to their banks, and what these close."""
    links = [link for side in sides for link in _links(channels, side)]
    wide = shapely.union_all(shapely.buffer([*channels, *np.concatenate(sides), *links], WIDE_M, cap_style="flat"))
    filled = [shapely.Polygon(shape.exterior) for shape in shapely.get_parts(wide)]
    own = min(filled, key=lambda shape: (float(shapely.distance(shape, around)), -float(shape.area)))
    inside = shapely.get_parts(shapely.buffer(own, -WIDE_M))
    return shapely.Polygon(max(inside, key=lambda shape: float(shape.area)).exterior)


def _links(channels: Shapes, side: Shapes) -> Shapes:
    """Lines from places along the channels to the nearest bank of a side."""
    xy = shapely.get_coordinates(shapely.segmentize(multi(channels), STEP_M))
    points = np.asarray(shapely.points(xy), dtype=object)
    own, bank = shapely.STRtree(side).query_nearest(points, max_distance=WIDEST_M, all_matches=False)
    found: Shapes = shapely.shortest_line(points[own], side[bank])
    return found


def _two_sides(
    outline: shapely.Polygon, channels: Shapes, box: BaseGeometry, around: BaseGeometry
) -> tuple[BaseGeometry, BaseGeometry] | None:
    """The outline without where the box cuts the river: on each side the line that is nearest to what is asked for."""
    # Counterclockwise the surface lies on the left, so that the way along the outline is downstream on the right bank.
    ring = shapely.LineString(shapely.orient_polygons(outline).exterior.coords)
    free = shapely.line_merge(shapely.difference(ring, shapely.buffer(shapely.boundary(box), CAP_M)), directed=True)
    lines = sorted(shapely.get_parts(free), key=lambda line: _farthest(line, around))
    right = next((line for line in lines if _is_right(line, channels, around)), None)
    left = next((line for line in lines if line is not right), None)
    return (shapely.reverse(left), right) if left is not None and right is not None else None


def _farthest(line: BaseGeometry, around: BaseGeometry) -> float:
    return float(shapely.distance(shapely.get_parts(around), line).max())


def _is_right(line: BaseGeometry, channels: Shapes, around: BaseGeometry) -> bool:
    """Whether the river at a line flows the way in which the line is drawn."""
    at = position(line, nearest(line, around))
    channel = channels[int(np.argmin(shapely.distance(channels, along(line, at))))]
    beside = position(channel, along(line, at))
    own, flow = (_direction(one, where) for one, where in ((line, at), (channel, beside)))
    return float((own * flow).sum()) > 0


def _direction(line: BaseGeometry, at: float) -> NDArray[np.float64]:
    ends = [along(line, max(0.0, at - STEP_M)), along(line, min(float(line.length), at + STEP_M))]
    return np.array([ends[1].x - ends[0].x, ends[1].y - ends[0].y])
