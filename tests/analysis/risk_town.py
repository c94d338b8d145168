"""A small town of square wards, to know the answers by hand: six wards of 1 km in two rows, sites laid through them.

D E F        y from 1 km
A B C        y from 0
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas
import numpy as np
import shapely

from geo.reference.crs import to_wgs84

PROVINCE = "01"
EAST, NORTH = 585_000.0, 2_325_000.0
SIDE = 1_000.0
CODES = ("A", "B", "C", "D", "E", "F")


def lonlat(geometry: shapely.Geometry) -> shapely.Geometry:
    """Town metres → WGS 84."""
    moved = shapely.transform(geometry, lambda xy: xy + np.array([EAST, NORTH]))
    return to_wgs84(np.array([moved], dtype=object), PROVINCE)[0]


def town_wards(outside: Sequence[str] = ()) -> geopandas.GeoDataFrame:
    """The wards; all in the programme but those named."""
    squares = [shapely.box(x * SIDE, y * SIDE, (x + 1) * SIDE, (y + 1) * SIDE) for y in (0, 1) for x in (0, 1, 2)]
    columns = {
        "code": list(CODES),
        "name": [f"Tên {code}" for code in CODES],
        "full_name": [f"Phường Tên {code}" for code in CODES],
        "kind": "phường",
        "province_code": PROVINCE,
        "phase": ["none" if code in outside else "pilot" for code in CODES],
    }
    return geopandas.GeoDataFrame(columns, geometry=[lonlat(square) for square in squares], crs="EPSG:4326")


def town_sites(*sites: dict[str, Any]) -> geopandas.GeoDataFrame:
    """Sites from `site_id`, `geometry` in town metres, and what differs from an old, active one in no declared ward."""
    usual = {"group": "public", "level": "active", "handed_over": 2016, "declared_wards": (), "corridor_m": 50.0}
    rows = [{**usual, "name": f"Phố {site['site_id']}", **site, "geometry": lonlat(site["geometry"])} for site in sites]
    return geopandas.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326")
