"""Metres: geodesic, and in agreement with VN-2000."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geo.errors import UnknownNameError
from geo.reference import crs
from geo.spatial.measure import Ellipsoid, Plane, route_length

GEOD = Geod(ellps="WGS84")
LON, LAT = st.floats(102.5, 109.5), st.floats(8.0, 23.5)
STEP = st.floats(-0.2, 0.2)


@given(LON, LAT, STEP, STEP)
def test_lengths_are_geodesic(lon: float, lat: float, dx: float, dy: float) -> None:
    start, end = np.array([[lon, lat]]), np.array([[lon + dx, lat + dy]])
    expected = GEOD.inv(lon, lat, lon + dx, lat + dy)[2]
    assert Ellipsoid().lengths(start, end)[0] == pytest.approx(expected, rel=1e-7, abs=1e-6)


def test_a_route_is_as_long_as_its_parts_and_areas_have_no_length() -> None:
    parts = [[(105.8, 21.0), (105.81, 21.005), (105.82, 21.0)], [(105.9, 21.0), (105.9, 21.02)]]
    route = shapely.MultiLineString(parts)
    assert route_length(route) == pytest.approx(GEOD.geometry_length(route), rel=1e-7)
    assert route_length(route.geoms[1]) == pytest.approx(GEOD.geometry_length(route.geoms[1]), rel=1e-7)
    assert route_length(shapely.box(105.8, 21.0, 105.9, 21.1)) == route_length(shapely.Point(105.8, 21.0)) == 0.0


@pytest.mark.parametrize(("province", "lon", "lat"), [("01", 105.8, 21.0), ("01", 105.3, 21.3), ("46", 107.5, 16.4)])
def test_agree_with_vn_2000(province: str, lon: float, lat: float) -> None:
    line = np.array([shapely.LineString([(lon, lat), (lon + 0.01, lat + 0.02), (lon + 0.04, lat)])], dtype=object)
    xy = shapely.get_coordinates(line)
    geodesic = Ellipsoid().lengths(xy[:-1], xy[1:]).sum()
    assert shapely.length(crs.to_metric(line, province))[0] == pytest.approx(geodesic, rel=1e-4)


def test_areas_agree_with_vn_2000() -> None:
    square = np.array([shapely.box(105.8, 21.0, 105.82, 21.02)], dtype=object)
    assert shapely.area(crs.to_metric(square, "01"))[0] == pytest.approx(Ellipsoid().areas(square)[0], rel=2e-4)


def test_plane_is_as_it_is() -> None:
    assert Plane().lengths(np.array([[0.0, 0.0]]), np.array([[3.0, 4.0]])).tolist() == [5.0]


def test_projection_there_and_back() -> None:
    points = shapely.points(np.array([[105.85, 21.03], [105.3, 20.9]]))
    back = crs.to_wgs84(crs.to_metric(points, "01"), "01")
    assert (
        np.abs(shapely.get_coordinates(back) - shapely.get_coordinates(points)).max() < 1e-8
    )  # 1 mm: the inverse of the datum shift is not exact


def test_datum_shift_is_applied() -> None:
    """Without it a point would lie about 225 m away: VN-2000 is not WGS 84."""
    from pyproj import Transformer

    here = shapely.get_coordinates(crs.to_metric(shapely.points([[105.85, 21.03]]), "01"))[0]
    unshifted = Transformer.from_pipeline(
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
        "+step +proj=tmerc +lat_0=0 +lon_0=105 +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84"
    ).transform(105.85, 21.03)
    assert 150 < np.hypot(*(here - unshifted)) < 300


def test_unknown_province() -> None:
    with pytest.raises(UnknownNameError, match="city '99'"):
        crs.metric_epsg("99")
