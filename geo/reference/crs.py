"""Coordinate systems: WGS 84 for what is stored and exchanged, VN-2000 / TM-3 for metric work.

The zone follows the province (`data/cities.toml`), always by EPSG code: Hà Nội EPSG:5897, Huế EPSG:9214. UTM 48N is
off by 300 ppm here and Web Mercator by 7 %; leaving out the datum shift moves a point by 225 m.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.reference.cities import city

if TYPE_CHECKING:
    from pyproj import Transformer

WGS84 = "EPSG:4326"

Geometries = NDArray[np.object_]


def metric_epsg(province_code: str) -> int:
    """EPSG code of the VN-2000 / TM-3 zone of a province ('01' → 5897).

    Raises
    ------
    UnknownNameError
        There is no such province.
    """
    return city(province_code).epsg


def to_metric(geometries: Geometries, province_code: str) -> Geometries:
    """Geometries in WGS 84 (longitude, latitude) → metres east and north in the province's VN-2000 zone."""
    return _project(geometries, _transformer(metric_epsg(province_code), inverse=False))


def to_wgs84(geometries: Geometries, province_code: str) -> Geometries:
    """Geometries in metres of the province's VN-2000 zone → WGS 84 (longitude, latitude)."""
    return _project(geometries, _transformer(metric_epsg(province_code), inverse=True))


def points_to_metric(lonlat: NDArray[np.float64], province_code: str) -> NDArray[np.float64]:
    """(n, 2) longitudes and latitudes → metres east and north, as `to_metric` does, without a geometry for each."""
    return np.column_stack(_transformer(metric_epsg(province_code), inverse=False).transform(*lonlat.T))


def degrees_fit(bounds: tuple[float, float, float, float], province_code: str) -> dict[str, list[float]]:
    """Metres of the province's VN-2000 zone → WGS 84 as a polynomial, for a script that has no projections.

    `lon` and `lat` are the factors of u^i v^j for i + j <= 4, by i, then by j; u and v are metres east and north from
    `middle` in units of 100 km. Fitted by least squares to `to_wgs84` on a grid over `bounds` (west, south, east,
    north; degrees) and a fifth of their size on every side, where it stays within a millimetre.
    """
    west, south, east, north = bounds
    x, y = (east - west) / 5, (north - south) / 5
    lons, lats = np.meshgrid(np.linspace(west - x, east + x, 15), np.linspace(south - y, north + y, 15))
    places = np.asarray(shapely.points(lons.ravel(), lats.ravel()), dtype=object)
    metric = shapely.get_coordinates(to_metric(places, province_code))
    middle = metric.mean(axis=0).round()
    u, v = ((metric - middle) / 1e5).T
    terms = np.column_stack([u**i * v**j for i in range(5) for j in range(5 - i)])
    factors = np.linalg.lstsq(terms, np.column_stack([lons.ravel(), lats.ravel()]), rcond=None)[0]
    return {"middle": middle.tolist(), "lon": factors[:, 0].tolist(), "lat": factors[:, 1].tolist()}


def _project(geometries: Geometries, transformer: Transformer) -> Geometries:
    def xy(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    projected: Geometries = shapely.transform(np.asarray(geometries, dtype=object), xy)
    return projected


@cache
def _transformer(epsg: int, *, inverse: bool) -> Transformer:
    from pyproj import Transformer

    pair = (f"EPSG:{epsg}", WGS84) if inverse else (WGS84, f"EPSG:{epsg}")
    return Transformer.from_crs(*pair, always_xy=True)
