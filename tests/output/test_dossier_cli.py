"""The commands write what they are asked for, whole, or explain why not."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from geo.cli.app import application_for

DAY = ("--day", "2026-06-17")


@pytest.fixture(autouse=True)
def no_records(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Only the registers: whatever this machine has recorded plays no part."""
    monkeypatch.delenv("DIABAN_DATABASE_URL", raising=False)
    monkeypatch.setenv("DIABAN_DATABASE_FILE", str(tmp_path / "none.sqlite"))


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(application_for(words), words)
    return done.exit_code, done.output


def test_sites_by_name(tmp_path: Path) -> None:
    code, _ = run("dossier", "HN-II-3", "--formats", "pdf,kml", "--lang", "vi", "-o", str(tmp_path), *DAY)
    assert code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "HN-II-3_2026-06-17_noi-bo.kml",
        "HN-II-3_2026-06-17_noi-bo.pdf",
    ]


def test_sites_of_a_ward_over_processes(tmp_path: Path) -> None:
    words = ("--ward", "00256", "--formats", "kml", "--public", "--lang", "en", "-o", str(tmp_path))
    code, _ = run("dossier", *words, *DAY)
    assert code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "HN-II-3_2026-06-17_public.kml",
        "HN-II-4_2026-06-17_public.kml",
    ]


def test_all_sites_over_the_cores(tmp_path: Path) -> None:
    code, _ = run("dossier", "--all", "--formats", "kml", "-o", str(tmp_path), "--workers", "2", *DAY)
    assert code == 0
    assert len(list(tmp_path.iterdir())) == 12


def test_faults_are_explained_and_nothing_is_written(tmp_path: Path) -> None:
    for words in (("HN-I-9",), ("HN-I-1", "--formats", "rtf"), ("--ward", "99999"), (), ("HN-I-1", "--all")):
        code, _ = run("dossier", *words, "-o", str(tmp_path), *DAY)
        assert code == 2, words
    assert not list(tmp_path.iterdir())


def test_minutes_of_a_ward(tmp_path: Path) -> None:
    code, _ = run("minutes", "--ward", "00643", "-o", str(tmp_path / "a.docx"), *DAY)
    assert code == 0
    assert (tmp_path / "a.docx").read_bytes()[:2] == b"PK"
    assert run("minutes", "--ward", "Thanh Liệt", "-o", str(tmp_path / "c.docx"), *DAY)[0] == 0
    assert (tmp_path / "c.docx").is_file()
    assert run("minutes", "--ward", "1", "-o", str(tmp_path / "b.docx"), *DAY)[0] == 2


def test_atlas_of_a_city_without_sites(tmp_path: Path) -> None:
    code, _ = run("atlas", "--city", "hue", "--paper", "a3", "-o", str(tmp_path / "a.pdf"), *DAY)
    assert code == 0
    assert (tmp_path / "a.pdf").read_bytes()[:5] == b"%PDF-"


@pytest.mark.parametrize("words", [("minutes", "--ward"), ("map", "ward"), ("dossier", "--ward")])
def test_a_ward_of_another_city_is_named_with_the_way_there(tmp_path: Path, words: tuple[str, ...]) -> None:
    for name in ("19753", "Phú Xuân"):
        output = {"minutes": "a.docx", "map": "a.html", "dossier": "a"}[words[0]]
        code, said = run(*words, name, "-o", str(tmp_path / output), *DAY)
        assert code == 2
        assert "is in Huế" in said
        assert "--city hue" in said
    assert not list(tmp_path.iterdir())
    assert run("minutes", "--ward", "Phú Xuân", "--city", "hue", "-o", str(tmp_path / "a.docx"), *DAY)[0] == 0


def test_a_file_name_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    code, said = run("dossier", "HN-II-3", "--lang", "en", "-o", str(tmp_path / "x.DOCX"), *DAY)
    assert code == 2
    assert "x.DOCX is the name of a file" in said
    assert not list(tmp_path.iterdir())


def test_a_signature_without_a_pdf_is_refused(tmp_path: Path) -> None:
    words = ("--formats", "docx,kml", "--sign", str(tmp_path / "office.p12"), "--lang", "en", "-o", str(tmp_path))
    code, said = run("dossier", "HN-II-3", *words, *DAY)
    assert code == 2
    assert "only a PDF can be signed, not docx, kml" in said
    assert not list(tmp_path.iterdir())
