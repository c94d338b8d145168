"""The register of wards on the shipped data."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal

from geo import settings
from geo.errors import DataFileMissingError, InputError, UnknownWardError
from geo.reference.cities import cities
from geo.reference.geojson import read_frame, write_frame
from geo.reference.programmes import load_programme
from geo.reference.wards import WardRegister, load_wards, wards_of


@pytest.fixture(scope="module")
def register() -> WardRegister:
    return WardRegister.load()


def test_counts_of_units_kinds_and_phases(register: WardRegister) -> None:
    kinds = Counter((ward.province_code, ward.kind) for ward in register.wards)
    assert kinds == {("01", "phường"): 51, ("01", "xã"): 75, ("46", "phường"): 21, ("46", "xã"): 19}
    phases = Counter((ward.province_code, ward.phase) for ward in register.wards)
    assert phases == {("01", "pilot"): 42, ("01", "expansion"): 6, ("01", "none"): 78, ("46", "none"): 40}


def test_a_frame_of_sound_features_is_what_checking_them_anew_gives() -> None:
    file = settings.wards_file()
    assert_geodataframe_equal(load_wards(), wards_of(read_frame(file), str(file)))


def test_codes_are_text_of_five(register: WardRegister) -> None:
    assert all(re.fullmatch(r"\d{5}", ward.code) for ward in register.wards)
    assert len({ward.code for ward in register.wards}) == 166


def test_population_and_former_units_come_from_the_source(register: WardRegister) -> None:
    hanoi = [ward for ward in register.wards if ward.province_code == "01"]
    assert sum(ward.population or 0 for ward in hanoi) == 8_328_858
    assert "Phường Quán Thánh" in register.by_name("Phường Ba Đình").merged_from


@pytest.mark.parametrize("city", cities(), ids=lambda city: city.slug)
def test_wards_of_a_city_are_a_coverage(city: object, register: WardRegister) -> None:
    frame = register.frame
    geometries = np.asarray(frame[frame["province_code"] == city.province_code].geometry, dtype=object)  # type: ignore[attr-defined]
    assert shapely.coverage_is_valid(geometries)
    union = shapely.union_all(geometries)
    assert union.area == pytest.approx(shapely.area(geometries).sum(), rel=1e-9)


def test_file_is_rfc_7946() -> None:
    text = settings.wards_file().read_text(encoding="utf-8")
    collection = json.loads(text)
    assert set(collection) == {"type", "features"}
    assert not re.search(r"\d\.\d{8}", text)
    for feature in collection["features"]:
        polygons = feature["geometry"]["coordinates"]
        rings = polygons if feature["geometry"]["type"] == "Polygon" else [r for p in polygons for r in p]
        assert all(ring[0] == ring[-1] for ring in rings)
    frame = load_wards()
    for geometry in shapely.get_parts(np.asarray(frame.geometry, dtype=object)):
        assert shapely.is_ccw(geometry.exterior)


def test_all_48_printed_names_resolve(register: WardRegister) -> None:
    phases = load_programme("hanoi").phases
    found = {phase: [register.by_printed(name) for name in phases.printed(phase)] for phase in ("pilot", "expansion")}
    assert (len(found["pilot"]), len(found["expansion"])) == (42, 6)
    for phase, wards in found.items():
        assert all(ward.phase == phase for ward in wards)
    aliases = [register.search.alias(name) for phase in found for name in phases.printed(phase)]
    assert [ward.full_name for ward in aliases if ward] == ["Phường Phú Diễn"]


@pytest.mark.parametrize(
    ("query", "names", "how"),
    [
        ("00004", ["Phường Ba Đình"], "code"),
        ("P. Yên Hòa", ["Phường Yên Hòa"], "official"),
        ("yen hoa", ["Phường Yên Hòa"], "plain"),
        ("xa ngoc hoi", ["Xã Ngọc Hồi"], "plain"),
        ("Phúc Diễn", ["Phường Phú Diễn", "Phường Xuân Phương"], "former"),
        ("phuong phuc dien", ["Phường Phú Diễn", "Phường Xuân Phương"], "former"),
        ("Phường Vĩnh Phúc", ["Phường Ngọc Hà"], "former"),
        ("phuong mai", ["Phường Kim Liên", "Phường Bạch Mai"], "former"),
        ("Thuận An", ["Xã Thuận An", "Phường Thuận An"], "official"),
    ],
)
def test_queries(register: WardRegister, query: str, names: list[str], how: str) -> None:
    match = register.find(query)
    assert sorted(ward.full_name for ward in match.wards) == sorted(names)
    assert match.how == how


def test_unknown_name_suggests_the_nearest(register: WardRegister) -> None:
    with pytest.raises(UnknownWardError) as caught:
        register.by_name("Phường Yên Hoàa")
    assert caught.value.suggestions[0] == "Phường Yên Hòa"
    assert "Phường Yên Hòa" in str(caught.value)


def test_several_wards_are_never_guessed(register: WardRegister) -> None:
    with pytest.raises(InputError, match=r"several wards.*00562.*19900"):
        register.by_name("Thuận An")


def test_every_former_unit_leads_to_its_successors(register: WardRegister) -> None:
    for ward in register.wards:
        for printed in ward.merged_from:
            match = register.find(printed.split(" (")[0])
            # A name that lives on is the ward that bears it; any other leads to those that took the unit over.
            assert match.how in ("official", "alias") or ward in match.wards


def test_points_singly_and_in_bulk(register: WardRegister) -> None:
    inside = shapely.point_on_surface(np.asarray(register.frame.geometry, dtype=object))
    lon, lat = shapely.get_x(inside), shapely.get_y(inside)
    codes = register.codes_at(lon, lat)
    assert codes.tolist() == [ward.code for ward in register.wards]
    assert [register.at(x, y).code for x, y in zip(lon, lat, strict=True)] == codes.tolist()  # type: ignore[union-attr]
    assert register.at(0.0, 0.0) is None
    assert register.codes_at([np.nan, 200.0, 105.85], [21.0, 21.0, 21.03]).tolist() == [None, None, "00070"]


def test_a_million_points_agree_with_the_polygons(register: WardRegister) -> None:
    random = np.random.default_rng(1)
    lon, lat = random.uniform(105.2, 106.1, 1_000_000), random.uniform(20.5, 21.4, 1_000_000)
    codes = register.codes_at(lon, lat)
    sample = random.choice(1_000_000, 20_000, replace=False)
    points = shapely.points(lon[sample], lat[sample])
    polygon, point = shapely.STRtree(points).query(register.lookup.polygons, predicate="intersects")
    expected = np.full(sample.size, None, dtype=object)
    expected[point[::-1]] = np.array([ward.code for ward in register.wards], dtype=object)[polygon[::-1]]
    assert (codes[sample] == expected).all()


def test_vertices_of_shared_borders_go_to_the_lower_code(register: WardRegister) -> None:
    geometries = register.lookup.polygons
    corners = shapely.get_coordinates(geometries[:40])
    rows = register.lookup.rows(corners[:, 0], corners[:, 1])
    tree = shapely.STRtree(geometries)
    point, polygon = tree.query(shapely.points(corners), predicate="intersects")
    expected = np.full(len(corners), 999)
    np.minimum.at(expected, point, polygon)
    assert (rows == expected).all()


def test_city_chooses_its_wards() -> None:
    assert [len(load_wards(city=city)) for city in cities()] == [126, 40]


def test_codes_that_are_numbers_are_refused(tmp_path: Path) -> None:
    frame = load_wards().iloc[:3].copy()
    frame["code"] = [4, 8, 25]
    path = write_frame(frame, tmp_path / "wards.geojson")
    with pytest.raises(InputError, match="is not text of 5 digits") as caught:
        load_wards(path)
    assert len(caught.value.problems) == 3


def test_register_matches_its_sources(shared: Path) -> None:
    """Rebuilding from the published boundaries gives the shipped file, byte for byte."""
    import pandas

    from geo.reference.build.wards import build_wards
    from geo.reference.geojson import to_geojson

    boundaries = read_frame(shared / "data" / "wards_hanoi_hue_official.parquet")
    population = pandas.read_csv(shared / "data" / "hanoi_126_area_population.csv", dtype=str)
    names = pandas.read_csv(shared / "data" / "units" / "official_units_1027.csv", dtype=str)
    records = build_wards(boundaries, population, settings.data_dir() / "programmes", names)
    assert to_geojson(records) == settings.wards_file().read_text(encoding="utf-8")


def test_a_frame_is_the_callers_own_and_follows_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = read_frame(settings.wards_file())
    monkeypatch.setenv("DIABAN_DATA_DIR", str(tmp_path))
    write_frame(whole.iloc[:3], settings.wards_file())
    mine = load_wards()
    mine["name"] = "changed"
    assert "changed" not in set(load_wards()["name"])
    write_frame(whole.iloc[:2], settings.wards_file())
    assert len(load_wards()) == 2
    settings.wards_file().unlink()
    with pytest.raises(DataFileMissingError):
        load_wards()
