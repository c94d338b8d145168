"""Lines as flat arrays: every segment of every route, with its chainage in metres."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.spatial.measure import Floats, Measure

Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Routes:
    """Segments of lines, in order, one after the other.

    `xy`: (v, 2) coordinates of their vertices; `route`, `part`: (s) row of the line, and running number of the part of
    a multi-line; `at`: (s + 1) metres at which each segment begins, counted on over all routes, so that one sorted
    array holds them all; `origin`: (r) metres at which each route begins; `length`: (r) metres of each route.
    """

    xy: Floats
    route: Ints
    part: Ints
    at: Floats
    origin: Floats
    length: Floats

    def __len__(self) -> int:
        return len(self.part)

    def vertices(self, segment: Ints) -> Ints:
        """Rows in `xy` at which segments begin, to end at the next ones."""
        # Segment i of all begins at vertex i, and one further for each part that was before its own.
        vertices: Ints = segment + self.part.take(segment)
        return vertices

    def ends(self, segment: Ints) -> tuple[Floats, Floats]:
        """Coordinates (n, 2) of the begin and of the end of some segments."""
        vertex = self.vertices(segment)
        return self.xy.take(vertex, axis=0), self.xy.take(vertex + 1, axis=0)


def routes(lines: NDArray[np.object_], measure: Measure) -> Routes:
    """Flatten lines and multi-lines (coordinates that `measure` understands); parts follow on without their gaps."""
    parts, route_of_part = _parts(lines)
    xy, first = _vertices(parts)
    part = np.repeat(np.arange(len(parts)), np.diff(first, append=len(xy)) - 1)
    route = part if route_of_part is None else route_of_part[part]
    metres = np.delete(_steps(xy, first, measure), first[1:] - 1)
    length = np.bincount(route, weights=metres, minlength=len(lines)).astype(float)
    at = np.concatenate([[0.0], np.cumsum(metres)])
    begin = np.searchsorted(route, np.arange(len(lines)))
    return Routes(xy, route, part, at, at[begin], length)


def lengths(lines: NDArray[np.object_], measure: Measure) -> Floats:
    """Metres of lines, one a row (no multi-lines, none empty), the same as those of `routes`."""
    xy, first = _vertices(lines)
    summed: Floats = np.add.reduceat(_steps(xy, first, measure), first)
    return summed


def _vertices(lines: NDArray[np.object_]) -> tuple[Floats, Ints]:
    """Coordinates of all lines, and the row at which those of each begin."""
    count = shapely.get_num_points(lines).astype(np.intp)
    return shapely.get_coordinates(lines), np.cumsum(count) - count


def _steps(xy: Floats, first: Ints, measure: Measure) -> Floats:
    """Metres from each vertex to the next; from the last one of a line to the first of the next it is no way at all."""
    end = xy[1:].copy()
    joins = first[1:] - 1
    end[joins] = xy[joins]
    return measure.lengths(xy[:-1], end)


def _parts(lines: NDArray[np.object_]) -> tuple[NDArray[np.object_], Ints | None]:
    """The parts of lines that are not empty and the row each came from; None where every line is its own only part."""
    if (shapely.get_num_points(lines) > 0).all():  # of a multi-line it is 0
        return lines, None
    parts, row = shapely.get_parts(lines, return_index=True)
    real = shapely.get_num_points(parts) > 0
    return parts[real], row[real]


def positions(table: Routes, metres: Floats, segment: Ints) -> Floats:
    """Coordinates (n, 2) at `metres` (running over all routes) on the given segments."""
    span = table.at[segment + 1] - table.at[segment]
    with np.errstate(invalid="ignore", divide="ignore"):
        t = np.where(span > 0, (metres - table.at[segment]) / span, 0.0)
    t = np.clip(t, 0.0, 1.0)[:, None]
    start, end = table.ends(segment)
    where: Floats = start * (1.0 - t) + end * t
    return where
