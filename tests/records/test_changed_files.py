"""The file of a plan is stored with its hash; a file of the data set that changes is a proposal, not a change."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fresh_records import fresh_records

from geo.errors import InputError
from geo.records.changed_files import changed_files, of_city
from geo.records.entries import Actor
from geo.records.kinds.registers.city_plan import NewPlan
from geo.records.model.errors import UnknownRowError
from geo.records.open import opened_store, seed_plan
from geo.records.plan_files import MAX_BYTES, PlanFile, plan_file, stored_digests
from geo.records.publishing import drafts, new_draft, publish, save_draft
from geo.records.store import Store
from geo.reference import programmes
from geo.settings import data_dir
from geo.situation import Situation, at

WRITER = Actor("so-y-te", "Sở Y tế")
DAY = date(2026, 9, 1)
SAID = {"day": DAY, "document": "Kế hoạch 15/KH-UBND", "office": "UBND thành phố Hà Nội"}
FILE = PlanFile("kế hoạch.txt", "Số: 15/KH-UBND".encode())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own."""
    for name in ("programmes", "cities"):
        if (data_dir() / name).is_dir():
            shutil.copytree(data_dir() / name, tmp_path / "data" / name)
    for file in data_dir().glob("*.*"):
        shutil.copy(file, tmp_path / "data")
    monkeypatch.setenv("DIABAN_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def store(tmp_path: Path, folder: Path) -> Iterator[Store]:
    with opened_store(fresh_records(tmp_path), now=lambda: datetime(2026, 9, 2, 3, tzinfo=UTC)) as made:
        yield made


def changed(folder: Path) -> None:
    """A site has another name, a new one stands in the file, one is gone; a ward has another phase; a figure rose."""
    path = folder / "sites.geojson"
    sites = json.loads(path.read_text("utf-8"))
    by_id = {feature["properties"]["site_id"]: feature for feature in sites["features"]}
    by_id["HN-I-4"]["properties"]["name"] = "Đường Trần Duy Hưng kéo dài"
    new = json.loads(json.dumps(by_id["HN-I-5"]))
    new["properties"] |= {"site_id": "HN-I-8", "name": "Đường mới"}
    sites["features"] = [f for f in sites["features"] if f["properties"]["site_id"] != "HN-II-1"] + [new]
    path.write_text(json.dumps(sites, ensure_ascii=False), "utf-8")
    programme = folder / "programmes" / "hanoi-2026.toml"
    programme.write_text(programme.read_text("utf-8").replace("figure = 5300", "figure = 5400"), "utf-8")


def figure(situation: Situation) -> float:
    """The figure of the indicator that the file changes."""
    return next(target.figure for target in situation.programme.targets if target.id == "3.1")


def test_a_changed_file_is_a_proposal(store: Store, folder: Path) -> None:
    assert changed_files(store) == []  # reads the files once
    before, rows = at(DAY, store=store), store.version()
    changed(folder)
    programmes._cached.cache_clear()  # another start reads them anew
    assert seed_plan(store) == 0
    assert store.version() == rows
    found = changed_files(store)
    assert [change.subject for change in found] == ["HN-I-4", "HN-I-8", "HN-II-1", "hanoi-2026"]
    now = at(DAY, store=store)
    assert now.sites[["site_id", "name"]].equals(before.sites[["site_id", "name"]])
    assert figure(now) == 5300

    draft = new_draft(store, "hanoi", "tệp", of_city(found, "hanoi"), **SAID)  # type: ignore[arg-type]
    publish(store, save_draft(store, draft, WRITER).id, WRITER)
    assert changed_files(store) == []
    after = at(DAY, store=store)
    assert "HN-II-1" not in list(after.sites["site_id"])
    assert "HN-I-8" in list(after.sites["site_id"])
    assert figure(after) == 5400


def test_the_file_of_a_plan_is_stored_with_its_hash(store: Store) -> None:
    plan = NewPlan(city="hanoi", number="15/KH-UBND", first_year=2027, last_year=2027, file_digest=FILE.digest, **SAID)  # type: ignore[arg-type]
    number = save_draft(store, new_draft(store, "hanoi", "2027", [plan], **SAID, file=FILE), WRITER).id  # type: ignore[arg-type]
    (draft,) = drafts(store)
    assert draft.entries == (plan,)
    publish(store, number, WRITER)
    assert plan_file(store, FILE.digest) == FILE
    assert stored_digests(store) == {FILE.digest}
    with pytest.raises(UnknownRowError):
        plan_file(store, "sha256:" + "0" * 64)
    for other in (
        PlanFile("x.txt", b"other"),
        PlanFile("x.txt", bytes(MAX_BYTES + 1)),
        PlanFile("0912 345 678.txt", FILE.data),
    ):
        with pytest.raises(InputError):
            new_draft(store, "hanoi", "2027", [plan], **SAID, file=other)  # type: ignore[arg-type]
