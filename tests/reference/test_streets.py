"""From descriptions to centre lines, on a small town whose answers are known."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from streets_town import EAST, NORTH, TOWN, frame, lonlat, way, write

from geo.errors import InputError, UnknownLimitError, UnknownStreetError
from geo.reference.crs import to_metric
from geo.reference.streets import (
    Alias,
    Carriageway,
    Gazetteer,
    NamedPlace,
    Placement,
    RouteFile,
    StreetNetwork,
    find_street,
    load_network,
    place,
)

STRETCH = "Đường Thử (đoạn từ Phố Một đến đường Hai)"


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> StreetNetwork:
    return load_network(write(tmp_path_factory.mktemp("town") / "town.parquet"))


def xy(placed: Placement) -> np.ndarray:
    """Vertices in metres from the town's origin."""
    metric = to_metric(np.array([placed.geometry], dtype=object), "01")[0]
    return shapely.get_coordinates(metric) - (EAST, NORTH)


def test_the_middle_of_two_carriageways_between_two_streets(network: StreetNetwork) -> None:
    placed = place(STRETCH, network)
    line = xy(placed)
    assert np.abs(line[:, 1]).max() < 0.5
    assert line[0] == pytest.approx((300, 0), abs=0.5)
    assert line[-1] == pytest.approx((700, 0), abs=0.5)
    assert placed.length_m == pytest.approx(400, abs=1)
    assert 10 <= placed.accuracy_m <= 30
    assert any("20 m apart" in reported for reported in placed.chosen)


def test_the_line_runs_from_the_first_limit_to_the_second(network: StreetNetwork) -> None:
    back = xy(place("Đường Thử từ Đường Hai đến Phố Một", network))
    assert back[0, 0] > back[-1, 0]


@pytest.mark.parametrize(("side", "y"), [(Carriageway.FORWARD, -10.0), (Carriageway.BACKWARD, 10.0)])
def test_one_direction_of_travel(network: StreetNetwork, side: Carriageway, y: float) -> None:
    line = xy(place(STRETCH, network, carriageway=side))
    assert line[:, 1] == pytest.approx(np.full(len(line), y), abs=0.1)
    assert line[0, 0] < line[-1, 0]


@pytest.mark.parametrize("suffix", [".osm.pbf", ".osm", ".gpkg", ".geojson", ".parquet"])
def test_every_format_gives_the_same_line(network: StreetNetwork, tmp_path: Path, suffix: str) -> None:
    other = load_network(write(tmp_path / f"town{suffix}"))
    assert len(other.ways) == len(TOWN)
    bridge = "Đường Thử từ Phố Một đến Cầu Ba"
    for text in (STRETCH, bridge):
        expected, got = place(text, network), place(text, other)
        assert got.geometry.equals_exact(expected.geometry, 1e-7)
        assert got.accuracy_m == expected.accuracy_m


def test_columns_that_are_not_there_are_done_without(tmp_path: Path) -> None:
    path = tmp_path / "few.parquet"
    frame(columns=("name", "highway")).to_parquet(path)
    line = xy(place(STRETCH, load_network(path)))
    assert np.abs(line[:, 1]).max() < 0.5


def test_a_bridge_is_found_by_its_name(network: StreetNetwork) -> None:
    placed = place("Đường Thử từ Phố Một đến Cầu Ba", network)
    assert placed.length_m == pytest.approx(200, abs=2)
    assert any("30 m beside the street" in note for note in placed.notes)


def test_bridges_belong_to_their_street_and_gaps_are_told(network: StreetNetwork) -> None:
    placed = place("Phố Đơn", network)
    assert placed.length_m == pytest.approx(400, abs=2)
    assert any("60 m run across a gap" in note for note in placed.notes)
    assert placed.accuracy_m >= 30


def test_a_given_coordinate_is_a_limit(network: StreetNetwork) -> None:
    x, y = lonlat(((600.0, 0.0), (601.0, 0.0))).coords[0]
    placed = place(f"Đường Thử từ {x},{y} đến Phố Một", network)
    assert placed.length_m == pytest.approx(300, abs=1)


def test_a_coordinate_far_from_the_street_is_an_error(network: StreetNetwork) -> None:
    with pytest.raises(UnknownLimitError, match="m from Đường Thử"):
        place("Đường Thử từ 105.9,20.9 đến Phố Một", network)


def test_the_whole_street(network: StreetNetwork) -> None:
    assert place("Đường Thử", network).length_m == pytest.approx(1000, abs=2)


def test_a_limit_on_one_side_runs_to_the_farther_end(network: StreetNetwork) -> None:
    assert place("Đường Thử - Phố Một", network).length_m == pytest.approx(700, abs=2)


def test_unknown_names_bring_the_nearest(network: StreetNetwork) -> None:
    with pytest.raises(UnknownStreetError) as street:
        place("Đường Thư", network)
    assert "Đường Thử" in street.value.suggestions
    with pytest.raises(UnknownLimitError) as limit:
        place("Đường Thử từ Phố Mốt đến Đường Hai", network)
    assert limit.value.suggestions[0] == "Phố Một"


def test_a_street_that_does_not_meet_is_no_limit(network: StreetNetwork) -> None:
    with pytest.raises(UnknownLimitError, match="does not meet"):
        place("Đường Thử từ Đường Xa đến Đường Hai", network)


def test_names_without_type_diacritics_or_by_number(network: StreetNetwork) -> None:
    assert find_street(network, "phố thử").names == ("Đường Thử",)
    assert find_street(network, "duong thu").names == ("Đường Thử",)
    assert find_street(network, "Quốc lộ 99").names == ("Đường Xa",)
    assert find_street(network, "đường tỉnh 7").names == ("Đường Xa",)
    assert "Cầu Gỗ - Phố Đơn" in find_street(network, "Phố Đơn").names


def test_two_streets_of_one_name_are_distinguished(network: StreetNetwork) -> None:
    assert find_street(network, "Đường Đôi").names == ("Đường Đôi",)
    guess = find_street(network, "Đôi")
    assert guess.names == ("Phố Đôi",)
    assert guess.alternatives == ("Đường Đôi",)


def test_a_recorded_alias_and_place(network: StreetNetwork) -> None:
    book = Gazetteer(
        aliases=(Alias("Phố Nháp", "Đường Thử", "old name"),),
        places=(NamedPlace("Ngã ba Cũ", "where it was", 30.0, ("Phố Một",)),),
    )
    placed = place("Phố Nháp từ ngã ba Cũ đến Đường Hai", network, book)
    assert placed.length_m == pytest.approx(400, abs=1)
    assert placed.accuracy_m >= 30
    assert any("old name" in note for note in placed.notes)


def test_lines_without_a_name_take_that_of_the_route(tmp_path: Path) -> None:
    path = tmp_path / "routes.geojson"
    gpd.GeoDataFrame({"route": ["x - y", "z"]}, geometry=[lonlat(w.xy) for w in TOWN[:2]], crs=4326).to_file(path)
    with pytest.raises(InputError, match="no column name and highway"):
        load_network(path)
    route = RouteFile("routes.geojson", "route", ("x - y",), "Đường Tuyến", "", "trunk", "yes", "a bus runs along it")
    network = load_network(path, gazetteer=Gazetteer(routes=(route,)))
    assert place("Đường Tuyến", network).length_m == pytest.approx(500, abs=1)


def test_several_files_are_one_network(tmp_path: Path) -> None:
    halves = [write(tmp_path / "a.gpkg", TOWN[:5]), write(tmp_path / "b.parquet", TOWN[5:])]
    assert place(STRETCH, load_network(halves)).length_m == pytest.approx(400, abs=1)


def test_every_problem_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    frame(columns=("highway",)).to_file(tmp_path / "unnamed.gpkg")
    frame().set_crs(None, allow_override=True).to_parquet(tmp_path / "nowhere.parquet")
    frame().set_geometry(frame().geometry.map(lambda g: shapely.transform(g, lambda c: c[:, ::-1]))).to_parquet(
        tmp_path / "swapped.parquet"
    )
    frame().iloc[:0].to_parquet(tmp_path / "empty.parquet")
    (tmp_path / "broken.gpkg").write_bytes(b"nothing")
    names = ["unnamed.gpkg", "nowhere.parquet", "swapped.parquet", "empty.parquet", "broken.gpkg", "missing.gpkg"]
    with pytest.raises(InputError) as error:
        load_network([tmp_path / name for name in names])
    reported = {Path(problem.where).name: str(problem) for problem in error.value.problems}
    assert set(reported) == set(names)
    assert "column name" in reported["unnamed.gpkg"]
    assert "coordinate system" in reported["nowhere.parquet"]
    assert "swap longitude and latitude" in reported["swapped.parquet"]


def test_metres_where_degrees_are_claimed(tmp_path: Path) -> None:
    wrong = frame().to_crs(5897).set_crs(4326, allow_override=True)
    wrong.to_parquet(tmp_path / "metres.parquet")
    with pytest.raises(InputError, match="outside Việt Nam"):
        load_network(tmp_path / "metres.parquet")


def test_a_projected_network_is_the_same(network: StreetNetwork, tmp_path: Path) -> None:
    frame().to_crs(32648).to_parquet(tmp_path / "utm.parquet")
    got = place(STRETCH, load_network(tmp_path / "utm.parquet"))
    assert got.geometry.equals_exact(place(STRETCH, network).geometry, 1e-6)


def test_a_detour_is_not_taken_for_the_street(tmp_path: Path) -> None:
    """A side road between two points of the street is shorter, but is not the street."""
    bend = (
        way((0, 0), (0, 200), (400, 200), (400, 0), name="Đường Cong"),
        way((0, 0), (400, 0), name="Ngõ Tắt", highway="residential"),
        way((0, -50), (0, 0), name="Phố A"),
        way((400, -50), (400, 0), name="Phố B"),
    )
    network = load_network(write(tmp_path / "bend.gpkg", bend))
    assert place("Đường Cong từ Phố A đến Phố B", network).length_m == pytest.approx(800, abs=2)


def test_carriageways_that_nothing_joins_at_one_end(tmp_path: Path) -> None:
    """The end of a street is not the beginning of its other carriageway."""
    ways = (
        way((0, -10), (2000, -10), (2010, 0), name="Cầu Dài", oneway="yes"),
        way((2010, 0), (2000, 10), (0, 10), name="Cầu Dài", oneway="yes"),
    )
    network = load_network(write(tmp_path / "bridge.gpkg", ways))
    assert place("Cầu Dài", network).length_m == pytest.approx(2005, abs=15)


def test_a_street_may_have_a_dash_in_its_name(tmp_path: Path) -> None:
    ways = (
        way((0, 0), (900, 0), name="Pháp Vân - Cầu Giẽ"),
        way((0, 500), (300, 500), name="Pháp Vân"),
    )
    network = load_network(write(tmp_path / "dash.gpkg", ways))
    assert place("Pháp Vân - Cầu Giẽ", network).length_m == pytest.approx(900, abs=1)


def test_other_spellings_of_the_tags(tmp_path: Path, network: StreetNetwork) -> None:
    other = frame().rename(columns={"highway": "fclass"})
    other["oneway"] = ["F" if value == "yes" else "B" for value in other["oneway"]]
    other["bridge"] = ["T" if value == "yes" else "F" for value in other["bridge"]]
    other.to_file(tmp_path / "extract.gpkg")
    got = place(STRETCH, load_network(tmp_path / "extract.gpkg"))
    assert got.geometry.equals(place(STRETCH, network).geometry)


@pytest.mark.parametrize(("tag", "turned"), [("yes", False), ("-1", True)])
def test_oneway_against_the_line_as_drawn(tmp_path: Path, tag: str, turned: bool) -> None:
    pairs = [((0, -10), (1000, -10)), ((1000, 10), (0, 10))]
    ways = [way(*(pair[::-1] if turned else pair), name="Đường Chiều", oneway=tag) for pair in pairs]
    network = load_network(write(tmp_path / "way.gpkg", tuple(ways)))
    line = xy(place("Đường Chiều", network, carriageway=Carriageway.FORWARD))
    right_hand = -10.0 if line[-1, 0] > line[0, 0] else 10.0
    assert line[:, 1] == pytest.approx(np.full(len(line), right_hand), abs=0.1)


def test_the_shared_network_places_a_stretch_of_the_plan(shared: Path) -> None:
    network = load_network(shared / "data" / "roads_hanoi_osm.parquet")
    placed = place("Đường Kim Giang (đoạn từ Cầu Tó đến đường Nghiêm Xuân Yêm)", network)
    assert placed.length_m == pytest.approx(2310, abs=40)
    with pytest.raises(UnknownLimitError) as error:
        place("Đường Kim Giang từ Cầu To đến đường Nghiêm Xuân Yêm", network)
    assert error.value.suggestions[0] == "Cầu Tó"
