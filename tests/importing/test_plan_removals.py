"""Rows and titles that say that a site leaves the list: never that of another row."""

from __future__ import annotations

from pathlib import Path

import pytest
from plan_files import C, Cells, Plan, as_docx, plan

from geo.importing.plans import PlanReading, read_plan

HEAD = ["STT", "Tên điểm", "Xã, phường", "Mức độ", "Ghi chú"]
ABOVE = ["1", "Đường Láng", "Phường Láng", "Ít hoạt động", ""]
BELOW = ["3", "Đường Giải Phóng", "Phường Hoàng Mai", "Ít hoạt động", ""]
TITLE = "Danh sách điểm phức tạp về tệ nạn mại dâm tại địa bàn công cộng"


def read(made: Plan, folder: Path) -> PlanReading:
    return read_plan(as_docx(made, folder / "plan.docx"))


def between(row: Cells, folder: Path) -> PlanReading:
    return read(plan().line(TITLE).table(HEAD, ABOVE, row, BELOW), folder)


def names(reading: PlanReading) -> tuple[list[str], list[str]]:
    return [site.name for site in reading.sites], [site.name for site in reading.cleared]


@pytest.mark.parametrize(
    "row",
    [
        [C("2. Phố Huế: đưa ra khỏi danh mục", cols=5)],
        [C("Phố Huế - đã đưa ra khỏi danh mục", cols=5)],
        [C("2. Đưa ra khỏi danh mục: Phố Huế", cols=5)],
        [C("2. Năm 2027 đưa điểm Phố Huế ra khỏi danh sách", cols=5)],
        ["2", C("Phố Huế: rút khỏi danh mục", cols=4)],
        ["2", "Phố Huế (xóa tên)", "", "", ""],
        ["2", "Phố Huế đưa ra khỏi danh mục (01 điểm)", "", "", ""],
        ["II", "Phố Huế: đưa ra khỏi danh mục", "", "", ""],
        ["a", "Phố Huế, không còn là điểm phức tạp", "", "", ""],
        ["", "Phố Huế: chấm dứt theo dõi", "", "", ""],
        ["2", "", "", "", "Phố Huế đưa ra khỏi danh mục"],
    ],
)
def test_a_row_that_names_its_site_takes_that_site_off(row: Cells, tmp_path: Path) -> None:
    reading = between(row, tmp_path)
    assert names(reading) == (["Đường Láng", "Đường Giải Phóng"], ["Phố Huế"])
    assert [site.certainty for site in reading.cleared] == ["look"]
    assert not reading.not_understood


@pytest.mark.parametrize(
    "row",
    [
        [C("II. Các điểm đưa ra khỏi danh mục", cols=5)],
        [C("II. ĐIỂM ĐƯA RA KHỎI DANH MỤC NĂM 2027", cols=5)],
        ["II", "Đưa ra khỏi danh mục", "", "", ""],
        ["2", "Đưa ra khỏi danh mục 01 điểm", "", "", ""],
    ],
)
def test_a_heading_of_those_that_leave_is_one(row: Cells, tmp_path: Path) -> None:
    assert names(between(row, tmp_path)) == (["Đường Láng"], ["Đường Giải Phóng"])


@pytest.mark.parametrize("text", ["2. Điểm số 5 đưa ra khỏi danh mục", "Ghi chú: Phố Huế đưa ra khỏi danh mục"])
def test_what_is_neither_is_said(text: str, tmp_path: Path) -> None:
    reading = between([C(text, cols=5)], tmp_path)
    assert names(reading) == (["Đường Láng", "Đường Giải Phóng"], [])
    assert reading.not_understood == (text,)


def test_a_removal_that_is_only_proposed_takes_nothing_off(tmp_path: Path) -> None:
    reading = between([C("2. Phố Huế: đề nghị đưa ra khỏi danh mục", cols=5)], tmp_path)
    assert names(reading) == (["Đường Láng", "Phố Huế", "Đường Giải Phóng"], [])
    assert [site.certainty for site in reading.sites][:2] == ["sure", "look"]


@pytest.mark.parametrize("at", [0, 1])
@pytest.mark.parametrize("line", ["Phố Huế đưa ra khỏi danh mục", "Năm 2027 đưa Phố Huế ra khỏi danh mục"])
def test_a_line_above_a_list_takes_off_none_of_it(line: str, at: int, tmp_path: Path) -> None:
    titles = [TITLE]
    titles.insert(at, line)
    reading = read(plan().line(*titles).table(HEAD, ABOVE, BELOW), tmp_path)
    assert names(reading) == (["Đường Láng", "Đường Giải Phóng"], [])
    assert line in reading.not_understood


def test_a_title_of_which_it_is_open_is_looked_at(tmp_path: Path) -> None:
    line = "Rà soát xong thì đưa ra khỏi danh mục"
    reading = read(plan().line(TITLE, line).table(HEAD, ABOVE), tmp_path)
    assert [(site.name, site.certainty) for site in reading.sites] == [("Đường Láng", "look")]
