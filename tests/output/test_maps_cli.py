"""`diaban map …` writes whole files, by format or ending, and says what it can't do."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from geo.cli.app import application, application_for


@pytest.fixture(autouse=True)
def no_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DIABAN_DATABASE_URL", raising=False)
    monkeypatch.setenv("DIABAN_DATABASE_FILE", str(tmp_path / "none.sqlite"))


@pytest.mark.parametrize(
    ("arguments", "title"),
    [
        (["overview"], "Bản đồ tổng quan địa bàn"),
        (["site", "HN-II-5"], "Bản đồ địa điểm II.5"),
        (["ward", "Yên Hòa"], "Phường Yên Hòa"),
        (["risk", "--public"], "Bản đồ cảnh báo"),
        (["coverage", "--city", "hue"], "Bản đồ mức độ nhập số liệu chương trình"),
        (["compare", "2026-01-07", "17/06/2026"], "07/01/2026 → 17/06/2026"),
    ],
)
def test_each_map_is_written(tmp_path: Path, arguments: list[str], title: str) -> None:
    file = tmp_path / "deep" / "map.html"
    day = [] if arguments[0] == "compare" else ["--day", "2026-06-17"]
    result = CliRunner().invoke(application(["map"]), ["map", *arguments, *day, "-o", str(file), "--lang", "vi"])
    assert result.exit_code == 0, result.output
    assert title in file.read_text(encoding="utf-8")
    assert not (tmp_path / "none.sqlite").exists()


@pytest.mark.parametrize(
    ("options", "here", "absent"),
    [
        (["--lang", "en"], ["Overview map", "Legend"], ["Bản đồ tổng quan", "Chú giải"]),
        (["--lang", "vi"], ["Bản đồ tổng quan địa bàn", "Ít hoạt động"], ["Overview map", "Low activity"]),
        (
            ["--bilingual", "--lang", "vi"],
            ["Bản đồ tổng quan địa bàn · Overview", "Ít hoạt động · Low activity", "Chú giải"],
            [],
        ),
        (["--bilingual", "--lang", "en"], ["Low activity · Ít hoạt động", "Legend"], ["Chú giải"]),
    ],
)
def test_one_language_or_both(tmp_path: Path, options: list[str], here: list[str], absent: list[str]) -> None:
    file = tmp_path / "map.html"
    arguments = ["map", "overview", "-o", str(file), "--day", "2026-06-17", *options]
    assert CliRunner().invoke(application_for(arguments), arguments).exit_code == 0
    text = file.read_text(encoding="utf-8").partition("<body")[2].partition("<script")[0]
    assert [word for word in here if word not in text] == []
    assert [word for word in absent if word in text] == []


def test_a_picture_by_its_ending(tmp_path: Path) -> None:
    file = tmp_path / "map.png"
    result = CliRunner().invoke(application(["map"]), ["map", "site", "HN-I-7", "-o", str(file), "--day", "2026-06-17"])
    assert result.exit_code == 0, result.output
    assert file.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("arguments", [["site", "HN-I-77"], ["ward", "Nowhere"], ["coverage", "--target", "x"]])
def test_what_is_not_there_is_refused(tmp_path: Path, arguments: list[str]) -> None:
    file = tmp_path / "map.html"
    result = CliRunner().invoke(application(["map"]), ["map", *arguments, "-o", str(file)])
    assert result.exit_code == 2
    assert not file.exists()
