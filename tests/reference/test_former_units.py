"""Former units: each with its heirs, whole or in part, as the resolutions have it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from resolutions import items

from geo.errors import InputError
from geo.reference.build.former_units import build_former_units, written
from geo.reference.geojson import read_frame
from geo.reference.names import fold
from geo.reference.ward_names.former_units import COLUMNS, FormerUnits, load_former_units
from geo.reference.wards import load_wards
from geo.settings import data_dir

UNITS = load_former_units()
WARDS = dict(zip(load_wards()["code"], load_wards()["full_name"], strict=True))


@pytest.mark.shared
@pytest.mark.parametrize(("resolution", "province", "pairs"), [("1656", "01", 795), ("1675", "46", 132)])
def test_every_former_unit_is_as_the_resolution_has_it(
    shared: Path, resolution: str, province: str, pairs: int
) -> None:
    text = set(items(shared / "data" / "units" / f"{resolution}_NQ-UBTVQH15.md"))
    assert len(text) == pairs
    held = {
        (heir.item, heir.extent, fold(unit.name), fold(WARDS[heir.code]))
        for unit in UNITS
        if unit.province_code == province
        for heir in unit.heirs
    }
    unchanged = {(40, "whole", fold("Phường Dương Nỗ"), fold("Phường Dương Nỗ"))} if province == "46" else set()
    assert held == text | unchanged


@pytest.mark.shared
def test_the_build_gives_the_shipped_file_again(shared: Path) -> None:
    pairs = pd.read_csv(shared / "data" / "units" / "old_to_new_units_2025.csv", dtype=str, keep_default_na=False)
    outlines = read_frame(shared / "data" / "base" / "hanoi_old_communes_osm2026.parquet")
    assert written(build_former_units(pairs, outlines)) == (data_dir() / "former_units.csv").read_text("utf-8")


def test_a_unit_that_went_whole_has_one_heir_and_areas_are_shares_of_one_unit() -> None:
    assert len([unit for unit in UNITS if unit.province_code == "01"]) == 526
    for unit in UNITS:
        whole = [heir for heir in unit.heirs if heir.extent == "whole"]
        assert len(whole) in (0, 1)
        assert not whole or len(unit.heirs) == 1
        assert len({heir.area_m2 is None for heir in unit.heirs}) == 1


def test_where_an_outline_is_known_it_says_how_much_and_where() -> None:
    [unit] = [unit for unit in UNITS if unit.name == "Phường Định Công"]
    parts = {WARDS[heir.code]: (round(heir.area_m2 or 0, -4), heir.side) for heir in unit.heirs}
    assert parts == {"Phường Định Công": (1_950_000, "south"), "Phường Phương Liệt": (780_000, "north")}


def test_districts_tell_namesakes_apart() -> None:
    former = FormerUnits(UNITS)
    namesakes = [unit for unit in former.units if unit.name == "Xã Kim Chung"]
    assert {unit.district for unit in namesakes} == {"Huyện Đông Anh", "Huyện Hoài Đức"}
    assert [unit.district for unit in namesakes if unit in former.in_district("H. Hoài Đức")] == ["Huyện Hoài Đức"]


def test_a_row_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    file = tmp_path / "former_units.csv"
    file.write_text(",".join(COLUMNS) + "\n00001,Phường A,Quận B,01,00004,half,1656/NQ-UBTVQH15,3,,\n", "utf-8")
    with pytest.raises(InputError) as refused:
        load_former_units(file)
    assert refused.value.problems[0].parameters["row"] == 2
    assert load_former_units(tmp_path / "absent.csv") == ()
