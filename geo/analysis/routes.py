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
    parts, route_of_part = shapely.get_parts(lines, return_index=True)
    xy, part = shapely.get_coordinates(parts, return_index=True)
    real = part[:-1] == part[1:]
    start, end, part = xy[:-1][real], xy[1:][real], part[:-1][real]
    route = route_of_part[part]
    metres = measure.lengths(start, end)
    length = np.bincount(route, weights=metres, minlength=len(lines)).astype(float)
    at = np.concatenate([[0.0], np.cumsum(metres)])
    first = np.searchsorted(route, np.arange(len(lines)))
    return Routes(start, end, route, part, at, at[first], length)


def positions(table: Routes, metres: Floats, segment: Ints) -> Floats:
    """Coordinates (n, 2) at `metres` (running over all routes) on the given segments."""
    span = table.at[segment + 1] - table.at[segment]
    with np.errstate(invalid="ignore", divide="ignore"):
        t = np.where(span > 0, (metres - table.at[segment]) / span, 0.0)
    t = np.clip(t, 0.0, 1.0)[:, None]
    where: Floats = table.start[segment] * (1.0 - t) + table.end[segment] * t
    return where
