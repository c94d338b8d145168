"""What the records must know of the registers: which sites and wards there are, and where a point lies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import numpy as np

from geo import settings
from geo.reference.cities import cities, in_list, list_in_view

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from shapely.geometry.base import BaseGeometry

    from geo.reference.cities import City
    from geo.reference.programmes import Programme
    from geo.reference.wards import WardRegister

Stamps = tuple[tuple[str, int], ...]
WardsAt = Callable[[Sequence[float], Sequence[float]], Sequence[str | None]]
"""Longitudes and latitudes (WGS 84 degrees) → ward codes, None outside all wards."""
PlaceAt = Callable[[str, float | None], tuple[float, float] | None]
"""Site id and chainage (metres, None: somewhere on it) → longitude and latitude, None where unknown."""

PlaceOn = Callable[[str, float | None, date], tuple[float, float] | None]
"""The same on a day; None where nothing is recorded of the site."""


PhaseOn = Callable[[str, date], str]
"""Ward code and day → its phase in the support programme; '' for no ward."""


@dataclass(frozen=True, slots=True)
class RegisterLookup:
    """The registers as the records see them.

    `site_lengths`: site id → metres along its route (0 for areas and points, which have no chainage); `ward_codes`: all
    codes; `ward_named`: any spelling → code, for those who type names (raises `UnknownWardError`); `programmes`: by
    their ids; `place_on`: as `place_at`, by the versions that were published; `provinces`: ward code → province code;
    `phase_on`: by what is recorded of phases, else by the wards of the data set.
    """

    site_lengths: Mapping[str, float]
    ward_codes: frozenset[str]
    wards_at: WardsAt
    place_at: PlaceAt | None = None
    ward_named: Callable[[str], str] | None = None
    programmes: Mapping[str, Programme] | None = None
    place_on: PlaceOn | None = None
    provinces: Mapping[str, str] = field(default_factory=dict)
    phase_on: PhaseOn | None = None

    def place(self, site_id: str, chainage_m: float | None, day: date) -> tuple[float, float] | None:
        """Where a chainage lay on the route that a site had on a day."""
        found = self.place_on(site_id, chainage_m, day) if self.place_on else None
        return found or (self.place_at(site_id, chainage_m) if self.place_at else None)


def load_register_lookup() -> RegisterLookup:
    """The registers of the data set: wards, sites and programmes of the list in view. Read again when a file changed.

    Raises
    ------
    DataFileMissingError, InputError
        As `load_wards`, `load_sites` and `load_programmes`.
    """
    return _load(list_in_view(), _stamps())


@lru_cache(maxsize=8)
def _load(key: str, _: Stamps) -> RegisterLookup:
    from geo.reference.programmes import load_programmes
    from geo.reference.sites import load_sites
    from geo.reference.wards import WardRegister

    wards = WardRegister.load()
    sites = load_sites()
    lengths = {
        str(site): route_length(geometry) for site, geometry in zip(sites["site_id"], sites.geometry, strict=True)
    }
    phases = {ward.code: ward.phase for ward in wards.wards}
    return RegisterLookup(
        site_lengths=lengths,
        ward_codes=frozenset(ward.code for ward in wards.wards),
        wards_at=partial(_wards_at, key),
        place_at=places_along(sites),
        ward_named=lambda name: wards.by_name(name).code,
        programmes={plan.id: plan for plan in load_programmes()},
        provinces={ward.code: ward.province_code for ward in wards.wards},
        phase_on=lambda code, _: phases.get(code, ""),
    )


def _wards_at(key: str, lons: Sequence[float], lats: Sequence[float]) -> list[str | None]:
    """The wards at some points, of all cities of a list: a city in whose bounds none of them lies is not read. On a
    border of two cities the ward of the lower province code."""
    from geo.reference.wards import extent_of

    x, y = np.asarray(lons, dtype=float), np.asarray(lats, dtype=float)
    found, pending = np.full(x.shape, None, dtype=object), np.ones(x.shape, dtype=bool)
    with in_list(key):
        places = sorted(cities(), key=lambda place: place.province_code)
    for place in places:
        west, south, east, north = extent_of(place)
        rows = np.flatnonzero((west <= x) & (x <= east) & (south <= y) & (y <= north) & pending)
        if rows.size:
            found[rows] = _register(place, _stamps()).codes_at(x[rows], y[rows])
            pending[rows] = [code is None for code in found[rows]]
    return list(found)


@lru_cache(maxsize=80)
def _register(place: City, _: Stamps) -> WardRegister:
    from geo.reference.wards import WardRegister

    return WardRegister.load(city=place)


def _stamps() -> Stamps:
    return tuple((str(path), path.stat().st_mtime_ns if path.exists() else 0) for path in settings.register_files())


def route_length(geometry: BaseGeometry) -> float:
    """Geodesic length of a route in metres (WGS 84 ellipsoid); 0 for areas and points, which have no chainage."""
    from pyproj import Geod

    if geometry.geom_type not in ("LineString", "MultiLineString"):
        return 0.0
    return float(Geod(ellps="WGS84").geometry_length(geometry))


def places_along(sites: GeoDataFrame) -> PlaceAt:
    """Where a chainage lies on each site's route; somewhere on the site without one, as for areas and points."""
    return places_of(dict(zip(sites["site_id"], sites.geometry, strict=True)))


def places_of(routes: Mapping[str, BaseGeometry]) -> PlaceAt:
    """The same of routes by their name."""
    from geo.spatial.chainage import Chainage  # shapely, which not every command needs

    measured: dict[str, Chainage] = {}

    def place(site_id: str, chainage_m: float | None) -> tuple[float, float] | None:
        route = routes.get(site_id)
        if route is None:
            return None
        if chainage_m is None or route_length(route) == 0:
            middle = route.representative_point()
            return float(middle.x), float(middle.y)
        found = measured.get(site_id) or Chainage.of(route)
        if found is None:  # a line without a length is met above
            return None
        measured[site_id] = found
        lon, lat = found.at(np.array([chainage_m]))[0].tolist()
        return lon, lat

    return place
