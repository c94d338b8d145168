"""The register of complex sites, and how it is made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from geo import settings
from geo.errors import InputError
from geo.reference.build.__main__ import main
from geo.reference.build.sites import load_choices
from geo.reference.crs import to_metric
from geo.reference.names import fold
from geo.reference.sites import COLUMNS, load_sites
from geo.reference.streets import load_network, parse
from geo.reference.streets.search import find_street

ACTIVE = {"HN-I-1", "HN-I-2", "HN-I-3", "HN-I-6", "HN-I-7", "HN-II-1", "HN-II-2"}
LOW = {"HN-I-4", "HN-I-5", "HN-II-3", "HN-II-4", "HN-II-5"}
STREETS = ("roads_hanoi_osm.parquet", "roads_ql32_west_osm.geojson")


def test_the_register_holds_the_sites_of_the_plan() -> None:
    sites = load_sites()
    assert list(sites.columns) == [*COLUMNS, "geometry"]
    assert sites.crs == "EPSG:4326"
    assert set(sites.site_id) == ACTIVE | LOW
    assert set(sites.site_id[sites.level == "active"]) == ACTIVE
    assert set(sites.site_id[sites.level == "low"]) == LOW
    assert set(sites.site_id[sites.group == "establishment"]) == {f"HN-I-{n}" for n in range(1, 8)}
    assert dict(sites.handed_over.value_counts()) == {2021: 3, 2022: 3, 2024: 2, 2016: 2, 2023: 1, 2025: 1}
    assert set(sites.geom_type) == {"LineString"}
    assert sites.geometry.is_simple.all()
    assert (sites[["name", "from", "to", "document", "geometry_source", "note"]] != "").all(axis=None)


def test_the_file_is_plain_geojson() -> None:
    text = settings.sites_file().read_text(encoding="utf-8")
    collection = json.loads(text)
    assert "crs" not in collection
    numbers = [c for f in collection["features"] for point in f["geometry"]["coordinates"] for c in point]
    assert all(round(c, 7) == c for c in numbers)
    assert all(len(point) == 2 for f in collection["features"] for point in f["geometry"]["coordinates"])


def test_declared_codes_are_the_wards_that_the_plan_prints() -> None:
    wards = json.loads(settings.wards_file().read_text(encoding="utf-8"))["features"]
    names = {f["properties"]["code"]: f["properties"]["name"] for f in wards}
    sites = load_sites().set_index("site_id")
    for declared, text in zip(sites.declared_wards, sites.declared_text, strict=True):
        assert all(fold(names[code]) in fold(text) for code in declared)
    assert sites.declared_wards["HN-II-5"] == []
    assert sites.declared_wards["HN-II-4"] == sites.declared_wards["HN-II-3"] == ["00256"]


def test_every_choice_has_its_reasons() -> None:
    choices, gazetteer = load_choices(settings.data_dir() / "sites.toml")
    assert all(choice.reason and choice.corridor_reason and choice.note for choice in choices)
    assert all(entry.reason for entry in (*gazetteer.aliases, *gazetteer.places, *gazetteer.routes))


def _feature(**changed: Any) -> dict[str, Any]:
    properties = {"site_id": "X-1", "name": "X", "group": "public", "level": "low", "declared_wards": ["00004"]}
    geometry = {"type": "LineString", "coordinates": [[105.8, 21.0], [105.81, 21.0]]}
    geometry = changed.pop("geometry", geometry)
    return {"type": "Feature", "properties": {**properties, **changed}, "geometry": geometry}


def _write(path: Path, *features: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def test_what_a_file_leaves_out_is_filled(tmp_path: Path) -> None:
    area = {"type": "Polygon", "coordinates": [[[105.8, 21.0], [105.81, 21.0], [105.81, 21.01], [105.8, 21.0]]]}
    sites = load_sites(_write(tmp_path / "s.geojson", _feature(), _feature(site_id="X-2", geometry=area)))
    assert list(sites.columns) == [*COLUMNS, "geometry"]
    assert list(sites["accuracy_m"]) == [50.0, 50.0]
    assert sites["handed_over"].isna().all()
    assert list(sites["note"]) == ["", ""]


def test_all_problems_are_told_and_sound_features_are_not(tmp_path: Path) -> None:
    swapped = {"type": "LineString", "coordinates": [[21.0, 105.8], [21.0, 105.81]]}
    path = _write(
        tmp_path / "bad.geojson",
        _feature(site_id="OK"),
        _feature(site_id="A", level="hot"),
        _feature(site_id="B", group="other"),
        _feature(site_id="C", declared_wards=["4"]),
        _feature(site_id="D", declared_wards="00004"),
        _feature(site_id="E", handed_over=20, accuracy_m=-1),
        _feature(site_id="F", geometry=swapped),
        _feature(site_id="G", geometry=None),
        _feature(site_id="H", name=""),
        _feature(site_id="I"),
        _feature(site_id="I"),
    )
    with pytest.raises(InputError) as error:
        load_sites(path)
    reported = "\n".join(map(str, error.value.problems))
    for part in (
        'A: level "hot"',
        'B: group "other"',
        'C: declared ward "4"',
        "D: declared_wards",
        "E: handed_over 20",
    ):
        assert part in reported
    for part in (
        "E: accuracy_m -1",
        "F: has its axes swapped",
        "G: has no geometry",
        "H: has no name",
        "I stands twice",
    ):
        assert part in reported
    assert "OK" not in reported


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    feature = _feature()
    del feature["properties"]["level"]
    with pytest.raises(InputError, match="'level'"):
        load_sites(_write(tmp_path / "s.geojson", feature))


def test_the_build_gives_the_shipped_file_again(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    streets = [text for name in STREETS for text in ("--streets", str(shared / "data" / name))]
    assert main(["sites", *streets, "-o", str(tmp_path / "sites.geojson")]) == 0
    assert (tmp_path / "sites.geojson").read_bytes() == settings.sites_file().read_bytes()
    report = capsys.readouterr().out
    assert report.count("(declared)") == 15


def test_every_vertex_lies_within_its_accuracy_of_the_real_street(shared: Path) -> None:
    choices, gazetteer = load_choices(settings.data_dir() / "sites.toml")
    network = load_network([shared / "data" / name for name in STREETS], gazetteer=gazetteer)
    sites = load_sites().set_index("site_id")
    for choice in choices:
        street = find_street(network, parse(choice.description).street, gazetteer)
        ways = shapely.union_all(network.ways.lines[street.rows])
        line = to_metric(np.array([sites.geometry[choice.site_id]], dtype=object), "01")[0]
        vertices = shapely.points(shapely.get_coordinates(line))
        assert shapely.distance(vertices, ways).max() <= min(float(sites.accuracy_m[choice.site_id]), 50.0), (
            choice.site_id
        )


def test_a_wrong_code_or_limit_stops_the_build_with_all_its_problems(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (settings.data_dir() / "sites.toml").read_text(encoding="utf-8")
    text = text.replace('declared_wards = ["09886"]', 'declared_wards = ["00004"]')
    text = text.replace('description = "Phố Yersin - Vườn hoa Pasteur"', 'description = "Phố Yersin - Vườn hoa Paster"')
    (tmp_path / "sites.toml").write_text(text, encoding="utf-8")
    streets = [part for name in STREETS for part in ("--streets", str(shared / "data" / name))]
    output = tmp_path / "sites.geojson"
    assert main(["sites", *streets, "--choices", str(tmp_path / "sites.toml"), "-o", str(output)]) == 2
    reported = capsys.readouterr().err
    assert "HN-I-3" in reported
    assert "HN-II-3" in reported
    assert not output.exists()


def test_a_file_is_parsed_once_for_each_content_and_each_frame_is_its_own() -> None:
    first, second = load_sites(), load_sites()
    assert first.geometry.iloc[0] is second.geometry.iloc[0]
    first.loc[0, "name"] = "another"
    assert load_sites()["name"].tolist() == second["name"].tolist()
