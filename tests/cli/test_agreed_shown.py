"""Agreed responsibility is shown beside the legal cut: by the table of crossings and on the map of the site."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_register_commands import run

SAID = ("--document", "Biên bản 4/BB", "--office", "Sở Y tế", "--day", "2026-03-01", "--lang", "en")


def test_an_agreement_stands_beside_the_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIABAN_DATABASE_URL", f"sqlite:///{tmp_path / 'records.sqlite'}")
    agreed = ("responsibility", "set", "HN-I-7", "Phường Thanh Liệt", "Xã Đại Thanh", "--from", "3464", "--to", "3939")
    assert run(*agreed, "--publish", *SAID).exit_code == 0
    for day, is_shown in (("2026-02-01", False), ("2026-03-02", True)):
        cut = run("crossings", "HN-I-7", "--day", day, "--lang", "en")
        said = " ".join(cut.stderr.replace("\N{NO-BREAK SPACE}", " ").split())
        assert ("from 3,464 m to 3,939 m by the agreement in Biên bản 4/BB" in said) == is_shown, said
        page = tmp_path / f"{day}.html"
        assert run("map", "site", "HN-I-7", "--day", day, "-o", str(page)).exit_code == 0
        assert ("by the agreement in Biên bản 4/BB" in page.read_text("utf-8")) == is_shown
