"""Each city is measured in the VN-2000 zone of its own province, and gains nothing from another's."""

from __future__ import annotations

import re

import geopandas
import numpy as np
import pytest
import shapely
from pyproj import Geod

from geo.i18n.translator import translator
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


@pytest.mark.parametrize(
    ("place", "committee", "whole"),
    [
        ("hanoi", "Ủy ban nhân dân thành phố Hà Nội", "Toàn thành phố"),
        ("hue", "Ủy ban nhân dân thành phố Huế", "Toàn thành phố"),
        ("quang-ninh", "Ủy ban nhân dân tỉnh Quảng Ninh", "Toàn tỉnh"),
    ],
)
def test_papers_call_a_province_what_it_is(place: str, committee: str, whole: str) -> None:
    found, papers, reports = city(place), translator("vi", "dossier"), translator("vi", "reports")
    assert papers.text("city_committee", city=papers.pick(found.full_name)) == committee
    assert reports.text("phase_all", kind=reports.pick(found.kind)) == whole


def test_no_sentence_that_names_a_city_or_all_of_it_calls_it_a_city_by_itself() -> None:
    """What is said of one place says what it is by `{kind}`; words for any of them say *tỉnh, thành phố*."""
    said = re.compile(r"(?:[Tt]oàn|thuộc|nhân dân|quan) thành phố|(?<!tỉnh, )thành phố \{city\}")
    domains = ("dossier", "reports", "pages", "places")
    texts = {(name, key): text for name in domains for key, text in translator("vi", name).texts.items()}
    assert [key for key, text in texts.items() if said.search(text)] == []
