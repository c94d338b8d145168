"""What the statistical rules look at, as arrays: reports, and the corridors of the sites."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from geo.analysis.clusters.inputs import Floats, Ints, checked_days, checked_points, require

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Corridors:
    """The sites: ids, geometries in planar metres, and how far from each a report still belongs to it."""

    site_ids: tuple[str, ...]
    geometries: npt.NDArray[np.object_]
    widths_m: Floats

    def hold(self, points: Floats, margin_m: float = 0.0) -> Bools:
        """Which sites hold which points, shape (points, sites); the corridor's edge counts."""
        if len(self.site_ids) == 0 or len(points) == 0:
            return np.zeros((len(points), len(self.site_ids)), dtype=bool)
        return within(points, self.geometries, self.widths_m + margin_m)


def within(points: Floats, geometries: npt.NDArray[np.object_], reach_m: Floats) -> Bools:
    """Which points (n, 2) lie within its reach of which geometry, shape (n, geometries); most are far from all."""
    found = np.zeros((len(points), len(geometries)), dtype=bool)
    boxes = shapely.bounds(geometries) + np.array([-1.0, -1.0, 1.0, 1.0]) * reach_m[:, None]
    for j, (west, south, east, north) in enumerate(boxes.tolist()):
        near = (points[:, 0] >= west) & (points[:, 0] <= east) & (points[:, 1] >= south) & (points[:, 1] <= north)
        rows = np.flatnonzero(near)
        found[rows, j] = shapely.distance(shapely.points(points[rows]), geometries[j]) <= reach_m[j]
    return found


def corridors(site_ids: Sequence[str], geometries: Sequence[shapely.Geometry], widths_m: Sequence[float]) -> Corridors:
    """The sites' corridors.

    Raises
    ------
    InputError
        Lengths that differ, or widths that are negative or not finite.
    """
    shapes = np.empty(len(geometries), dtype=object)
    shapes[:] = list(geometries)
    widths = np.asarray(list(widths_m), dtype=np.float64)
    require(len(site_ids) == len(shapes) == len(widths), "analysis.sites-differ", "sites")
    require(bool(((widths >= 0) & np.isfinite(widths)).all()), "analysis.widths-not-metres", "widths_m")
    return Corridors(tuple(site_ids), shapes, widths)


@dataclass(frozen=True, slots=True, eq=False)
class Reports:
    """Reports as arrays: places in planar metres (n, 2), day numbers (n,), verified or not (n,)."""

    points_m: Floats
    days: Ints
    verified: Bools

    def __len__(self) -> int:
        return len(self.days)

    def only(self, wanted: Bools | Ints) -> Reports:
        """The wanted rows."""
        return Reports(self.points_m[wanted], self.days[wanted], self.verified[wanted])


def reports(points_m: npt.ArrayLike, days: npt.ArrayLike, verified: npt.ArrayLike) -> Reports:
    """Reports from columns; an empty list of each is no reports.

    Raises
    ------
    InputError
        Lengths that differ, values that are not finite.
    """
    points = checked_points(points_m)
    sure = np.asarray(verified, dtype=bool).ravel()
    require(len(sure) == len(points), "analysis.verified-length", "verified")
    return Reports(points, checked_days(days, len(points)), sure)


def joined(first: Reports, second: Reports) -> Reports:
    """The rows of the first, then those of the second."""
    return Reports(
        np.concatenate([first.points_m, second.points_m]),
        np.concatenate([first.days, second.days]),
        np.concatenate([first.verified, second.verified]),
    )
