"""The wards near a point, with their distance: by a border a point may lie in either, as exact as borders are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from geo.analysis.crossings.neighbours import near_points
from geo.reference.tolerances import BORDER_M
from geo.reference.ward import Ward
from geo.spatial.edge_index import EdgeIndex
from geo.spatial.measure import Ellipsoid


def wards_near(
    wards: Sequence[Ward], index: EdgeIndex, lon: float, lat: float, distance: float = BORDER_M
) -> list[dict[str, Any]]:
    """The wards whose border runs within `distance` metres of a point: `code, full_name, distance_m`, nearest first.

    Parameters
    ----------
    wards, index
        The wards, and the index of their edges (`geo.analysis.crossings.ward_index`), in the same order.
    lon, lat
        The point, degrees WGS 84; the ward that holds it is among those found, if its border is near.
    """
    found = near_points(np.array([[lon, lat]]), index, Ellipsoid(), distance)
    rows = zip(found.metres.tolist(), (wards[row] for row in found.ward), strict=True)
    listed = [{"code": w.code, "full_name": w.full_name, "distance_m": round(metres, 1)} for metres, w in rows]
    return sorted(listed, key=lambda row: (row["distance_m"], row["code"]))
