"""Cells as officials, spreadsheets and survey programs write them."""

from __future__ import annotations

import doctest
import importlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.importing.cells import (
    CellError,
    as_count,
    as_day,
    as_degrees,
    as_flag,
    as_metres,
    as_pair,
    as_period,
    as_point,
    as_term,
    as_text,
    as_ward_code,
)
from geo.importing.tables import BadCell, Row
from geo.importing.tables.old_fonts import FontOfSheet, converted
from geo.records.validation.entry_checks import legacy_encoded

DAY = date(2026, 1, 7)


@pytest.mark.parametrize("name", ["days", "degrees", "moments", "numbers", "periods", "places", "words"])
def test_examples(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"geo.importing.cells.{name}")).failed == 0


@pytest.mark.parametrize(
    "text",
    [
        "07/01/2026", "7-1-2026", "7.1.2026", "07/01/2026 08:30", "07/01/2026 8:30:00 SA", "08:30 07/01/2026", "07/01/2026 20h15",
        "2026-01-07", "2026-01-07 08:30:00", "2026-01-07T08:30:00.000+07:00", "2026-01-06T17:00:00Z", "2026-01-06T20:30:00.000+0000",
        "2026-01-07T08:30", "ngày 07 tháng 01 năm 2026", "7 tháng 1 năm 2026", "7 January 2026", "07-Jan-2026", "Jan 7, 2026 8:30:00 AM",
        "7 thg 1, 2026", "ngày 7 thg 1, 2026", "7 tháng 1, 2026", "07-Jan-26", "2026.01.07", "2026-01-06 20:30:00 UTC", "2026-01-06T20:30:00+00",
        "2026-01-07 08:30:00+07", "thứ tư, 07/01/2026", "ngày 07/01/2026", "Thứ 4 ngày 07/01/2026", "T4 7.1.2026", "Wed, 7 Jan 2026", "Wednesday 07/01/2026 8:30:00 AM",
        "Tue Jan 06 2026 20:30:00 GMT+0000 (UTC)", "06/01/2026 8:30:00 PM GMT", "06/01/2026 20:30 +00:00", "2026-01-06T20:30:00-0500",
        "20260107", 20260107, 20260107.0, "07/01/26", "7.1.26", "7-1-26 08:30", "46029", 46029, 46029.354, "46029.5",
    ],
)  # fmt: skip
def test_days(text: object) -> None:
    assert as_day(text) == DAY  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["20261301", "26/01/07", "26/01/25", "07/01/99", "07/01/05", "31/02/26", "31/02/2026", "13/13/2026", "2026-02-30", "2026-01-07T25:00:00Z", "1e5", "99999", True, "thứ hai, 07/01/2026", "Monday 1/7/2026", "2026-01-07 10:30-11:30", "07/01/2026 10:30-11:30", "2026-01-06 25:00 UTC", "07-Jan-99", "7 tháng 12026",
             "ngày 32 tháng 1 năm 2026"]
)  # fmt: skip
def test_no_days(text: object) -> None:
    with pytest.raises(CellError):
        as_day(text)  # type: ignore[arg-type]


def test_month_before_day_is_named() -> None:
    with pytest.raises(CellError) as caught:
        as_day("12/31/2026")
    assert caught.value.at("x").remedy.startswith("the day comes first")


@pytest.mark.parametrize(
    "text",
    [
        "20.9835, 105.8290", "20.9835,105.8290", "105.8290 20.9835", "20,9835; 105,8290", "20,9835, 105,8290", "(20.9835; 105.829)",
        "20.9835 105.829 12.1 4.9", "POINT (105.829 20.9835)", "POINT Z (105.829 20.9835 5)", "20.9835N 105.829E",
        "20°59'00.6\"N 105°49'44.4\"E", "N 20°59'00,6'' E 105°49'44,4''", "lat: 20.9835, lon: 105.829",
    ],
)  # fmt: skip
def test_places_in_one_cell(text: str) -> None:
    assert as_point(text) == pytest.approx((105.829, 20.9835), abs=1e-6)


@pytest.mark.parametrize(
    "text", ["20.9835", "Km 12", "20.98, 105.82, 3", "cạnh chợ", "1/2/3", "HN-I-1", "0912345678, 2"]
)
def test_no_places(text: str) -> None:
    if text != "0912345678, 2":
        with pytest.raises(CellError):
            as_point(text)


def test_metres_in_one_cell_are_east_and_north() -> None:
    assert as_point("2320939.40 586180.10") == (586180.1, 2320939.4)


@pytest.mark.parametrize("text", ["20°59'00.6\"N", "20°59′0.6″", "20.9835°", "20,9835"])
def test_degrees(text: str) -> None:
    assert as_degrees(text) == pytest.approx(20.9835, abs=1e-7)


@pytest.mark.parametrize(
    ("text", "degrees"),
    [("105.829 Đ", 105.829), ("21,03 b", 21.03), ("105,829 T", -105.829), ("vĩ độ Bắc 21,03", 21.03)],
)
def test_letters_of_a_side_are_those_of_both_languages(text: str, degrees: float) -> None:
    assert as_degrees(text) == degrees


@pytest.mark.parametrize("text", ["105.829 B", "21B", "Đ 105.829 Đ", "105 49 64.4", "105 49"])
def test_what_is_no_degree_of_a_side_or_in_seconds_is_refused(text: str) -> None:
    with pytest.raises(CellError):
        as_degrees(text)


@pytest.mark.parametrize(
    "text",
    [
        "21°01.35'N 105°50.12'E", "N21°01.35' E105°50.12'", "N 21° 01.350 E 105° 50.120", "21º01,35’B; 105º50,12’Đ", "(21°01.35′N, 105°50.12′E)",
        "21°01'21\"N, 105°50'07.2\"E", "Lat 21°01.35' Lon 105°50.12'",
    ],
)  # fmt: skip
def test_pairs_with_minutes(text: str) -> None:
    assert as_pair(text) == pytest.approx((21.0225, 105.8353333), abs=1e-6)


@pytest.mark.parametrize(
    "text", ["-21°01.35' 105°50.12'", "21°60.1'N 105°50.12'E", "21°01.35'N", "21°01.35'N gần 105°50.12'E"]
)
def test_no_pairs(text: str) -> None:
    with pytest.raises(CellError):
        as_pair(text)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2026", "2026"), (2026, "2026"), (2026.0, "2026"), ("Năm 2026", "2026"), ("cả năm 2026", "2026"), ("12 tháng năm 2026", "2026"),
        ("6 tháng đầu năm 2026", "2026-H1"), ("6T/2026", "2026-H1"), ("6T đầu năm 2026", "2026-H1"), ("H1/2026", "2026-H1"), ("2026-H1", "2026-H1"),
        ("2026 H1", "2026-H1"), ("6 tháng cuối năm 2026", "2026-H2"), ("H2-2026", "2026-H2"), ("6T cuối 2026", "2026-H2"), ("2026-H2", "2026-H2"),
        ("2026-Q1", "2026-Q1"), ("Quý I/2026", "2026-Q1"), ("quý 3 năm 2026", "2026-Q3"), ("Q4/2026", "2026-Q4"), ("Quý IV năm 2026", "2026-Q4"),
        ("2026-03", "2026-03"), ("tháng 3/2026", "2026-03"), ("Tháng 03 năm 2026", "2026-03"), ("T12/2026", "2026-12"), ("3/2026", "2026-03"),
        ("3 tháng đầu năm 2026", "2026-Q1"), ("03 tháng cuối năm 2026", "2026-Q4"), ("3T đầu năm 2026", "2026-Q1"), ("Quý hai 2026", "2026-Q2"), ("quý tư năm 2026", "2026-Q4"),
        ("Tháng Bảy 2026", "2026-07"), ("tháng mười hai năm 2026", "2026-12"), ("tháng năm năm 2026", "2026-05"), ("July 2026", "2026-07"), ("Sep-2026", "2026-09"), ("2026 May", "2026-05"),
        ("2026-6", "2026-06"), ("1H2026", "2026-H1"), ("2H 2026", "2026-H2"), ("1Q2026", "2026-Q1"), ("tháng 1 đến tháng 6/2026", "2026-H1"),
        ("từ tháng 7/2026 đến hết tháng 12/2026", "2026-H2"), ("T1-T3/2026", "2026-Q1"), ("tháng 4 đến tháng 6 năm 2026", "2026-Q2"),
    ],
)  # fmt: skip
def test_periods(text: object, period: str) -> None:
    assert str(as_period(text)) == period  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "code", "remedy"),
    [
        ("9 tháng đầu năm 2026", "importing.other-months", "each quarter or month"),
        ("3T/2026", "importing.other-months", "each quarter or month"),
        ("tháng 1 đến tháng 9/2026", "importing.other-months", "each quarter or month"),
        ("tháng 2 đến tháng 4/2026", "importing.other-months", "each quarter or month"),
        ("tháng 7/2025 đến tháng 12/2026", "importing.other-months", "each quarter or month"),
        ("tháng 1 đến tháng 6/2026 và tháng 8/2026", "importing.other-months", "each quarter or month"),
        ("tháng 1 đến tháng 6", "importing.period-without-year", "add the year"),
        ("Quý hai", "importing.period-without-year", "add the year"),
        (date(2026, 3, 1), "importing.date-for-period", "2026-03"),
        ("6 tháng đầu năm", "importing.period-without-year", "add the year"),
        ("Lũy kế quý II", "importing.period-without-year", "add the year"),
    ],
)
def test_what_may_be_another_period_is_refused(cell: str | date, code: str, remedy: str) -> None:
    with pytest.raises(CellError, match=code) as caught:
        as_period(cell)
    assert remedy in caught.value.at("x").remedy


@pytest.mark.parametrize(
    "text", ["", "2026-H4", "quý V/2026", "13/2026", "kỳ này", "tháng ... năm 2026", "3H2026", "tháng giêng 2026"]
)
def test_no_periods(text: str) -> None:
    with pytest.raises(CellError, match="no-period"):
        as_period(text)


@pytest.mark.parametrize(
    ("text", "value"), [("1.250", 1250), ("1 250", 1250), ("1,250", 1250), (12.0, 12), ("12", 12), ("12.0", 12)]
)
def test_counts(text: object, value: float) -> None:
    assert as_count(text) == value  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["1.5", 1.5, "-3", -3, True, None, "1.25.0", "12 người", "1e3", 1e12, float("nan")])
def test_no_counts(text: object) -> None:
    with pytest.raises(CellError):
        as_count(text)  # type: ignore[arg-type]


def test_codes_get_their_noughts_back() -> None:
    assert [as_ward_code(cell) for cell in (70, 70.0, "70", "00070", "Láng", None)] == [
        "00070",
        "00070",
        "00070",
        "00070",
        "Láng",
        "",
    ]


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=30),
    st.dates(),
    st.just(BadCell("importing.time-of-day")),
)


@given(CELLS)
def test_any_cell_is_read_or_refused(cell: object) -> None:
    for read in (as_day, as_degrees, as_point, as_period, as_count, as_flag, as_term("kind"), as_text, as_ward_code):
        try:
            read(cell)  # type: ignore[operator]
        except CellError as error:
            assert error.at("here").what
            assert not error.at("here").what.startswith("importing.")


def test_days_lengths_and_periods_as_papers_have_them() -> None:
    assert as_day("2026/06/03") == as_day("14h30 03/06/2026") == date(2026, 6, 3)
    assert as_metres("1,5 km") == as_metres("1.5km") == 1500.0
    assert str(as_period("06 tháng đầu năm 2026")) == "2026-H1"


@pytest.mark.parametrize(
    "text",
    [
        "các đoạn đường; © OpenStreetMap contributors", "Kế hoạch ghi “các xã”", "© các", "Quán cà phê 2¹", "Khác¹", "Quán cà phê ¹",
        "Ngõ 5½", "Quán cà phê ¼", "Quán £5", "· Quán", "Quán cà phê »", "Khu ª", "Nhà trọ (¹)",
    ],
)  # fmt: skip
def test_what_is_unicode_is_of_no_old_font(text: str) -> None:
    assert converted(text) == (text, "")


@pytest.mark.parametrize(
    ("rows", "last"),
    [
        ([("Khu B¹", "Khác")], ("Khu B¹", "Khác")),  # 'Khu Bạ' in TCVN3, but for a mark alone
        ([("Lô B¹", "Lô C¹"), ("Lô D¹", "Khác")], ("Lô D¹", "Khác")),
        ([("Gö", "12")], ("Gö", "12")),  # one letter in a sheet
        ([("Loµi", "Nhµ d©n"), ("l¹", "Kh¸c")], ("lạ", "Khác")),
        ([("§­êng", "Kh¸c")], ("Đường", "Khác")),
        ([("Qu¸n, nhµ", "Khác"), ("Qu¸n", "Đường Láng"), ("Qu¸n", "Đường lớn", "Khác")], ("Quán", "Đường lớn", "Khác")),
    ],
)
def test_an_old_font_is_guessed_from_several_letters_of_a_sheet(
    rows: list[tuple[str, ...]], last: tuple[str, ...]
) -> None:
    font = FontOfSheet()
    assert [font.in_unicode(Row(1, row)).cells for row in rows][-1] == last


@pytest.mark.parametrize("text", ["Khác¹", "Khu 2¹", "Ghi chú¹ ²", "Láng¹"])
def test_a_footnote_is_recorded_as_it_stands(text: str) -> None:
    assert not legacy_encoded(text)
    assert legacy_encoded("Lo¹i tin") and legacy_encoded("Nh¹ ho¹")
