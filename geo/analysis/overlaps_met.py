"""Where sites lie in two wards at once, because the wards overlap: `crossings` gives such a stretch to one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.spatial.coverage_faults import in_metres, overlaps
from geo.spatial.measure import Ellipsoid

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_LEAST = 1.0
"""Metres, or m²: less is drawing and rounding."""


@dataclass(frozen=True, slots=True)
class OverlapMet:
    """How much of the sites lies in both of two wards (code, name): metres of lines, m² of areas, points."""

    wards: tuple[tuple[str, str], tuple[str, str]]
    length_m: float
    area_m2: float
    points: int


def overlaps_met(sites: GeoDataFrame, wards: GeoDataFrame) -> tuple[OverlapMet, ...]:
    """What of the sites lies in two of the wards, by the pairs of wards; both in degrees. Less than a metre is none."""
    shapes, polygons = (np.asarray(frame.geometry, dtype=object) for frame in (sites, wards))
    met = np.unique(shapely.STRtree(polygons).query(shapes, predicate="intersects")[1])
    found = overlaps(polygons[met], Ellipsoid())
    if not found:
        return ()
    site, fault = shapely.STRtree([one.shape for one in found]).query(shapes, predicate="intersects")
    inside = in_metres(shapely.intersection(shapes[site], np.array([one.shape for one in found])[fault]), Ellipsoid())
    kind = shapely.get_dimensions(shapes[site])
    sizes = np.stack([np.where(kind == 1, shapely.length(inside), 0), np.where(kind == 2, shapely.area(inside), 0)])
    pairs: dict[tuple[int, ...], list[int]] = {}
    for place, number in enumerate(fault.tolist()):
        pairs.setdefault(found[number].members, []).append(place)
    named = list(zip(wards["code"].iloc[met], wards["name"].iloc[met], strict=True))
    listed = []
    for (one, other), places in pairs.items():
        length, area = sizes[:, places].sum(axis=1).tolist()
        listed.append(OverlapMet((named[one], named[other]), length, area, int((kind[places] == 0).sum())))
    return tuple(each for each in listed if max(each.length_m, each.area_m2, each.points) >= _LEAST)


def wards_overlapping(wards: GeoDataFrame) -> tuple[OverlapMet, ...]:
    """Where wards (degrees) overlap, by the pairs of them, whatever lies there; less than a square metre is none."""
    from geopandas import GeoDataFrame

    polygons = np.asarray(wards.geometry, dtype=object)
    return overlaps_met(GeoDataFrame(geometry=[one.shape for one in overlaps(polygons, Ellipsoid())]), wards)
