"""Coordinate systems in which given coordinates would lie in a ward: what is offered where a file names a wrong one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.importing.geometries.model import Geometries
from geo.reference.cities import cities
from geo.spatial.lookup import OUTSIDE

if TYPE_CHECKING:
    from pyproj import Transformer

    from geo.reference.ward import Ward
    from geo.reference.wards import WardRegister

Floats = NDArray[np.float64]
SAMPLE = 200
"""So many vertices are looked at, spread over all."""
_OTHERS = (3405, 3406, 32648, 32649, 2044, 2045, 3857)
"""VN-2000 and WGS 84 in UTM, HN-72 in Gauss-Krüger, the maps of the web."""
_DEGREES = {4326: "WGS 84", 4756: "VN-2000"}
_ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class Offer:
    """A system that fits: its EPSG code and name, a ward in which the route lies then, and the share that lies in any.

    `is_own`: it is the zone in which the province of that ward works.
    """

    epsg: int
    name: str
    ward: str
    share: float
    is_own: bool

    def __str__(self) -> str:
        return f"EPSG:{self.epsg} ({self.name}: {self.ward})" if self.ward else f"EPSG:{self.epsg} ({self.name})"


@cache
def vn2000_zones() -> dict[int, str]:
    """EPSG code → name of every VN-2000 system in metres, those of the cities first."""
    from pyproj.database import query_crs_info
    from pyproj.enums import PJType

    known = {
        int(info.code): info.name
        for info in query_crs_info(auth_name="EPSG", pj_types=[PJType.PROJECTED_CRS])
        if info.name.startswith("VN-2000") and info.code.isdigit()
    }
    own = [city.epsg for city in cities() if city.epsg in known]
    return {code: known[code] for code in (*own, *(code for code in known if code not in own))}


def sample(geometries: Geometries) -> Floats:
    """Some vertices of geometries, (n, 2), at most `SAMPLE`, without those that are not finite."""
    xy: Floats = shapely.get_coordinates(geometries[~shapely.is_missing(geometries)])
    xy = xy[np.isfinite(xy).all(axis=1)]
    if len(xy) <= SAMPLE:
        return xy
    some: Floats = xy[np.linspace(0, len(xy) - 1, SAMPLE).astype(int)]
    return some


def in_degrees(xy: Floats, epsg: int) -> Floats:
    """Positions of a system as WGS 84 longitude and latitude, infinite where they are none."""
    transformer = _transformer(epsg)
    lonlat: Floats = np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))
    return lonlat


@cache
def _transformer(epsg: int) -> Transformer:
    from pyproj import Transformer

    return Transformer.from_crs(f"EPSG:{epsg}", "EPSG:4326", always_xy=True)


def inside(lonlat: Floats, wards: WardRegister) -> tuple[float, Ward | None]:
    """The share of points that lie in a ward, and the ward in which most of them do."""
    if not len(lonlat):
        return 0.0, None
    usable = np.where(np.isfinite(lonlat), lonlat, 0.0)
    rows = wards.lookup.rows(usable[:, 0], usable[:, 1])
    found = rows[rows != OUTSIDE]
    if not len(found):
        return 0.0, None
    return len(found) / len(lonlat), wards.wards[int(np.bincount(found).argmax())]


def offers(xy: Floats, wards: WardRegister, most: int = 3) -> list[Offer]:
    """The systems in which most of the vertices lie in wards, in either order of the axes, the best first.

    Where one is the zone of the province in which the route lies then, other zones are left out: zones are half a
    degree apart and a province is as wide, so the route lies in some ward in those too.
    """
    found = {offer.epsg: offer for offer in _tried(xy, wards) if offer.share >= _ENOUGH}
    if any(offer.is_own for offer in found.values()):
        found = {epsg: offer for epsg, offer in found.items() if offer.is_own or epsg in _OTHERS}
    return sorted(found.values(), key=lambda offer: (not offer.is_own, -offer.share))[:most]


def offer_of(xy: Floats, epsg: int, wards: WardRegister) -> Offer:
    """The offer of one system, whether or not the route lies in a ward then."""
    name = _metric_names().get(epsg) or _DEGREES[epsg]
    tried = [inside(in_degrees(turned, epsg), wards) for turned in (xy, xy[:, ::-1])]
    share, ward = max(tried, key=lambda pair: pair[0])
    return Offer(epsg, name, ward.full_name if ward else "", share, _is_own(epsg, ward))


def _tried(xy: Floats, wards: WardRegister) -> Iterator[Offer]:
    if not len(xy):
        return
    is_degrees = bool((np.abs(xy) <= 180.0).all())
    yield from (offer_of(xy, epsg, wards) for epsg in (_DEGREES if is_degrees else _metric_names()))


def _is_own(epsg: int, ward: Ward | None) -> bool:
    return ward is not None and any(c.epsg == epsg and c.province_code == ward.province_code for c in cities())


@cache
def _metric_names() -> dict[int, str]:
    from pyproj import CRS

    return {**vn2000_zones(), **{code: CRS.from_epsg(code).name for code in _OTHERS if code not in vn2000_zones()}}
