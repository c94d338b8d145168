"""`diaban place`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from streets_town import write
from typer.testing import CliRunner

from geo.cli.registers.place import place

app = typer.Typer()
app.command()(place)
STRETCH = "Đường Thử (đoạn từ Phố Một đến đường Hai)"


@pytest.fixture(scope="module")
def streets(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write(tmp_path_factory.mktemp("town") / "town.gpkg"))


def test_a_collection_is_printed(streets: str) -> None:
    result = CliRunner().invoke(app, [STRETCH, "--streets", streets])
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert (document["type"], document["sure"]) == ("FeatureCollection", True)
    [feature] = document["features"]
    assert feature["geometry"]["type"] == "LineString"
    assert feature["properties"]["length_m"] == pytest.approx(400, abs=1)
    wanted = {"description", "kind", "accuracy_m", "wards", "found", "chosen", "evidence", "notes"}
    assert set(feature["properties"]) >= wanted


def test_a_file_is_written(streets: str, tmp_path: Path) -> None:
    output = tmp_path / "stretch.geojson"
    result = CliRunner().invoke(app, [STRETCH, "--streets", streets, "-o", str(output)])
    assert result.exit_code == 0
    assert result.stdout == ""
    [feature] = json.loads(output.read_text(encoding="utf-8"))["features"]
    assert feature["properties"]["description"] == STRETCH


@pytest.mark.parametrize(
    ("text", "nearest"), [("Đường Thư", "Đường Thử"), ("Đường Thử từ Phố Mốt đến Đường Hai", "Phố Một")]
)
def test_unknown_names_are_bad_use_with_the_nearest(streets: str, text: str, nearest: str) -> None:
    result = CliRunner().invoke(app, [text, "--streets", streets])
    assert result.exit_code == 2
    assert nearest in result.stderr
    document = json.loads(result.stdout)
    assert document["features"] == []
    assert document["parts"][0]["understood"]


def test_what_was_shipped_is_used_without_a_file() -> None:
    result = CliRunner().invoke(app, ["Phố Bà Triệu", "--city", "hanoi"])
    assert result.exit_code == 1
    names = [feature["properties"]["wards"][-1]["name"] for feature in json.loads(result.stdout)["features"]]
    assert names == ["Phường Hai Bà Trưng", "Phường Hà Đông"]


@pytest.mark.parametrize(
    ("options", "rows"), [(["--choose", "2"], 1), (["--ward", "Hai Bà Trưng"], 1), (["--ward", "Phường Hà Đông"], 1)]
)
def test_the_reader_settles_it(options: list[str], rows: int) -> None:
    result = CliRunner().invoke(app, ["Phố Bà Triệu", "--city", "hanoi", "--format", "json", *options])
    assert result.exit_code == 0
    assert len(json.loads(result.stdout)["features"]) == rows


def test_a_choice_beyond_the_list_is_bad_use() -> None:
    result = CliRunner().invoke(app, ["Phố Bà Triệu", "--city", "hanoi", "--choose", "7"])
    assert result.exit_code == 2
    assert "no candidate 7" in result.stderr


def test_candidates_as_a_table() -> None:
    result = CliRunner().invoke(app, ["Ngã tư Sở", "--city", "hanoi", "--format", "table"])
    assert result.exit_code == 0
    assert "junction" in result.stdout


def test_a_place_of_another_city_is_found_and_said() -> None:
    result = CliRunner().invoke(app, ["Cầu Trường Tiền", "--city", "hanoi", "--format", "json"])
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert document["city"] == "hue"
    assert "not found in Hà Nội" in document["features"][0]["properties"]["notes"][-1]


@pytest.mark.parametrize(("text", "city"), [("QL32", "hanoi"), ("QL1A", "hanoi"), ("TL.427", "hanoi"), ("QL1A", "hue")])
def test_a_road_that_leaves_the_city_has_the_wards_of_the_city(text: str, city: str) -> None:
    result = CliRunner().invoke(app, [text, "--city", city, "--format", "json"])
    assert result.exit_code in (0, 1), result.output
    found = json.loads(result.stdout)
    first = (found["candidates"] if "candidates" in found else found["features"])[0]
    own = first.get("properties", first)
    assert len(own["wards"]) > 4
    assert 0 < sum(ward["length_m"] for ward in own["wards"]) <= own["length_m"] * 1.02


def test_a_missing_file_is_bad_use(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, [STRETCH, "--streets", str(tmp_path / "none.gpkg")])
    assert result.exit_code == 2
    assert "none.gpkg" in result.stderr
