"""Lines as flat arrays: every segment of every route, with its chainage in metres."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.reference.measure import Floats, Measure

Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Routes:
    """Segments of lines, in order, one after the other.

    `start`, `end`: (s, 2) coordinates; `route`, `part`: (s) row of the line, and running number of the part of a
    multi-line; `at`: (s + 1) metres at which each segment begins, counted on over all routes, so that one sorted array
    holds them all; `origin`: (r) metres at which each route begins; `length`: (r) metres of each route.
    """

    start: Floats
    end: Floats
    route: Ints
    part: Ints
    at: Floats
    origin: Floats
    length: Floats


def routes(lines: NDArray[np.object_], measure: Measure) -> Routes:
    """Flatten lines and multi-lines (coordinates that `measure` understands); parts follow on without their gaps."""
    parts, route_of_part = _parts(lines)
    xy = shapely.get_coordinates(parts)
    steps = np.maximum(shapely.get_num_points(parts) - 1, 0).astype(np.intp)
    part = np.repeat(np.arange(len(parts)), steps)
    # Segment i of all begins at vertex i, and one further for each part that was before its own.
    vertex = np.arange(part.size) + part
    start, end = xy.take(vertex, axis=0), xy.take(vertex + 1, axis=0)
    route = part if route_of_part is None else route_of_part[part]
    metres = measure.lengths(start, end)
    length = np.bincount(route, weights=metres, minlength=len(lines)).astype(float)
    at = np.concatenate([[0.0], np.cumsum(metres)])
    first = np.searchsorted(route, np.arange(len(lines)))
    return Routes(start, end, route, part, at, at[first], length)


def lengths(lines: NDArray[np.object_], measure: Measure) -> Floats:
    """Metres of lines, one a row (no multi-lines), the same as `routes` tells."""
    xy = shapely.get_coordinates(lines)
    first = np.cumsum(shapely.get_num_points(lines)).astype(np.intp)
    step = measure.lengths(xy[:-1], np.where(_ends(first, len(xy))[:, None], xy[:-1], xy[1:]))
    summed: Floats = np.add.reduceat(step, np.concatenate([[0], first[:-1]]).astype(np.intp))
    return summed


def _ends(first: Ints, count: int) -> NDArray[np.bool_]:
    """Steps from the last vertex of a line to the first of the next: no way at all."""
    joins = np.zeros(count - 1, dtype=bool)
    joins[first[:-1] - 1] = True
    return joins


def _parts(lines: NDArray[np.object_]) -> tuple[NDArray[np.object_], Ints | None]:
    """The parts of lines and the row each came from; None where every line is its own only part."""
    if (shapely.get_type_id(lines) == shapely.GeometryType.LINESTRING).all():
        return lines, None
    parts, row = shapely.get_parts(lines, return_index=True)
    return parts, row


def positions(table: Routes, metres: Floats, segment: Ints) -> Floats:
    """Coordinates (n, 2) at `metres` (running over all routes) on the given segments."""
    span = table.at[segment + 1] - table.at[segment]
    with np.errstate(invalid="ignore", divide="ignore"):
        t = np.where(span > 0, (metres - table.at[segment]) / span, 0.0)
    t = np.clip(t, 0.0, 1.0)[:, None]
    where: Floats = table.start[segment] * (1.0 - t) + table.end[segment] * t
    return where
