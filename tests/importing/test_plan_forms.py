"""Forms in which offices write the same: heads, orders of columns, days, wards with their phase."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from plan_files import C, Cells, Plan, as_cells, as_docx, plan

from geo.importing.plans import PlanReading, read_plan

TITLE = "Danh sách điểm phức tạp về tệ nạn mại dâm tại địa bàn công cộng"
COLUMNS = {
    "number": ("STT", "1", "2"),
    "ward": ("Xã, phường", "Phường Láng", "Phường Hai Bà Trưng"),
    "name": ("Tên đường", "Đường Láng", "Phố Huế"),
    "place": ("Điểm, tụ điểm", "Đường Láng", "Phố Huế"),
    "level": ("Mức độ", "Ít hoạt động", "Có hoạt động"),
    "from": ("Từ", "Cầu Giấy", "Phố Bà Triệu"),
    "to": ("Đến", "Ngã Tư Sở", "Phố Hàm Long"),
    "years": ("Đến", "2021", "2022"),
    "none": ("Không HĐ", "", ""),
    "low": ("Ít HĐ", "x", ""),
    "active": ("Có HĐ", "", "x"),
}


def table(*names: str) -> list[Cells]:
    return [list(row) for row in zip(*(COLUMNS[name] for name in names), strict=True)]


def read(made: Plan, folder: Path) -> PlanReading:
    return read_plan(as_docx(made, folder / "plan.docx"))


def read_flat(made: Plan, folder: Path) -> PlanReading:
    return read_plan(as_cells(made, folder / "plan.txt"))


@pytest.mark.parametrize(
    "names", [("ward", "name", "level", "number"), ("ward", "number", "name", "level"), ("name", "ward", "number")]
)
def test_a_flattened_list_may_have_its_number_anywhere(names: tuple[str, ...], tmp_path: Path) -> None:
    reading = read_flat(plan().line(TITLE).table(*table(*names)).line("Kinh phí do ngân sách bảo đảm"), tmp_path)
    assert [(site.number, site.name, site.wards) for site in reading.sites] == [
        ("1", "Đường Láng", ("00199",)),
        ("2", "Phố Huế", ("00256",)),
    ]
    assert not reading.not_understood


def test_a_ward_that_is_merged_upwards_in_such_a_list_is_that_of_the_row_above(tmp_path: Path) -> None:
    head, first, second = table("ward", "name", "level", "number")
    merged: list[Cells] = [head, [C("Phường Láng", rows=2), *first[1:]], second[1:]]
    reading = read_flat(plan().line(TITLE).table(*merged), tmp_path)
    assert [(site.name, site.wards, site.level) for site in reading.sites] == [
        ("Đường Láng", ("00199",), "low"),
        ("Phố Huế", ("00199",), "active"),
    ]
    assert reading.sites[1].certainty == "look"


def test_a_head_of_two_words_for_places_and_short_levels_are_read(tmp_path: Path) -> None:
    reading = read(plan().line(TITLE).table(*table("number", "place", "ward", "none", "low", "active")), tmp_path)
    assert [(site.name, site.level, site.certainty) for site in reading.sites] == [
        ("Đường Láng", "low", "sure"),
        ("Phố Huế", "active", "sure"),
    ]
    assert not reading.remarks


def test_limits_in_columns_of_their_own_are_those_of_the_name(tmp_path: Path) -> None:
    names = ("number", "name", "from", "to", "ward", "level")
    reading = read(plan().line(TITLE).table(*table(*names)), tmp_path)
    assert [(site.name, site.certainty) for site in reading.sites] == [
        ("Đường Láng (đoạn từ Cầu Giấy đến Ngã Tư Sở)", "sure"),
        ("Phố Huế (đoạn từ Phố Bà Triệu đến Phố Hàm Long)", "sure"),
    ]
    years = read(plan().line(TITLE).table(*table("number", "name", "from", "years", "ward", "level")), tmp_path)
    assert [(site.name, site.certainty) for site in years.sites] == [("Đường Láng", "look"), ("Phố Huế", "look")]


@pytest.mark.parametrize("words", ["8/2/2027", "08.02.2027", "08 - 02 - 2027", "08 tháng 02 năm 2027"])
def test_the_day_of_issue_may_be_in_figures(words: str, tmp_path: Path) -> None:
    made = plan(
        "ỦY BAN NHÂN DÂN", "THÀNH PHỐ HÀ NỘI", "Số: 15/KH-UBND", f"Hà Nội, ngày {words}", "KẾ HOẠCH", "Năm 2027"
    )
    assert read(made, tmp_path).head.day == date(2027, 2, 8)


@pytest.mark.parametrize(
    "line",
    [
        "Các sở, ngành xây dựng kế hoạch gửi Sở Y tế trước ngày 31/01",
        "Trước ngày 31/01/2027, các xã, phường gửi kế hoạch về Sở Y tế",
        "Kế hoạch của các đơn vị gửi về Sở Y tế chậm nhất ngày 31/01",
    ],
)
def test_the_day_by_which_plans_are_due_is_said(line: str, tmp_path: Path) -> None:
    reading = read(plan().line(f"{line}.", "Báo cáo gửi trước ngày 15/6."), tmp_path)
    assert reading.deadlines == (date(2027, 6, 15),)
    assert any("31/01" in said for said in reading.not_understood)
    other = read(plan().line("Tổ chức tuyên truyền trước ngày 31/01."), tmp_path)
    assert not other.not_understood


HEAD = ["STT", "Xã, phường"]
SUSTAINED = "Danh sách các xã, phường duy trì năm 2027"


@pytest.mark.parametrize(
    "words", ["Phường Tây Hồ - bổ sung", "Phường Tây Hồ (mới bổ sung)", "Phường Tây Hồ: nhân rộng"]
)
def test_a_ward_with_its_phase_behind_it_is_no_heading(words: str, tmp_path: Path) -> None:
    found = [
        ("Phường Láng", "pilot", "sure"),
        ("Phường Tây Hồ", "pilot", "look"),
        ("Phường Hoàng Mai", "pilot", "sure"),
    ]
    rows = [HEAD, ["1", "Phường Láng"], ["2", words], ["3", "Phường Hoàng Mai"]]
    alone = [HEAD, ["1", "Phường Láng"], [C(words, cols=2)], ["3", "Phường Hoàng Mai"]]
    for made in (plan().line(SUSTAINED).table(*rows), plan().line(SUSTAINED).table(*alone)):
        wards = read(made, tmp_path).wards
        assert [(ward.printed, ward.phase, ward.certainty) for ward in wards] == found
    lines = plan().line("1. Các xã, phường duy trì:", "- Phường Láng", f"- {words}", "- Phường Hoàng Mai")
    assert [(w.printed, w.phase, w.certainty) for w in read(lines, tmp_path).wards] == found


def test_headings_of_phases_are_still_headings(tmp_path: Path) -> None:
    rows = [
        HEAD,
        [C("Phường, xã bổ sung", cols=2)],
        ["1", "Phường Láng"],
        [C("PHƯỜNG DUY TRÌ", cols=2)],
        ["2", "Phường Tây Hồ"],
    ]
    wards = read(plan().line("Phụ lục III. Danh sách xã, phường").table(*rows), tmp_path).wards
    assert [(ward.printed, ward.phase) for ward in wards] == [("Phường Láng", "expansion"), ("Phường Tây Hồ", "pilot")]
