"""The tutorial of a province, run as it is written: the commands are taken from the page."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from made_up_city import write_layers
from typer.testing import CliRunner

from geo.cli.app import application_for

PAGE = Path(__file__).parents[1] / "docs" / "tutorials" / "province.md"


def commands() -> list[list[str]]:
    """The lines of the page's shell blocks, in order, as words."""
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.S)
    return [shlex.split(line) for block in blocks for line in block.splitlines() if line.strip()]


def test_a_province_from_nothing_to_map_crossings_dossier_and_coverage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_layers(tmp_path / "layers", "danang")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIABAN_CITIES_DIR", str(tmp_path / "cities"))
    monkeypatch.setenv("DIABAN_DATABASE_FILE", str(tmp_path / "records.sqlite"))
    monkeypatch.setenv("DIABAN_CITY", "hanoi")
    shown = {}
    for words in commands():
        if words[0] == "export":
            monkeypatch.setenv(*words[1].split("=", 1))
            continue
        assert words[0] == "diaban"
        result = CliRunner().invoke(application_for(words[1:]), words[1:])
        assert result.exit_code == 0, f"{shlex.join(words)}\n{result.output}"
        shown[" ".join(words[1:3])] = result.output
    assert "20242" in shown["ward --at"]
    assert "Hải Châu" in shown["crossings DANA-II-1"]
    for file in ("map.html", "map.png", "figures.xlsx", "coverage.docx"):
        assert (tmp_path / file).stat().st_size > 5_000
    assert {file.suffix for file in (tmp_path / "dossiers").iterdir()} == {".pdf", ".docx"}
