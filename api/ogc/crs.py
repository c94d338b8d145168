"""Coordinate systems that OGC clients may ask for: WGS 84, and the VN-2000 zones of the cities."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from api.core.problems import QueryError
from api.resources.dependencies import Box, checked_degrees
from api.resources.feature_collections import Collection, geometry_bytes
from geo.cache import Cache
from geo.errors import Problem
from geo.reference.cities import cities

if TYPE_CHECKING:
    from pyproj import Transformer

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
_MILLIMETRES = 3
_DEGREE_DECIMALS = 7


@cache
def known_crs() -> tuple[str, ...]:
    """URIs of all coordinate systems that can be requested; the first is that of the data."""
    return (CRS84, f"{_EPSG}4326", *dict.fromkeys(f"{_EPSG}{city.epsg}" for city in cities()))


def checked_crs(text: str | None, parameter: str) -> str:
    """The URI of a coordinate system; the safe CURIE `[EPSG:5897]` and `EPSG:5897` mean the same.

    Raises
    ------
    QueryError
        It is none of `known_crs`.
    """
    if text is None:
        return CRS84
    code = text.strip("[]").removeprefix("EPSG:")
    wanted = f"{_EPSG}{code}" if code.isascii() and code.isdigit() else text
    if wanted not in known_crs():
        raise QueryError(Problem("service.no-such-crs", parameter, text=text[:60], offered=known_crs()))
    return wanted


def box_in_wgs84(box: Box, uri: str) -> Box:
    """A box (in the axis order of its system) as west, south, east, north in WGS 84; one that holds it, if turned."""
    if uri == CRS84:
        return checked_degrees(box)
    if uri.endswith("/4326"):
        return checked_degrees((box[1], box[0], box[3], box[2]))
    west, south, east, north = _transformer(uri, back=True).transform_bounds(*box)
    if not np.isfinite([west, south, east, north]).all():
        raise QueryError(Problem("service.bbox-outside-crs", "bbox"))
    return west, south, east, north


def point_in_wgs84(x: float, y: float, uri: str) -> tuple[float, float]:
    """Longitude and latitude of a point, whose coordinates are in the axis order of its system."""
    if uri == CRS84:
        return x, y
    if uri.endswith("/4326"):
        return y, x
    lon, lat = _transformer(uri, back=True).transform(x, y)
    if not np.isfinite([lon, lat]).all():
        raise QueryError(Problem("service.bbox-outside-crs", "geometry"))
    return round(float(lon), _DEGREE_DECIMALS), round(float(lat), _DEGREE_DECIMALS)


def geometries_in(found: Collection, uri: str) -> tuple[bytes, ...]:
    """The geometries of a collection as GeoJSON in a coordinate system, in its axis order; made once each."""
    if uri == CRS84:
        return geometry_bytes(found)
    return _geometries.get(
        (found.name, found.source, uri), lambda: tuple(map(_geojson, _projected(found.geometries, uri)))
    )


def _projected(geometries: NDArray[np.object_], uri: str) -> NDArray[np.object_]:
    flat = shapely.orient_polygons(shapely.force_2d(geometries), exterior_cw=False)
    if shapely.is_missing(flat).any():
        # What has no place stays without one; the transformation takes whole arrays.
        found: NDArray[np.object_] = np.full(len(flat), None, dtype=object)
        known = ~shapely.is_missing(flat)
        found[known] = _projected(flat[known], uri)
        return found
    if uri.endswith("/4326"):
        swapped: NDArray[np.object_] = shapely.transform(flat, lambda xy: np.round(xy[:, ::-1], _DEGREE_DECIMALS))
        return swapped
    transformer = _transformer(uri, back=False)

    def metres(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.round(np.column_stack(transformer.transform(xy[:, 0], xy[:, 1])), _MILLIMETRES)

    projected: NDArray[np.object_] = shapely.transform(flat, metres)
    return projected


def _geojson(geometry: shapely.Geometry | None) -> bytes:
    return b"null" if geometry is None else shapely.to_geojson(geometry).encode()


@cache
def _transformer(uri: str, *, back: bool) -> Transformer:
    from pyproj import Transformer

    # VN-2000 zones are east, north in the EPSG register as well, so `always_xy` leaves their own order.
    pair = (f"EPSG:{uri.rsplit('/', 1)[1]}", "EPSG:4326")
    return Transformer.from_crs(*(pair if back else pair[::-1]), always_xy=True)


_geometries: Cache[tuple[str, str, str], tuple[bytes, ...]] = Cache(24)
