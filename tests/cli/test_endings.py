"""The ending of a file chooses its format; one that an output is not written as is refused with those that are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner, Result

from geo.cli.app import COMMANDS, application, application_for
from geo.errors import InputError
from geo.output.shared.formats import KINDS, format_of

DAY = ("--day", "2026-06-17")
_MAP = ("map", DAY)
TABLE: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "atlas": ("atlas", ("--city", "hue", *DAY)),
    "backtest": ("backtest", DAY),
    "check": ("wards-file", ("--repair",)),
    "clusters knox": ("clusters", DAY),
    "clusters neighbourhoods": ("clusters", DAY),
    "clusters wards": ("clusters", DAY),
    "coverage": ("attainment", ("--day", "2026-06-12")),
    "coverage calendar": ("calendar", ()),
    "coverage report": ("programme-report", DAY),
    "coverage template": ("programme-template", DAY),
    "crossings": ("crossings", ("HN-I-1",)),
    "map compare": ("map", ("2026-03-01", "2026-06-01")),
    "map coverage": _MAP,
    "map overview": _MAP,
    "map risk": _MAP,
    "map site": ("map", ("HN-I-7", *DAY)),
    "map ward": ("map", ("00643", *DAY)),
    "minutes": ("minutes", ("--ward", "00643", *DAY)),
    "package": ("package", ("--city", "hue", "--ward", "19753", *DAY)),
    "place": ("place", ("Phố Bà Triệu",)),
    "plan read": ("plan", ("plan.txt",)),
    "report template": ("report-template", ()),
    "risk": ("flags", ("--plan", *DAY)),
    "tiles build": ("tiles", ("wards.geojson",)),
    "ward": ("wards", ("00004",)),
}
"""Every command that takes a file to write: the output of the table of formats, and the words that it needs."""
OTHERS = {"dossier", "scale crossings", "plan file"}
"""Two take a folder, one gives a file back as it was stored."""
ELSEWHERE = (
    "tiles build",
    "plan read",
    "backtest",
    "map coverage",
    "map risk",
    "map compare",
    "map ward",
    "map overview",
)
"""Commands whose files other tests open: maps are written by one function, and what needs records or a file to read."""
FINDING = ("check", "place", "crossings")
"""Commands that end with 1 where there is something to settle."""
BEGINNINGS = {
    "pdf": b"%PDF",
    "docx": b"PK",
    "odt": b"PK",
    "xlsx": b"PK",
    "zip": b"PK",
    "csv": b"\xef\xbb\xbf",
    "json": (b"{", b"["),
    "geojson": b"{",
    "html": b"<!DOCTYPE html>",
    "png": b"\x89PNG",
    "svg": b"<?xml",
    "kml": b"<?xml",
    "kmz": b"PK",
    "fgb": b"fgb",
    "gpkg": b"SQLite format 3",
    "parquet": b"PAR1",
    "ics": b"BEGIN:VCALENDAR",
}


@pytest.fixture(autouse=True)
def no_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DIABAN_DATABASE_URL", raising=False)
    monkeypatch.setenv("DIABAN_DATABASE_FILE", str(tmp_path / "none.sqlite"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(application_for(arguments), list(arguments))


def test_every_command_that_writes_a_file_is_in_the_table() -> None:
    assert set(_commands(get_command(application(COMMANDS)), ())) == TABLE.keys() | OTHERS


def _commands(group: Any, path: tuple[str, ...]) -> Iterator[str]:
    """The commands that take `-o`."""
    for name, command in getattr(group, "commands", {}).items():
        yield from _commands(command, (*path, name))
    if any("-o" in option.opts for option in group.params):
        yield " ".join(path)


@pytest.mark.parametrize("name", ["x.rtf", "x"])
@pytest.mark.parametrize("command", TABLE)
def test_another_ending_is_refused(tmp_path: Path, command: str, name: str) -> None:
    kind, arguments = TABLE[command]
    file, endings = tmp_path / name, ", ".join(f".{entry.ending}" for entry in KINDS[kind])
    refused = run(*command.split(), *arguments, "-o", str(file))
    assert refused.exit_code == 2
    assert f"use one of the endings: {endings}" in " ".join(refused.stderr.split())
    assert not file.exists()


@pytest.mark.parametrize(
    ("command", "ending"),
    [
        (command, entry.ending)
        for command, (kind, _) in TABLE.items()
        for entry in KINDS[kind]
        if command not in ELSEWHERE and kind != "clusters"
    ],
)
def test_the_ending_chooses(tmp_path: Path, command: str, ending: str) -> None:
    file = tmp_path / f"x.{ending.upper() if ending == 'pdf' else ending}"
    done = run(*command.split(), *TABLE[command][1], "-o", str(file))
    assert done.exit_code in ((0, 1) if command in FINDING else (0,)), done.stderr
    data = file.read_bytes()
    assert data.startswith(BEGINNINGS[ending]) if ending in BEGINNINGS else data.decode("utf-8").strip()


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


@pytest.mark.parametrize("name", ["a.shp", "a.shp.zip", "a.tab"])
def test_other_formats_of_maps_are_refused_with_the_one_to_take(name: str) -> None:
    for kind in ("crossings", "place", "dossier"):
        with pytest.raises(InputError, match=r"write \.gpkg"):
            format_of(kind, Path(name))


def test_a_name_that_is_no_format_is_refused() -> None:
    with pytest.raises(InputError, match="choose one of: pdf"):
        format_of("atlas", None, "rtf")
