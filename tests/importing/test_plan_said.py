"""Lists of other matters, limits that are no goals, names and lines that say more than their row: nothing is sure then,
and nothing is lost unsaid."""

from __future__ import annotations

from pathlib import Path

import pytest
from plan_files import Plan, as_docx, as_xlsx, plan

from geo.importing.plans import PlanReading, read_plan
from geo.importing.plans.deadlines import read_deadlines
from geo.importing.plans.words.figures import figure_of_cells, figures_of

HEAD = ["STT", "Tên điểm", "Xã, phường", "Mức độ", "Ghi chú"]
LANG = ["1", "Đường Láng", "Phường Láng", "Ít hoạt động", "Đã bàn giao năm 2021"]
HUE = ["2", "Phố Huế", "Phường Hai Bà Trưng", "Ít hoạt động", ""]
TITLE = "Danh sách điểm phức tạp về tệ nạn mại dâm tại địa bàn công cộng"


def read(made: Plan, folder: Path) -> PlanReading:
    return read_plan(as_docx(made, folder / "plan.docx"))


@pytest.mark.parametrize(
    ("title", "is_own"),
    [
        ("Danh sách điểm phức tạp về tệ nạn ma túy", False),
        ("Danh sách tụ điểm cờ bạc", False),
        ("Danh sách điểm đen tai nạn giao thông", False),
        ("Danh sách điểm lắp đặt camera", False),
        ("Danh sách điểm có nguy cơ phát sinh tệ nạn mại dâm", False),
        ("Danh sách điểm phức tạp của các tỉnh giáp ranh", False),
        ("Mẫu biểu báo cáo điểm phức tạp", False),
        ("Điểm phức tạp trong các cơ sở kinh doanh có điều kiện về an ninh trật tự", True),
        ("Danh sách điểm phức tạp về tệ nạn mại dâm", True),
    ],
)
def test_a_list_of_another_matter_is_not_the_plans_own(title: str, is_own: bool, tmp_path: Path) -> None:
    alone = read(plan().line(title).table(HEAD, LANG), tmp_path)
    assert [site.certainty for site in alone.sites] == ["sure" if is_own else "look"]
    beside = plan().line(TITLE).table(HEAD, HUE).line(title).table(HEAD, LANG)
    reading = read(beside, tmp_path)
    assert [site.name for site in reading.sites] == (["Phố Huế", "Đường Láng"] if is_own else ["Phố Huế"])
    assert any(remark.code == "importing.plan-other-list-left" for remark in reading.remarks) is not is_own


def test_a_list_of_two_matters_is_looked_at(tmp_path: Path) -> None:
    made = plan().line("Danh sách điểm phức tạp về ma túy, mại dâm").table(HEAD, LANG).line(TITLE).table(HEAD, HUE)
    assert [(site.name, site.certainty) for site in read(made, tmp_path).sites] == [
        ("Đường Láng", "look"),
        ("Phố Huế", "sure"),
    ]


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("Tuyên truyền cho 1 000 người", [(1000, "reach")]),
        ("Trên 1\xa0250\xa0000 lượt người được tiếp cận", [(1_250_000, "at_least")]),
        ("Năm 2026 100 cơ sở được kiểm tra", [(100, "reach")]),
        ("Tối đa 05 điểm còn hoạt động", [(5, "at_most")]),
        ("Không quá 2 vụ tái phạm", [(2, "at_most")]),
        ("Kiểm tra dưới 40 cơ sở", [(40, "at_most")]),
        ("Kiểm tra không dưới 40 cơ sở", [(40, "at_least")]),
        ("Không để phát sinh quá 3 điểm mới", [(3, "at_most")]),
        ("Không để phát sinh điểm mới", [(0, "none")]),
        ("Tăng từ 70% lên 80% xã, phường", [(80, "reach")]),
        ("Giảm số điểm từ 12 xuống còn 10 điểm", [(10, "at_most")]),
        ("Nâng từ 20 mô hình lên 25 mô hình", [(25, "reach")]),
        ("Kiểm tra từ 60% trở lên", [(60, "at_least")]),
    ],
)
def test_thousands_and_limits_are_read_as_they_are_meant(text: str, figures: list[tuple[float, str]]) -> None:
    assert [(figure.figure, figure.rule) for figure in figures_of(text)] == figures


def test_a_column_may_hold_a_limit_and_thousands_with_a_space() -> None:
    cells = [("1 000", "lượt"), ("≤ 100", "vụ"), ("> 80", "%"), ("40 trở xuống", "vụ")]
    found = [figure_of_cells(*cell)[0] for cell in cells]
    assert [(one.figure, one.rule) for one in found] == [
        (1000, "reach"),
        (100, "at_most"),
        (80, "at_least"),
        (40, "at_most"),
    ]


@pytest.mark.parametrize(
    ("line", "days", "is_said"),
    [
        ("Đề nghị báo cáo trước 17 giờ 00 ngày 20/11/2027.", ["2027-11-20"], False),
        ("Báo cáo trước 17h30, ngày 20/11/2027.", ["2027-11-20"], False),
        ("Bãi bỏ quy định báo cáo trước ngày 10/11/2027.", [], True),
        ("Hạn gửi báo cáo lùi từ trước ngày 15/6/2027 sang ngày 30/6/2027.", [], True),
        ("Không báo cáo trước ngày 01/5/2027.", [], True),
        ("Báo cáo trước ngày 15/6/2027 (thay cho ngày 10/6/2027).", ["2027-06-15"], False),
    ],
)
def test_a_day_that_is_due_no_more_is_said_and_an_hour_hides_none(line: str, days: list[str], is_said: bool) -> None:
    found, strange = read_deadlines([line], (2027, 2027))
    assert ([day.isoformat() for day in found], bool(strange)) == (days, is_said)


def test_one_ward_or_another_is_looked_at(tmp_path: Path) -> None:
    either = "Phường Tây Hồ hoặc Phú Thượng"
    made = plan().line(TITLE).table(HEAD, [*LANG[:2], either, *LANG[3:]])
    made.line("Danh sách xã, phường nhân rộng năm 2027").table(["STT", "Xã, phường"], ["1", either])
    reading = read(made, tmp_path)
    assert [site.certainty for site in reading.sites] == ["look"]
    assert {ward.certainty for ward in reading.wards} == {"look"}


@pytest.mark.parametrize("name", ["Phố Huế (đã đưa ra khỏi danh mục)", "Đường Láng - đoạn mới phát sinh"])
def test_a_name_that_says_where_the_site_stands_on_the_list_is_looked_at(name: str, tmp_path: Path) -> None:
    reading = read(plan().line(TITLE).table(HEAD, ["1", name, *LANG[2:]]), tmp_path)
    (site,) = [*reading.sites, *reading.cleared]
    assert [reason.code for reason in site.reasons][-1] == "importing.plan-name-open"


def test_a_row_without_a_name_leaves_the_site_above_it_open(tmp_path: Path) -> None:
    made = plan().line(TITLE).table(HEAD, LANG, ["", "", "Phường Giảng Võ", "", ""], HUE)
    reading = read_plan(as_xlsx(made, tmp_path / "plan.xlsx"))
    assert [site.certainty for site in reading.sites] == ["look", "sure"]
    assert reading.not_understood == ("Phường Giảng Võ",)


@pytest.mark.parametrize(
    "heading", ["II. Điểm phức tạp tại địa bàn công cộng (2 điểm)", "Toàn thành phố hiện còn 02 điểm phức tạp:"]
)
def test_a_list_in_lines_below_any_heading_of_places_is_read_to_look_at(heading: str, tmp_path: Path) -> None:
    lines = ("1. Đường Láng, phường Láng: ít hoạt động.", "2. Phố Huế (phường Hai Bà Trưng): không hoạt động.")
    reading = read(plan().line(heading, *lines), tmp_path)
    assert [(site.name, site.certainty) for site in reading.sites] == [("Đường Láng", "look"), ("Phố Huế", "look")]


@pytest.mark.parametrize(
    "line",
    [
        "Điểm phức tạp về tệ nạn mại dâm năm 2027 gồm: Đường Láng (phường Láng); Phố Huế (phường Hai Bà Trưng).",
        "Bổ sung 01 điểm mới: Đường Láng, phường Láng.",
        "Phát sinh mới 02 điểm tại đường Láng (phường Láng) và phố Huế (phường Hai Bà Trưng).",
        "Duy trì tại 03 phường: Láng, Giảng Võ, Hà Đông.",
        "Dừng triển khai tại các phường: Láng và Giảng Võ.",
    ],
)
def test_a_sentence_that_lists_places_or_wards_is_said(line: str, tmp_path: Path) -> None:
    reading = read(plan().line(line), tmp_path)
    assert (reading.sites, reading.wards, reading.not_understood) == ((), (), (line,))


def test_an_offices_own_plan_is_not_that_of_the_committee(tmp_path: Path) -> None:
    head = ["UBND THÀNH PHỐ HÀ NỘI", "SỞ Y TẾ", "Số: 1234/KH-SYT", "Hà Nội, ngày 12 tháng 01 năm 2027", "KẾ HOẠCH"]
    reading = read(plan(*head, "Phòng, chống mại dâm năm 2027", TITLE).table(HEAD, LANG), tmp_path)
    assert (reading.head.number, reading.head.issuer) == ("1234/KH-SYT", "")


def test_the_wards_of_another_province_are_its_own(tmp_path: Path) -> None:
    head = ["ỦY BAN NHÂN DÂN THÀNH PHỐ HỒ CHÍ MINH", "Số: 15/KH-UBND", "KẾ HOẠCH", "Phòng, chống mại dâm năm 2027"]
    made = plan(*head, TITLE).table(HEAD, LANG, ["2", "Chợ Bến Thành", "Phường Bến Thành", *LANG[3:]])
    reading = read(made, tmp_path)
    assert [(len(site.wards), site.certainty) for site in reading.sites] == [(0, "look"), (1, "sure")]


def test_a_handover_above_the_rows_leaves_them_open(tmp_path: Path) -> None:
    rows = (["I", "Các điểm đã bàn giao năm 2021", "", "", ""], [*LANG[:4], ""])
    (site,) = read(plan().line(TITLE).table(HEAD, *rows), tmp_path).sites
    assert [reason.code for reason in site.reasons] == ["importing.plan-handover-above"]


@pytest.mark.parametrize(
    "line",
    [
        "* Ghi chú: điểm số 1 đưa ra khỏi danh mục từ ngày 01/3/2027.",
        "Các mức độ dưới đây là dự kiến đến cuối năm 2027.",
        "Riêng điểm số II.1 chuyển sang không hoạt động.",
    ],
)
def test_what_is_said_of_rows_outside_of_their_list_is_said(line: str, tmp_path: Path) -> None:
    assert read(plan().line(TITLE).table(HEAD, LANG).line(line), tmp_path).not_understood == (line,)


@pytest.mark.parametrize(
    "line",
    ["A. Điểm đưa ra khỏi danh mục: không có", "Đưa ra khỏi danh mục 01 điểm: Phố Yersin, phường Hai Bà Trưng."],
)
def test_a_line_that_lists_all_behind_its_colon_is_no_title(line: str, tmp_path: Path) -> None:
    reading = read(plan().line(line, TITLE).table(HEAD, LANG), tmp_path)
    assert ([site.name for site in reading.sites], reading.cleared) == (["Đường Láng"], ())


def test_what_is_followed_no_more_is_cleared(tmp_path: Path) -> None:
    made = plan().line("Các điểm đã triệt xóa, không còn theo dõi").table(HEAD, LANG)
    reading = read(made.line("Các điểm tiếp tục theo dõi").table(HEAD, HUE), tmp_path)
    assert ([site.name for site in reading.sites], [site.name for site in reading.cleared]) == (
        ["Phố Huế"],
        ["Đường Láng"],
    )


def test_a_ward_of_another_year_is_looked_at(tmp_path: Path) -> None:
    title = "Danh sách xã, phường nhân rộng năm 2027"
    named = (
        plan()
        .line(title)
        .table(["TT", "Xã, phường", "Năm bắt đầu"], ["1", "Phường Láng", "2027"], ["2", "Phường Hà Đông", "2028"])
    )
    assert [ward.certainty for ward in read(named, tmp_path).wards] == ["sure", "look"]
    marked = (
        plan()
        .line(title)
        .table(["TT", "Xã, phường", "2027", "2028"], ["1", "Phường Láng", "x", ""], ["2", "Phường Hà Đông", "", "x"])
    )
    assert [ward.certainty for ward in read(marked, tmp_path).wards] == ["sure", "look"]


def test_the_upper_end_of_a_range_is_not_promised() -> None:
    assert figures_of("Tổ chức 10 - 15 lớp tập huấn, tuyên truyền 3.000 – 5.000 người") == ()
    fall = figures_of("Giảm từ 12 điểm xuống còn 10 điểm")
    assert [(one.figure, one.rule) for one in fall] == [(10, "at_most")], "what it comes from is promised by nobody"


def test_the_day_of_another_paper_is_no_day_of_reports() -> None:
    plans = "Các đơn vị gửi kế hoạch về Sở Y tế trước ngày 15/02/2027 để tổng hợp, báo cáo."
    assert read_deadlines([plans], (2027, 2027))[0] == []
    reports = "Các đơn vị xây dựng kế hoạch, báo cáo kết quả thực hiện trước ngày 15/6/2027."
    assert [day.isoformat() for day in read_deadlines([reports], (2027, 2027))[0]] == ["2027-06-15"]


@pytest.mark.parametrize(
    ("cell", "is_sure"),
    [
        ("Nhân rộng", True),
        ("Nhân rộng năm 2027", True),
        ("Nhân rộng (từ năm 2025)", True),
        ("Nhân rộng năm 2028", False),
        ("Nhân rộng (từ 2028)", False),
        ("Nhân rộng đến năm 2026", False),
        ("Nhân rộng 2024", False),
    ],
)
def test_a_phase_of_another_year_is_looked_at(cell: str, is_sure: bool, tmp_path: Path) -> None:
    """In the column of the phases, above one of them, and in the title of a list."""
    cells = [["STT", "Xã, phường", "Giai đoạn"], ["1", "Phường Láng", cell]]
    columns = [["STT", "Xã, phường", cell], ["1", "Phường Láng", "x"]]
    for made in (plan().table(*cells), plan().table(*columns)):
        (ward,) = read(made, tmp_path).wards
        assert (ward.certainty == "sure") is is_sure, cell
    late = read(
        plan().line("Các xã, phường nhân rộng từ 2028").table(["STT", "Xã, phường"], ["1", "Xã Mê Linh"]), tmp_path
    )
    assert [ward.certainty for ward in late.wards] == ["look"]


def test_the_name_of_a_district_is_no_ward_of_a_phase(tmp_path: Path) -> None:
    rows = (["1", "Sóc Sơn", "Xã Đa Phúc"], ["2", "Ba Đình", "Phường Giảng Võ"], ["3", "Q. Đống Đa", "Phường Láng"])
    made = plan().line("Các xã, phường nhân rộng").table(["STT", "Quận, huyện cũ", "Xã, phường"], *rows)
    codes = {ward.ward: ward.certainty for ward in read(made, tmp_path).wards}
    assert codes["00430"] == "sure"
    assert not {code for code, certainty in codes.items() if certainty == "sure"} - {"00430", "00025", "00199"}


@pytest.mark.parametrize(
    "line",
    ["2. Các xã nhân rộng: Minh Châu, Sóc Sơn, Mê Linh.", "2. Các xã nhân rộng gồm Minh Châu, Sóc Sơn, Mê Linh."],
)
def test_communes_without_their_kind_are_said(line: str, tmp_path: Path) -> None:
    assert read(plan().line(line), tmp_path).not_understood == (line,)


@pytest.mark.parametrize("head", ["Biến động so với năm 2026", "Diễn biến", "Hướng xử lý"])
def test_what_a_column_says_of_the_list_leaves_no_row_sure_on_it(head: str, tmp_path: Path) -> None:
    """A column that is known is read, and of one that is not known the row is looked at."""
    made = plan().line(TITLE).table([*HEAD[:4], head], [*LANG[:4], ""], [*HUE[:4], "Đưa ra khỏi danh mục"])
    reading = read(made, tmp_path)
    listed = {site.name: site.certainty for site in reading.sites}
    assert listed["Đường Láng"] == "sure"
    assert listed.get("Phố Huế", "cleared") in ("look", "cleared")
    assert ("Phố Huế" in listed) is ("Biến động" not in head)
