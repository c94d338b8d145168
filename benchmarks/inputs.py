"""What is measured: real wards, and routes that random walks draw over them (fixed seed)."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

CRS = "EPSG:3405"
"""VN-2000 / UTM 48N: one plane for the whole country, so that all peers measure the same planar metres."""


def country(shared: Path) -> gpd.GeoDataFrame:
    """The 3,321 wards of the country, generalised to 10 m."""
    wards = gpd.read_parquet(shared / "data" / "wards_vietnam_10m.parquet").to_crs(CRS)
    return wards[["code", "geometry"]].reset_index(drop=True)


def hanoi() -> gpd.GeoDataFrame:
    """The 126 wards of Hà Nội as shipped."""
    import geo

    wards = geo.load_wards()
    return wards.loc[wards["province_code"] == "01", ["code", "geometry"]].to_crs(CRS).reset_index(drop=True)


def routes(wards: gpd.GeoDataFrame, count: int, *, seed: int = 7) -> gpd.GeoDataFrame:
    """Routes of 3 km in 30 steps, each begun near a ward chosen by chance."""
    random = np.random.default_rng(seed)
    geometries: NDArray[np.object_] = np.asarray(wards.geometry, dtype=object)
    inside = shapely.get_coordinates(shapely.point_on_surface(geometries))
    begin = inside[random.integers(0, len(geometries), count)] + random.normal(0, 2000, (count, 2))
    heading = random.uniform(0, 2 * np.pi, (count, 1)) + np.cumsum(random.normal(0, 0.3, (count, 30)), axis=1)
    steps = np.cumsum(np.stack([np.cos(heading), np.sin(heading)], axis=-1) * 100.0, axis=1)
    xy = np.concatenate([begin[:, None], begin[:, None] + steps], axis=1)
    return gpd.GeoDataFrame({"site": np.arange(count)}, geometry=shapely.linestrings(xy), crs=wards.crs)


def points(wards: gpd.GeoDataFrame, count: int, *, seed: int = 7) -> NDArray[np.float64]:
    """Points spread evenly over the bounds of Hà Nội, (count, 2)."""
    west, south, east, north = hanoi().to_crs(wards.crs).total_bounds
    return np.random.default_rng(seed).uniform((west, south), (east, north), (count, 2))
