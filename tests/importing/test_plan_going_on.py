"""What a plan leaves out goes on, and what it says of another year or of another group is to look at; it is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fresh_records import fresh_records
from plan_files import DUE, as_docx, plan

from geo.importing.plans import PlanReading, read_plan
from geo.importing.registers.changes import Papers
from geo.importing.registers.plan_changes import PlanChanges, compared, entries_of_rows, programme_of
from geo.importing.registers.plan_draft import draft_of_plan, with_head
from geo.importing.registers.plan_routes import routes_of
from geo.importing.registers.routes import Route
from geo.records.entries import Actor
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.open import opened_store
from geo.records.publishing import draft_of, new_draft, save_draft
from geo.records.store import Store
from geo.situation import load_registers
from geo.situation.drafts.findings import findings

WRITER = Actor("so-y-te", "Sở Y tế")
HEAD = ["STT", "Tên điểm", "Địa phương", "Mức độ", "Ghi chú"]
PILOT = (
    "1. Các xã, phường triển khai thí điểm năm 2027",
    [["Stt", "Tên xã, phường"], ["1", "Phường Láng"]],
)
ROUTE = Route('{"type":"LineString","coordinates":[[105.8480,21.1390],[105.8560,21.1420]]}', "vẽ tay", 20.0)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened_store(fresh_records(tmp_path), now=lambda: datetime(2027, 2, 2, 3, tzinfo=UTC)) as made:
        yield made


def read(folder: Path, *rows: Sequence[str], group: str = "công cộng", phase: bool = False) -> PlanReading:
    made = plan().line(DUE)
    if rows:
        made.line(f"Danh sách điểm phức tạp tại địa bàn {group} năm 2027").table(HEAD, *rows)
    if phase:
        made.line(PILOT[0]).table(*PILOT[1])  # type: ignore[arg-type]
    return read_plan(as_docx(made, folder / "plan.docx"))


def row_of(site: str, note: str = "", number: str = "1") -> list[str]:
    row = load_registers("hanoi").sites.set_index("site_id").loc[site]
    level = {"active": "Có hoạt động", "low": "Ít hoạt động"}[row["level"]]
    return [number, row["name"], row["declared_text"] or "Phường Hoàng Mai", level, note]


def changes(store: Store, reading: PlanReading) -> PlanChanges:
    assert reading.head.day is not None
    return compared(store, reading, reading.head.day)


def test_what_a_plan_does_not_list_goes_on_and_is_said(store: Store, tmp_path: Path) -> None:
    """When it is read, when it becomes a draft, and of the draft before it is published."""
    reading = with_head(read(tmp_path, row_of("HN-II-2"), phase=True))
    assert reading.missing == ("expansion", "indicators")
    assert "nhân rộng" in reading.document("vi")["remarks"][0]
    made = draft_of_plan(store, reading)
    said = {remark.code: str(remark.parameters) for remark in made.remarks}
    assert {"importing.plan-no-phase-list", "importing.plan-no-indicators"} <= set(said)
    assert "07/KH-UBND" in said["importing.plan-no-phase-list"]
    paper = {"day": made.papers.day, "document": made.papers.document, "office": made.papers.office}
    number = save_draft(store, new_draft(store, "hanoi", "x", made.entries, **paper), WRITER).id  # type: ignore[arg-type]
    codes = [one.message.code for one in findings(store, draft_of(store, number))]
    assert {"records.finding.phase-goes-on", "records.finding.indicators-go-on"} <= set(codes)


def test_a_plan_without_sites_says_that_those_of_the_list_go_on(store: Store, tmp_path: Path) -> None:
    reading = with_head(read(tmp_path, phase=True))
    assert reading.missing == ("sites", "expansion", "indicators")
    (said,) = [one for one in draft_of_plan(store, reading).remarks if one.code == "importing.plan-no-site-list"]
    assert said.parameters["count"] == 12


def test_a_phase_that_a_plan_does_not_list_stays_in_its_programme(store: Store, tmp_path: Path) -> None:
    made = plan().line(DUE, "DANH MỤC CÁC CHỈ TIÊU").table(["STT", "Chỉ tiêu"], ["1", "Xét xử 120 vụ án mại dâm."])
    made.line(PILOT[0]).table(*PILOT[1])  # type: ignore[arg-type]
    reading = with_head(read_plan(as_docx(made, tmp_path / "plan.docx")))
    assert reading.head.day is not None
    found = programme_of(store, changes(store, reading), Papers(reading.head.day, "Kế hoạch 15/KH-UBND", "UBND"))
    assert found is not None
    assert found.programme.phases.printed("pilot") == ("Phường Láng",)
    assert len(found.programme.phases.printed("expansion")) == 6


def test_another_group_is_a_change_to_look_at(store: Store, tmp_path: Path) -> None:
    same = changes(store, read(tmp_path, row_of("HN-II-2"))).sites[0]
    assert (same.site_id, same.state, same.certainty) == ("HN-II-2", "same", "sure")
    other = changes(store, read(tmp_path, row_of("HN-II-2"), group="cơ sở kinh doanh dịch vụ")).sites[0]
    assert (other.site_id, other.state, other.certainty) == ("HN-II-2", "changed", "look")
    assert "group" in other.differences
    assert "importing.plan-other-group" in [reason.code for reason in other.reasons]


@pytest.mark.parametrize(
    ("site", "note", "expected"),
    [
        ("HN-II-2", "Bổ sung năm 2025", ("same", "sure", [])),
        ("HN-II-2", "Bổ sung năm 2027", ("same", "look", ["importing.plan-new-known"])),
        ("", "Bổ sung năm 2025", ("new", "look", ["importing.plan-added-before"])),
        ("", "Bổ sung năm 2027", ("new", "sure", [])),
        ("HN-II-2", "Bàn giao năm 2030", ("changed", "look", ["importing.plan-year-doubtful"])),
    ],
)
def test_a_year_in_a_note_is_held_against_that_of_the_plan(
    store: Store, tmp_path: Path, site: str, note: str, expected: tuple[str, str, list[str]]
) -> None:
    new = ["1", "Đường Cao Lỗ, khu vực ga Đông Anh", "Xã Đông Anh", "Có hoạt động", note]
    row = changes(store, read(tmp_path, row_of(site, note) if site else new)).sites[0]
    assert (row.state, row.certainty, [reason.code for reason in row.reasons]) == expected


def test_the_year_of_a_handover_is_held_against_the_plans_own_day(tmp_path: Path) -> None:
    """A plan that names no year of its own has that of its day."""
    made = plan("THÀNH PHỐ HÀ NỘI", "Số: 15/KH-UBND", "Hà Nội, ngày 08 tháng 01 năm 2027", "KẾ HOẠCH")
    made.line("Danh sách điểm phức tạp tại địa bàn công cộng").table(HEAD, row_of("HN-II-2", "Bàn giao năm 2030"))
    (site,) = read_plan(as_docx(made, tmp_path / "plan.docx")).sites
    assert "importing.plan-year-doubtful" in [reason.code for reason in site.reasons]


def test_a_row_that_may_be_left_out_takes_no_number_of_a_sure_one(store: Store, tmp_path: Path) -> None:
    rows = [
        ["", "Đường Cao Lỗ, khu vực ga Đông Anh", "Xã Đông Anh", "Có hoạt động", "Bổ sung năm 2025"],
        ["", "Đường Uy Nỗ, khu vực chợ Tó", "Xã Đông Anh", "Có hoạt động", "Bổ sung năm 2027"],
    ]
    reading = with_head(read(tmp_path, ["1", *rows[0][1:]], ["2", *rows[1][1:]]))
    found = changes(store, reading)
    doubtful, sure = found.sites[:2]
    assert [doubtful.certainty, sure.certainty] == ["look", "sure"]
    assert reading.head.day is not None
    papers = Papers(reading.head.day, "Kế hoạch 15/KH-UBND", "UBND")
    made = entries_of_rows(store, found, papers, dict.fromkeys((doubtful.key, sure.key), ROUTE))
    ids = [entry.site_id for _, own in made for entry in own if isinstance(entry, NewSiteVersion)]
    assert ids == ["HN-II-7", "HN-II-6"]
    assert routes_of(found, {}) is not None
