"""The page of the offices: papers come out as it says; what the decree does not have is refused, and nothing is written."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from test_web_entry import post

from geo import settings
from geo.records.store import Store

Visitor = Callable[..., TestClient]
OFFICE = "/admin/offices/hanoi-health"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DIABAN_TEMPLATES", str(tmp_path))
    return tmp_path


def test_only_administrators_see_it(visitor: Visitor) -> None:
    assert visitor("city").get("/admin/offices").status_code == 403
    page = visitor("admin").get("/admin/offices")
    assert page.status_code == 200
    assert "DIABAN_TEMPLATES" in page.text
    assert post(visitor("admin"), "/admin/offices", OFFICE, symbol="SYT2").status_code == 422


def test_a_paper_follows_the_page(visitor: Visitor, store: Store, folder: Path) -> None:
    admin = visitor("admin")
    before = admin.get("/dossiers/HN-I-1.html").text
    assert "Văn phòng Sở" not in before
    made = post(admin, "/admin/offices", OFFICE, unit="VP", recipients="Như trên\n\nVăn phòng Sở “A\\B”\n")
    assert made.status_code == 303, made.text
    assert "Văn phòng Sở “A\\B”" in admin.get("/dossiers/HN-I-1.html").text
    written = tomllib.loads((folder / "offices.toml").read_text(encoding="utf-8"))
    shipped = tomllib.loads((settings.data_dir() / "offices.toml").read_text(encoding="utf-8"))
    (entry,) = [one for one in written["office"] if one["id"] == "hanoi-health"]
    assert entry["recipients"] == ["Như trên", "Văn phòng Sở “A\\B”"]
    old = shipped["office"][0]
    assert entry == {**old, "unit": "VP", "recipients": entry["recipients"]}
    assert written["ward"] == shipped["ward"]
    assert store.audit(1, action="office.change")["subject"].tolist() == ["hanoi-health"]


def test_what_the_decree_does_not_have_is_refused(visitor: Visitor, store: Store, folder: Path) -> None:
    admin, lines = visitor("admin"), len(store.audit(1000, action="office.change"))
    wrong = post(admin, "/admin/offices", OFFICE, signing="T/M GIÁM ĐỐC\nPHÓ GIÁM ĐỐC")
    assert wrong.status_code == 422
    assert "T/M GIÁM ĐỐC" in wrong.text
    assert post(admin, "/admin/offices", OFFICE, place=" ").status_code == 422
    braces = post(admin, "/admin/offices", "/admin/offices/ward", place="{ward.__class__}")
    assert braces.status_code == 422
    assert "{city}" in braces.text
    assert post(admin, "/admin/offices", "/admin/offices/so-nao-do", place="Hà Nội").status_code == 422
    assert not (folder / "offices.toml").exists()
    assert len(store.audit(1000, action="office.change")) == lines
