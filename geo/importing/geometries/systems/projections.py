"""What a coordinate system says of itself: its projection, its datum, and whether it is VN-2000 declared wrongly.

VN-2000 lies some 220 m beside WGS 84 here. A widespread way to declare its TM-3 zones is a transverse Mercator with the
scale 0.9999 on the ellipsoid of WGS 84 without the datum shift, or with one of nought; it puts a route into the next
ward.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geo.importing.geometries.systems.offers import vn2000_zones

if TYPE_CHECKING:
    from pyproj import CRS

_SHIFT = "-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278"
"""VN-2000 to WGS 84, seven parameters (EPSG:6960), the rotations with the signs that PROJ wants."""
_HN72_SHIFT = "-17.51,-108.32,-62.39"
"""HN-72 to WGS 84, three parameters (EPSG:1544)."""
_TM3, _UTM = 0.9999, 0.9996
_NEAR_M = 5.0
_METRES_OF_DEGREE = 111_000.0
_MAINLAND = (102.14, 8.33, 109.53, 23.4)
"""Where VN-2000 is in use, as its entry in the EPSG registry has it: west, south, east, north in degrees."""
_UNKNOWN = ("unknown", "not specified", "not_specified", "undefined")
_LOST_SHIFT = re.compile(r"towgs84\D*0*[1-9]", re.I)
Bounds = tuple[float, float, float, float]
_METHODS = ("Transverse Mercator", "Gauss Kruger", "Gauss-Kruger")


@dataclass(frozen=True, slots=True)
class TransverseMercator:
    """The parameters of a transverse Mercator: central meridian and scale, false easting and northing in metres."""

    meridian: float
    scale: float
    easting: float
    northing: float

    @property
    def is_tm3(self) -> bool:
        """Whether it is one of VN-2000's zones of three degrees, of whatever datum."""
        return abs(self.scale - _TM3) < 4e-5 and 100.0 <= self.meridian <= 112.0

    @property
    def is_utm(self) -> bool:
        """Whether it is a zone of six degrees in or beside Việt Nam."""
        return abs(self.scale - _UTM) < 4e-5 and self.meridian in (105.0, 111.0)


def transverse_mercator(crs: CRS) -> TransverseMercator | None:
    """The parameters of the projection; None where it is another one."""
    plain = crs.source_crs if crs.is_bound and crs.source_crs is not None else crs
    operation = plain.coordinate_operation
    if operation is None or operation.method_name not in _METHODS:
        return None
    by_name = {p.name: float(p.value) * (p.unit_conversion_factor or 1.0) for p in operation.params}
    return TransverseMercator(
        meridian=round(math.degrees(by_name.get("Longitude of natural origin", 0.0)), 6),
        scale=by_name.get("Scale factor at natural origin", 1.0),
        easting=by_name.get("False easting", 0.0),
        northing=by_name.get("False northing", 0.0),
    )


def zone_of(projection: TransverseMercator) -> int | None:
    """The EPSG code of the VN-2000 zone with these parameters."""
    from pyproj import CRS

    for code in vn2000_zones():
        if transverse_mercator(CRS.from_epsg(code)) == projection:
            return code
    return None


def vn2000_text(projection: TransverseMercator) -> str:
    """VN-2000 with these parameters as a PROJ text, for zones that have no EPSG code."""
    return (
        f"+proj=tmerc +lat_0=0 +lon_0={projection.meridian:g} +k={projection.scale:g} +x_0={projection.easting:g} "
        f"+y_0={projection.northing:g} +ellps=WGS84 +towgs84={_SHIFT} +units=m +no_defs"
    )


def hn72_text(projection: TransverseMercator) -> str:
    """HN-72 with these parameters as a PROJ text."""
    return (
        f"+proj=tmerc +lat_0=0 +lon_0={projection.meridian:g} +k={projection.scale:g} +x_0={projection.easting:.0f} "
        f"+y_0={projection.northing:g} +ellps=krass +towgs84={_HN72_SHIFT} +units=m +no_defs"
    )


def metres_beside_vn2000(crs: CRS, projection: TransverseMercator) -> float:
    """How far a system puts a point from where VN-2000 of the same projection does, in metres; infinite: nowhere."""
    from pyproj import CRS, Transformer

    east, north = projection.easting + 50_000.0, projection.northing + 2_300_000.0
    unit = _metres_of_unit(crs)
    places = [
        Transformer.from_crs(system, "EPSG:4326", always_xy=True).transform(east / each, north / each)
        for system, each in ((crs, unit), (CRS.from_user_input(vn2000_text(projection)), 1.0))
    ]
    (lon, lat), (right_lon, right_lat) = places
    if not math.isfinite(lon + lat):
        return math.inf
    return math.hypot((lon - right_lon) * math.cos(math.radians(lat)), lat - right_lat) * _METRES_OF_DEGREE


def _metres_of_unit(crs: CRS) -> float:
    """Metres of the unit in which a system counts: surveys come in kilometres and feet too."""
    plain = crs.source_crs if crs.is_bound and crs.source_crs is not None else crs
    return next((axis.unit_conversion_factor for axis in plain.axis_info if axis.unit_conversion_factor), 1.0)


def metres_of_scale(crs: CRS, projection: TransverseMercator | None) -> tuple[float, TransverseMercator] | None:
    """How far a system of scale 1 lies from the TM-3 zone of its meridian, in metres, and that zone.

    Programs set the scale to 1 where it was left out of a system that was typed in. None where the scale is another,
    the system has a code of its own, or stands on another ellipsoid: HN-72 has the scale 1.
    """
    if projection is None or projection.scale != 1.0 or not 100.0 <= projection.meridian <= 112.0:
        return None
    if crs.to_authority(min_confidence=100) is not None or not is_on_wgs84_ellipsoid(crs):
        return None
    zone = replace(projection, scale=_TM3)
    return metres_beside_vn2000(crs, zone), zone


def is_declared_wrongly(crs: CRS, projection: TransverseMercator | None) -> bool:
    """Whether it is a TM-3 zone that leaves VN-2000's datum shift out, or has another one."""
    if projection is None or not projection.is_tm3:
        return False
    metres = metres_beside_vn2000(crs, projection)
    return math.isfinite(metres) and metres >= _NEAR_M


def has_unknown_datum(crs: CRS) -> bool:
    """Whether nothing says how the datum lies to WGS 84, or a shift of nought says it."""
    from pyproj import Transformer
    from pyproj.exceptions import ProjError

    if crs.is_bound:
        operation = crs.coordinate_operation
        return operation is not None and not any(operation.towgs84 or (1.0,))
    geodetic = crs.geodetic_crs
    name = geodetic.datum.name.lower() if geodetic is not None and geodetic.datum is not None else "unknown"
    if any(word in name for word in _UNKNOWN):
        return True
    try:
        return "Ballpark" in Transformer.from_crs(crs, "EPSG:4326", always_xy=True).description
    except ProjError:
        return True


def is_of_elsewhere(crs: CRS, lonlat: NDArray[np.float64]) -> bool:
    """Whether a system is made for another country, and none of the points lies there.

    Where a zone of UTM has no datum, programs write the first of their list that looks alike, one of Indonesia.
    """
    area = crs.area_of_use
    if area is None or _meet(area.bounds, _MAINLAND):
        return False
    west, south, east, north = area.bounds
    x, y = lonlat[:, 0], lonlat[:, 1]
    return not bool(((x >= west) & (x <= east) & (y >= south) & (y <= north)).any())


def _meet(one: Bounds, other: Bounds) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def names_a_shift(crs: CRS) -> bool:
    """Whether a datum is called after a shift that is lost, as a `.prj` has it which another program wrote."""
    geodetic = crs.geodetic_crs
    name = geodetic.datum.name if geodetic is not None and geodetic.datum is not None else ""
    return bool(_LOST_SHIFT.search(name))


def is_on_krassowsky(crs: CRS) -> bool:
    """Whether the ellipsoid is that of Krassowsky, on which HN-72 is."""
    return crs.ellipsoid is not None and abs(crs.ellipsoid.semi_major_metre - 6_378_245.0) < 0.5


def is_on_wgs84_ellipsoid(crs: CRS) -> bool:
    """Whether the ellipsoid is that of WGS 84."""
    return crs.ellipsoid is not None and abs(crs.ellipsoid.semi_major_metre - 6_378_137.0) < 0.5
