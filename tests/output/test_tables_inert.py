"""No cell that is written runs: what begins like a formula is text in CSV and XLSX."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from api.resources.pages import to_csv as listed
from geo.analysis.crossings.table import crossings
from geo.analysis.reconcile import reconcile
from geo.output.dossier import Edition, dossier
from geo.output.shared import crossing_rows as tables
from geo.output.shared.crossing_rows import inert, inert_texts
from geo.reference.sites import load_sites
from geo.reference.wards import load_wards
from geo.situation import from_registers

BOM = "\ufeff"
EVIL = ("=1+1", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\n=1", "  =1", "＝1+1")


@pytest.mark.parametrize("text", EVIL)
def test_what_begins_like_a_formula_is_text(text: str) -> None:
    assert inert(text) == "'" + text
    assert next(csv.DictReader(io.StringIO(listed([{"a": text}]).removeprefix(BOM), newline="")))["a"] == "'" + text
    assert listed([{"a": [text]}]).splitlines()[1].lstrip('"').startswith("'")
    assert inert_texts(pd.DataFrame({"a": [text], "n": [-1.5]})).to_dict("list") == {"a": ["'" + text], "n": [-1.5]}


def test_nothing_begins_a_row_of_its_own() -> None:
    assert listed([{"a": "x\r=1+1"}]).removeprefix(BOM).splitlines() == ["a", '"x', '=1+1"']
    assert list(csv.reader(io.StringIO(listed([{"a": "x\r=1+1"}]).removeprefix(BOM), newline=""))) == [
        ["a"],
        ["x\n=1+1"],
    ]


@pytest.mark.parametrize("value", ["Phường Ba Đình", "12/BC-UBND", "1-2", "", -1.5, None, True])
def test_anything_else_stays(value: object) -> None:
    assert inert(value) == value


def test_a_ward_and_a_site_of_formulas_run_nowhere(tmp_path: Path) -> None:
    wards, sites = load_wards(), load_sites()
    wards = wards.assign(name=EVIL[0], full_name=EVIL[0])
    sites = sites.assign(name=EVIL[1], note=EVIL[3], document=EVIL[2], declared_text=EVIL[0])
    found = crossings(sites, wards)
    cells = [cell for row in csv.reader(io.StringIO(tables.to_csv(found, reconcile(sites, found)))) for cell in row]
    assert "'" + EVIL[0] in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
    day = pd.Timestamp("2026-06-01").date()
    book = tmp_path / "site.xlsx"
    book.write_bytes(dossier(from_registers(day, "hanoi", wards, sites), "HN-I-1", ["xlsx"], Edition())["xlsx"])
    found = [cell for sheet in load_workbook(book) for row in sheet.iter_rows() for cell in row]
    assert [cell.value for cell in found if cell.data_type == "f"] == []
    assert any(str(cell.value).startswith("=") for cell in found)
