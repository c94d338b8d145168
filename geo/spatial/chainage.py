"""Chainage (*lý trình*): metres along a route from its start, and where they lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.spatial.measure import Ellipsoid, Floats


@dataclass(frozen=True, slots=True)
class Chainage:
    """The vertices of a route (n, 2; WGS 84 degrees) and their geodesic metres from its start (n).

    A gap between parts has no length: the end of one part and the start of the next stand at the same metre.
    """

    xy: Floats
    metres: Floats

    @classmethod
    def of(cls, route: BaseGeometry) -> Chainage | None:
        """The chainage of a line or of lines; None of areas and points, which have none."""
        parts = shapely.get_parts(route)
        if not len(parts) or (shapely.get_dimensions(parts) != 1).any():
            return None
        xy, part = shapely.get_coordinates(parts, return_index=True)
        steps = np.where(part[1:] == part[:-1], Ellipsoid().lengths(xy[:-1], xy[1:]), 0.0)
        return cls(xy, np.concatenate([[0.0], np.cumsum(steps)]))

    @property
    def length(self) -> float:
        """Metres of the whole route."""
        return float(self.metres[-1])

    def at(self, metres: Floats) -> Floats:
        """The positions of chainages (m) as (m, 2)."""
        return np.stack([np.interp(metres, self.metres, self.xy[:, axis]) for axis in (0, 1)], axis=1)

    def sampled(self, step: float) -> Floats:
        """Chainages at equal distances of at most `step` metres, from the start to the end."""
        return np.linspace(0.0, self.length, int(np.ceil(self.length / step)) + 1)
