"""What a programme is about stands in its file: the reader of plans passes over those words, whichever they are."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from geo.importing.plans.lists.headings import role_of
from geo.importing.plans.words.levels import is_level_alone
from geo.importing.plans.words.matters import without_matters
from geo.importing.plans.words.notes import unexplained
from geo.importing.plans.words.plain_words import words_of
from geo.reference.programmes import load_programmes

ROOT = Path(__file__).parents[2]


@pytest.fixture
def with_floods(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data set that has the programme of flood points too."""
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("country", "base", "places"))
    shutil.copy(ROOT / "data/programmes/examples/flood-points-2026.toml", tmp_path / "data" / "programmes")
    monkeypatch.setenv("DIABAN_DATA_DIR", str(tmp_path / "data"))


def test_the_matters_of_the_shipped_programmes_say_nothing_more() -> None:
    [matter] = {words_of(programme.words.problem.vi) for programme in load_programmes() if programme.words.problem}
    assert without_matters(f"cac diem ve te nan {matter} dang phuc tap") == "cac diem dang phuc tap"
    assert without_matters("cac diem ngap ung dang phuc tap") == "cac diem ngap ung dang phuc tap"


@pytest.mark.usefixtures("with_floods")
def test_so_do_those_of_another_programme() -> None:
    assert without_matters("cac diem ngap ung dang phuc tap") == "cac diem dang phuc tap"
    assert is_level_alone("Diễn biến phức tạp về ngập úng")
    assert role_of("Điểm ngập úng") == "name"
    assert unexplained("Điểm ngập úng chưa bàn giao", "active") == ""


def test_without_that_programme_such_words_are_looked_at() -> None:
    assert not is_level_alone("Diễn biến phức tạp về ngập úng")
    assert unexplained("Điểm ngập úng chưa bàn giao", "active") != ""
