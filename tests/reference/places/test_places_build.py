"""The build of the shipped streets and places."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.reference.build.landmarks import kind_of, of_bus_stops
from geo.reference.build.places import build_city, file_of, folder_layers, parquet_bytes
from geo.reference.build.street_layers import merged
from geo.reference.cities import city
from geo.reference.streets.ways import TAGS


def layer(year: str, *ways: tuple[str, str, list[tuple[float, float]]]) -> gpd.GeoDataFrame:
    table = {tag: [""] * len(ways) for tag in TAGS} | {"year": [year] * len(ways)}
    table |= {"name": [name for name, _, _ in ways], "highway": ["primary"] * len(ways)}
    table |= {"bridge": [bridge for _, bridge, _ in ways]}
    return gpd.GeoDataFrame(table, geometry=[shapely.LineString(xy) for _, _, xy in ways])


def test_the_newest_layer_wins_and_what_only_the_older_has_stays() -> None:
    older = layer(
        "2021",
        ("Phố Cũ", "", [(0, 5), (500, 5)]),
        ("Phố Dài", "", [(0, 100), (1000, 100)]),
        ("Phố Xa", "", [(0, 900), (500, 900)]),
        ("Phố Ngang", "", [(250, -200), (250, 200)]),
    )
    newer = layer("2025", ("Phố Mới", "", [(0, 0), (500, 0)]), ("Phố Dài", "", [(0, 98), (400, 98)]))
    both = merged(newer, older)
    lengths = both.assign(metres=both.length).groupby(["name", "year"])["metres"].sum().round().to_dict()
    assert lengths == {
        ("Phố Mới", "2025"): 500,
        ("Phố Dài", "2025"): 400,
        ("Phố Dài", "2021"): 600,
        ("Phố Xa", "2021"): 500,
        ("Phố Ngang", "2021"): 400,
    }


def test_a_newer_way_takes_the_name_that_it_lacks_and_that_of_its_bridge() -> None:
    older = layer("2021", ("Phố Có Tên", "", [(0, 3), (500, 3)]), ("Cầu Đá", "yes", [(600, 0), (700, 0)]))
    newer = layer("2025", ("", "", [(0, 0), (500, 0)]), ("Đường Lớn", "yes", [(600, 0), (700, 0)]))
    both = merged(newer, older)
    assert both["name"].tolist() == ["Phố Có Tên", "Đường Lớn"]
    assert both["bridge_name"].tolist() == ["", "Cầu Đá"]


@pytest.mark.parametrize(
    ("name", "group", "kind"),
    [
        ("Chợ Đồng Xuân", "attraction", "market"),
        ("Bệnh viện Bạch Mai", "hospital", "hospital"),
        ("UBND phường Yên Hòa", "town_hall", "office"),
        ("Chợ", "grocery", ""),
        ("Nhà chị Hoa", "attraction", ""),
        ("Circle K", "grocery", ""),
    ],
)
def test_landmarks_are_taken_by_the_word_that_begins_their_name(name: str, group: str, kind: str) -> None:
    assert kind_of(name, group) == kind


def test_bus_stops_hold_kilometre_posts_numbers_and_junctions() -> None:
    names = ["Phố Mã - Phù Linh (Km 26+100 Quốc lộ 3)", "286 Âu Cơ", "Trước ngã tư Sơn Đồng 100m", "Đối diện trạm bơm"]
    stops = gpd.GeoDataFrame({"name": names}, geometry=[shapely.Point(0, 0)] * len(names))
    rows = [tuple(row)[:4] for row in of_bus_stops(stops).itertuples(index=False)]
    assert rows == [
        ("km", "Quốc lộ 3", "Quốc lộ 3", 26.1),
        ("number", "286", "Âu Cơ", 286.0),
        ("bus_stop", "286 Âu Cơ", "", 0.0),
        ("junction", "Ngã tư Sơn Đồng", "", 0.0),
    ]


@pytest.mark.shared
def test_the_shipped_files_come_from_their_sources(shared: Path) -> None:
    place = city("hue")
    built = build_city(place, folder_layers(shared / "data" / "base", place.slug))
    for what, frame in zip(("streets", "places"), built, strict=True):
        assert parquet_bytes(frame) == file_of(place, what).read_bytes(), what
