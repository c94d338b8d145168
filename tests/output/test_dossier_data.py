"""Data files opened by other programs: GDAL, openpyxl, LibreOffice Calc; what they say of themselves."""

from __future__ import annotations

import csv
import io
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import openpyxl
import pyogrio
import pytest
from dossier_samples import recorded
from typer.testing import CliRunner

from geo.cli.app import application
from geo.errors import InputError
from geo.importing.geometries import read_sites
from geo.output.decree.file_names import file_name
from geo.output.dossier import Edition, dossier
from geo.situation import Situation

VI = Edition()


@pytest.fixture(scope="module")
def files(hanoi: Situation) -> dict[str, bytes]:
    return dossier(recorded(hanoi), "HN-I-7", ["gpkg", "kml", "xlsx"], VI)


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"there is no {name} on this machine")
    return found


def test_gdal_reads_the_pieces_with_their_metres(files: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    path.write_bytes(files["gpkg"])
    pieces = pyogrio.read_dataframe(path, layer="stretches").sort_values("from_m")
    assert pieces["from_m"].dtype.kind == pieces["to_m"].dtype.kind == "f"
    assert len(pieces) == 5
    assert pieces["from_m"].tolist()[1:] == pytest.approx(pieces["to_m"].tolist()[:-1], abs=0.01)
    assert (pieces["to_m"] - pieces["from_m"]).tolist() == pytest.approx(pieces["length_m"].tolist(), abs=0.01)
    said = subprocess.run([program("ogrinfo"), "-so", "-al", str(path)], capture_output=True, check=True, timeout=900)
    text = said.stdout.decode("utf-8")
    assert all(f"Layer name: {name}" in text for name in ("sites", "stretches", "wards"))
    assert "from_m: Real" in text


@pytest.mark.parametrize("ending", ["gpkg", "kml"])
def test_what_the_register_says_comes_back_whole(
    files: dict[str, bytes], hanoi: Situation, ending: str, tmp_path: Path
) -> None:
    """`crossings --sites` reads the site with its declaration, its ends, its corridor: nothing is replaced by a usual one."""
    path = tmp_path / f"a.{ending}"
    path.write_bytes(files[ending])
    (read,) = read_sites(path).frame.drop(columns="geometry").to_dict("records")
    (known,) = hanoi.sites[hanoi.sites["site_id"] == "HN-I-7"].drop(columns="geometry").to_dict("records")
    assert {name: str(value) for name, value in read.items()} == {name: str(known[name]) for name in read}


def test_a_geopackage_says_what_it_is(files: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    path.write_bytes(files["gpkg"])
    with closing(sqlite3.connect(path)) as base:
        metadata = str(base.execute("SELECT metadata FROM gpkg_metadata").fetchone()[0])
        described = dict(
            base.execute("SELECT table_name, description FROM gpkg_contents WHERE table_name = 'stretches'")
        )
        columns = dict(base.execute("SELECT column_name, description FROM gpkg_data_columns"))
    assert "ODbL" in metadata
    assert "Bản nội bộ" in metadata
    assert described["stretches"].startswith("Mỗi đoạn")
    assert "mét" in columns["from_m"]


def test_vn_2000_is_that_of_the_city(hanoi: Situation, tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    path.write_bytes(dossier(hanoi, "HN-II-5", ["gpkg"], replace(VI, vn2000=True))["gpkg"])
    frame = pyogrio.read_dataframe(path, layer="sites")
    assert frame.crs.to_epsg() == 5897
    assert float(frame.geometry.length.iloc[0]) == pytest.approx(float(frame["length_m"].iloc[0]), rel=1e-3)


def test_kml_and_workbook_name_their_sources(files: dict[str, bytes]) -> None:
    assert "ODbL 1.0" in files["kml"].decode()
    assert "Bản nội bộ" in files["kml"].decode()
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
    last = [str(row[0].value) for row in book.worksheets[-1].iter_rows()]
    assert any("ODbL" in line for line in last)
    assert all("Bản nội bộ" in str(sheet.oddHeader.right.text) for sheet in book.worksheets[:-1])


def test_the_workbook_has_totals_and_reports_with_chainage(files: dict[str, bytes]) -> None:
    book = {sheet.title: sheet for sheet in openpyxl.load_workbook(io.BytesIO(files["xlsx"])).worksheets}
    wards = list(book["Xã, phường"].iter_rows(min_row=2, values_only=True))
    assert wards[-1][0] == "Cộng"
    assert wards[-1][2] == pytest.approx(sum(float(str(row[2])) for row in wards[:-1]), abs=0.002)
    # The cells are shown to a tenth of a percent, and add up as they are shown.
    assert [row[3] for row in wards] == [0.013, 0.743, 0.244, 1.0]
    assert wards[0][0] == "00640"
    reports = list(book["Loại tin báo"].iter_rows(min_row=2, values_only=True))
    assert [row[3] for row in reports] == [100.0, 200.0]


def test_calc_shows_the_workbook(files: dict[str, bytes], tmp_path: Path) -> None:
    office = program("soffice")
    if not (Path(office).resolve().parent / "libsclo.so").is_file():
        pytest.skip("Calc is not installed")
    (tmp_path / "a.xlsx").write_bytes(files["xlsx"])
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        office,
        profile,
        "--headless",
        "--convert-to",
        "csv",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "a.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=900)
    assert "HN-I-7" in (tmp_path / "a.csv").read_text("utf-8", "replace")


def test_names_of_files_follow_a_pattern(monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import date

    day = date(2026, 11, 29)
    assert file_name("HN-I-1", day, "internal", "pdf") == "HN-I-1_2026-11-29_noi-bo.pdf"
    assert file_name("HN-I-1", day, "public", "pdf", "en") == "HN-I-1_2026-11-29_public.pdf"
    monkeypatch.setenv("DIABAN_FILE_NAMES", "{edition}-{what}")
    assert file_name("HN-I-1", day, "public", "pdf") == "cong-khai-HN-I-1.pdf"
    for wrong in ("{day}", "{what}{who}", "{what"):
        monkeypatch.setenv("DIABAN_FILE_NAMES", wrong)
        with pytest.raises(InputError, match="DIABAN_FILE_NAMES"):
            file_name("HN-I-1", day, "public", "pdf")


@pytest.mark.parametrize("mark", [True, False])
def test_csv_files_begin_with_the_mark_of_utf_8(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mark: bool) -> None:
    monkeypatch.setenv("DIABAN_CSV_BOM", str(int(mark)))
    monkeypatch.setenv("DIABAN_DATABASE_FILE", str(tmp_path / "none.sqlite"))
    for words in (("crossings", "HN-I-7"), ("risk", "--plan", "--day", "2026-06-17"), ("ward", "00004")):
        done = CliRunner().invoke(application(words[:1]), [*words, "-o", str(tmp_path / "a.csv")])
        assert done.exit_code == 0, done.output
        data = (tmp_path / "a.csv").read_bytes()
        assert data.startswith(b"\xef\xbb\xbf") is mark
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
        assert rows


def test_crossings_and_flags_as_workbooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIABAN_DATABASE_FILE", str(tmp_path / "none.sqlite"))
    for words, column in ((("crossings", "HN-I-7"), 2), (("risk", "--plan", "--day", "2026-06-17"), 1)):
        file = tmp_path / "a.xlsx"
        done = CliRunner().invoke(application(words[:1]), [*words, "-o", str(file)])
        assert done.exit_code == 0, done.output
        book = openpyxl.load_workbook(file)
        assert book.worksheets[0].cell(2, column).data_type == "s"
        refused = CliRunner().invoke(application(words[:1]), [*words, "--format", "xlsx"])
        assert refused.exit_code == 2
