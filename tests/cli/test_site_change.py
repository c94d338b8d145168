"""`diaban site change`: its level is in force; another paper's version of the day is replaced only by a correction."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_register_commands import run

COMMON = ("--office", "UBND thành phố", "--day", "2026-03-01", "--lang", "en")


@pytest.fixture(autouse=True)
def _records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIABAN_DATABASE_URL", f"sqlite:///{tmp_path / 'records.sqlite'}")


def life_of(site: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(run("site", "history", site, "--format", "json", "--lang", "en").stdout)
    return found


def test_the_level_of_a_change_is_in_force() -> None:
    other = ("--corridor", "80", "--level", "inactive", "--document", "5/KH-UBND")
    drafted = run("site", "change", "HN-I-4", *other, *COMMON)
    assert drafted.exit_code in (0, 1), drafted.stderr
    assert run("draft", "publish", "1", "--office", "UBND thành phố").exit_code == 0
    rows = json.loads(run("status", "history", "HN-I-4", "--format", "json").stdout)
    assert "inactive" in json.dumps(rows)
    steps = [(step["event"], step["about"], step["document"]) for step in life_of("HN-I-4")]
    assert ("level", "inactive", "5/KH-UBND") in [(e, a.lower(), d) for e, a, d in steps], "of the whole life"
    alone = run("site", "change", "HN-I-5", "--level", "inactive", "--document", "5/KH-UBND", *COMMON)
    assert "1 entry" in alone.stdout or alone.exit_code in (0, 1)
    assert len(json.loads(run("draft", "list", "--format", "json").stdout)[0]["entries"]) == 1


def test_another_paper_of_the_day_is_replaced_by_a_correction_alone() -> None:
    assert run("site", "rename", "HN-I-4", "--name", "Đường A", "--document", "5/KH-UBND", *COMMON).exit_code in (0, 1)
    assert run("draft", "publish", "1", "--office", "UBND thành phố").exit_code == 0
    other = ("site", "rename", "HN-I-4", "--name", "Đường B", "--document", "31/QĐ-SYT", *COMMON)
    refused = run(*other)
    said = " ".join(refused.stderr.split())
    assert (refused.exit_code, "Đường A" in said, "Đường B" in said, "--correct" in said) == (2, True, True, True)
    assert run(*other, "--correct").exit_code in (0, 1)
    assert run("draft", "publish", "2", "--office", "UBND thành phố").exit_code == 0
    assert [step["about"] for step in life_of("HN-I-4") if step["about"] in ("Đường A", "Đường B")] == ["Đường B"]
