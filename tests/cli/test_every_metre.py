"""No metre is lost: what lies in no ward, what lies on a border only, gaps between wards; as the user sees them."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from openpyxl import load_workbook
from shapely.ops import substring
from typer.testing import CliRunner, Result

import geo
from geo.cli.app import application_for
from geo.reference.geojson import records, to_geojson

WARDS = geo.load_wards()
SHAPES = dict(zip(WARDS["code"], WARDS.geometry, strict=True))
MISSING = "00613"
"""Phường Tây Tựu, where HN-I-1 runs for 598 m."""


def run(*arguments: str | Path) -> Result:
    words = [*map(str, arguments), "--lang", "en"]
    return CliRunner().invoke(application_for(words), words)


def written(folder: Path, frame: object) -> Path:
    path = folder / "wards.geojson"
    path.write_text(to_geojson(records(frame)), encoding="utf-8")  # type: ignore[arg-type]
    return path


@pytest.fixture(scope="module")
def incomplete(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("wards"), WARDS[WARDS["code"] != MISSING])


def test_what_lies_in_no_ward_is_a_row_in_every_format(incomplete: Path) -> None:
    table = run("crossings", "HN-I-1", "--wards", incomplete)
    assert table.exit_code == 1
    assert "in no ward" in table.stdout
    assert "1 site lies in part or wholly in no ward, 598 m in all" in " ".join(table.stderr.split())
    [site] = json.loads(run("crossings", "HN-I-1", "--wards", incomplete, "--format", "json").stdout)["sites"]
    assert (site["length_m"], site["outside_m"]) == (pytest.approx(9661.5, abs=0.1), pytest.approx(598.2, abs=0.1))
    assert site["crossings"][-1]["ward_code"] is None
    assert sum(row["length_m"] for row in site["crossings"]) == pytest.approx(site["length_m"], abs=0.001)
    rows = list(
        csv.DictReader(run("crossings", "HN-I-1", "--wards", incomplete, "--format", "csv").stdout.splitlines())
    )
    assert (rows[-1]["ward_code"], rows[-1]["intervals_m"]) == ("", "31.863-630.041")
    features = json.loads(run("crossings", "HN-I-1", "--wards", incomplete, "--format", "geojson").stdout)["features"]
    assert features[-1]["properties"]["ward_code"] is None
    assert features[-1]["geometry"]["type"] == "LineString"


def test_check_names_the_metres_and_the_gap(incomplete: Path) -> None:
    found = json.loads(run("check", "--wards", incomplete, "--format", "json").stdout)["findings"]
    by_code = {finding["code"]: finding for finding in found}
    assert by_code["analysis.metres-outside"]["parameters"]["metres"] == pytest.approx(598.2, abs=0.1)
    assert by_code["analysis.wards-gap"]["parameters"]["area"] == pytest.approx(7.53e6, rel=0.01)
    assert by_code["analysis.wards-missing"]["severity"] == "note"


def site(folder: Path, shape: shapely.Geometry, declared: list[str]) -> Path:
    record = {"site_id": "HN-X-1", "name": "X", "group": "public", "level": "low", "declared_wards": declared}
    path = folder / "sites.geojson"
    path.write_text(to_geojson([{**record, "geometry": shape}]), encoding="utf-8")
    return path


def border() -> tuple[str, str, shapely.LineString]:
    """Two wards and the longest part of the border between them."""
    one, other = "00331", "00301"
    shared = shapely.line_merge(shapely.intersection(SHAPES[one], SHAPES[other]))
    return one, other, max(shapely.get_parts(shared), key=lambda part: part.length)


def test_a_declared_ward_beside_the_site_is_confirmed_on_the_border_only(tmp_path: Path) -> None:
    one, other, line = border()
    inside = shapely.intersection(
        shapely.buffer(shapely.line_interpolate_point(line, 0.5, normalized=True), 2e-5), SHAPES[one]
    )
    for shape in (shapely.point_on_surface(inside), inside, line):
        path = site(tmp_path, shape, [one, other])
        result = run("crossings", "--sites", path, "--format", "json")
        assert result.exit_code == 0, result.stderr
        agreement = json.loads(result.stdout)["sites"][0]["agreement"]
        assert set(agreement["confirmed"]) == {one, other}
        assert len(agreement["on_border"]) == 1
        assert agreement["absent"] == agreement["undeclared"] == []
        assert "confirmed, on the border only" in " ".join(run("crossings", "--sites", path).stdout.split())


@pytest.mark.parametrize("kind", ["line", "area", "points"])
def test_a_site_over_the_edge_of_the_country(tmp_path: Path, kind: str) -> None:
    edge = shapely.get_coordinates(np.asarray(WARDS[WARDS["province_code"] == "46"].geometry))
    south = edge[edge[:, 1] < 16.28]
    at = south[south[:, 0].argmin()]  # west of the south of Huế lies Laos
    right, up = np.array([0.3, 0.0]), np.array([0.0, 0.3])
    shapes = {
        "line": shapely.LineString([at - right, at, at + right]),
        "area": shapely.box(at[0] - 0.02, at[1] - 0.02, at[0] + 0.02, at[1] + 0.02),
        "points": shapely.multipoints([at - right - up, at, at + right + up]),
    }
    result = run("crossings", "--sites", site(tmp_path, shapes[kind], []), "--format", "json")
    assert result.exit_code == 1
    [found] = json.loads(result.stdout)["sites"]
    assert found["crossings"][-1]["ward_code"] is None
    assert sum(row["share"] for row in found["crossings"]) == pytest.approx(1.0, abs=1e-5)
    assert found[{"line": "outside_m", "area": "outside_m2", "points": "outside_share"}[kind]] > 0


def test_a_point_by_a_border_names_the_neighbour() -> None:
    one, other, line = border()
    point = shapely.line_interpolate_point(line, 0.3, normalized=True)
    result = run("ward", "--at", f"{point.x},{point.y}", "--format", "json")
    [found] = json.loads(result.stdout)["wards"]
    assert {found["code"], found["neighbours"][0]["code"]} == {one, other}
    assert found["neighbours"][0]["distance_m"] < 1
    assert "m from the border with" in run("ward", "--at", f"{point.x},{point.y}").stdout
    far = shapely.point_on_surface(SHAPES[one])
    assert (
        json.loads(run("ward", "--at", f"{far.x},{far.y}", "--format", "json").stdout)["wards"][0]["neighbours"] == []
    )
    nowhere = run("ward", "--at", "108.5,19.9")  # the sea
    assert nowhere.exit_code == 2


def squares(folder: Path, *sides: tuple[float, float]) -> Path:
    """Wards of a file with code and name alone, each between two longitudes."""
    return written(folder, bare_wards([shapely.box(west, 20.99, east, 21.0) for west, east in sides]))


def bare_wards(shapes: list[shapely.Geometry]) -> gpd.GeoDataFrame:
    names = [f"Phường {letter}" for letter in "ABCDE"[: len(shapes)]]
    codes = [f"0000{number}" for number in range(1, len(shapes) + 1)]
    return gpd.GeoDataFrame({"code": codes, "name": names}, geometry=shapes, crs=4326)


def test_a_file_of_wards_is_asked_alone(tmp_path: Path) -> None:
    wards = squares(tmp_path, (105.80, 105.81), (105.811, 105.82))
    found = run("ward", "--at", "105.8099,20.995", "Phường B", "00001", "--wards", wards)
    assert found.exit_code == 0  # without a province, too
    assert found.stdout.count("Phường A") == 2
    # What lies in none of them is in none: the shipped register has a ward there, and the file was asked.
    for missing in (("--at", "105.8104,20.995"), ("00364",), ("Khương Đình",)):
        assert run("ward", *missing, "--wards", wards).exit_code == 2


@pytest.mark.parametrize(
    ("site", "said"),
    [
        (shapely.LineString([(105.801, 20.995), (105.809, 20.995)]), "208 m of the sites"),
        (shapely.box(105.801, 20.994, 105.809, 20.996), "46,046.7 m² of the sites"),
        (shapely.Point(105.805, 20.995), "1 point lies"),
        (shapely.LineString([(105.801, 20.995), (105.803, 20.995)]), ""),
    ],
)
def test_what_lies_in_two_wards_of_a_file_is_said(tmp_path: Path, site: shapely.Geometry, said: str) -> None:
    wards, sites = squares(tmp_path, (105.80, 105.806), (105.804, 105.81)), tmp_path / "sites.geojson"
    sites.write_text(shapely.to_geojson(site), encoding="utf-8")
    found = run("crossings", "--sites", sites, "--wards", wards, "--format", "csv")
    assert found.exit_code == bool(said)
    if said:
        assert said in " ".join(found.stderr.split())
        assert "in two wards at once, Phường A (00001), Phường B (00002)" in " ".join(found.stderr.split())
    at = run("ward", "--at", "105.805,20.995", "--wards", wards)
    assert at.exit_code == 1
    assert "lies in two wards at once" in " ".join(at.stderr.split())


@pytest.mark.parametrize(("west", "area"), [(105.804, "230,233"), (105.806, "")])
def test_wards_of_a_file_that_overlap_are_said_where_routes_pass_by_in_batches(
    tmp_path: Path, west: float, area: str
) -> None:
    wards, sites = squares(tmp_path, (105.80, 105.806), (west, 105.81)), tmp_path / "sites.parquet"
    line = shapely.LineString([(105.801, 20.995), (105.809, 20.995)])
    gpd.GeoDataFrame({"site_id": ["A"]}, geometry=[line], crs=4326).to_parquet(sites)
    for command in (
        ["crossings", "--sites", sites, "-o", tmp_path / "out.parquet"],
        ["scale", "crossings", sites, "-o", tmp_path / "run"],
    ):
        found = run(*command, "--wards", wards)
        assert found.exit_code == bool(area), found.output
        assert (f"Phường A (00001), Phường B (00002) overlap on {area}" in " ".join(found.stderr.split())) == bool(area)


def test_heirs_that_a_file_of_wards_lacks_are_named_by_code(tmp_path: Path) -> None:
    wards = written(tmp_path, WARDS[WARDS["code"] == "00364"])
    found = run("ward", "Khương Đình", "--wards", wards)
    assert found.exit_code == 0
    assert "00352 (part)" in " ".join(found.stdout.split())


def test_a_gap_is_closed_and_a_wide_one_left(tmp_path: Path) -> None:
    one, _, line = border()
    place = shapely.line_interpolate_point(line, 0.5, normalized=True)
    hole = shapely.point_on_surface(SHAPES[one])
    # 60 cm across on the border, 40 m within the ward.
    shape = SHAPES[one].difference(place.buffer(3e-6)).difference(hole.buffer(2e-4))
    wards = WARDS.set_geometry([shape if code == one else SHAPES[code] for code in WARDS["code"]], crs=WARDS.crs)
    path = written(tmp_path, wards)
    result = run("check", "--wards", path, "--repair", "-o", tmp_path / "closed.geojson")
    assert result.exit_code == 1
    assert "; left: 1 (" in result.stdout
    after = geo.load_wards(tmp_path / "closed.geojson")
    same = [code for code, shape in zip(after["code"], after.geometry, strict=True) if shape.equals(SHAPES[code])]
    assert len(same) >= len(WARDS) - 2
    assert list(after.columns) == list(WARDS.columns)
    again = run("check", "--wards", path, "--repair", "-o", tmp_path / "again.geojson", "--format", "json")
    document = json.loads(again.stdout)
    assert again.exit_code == 1
    assert document["file"] == str(tmp_path / "again.geojson")
    assert [(row["kind"], row["count"]) for row in document["left"]] == [("gap", 1)]
    assert one in {ward["code"] for row in document["closed"] for ward in row["wards"]}
    over = run("check", "--wards", path, "--repair", "-o", path)
    assert over.exit_code == 2 and str(path) in over.stderr
    assert run("check", "--repair").exit_code == run("check", "-o", tmp_path / "x.geojson").exit_code == 2


def agreements(path: Path, *options: str | Path) -> dict[str, dict[str, object]]:
    """What `crossings` says of declared and computed wards, by site."""
    result = run("crossings", "--sites", path, *options, "--format", "json")
    assert result.exit_code == 0, result.stderr
    return {site["site_id"]: site["agreement"] for site in json.loads(result.stdout)["sites"]}


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "kml", "kmz", "fgb", "parquet", "csv", "xlsx"])
def test_every_file_says_what_is_confirmed_on_the_border_only(tmp_path: Path, ending: str) -> None:
    """Also of a ward that has no row of its own; and what is written, with its declaration, is read again."""
    one, other, line = border()
    beside = shapely.intersection(shapely.offset_curve(substring(line, 0.3, 0.7, normalized=True), 1e-4), SHAPES[one])
    beside = max(shapely.get_parts(beside), key=lambda part: part.length)
    path, made = site(tmp_path, beside, [one, other, "00004"]), tmp_path / f"made.{ending}"
    assert run("crossings", "--sites", path, "-o", made).exit_code == 0
    table = read_table(made)
    assert {row["ward_code"]: row["verdict"] for row in table} == {one: "confirmed"}
    assert [(row["on_border"], row["absent"]) for row in table] == [(other, "00004")]
    assert [row["declared_wards"] for row in table] == [f"{one}|{other}|00004"]
    if ending not in ("csv", "xlsx"):
        assert agreements(made) == agreements(path)


def read_table(path: Path) -> list[dict[str, str]]:
    """The rows of a file as other programs read them; the wards of a list between bars."""
    if path.suffix == ".csv":
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    elif path.suffix == ".xlsx":
        head, *body = load_workbook(path).active.values
        rows = [dict(zip(head, line, strict=True)) for line in body]
    else:
        frame = gpd.read_parquet(path) if path.suffix == ".parquet" else gpd.read_file(path)
        rows = frame.drop(columns="geometry").to_dict("records")
    names = ("ward_code", "verdict", "on_border", "absent", "declared_wards")
    return [{name: "|".join(re.findall(r"\w+", str(row[name]))) for name in names} for row in rows]
