"""`diaban coverage` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from geo.cli.records.coverage import app
from geo.settings import data_dir

HUE = ["--city", "hue", "--day", "2026-06-12"]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("DIABAN_DATABASE_URL", f"sqlite:///{tmp_path}/records.db")
    runner = CliRunner()
    return lambda *words: runner.invoke(app, [str(word) for word in words])


def example(slug: str) -> Path:
    return data_dir() / "examples" / f"{slug}-2026-H1.csv"


def test_without_records_everything_is_missing(run) -> None:  # type: ignore[no-untyped-def]
    printed = json.loads(run(*HUE, "--format", "json").stdout)
    assert {entry["state"] for entry in printed["results"]} == {"missing"}
    assert not printed["example"]


def test_import_is_all_or_nothing_and_can_be_tried_first(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    broken = tmp_path / "broken.csv"
    broken.write_text(example("hue").read_text("utf-8") + "Nowhere,a3,2026-H1,1,2026-06-10,CV,UBND\n", "utf-8")
    for words in ((example("hue"), "--dry-run"), (broken,)):
        result = run("import", *words, "--city", "hue")
        assert result.exit_code == (0 if "--dry-run" in words else 2)
    assert json.loads(run(*HUE, "--format", "json").stdout)["reporting"]["reporting"] == 0
    assert run("import", example("hue"), "--city", "hue").exit_code == 0
    printed = json.loads(run(*HUE, "--format", "json", "--indicator", "a2").stdout)
    assert [(entry["value"], entry["base"]) for entry in printed["results"]] == [(30, 120)]
    assert len(printed["wards"]) == 40
    assert printed["example"]
    again = run("import", example("hue"), "--city", "hue")
    assert "recorded already: nothing was written" in again.stderr


def test_a_file_that_differs_from_the_records_is_told_as_changes(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert run("import", example("hue"), "--city", "hue").exit_code == 0
    lines = example("hue").read_text("utf-8").splitlines()
    other = tmp_path / "other.csv"
    row = lines[1].split(",")
    place = lines[0].split(",").index("value")
    row[place] = "0" if row[place] != "0" else "1"
    other.write_text("\n".join([lines[0], ",".join(row), *lines[2:]]), "utf-8")
    tried = run("import", other, "--city", "hue", "--dry-run")
    assert "new: 0; changed: 1; recorded already: " in tried.stderr
    assert f"→ {row[place]} of" in tried.stderr
    assert "nothing was written" in tried.stderr


def test_every_format_is_written(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    source = ["--entries", example("hanoi"), "--day", "2026-06-12"]
    table = run(*source)
    assert "463/946" in table.stdout
    assert "Hoài Đức (HN-I-1)" in table.stdout
    csv = run(*source, "--format", "csv", "--indicator", "3", "--public").stdout.splitlines()
    assert csv[0].startswith("programme,period,day,level,code")
    assert {line.split(",")[7] for line in csv[1:] if ",city," in line} == {"3.1", "3.2", "3.3", "3.4", "3.5", "3.6"}
    book, letter, empty, dates = (tmp_path / name for name in ("a.xlsx", "a.docx", "t.xlsx", "d.ics"))
    assert run(*source, "--format", "xlsx", "-o", book).exit_code == 0
    assert run("report", *source, "-o", letter).exit_code == 0
    assert run("template", "--day", "2026-03-01", "-o", empty).exit_code == 0
    assert run("calendar", "-o", dates).exit_code == 0
    assert "Chỉ tiêu" in load_workbook(book).sheetnames
    assert letter.read_bytes()[:2] == b"PK"
    assert load_workbook(empty)["Thông tin"]["B2"].value == "2026-H1"
    assert dates.read_bytes().startswith(b"BEGIN:VCALENDAR")


@pytest.mark.parametrize(
    "words",
    [["--city", "dalat"], ["--indicator", "99"], ["--period", "2031"], ["--period", "x"], ["--programme", "../x"]],
)
def test_bad_use_ends_with_2(run, words: list[str]) -> None:  # type: ignore[no-untyped-def]
    assert run(*words, "--day", "2026-06-12").exit_code == 2
