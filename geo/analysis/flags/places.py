"""Where the reports lie: from a frame of reports to arrays in metres, with the wards and corridors of a city."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geo.analysis.detection.inputs import Corridors, Reports, corridors
from geo.reference.crs import points_to_metric, to_metric, to_wgs84
from geo.spatial.edge_index_cache import cached_index
from geo.spatial.lookup import OUTSIDE, PointLookup

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import Series

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

EPOCH = date(1970, 1, 1)
UNFOUNDED_DAYS = 90
"""Reports found unfounded (*không có cơ sở*) count no more, but only for so long: older ones looked then as unverified
ones look today, and stay part of what a place usually brings, or the past would seem quieter than it was."""
_MARGIN_DEGREES = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class StudyArea:
    """A city to look for reports in: wards in WGS 84, corridors of the sites in metres of its VN-2000 zone."""

    province: str
    ward_codes: tuple[str, ...]
    lookup: PointLookup
    sites: Corridors

    def metric(self, lonlat: Floats) -> Floats:
        """(n, 2) longitudes and latitudes → metres east and north."""
        return points_to_metric(lonlat, self.province)

    def wgs84(self, geometry: BaseGeometry) -> BaseGeometry:
        """A geometry in metres → longitude and latitude, to 0.1 m."""
        turned = to_wgs84(np.array([geometry], dtype=object), self.province)[0]
        rounded: BaseGeometry = shapely.transform(turned, lambda xy: np.round(xy, 6))
        return rounded


@dataclass(frozen=True, slots=True, eq=False)
class Located:
    """Reports with a place in the city, in the frame's order.

    `reports`: places in metres, day numbers from 1970-01-01, verified or not; `ward`: row of each one's ward, -1 for
    none; `precise`: false where only the site is known and the place is its middle; `rows`: their rows in the frame.
    """

    reports: Reports
    ward: Ints
    precise: Bools
    rows: Ints

    def __len__(self) -> int:
        return len(self.reports)


def day_number(day: date) -> int:
    """Days from 1970-01-01."""
    return (day - EPOCH).days


def day_of(number: int) -> date:
    """The day of a number of `day_number`."""
    return EPOCH + timedelta(days=int(number))


def study_area_of(wards: GeoDataFrame, sites: GeoDataFrame) -> StudyArea:
    """The area of one city; `wards` must hold one."""
    province = str(wards["province_code"].iloc[0])
    routes = to_metric(np.asarray(sites.geometry, dtype=object), province)
    held = corridors(sites["site_id"].tolist(), list(routes), sites["corridor_m"].astype(float).tolist())
    lookup = cached_index(np.asarray(wards.geometry, dtype=object)).lookup
    return StudyArea(province, tuple(wards["code"].tolist()), lookup, held)


def located(frame: GeoDataFrame, day: date, area: StudyArea) -> Located:
    """The reports up to a day that have a place in a ward or a corridor of the city.

    Left out: later ones, those without a day or a place, those outside the city, and those of the last 90 days that
    were found unfounded. A report that names a site and a chainage, but has no point, is placed on the site's route.
    """
    number = _day_numbers(frame)
    lonlat = _points(frame)
    usable = (number <= day_number(day)) & ~_unfounded(frame, number, day)
    xy = _metric(lonlat, area)
    precise = _precise(frame)
    _place_on_sites(xy, usable & np.isnan(xy[:, 0]), frame, area.sites)
    usable &= np.isfinite(xy).all(axis=1)
    rows = np.flatnonzero(usable)
    ward = _ward_rows(lonlat[rows], xy[rows], area)
    inside = (ward != OUTSIDE) | area.sites.hold(xy[rows]).any(axis=1)
    rows, ward = rows[inside], ward[inside]
    sure = np.asarray(_column(frame, "verified", False), dtype=object)[rows] == True  # noqa: E712 (may hold None)
    return Located(Reports(xy[rows], number[rows], sure.astype(bool)), ward, precise[rows], rows)


def _place_on_sites(xy: Floats, wanted: Bools, frame: GeoDataFrame, sites: Corridors) -> None:
    """Fill in the places of reports that name a site and have no point."""
    rows = np.flatnonzero(wanted).tolist()
    if not rows:
        return
    site, chainage = (_column(frame, name, None).tolist() for name in ("site_id", "chainage_m"))
    for row in rows:
        xy[row] = _on_site(site[row], chainage[row], sites)


def _ward_rows(lonlat: Floats, xy: Floats, area: StudyArea) -> Ints:
    """The rows of the wards of places, by longitude and latitude where they are given, else by metres."""
    if not len(xy):
        return np.zeros(0, dtype=np.int64)
    on_site = np.flatnonzero(np.isnan(lonlat[:, 0]))
    if len(on_site):
        placed = to_wgs84(np.asarray(shapely.points(xy[on_site])), area.province)
        lonlat = lonlat.copy()
        lonlat[on_site] = shapely.get_coordinates(placed)
    return area.lookup.rows(lonlat[:, 0], lonlat[:, 1]).astype(np.int64)


def _day_numbers(frame: GeoDataFrame) -> Ints:
    """Day numbers; what is not a day is later than any."""
    import pandas as pd

    days = pd.to_datetime(frame["day"], errors="coerce").to_numpy(dtype="datetime64[D]")
    number = days.astype(np.int64)
    return np.where(np.isnat(days), np.iinfo(np.int64).max, number)


def _points(frame: GeoDataFrame) -> Floats:
    geometry = np.asarray(frame.geometry, dtype=object)
    return np.column_stack([shapely.get_x(geometry), shapely.get_y(geometry)]).reshape(-1, 2)


def _metric(lonlat: Floats, area: StudyArea) -> Floats:
    """Metres where the point lies in the city's surroundings, NaN elsewhere: a projection says nothing far away."""
    west, south, east, north = shapely.total_bounds(area.lookup.polygons)
    near = (lonlat >= [west - _MARGIN_DEGREES, south - _MARGIN_DEGREES]).all(axis=1)
    near &= (lonlat <= [east + _MARGIN_DEGREES, north + _MARGIN_DEGREES]).all(axis=1)
    xy = np.full(lonlat.shape, np.nan)
    if near.any():
        xy[near] = area.metric(lonlat[near])
    return xy


def _unfounded(frame: GeoDataFrame, number: Ints, day: date) -> Bools:
    status = np.asarray(_column(frame, "status", ""), dtype=object)
    return np.asarray((status == "unfounded") & (number > day_number(day) - UNFOUNDED_DAYS), dtype=bool)


def _precise(frame: GeoDataFrame) -> Bools:
    """Whether more is known than the site: a point or a chainage."""
    given = frame["lon"].notna() if "lon" in frame else frame.geometry.notna()
    chained = _column(frame, "chainage_m", None)
    known: Bools = np.asarray(given, dtype=bool) | np.asarray(chained.notna(), dtype=bool)
    return known


def _on_site(site_id: object, chainage_m: object, sites: Corridors) -> Floats:
    """A place on a site: by chainage on a line, else its middle; NaN for a site that is not there."""
    if site_id not in sites.site_ids:
        return np.full(2, np.nan)
    route = sites.geometries[sites.site_ids.index(str(site_id))]
    known = isinstance(chainage_m, int | float | np.floating) and chainage_m == chainage_m
    if not known or shapely.get_dimensions(route) != 1:
        place = shapely.point_on_surface(route)
    else:
        assert isinstance(chainage_m, int | float)
        place = shapely.line_interpolate_point(route, min(float(chainage_m), route.length))
    xy: Floats = shapely.get_coordinates(place)[0]
    return xy


def _column(frame: GeoDataFrame, name: str, otherwise: Any) -> Series[Any]:
    import pandas as pd

    return frame[name] if name in frame else pd.Series([otherwise] * len(frame), index=frame.index, dtype=object)
