"""How large a site can be: beyond that somebody has to look whether the geometry is that of a site at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from geo.i18n.message import Message
from geo.reference.cities import City
from geo.reference.crs import to_metric

MOST_AREA_KM2 = 1.0
"""A site that is an area is a market, a park or a quarter; the smallest ward of Hà Nội has 1.7 km²."""
MOST_LENGTH_KM = 20.0
"""A site that is a route runs through a few wards; the longest one of the first plans has 9.7 km."""


def too_large(site_id: str, shape: Any, city: City) -> Iterator[Message]:
    """That a geometry (WGS 84) is larger than a site can be, with its size and the bound."""
    (metric,) = to_metric(np.array([shape], dtype=object), city.province_code)
    area, length = float(metric.area) / 1e6, 0.0 if metric.area else float(shapely.length(metric)) / 1e3
    if area > MOST_AREA_KM2:
        yield Message("records.finding.large-area", site=site_id, area=area, most=MOST_AREA_KM2)
    if length > MOST_LENGTH_KM:
        yield Message("records.finding.long-route", site=site_id, length=length * 1e3, most=MOST_LENGTH_KM * 1e3)
