"""The reports of a site: those that name it, and those in its corridor. Every page, map and paper asks here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.reference.cities import city
from geo.reference.crs import to_metric
from geo.situation.snapshot import Situation

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray


def of_site(situation: Situation, site_id: str, reports: GeoDataFrame) -> NDArray[np.bool_]:
    """Which of `reports` (EPSG:4326, column `site_id`) are those of a site of the situation, by row.

    A report belongs to a site that it names, and to each site whose corridor (`corridor_m`, metres on either side of
    the route, or round the area) it lies in. Nothing belongs to a site that the situation does not hold.
    """
    named: NDArray[np.bool_] = (reports["site_id"] == site_id).fillna(value=False).to_numpy(dtype=bool)
    rows = situation.sites[situation.sites["site_id"] == site_id]
    placed = reports.geometry.notna().to_numpy()
    if rows.empty or not placed.any():
        return named
    corridor = float(rows["corridor_m"].iloc[0]) if "corridor_m" in rows else 0.0
    shapes = np.array([rows.geometry.iloc[0], *reports.geometry.to_numpy()[placed]], dtype=object)
    metric = to_metric(shapes, city(situation.city).province_code)
    near = np.zeros(len(reports), dtype=bool)
    near[placed] = shapely.dwithin(metric[0], metric[1:], 0.0 if corridor != corridor else corridor)
    return named | near
