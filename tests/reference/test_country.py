"""The wards of the whole country: loaded, valid, found by name, by former name and by place."""

from __future__ import annotations

import csv
import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import shapely

from geo.reference.build.country.coverage import GAP_M
from geo.reference.cities import cities, city
from geo.reference.country.wards import country_file, country_names, country_table, provinces_at
from geo.reference.names import fold
from geo.reference.provinces import find_province, province, provinces
from geo.reference.wards import WardRegister, load_wards

EVERY = country_table()
SEARCH = country_names(["01", "46"])


def test_all_wards_of_34_provinces_are_a_valid_coverage_within_the_budget() -> None:
    assert len(EVERY.wards) == len({ward.code for ward in EVERY.wards}) == 3321
    assert Counter(ward.kind for ward in EVERY.wards) == {"xã": 2621, "phường": 687, "đặc khu": 13}
    assert len({ward.province_code for ward in EVERY.wards}) == len(provinces()) == 34
    assert shapely.is_valid(EVERY.shapes).all()
    assert shapely.coverage_is_valid(EVERY.shapes)
    assert country_file().stat().st_size <= 8_000_000


def test_no_narrow_gap_lies_between_wards_of_the_country() -> None:
    whole = shapely.coverage_union_all(EVERY.shapes)
    holes = [shapely.Polygon(ring) for part in shapely.get_parts(whole) for ring in part.interiors]
    width_m = [2 * 110_574 * shapely.maximum_inscribed_circle(hole, tolerance=1e-7).length for hole in holes]
    assert [round(width) for width in width_m if width < GAP_M] == []
    assert len(holes) == 2  # water in Hải Phòng, and a gap of the source, 17 m wide, in Đà Nẵng


def test_any_reader_of_geoparquet_opens_the_file() -> None:
    import geopandas

    frame = geopandas.read_parquet(country_file())
    assert len(frame) == 3321
    assert frame.crs == "EPSG:4326"
    here = dict(zip(frame["code"], frame.geometry, strict=True))
    assert all(here[ward.code].equals(shape) for ward, shape in zip(EVERY.wards[:50], EVERY.shapes[:50], strict=True))


def test_every_ward_is_found_by_its_official_name_in_its_province() -> None:
    names = {entry.code: entry.name for entry in provinces()}
    wrong = []
    for ward in EVERY.wards:
        found = SEARCH.search(f"{ward.full_name}, {names[ward.province_code]}")
        if ward.code not in {one.ward.code for one in found.found} or found.missing:
            wrong.append((ward.full_name, names[ward.province_code]))
    assert wrong == []


@pytest.mark.shared
def test_names_and_codes_are_those_of_the_statistics_office(shared: Path) -> None:
    with (shared / "data" / "units" / "official_units_1027.csv").open(encoding="utf-8") as file:
        official = {row["code"]: row["name"] for row in csv.DictReader(file)}
    assert {ward.code: ward.full_name for ward in EVERY.wards} == official


@pytest.mark.shared
def test_former_units_of_all_provinces_lead_to_their_heirs(shared: Path) -> None:
    """300 of them, drawn by lot over the 34 provinces, by name, former district and province."""
    with (shared / "data" / "units" / "old_to_new_units_2025.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    heirs: dict[tuple[str, str, str, str], set[str]] = {}
    for row in rows:
        key = (row["old_code"], row["old_name"], row["old_district"], row["new_province_code"])
        heirs.setdefault(key, set()).add(row["new_code"])
    wrong = {("09859", "Xã Sơn Đông")}  # the published pairs differ from the resolution (`former_units.CORRECTIONS`)
    wrong |= {("20176", ""), ("09859", "")}
    drawn = _drawn([key for key in heirs if not any(key[0] == code for code, _ in wrong)])
    names = {entry.code: entry.name for entry in provinces()}
    lost = []
    for code, name, district, province_code in drawn:
        found = SEARCH.search(f"{name}, {district}, {names[province_code]}")
        if not heirs[(code, name, district, province_code)] <= {one.ward.code for one in found.found}:
            lost.append((name, district, names[province_code]))
    assert len(drawn) == 300
    assert lost == []


def test_a_former_city_is_no_province_of_its_name() -> None:
    """'TP Hải Dương' was a part of 'tỉnh Hải Dương': a ward of today elsewhere in the province is another one."""
    for text, code in (
        ("Xã Hưng Đạo, Thành phố Cao Bằng, Tỉnh Cao Bằng", "01273"),
        ("Xã Hưng Đạo, TP. Cao Bằng", "01273"),
        ("Phường Nguyễn Trãi, TP Hải Dương", "10507"),
        ("Phường Hạc Thành, TP Thanh Hóa", "14797"),  # of today, where that city was
        ("Phường Thạch Thang, Thành phố Đà Nẵng", "20242"),  # a province that is a city
        ("Phường Phú Hội, Thành phố Huế", "19789"),
        ("Xã Phú Lệ, Huyện Quan Hóa, Tỉnh Thanh Hóa", "14878"),
        ("Xã Phú Lệ, huyen Quan Hoa, Thanh Hoa", "14878"),
    ):
        assert [one.ward.code for one in SEARCH.search(text).found] == [code], text


def _drawn(keys: list[tuple[str, str, str, str]]) -> list[tuple[str, str, str, str]]:
    by_province: dict[str, list[tuple[str, str, str, str]]] = {}
    for key in sorted(keys):
        by_province.setdefault(key[3], []).append(key)
    lot = random.Random(20250701)
    for group in by_province.values():
        lot.shuffle(group)
    groups = sorted(by_province)
    return [by_province[groups[number % 34]][number // 34] for number in range(300)]


@pytest.mark.shared
def test_borders_of_all_wards_lie_within_20_metres_of_the_source(shared: Path) -> None:
    """Of the source as it is, both ways; where wards of it overlap, a border may lie anywhere in the overlap."""
    import geopandas
    import pandas

    from geo.reference.build.country.coverage import MAX_DISPLACEMENT_M, to_plane
    from geo.reference.build.country.source_outlines import distances
    from geo.reference.build.country.step import official

    names = pandas.read_csv(shared / "data" / "units" / "official_units_1027.csv", dtype=str)
    source = official(geopandas.read_parquet(shared / "data" / "wards_vietnam_10m.parquet"), names)
    assert source["code"].tolist() == [ward.code for ward in EVERY.wards]
    moved = distances(to_plane(np.asarray(source.geometry, dtype=object)), to_plane(EVERY.shapes))
    assert len(moved) == 3321
    assert moved.max() == pytest.approx(13.7, abs=0.05)  # data/README.md says so
    assert moved.max() <= MAX_DISPLACEMENT_M


def test_a_sliver_goes_to_the_wards_along_it() -> None:
    """Between two wards, 300 m long and 0.1 m wide: a third one at its end has it after cleaning."""
    from geo.reference.build.country.source_outlines import distances, given_back

    lower, upper = shapely.box(0, 0, 300, 100), shapely.box(0, 100.1, 300, 200)
    third = shapely.box(300, 0, 400, 200)
    corners = [(300, 0), (400, 0), (400, 200), (300, 200), (300, 100.1), (0, 100.1), (0, 100), (300, 100)]
    source = np.array([lower, upper, third], dtype=object)
    made = np.array([lower, upper, shapely.Polygon(corners)], dtype=object)
    assert distances(source, made)[2] == pytest.approx(300.0)
    back = given_back(made, source)
    assert shapely.coverage_is_valid(back)
    assert distances(source, back).max() == pytest.approx(0.1)
    assert shapely.area(back).sum() == pytest.approx(shapely.area(made).sum())


def test_namesakes_of_the_own_city_come_first() -> None:
    found = SEARCH.search("Phường Phú Xuân")
    codes = [one.ward.province_code for one in found.found]
    assert codes[0] == "46"
    assert country_names(["66"]).search("Phường Phú Xuân").found[0].ward.province_code != codes[0] or len(codes) == 1


def test_a_place_anywhere_has_its_ward() -> None:
    for lon, lat, name in ((108.2208, 16.0678, "Phường Hải Châu"), (106.7009, 10.7769, "Phường Sài Gòn")):
        codes = provinces_at(lon, lat)
        ward = WardRegister(country_table(codes), ()).at(lon, lat)
        assert ward is not None
        assert fold(ward.full_name) == fold(name)


def test_provinces_are_found_by_code_name_and_former_name() -> None:
    assert [province(text).code for text in ("48", "Đà Nẵng", "da-nang", "tỉnh Quảng Nam", "TP. Hồ Chí Minh")] == [
        "48",
        "48",
        "48",
        "48",
        "79",
    ]
    assert find_province("Atlantis") is None


def test_a_merged_province_has_the_zones_of_all_that_it_was_made_of() -> None:
    """As the registry of coordinate systems names them; the one that distorts least comes first."""
    zones = province("Phú Thọ").zones
    assert {zone.epsg for zone in zones} == {9211, 9208, 5897}
    assert [zone.ppm for zone in zones] == sorted(zone.ppm for zone in zones)
    assert [zone.epsg for zone in province("01").zones] == [5897]
    assert [zone.epsg for zone in province("46").zones] == [9214]


def test_a_province_that_was_not_added_has_wards_and_nothing_else() -> None:
    place = city("92")
    assert place.slug == "can-tho"
    assert place.programme == ""
    wards = load_wards(city=place)
    assert len(wards) == 103
    assert set(wards["phase"]) == {"none"}
    assert [entry.slug for entry in cities()] == ["hanoi", "hue"]
