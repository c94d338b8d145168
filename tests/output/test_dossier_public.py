"""The public version is made from the public situation: nothing of what was reported is in it, in any format."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from dossier_samples import MARKS, recorded
from shapely.geometry import Point

from geo.output.dossier import FORMATS, Edition, atlas, dossier, minutes
from geo.situation import Situation
from geo.visibility import public

PUBLIC = Edition(audience="public")


def readable(kind: str, data: bytes, folder: Path) -> str:
    """Everything in a file that a reader could find, packed or not."""
    if kind in ("docx", "xlsx"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    if kind == "pdf":
        if shutil.which("pdftotext") is None:
            pytest.skip("there is no pdftotext on this machine")
        path = folder / "a.pdf"
        path.write_bytes(data)
        done = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True)
        return done.stdout.decode("utf-8")
    return data.decode("utf-8", "replace")


def test_the_internal_version_holds_the_marks(hanoi: Situation, tmp_path: Path) -> None:
    files = dossier(recorded(hanoi), "HN-I-7", ["pdf", "docx", "html", "xlsx"], Edition())
    for kind, data in files.items():
        assert "DẤU-CỜ" in readable(kind, data, tmp_path), kind


def test_no_mark_is_left_in_any_format(hanoi: Situation, tmp_path: Path) -> None:
    seeded = recorded(hanoi)
    files = dossier(seeded, "HN-I-7", FORMATS, PUBLIC)
    files["docx "] = minutes(seeded, "00664", PUBLIC)
    few = replace(seeded, sites=seeded.sites[seeded.sites["site_id"] == "HN-I-7"].reset_index(drop=True))
    files["pdf "] = atlas(replace(few, crossings=few.crossings[few.crossings["site_id"] == "HN-I-7"]), PUBLIC)
    for kind, data in files.items():
        text = readable(kind.strip(), data, tmp_path)
        assert not [mark for mark in MARKS if mark in text], kind


def test_other_reports_make_no_difference_to_the_public(hanoi: Situation) -> None:
    seeded = recorded(hanoi)
    assert seeded.reports is not None
    assert seeded.flags is not None
    moved = seeded.reports.assign(kind="support_need").set_geometry([Point(105.85, 21.0)] * 3, crs="EPSG:4326")
    flags = tuple(replace(flag, observed=9, geometry=Point(105.85, 21.0), text_vi="khác") for flag in seeded.flags)
    other = replace(seeded, reports=moved).with_flags(flags)
    kinds = ("pdf", "docx", "png", "html", "kml", "xlsx")
    assert dossier(seeded, "HN-I-7", kinds, PUBLIC) == dossier(other, "HN-I-7", kinds, PUBLIC)


def test_the_public_situation_has_only_flags_of_the_registers_without_notes(hanoi: Situation) -> None:
    shown = public(recorded(hanoi))
    assert (shown.reports, shown.reviews) == (None, None)
    assert shown.flags is not None
    assert [flag.rule for flag in shown.flags] == ["exposure"]
    site = hanoi.sites.loc[hanoi.sites["site_id"] == "HN-I-7"].geometry.iloc[0]
    for flag in shown.flags:
        assert (flag.observed, flag.expected, flag.p, flag.note) == (None, None, None, "")
        assert flag.first_day == flag.last_day == shown.day
        assert flag.geometry.equals(site)
    assert shown.assessments is not None
    assert not {"note", "recorded_by"} & set(shown.assessments.columns)


def test_what_is_hidden_is_said_to_be_hidden(hanoi: Situation) -> None:
    page = dossier(recorded(hanoi), "HN-I-7", ["html"], PUBLIC)["html"].decode("utf-8")
    assert "Các lần rà soát: không công bố." in page
    assert "chưa có dữ liệu" not in page
    assert "Chưa có lần rà soát" not in page


def test_twice_public_is_public(hanoi: Situation) -> None:
    once = public(recorded(hanoi))
    twice = public(once)
    assert (twice.flags, twice.data_version, twice.hidden) == (once.flags, once.data_version, once.hidden)


def test_the_paper_says_for_whom_it_is(hanoi: Situation) -> None:
    page = dossier(recorded(hanoi), "HN-I-7", ["html"], PUBLIC)["html"].decode("utf-8")
    assert "Bản công khai" in page
    assert "Bản nội bộ" not in page
    assert "Tin báo và cảnh báo" not in page
