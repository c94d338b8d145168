"""The ending of a file chooses its format; one that an output is not written as is refused with those that are."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from geo.cli.app import COMMANDS, application
from geo.errors import InputError
from geo.output.shared.formats import KINDS, format_of

DAY = ("--day", "2026-06-17")


@pytest.fixture(autouse=True)
def no_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DIABAN_DATABASE_URL", raising=False)
    monkeypatch.setenv("DIABAN_DATABASE_FILE", str(tmp_path / "none.sqlite"))


def run(*arguments: str) -> Result:
    named = [word for word in arguments if word in COMMANDS][:1]
    return CliRunner().invoke(application(named or COMMANDS), list(arguments))


@pytest.mark.parametrize(
    ("arguments", "name", "possible"),
    [
        (["atlas", *DAY], "x.xlsx", ".pdf, .docx, .odt"),
        (["map", "overview", *DAY], "x.docx", ".html, .png, .svg, .pdf"),
        (["map", "overview", *DAY], "x", ".html, .png, .svg, .pdf"),
        (["risk", "--plan", *DAY], "x.rtf", ".txt, .json, .geojson, .csv, .xlsx"),
        (["coverage", *DAY], "x.docx", ".txt, .json, .csv, .xlsx"),
        (["coverage", "report", *DAY], "x.rtf", ".docx, .odt, .pdf, .xlsx"),
        (["coverage", "template", *DAY], "x.csv", ".xlsx"),
        (["coverage", "calendar"], "x.txt", ".ics"),
        (["minutes", "--ward", "00643", *DAY], "x.rtf", ".docx, .odt, .pdf"),
        (["crossings", "HN-I-1"], "x.rtf", ".txt, .json, .csv, .geojson, .xlsx, .gpkg, .kml"),
        (["ward", "00004"], "x.geojson", ".txt, .json, .csv"),
    ],
)
def test_another_ending_is_refused(tmp_path: Path, arguments: list[str], name: str, possible: str) -> None:
    file = tmp_path / name
    refused = run(*arguments, "-o", str(file))
    assert refused.exit_code == 2
    assert f"use one of the endings: {possible}" in " ".join(refused.stderr.split())
    assert not file.exists()


@pytest.mark.parametrize(
    ("arguments", "name", "begin"),
    [
        (["coverage", "--day", "2026-06-12"], "x.xlsx", b"PK"),
        (["coverage", "--day", "2026-06-12"], "x.csv", b"\xef\xbb\xbfprogramme,period"),
        (["crossings", "HN-I-1"], "x.csv", b"\xef\xbb\xbfsite_id,"),
        (["crossings", "HN-I-1"], "x.geojson", b'{"type":"FeatureCollection"'),
        (["risk", "--plan", *DAY], "x.json", b"{"),
        (["ward", "00004"], "x.json", b"{"),
        (["map", "site", "HN-I-7", *DAY], "x.PDF", b"%PDF"),
        (["map", "site", "HN-I-7", *DAY], "x.svg", b"<?xml"),
    ],
)
def test_the_ending_chooses(tmp_path: Path, arguments: list[str], name: str, begin: bytes) -> None:
    file = tmp_path / name
    done = run(*arguments, "-o", str(file))
    assert done.exit_code == 0, done.stderr
    assert file.read_bytes().startswith(begin)


def test_an_option_and_an_ending_have_to_agree(tmp_path: Path) -> None:
    refused = run("crossings", "HN-I-1", "--format", "csv", "-o", str(tmp_path / "x.json"))
    assert refused.exit_code == 2
    assert "use the ending .csv" in refused.stderr
    assert run("crossings", "HN-I-1", "--format", "csv", "-o", str(tmp_path / "x")).exit_code == 0


def test_every_format_of_the_table_has_its_writer() -> None:
    for kind, entries in KINDS.items():
        for entry in entries:
            assert format_of(kind, Path(f"a.{entry.ending}")) is entry
            module, _, path = entry.writer.partition(":")
            place = import_module(module) if module else None
            for part in path.split(".") if path else ():
                place = getattr(place, part)
            assert module == "" or callable(place), entry


def test_a_name_that_is_no_format_is_refused() -> None:
    with pytest.raises(InputError, match="choose one of: pdf"):
        format_of("atlas", None, "rtf")
