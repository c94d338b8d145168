"""Names that streets bore in the older year of the data: never answered in silence by what bears them today."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.reference.build.older_names import older_names
from geo.reference.build.places import build_older_names, file_of, parquet_bytes
from geo.reference.cities import city
from geo.reference.places.candidate import Candidate, ward_names
from geo.reference.places.place_index import PlaceIndex, load_places
from geo.reference.places.search import find_places


@pytest.fixture(scope="module")
def hanoi() -> PlaceIndex:
    return load_places(city("hanoi"))


def codes(one: Candidate) -> list[str]:
    return [getattr(note, "code", "") for note in one.notes]


@pytest.mark.parametrize(
    ("text", "ward", "now", "metres"),
    [
        ("Đường Nguyễn Du", "Xã Thường Tín", "Phố Nguyễn Phi Khanh", 454),  # else Phố Nguyễn Du in the centre
        ("Đường Nguyễn Du, Thường Tín", "Xã Thường Tín", "Phố Nguyễn Phi Khanh", 454),
        ("Đường Cầu Noi", "Phường Đông Ngạc", "Ngõ 145 Cổ Nhuế", 770),  # 43 m bear the name today
        ("Đường Cầu Noi, đoạn qua phường Đông Ngạc", "Phường Đông Ngạc", "Ngõ 145 Cổ Nhuế", 770),
        ("Đường Phúc La - Văn Phú", "Phường Kiến Hưng", "Phố Văn Khê", 2650),  # 14 m
        ("Trung Yên 3", "Phường Yên Hòa", "Phố Lưu Quang Vũ", 370),  # nothing
    ],
)
def test_a_name_of_the_older_year_is_offered_with_todays(
    hanoi: PlaceIndex, text: str, ward: str, now: str, metres: float
) -> None:
    answer = find_places(text, hanoi)
    assert not answer.sure
    [older] = [one for one in answer.parts[0].candidates if "places.older-name" in codes(one)]
    assert ward in ward_names(hanoi, older.geometry, 2)
    assert now in str(older.notes[0])
    assert older.length_m == pytest.approx(metres, rel=0.1)


def test_a_house_number_of_a_name_that_was_another_streets_is_left_to_the_reader(hanoi: PlaceIndex) -> None:
    assert find_places("số 36 Phố Nguyễn Du", hanoi).parts[0].candidates
    answer = find_places("số 36 Đường Nguyễn Du", hanoi)
    assert not answer.sure
    assert "places.older-name-elsewhere" in codes(answer.parts[0].candidates[0])


def test_the_type_that_is_borne_today_and_a_part_that_was_renamed_stay_sure(hanoi: PlaceIndex) -> None:
    assert find_places("Phố Nguyễn Du", hanoi).sure
    answer = find_places("Đường Âu Cơ", hanoi)
    assert answer.sure
    assert "places.older-name-beyond" in codes(answer.parts[0].candidates[0])


def test_a_small_ring_with_its_way_back_at_one_vertex_is_a_street(hanoi: PlaceIndex) -> None:
    assert find_places("Ngõ 523 Đường Cổ Nhuế", hanoi).parts[0].candidates[0].length_m == pytest.approx(83, abs=20)


def test_a_street_around_a_block_is_its_ways_and_a_line_along_less_than_half_is_not_sure(hanoi: PlaceIndex) -> None:
    around = find_places("Phố Trần Cao Vân", hanoi).parts[0].candidates[0]
    assert around.length_m == pytest.approx(155, abs=15)  # 12 m: what its two ends lie apart
    assert find_places("Phố Vũ Miên", hanoi).parts[0].candidates
    assert not find_places("Phố Vũ Miên", hanoi).sure  # 28 % of its ways


@pytest.mark.shared
def test_the_shipped_older_names_come_from_their_sources(shared: Path) -> None:
    place, data = city("hanoi"), shared / "data"
    built = build_older_names(place, data / "base", data / "roads_hanoi_osm.parquet")
    assert parquet_bytes(built) == file_of(place, "older_names").read_bytes()


def test_what_is_left_of_older_names_is_what_no_way_of_the_name_lies_beside() -> None:
    def layer(year: str, *ways: tuple[str, list[tuple[float, float]]]) -> gpd.GeoDataFrame:
        table = {"name": [name for name, _ in ways], "year": [year] * len(ways)}
        return gpd.GeoDataFrame(table, geometry=[shapely.LineString(xy) for _, xy in ways])

    older = layer(
        "2021",
        ("Phố Cũ", [(0, 5), (500, 5)]),
        ("Đường Dài", [(0, 98), (400, 98)]),
        ("Phố Ngắn", [(0, 200), (50, 200)]),
        ("", [(0, 300), (500, 300)]),
    )
    both = layer(
        "2025", ("Phố Mới", [(0, 0), (500, 0)]), ("Phố Cũ", [(0, 0), (0, 40)]), ("Phố Dài", [(0, 90), (400, 90)])
    )
    found = older_names(older, both)
    assert found[["name", "now", "year", "year_now"]].values.tolist() == [["Phố Cũ", "Phố Mới", "2021", "2025"]]
    assert found.length.sum() == pytest.approx(470, abs=2)
