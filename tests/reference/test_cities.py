"""Each city is measured in the VN-2000 zone of its own province, and gains nothing from another's."""

from __future__ import annotations

import geopandas
import numpy as np
import pytest
import shapely
from pyproj import Geod

from geo.reference.cities import cities, city
from geo.reference.crs import metric_epsg, to_metric
from geo.reference.wards import load_wards

GEOD = Geod(ellps="WGS84")


def geodesic_areas(wards: geopandas.GeoDataFrame) -> np.ndarray:
    return np.array([abs(GEOD.geometry_area_perimeter(shape)[0]) for shape in wards.geometry])


def test_the_zone_follows_the_province() -> None:
    assert {place.slug: metric_epsg(place.province_code) for place in cities()} == {"hanoi": 5897, "hue": 9214}


@pytest.mark.parametrize("slug", ["hanoi", "hue"])
def test_areas_in_the_own_zone_are_those_of_the_ellipsoid(slug: str) -> None:
    place = city(slug)
    wards = load_wards(city=place)
    own = shapely.area(to_metric(wards.geometry.to_numpy(), place.province_code))
    assert own == pytest.approx(geodesic_areas(wards), rel=3e-4)


def test_hue_in_the_zone_of_ha_noi_is_off_by_more() -> None:
    wards = load_wards(city=city("hue"))
    true = geodesic_areas(wards)
    own, other = (shapely.area(to_metric(wards.geometry.to_numpy(), code)) for code in ("46", "01"))
    assert np.abs(other / true - 1).max() > 5 * np.abs(own / true - 1).max()
