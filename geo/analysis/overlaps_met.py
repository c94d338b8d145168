"""Where sites lie in two wards at once, because the wards overlap: `crossings` gives such a stretch to one of them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from geo import settings
from geo.files import place_beside
from geo.spatial.coverage_faults import in_metres, overlaps
from geo.spatial.edge_index_cache import content_key
from geo.spatial.measure import Ellipsoid, Floats

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Ints = NDArray[np.intp]
Geometries = NDArray[np.object_]

_LEAST = 1.0
"""Metres, or m²: less is drawing and rounding."""
_FORMAT = 1
"""Raised with every change of what is cached of overlaps."""


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
    """Where wards (degrees) overlap, by the pairs of them, whatever lies there; less than a square metre is none.

    Worked out once for a content of the wards: what was found stands in `DIABAN_CACHE_DIR`, beside the index of edges.
    """
    pairs, area = _overlapping(np.asarray(wards.geometry, dtype=object))
    named = list(zip(wards["code"], wards["name"], strict=True))
    found = zip(pairs.tolist(), area.tolist(), strict=True)
    return tuple(OverlapMet((named[one], named[other]), 0.0, size, 0) for (one, other), size in found if size >= _LEAST)


def _overlapping(polygons: Geometries) -> tuple[Ints, Floats]:
    """Pairs (n, 2) of rows of polygons that overlap, and the square metres that they share."""
    place = settings.cache_dir() / f"overlaps-{_FORMAT}-{content_key(polygons)}.npy"
    with suppress(OSError, ValueError, EOFError):
        table = np.load(place)
        if table.ndim == 2 and table.shape[1] == 3:
            return table[:, :2].astype(np.intp), table[:, 2]
    sizes: dict[tuple[int, ...], float] = {}
    for one in overlaps(polygons, Ellipsoid()):
        sizes[one.members] = sizes.get(one.members, 0.0) + one.area_m2
    pairs = np.array(list(sizes), dtype=np.intp).reshape(-1, 2)
    area = np.array(list(sizes.values()), dtype=float)
    with suppress(OSError), place_beside(place) as folder:  # a cache, nothing more
        np.save(folder / place.name, np.column_stack([pairs, area]))
        (folder / place.name).replace(place)
    return pairs, area
