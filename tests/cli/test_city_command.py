"""`diaban city`: a city from nothing, in the user's data folder, used by every command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from further_list import FLOOD, write_files
from made_up_city import write_osm
from typer.testing import CliRunner, Result

from geo import settings
from geo.cli.app import application_for
from geo.reference.cities import cities, city
from geo.reference.places.place_index import load_names
from geo.reference.places.suggestions import suggest_places, warm
from geo.reference.wards import load_wards


def run(*arguments: str) -> Result:
    return CliRunner().invoke(application_for(arguments), list(arguments))


@pytest.fixture
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DIABAN_CITIES_DIR", str(tmp_path / "cities"))
    monkeypatch.setenv("DIABAN_DATABASE_FILE", str(tmp_path / "records.sqlite"))
    return tmp_path


def test_a_city_from_an_extract_of_openstreetmap(own_data: Path) -> None:
    made = run("city", "add", "danang", "--province", "Đà Nẵng", "--osm", str(write_osm(own_data / "town.osm")))
    assert made.exit_code == 0, made.output
    assert "94 wards" in made.stdout
    assert "EPSG:5899" in made.output
    place = city("danang")
    assert (place.province_code, place.epsg, place.site_prefix) == ("48", 5899, "DANA")
    assert len(load_wards(city=place)) == 94
    assert len(load_wards()) == 166 + 94

    checked = run("city", "check", "danang")
    assert checked.exit_code == 0, checked.output

    found = json.loads(run("place", "Đường Ban Mai, từ Đường Cây Đa đến Đường Bến Nước", "--city", "danang").stdout)
    [stretch] = [feature["properties"] for feature in found["features"]]
    assert stretch["name"] == "Đường Ban Mai"
    assert stretch["length_m"] == pytest.approx(4 * 0.003 * 107_000, rel=0.01)
    number = json.loads(run("place", "số 17 Đường Ban Mai", "--city", "danang").stdout)
    assert number["features"]
    hospital = json.loads(run("place", "Bệnh viện Thử Nghiệm", "--city", "danang").stdout)
    assert hospital["features"]

    listed = json.loads(run("city", "list", "--format", "json").stdout)
    assert [row["slug"] for row in listed] == ["hanoi", "hue", "danang"]


def test_the_service_has_an_added_city_beside_the_others_and_any_province(own_data: Path) -> None:
    """One database, one service: the city is switched by its address; no file of it is a proposal."""
    from fastapi.testclient import TestClient

    from api.main import create_app
    from geo.records.changed_files import changed_files
    from geo.records.open import opened_store

    assert run("city", "add", "danang", "--province", "48").exit_code == 0
    with opened_store() as store:
        assert changed_files(store) == []
    with TestClient(create_app()) as client:
        assert "Đà Nẵng" in client.get("/?city=danang").text
        assert 'href="/?city=danang"' in client.get("/").text
        assert client.get("/api/v1/wards/20242").json()["name"] == "Hải Châu"
        assert client.get("/maps/overview?city=danang").status_code == 200
        assert client.get("/coverage?city=danang").status_code == 200
        assert client.get("/maps/overview?city=92").status_code == 200


def test_an_added_city_is_removed_and_one_of_the_data_set_is_not(own_data: Path) -> None:
    made = run("city", "add", "phu-tho", "--province", "25")
    assert made.exit_code == 0, made.output
    assert "9211" in made.output  # the zone that distorts least
    assert "9208" in made.output  # and those that the registry has for the others that became this province
    assert [entry.slug for entry in cities()] == ["hanoi", "hue", "phu-tho"]
    assert run("city", "check", "phu-tho").exit_code == 0
    assert run("city", "remove", "phu-tho").exit_code == 2
    assert run("city", "remove", "phu-tho", "--yes").exit_code == 0
    assert [entry.slug for entry in cities()] == ["hanoi", "hue"]
    assert not (settings.cities_dir() / "phu-tho").exists()
    assert run("city", "remove", "hanoi", "--yes").exit_code == 2


def test_the_sites_of_a_city_are_those_that_are_measured(own_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "HN-I-2" in run("crossings").output
    assert "HN-I-2" in run("crossings", "--city", "hanoi").output
    monkeypatch.setenv("DIABAN_CITY", "hue")
    made = run("crossings")
    assert (made.exit_code, "HN-I-2" in made.output) == (2, False)
    assert "has no list of sites yet" in made.output
    assert "HN-I-2" in run("crossings", "HN-I-2").output  # one that is named is found


def test_a_zone_that_the_province_works_in_goes_before_the_argument(own_data: Path) -> None:
    made = run("city", "add", "phu-tho", "--province", "25", "--epsg", "9208")
    assert made.exit_code == 0, made.output
    assert city("phu-tho").epsg == 9208


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("Da Nang", "--province", "48"), "small letters"),
        (("hue", "--province", "48"), "is there already"),
        (("hanoi-flood", "--province", "01"), "letters of its own"),
        (("hanoi-flood", "--province", "01", "--prefix", "HUE"), "'HUE'"),
        (("hanoi-flood", "--province", "01", "--prefix", "HNF"), "needs a programme"),
        (("hanoi-flood", "--province", "01", "--prefix", "HNF", "--epsg", "9214"), "EPSG:5897"),
        (("danang", "--province", "Atlantis"), "Atlantis"),
        (("danang", "--province", "48", "--epsg", "3857"), "no zone"),
        (("danang", "--province", "48", "--epsg", "9205"), "5899"),
        (("danang", "--province", "48", "--osm", "a.osm", "--layers", "layers"), "come from one"),
        (("danang", "--province", "48", "--prefix", "HN"), "Hà Nội"),
        (("danang", "--province", "48", "--osm", "nothing.osm.pbf"), "nothing.osm.pbf"),
    ],
)
def test_what_can_not_be_a_city_is_refused_and_leaves_nothing(
    own_data: Path, arguments: tuple[str, ...], said: str
) -> None:
    refused = run("city", "add", *arguments)
    assert refused.exit_code == 2
    assert said in refused.output
    assert [entry.slug for entry in cities()] == ["hanoi", "hue"]
    assert not (settings.cities_dir() / "danang").exists()


def test_a_further_list_of_a_province_is_added_listed_checked_and_removed(own_data: Path) -> None:
    programme, sites = write_files(own_data)
    files = ("--programme", str(programme), "--sites", str(sites))
    made = run("city", "add", FLOOD, "--province", "01", "--prefix", "HNF", *files)
    assert made.exit_code == 0, made.output
    assert [entry.slug for entry in cities()] == ["hanoi", "hue"]
    listed = json.loads(run("city", "list", "--format", "json").stdout)
    assert [(row["slug"], row["further_of"]) for row in listed] == [("hanoi", ""), ("hue", ""), (FLOOD, "hanoi")]
    assert "flooding" in run("city", "list").output  # its matter, however the table is cut
    assert sorted(path.name for path in (settings.cities_dir() / FLOOD).iterdir()) == [
        "cities.toml", "phases.json", "programmes", "sites.geojson",
    ]  # fmt: skip
    checked = run("city", "check", FLOOD)
    assert checked.exit_code == 0, checked.output
    again = run("city", "add", "hanoi-trees", "--province", "01", "--prefix", "HNF", *files)
    assert again.exit_code == 2
    assert "HNF" in again.output
    for address in ("danang", "da-nang"):
        province = run("city", "add", address, "--province", "01", "--prefix", "HNG", *files)
        assert province.exit_code == 2
        assert "Đà Nẵng" in province.output
    account = ["user", "add", "ba-dinh", "--office", "UBND", "--ward", "00004", "--city", FLOOD]
    assert CliRunner().invoke(application_for(account), account, input="bon mua xuan ha thu\n").exit_code == 0
    assert f"00004 {FLOOD}" in run("user", "list").output
    assert run("city", "remove", FLOOD, "--yes").exit_code == 0
    assert not (settings.cities_dir() / FLOOD).exists()


def test_the_address_of_a_list_that_was_removed_is_for_that_list_alone(own_data: Path) -> None:
    programme, sites = write_files(own_data)
    own = ("city", "add", FLOOD, "--province", "01", "--prefix", "HNF", "--programme", str(programme))
    assert run(*own, "--sites", str(sites)).exit_code == 0
    assert run("user", "list").exit_code == 0  # the records hold the list from now on
    assert run("city", "remove", FLOOD, "--yes").exit_code == 0
    trees = own_data / "tree-points-2026.toml"
    trees.write_text(
        programme.read_text("utf-8").replace("flood", "tree").replace("903/KH", "904/KH"), encoding="utf-8"
    )
    for prefix, file, said in (("HNF", trees, "flood_pumped"), ("HNG", programme, "HNF-")):
        another = run("city", "add", FLOOD, "--province", "01", "--prefix", prefix, "--programme", str(file))
        assert another.exit_code == 2, another.output
        assert said in another.output
        assert not (settings.cities_dir() / FLOOD).exists()
    assert run(*own).exit_code == 0, "the list itself takes up what was recorded of it"


def test_a_route_beyond_the_cities_is_measured_with_the_wards_of_the_country(own_data: Path) -> None:
    line = {"type": "LineString", "coordinates": [[105.7469, 10.0452], [105.7869, 10.0352]]}
    feature = {"type": "Feature", "properties": {"site_id": "X-1", "name": "Đường Thử"}, "geometry": line}
    file = own_data / "route.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    shown = run("crossings", "--sites", str(file), "--format", "json")
    assert shown.exit_code == 0, shown.output
    assert "Ninh Kiều" in shown.stdout
    assert "whole country" in shown.output


def test_wards_and_points_anywhere_are_answered(own_data: Path) -> None:
    for words, code in ((("Phường Ninh Kiều, Cần Thơ",), "31135"), (("--at", "108.2208,16.0678"), "20242")):
        shown = run("ward", *words, "--format", "json")
        assert shown.exit_code == 0, shown.output
        assert [row["code"] for row in json.loads(shown.stdout)["wards"]] == [code]
    assert run("ward", "Phường Không Có Đâu").exit_code == 2


def test_a_place_in_a_city_without_streets_is_not_looked_for_by_names_of_another(own_data: Path) -> None:
    assert run("city", "add", "lam-dong", "--province", "68").exit_code == 0
    sought = run("place", "Đường Ban Mai", "--city", "lam-dong", "--lang", "en")
    assert sought.exit_code == 2
    assert "there are no streets of Lâm Đồng" in sought.output
    assert "Bạch Mai" not in sought.output  # of Hà Nội
    assert '"city": "lam-dong"' in sought.output
    said = ("--level", "active", "--number", "II.1", "--document", "15/KH-UBND", "--office", "Sở Y tế")
    refused = run("site", "add", "--name", "Đường Ban Mai", *said, "--city", "lam-dong", "--lang", "en")
    assert refused.exit_code == 2
    assert "there are no streets of Lâm Đồng" in refused.output
    assert "Bạch Mai" not in refused.output
    assert run("place", "Phố Bạch Mai", "--city", "lam-dong").exit_code in (0, 1)  # found elsewhere, which is said


def test_wards_of_a_city_without_streets_are_suggested_by_their_outlines(own_data: Path) -> None:
    """No second copy of its wards, in metres, is made for that: a service may have all provinces."""
    assert run("city", "add", "phu-tho", "--province", "25").exit_code == 0
    index = load_names(city("phu-tho"))
    warm(index)
    ward = index.register.wards[0]
    found = suggest_places(index, ward.full_name)[0]
    assert found.code == ward.code
    assert found.lonlat is not None
    assert index.register.at(*found.lonlat) == ward
    assert found.bbox == pytest.approx(index.outlines[ward.code].bounds, abs=1e-6)
    assert "ward_shapes" not in vars(index)


@pytest.mark.parametrize(("code", "beside"), [("31", "Phường Đồ Sơn"), ("48", "Xã Nông Sơn")])
def test_a_gap_that_the_country_has_is_a_note(own_data: Path, code: str, beside: str) -> None:
    """Water in Hải Phòng, and a gap of the source in Đà Nẵng: nothing that somebody could correct in this city."""
    assert run("city", "add", "beyond", "--province", code).exit_code == 0
    checked = run("check", "--city", "beyond", "--format", "json")
    found = json.loads(checked.stdout)["findings"]
    gaps = [finding for finding in found if "gap" in finding["code"] or "hole" in finding["code"]]
    assert [(gap["code"], gap["severity"]) for gap in gaps] == [("analysis.gap-of-country", "note")]
    assert beside in str(gaps[0]["parameters"]["wards"])
    assert run("city", "check", "beyond").exit_code == 0


def test_both_checks_find_a_ward_that_is_missing_in_the_file_of_the_city(own_data: Path) -> None:
    import shapely

    from geo.reference.build.country.step import parquet_by_province
    from geo.reference.geojson import read_frame

    assert run("city", "add", "beyond", "--province", "92").exit_code == 0
    file = settings.cities_dir() / "beyond" / "wards.parquet"
    wards = read_frame(file)
    inner = ~shapely.intersects(wards.geometry.to_numpy(), shapely.boundary(shapely.coverage_union_all(wards.geometry)))
    file.write_bytes(parquet_by_province(wards[wards["code"] != wards[inner]["code"].iloc[0]]))
    made = run("city", "check", "beyond")
    assert made.exit_code == 1
    assert str(file) in "".join(made.stderr.split())
    found = json.loads(run("check", "--city", "beyond", "--format", "json").stdout)["findings"]
    [gap] = [finding for finding in found if finding["code"] == "analysis.wards-gap"]
    assert gap["severity"] == "error"
    assert str(file) in str(gap)
