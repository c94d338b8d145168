"""Small operations on metric geometries whose kind is known only when they are there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry


def multi(lines: Iterable[BaseGeometry]) -> shapely.MultiLineString:
    """Lines as one geometry."""
    return shapely.MultiLineString(cast("list[shapely.LineString]", list(lines)))


def position(line: BaseGeometry, point: BaseGeometry) -> float:
    """Metres from the start of a line to its point nearest to another."""
    return float(shapely.line_locate_point(cast("shapely.LineString", line), cast("shapely.Point", point)))


def positions(line: BaseGeometry, points: NDArray[np.object_]) -> NDArray[np.float64]:
    """The same for many points."""
    return np.asarray(shapely.line_locate_point(cast("shapely.LineString", line), points), dtype=float)


def at(line: BaseGeometry, metres: float) -> shapely.Point:
    """The point so many metres from the start of a line."""
    return shapely.line_interpolate_point(cast("shapely.LineString", line), metres)


def part(line: BaseGeometry, start: float, end: float) -> BaseGeometry:
    """The part of a line between two positions in metres."""
    from shapely.ops import substring

    cut: BaseGeometry = substring(cast("shapely.LineString", line), start, end)
    return cut


def nearest(line: BaseGeometry, other: BaseGeometry) -> BaseGeometry:
    """The point of a geometry that lies nearest to another one."""
    link = shapely.shortest_line(line, other)
    return cast("BaseGeometry", shapely.get_point(link, 0))


def merged(lines: NDArray[np.object_]) -> list[BaseGeometry]:
    """Lines joined where they meet end to end, as the runs that result."""
    return list(shapely.get_parts(shapely.line_merge(shapely.union_all(lines))))


def longest(lines: Iterable[BaseGeometry]) -> BaseGeometry:
    """The longest of some lines."""
    return max(lines, key=lambda line: float(line.length))
