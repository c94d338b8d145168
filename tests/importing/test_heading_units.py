"""Units that headings, lines above tables and cells name: read, converted, or refused; none is dropped unsaid."""

from __future__ import annotations

import doctest
import importlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from table_files import text_file, xlsx_file
from test_coverage_files import HEAD as FIGURES
from test_coverage_files import ROW as FIGURE
from test_coverage_files import examine
from test_report_files import HEAD, ROW, said

from geo.errors import InputError
from geo.importing.geometries import Question
from geo.importing.reports import examine_reports, read_reports
from geo.records.store import Store

Write = Callable[[bytes, str], Path]
SITE = ["Ngày", "Loại tin", "Nguồn tin", "Mã điểm", "Lý trình"]
AT_SITE = [*ROW[:3], "HN-I-1"]


@pytest.mark.parametrize("name", ["parts", "units", "systems", "unit_rows"])
def test_examples(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"geo.importing.headings.{name}")).failed == 0


def renamed(field: str, heading: str) -> list[str]:
    return [heading if text == field else text for text in FIGURES]


@pytest.mark.parametrize(
    "heading",
    [
        "Kết quả (nghìn người)", "Kết quả (%)", "Giá trị (triệu)", "Kết quả (x1000)", "Kết quả (trăm lượt)", "Kết quả [nghìn]",
        "Kết quả (1.000 người)", "Kết quả (triệu đồng)", "Kết quả (phần trăm)", "Lũy kế (nghìn người)", "value (thousands)",
    ],
)  # fmt: skip
def test_figures_in_thousands_or_hundredths_are_refused(heading: str, file: Write) -> None:
    path = file(text_file([renamed("Kết quả", heading), FIGURE]), "a.csv")
    for mapped in ({}, {heading: "value"}):
        with pytest.raises(InputError) as caught:
            examine(path, mapped=mapped)
        assert [problem.code for problem in caught.value.problems] == ["importing.unit-of-count"]


@pytest.mark.parametrize(
    "heading",
    [
        "Kết quả (người)", "Kết quả (trạm y tế)", "Kết quả (lượt)", "Kết quả (công ty)", "Kết quả (cộng đồng)",
        "Kết quả (6 tháng đầu năm 2026)", "Kết quả (đến 10/6/2026)", "Kết quả (tổ, hội đồng)", "Kết quả",
    ],
)  # fmt: skip
def test_other_units_of_figures_are_read(heading: str, file: Write) -> None:
    titles = [["BIỂU SỐ LIỆU"], ["Đơn vị tính: người"], ["Đơn vị: UBND phường Hoàng Mai"]]
    found = examine(file(text_file([*titles, renamed("Kết quả", heading), FIGURE]), "a.csv"))
    assert found.frame["value"].tolist() == [12.0]


@pytest.mark.parametrize(
    "line", ["Đơn vị tính: nghìn người", "ĐVT: 1.000 người", "(Đơn vị tính: %)", "Biểu 3. Đơn vị: nghìn lượt"]
)
def test_a_unit_above_the_table_is_of_its_figures(line: str, file: Write) -> None:
    with pytest.raises(InputError, match="figures are counted one by one"):
        examine(file(text_file([["BIỂU SỐ LIỆU"], [None, None, line], FIGURES, FIGURE]), "a.csv"))


def test_a_unit_in_the_upper_of_two_rows_of_headings_is_of_those_below(file: Write) -> None:
    upper = [*FIGURES[:4], "Số liệu (nghìn người)", None, *FIGURES[5:]]
    lower = [None] * 4 + ["Trong kỳ", "Lũy kế"]
    with pytest.raises(InputError, match="nghìn người"):
        examine(file(xlsx_file([upper, lower, [*FIGURE[:5], 12, *FIGURE[5:]]]), "a.xlsx"))


@pytest.mark.parametrize("unit", ["nghìn người", "%"])
def test_a_unit_in_a_column_of_its_own_is_of_the_figures(unit: str, file: Write) -> None:
    path = file(text_file([[*FIGURES, "Đơn vị"], [*FIGURE, unit]]), "a.csv")
    with pytest.raises(InputError, match=r"a.csv: row 2: the unit of column 'Đơn vị'"):
        examine(path)
    assert len(examine(file(text_file([[*FIGURES, "Đơn vị"], [*FIGURE, "người"]]), "b.csv")).frame) == 1


@pytest.mark.parametrize("heading", ["Kết quả (kế hoạch)", "Số liệu (cùng kỳ 2025)", "Giá trị (ước)"])
def test_figures_that_may_be_others_than_the_results_are_asked_about(heading: str, file: Write) -> None:
    """What is said of one heading is not said of another with the same name and other brackets."""
    path = file(text_file([[*FIGURES, heading], [*FIGURE, 99]]), "a.csv")
    assert examine(path, mapped={heading: "-"}).frame["value"].tolist() == [12.0]
    alone = file(text_file([renamed("Kết quả", heading), FIGURE]), "b.csv")
    for mapped in ({}, {heading.split(" (", maxsplit=1)[0]: "value"}):
        with pytest.raises(InputError, match="another figure than the result"):
            examine(alone, mapped=mapped)
    assert examine(alone, mapped={heading: "value"}).frame["value"].tolist() == [12.0]


@pytest.mark.parametrize(
    ("heading", "cell", "period"),
    [("Kỳ (quý)", "1/2026", "2026-Q1"), ("Kỳ báo cáo (quý)", "2026-02", "2026-Q2"), ("Kỳ (6 tháng)", "2/2026", "2026-H2"),
     ("Kỳ", "1/2026", "2026-01"), ("Kỳ (tháng)", "1/2026", "2026-01"), ("Kỳ (quý)", "2026-H1", "2026-H1"), ("Kỳ (quý, tháng)", "3/2026", "2026-03")],
)  # fmt: skip
def test_bare_numbers_of_periods_are_of_the_kind_that_the_heading_names(
    heading: str, cell: str, period: str, file: Write
) -> None:
    row = [*FIGURE[:3], cell, 12, date(2027, 1, 5), *FIGURE[6:]]
    assert examine(file(text_file([renamed("Kỳ", heading), row]), "a.csv")).frame["period"].tolist() == [period]


@pytest.mark.parametrize("heading", ["Xã phường (cũ)", "Phường (trước sáp nhập)", "Xã phường (trước 01/7/2025)"])
def test_wards_of_before_the_merger_are_asked_about(heading: str, file: Write) -> None:
    path = file(text_file([renamed("Xã phường", heading), FIGURE]), "a.csv")
    with pytest.raises(InputError, match="units of before July 2025"):
        examine(path)
    assert len(examine(path, mapped={heading: "ward"}).frame) == 1


@pytest.mark.parametrize(
    ("heading", "cell", "metres"),
    [
        ("Lý trình (km)", "1.25", 1250), ("Lý trình (Km)", "1,250", 1250), ("Chainage (km)", "1.25", 1250), ("Lý trình (hm)", "3", 300),
        ("Lý trình km", "0.5", 500), ("chainage_km", "0.5", 500), ("Lý trình (đơn vị: km)", "0,5", 500), ("Lý trình (km)", "250 m", 250),
        ("Lý trình (km)", "Km 1+250", 1250), ("Lý trình (Km + m)", "1+250", 1250), ("Lý trình (m)", "250", 250), ("Lý trình", "250", 250),
        ("Lý trình (mét, từ Km 0)", "250", 250), ("Lý trình (từ đầu tuyến)", "250", 250),
    ],
)  # fmt: skip
def test_chainages_are_read_in_the_unit_of_the_heading(
    heading: str, cell: str, metres: float, store: Store, file: Write
) -> None:
    found = read_reports(file(text_file([[*SITE[:4], heading], [*AT_SITE, cell]]), "a.csv"), store)
    assert [report.chainage_m for report in found.reports] == [metres]
    is_said = f"columns that are read in the unit that their heading names: {heading}" in said(found)
    assert is_said is ("km" in heading.casefold().replace("từ km", "") or "hm" in heading)


def test_a_length_above_the_table_is_of_its_chainages(store: Store, file: Write) -> None:
    rows = [["Danh sách tin"], ["Đơn vị: km"], SITE, [*AT_SITE, "1.25"]]
    assert read_reports(file(text_file(rows), "a.csv"), store).reports[0].chainage_m == 1250


@pytest.mark.parametrize("heading", ["Lý trình (feet)", "Lý trình (dặm)", "Lý trình (km hoặc m)"])
def test_lengths_in_other_units_are_refused(heading: str, store: Store, file: Write) -> None:
    with pytest.raises(InputError, match="in which no chainage is read"):
        read_reports(file(text_file([[*SITE[:4], heading], [*AT_SITE, "1.25"]]), "a.csv"), store)


def test_a_bare_number_of_a_column_of_kilometre_posts_is_refused(store: Store, file: Write) -> None:
    path = file(text_file([[*SITE[:4], "Lý trình (Km + m)"], [*AT_SITE, "1.25"]]), "a.csv")
    assert [problem.code for problem in examine_reports(path, store).problems] == ["importing.no-metres"]


@pytest.mark.parametrize("heading", ["Ngày (mm/dd/yyyy)", "Ngày (tháng/ngày/năm)", "date (M/D/YYYY)"])
def test_days_with_the_month_first_are_refused(heading: str, store: Store, file: Write) -> None:
    with pytest.raises(InputError, match="the month comes first"):
        read_reports(file(text_file([[heading, *HEAD[1:]], ["07/01/2026", *ROW[1:]]]), "a.csv"), store)


@pytest.mark.parametrize("heading", ["Ngày (dd/mm/yyyy)", "Ngày (yyyy-mm-dd)", "Ngày (năm-tháng-ngày)", "Ngày (UTC+7)"])
def test_days_in_the_usual_order_are_read(heading: str, store: Store, file: Write) -> None:
    found = read_reports(file(text_file([[heading, *HEAD[1:]], ["07/01/2026", *ROW[1:]]]), "a.csv"), store)
    assert found.reports[0].day == date(2026, 1, 7)


def test_times_of_a_column_in_utc_are_days_of_viet_nam(store: Store, file: Write) -> None:
    head = ["Thời gian (UTC)", *HEAD[1:]]
    found = read_reports(file(text_file([head, ["2026-01-06 20:30:00", *ROW[1:]]]), "a.csv"), store)
    assert found.reports[0].day == date(2026, 1, 7)
    assert "Thời gian (UTC)" in said(found)
    found = examine_reports(file(text_file([head, ["06/01/2026", *ROW[1:]]]), "b.csv"), store)
    assert [problem.code for problem in found.problems] == ["importing.day-of-utc"]


# ---- coordinate systems

VN2000_DEGREES, UTM = (105.8272, 20.9845), (585972.5, 2320652.9)


def places(heading: str, xy: tuple[float, float], *titles: str) -> bytes:
    pair = [f"{name} {heading}".strip() for name in ("X", "Y")]
    return text_file([*([title] for title in titles), [*HEAD[:3], *pair], [*ROW[:3], *xy]])


@pytest.mark.parametrize(
    ("heading", "title", "xy", "crs"),
    [
        ("(VN-2000)", "", VN2000_DEGREES, "EPSG:4756"), ("(EPSG:4756)", "", VN2000_DEGREES, "EPSG:4756"), ("VN2000", "", VN2000_DEGREES, "EPSG:4756"),
        ("", "Hệ tọa độ: VN-2000", VN2000_DEGREES, "EPSG:4756"), ("", "# crs: EPSG:4756", VN2000_DEGREES, "EPSG:4756"),
        ("(WGS 84)", "", VN2000_DEGREES, "EPSG:4326"), ("(VN-2000 UTM 48N)", "", UTM, "EPSG:3405"), ("(VN-2000 múi 6°, KTT 105°)", "", UTM, "EPSG:3405"),
        ("(WGS84 UTM 48N)", "", UTM, "EPSG:32648"), ("", "VN-2000, kinh tuyến trục 105°00', múi 3°", UTM, "EPSG:5897"), ("(VN-2000)", "", UTM, "EPSG:5897"),
    ],
)  # fmt: skip
def test_places_are_read_in_the_system_that_a_heading_names(
    heading: str, title: str, xy: tuple[float, float], crs: str, store: Store, file: Write
) -> None:
    titles = [title] if title else []
    found = read_reports(file(places(heading, xy, *titles), "a.csv"), store)
    plain = file(places("", xy), "b.csv")
    [named] = examine_reports(plain, store, question=Question(crs)).reports
    assert (found.reports[0].lon, found.reports[0].lat) == (named.lon, named.lat)
    assert ("as '" in said(found)) is not (xy == UTM and crs == "EPSG:5897" and not title)


@pytest.mark.parametrize(
    ("heading", "crs", "is_said"),
    [
        ("(UTM)", "EPSG:5897", True), ("(HN-72)", "EPSG:5897", True), ("(VN-2000)", "EPSG:32648", True), ("(EPSG:3405)", "EPSG:5897", True),
        ("(VN-2000)", "EPSG:5897", False), ("(EPSG:5897)", "EPSG:5897", False), ("", "EPSG:5897", False),
    ],
)  # fmt: skip
def test_a_system_of_a_heading_that_the_user_overrules_is_said(
    heading: str, crs: str, is_said: bool, store: Store, file: Write
) -> None:
    path = file(places(heading, UTM), "a.csv")
    found = examine_reports(path, store, question=Question(crs))
    codes = [notice.code for notice in found.tally.notices]
    assert ("importing.heading-overruled" in codes) is is_said


@pytest.mark.parametrize(
    "heading", ["(UTM 48N)", "(VN-2000 múi 6 độ)", "(Indian 1960)", "(HN-72)", "(VN-2000, WGS 84 UTM)", "utm"]
)
@pytest.mark.parametrize("xy", [VN2000_DEGREES, UTM])
def test_a_system_that_is_not_clear_is_asked_for(
    heading: str, xy: tuple[float, float], store: Store, file: Write
) -> None:
    path = file(places(heading, xy), "a.csv")
    with pytest.raises(InputError, match="say which one: --crs EPSG:3405, --crs EPSG:32648") as caught:
        read_reports(path, store)
    assert [problem.code for problem in caught.value.problems] == ["importing.system-open"]
    crs = "EPSG:3405" if xy == UTM else "EPSG:4756"
    assert len(examine_reports(path, store, question=Question(crs)).reports) == 1


def test_two_systems_of_one_place_are_asked_about(store: Store, file: Write) -> None:
    head = [*HEAD[:3], "X (WGS 84)", "Y (VN-2000)"]
    with pytest.raises(InputError, match="more than one may be meant"):
        read_reports(file(text_file([head, ROW[:5]]), "a.csv"), store)


def test_a_system_above_reports_of_sites_is_none_of_theirs(store: Store, file: Write) -> None:
    rows = [["Bản đồ UTM"], SITE, [*AT_SITE, 250]]
    assert len(read_reports(file(text_file(rows), "a.csv"), store).reports) == 1


@pytest.mark.parametrize("unit", ["phút", "km", "giây"])
def test_coordinates_in_other_units_are_refused(unit: str, store: Store, file: Write) -> None:
    with pytest.raises(InputError, match="in which they are not read"):
        read_reports(file(places(f"({unit})", VN2000_DEGREES), "a.csv"), store)
    assert len(read_reports(file(places("(độ, phút, giây)", VN2000_DEGREES), "b.csv"), store).reports) == 1


def below(head: list[str], **units: str) -> list[object]:
    """A row of units for a table of these headings."""
    return [units.get(text.replace(" ", "_")) for text in head]


@pytest.mark.parametrize("unit", ["(nghìn người)", "nghìn người", "%", "(%)", "[x1000]", "triệu đồng"])
@pytest.mark.parametrize("numbering", ["", "before", "after"])
def test_a_unit_below_the_headings_is_of_its_column(unit: str, numbering: str, file: Write) -> None:
    numbers = [f"({at})" for at in range(1, len(FIGURES) + 1)]
    units = below(FIGURES, Kết_quả=unit)
    rows = {"": [units], "before": [numbers, units], "after": [units, numbers]}[numbering]
    with pytest.raises(InputError) as caught:
        examine(file(text_file([FIGURES, *rows, FIGURE]), "a.csv"))
    assert [problem.code for problem in caught.value.problems] == ["importing.unit-of-count"]


@pytest.mark.parametrize("unit", ["(người)", "người", "lượt", "(trạm y tế)"])
def test_a_row_of_units_is_no_data_and_is_said(unit: str, file: Write) -> None:
    found = examine(file(xlsx_file([FIGURES, below(FIGURES, Kết_quả=unit, Ngày="(dd/mm/yyyy)"), FIGURE]), "a.xlsx"))
    assert found.frame["value"].tolist() == [12.0]
    assert found.tally.passed == {2: "importing.passed-units"}
    assert found.tally.rows == 2


def test_lengths_days_and_places_take_their_unit_from_the_row_below(store: Store, file: Write) -> None:
    rows = [SITE, below(SITE, Lý_trình="(km)"), [*AT_SITE, "1,25"]]
    [report] = read_reports(file(text_file(rows), "a.csv"), store).reports
    assert report.chainage_m == 1250.0
    with pytest.raises(InputError, match="month"):
        read_reports(
            file(text_file([SITE, below(SITE, Ngày="mm/dd/yyyy", Lý_trình="m"), [*AT_SITE, "5"]]), "b.csv"), store
        )
    at = [*HEAD]
    with pytest.raises(InputError) as caught:
        read_reports(file(text_file([at, below(at, Kinh_độ="(phút)", Vĩ_độ="(phút)"), ROW]), "c.csv"), store)
    assert {problem.code for problem in caught.value.problems} == {"importing.unit-of-place"}


def test_a_row_of_data_is_no_row_of_units(store: Store, file: Write) -> None:
    found = examine_reports(file(text_file([HEAD, ["", "", "", "1.000", "", ""][: len(HEAD)], ROW]), "a.csv"), store)
    assert not found.tally.passed
    assert len(found.problems) >= 1


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_row_of_units_below_vertices_is_heeded(ending: str, file: Write) -> None:
    from geo.importing.geometries import read_sites

    make = {"csv": text_file, "xlsx": xlsx_file}[ending]
    points = [[1, 21.03, 105.79], [2, 21.04, 105.82]]
    made = make([["STT", "Vĩ độ", "Kinh độ"], [None, "(độ)", "(độ)"], *points])
    read = read_sites(file(made, f"a.{ending}"))
    assert len(read.frame) == 1
    assert read.reading.passed == {2: "importing.row-of-units"}
    metres = [[1, 2326000, 581000], [2, 2326500, 581500]]
    named = make([["STT", "X", "Y"], [None, "(m, VN-2000 KTT 105°)", "m"], *metres])
    assert "KTT 105" in " ".join(map(str, read_sites(file(named, f"b.{ending}")).reading.notes))
    with pytest.raises(InputError) as caught:
        read_sites(
            file(make([["STT", "X", "Y"], [None, "(km)", "(km)"], [1, 2326, 581], [2, 2327, 582]]), f"c.{ending}")
        )
    assert caught.value.problems[0].code == "importing.unit-of-place"
