"""Files of figures as offices bring them: former units, periods in words, what is recorded already, totals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from fresh_records import record
from table_files import KINDS, text_file, xlsx_file

from geo.errors import InputError
from geo.importing.columns import HeadingError
from geo.importing.coverage import CoverageFile, examine_entries, read_entries
from geo.importing.coverage_commit import add_coverage, compare_coverage, coverage_entries, everything
from geo.importing.tally import Decisions
from geo.records.entries import Actor, NewCoverageEntry, NewPhaseChange
from geo.records.store import Store
from geo.records.validation.privacy import screen
from geo.reference.cities import city
from geo.reference.programmes import load_programme
from geo.reference.wards import WardRegister

Write = Callable[[bytes, str], Path]
HANOI, REGISTER = load_programme("hanoi"), WardRegister.load(city=city("hanoi"))
HEAD = ["Mã xã phường", "Xã phường", "Chỉ tiêu", "Kỳ", "Kết quả", "Ngày", "Văn bản", "Cơ quan"]
ROW = ["00331", "Phường Hoàng Mai", "3.1", "2026-H1", 12, date(2026, 6, 10), "15/BC-UBND", "UBND phường Hoàng Mai"]


def examine(path: Path, **other: object) -> CoverageFile:
    return examine_entries(path, HANOI, REGISTER, screen=screen, **other)  # type: ignore[arg-type]


def said(found: CoverageFile) -> str:
    shown = found.summary()
    return "\n".join(map(str, (*shown.counts, *shown.passed, *shown.notices)))


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_file_gives_the_same(name: str, file: Write) -> None:
    path = file(KINDS[name]([HEAD, ROW]), name if "." in name else f"bieu.{name}")
    frame = read_entries(path, HANOI, REGISTER, screen=screen)
    assert frame[["ward_code", "indicator", "period", "value", "day"]].values.tolist() == [
        ["00331", "3.1", "2026-H1", 12.0, date(2026, 6, 10)]
    ]


def test_titles_totals_and_signatures_are_passed_over(file: Write) -> None:
    rows = [
        ["BIỂU SỐ LIỆU"],
        ["STT", *HEAD],
        [1, *ROW],
        [2, *ROW[:4], None, *ROW[5:]],
        ["Tổng cộng", None, None, None, None, 12],
        [None, None, None, None, None, None, "Hà Nội, ngày 10 tháng 6 năm 2026"],
        [None, None, None, None, None, None, "CHỦ TỊCH"],
    ]
    found = examine(file(xlsx_file(rows), "a.xlsx"))
    assert not found.problems
    tally = found.tally
    assert (tally.rows, tally.read, len(tally.passed), tally.refused) == (6, 1, 5, 0)
    for line in (
        "row of titles",
        "row of totals: row 5",
        "signatures below the table: rows 6–7",
        "without a figure: row 4",
    ):
        assert line in said(found)


@pytest.mark.parametrize("written", ["Chỉ tiêu 3.1", "3.1.", "3,1", "chỉ tiêu số 3.1"])
def test_an_indicator_that_is_written_otherwise_gets_the_one_that_is_meant(written: str, file: Write) -> None:
    [problem] = examine(file(text_file([HEAD, [*ROW[:2], written, *ROW[3:]]]), "a.csv")).problems
    assert problem.parameters["options"] == ["3.1"]


def test_former_units_are_left_to_the_user(file: Write) -> None:
    rows = [["", "Phường Quán Thánh", *ROW[2:]], ["", "Phường Cửa Đông", *ROW[2:]], ROW]
    found = examine(file(text_file([HEAD, *rows]), "a.csv"))
    reported = [str(problem) for problem in found.problems]
    assert len(reported) == 2
    assert "'Phường Quán Thánh' is a former unit" in reported[0]
    assert "'Phường Cửa Đông' is a former unit" in reported[1]
    assert "Hoàn Kiếm" in reported[1]
    assert (found.tally.read, found.tally.refused) == (1, 2)


@pytest.mark.parametrize("name", ["Quận Thanh Xuân", "Huyện Sóc Sơn", "Q. Ba Đình", "huyen gia lam", "TX Sơn Tây"])
def test_a_former_district_is_no_ward_of_its_name(name: str, file: Write) -> None:
    found = examine(file(text_file([HEAD, ["", name, *ROW[2:]], ROW]), "a.csv"))
    assert [problem.code for problem in found.problems] == ["importing.former-district"]
    assert (found.tally.read, found.tally.refused) == (1, 1)


def test_a_code_that_lost_its_noughts_in_either_column(file: Write) -> None:
    rows = [[331, "", *ROW[2:]], ["", 4.0, *ROW[2:]]]
    assert examine(file(xlsx_file([HEAD, *rows]), "a.xlsx")).frame["ward_code"].tolist() == ["00331", "00004"]


def test_formulas_are_read_by_their_stored_value_and_named_without(file: Write) -> None:
    from table_files import sheet_xml, with_part

    data = xlsx_file([HEAD, [*ROW[:4], "=10+2", *ROW[5:]]])
    with pytest.raises(InputError, match="row 2, column E 'Kết quả': is a formula without a stored value"):
        read_entries(file(data, "a.xlsx"), HANOI, REGISTER)
    sheet = (
        sheet_xml(data)
        .replace(b"<f>10+2</f><v></v>", b"<f>10+2</f><v>12</v>")
        .replace(b"<f>10+2</f><v />", b"<f>10+2</f><v>12</v>")
    )
    found = examine(file(with_part(data, "xl/worksheets/sheet1.xml", sheet), "b.xlsx"))
    assert found.frame["value"].tolist() == [12.0]
    assert "1 cell is a formula; the value that is stored with it is read" in said(found)


def test_columns_of_the_users_own(file: Write) -> None:
    path = file(text_file([[*HEAD[:4], "Đạt được", *HEAD[5:], "Ghi chú"], [*ROW, "x"]]), "a.csv")
    with pytest.raises(InputError, match="column 'Đạt được' is not known"):
        examine(path)
    assert examine(path, mapped={"Đạt được": "value", "Ghi chú": "-"}).frame["value"].tolist() == [12.0]


def test_a_cell_without_a_heading_is_refused(file: Write) -> None:
    found = examine(file(text_file([HEAD, [*ROW, "lạc"]]), "a.csv"))
    assert [problem.what for problem in found.problems] == ["stands in a column without a heading"]


def test_the_same_value_is_there_already_whatever_the_document(store: Store, file: Write) -> None:
    actor = Actor("so-y-te", "Sở Y tế", "import")
    first = coverage_entries(examine(file(text_file([HEAD, ROW]), "1.csv")).frame)
    add_coverage(store, first, actor, source="a")
    rows = [[*ROW[:5], date(2026, 7, 1), "20/BC", ROW[7]], ["00004", "", *ROW[2:]]]
    found = examine(file(text_file([HEAD, *rows]), "2.csv"))
    entries = coverage_entries(found.frame)
    compared = compare_coverage(store, entries)
    assert (len(compared.new), len(compared.replaced), compared.same) == (1, 0, 1)
    assert "already recorded, left out: 1" in "\n".join(map(str, found.summary(compared).counts))
    assert add_coverage(store, entries, actor, source="b").count == 1
    assert add_coverage(store, entries, actor, source="b", choice=everything).count == 2


def test_of_equal_figures_one_is_written_unless_the_user_decides_otherwise(store: Store, file: Write) -> None:
    rows = [ROW, [*ROW[:5], date(2026, 6, 11), "16/BC-UBND", ROW[7]], ["00004", "", *ROW[2:]]]
    found = examine(file(text_file([HEAD, *rows]), "a.csv"))
    assert not found.problems
    assert (found.tally.read, found.tally.refused, len(found.frame), len(found.repeated)) == (3, 0, 2, 1)
    assert "repeated in the file, left out: 1" in said(found)
    assert "row is equal to one above it in the file" in said(found)
    actor = Actor("so-y-te", "Sở Y tế", "import")
    assert add_coverage(store, coverage_entries(found.frame), actor, source="a", choice=everything).count == 2
    both = coverage_entries(found.deciding(Decisions(repeated=True)).written)
    assert add_coverage(store, both, actor, source="b", choice=everything).count == 3


@pytest.mark.parametrize(
    ("code", "name"),
    [("Mã xã", "Tên xã"), ("Mã phường", "Tên phường/xã"), ("Mã ĐVHC", "Đơn vị"), ("Mã xã/phường", "Xã/Phường"), ("Mã xã, phường", "Xã, phường")],
)  # fmt: skip
def test_headings_of_wards(code: str, name: str, file: Write) -> None:
    found = examine(file(text_file([[code, name, *HEAD[2:]], ROW]), "a.csv"))
    assert found.frame["ward_code"].tolist() == ["00331"]


def test_totals_of_any_name_are_passed_over(file: Write) -> None:
    names = ["Tổng số", "Tổng cộng", "TỔNG", "Cộng dồn", "Cộng", "Lũy kế", "II. Tổng số", "Luỹ kế từ đầu năm"]
    rows = [[4, None, name, None, None, 12] for name in names] + [[None, None, name, None, None, 12] for name in names]
    found = examine(file(xlsx_file([["STT", *HEAD], [1, *ROW], *rows]), "a.xlsx"))
    assert not found.problems
    assert (found.tally.read, len(found.tally.passed)) == (1, 16)
    assert "16 rows of totals: rows 3–18" in said(found)


# ---- figures from the start of the year


def quarters(heading: str, *periods: str, title: str = "", period: str = "Kỳ", beside: str = "") -> bytes:
    """A workbook with a row of indicator 3.1 for each period, under this heading of values."""
    head = [*HEAD[:3], period, heading, *HEAD[5:], *([beside] if beside else [])]
    rows = [[*ROW[:3], name, 10 * (at + 1), *ROW[5:], *([1] if beside else [])] for at, name in enumerate(periods)]
    return xlsx_file([*([[title]] if title else []), head, *rows])


def read_periods(found: CoverageFile) -> list[tuple[str, float]]:
    return [(str(period), value) for period, value in found.frame[["period", "value"]].to_numpy().tolist()]


@pytest.mark.parametrize(
    ("heading", "period"),
    [
        ("Lũy kế", "Kỳ"), ("Kết quả (luỹ kế từ đầu năm)", "Kỳ"), ("Cộng dồn đến hết quý báo cáo", "Kỳ"),
        ("Kết quả", "Kỳ (lũy kế đến hết)"),
    ],
)  # fmt: skip
def test_a_heading_that_says_cumulative_makes_longer_periods(heading: str, period: str, file: Write) -> None:
    """Added up as quarters they would count the first one four times."""
    content = quarters(heading, "Quý I/2026", "Quý II/2026", "tháng 12/2026", period=period)
    found = examine(file(content, "a.xlsx"))
    assert not found.problems
    assert read_periods(found) == [("2026-Q1", 10), ("2026-H1", 20), ("2026", 30)]
    assert "count from the start of the year" in said(found)


def test_a_day_before_the_period_is_refused_and_one_within_it_is_said(file: Write) -> None:
    found = examine(file(xlsx_file([HEAD, [*ROW[:3], "2026-H2", *ROW[4:]], ROW]), "a.xlsx"))
    [problem] = found.problems
    assert problem.code == "records.day-before-period" and "row 2" in str(problem)
    assert read_periods(found) == [("2026-H1", 12)]
    assert "row 3" in next(line for line in said(found).splitlines() if "before its period ended" in line)
    later = examine(file(xlsx_file([HEAD, [*ROW[:5], date(2026, 7, 2), *ROW[6:]]]), "b.xlsx"))
    assert "before its period ended" not in said(later)


def test_a_period_that_says_cumulative(file: Write) -> None:
    content = quarters("Kết quả", "Quý I/2026", "Lũy kế đến hết quý II/2026", "Lũy kế 12 tháng năm 2026")
    found = examine(file(content, "a.xlsx"))
    assert read_periods(found) == [("2026-Q1", 10), ("2026-H1", 20), ("2026", 30)]
    nine = examine(file(quarters("Lũy kế", "Quý I/2026", "Quý III/2026", "lũy kế 9 tháng năm 2026"), "b.xlsx"))
    assert [problem.code for problem in nine.problems] == ["importing.cumulative-period"] * 2
    assert read_periods(nine) == [("2026-Q1", 10)]


@pytest.mark.parametrize(
    "title", ["BÁO CÁO LŨY KẾ QUÝ II NĂM 2026", "Số liệu tính đến hết quý II/2026", "KẾT QUẢ CỘNG DỒN"]
)
def test_a_title_that_says_cumulative_is_asked_about(title: str, file: Write) -> None:
    path = file(quarters("Kết quả", "Quý I/2026", "Quý II/2026", title=title), "a.xlsx")
    with pytest.raises(HeadingError) as caught:
        examine(path)
    assert [problem.code for problem in caught.value.problems] == ["importing.cumulative-or-own"]
    assert ("Kết quả", "value") in caught.value.headings
    own, since = examine(path, mapped={"Kết quả": "value"}), examine(path, mapped={"Kết quả": "cumulative"})
    assert read_periods(own) == [("2026-Q1", 10), ("2026-Q2", 20)]
    assert read_periods(since) == [("2026-Q1", 10), ("2026-H1", 20)]
    # Of the first quarter and of halves it is the same either way.
    same = file(quarters("Kết quả", "Quý I/2026", "6 tháng đầu năm 2026", title=title), "b.xlsx")
    assert read_periods(examine(same)) == [("2026-Q1", 10), ("2026-H1", 20)]


def test_of_figures_of_the_period_and_cumulative_ones_the_first_are_read(file: Write) -> None:
    content = quarters("Trong kỳ", "Quý II/2026", title="BÁO CÁO LŨY KẾ QUÝ II", beside="Lũy kế")
    found = examine(file(content, "a.xlsx"))
    assert read_periods(found) == [("2026-Q2", 10)]
    assert "'Lũy kế' counts from the start of the year and is left out" in said(found)


@pytest.mark.parametrize(
    ("beside", "value", "office"),
    [([], "UBND phường Hoàng Mai", "UBND phường Hoàng Mai"), (["Cơ quan"], "vụ", "Phòng KT"), ([], "vụ", None)],
)
def test_a_unit_beside_the_ward_is_the_office_or_passed_over(
    beside: list[str], value: str, office: str | None, file: Write
) -> None:
    head, row = [*HEAD[:7], *beside, "Đơn vị"], [*ROW[:7], *(["Phòng KT"] if beside else []), value]
    path = file(xlsx_file([head, row]), "a.xlsx")
    if office is None:
        with pytest.raises(HeadingError, match="column 'Cơ quan' is missing"):
            examine(path)
        return
    found = examine(path)
    assert found.frame[["ward_code", "office"]].values.tolist() == [["00331", office]]
    assert "Đơn vị" in said(found)


@pytest.mark.parametrize("word", ["Cộng", "TỔNG SỐ", "Tổng cộng toàn thành phố", "Tổng cộng (2 phường)"])
def test_a_total_that_is_filled_in_all_columns_is_passed_over(word: str, file: Write) -> None:
    rows = [["STT", *HEAD], [1, *ROW], [2, "", word, *ROW[2:]], [3, word, "", *ROW[2:]], [word, "", "", *ROW[2:]]]
    found = examine(file(xlsx_file(rows), "a.xlsx"))
    assert not found.problems
    assert (found.frame["ward_code"].tolist(), sorted(found.tally.passed)) == (["00331"], [3, 4, 5])
    assert "rows of totals: rows 3–5" in said(found)


def test_a_row_without_its_ward_is_no_figure_of_the_city(file: Write) -> None:
    """As merged cells are saved as CSV: the name stands above blank cells."""
    bare = ["", "", "3.2", *ROW[3:]]
    found = examine(file(text_file([HEAD, ROW, bare]), "a.csv"))
    assert [problem.code for problem in found.problems] == ["importing.ward-blank"]
    assert examine(file(text_file([HEAD, bare]), "b.csv")).frame["ward_code"].isna().all()
    assert not examine(file(text_file([HEAD, ROW, ["", "Toàn thành phố", *bare[2:]]]), "c.csv")).problems


@pytest.mark.parametrize("period", ["LK quý II/2026", "Tích lũy quý II/2026", "Quý II/2026 (LK)"])
def test_cumulative_in_short(period: str, file: Write) -> None:
    assert examine(file(text_file([HEAD, [*ROW[:3], period, *ROW[4:]]]), "a.csv")).frame["period"].tolist() == [
        "2026-H1"
    ]


def test_a_file_whose_name_says_cumulative_is_asked_about_and_figures_that_only_rise_are_said(file: Write) -> None:
    quarters = [["", *ROW[1:3], "Quý II/2026", *ROW[4:]]]
    with pytest.raises(HeadingError, match="luy ke"):
        examine(file(text_file([HEAD, *quarters]), "bao_cao_luy_ke.csv"))
    wards = ("Phường Hoàng Mai", "Phường Ba Đình", "Phường Láng")
    risen = [["", ward, "3.1", f"Quý {n}/2026", 3 * n, "30/12/2026", *ROW[6:]] for ward in wards for n in (1, 2, 3)]
    assert "only rise" in said(examine(file(text_file([HEAD, *risen]), "a.csv")))
    assert "only rise" not in said(
        examine(file(text_file([HEAD, *risen[:-1], [*risen[-1][:4], 1, *risen[-1][5:]]]), "b.csv"))
    )


def test_without_a_column_of_the_office_the_named_one_is_taken_and_said(file: Write) -> None:
    bare = file(text_file([HEAD[:-1], ROW[:-1]]), "a.csv")
    with pytest.raises(HeadingError, match="Cơ quan"):
        examine(bare)
    found = examine(bare, office="UBND phường Hoàng Mai")
    assert found.frame["office"].tolist() == ["UBND phường Hoàng Mai"]
    assert "all are of UBND phường Hoàng Mai" in said(found)
    # A column that is there counts, also where a cell of it is blank.
    found = examine(file(text_file([HEAD, [*ROW[:-1], ""]]), "a.csv"), office="Sở Y tế")
    assert [problem.code for problem in found.problems] == ["importing.office-missing"]


@pytest.mark.parametrize(
    ("code", "code_of"), [("Phường Hoàng Mai", "00331"), ("hoang mai", "00331"), ("Phường Nam Đồng", None)]
)
def test_a_name_in_the_column_of_codes_is_read_as_one_in_that_of_names(
    code: str, code_of: str | None, file: Write
) -> None:
    found = examine(file(text_file([HEAD, [code, "", *ROW[2:]]]), "a.csv"))
    assert found.frame["ward_code"].tolist() == ([code_of] if code_of else [])
    # A former unit is named with the wards of today.
    assert bool(code_of) or "(0" in str(found.problems[0])


def test_a_file_is_compared_with_the_whole_that_is_recorded(store: Store, file: Write) -> None:
    def entries(indicator: str, value: int):  # type: ignore[no-untyped-def]
        row = [*ROW[:2], indicator, ROW[3], value, *ROW[5:]]
        return coverage_entries(examine(file(text_file([HEAD, row]), "a.csv")).frame)

    actor = Actor("can-bo", "Sở Y tế", "import")
    assert "8-base" in str(compare_coverage(store, entries("8", 12)).halves)
    add_coverage(store, entries("8-base", 10), actor, source="a")
    with pytest.raises(InputError) as refused:
        compare_coverage(store, entries("8", 12))
    [problem] = refused.value.problems
    assert (problem.code, problem.where) == ("importing.above-recorded", "00331 8 2026-H1")
    assert not compare_coverage(store, entries("8", 9)).halves


def test_a_yes_of_a_ward_is_asked_for_by_the_phase_that_is_recorded(store: Store, file: Write) -> None:
    """14a asks the wards of the pilot; one that a later plan takes in answers, one that is in no phase does not."""
    row = [*ROW[:2], "14a", "2026-H1", 1, *ROW[5:]]
    register = store.registers
    assert register is not None
    other = next(ward for ward in REGISTER.wards if ward.phase == "none")
    path = file(text_file([HEAD, [other.code, other.full_name, *row[2:]]]), "a.csv")
    [problem] = examine(path, phase_on=register.phase_on).problems
    assert problem.code == "importing.not-asked"
    said_by_record = NewCoverageEntry(
        ward_code=other.code, programme="hanoi-2026", indicator="14a", period="2026-H1", value=1,
        day=date(2026, 6, 10), document="1/BC", office="Sở Y tế",
    )  # fmt: skip
    assert [fault.problem.code for fault in store.check(said_by_record)] == ["importing.not-asked"]
    change = NewPhaseChange(ward_code=other.code, phase="pilot", day=date(2026, 6, 1), document="2/KH-UBND")
    record(store, change, Actor("can-bo", "Sở Y tế", "import"))
    assert not store.check(said_by_record)
    assert store.registers is not None
    assert not examine(path, phase_on=store.registers.phase_on).problems


@pytest.mark.parametrize(
    ("second", "column"),
    [
        ([*HEAD[:5], HEAD[6], HEAD[7], HEAD[5]], 0),  # other columns, in their order
        (HEAD, 3),  # the same, further to the right
    ],
)
def test_a_second_table_on_a_sheet_is_refused_and_named(second: list[str], column: int, file: Write) -> None:
    rows = [HEAD, ROW, [None], [*[None] * column, *second], [*[None] * column, *ROW]]
    with pytest.raises(InputError) as error:
        examine(file(xlsx_file(rows), "a.xlsx"))
    [problem] = error.value.problems
    assert (problem.code, "row 4" in str(problem.where)) == ("importing.second-table", True)
    # Headings that are repeated where they stand, also in the other language, are none.
    english = ["ward_code", "ward", "indicator", "period", "value", "day", "document", "office"]
    found = examine(file(xlsx_file([HEAD, english, ROW, HEAD, ["00004", "Phường Ba Đình", *ROW[2:]]]), "b.xlsx"))
    assert (found.problems, len(found.frame), len(found.tally.passed)) == ((), 2, 2)


@pytest.mark.parametrize("mark", ["nt", "như trên", '"', "-nt-", "〃", "N.T."])
def test_a_mark_for_the_cell_above_is_refused_with_its_cell(mark: str, file: Write) -> None:
    rows = [HEAD, ROW, ["00004", "Phường Ba Đình", *ROW[2:6], mark, ROW[7]]]
    [problem] = examine(file(xlsx_file(rows), "a.xlsx")).problems
    assert (problem.code, str(problem.where).endswith("row 3, column G 'Văn bản'")) == ("importing.ditto", True)


@pytest.mark.parametrize("nothing", ["-", "…", "nan", "None", "N/A", 0, "#"])
def test_a_text_that_stands_for_none_is_missing(nothing: object, file: Write) -> None:
    found = examine(file(xlsx_file([HEAD, [*ROW[:6], nothing, nothing]]), "a.xlsx"))
    assert [problem.code for problem in found.problems] == ["importing.document-missing", "importing.office-missing"]
