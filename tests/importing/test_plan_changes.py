"""A plan of a further year, from its file to the situation: what is new, gone, back, the same in other words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from plan_files import as_docx, plan

from geo.importing.plans import PlanReading, read_plan
from geo.importing.registers.changes import Papers, event, last_versions, next_id
from geo.importing.registers.plan_changes import compared, entries_of_plan
from geo.importing.registers.routes import Route
from geo.records.entries import Actor
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.open import opened_store
from geo.records.publishing import new_draft, publish, save_draft
from geo.records.store import Store
from geo.reference.cities import city
from geo.situation import at, load_registers, registers_on

WRITER = Actor("so-y-te", "Sở Y tế")
FIRST, BEFORE, AFTER = date(2027, 1, 8), date(2026, 12, 31), date(2027, 2, 1)
NEW = "Đường Cao Lỗ, khu vực ga Đông Anh"
ROUTE = Route('{"type":"LineString","coordinates":[[105.8480,21.1390],[105.8560,21.1420]]}', "vẽ tay", 20.0)
WORDS = {"active": "Có hoạt động", "low": "Ít hoạt động"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened_store(f"sqlite:///{tmp_path / 'r.sqlite'}", now=lambda: datetime(2027, 1, 9, 3, tzinfo=UTC)) as made:
        yield made


def next_year(tmp_path: Path) -> PlanReading:
    """HN-II-1 and HN-II-2 are cleared, HN-I-3 comes back, HN-I-4 is written in other words, one site is new."""
    sites = load_registers("hanoi").sites.set_index("site_id")
    rows = []
    for site, row in sites.iterrows():
        if site in ("HN-II-1", "HN-II-2"):
            continue
        name = "Tuyến đường Trần Duy Hưng" if site == "HN-I-4" else row["name"]
        level = "Không hoạt động" if site == "HN-I-1" else WORDS[row["level"]]
        place = row["declared_text"] or "Phường Hoàng Mai"
        rows.append([str(len(rows) + 1), name, place, level, f"Bàn giao năm {row['handed_over']}"])
    rows.append([str(len(rows) + 1), NEW, "Xã Đông Anh", "Có hoạt động", "Điểm mới phát sinh"])
    head = ["STT", "Tên điểm", "Địa phương", "Mức độ", "Ghi chú"]
    made = plan().line("Danh sách điểm phức tạp tại địa bàn công cộng năm 2027").table(head, *rows)
    gone = [[str(n), sites.loc[f"HN-II-{n}", "name"], "Phường Ngọc Hà", "Không hoạt động", ""] for n in (1, 2)]
    made.line("Danh sách các điểm đưa ra khỏi danh mục").table(head, *gone)
    return read_plan(as_docx(made, tmp_path / "plan.docx"))


def test_next_year_from_its_file_to_the_situation(store: Store, tmp_path: Path) -> None:
    old = Papers(date(2026, 6, 1), "9/KH-UBND", "UBND thành phố Hà Nội")
    cleared = new_draft(store, "hanoi", "bỏ", [event("HN-I-3", "cleared", old)], day=old.day, document=old.document, office=old.office)  # fmt: skip
    publish(store, save_draft(store, cleared, WRITER).id, WRITER)
    assert "HN-I-3" not in list(registers_on(BEFORE, "hanoi", store).sites["site_id"])
    untouched = at(BEFORE, store=store)

    found = compared(store, next_year(tmp_path), FIRST)
    states = {row.site_id or row.site.name: row.state for row in found.sites if row.site}  # type: ignore[union-attr]
    assert {name: state for name, state in states.items() if state != "same"} == {
        "HN-I-1": "changed",
        "HN-I-3": "returned",
        "HN-I-4": "changed",
        "HN-II-5": "changed",
        "HN-II-1": "gone",
        "HN-II-2": "gone",
        NEW: "new",
    }
    assert [row.site_id for row in found.sites if row.certainty != "sure"] == ["HN-I-4"]

    papers = Papers(FIRST, "Kế hoạch 15/KH-UBND", "UBND thành phố Hà Nội")
    number = next(row.site.number for row in found.sites if row.state == "new" and row.site)
    entries, left = entries_of_plan(store, found, papers, routes={number: ROUTE})
    assert [row.site_id for row in left] == ["HN-I-4"]
    said = {"day": papers.day, "document": papers.document, "office": papers.office}
    publish(store, save_draft(store, new_draft(store, "hanoi", "2027", entries, **said), WRITER).id, WRITER)  # type: ignore[arg-type]

    after, before = at(AFTER, store=store), at(BEFORE, store=store)
    assert set(before.sites["site_id"]) == set(untouched.sites["site_id"])
    assert before.sites.equals(untouched.sites)
    assert before.crossings.equals(untouched.crossings)
    listed = dict(zip(after.sites["site_id"], after.sites["level"], strict=True))
    assert set(listed) == (set(untouched.sites["site_id"]) | {"HN-I-3", "HN-II-6"}) - {"HN-II-1", "HN-II-2"}
    assert (listed["HN-I-1"], listed["HN-II-6"]) == ("inactive", "active")
    assert any(flag.site_id == "HN-II-6" for flag in after.flags or ())
    assert last_versions(store)["HN-II-5"].declared_wards == ("00331",)


def test_a_plan_without_routes_leaves_new_sites_out(store: Store, tmp_path: Path) -> None:
    found = compared(store, next_year(tmp_path), FIRST)
    _, left = entries_of_plan(store, found, Papers(FIRST, "15/KH-UBND", "UBND"), unsure=True)
    assert [row.state for row in left] == ["new"]


def test_two_new_sites_of_a_plan_get_two_ids(store: Store, tmp_path: Path) -> None:
    head = ["STT", "Tên điểm", "Địa phương", "Mức độ"]
    rows = [[str(n), f"Điểm số {n} của năm sau", "Phường Láng", "Ít hoạt động"] for n in (1, 2)]
    reading = read_plan(
        as_docx(plan().line("Danh sách điểm tại địa bàn công cộng").table(head, *rows), tmp_path / "p.docx")
    )
    found = compared(store, reading, FIRST)
    routes = {row.site.number: ROUTE for row in found.sites if row.site}
    entries, _ = entries_of_plan(store, found, Papers(FIRST, "15/KH-UBND", "UBND"), routes=routes)
    assert [e.site_id for e in entries if isinstance(e, NewSiteVersion)] == ["HN-II-6", "HN-II-7"]


def test_ids_of_new_sites(store: Store) -> None:
    known, hanoi = list(last_versions(store)), city("hanoi")
    assert next_id(known, hanoi, "public") == "HN-II-6"
    assert next_id(known, hanoi, "public", "II.9") == "HN-II-9"
    assert next_id(known, hanoi, "establishment", "II.9") == "HN-I-8"
    assert next_id(known, hanoi, "public", "II.5") == "HN-II-6"
