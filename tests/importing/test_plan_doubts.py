"""What a plan denies, plans, asks for or lists for comparison is never read as what holds; nothing is left out unsaid."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from plan_files import HEAD as HEAD_LINES
from plan_files import LEVELS, WRITERS, C, Plan, as_cells, as_docx, as_pdf, plan

from geo.importing.plans import PlanReading, PlanSite, read_plan
from geo.importing.plans.deadlines import past_deadlines, read_deadlines
from geo.importing.plans.files.pdf import _unwrapped
from geo.importing.plans.lists.places import PlaceReader
from geo.importing.plans.words.figures import figures_of
from geo.importing.plans.words.handover import handed_over
from geo.reference.cities import city
from geo.reference.wards import WardRegister

HEAD = ["STT", "Tên điểm", "Xã, phường", "Mức độ", "Ghi chú"]
LANG = ["1", "Đường Láng", "Phường Láng", "Ít hoạt động", "Đã bàn giao năm 2021"]
YERSIN = ["2", "Phố Yersin", "Phường Hai Bà Trưng", "Ít hoạt động", "Đã bàn giao năm 2022"]
TITLE = "Danh sách điểm phức tạp tại địa bàn công cộng"


def read(made: Plan, folder: Path) -> PlanReading:
    return read_plan(as_docx(made, folder / "plan.docx"))


def codes(reading: PlanReading, at: int = 0) -> list[str]:
    return codes_of(reading.sites[at])


def codes_of(site: PlanSite) -> list[str]:
    return [reason.code.removeprefix("importing.plan-") for reason in site.reasons]


@pytest.mark.parametrize(
    ("column", "note", "year", "doubtful"),
    [
        ("", "Đã bàn giao cho địa phương năm 2021", 2021, False),
        ("", "Bàn giao năm 2018, tái hoạt động năm 2026", 2018, False),
        ("", "Công an đã triệt xóa và bàn giao cho phường năm 2021", 2021, False),
        ("12/2021", "", 2021, False),
        ("Đã bàn giao năm 2021", "", 2021, False),
        ("", "Chưa bàn giao", None, False),
        ("Chưa", "", None, False),
        ("", "Không thuộc diện bàn giao năm 2021", None, True),
        ("", "Chưa được bàn giao năm 2021", None, True),
        ("", "Dự kiến bàn giao năm 2027", None, True),
        ("", "Đề nghị bàn giao trong năm 2026", None, True),
        ("", "Bàn giao dự kiến năm 2027", None, True),
        ("", "Không còn trong diện bàn giao năm 2021", None, True),
        ("", "Các điểm trừ điểm này đã bàn giao năm 2021", None, True),
        ("", "Ngoài danh sách bàn giao năm 2021", None, True),
        ("", "Sẽ bàn giao năm 2027", None, True),
        ("", "Nếu đủ điều kiện thì bàn giao năm 2027", None, True),
        ("", "Bàn giao trước năm 2021", 2021, True),
        ("", "Bàn giao năm 2021 nhưng địa phương trả lại", 2021, True),
        ("Dự kiến 2027", "", None, True),
        ("2027 (dự kiến)", "", 2027, True),
        ("Không bàn giao năm 2021", "", None, True),
        ("Trước 2021", "", 2021, True),
        ("", "Bàn giao cho UBND phường Láng quản lý năm 2021", 2021, False),
        ("", "Bàn giao cho phường Láng và Nghĩa Đô năm 2021", 2021, False),
        ("", "Đã bàn giao xong ngày 31/12/2020", 2020, False),
        ("", "Bàn giao theo Quyết định số 2019/QĐ-UBND", None, True),
        ("", "Bàn giao QĐ 15/2021/QĐ-UBND năm 2022", 2022, True),
        ("", "Bàn giao theo Kế hoạch năm 2020, thực hiện năm 2022", 2020, True),
        ("", "Đã bàn giao năm 2012 (sửa: 2021)", 2012, True),
        ("", "Đã bàn giao năm 2020 và năm 2021", 2020, True),
        ("", "Đã bàn giao cho địa phương năm hai nghìn không trăm hai mươi hai", None, True),
        ("", "BG năm 2021", 2021, True),
        ("", "Đã bàn giao ngày 31/12/20", None, True),
        ("", "Đã bàn giao", None, True),
        ("2021 theo Biên bản của Công an", "", 2021, True),
        ("Quyết định số 2019/QĐ-UBND", "", None, True),
        ("2021", "Bàn giao năm 2019", 2021, True),
        ("Chưa", "Đã bàn giao năm 2019", None, True),
        ("2021", "Bàn giao năm 2021", 2021, False),
    ],
)
def test_a_handover_holds_only_where_nothing_denies_it(
    column: str, note: str, year: int | None, doubtful: bool
) -> None:
    found, reasons = handed_over(column, note, 2027)
    assert (found, bool(reasons)) == (year, doubtful)


@pytest.mark.parametrize(
    ("level", "found", "certainty"),
    [
        ("Không hoạt động", "inactive", "sure"),
        ("Đã ngừng hoạt động", "inactive", "sure"),
        ("Vẫn còn hoạt động", "active", "sure"),
        ("Chưa ngừng hoạt động", "", "look"),
        ("Không ít hoạt động", "", "look"),
        ("Không còn có hoạt động", "", "look"),
        ("Dự kiến không hoạt động", "", "look"),
        ("Đề nghị chuyển sang ít hoạt động", "", "look"),
        ("Không hoạt động, trừ dịp lễ", "inactive", "look"),
        ("Ngoài giờ hành chính có hoạt động", "active", "look"),
        ("Sẽ ngừng hoạt động", "inactive", "look"),
        ("Hoạt động không thường xuyên", "low", "sure"),
        ("Vẫn còn hoạt động thường xuyên", "active", "sure"),
        ("Không hoạt động về mại dâm", "inactive", "sure"),
        ("Không còn hoạt động thường xuyên", "", "look"),
        ("Không hoạt động công khai", "", "look"),
        ("Giảm hoạt động", "", "look"),
        ("Không hoạt động năm 2020", "inactive", "look"),
    ],
)
def test_a_level_is_sure_only_where_it_stands_alone(level: str, found: str, certainty: str, tmp_path: Path) -> None:
    (site,) = read(plan().line(TITLE).table(HEAD, [*LANG[:3], level, ""]), tmp_path).sites
    assert (site.level, site.certainty) == (found, certainty)


@pytest.mark.parametrize("head", ["Dự kiến bàn giao", "Năm đề nghị bàn giao", "Chưa bàn giao"])
def test_a_column_of_what_is_planned_is_said(head: str, tmp_path: Path) -> None:
    reading = read(plan().line(TITLE).table([*HEAD[:4], head], [*LANG[:4], "2027"]), tmp_path)
    assert (reading.sites[0].handed_over, codes(reading)) == (None, ["open-column"])


@pytest.mark.parametrize(
    ("head", "level"),
    [
        ("Mức độ hiện nay", "inactive"),
        ("Mức độ phức tạp", "inactive"),
        ("Mức độ phấn đấu cuối năm", ""),
        ("Tình trạng đến hết năm 2027", ""),
        ("Mức độ mục tiêu", ""),
    ],
)
def test_a_level_that_is_aimed_at_is_none_that_holds(head: str, level: str, tmp_path: Path) -> None:
    made = plan().line(TITLE).table([*HEAD[:3], head], [*LANG[:3], "Không hoạt động"])
    (site,) = read(made, tmp_path).sites
    assert (site.level, site.certainty, "open-column" in codes_of(site)) == (
        level,
        "sure" if level else "look",
        not level,
    )


def test_a_mark_below_a_level_with_more_words_is_looked_at(tmp_path: Path) -> None:
    heads = ["Có hoạt động", "Không hoạt động vào ban ngày"]
    made = plan().line(TITLE).table([*HEAD[:3], *heads], [*LANG[:3], "x", ""], [*YERSIN[:3], "", "x"])
    assert [(site.level, site.certainty) for site in read(made, tmp_path).sites] == [
        ("active", "sure"),
        ("inactive", "look"),
    ]


def test_columns_that_are_not_read_are_named(tmp_path: Path) -> None:
    reading = read(plan().line(TITLE).table([*HEAD, "Chiều dài (m)"], [*LANG, "350"]), tmp_path)
    assert ["Chiều dài (m)" in str(remark) for remark in reading.remarks] == [True]


@pytest.mark.parametrize(
    "name", ["Phường Láng", "Láng", "Khu vực phường Láng và phường Nghĩa Đô", "Toàn bộ xã Hoài Đức", "Huyện Hoài Đức"]
)
def test_a_whole_unit_is_no_site(name: str, tmp_path: Path) -> None:
    reading = read(plan().line(TITLE).table(HEAD, ["1", name, *LANG[2:]]), tmp_path)
    assert "whole-unit" in codes(reading)


@pytest.mark.parametrize(
    "title",
    [
        "Danh sách điểm phức tạp năm 2026 để đối chiếu",
        "Danh sách điểm dự kiến năm 2028",
        "Kết quả thực hiện năm trước",
        "Danh mục điểm giai đoạn 2021-2025",
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_lists_of_other_years_are_set_aside_and_said(title: str, is_first: bool, tmp_path: Path) -> None:
    own = ((f"{TITLE} năm 2027",), (HEAD, LANG))
    other = ((title,), (HEAD, YERSIN))
    made = plan()
    for lines, rows in (other, own) if is_first else (own, other):
        made.line(*lines).table(*rows)
    reading = read(made, tmp_path)
    assert [(site.name, site.certainty) for site in reading.sites] == [("Đường Láng", "sure")]
    assert [site.name for site in reading.others] == ["Phố Yersin"]
    assert [remark.code for remark in reading.remarks] == ["importing.plan-other-list-left"]


def test_where_no_other_list_stands_one_of_another_year_is_looked_at(tmp_path: Path) -> None:
    reading = read(plan().line("Danh sách điểm phức tạp năm 2025").table(HEAD, LANG), tmp_path)
    assert (reading.sites[0].certainty, codes(reading), reading.others) == ("look", ["other-list"], ())


def test_wards_and_indicators_of_other_years_are_set_aside(tmp_path: Path) -> None:
    made = plan().line("1. Các xã, phường tiếp tục duy trì").table(["Stt", "Tên xã, phường"], ["1", "Phường Láng"])
    made.line("2. Các xã, phường dự kiến nhân rộng năm 2028").table(["Stt", "Tên xã, phường"], ["1", "Xã Sóc Sơn"])
    made.line("Kết quả thực hiện chỉ tiêu năm 2026").table(["STT", "Chỉ tiêu", "Kết quả"], ["1", "Xét xử vụ án", "90 vụ án"])  # fmt: skip
    made.line("DANH MỤC CÁC CHỈ TIÊU").table(["STT", "Chỉ tiêu", "Cơ quan chủ trì"], ["1", "Xét xử 100 vụ án", "Tòa án"])  # fmt: skip
    reading = read(made, tmp_path)
    assert (reading.phase("pilot"), reading.phase("expansion")) == (("00199",), ())
    assert [indicator.text for indicator in reading.indicators] == ["Xét xử 100 vụ án"]
    assert reading.not_understood == ("1 | Xã Sóc Sơn", "1 | Xét xử vụ án | 90 vụ án")


def cells(folder: Path, body: str) -> PlanReading:
    whole = as_cells(plan().line(TITLE).table(HEAD[:4], LANG[:4], YERSIN[:4]), folder / "plan.txt").read_text("utf-8")
    head, rows = whole.split("|\nSTT |", 1)
    path = folder / "changed.txt"
    path.write_text(head + body.replace("REST", rows).replace("BODY", rows.split("|\n|\n", 1)[1]), "utf-8")
    return read_plan(path)


@pytest.mark.parametrize(
    ("body", "is_read"),
    [
        ("|\nSTT |REST", True),
        ("STT |REST", True),
        ("|\nBODY", False),
        ("BODY", False),
        ("STT Tên điểm Xã, phường Mức độ\nBODY", False),
    ],
)
def test_a_flattened_list_without_its_first_lines_is_read_or_said(body: str, is_read: bool, tmp_path: Path) -> None:
    reading = cells(tmp_path, body)
    assert [site.name for site in reading.sites] == (["Đường Láng", "Phố Yersin"] if is_read else [])
    lost = "\n".join(reading.not_understood)
    assert [name in lost for name in ("Đường Láng", "Phố Yersin")] == [not is_read] * 2


@pytest.mark.parametrize("kind", [kind for kind in WRITERS if kind != "pdf"])
def test_rows_below_no_known_head_are_said(kind: str, tmp_path: Path) -> None:
    made = plan().line("Những nơi cần lưu ý").table(["Mã", "Nơi", "Thuộc về"], LANG[:3], YERSIN[:3])
    reading = read_plan(WRITERS[kind](made, tmp_path / f"plan.{kind}"))
    assert reading.sites == ()
    assert ["Láng" in reading.not_understood[0], "Yersin" in reading.not_understood[1]] == [True, True]


@pytest.mark.parametrize(
    "lines",
    [
        ("1. Đường Láng", "2. Phố Yersin"),
        ("- Đường Láng", "- Phố Yersin, phường Hai Bà Trưng"),
        ("1", "Đường Láng", "Phường Láng", "2", "Phố Yersin"),
        ("1    Đường Láng    Phường Láng", "2    Phố Yersin    Phường Hai Bà Trưng"),
    ],
)
def test_a_list_of_places_in_lines_is_said(lines: tuple[str, ...], tmp_path: Path) -> None:
    said = "\n".join(read(plan().line(TITLE, *lines, "Tổ chức thực hiện"), tmp_path).not_understood)
    assert ("Đường Láng" in said, "Phố Yersin" in said, "Tổ chức" in said) == (True, True, False)


def test_places_that_leave_the_list_are_read_without_levels(tmp_path: Path) -> None:
    made = plan().line(TITLE).table(HEAD, LANG)
    made.line("Danh sách các điểm đưa ra khỏi danh mục").table(["STT", "Tên điểm"], ["1", "Phố Yersin"])
    reading = read(made, tmp_path)
    assert [(site.name, codes_of(site)) for site in reading.cleared] == [("Phố Yersin", ["no-place"])]
    whole = plan().line("Danh sách các điểm đưa ra khỏi danh mục").table(HEAD[:3], LANG[:3])
    assert [site.certainty for site in read(whole, tmp_path).cleared] == ["sure"]
    prose = read(plan().line("Đưa ra khỏi danh mục các điểm: Phố Yersin; đường Láng").table(HEAD, LANG), tmp_path)
    assert prose.not_understood == ("Đưa ra khỏi danh mục các điểm: Phố Yersin; đường Láng",)


@pytest.mark.parametrize("kind", ["docx", "xlsx", "html", "pdf"])
def test_a_line_that_is_only_broken_joins_no_names(kind: str, tmp_path: Path) -> None:
    place = "Các xã Hoài\nĐức, Ô Diên, Đan Phượng"
    made = plan().line(TITLE).table([*HEAD[:3], *LEVELS], ["1", "Khu vực Quốc lộ 32", place, "", "X", "", ""])
    (site,) = read_plan(WRITERS[kind](made, tmp_path / f"plan.{kind}")).sites
    assert (site.wards, site.certainty) == (("09832", "09817", "09784"), "sure")


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("tuyên truyền cho 3.000 chủ cơ sở và người lao động tại các cơ sở", [(3000, "người")]),
        ("Tập huấn cho 200 hội viên phụ nữ", [(200, "người")]),
        ("Lắp đặt 25 camera tại các điểm", [(25, "camera")]),
        ("Xây dựng 02 phần mềm theo dõi", [(2, "phần mềm")]),
        ("In 5 nghìn tờ rơi", [(5000, "tờ rơi")]),
        ("Kiểm tra 5 công viên", [(5, "công viên")]),
        ("từ 3 đến 5 cuộc kiểm tra", [(3, "cuộc"), (5, "cuộc")]),
        ("Tăng 10 so với năm trước, theo Điều 25 Luật", []),
    ],
)
def test_units_are_what_is_counted(text: str, figures: list[tuple[float, str]]) -> None:
    assert [(figure.figure, figure.unit) for figure in figures_of(text)] == figures


@pytest.mark.parametrize(
    ("note", "standing", "certainty"),
    [
        ("Đã đưa ra khỏi danh mục", "cleared", "sure"),
        ("Tái hoạt động năm 2026", "returned", "sure"),
        ("Đưa ra khỏi danh mục từ ngày 01/3/2027", "cleared", "look"),
        ("Điểm mới phát sinh", "new", "sure"),
        ("Đề nghị đưa ra khỏi danh mục", "listed", "look"),
        ("Dự kiến tái hoạt động", "listed", "look"),
        ("Nguy cơ tái hoạt động", "listed", "look"),
        ("Chưa đưa ra khỏi danh mục", "listed", "sure"),
        ("Không tái hoạt động", "listed", "sure"),
        ("Không phải điểm mới phát sinh", "listed", "sure"),
        ("Đã đưa ra khỏi danh mục năm 2025, nay đưa trở lại", "returned", "look"),
    ],
)
def test_a_standing_holds_only_where_it_is_said(note: str, standing: str, certainty: str, tmp_path: Path) -> None:
    reading = read(plan().line(TITLE).table(HEAD, [*LANG[:4], note]), tmp_path)
    (site,) = (*reading.sites, *reading.cleared)
    assert (site.standing, site.certainty) == (standing, certainty)


def test_what_a_note_says_beyond_its_site_is_quoted(tmp_path: Path) -> None:
    known = [
        "", "-", "Đã bàn giao năm 2021; ít hoạt động", "Chưa bàn giao", "Bổ sung mới", "Điểm mới phát sinh, chưa bàn giao",
        "Bàn giao năm 2018, tái hoạt động năm 2026, đưa trở lại danh mục",
    ]  # fmt: skip
    open_notes = [
        "Đổi tên thành đường Láng Hạ", "Tên cũ: Phố Láng Trung", "Sáp nhập với điểm số 2", "Gộp với điểm I.3 của KH 07",
        "Tách từ điểm I.1", "Tách thành hai điểm", "Kết thúc quản lý", "Thôi theo dõi",
        "Chuyển cho Thành phố Hồ Chí Minh quản lý", "Điểm thay thế cho điểm số 3", "Kéo dài thêm đến cầu Cót",
        "Chuyển giao cho địa phương năm 2021", "Có hoạt động",
    ]  # fmt: skip
    notes = [*known, *open_notes, "Đã bàn giao năm 2021; tách từ điểm I.1"]
    rows = [[str(at), f"Đường Láng đoạn {at}", *LANG[2:4], note] for at, note in enumerate(notes, 1)]
    sites = read(plan().line(TITLE).table(HEAD, *rows), tmp_path).sites
    assert [site.certainty for site in sites] == ["sure"] * len(known) + ["look"] * (len(open_notes) + 1)
    said = [str(reason) for site in sites[len(known) :] for reason in site.reasons]
    assert [note in text for note, text in zip([*open_notes, "tách từ điểm I.1"], said, strict=True)] == [True] * len(
        said
    )


@pytest.mark.parametrize("name", ["Đường Láng (tên cũ: Phố Láng Trung)", "Đường Láng (tách từ điểm số 1)"])
def test_a_name_that_says_another_site_is_looked_at(name: str, tmp_path: Path) -> None:
    assert codes(read(plan().line(TITLE).table(HEAD, ["1", name, *LANG[2:]]), tmp_path)) == ["name-open"]


@pytest.mark.parametrize(
    ("title", "certainty"),
    [("Danh sách điểm chưa đưa ra khỏi danh mục", "sure"), ("Danh sách điểm đề nghị đưa ra khỏi danh mục", "look")],
)
def test_a_title_that_takes_nothing_off_the_list(title: str, certainty: str, tmp_path: Path) -> None:
    reading = read(plan().line(title).table(HEAD, LANG), tmp_path)
    assert ([site.certainty for site in reading.sites], reading.cleared) == ([certainty], ())


def test_what_a_group_excepts_is_not_that_group(tmp_path: Path) -> None:
    made = plan().line("Danh sách điểm phức tạp ngoài các cơ sở kinh doanh dịch vụ").table(HEAD, LANG)
    assert read(made, tmp_path).sites[0].group == ""


def test_footnotes_are_looked_at_and_said(tmp_path: Path) -> None:
    made = plan().line(TITLE).table(HEAD, ["1", "Đường Láng*", *LANG[2:]], YERSIN).line("* Chưa bàn giao")
    reading = read(made, tmp_path)
    assert [site.certainty for site in reading.sites] == ["look", "sure"]
    assert reading.not_understood == ("* Chưa bàn giao",)


@pytest.mark.parametrize("kind", ["docx", "pdf", "cells.txt", "rows.txt"])
def test_a_table_that_is_turned_is_read(kind: str, tmp_path: Path) -> None:
    """Flattened, a blank at the end of a row may be that of another cell: then the sites are to look at."""
    rows = [list(row) for row in zip(HEAD, LANG, [*YERSIN[:4], ""], strict=True)]
    reading = read_plan(WRITERS[kind](plan().line(TITLE).table(*rows), tmp_path / f"plan.{kind}"))
    assert [(site.number, site.name, site.wards, site.level, site.handed_over) for site in reading.sites] == [
        ("1", "Đường Láng", ("00199",), "low", 2021),
        ("2", "Phố Yersin", ("00256",), "low", None),
    ]
    open_cell = ["turned"] if kind.endswith(".txt") else []
    assert (codes(reading), codes(reading, 1)) == (open_cell, open_cell)


def test_a_pdf_of_narrow_rules_with_running_heads_is_read_as_any_other(tmp_path: Path) -> None:
    """Letters reach into the cells beside theirs, a row and the sentence of a deadline go on on the next page or line."""
    rows = [[str(at), f"Đường Láng đoạn {at} của tuyến", *LANG[2:]] for at in range(1, 24)]
    made = plan().line(TITLE).table(HEAD, *rows).line("Báo cáo Sở Y tế trước ngày", "15/12/2027./.")
    settings = ("#set table(inset: 0pt)", "#set page(width: 10cm, height: 12cm, header: [30/11/2026 Kế hoạch])")
    reading = read_plan(as_pdf(made, tmp_path / "plan.pdf", *settings))
    assert [(site.number, site.name, site.wards, site.level, site.handed_over) for site in reading.sites] == [
        (row[0], row[1], ("00199",), "low", 2021) for row in rows
    ]
    assert {code for at in range(23) for code in codes(reading, at)} <= {"joined"}
    assert (reading.deadlines, reading.not_understood) == ((date(2027, 12, 15),), ())


@pytest.mark.parametrize(("head", "name"), [("Địa bàn", "Đường Láng"), ("Tuyến đường", "Đường Láng Phường Láng")])
def test_of_two_columns_that_may_be_names_one_says_where(head: str, name: str, tmp_path: Path) -> None:
    reading = read(plan().line(TITLE).table(["STT", "Tên điểm", head, "Mức độ"], LANG[:4]), tmp_path)
    assert [site.name.replace("\n", " ") for site in reading.sites] == [name]
    assert ("name-of-columns" in codes(reading)) == (name != "Đường Láng")


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_wards_that_leave_are_in_no_phase_of_a_list_before_theirs(kind: str, tmp_path: Path) -> None:
    """Names behind the colon of a line are read beside tables too."""
    made = plan().line(TITLE).table(HEAD, LANG).line("1. Các xã, phường duy trì: Phường Láng, Xã Gia Lâm.")
    made.line("2. Các xã, phường dừng triển khai từ năm 2027").table(["STT", "Xã, phường"], ["1", "Phường Tây Mỗ"])
    reading = read_plan(WRITERS[kind](made, tmp_path / f"plan.{kind}"))
    assert (reading.phase("pilot"), reading.phase("expansion")) == (("00199", "00565"), ())
    assert reading.not_understood == ("1 | Phường Tây Mỗ",)


def test_what_names_a_person_is_left_out_or_looked_at_and_its_words_are_not_repeated(tmp_path: Path) -> None:
    head = ["STT", "Chỉ tiêu", "Đơn vị chủ trì"]
    rows = (["1", "100% xã, phường có kế hoạch; giao ông Nguyễn Văn Hùng theo dõi, ĐT 0912345678", "Sở Y tế"],
            ["2", "Lắp đặt 25 camera tại các điểm", "Sở Y tế"])  # fmt: skip
    named = ["1", "Nhà nghỉ của bà Trần Thị Lan", *LANG[2:]]
    reading = read(plan().line(TITLE).table(HEAD, named, YERSIN).line("Chỉ tiêu").table(head, *rows), tmp_path)
    assert [entry.number for entry in reading.indicators] == ["2"]
    (said,) = [remark.text("en") for remark in reading.remarks if remark.code == "importing.plan-private"]
    assert said.startswith("indicator 1 is left out: it holds something like") and "Hùng" not in said
    assert [site.certainty for site in reading.sites] == ["look", "sure"]


def test_the_sentence_of_the_deadlines_below_a_list_is_no_row_of_it(tmp_path: Path) -> None:
    made = plan().line(TITLE).table(HEAD, LANG).line("Báo cáo Sở Y tế trước ngày 15/6/2027 và trước ngày 15/12/2027./.")
    reading = read_plan(WRITERS["xlsx"](made, tmp_path / "plan.xlsx"))
    assert (len(reading.deadlines), len(reading.sites), reading.not_understood) == (2, 1, ())


def test_a_column_about_the_sort_of_place_is_no_level(tmp_path: Path) -> None:
    made = plan().line(TITLE).table([*HEAD[:4], "Loại địa bàn"], [*LANG[:4], "Công cộng"])
    assert [(site.level, site.group, site.certainty) for site in read(made, tmp_path).sites] == [
        ("low", "public", "sure")
    ]


def test_a_row_of_one_merged_cell_before_the_next_table_takes_none_of_it(tmp_path: Path) -> None:
    """Flattened with a cell on a line, the merged cells of a total are not there."""
    made = plan().line(TITLE).table(HEAD, LANG, YERSIN, [C("Tổng số: 2 điểm")])
    made.line("1. Các xã, phường duy trì").table(["STT", "Xã, phường"], ["1", "Xã Gia Lâm"], ["2", "Phường Láng"])
    path = as_cells(made, tmp_path / "plan.txt")
    path.write_text(path.read_text("utf-8").replace("Tổng số: 2 điểm |\n|\n|\n|\n|\n", "Tổng số: 2 điểm |\n"), "utf-8")
    reading = read_plan(path)
    assert ([ward.ward for ward in reading.wards], len(reading.sites)) == (["00565", "00199"], 2)


def test_rows_that_look_like_headings_are_said(tmp_path: Path) -> None:
    rows = (["I", "Đường Láng", ""], ["II", "Phố Yersin", ""])
    assert read(plan().line(TITLE).table(HEAD[:3], *rows), tmp_path).not_understood == (
        "I | Đường Láng",
        "II | Phố Yersin",
    )


def test_numbered_lines_that_say_where_they_lie_are_read_to_look_at(tmp_path: Path) -> None:
    made = plan().line(
        "Các điểm phức tạp năm 2027:", "a) Trong các cơ sở kinh doanh dịch vụ:",
        "1. Khu vực Quốc lộ 32, các xã Hoài Đức, Ô Diên: có hoạt động, đã bàn giao năm 2024", "b) Tại địa bàn công cộng:",
        "1. Đường Kim Giang (đoạn từ Cầu Tó đến", "đường Nghiêm Xuân Yêm), phường Thanh Liệt - ít hoạt động", "2. Phố Yersin",
        "3. Phường Láng", "Tổ chức thực hiện", "Các tuyến trọng điểm:", "1. Công an phường Láng tuần tra đường Láng, phường Láng",
    )  # fmt: skip
    reading = read(made, tmp_path)
    assert [(site.name, site.wards, site.level, site.handed_over, site.group) for site in reading.sites] == [
        ("Khu vực Quốc lộ 32", ("09832", "09817"), "active", 2024, "establishment"),
        ("Đường Kim Giang (đoạn từ Cầu Tó đến đường Nghiêm Xuân Yêm)", ("00643",), "low", None, "public"),
    ]
    assert {site.certainty for site in reading.sites} == {"look"} and "from-line" in codes(reading)
    assert reading.not_understood == ("2. Phố Yersin", "3. Phường Láng")


def test_numbers_within_a_line_are_read_and_beside_tables_only_what_leaves_the_list(tmp_path: Path) -> None:
    text = ": 1. Phố Yersin, phường Hai Bà Trưng; 2. Đường Bưởi, phường Ngọc Hà."
    assert [site.name for site in read(plan().line(f"Các điểm phức tạp{text}"), tmp_path).sites] == [
        "Phố Yersin",
        "Đường Bưởi",
    ]
    made = (
        plan().line(TITLE).table(HEAD, LANG).line(f"Đưa ra khỏi danh mục các điểm{text}", f"Các khu vực cần xem{text}")
    )
    reading = read(made, tmp_path)
    assert [site.name for site in (*reading.sites, *reading.cleared)] == ["Đường Láng", "Phố Yersin", "Đường Bưởi"]
    assert reading.not_understood == (f"Các khu vực cần xem{text}",)


@pytest.mark.parametrize("kind", ["docx", "html", "cells.txt"])
def test_page_numbers_and_signatures_are_no_part_of_a_list(kind: str, tmp_path: Path) -> None:
    made = plan().line(TITLE).table(HEAD, LANG).line("2").table(HEAD, YERSIN)
    made.table(["Nơi nhận: - Bộ Y tế;", "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH"])
    reading = read_plan(WRITERS[kind](made, tmp_path / f"plan.{kind}"))
    assert [(site.name, site.group) for site in reading.sites] == [("Đường Láng", "public"), ("Phố Yersin", "public")]


WARDS = ["Stt", "Tên xã, phường", "Ghi chú"]


@pytest.mark.parametrize(
    ("title", "note", "name", "certainty"),
    [
        ("Các xã, phường tiếp tục duy trì", "", "Phường Láng", "sure"),
        ("Các xã, phường xây dựng và triển khai mô hình, tiếp tục duy trì", "", "Phường Láng", "sure"),
        ("Các xã, phường tiếp tục duy trì", "Dừng từ năm 2027", "Phường Láng", "look"),
        ("Các xã, phường tiếp tục duy trì", "", "Phường Láng*", "look"),
        ("Các xã, phường không tiếp tục duy trì", "", "Phường Láng", ""),
        ("Các xã, phường chưa nhân rộng", "", "Phường Láng", ""),
        ("Các xã, phường đề nghị nhân rộng", "", "Phường Láng", ""),
    ],
)
def test_a_phase_holds_only_where_it_is_said(title: str, note: str, name: str, certainty: str, tmp_path: Path) -> None:
    reading = read(plan().line(title).table(WARDS, ["1", name, note]), tmp_path)
    assert [ward.certainty for ward in reading.wards] == [certainty][: bool(certainty)]
    assert ("Láng" in "\n".join(reading.not_understood)) == (certainty != "sure")


@pytest.mark.parametrize(
    "line",
    ["1. Các xã, phường dừng duy trì: phường Láng", "Nhân rộng tại các phường Láng, Nghĩa Đô và xã Sóc Sơn năm 2027."],
)
def test_wards_of_a_sentence_are_said(line: str, tmp_path: Path) -> None:
    reading = read(plan().line(line), tmp_path)
    assert (reading.wards, reading.not_understood) == ((), (line,))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Đường Láng (phường Láng)", ""),
        ("Nhà nghỉ trên đường Bưởi, phường Ngọc Hà", "ward-of-name-differs"),
        ("Đường Láng (không thuộc địa bàn Nghĩa Đô)", "name-open"),
        ("Trừ đoạn đường Láng", "name-open"),
    ],
)
def test_names_that_contradict_their_row_are_looked_at(name: str, code: str, tmp_path: Path) -> None:
    reading = read(plan().line(TITLE).table(HEAD, ["1", name, *LANG[2:]]), tmp_path)
    assert codes(reading) == ([code] if code else [])


def test_parts_of_a_row_are_looked_at(tmp_path: Path) -> None:
    parts = (["2.1", "Đoạn 1", *YERSIN[2:]], ["2.2", "Đoạn 2", *YERSIN[2:]])
    reading = read(plan().line(TITLE).table(HEAD, LANG, [*YERSIN[:2], "", "", ""], *parts), tmp_path)
    assert [site.certainty for site in reading.sites] == ["sure", "look", "look", "look"]


def test_a_year_of_something_else_is_no_sure_handover() -> None:
    assert handed_over("", "Năm 2020 bàn giao", 2027) == (2020, [])
    year, reasons = handed_over("", "Triệt xóa năm 2020, bàn giao", 2027)
    assert (year, [reason.code for reason in reasons]) == (2020, ["importing.plan-handover-open"])


@pytest.mark.parametrize(
    ("printed", "codes", "certainty"),
    [
        ("Phường Hoàn g Mai", ("00331",), "look"),
        ("Phường Hoàng Mai", ("00331",), "sure"),
        ("Phường Hoàn q Zai", (), ""),
    ],
)
def test_a_word_that_a_narrow_cell_broke_is_joined_where_that_is_a_ward(
    printed: str, codes: tuple[str, ...], certainty: str
) -> None:
    found = PlaceReader(WardRegister.load(city=city("hanoi")), None).wards(printed)
    assert found.codes == codes
    assert found.certainty == certainty if certainty else found.certainty != "sure"
    assert [reason.code for reason in found.reasons].count("importing.plan-word-broken") == (certainty == "look")


def test_what_is_no_syllable_goes_on_from_the_line_above() -> None:
    assert _unwrapped("Phố Hoàn\ng Mai, đường\nLá\nng") == "Phố Hoàng Mai, đường Láng"
    assert _unwrapped("Phố Cầu\nGiấy\n2 điểm") == "Phố Cầu Giấy 2 điểm"


def remarks(reading: PlanReading) -> list[str]:
    return [remark.code.removeprefix("importing.plan-") for remark in reading.remarks]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("DỰ THẢO", *HEAD_LINES), ["is-draft"]),
        (("Dự thảo lần 2", *HEAD_LINES), ["is-draft"]),
        (tuple("BÁO CÁO" if line == "KẾ HOẠCH" else line for line in HEAD_LINES), ["other-paper"]),
        ((*HEAD_LINES[:5], "Sửa đổi, bổ sung Kế hoạch số 07/KH-UBND năm 2026", *HEAD_LINES[6:]), ["amends"]),
        ((*HEAD_LINES, "Kế hoạch này có hiệu lực từ ngày 01 tháng 02 năm 2027."), ["in-force-from"]),
        ((*HEAD_LINES, "Kế hoạch này có hiệu lực kể từ ngày 08/01/2027."), []),
        ((*HEAD_LINES, "Kế hoạch này có hiệu lực kể từ ngày ký."), []),
        (HEAD_LINES, []),
    ],
)
def test_a_paper_that_is_no_plan_in_force_is_said(lines: tuple[str, ...], said: list[str], tmp_path: Path) -> None:
    assert remarks(read(plan(*lines).line(TITLE).table(HEAD, LANG), tmp_path)) == said


@pytest.mark.parametrize(
    ("line", "days", "is_said"),
    [
        ("Báo cáo năm gửi trước ngày 15/01 năm sau.", [], True),
        ("Báo cáo trước ngày mười lăm tháng sáu năm 2027.", [], True),
        ("Báo cáo trong tháng 6 và tháng 12.", [], True),
        ("Báo cáo quý trước ngày 05 tháng đầu của quý sau.", [], True),
        ("Báo cáo trước ngày 30/4/2027 (riêng xã Sóc Sơn trước ngày 15/5/2027).", ["2027-04-30"], True),
        ("Báo cáo kết quả không muộn hơn ngày 10/7/2027.", ["2027-07-10"], False),
        ("Báo cáo trước ngày 15/6 và trước ngày 15/12.", ["2027-06-15", "2027-12-15"], False),
        ("Gửi báo cáo ngày 15/5 và 15/11 hằng năm.", [], True),
        ("Báo cáo từ ngày 15 đến ngày 20 tháng 6 năm 2027.", [], True),
        ("Báo cáo kết quả ngày 30/02/2027.", [], True),
        ("Báo cáo định kỳ gửi ngày 20 hằng tháng.", [], True),
        ("Theo Báo cáo số 12/BC-SYT ngày 05/3/2026 của Sở Y tế.", [], False),
        ("Chế độ báo cáo theo Thông tư 11/2025/TT-BYT ngày 12/3/2025.", [], False),
        ("Tổ chức kiểm tra trong tháng 6.", [], False),
    ],
)
def test_a_deadline_is_read_or_said(line: str, days: list[str], is_said: bool) -> None:
    found, strange = read_deadlines([line], (2027, 2027))
    assert ([day.isoformat() for day in found], len(strange)) == (days, int(is_said))


def test_a_deadline_before_the_plan_is_said() -> None:
    line = "Báo cáo trước 15/6/2026 và báo cáo trước 15/12/2027."
    said = list(past_deadlines([line], date(2027, 1, 8)))
    assert [message.parameters["due"] for message in said] == [date(2026, 6, 15)]
    assert list(past_deadlines(["Báo cáo trước 15/6."], date(2027, 1, 8))) == []


@pytest.mark.parametrize(
    ("title", "numbers", "said"),
    [
        ("1. 42 xã, phường tiếp tục duy trì các hoạt động", "12", ["ward-count-differs"]),
        ("1. 02 xã, phường tiếp tục duy trì các hoạt động", "12", []),
        ("1. Các xã, phường tiếp tục duy trì", "13", ["ward-gap"]),
        ("1. Các xã, phường tiếp tục duy trì", "12", []),
    ],
)
def test_a_ward_that_a_list_lost_is_said(title: str, numbers: str, said: list[str], tmp_path: Path) -> None:
    rows = [[number, name] for number, name in zip(numbers, ("Phường Láng", "Phường Kim Liên"), strict=True)]
    reading = read(plan().line(title).table(["STT", "Xã, phường"], *rows), tmp_path)
    assert (remarks(reading), [ward.certainty for ward in reading.wards]) == (said, ["sure", "sure"])


def test_a_time_of_its_own_leaves_a_phase_to_look_at(tmp_path: Path) -> None:
    head, row = ["STT", "Xã, phường", "Thời gian"], ["1", "Phường Láng"]
    for title, time, certainty in (
        ("1. Các xã, phường nhân rộng từ ngày 01/7/2027", "", "look"),
        ("1. Các xã, phường nhân rộng", "Quý III/2027", "look"),
        ("1. Các xã, phường nhân rộng năm 2027", "", "sure"),
    ):
        (ward,) = read(plan().line(title).table(head, [*row, time]), tmp_path).wards
        assert (ward.phase, ward.certainty) == ("expansion", certainty)


def test_a_ward_that_is_marked_in_two_phases_is_in_none(tmp_path: Path) -> None:
    head = ["STT", "Xã, phường", "Duy trì", "Nhân rộng"]
    rows = [["1", "Phường Láng", "x", ""], ["2", "Phường Kim Liên", "x", "x"]]
    reading = read(plan().line("Danh sách xã, phường").table(head, *rows), tmp_path)
    assert [ward.printed for ward in reading.wards] == ["Phường Láng"]
    assert any("Kim Liên" in line for line in reading.not_understood)


@pytest.mark.parametrize(("stated", "certainty"), [("02", "look"), ("03", "sure"), ("ba", "sure"), ("hai", "look")])
def test_a_stated_number_of_wards_that_differs_is_looked_at(stated: str, certainty: str) -> None:
    places = PlaceReader(WardRegister.load(city=city("hanoi")), date(2027, 1, 8))
    assert places.wards(f"{stated} phường: Láng, Đống Đa, Kim Liên").certainty == certainty


def test_the_level_before_is_never_that_of_now(tmp_path: Path) -> None:
    head = ["STT", "Tên điểm", "Xã, phường", "Mức độ cũ", "Mức độ"]
    rows = [["1", "Đường Láng", "Phường Láng", "Có hoạt động", now] for now in ("", "Ít hoạt động")]
    found = [read(plan().line(TITLE).table(head, row), tmp_path).sites[0] for row in rows]
    assert [(site.level, site.certainty) for site in found] == [("", "look"), ("low", "sure")]


def test_a_formula_without_its_value_is_said(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for row in (*([line] for line in HEAD_LINES), [TITLE], [*HEAD[:4], "Năm bàn giao"], [*LANG[:4], "=2020+1"]):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(tmp_path / "p.xlsx")
    (site,) = read_plan(tmp_path / "p.xlsx").sites
    assert (site.handed_over, site.certainty) == (None, "look") and "cell-without-value" in codes_of(site)
