"""Which column of a list of indicators holds the targets: never another year's, never what was reached."""

from __future__ import annotations

from pathlib import Path

import pytest
from plan_files import WRITERS, C, Cells, Plan, as_docx, plan

from geo.importing.plans import read_plan

TITLE = "DANH MỤC CÁC CHỈ TIÊU"
TEXT = "Kiểm tra cơ sở kinh doanh"


def of_row(folder: Path, *rows: Cells, kind: str = "docx") -> tuple[tuple[float, str] | None, list[str]]:
    """The first figure of the one indicator of a list, and the columns that are said to be left."""
    made: Plan = plan().line(TITLE).table(*rows)
    reading = read_plan(WRITERS[kind](made, folder / f"plan.{kind}"))
    (one,) = reading.indicators
    said = [str(one.parameters["columns"]) for one in reading.remarks if one.code == "importing.plan-columns-unread"]
    return next(((figure.figure, figure.unit) for figure in one.figures), None), said


@pytest.mark.parametrize(
    ("head", "cells", "target", "left"),
    [
        (["ĐVT", "Kế hoạch 2026", "Thực hiện 2026", "Kế hoạch 2027"], ["cơ sở", "40", "38", "45"], (45, "cơ sở"), True),
        (["Mục tiêu 2027", "Mục tiêu 2030"], ["45 cơ sở", "60 cơ sở"], (45, "cơ sở"), True),
        (["ĐVT", "2026", "2027"], ["%", "97,5", "100"], (100, "%"), True),
        (["Đơn vị", "Chỉ tiêu năm 2027"], ["cơ sở", "45"], (45, "cơ sở"), False),
        (["Kết quả 2026"], ["38 cơ sở"], None, True),
        (["Kết quả cần đạt"], ["45 cơ sở"], (45, "cơ sở"), False),
        (["Mức chỉ tiêu", "Số lượng"], ["45 cơ sở", "60 cơ sở"], None, True),
        (["6 tháng", "Cả năm"], ["20", "45"], None, True),
        (["Mục tiêu 2027"], ["45 cơ sở"], (45, "cơ sở"), False),
    ],
)
def test_targets_are_those_of_the_plans_year(
    head: list[str], cells: list[str], target: tuple[float, str] | None, left: bool, tmp_path: Path
) -> None:
    found, said = of_row(tmp_path, ["STT", "Chỉ tiêu", *head, "Chủ trì"], ["1", TEXT, *cells, "Sở Y tế"])
    assert (found, bool(said)) == (target, left)


@pytest.mark.parametrize("kind", ["docx", "xlsx", "cells.txt", "rows.txt"])
def test_years_below_one_head_divide_its_columns(kind: str, tmp_path: Path) -> None:
    rows = (
        [C("STT", 2), C("Chỉ tiêu", 2), C("Chỉ tiêu giao", 1, 2), C("Chủ trì", 2)],
        ["2026", "2027"],
        ["1", TEXT, "40", "45", "Sở Y tế"],
    )
    found, said = of_row(tmp_path, *rows, kind=kind)
    assert found == (45, "")
    assert len(said) == 1 and "2026" in said[0]


def test_a_plan_of_several_years_has_no_one_target(tmp_path: Path) -> None:
    """Which of its years a figure is for is left to the reader."""
    made = plan("THÀNH PHỐ HUẾ", "Số: 292/KH-UBND", "Huế, ngày 25 tháng 5 năm 2026", "KẾ HOẠCH",
                "Thực hiện Chương trình phòng, chống mại dâm giai đoạn 2026 - 2030")  # fmt: skip
    made.line(TITLE).table(["STT", "Chỉ tiêu", "Mục tiêu 2026", "Mục tiêu 2030"], ["1", TEXT, "20%", "95%"])
    reading = read_plan(as_docx(made, tmp_path / "plan.docx"))
    assert [one.figures for one in reading.indicators] == [()]
    assert "importing.plan-columns-unread" in [one.code for one in reading.remarks]
