"""Metres from coordinates: geodesic on the WGS 84 ellipsoid, or as they are in a metric plane.

Lengths are geodesic. They agree with those in the VN-2000 / TM-3 zone of the province to better than 1 in 10,000
(the zone's scale factor at its meridian is 0.9999), and do not change when wards of another zone are loaded too.
"""

from __future__ import annotations

from functools import cache
from math import factorial
from typing import TYPE_CHECKING, Protocol

import numpy as np
import shapely
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pyproj import Geod
    from shapely.geometry.base import BaseGeometry

Floats = NDArray[np.float64]

_A = 6378137.0
_E2 = 0.0066943799901413165
"""Semi-major axis in metres and squared eccentricity of WGS 84 (EPSG:7030)."""
_LONG_DEGREES = 0.05


class Measure(Protocol):
    """How coordinates become metres."""

    def lengths(self, start: Floats, end: Floats) -> Floats:
        """Lengths in metres of straight segments; `start` and `end` are (n, 2) coordinates."""

    def scale(self, y: Floats) -> Floats:
        """Metres per unit of x and of y at ordinate `y`, as (n, 2)."""

    def areas(self, polygons: NDArray[np.object_]) -> Floats:
        """Areas of polygons in square metres."""


class Ellipsoid:
    """Longitude and latitude in degrees on WGS 84.

    Short segments by the mid-latitude formula (relative error under 1e-7 below 5 km, Bomford, *Geodesy*, 2.14),
    longer ones by Karney's geodesic (pyproj).
    """

    def lengths(self, start: Floats, end: Floats) -> Floats:
        """Geodesic lengths in metres."""
        # By columns: numpy goes over pairs several times as slowly.
        x, y = end[:, 0] - start[:, 0], end[:, 1] - start[:, 1]
        east, north = _metres_per_degree(0.5 * (start[:, 1] + end[:, 1]))
        lengths = norm(east * x, north * y)
        long = np.flatnonzero(np.maximum(np.abs(x), np.abs(y)) > _LONG_DEGREES)
        if long.size:
            a, b = start[long], end[long]
            lengths[long] = _geod().inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])[2]
        return lengths

    def scale(self, y: Floats) -> Floats:
        """Metres per degree of longitude and of latitude at latitude `y`."""
        return np.stack(_metres_per_degree(y), axis=-1)

    def areas(self, polygons: NDArray[np.object_]) -> Floats:
        """Geodesic areas in square metres (Karney's algorithm, pyproj)."""
        oriented = shapely.orient_polygons(polygons, exterior_cw=False)
        return np.array([abs(_geod().geometry_area_perimeter(p)[0]) for p in oriented], dtype=float)


class Plane:
    """Coordinates that are metres already (a projected coordinate system)."""

    def lengths(self, start: Floats, end: Floats) -> Floats:
        """Planar lengths in metres."""
        step = end - start
        step *= step
        lengths: Floats = np.sqrt(step[:, 0] + step[:, 1])
        return lengths

    def scale(self, y: Floats) -> Floats:
        """Ones."""
        return np.ones((*np.shape(y), 2))

    def areas(self, polygons: NDArray[np.object_]) -> Floats:
        """Planar areas in square metres."""
        areas: Floats = shapely.area(polygons)
        return areas


def norm(x: Floats, y: Floats) -> Floats:
    """Lengths of vectors. `numpy.hypot` minds numbers that no map has, and takes ten times as long for it."""
    lengths: Floats = np.sqrt(x * x + y * y)
    return lengths


def route_length(route: BaseGeometry) -> float:
    """Geodesic metres of a line or of all parts of a multi-line (WGS 84 degrees); 0 for areas and points."""
    parts = shapely.get_parts(route)
    lines = parts[shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING]
    xy, line = shapely.get_coordinates(lines, return_index=True)
    is_step = line[1:] == line[:-1]
    return float(Ellipsoid().lengths(xy[:-1][is_step], xy[1:][is_step]).sum())


def _metres_per_degree(y: Floats) -> tuple[Floats, Floats]:
    """Metres per degree of longitude and of latitude at latitudes, which lie between the poles."""
    cosine = _cosine(np.asarray(y) * (np.pi / 180.0))
    w2 = cosine * cosine
    w2 *= _E2
    w2 += 1.0 - _E2
    w = np.sqrt(w2)
    cosine *= np.pi / 180.0 * _A
    cosine /= w
    return cosine, (np.pi / 180.0 * _A * (1.0 - _E2)) / (w2 * w)


_COSINE = tuple((-1) ** k / factorial(2 * k) for k in range(10))


def _cosine(angle: Floats) -> Floats:
    """Cosines of angles up to a right one, to 1e-12 (Taylor): three times as fast as `numpy.cos` of many."""
    square = angle * angle
    cosine = np.full(square.shape, _COSINE[-1])
    for coefficient in _COSINE[-2::-1]:
        cosine *= square
        cosine += coefficient
    return cosine


@cache
def _geod() -> Geod:
    from pyproj import Geod

    return Geod(ellps="WGS84")
