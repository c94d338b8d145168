"""Files of reports as offices bring them: every kind of file, titles, totals, hidden rows, exports of survey programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from table_files import KINDS, hidden_sheet_file, ods_file, text_file, xls_file, xlsx_file

from geo.errors import InputError
from geo.i18n.message import Message
from geo.importing import mappings
from geo.importing.columns import HeadingError
from geo.importing.geometries import Question
from geo.importing.reports import ReportFile, commit, examine_reports, read_reports
from geo.importing.tally import Decisions
from geo.records.entries import Actor, NewReport
from geo.records.model.errors import PrivacyError
from geo.records.store import Store

Write = Callable[[bytes, str], Path]
ACTOR = Actor("hoang-mai", "UBND phường Hoàng Mai", "import")
HEAD = ["Ngày", "Loại tin", "Nguồn tin", "Kinh độ", "Vĩ độ", "Ghi chú"]
ROW = [date(2026, 1, 7), "Khác", "Đường dây nóng", 105.829, 20.9835, "đất trống"]
REPORT = NewReport(
    day=date(2026, 1, 7), kind="other", channel="hotline", lon=105.829, lat=20.9835, note="đất trống"
)  # fmt: skip


def said(found: ReportFile) -> str:
    shown = found.summary
    return "\n".join(map(str, (*shown.counts, *shown.passed, *shown.notices)))


def counts(found: ReportFile) -> tuple[int, int, int]:
    """Read, passed over, refused; together they are all rows."""
    tally = found.tally
    assert tally.read + len(tally.passed) + tally.refused == tally.rows
    return tally.read, len(tally.passed), tally.refused


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_file_gives_the_same(name: str, store: Store, file: Write) -> None:
    path = file(KINDS[name]([HEAD, ROW]), name if "." in name else f"tin.{name}")
    assert read_reports(path, store).reports == (REPORT,)


@pytest.mark.parametrize("name", ["csv", "xlsx", "xls", "ods"])
def test_what_stands_around_the_table_is_passed_over_and_said(name: str, store: Store, file: Write) -> None:
    head, row = ["STT", *HEAD], [1, *ROW]
    rows = [
        ["ỦY BAN NHÂN DÂN PHƯỜNG HOÀNG MAI"],
        ["BẢNG TỔNG HỢP TIN BÁO QUÝ I NĂM 2026"],
        [],
        head,
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"],
        row,
        [2],
        head,
        ["2", *ROW],
        ["Tổng cộng", None, None, None, None, None, "2 tin"],
        [None, None, None, None, "Hà Nội, ngày 10 tháng 01 năm 2026"],
        ["NGƯỜI LẬP BIỂU", None, None, None, "CHỦ TỊCH"],
        ["(Ký, ghi rõ họ tên)"],
    ]
    found = read_reports(file(KINDS[name](rows), f"tin.{name}"), store)
    assert found.reports == (REPORT, REPORT)
    assert counts(found) == (2, 9, 0)
    for line in (
        "2 rows of titles above the headings: rows 1–2",
        "1 row that numbers the columns: row 5",
        "1 row with a running number only: row 7",
        "1 row that repeats the headings: row 8",
        "1 row of totals: row 10",
        "3 rows of notes or signatures below the table: rows 11–13",
        "a running number is no data; left out: columns STT",
        "row 9",  # two alike in one file
    ):
        assert line in said(found)


def test_a_row_that_lacks_something_is_refused_and_not_taken_for_a_total(store: Store, file: Write) -> None:
    path = file(
        text_file([HEAD, ["Tổng số", "Khác", "Đường dây nóng", 105.8, 21.0], [None, "Khác", None, 105.8]]), "tin.csv"
    )
    found = examine_reports(path, store)
    assert counts(found) == (0, 0, 2)
    assert next(str(problem) for problem in found.problems if "row 2" in problem.where).startswith(
        "tin.csv: row 2, column A 'Ngày': 'Tổng số' is not a date"
    )


@pytest.mark.parametrize(("write", "ending"), [(xlsx_file, "xlsx"), (ods_file, "ods")])
def test_formulas_without_a_value_are_refused_and_not_said_to_be_read(
    write: Callable[..., bytes], ending: str, store: Store, file: Write
) -> None:
    formula = [*ROW[:3], "=100+5.8", *ROW[4:]]
    found = examine_reports(file(write([HEAD, ROW, formula, formula]), f"a.{ending}"), store)
    assert counts(found) == (1, 0, 2)
    assert [problem.code for problem in found.problems] == ["importing.formula-without-value"] * 2
    assert "are read" not in said(found)


def test_places_in_a_system_that_the_user_names(store: Store, file: Write) -> None:
    """The same metres are 700 m off in a zone of the city."""
    rows = [["Ngày", "Loại tin", "Nguồn tin", "X", "Y"], ["07/01/2026", "Khác", "Đường dây nóng", 585972.5, 2320652.9]]
    path = file(text_file(rows), "a.csv")
    [own], [named] = (examine_reports(path, store, question=Question(crs)).reports for crs in (None, "EPSG:3405"))
    assert own.lon == pytest.approx(named.lon, abs=0.001)
    assert 0.005 < abs(own.lat - named.lat) < 0.008
    with pytest.raises(InputError, match="EPSG:1"):
        examine_reports(path, store, question=Question("EPSG:1"))


@pytest.mark.parametrize(
    ("crs", "place", "notes"),
    [
        ("EPSG:3405", (2320652.9, 585972.5), {"importing.places-in-system", "importing.metres-turned"}),
        ("EPSG:3405", (105.8265, 20.981), {"importing.places-in-system", "importing.degrees-among-metres"}),
        ("EPSG:4756", (105.8246, 20.9820), {"importing.places-in-system"}),
        # In the maps of the web a metre east is the larger one.
        ("EPSG:3857", (11780552.1, 2389613.2), {"importing.places-in-system"}),
    ],
)
def test_places_of_a_system_whichever_way_they_stand(
    crs: str, place: tuple[float, float], notes: set[str], store: Store, file: Write
) -> None:
    first = [585972.5, 2320652.9] if "degrees" in str(notes) else place
    rows = [[*HEAD[:3], "X", "Y"], [*ROW[:3], *first], [*ROW[:3], *place]]
    found = examine_reports(file(text_file(rows), "a.csv"), store, question=Question(crs))
    assert [problem.text("en") for problem in found.problems] == []
    assert {note.code for note in found.tally.notices} == notes
    assert (found.reports[1].lon, found.reports[1].lat) == pytest.approx((105.8265, 20.981), abs=0.003)


def test_degrees_in_a_system_of_metres_are_refused_with_what_fits(store: Store, file: Write) -> None:
    path = file(text_file([HEAD, ROW]), "a.csv")
    with pytest.raises(InputError) as caught:
        examine_reports(path, store, question=Question("EPSG:3405"))
    assert [problem.code for problem in caught.value.problems] == ["importing.degrees-not-metres"]


def test_rows_with_x_for_north_are_said(store: Store, file: Write) -> None:
    rows = [[*HEAD[:3], "X", "Y"], [*ROW[:3], 586180.1, 2320939.4], [*ROW[:3], "2.320.939,4", "586.180,1"]]
    found = read_reports(file(text_file(rows), "a.csv"), store)
    assert found.reports[0] == found.reports[1]
    assert "1 row has X for north and Y for east, as surveyors write them, and is read so: row 3" in said(found)
    assert "name it: --crs EPSG:3405" in said(found)


@pytest.mark.parametrize("between", ["/", "-", ".", ":"])
def test_places_of_a_group_of_a_form(between: str, store: Store, file: Write) -> None:
    names = ["ngay", "loai_tin", "nguon_tin", *(f"_noi_{part}" for part in ("latitude", "longitude", "altitude"))]
    head = [between.join(("nhom_1", "con", name)) for name in names]
    row = ["2026-01-07", "Khác", "Đường dây nóng", 20.9835, 105.829, 0]
    found = examine_reports(file(text_file([head, row]), "a.csv"), store)
    assert [(report.lon, report.lat) for report in found.reports] == [(105.829, 20.9835)]


def test_headings_in_two_rows_and_cells_merged_down(store: Store, file: Write) -> None:
    rows = [
        ["Ngày", "Loại tin", "Nguồn tin", "Tọa độ", None],
        [None, None, None, "Kinh độ", "Vĩ độ"],
        [*ROW[:5]],
        [None, None, None, 105.83, 20.99],
    ]
    merged = [(3, 4, column) for column in (1, 2, 3)]
    for data, name in (
        (xlsx_file(rows, merged=["D1:E1", "A3:A4", "B3:B4", "C3:C4"]), "a.xlsx"),
        (xls_file([*rows[:3], [None, None, None, 105.83, 20.99]], merged=merged), "a.xls"),
        (ods_file(rows, merged=merged), "a.ods"),
    ):
        found = read_reports(file(data, name), store)
        assert [report.lon for report in found.reports] == [105.829, 105.83]
        assert {report.day for report in found.reports} == {date(2026, 1, 7)}
        assert "3 cells take what stands in the merged cell above them" in said(found)


def test_one_figure_for_several_rows_is_refused(store: Store, file: Write) -> None:
    data = xlsx_file([HEAD, ROW, [*ROW[:3], None, 20.99]], merged=["D2:D3"])
    with pytest.raises(InputError, match="row 3, column D 'Kinh độ': is one figure for several rows"):
        read_reports(file(data, "a.xlsx"), store)


@pytest.mark.parametrize(("name", "write"), [("a.xlsx", xlsx_file), ("a.xls", xls_file), ("a.ods", ods_file)])
def test_hidden_rows_are_read_and_said(name: str, write: Callable[..., bytes], store: Store, file: Write) -> None:
    found = read_reports(file(write([HEAD, ROW, ROW, ROW], hidden=[3, 4]), name), store)
    assert len(found.reports) == 3
    assert "2 rows are hidden or filtered out in the file, and are read all the same: rows 3–4" in said(found)


def test_other_sheets_are_said_and_the_one_with_headings_is_read(store: Store, file: Write) -> None:
    data = xlsx_file([["Bìa"], ["Quý I"]], sheets={"Tin": [HEAD, ROW], "Khác": [["x"]], "Hướng dẫn": [["Cách ghi"]]})
    found = read_reports(file(data, "a.xlsx"), store)
    assert found.reports == (REPORT,)
    assert "only the sheet Tin is read; left out: sheets Trang 1, Khác" in said(found)


def test_of_several_tables_the_one_that_fits_is_read_and_another_can_be_chosen(store: Store, file: Write) -> None:
    months = {"T2": [HEAD, [date(2026, 2, 7), *ROW[1:]]], "Phụ lục": [["Ngày", "Ghi chú"], [date(2026, 1, 1), "x"]]}
    path = file(xlsx_file([["Ngày", "Ghi chú"], ["x"]], sheets={"T1": [HEAD, ROW], **months}), "a.xlsx")
    found = read_reports(path, store)
    assert found.reports == (REPORT,)
    assert "only the sheet T1 is read; left out: sheets Trang 1, T2, Phụ lục" in said(found)
    assert "these hold such a table too: T2;" in said(found)
    assert read_reports(path, store, sheet="t2").reports[0].day == date(2026, 2, 7)
    with pytest.raises(InputError, match="choose one of the sheets: Trang 1, T1, T2, Phụ lục"):
        read_reports(path, store, sheet="T3")
    with pytest.raises(HeadingError) as caught:
        read_reports(path, store, sheet="Phụ lục")
    assert caught.value.sheets == ("Phụ lục", "Trang 1", "T1", "T2")


@pytest.mark.parametrize("name", ["xlsx", "xls", "ods"])
def test_hidden_sheets_are_said_and_come_last(name: str, store: Store, file: Write) -> None:
    path = file(hidden_sheet_file([HEAD, [date(2026, 2, 7), *ROW[1:]]], [HEAD, ROW], name), f"a.{name}")
    found = read_reports(path, store)
    assert found.reports == (REPORT,)
    assert "sheets that are hidden in the file: Cũ" in said(found)


def test_days_turned_round_by_a_spreadsheet_are_said(store: Store, file: Write) -> None:
    # 03/07 and 04/07 became 7 March and 7 April; 25/07 and 26/07 stayed text.
    days = [date(2026, 3, 7), date(2026, 4, 7), "25/07/2026", "26/07/2026"]
    found = read_reports(file(xlsx_file([HEAD, *([day, *ROW[1:]] for day in days)]), "a.xlsx"), store)
    assert "2 days look turned round" in said(found)
    assert "rows 2–3" in said(found)
    sound = read_reports(file(xlsx_file([HEAD, ROW, [date(2026, 1, 25), *ROW[1:]]]), "b.xlsx"), store)
    assert "turned round" not in said(sound)


def test_a_row_that_repeats_another_takes_the_place_of_none_that_is_recorded(store: Store, file: Write) -> None:
    """Two equal rows and one beside them are recorded as two; the longer file of next week adds its new row only."""
    rows = [ROW, ROW, [*ROW[:-1], "bờ kè"]]
    week = text_file([HEAD, *rows])
    assert commit(store, read_reports(file(week, "1.csv"), store), ACTOR).count == 2
    longer = read_reports(file(text_file([HEAD, *rows, [date(2026, 1, 8), *ROW[1:]]]), "2.csv"), store)
    assert (len(longer.new), len(longer.alike.recorded), len(longer.repeated)) == (1, 2, 1)
    assert commit(store, longer, ACTOR).count == 1
    both = read_reports(file(text_file([HEAD, *rows]) + b"\n", "3.csv"), store)
    assert commit(store, both.deciding(Decisions(repeated=True)), ACTOR).count == 1
    assert len(read_reports(file(week + b"\n\n", "4.csv"), store).alike.recorded) == 3


# ---- survey programs


KOBO = (
    "start;end;today;Ngày ghi nhận;group/Loại tin;Nguồn tin;vi_tri;_vi_tri_latitude;_vi_tri_longitude;"
    "_vi_tri_altitude;_vi_tri_precision;__version__;_id;_uuid;_submission_time;_index\n"
    "2026-01-07T08:30:00.000+07:00;2026-01-07T08:35:00.000+07:00;2026-01-07;2026-01-07T08:30:00.000+07:00;Khác;Đường dây nóng;"
    "20.9835 105.829 12.1 4.9;20.9835;105.829;12.1;4.9;vX;1;a-b;2026-01-07T01:35:00;1\n"
)


def test_an_export_of_kobotoolbox(store: Store, file: Write) -> None:
    text = KOBO.replace("vi_tri", "cho_nao")
    with pytest.raises(HeadingError, match="column 'cho_nao' is not known"):
        read_reports(file(text.encode(), "kobo.csv"), store)
    found = read_reports(file(text.encode(), "kobo.csv"), store, mapped={"cho_nao": "-"})
    assert found.reports == read_reports(file(KOBO.encode(), "kobo.csv"), store).reports
    assert (found.reports[0].lon, found.reports[0].lat, found.reports[0].day) == (105.829, 20.9835, date(2026, 1, 7))
    assert "added by the survey program, left out: columns start, end, today" in said(found)
    assert "left out as you chose: columns cho_nao" in said(found)


def test_an_export_of_odk_with_the_place_in_one_cell(store: Store, file: Write) -> None:
    text = "SubmissionDate,day,kind,channel,location,KEY\n2026-01-07T01:30:00.000Z,2026-01-06T20:00:00.000Z,other,press,20.9835 105.829 0 0,uuid:1\n"
    [report] = read_reports(file(text.encode(), "odk.csv"), store).reports
    assert (report.day, report.lon, report.lat) == (date(2026, 1, 7), 105.829, 20.9835)


def test_an_export_of_odk_central_with_groups(store: Store, file: Write) -> None:
    text = (
        "SubmissionDate,tin-day,tin-kind,tin-channel,vi_tri-Latitude,vi_tri-Longitude,vi_tri-Altitude,vi_tri-Accuracy,meta-instanceID,KEY,"
        "SubmitterID,SubmitterName,AttachmentsPresent,AttachmentsExpected,Status,ReviewState,DeviceID,Edits,FormVersion\n"
        "2026-01-07T01:30:00.000Z,2026-01-06,other,press,20.9835,105.829,0,4,uuid:1,uuid:1,24,app,0,0,,,c,0,1\n"
    )
    found = read_reports(file(text.encode(), "odk.csv"), store)
    [report] = found.reports
    assert (report.day, report.lon, report.lat, report.kind) == (date(2026, 1, 6), 105.829, 20.9835, "other")
    assert "tin-day → Ngày" in said(found)


def test_totals_that_fill_columns_are_passed_over_and_names_are_not(store: Store, file: Write) -> None:
    """A total may stand under the day with its figure beside it; a day that says 'Cộng Hòa' is a row with a slip."""
    table = [HEAD, ROW, ["Tổng cộng (1 tin)", 1, *[None] * (len(HEAD) - 2)], ["Cộng Hòa", *ROW[1:]]]
    found = examine_reports(file(text_file(table), "a.csv"), store)
    assert found.tally.passed == {3: "importing.passed-total"}
    assert (found.tally.read, found.tally.refused) == (1, 1)


SELECTED = (
    "start,tin/Ngày,tin/kind,tin/kind/other,tin/kind/advertising,tin/channel,dau_hieu,dau_hieu/note,dau_hieu/x,location,_id,_uuid\n"
    "2026-01-07T08:30:00.000+07:00,2026-01-07,{kind},1,0,hotline,note x,1,1,20.9835 105.829 0 0,1,a-b\n"
)


def test_questions_with_several_answers(store: Store, file: Write) -> None:
    """Columns of single choices repeat their question's; that one of them is called as a field is no matter."""
    with pytest.raises(HeadingError) as caught:
        read_reports(file(SELECTED.format(kind="other").encode(), "kobo.csv"), store)
    assert [problem.parameters["column"] for problem in caught.value.problems] == ["dau_hieu"]
    found = read_reports(file(SELECTED.format(kind="other").encode(), "kobo.csv"), store, mapped={"dau_hieu": "-"})
    [report] = found.reports
    assert (report.kind, report.note, report.lon, report.day) == ("other", "", 105.829, date(2026, 1, 7))
    assert "columns tin/kind/other, tin/kind/advertising, dau_hieu/note, dau_hieu/x" in said(found)
    assert "tin/Ngày → Ngày, tin/kind → Loại tin" in said(found)
    both = file(SELECTED.format(kind="other advertising").encode(), "kobo.csv")
    refused = examine_reports(both, store, mapped={"dau_hieu": "note"})
    [problem] = refused.problems
    assert problem.code == "importing.several-terms"
    assert problem.document("en")["parameters"]["terms"] == ["other", "advertising"]


SPLIT = (
    "start,tin/Ngày,tin/kind/other,tin/kind/advertising,tin/channel/hotline,tin/channel/press,location,_id\n"
    "2026-01-07T08:30:00.000+07:00,2026-01-07,{first},{second},True,False,20.9835 105.829 0 0,1\n"
)


def test_a_question_without_a_column_of_its_own_is_read_from_its_choices(store: Store, file: Write) -> None:
    found = read_reports(file(SPLIT.format(first=0, second=1).encode(), "kobo.csv"), store)
    [report] = found.reports
    assert (report.kind, report.channel, report.lon) == ("advertising", "hotline", 105.829)
    assert "from the columns of their single choices: tin/kind, tin/channel" in said(found)
    assert found.tally.read + len(found.tally.passed) + found.tally.refused == found.tally.rows


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        (1, 1, "importing.several-terms"),  # which of them, the office knows
        (0, 0, "importing.empty"),
        ("", "?", "importing.no-yes-or-no"),
    ],
)
def test_choices_that_are_no_one_answer_are_refused(
    first: object, second: object, code: str, store: Store, file: Write
) -> None:
    found = examine_reports(file(SPLIT.format(first=first, second=second).encode(), "kobo.csv"), store)
    assert [problem.code for problem in found.problems] == [code]
    assert found.tally.refused == 1
    place = found.problems[0].place
    assert isinstance(place, Message) and "row 2, column C" in place.en and "tin/kind" in place.en


def test_a_group_that_is_called_like_a_question_is_none(store: Store, file: Write) -> None:
    """`kind/day` is the day of the group `kind`."""
    text = "kind/day,kind/kind,kind/channel,location\n2026-01-07,other,press,20.9835 105.829 0 0\n"
    [report] = read_reports(file(text.encode(), "kobo.csv"), store).reports
    assert (report.kind, report.day) == ("other", date(2026, 1, 7))


# ---- metres


GROUPS: dict[str, Callable[[float], str]] = {
    "none": lambda value: f"{value:.2f}",
    "english": lambda value: f"{value:,.2f}",
    "vietnamese": lambda value: f"{value:,.2f}".translate(str.maketrans(",.", ".,")),
    "spaces": lambda value: f"{value:,.2f}".replace(",", " "),
}


@pytest.mark.parametrize(("x", "y"), [(2320939.4, 586180.1), (586180.1, 2320939.4)])
@pytest.mark.parametrize("grouped", GROUPS)
def test_coordinates_in_metres_are_vn2000_of_the_city(
    x: float, y: float, grouped: str, store: Store, file: Write
) -> None:
    from geo.reference.crs import _transformer

    east, north = _transformer(5897, inverse=False).transform(105.829, 20.9835)
    swapped = x < y
    pair = (east, north) if swapped else (north, east)
    as_text = GROUPS[grouped]
    data = text_file([["Ngày", "Loại", "Nguồn", "X", "Y"], [*ROW[:3], *(as_text(value) for value in pair)]])
    found = read_reports(file(data, "a.csv"), store)
    assert found.reports[0].lon == pytest.approx(105.829, abs=1e-6)
    assert found.reports[0].lat == pytest.approx(20.9835, abs=1e-6)
    assert "metres are read as VN-2000 of Hà Nội (EPSG:5897)" in said(found)


@pytest.mark.parametrize(
    ("start", "name"),
    [("<html><table>", "a.xls"), ('\ufeff<?xml version="1.0"?><Workbook>', "a.xls"), ("<!DOCTYPE html>", "a.csv")],
)
def test_a_page_that_is_called_a_workbook_is_refused(start: str, name: str, store: Store, file: Write) -> None:
    with pytest.raises(InputError) as caught:
        read_reports(file(f"{start}<tr><td>Ngày</td></tr>".encode(), name), store)
    assert [problem.code for problem in caught.value.problems] == ["importing.markup-not-table"]


def test_a_workbook_is_read_whatever_it_is_called(store: Store, file: Write) -> None:
    read = read_reports(file(xlsx_file([HEAD, ROW]), "a.csv"), store)
    assert len(read.reports) == 1


def test_metres_that_fit_no_zone_are_refused(store: Store, file: Write) -> None:
    data = text_file([["Ngày", "Loại", "Nguồn", "X", "Y"], [*ROW[:3], 1100000, 600000]])
    with pytest.raises(InputError, match="outside the country"):
        read_reports(file(data, "a.csv"), store)


# ---- columns that the user names


def test_columns_are_named_by_the_user_and_remembered_for_the_office(store: Store, file: Write) -> None:
    path = file(text_file([[*HEAD[:5], "Tình hình", "Cỡ chữ"], [*ROW, "12"]]), "a.csv")
    with pytest.raises(HeadingError) as caught:
        read_reports(path, store)
    assert [problem.what for problem in caught.value.problems] == [
        "column 'Tình hình' is not known",
        "column 'Cỡ chữ' is not known",
    ]
    assert ("Tình hình", "") in caught.value.headings
    found = read_reports(path, store, mapped={"Tình hình": "note", "Cỡ chữ": "-"})
    assert found.reports == (REPORT,)
    assert "columns that you or your office matched: Tình hình → Ghi chú" in said(found)
    mappings.remember(store, "report", ACTOR, {"Tình hình": "note", "Cỡ chữ": "-"})
    known = mappings.remembered(store, "report", ACTOR.office)
    assert read_reports(path, store, mapped=known).reports == (REPORT,)
    assert mappings.remembered(store, "report", "UBND phường Láng") == {}
    version = store.version()
    mappings.remember(store, "report", ACTOR, {"tình hình": "note"})
    assert store.version() == version


def test_columns_about_persons_can_not_be_left_out(store: Store, file: Write) -> None:
    path = file(text_file([[*HEAD, "Họ tên"], [*ROW, "x"]]), "a.csv")
    with pytest.raises(PrivacyError, match="columns about persons: Họ tên"):
        read_reports(path, store, mapped={"Họ tên": "-"})


# ---- what is recorded already


def week(*days: int, shift: float = 0.0) -> bytes:
    rows = [[f"{day:02d}/01/2026", "Khác", "Đường dây nóng", 105.829 + shift, 20.9835, f"tin {day}"] for day in days]
    return text_file([HEAD, *rows])


def test_of_a_cumulative_file_only_what_is_new_is_written(store: Store, file: Write) -> None:
    assert commit(store, read_reports(file(week(5, 6), "1.csv"), store), ACTOR).count == 2
    found = read_reports(file(week(5, 6, 13), "2.csv"), store)
    assert [report.day.day for report in found.new] == [13]
    assert "already recorded, left out: 2" in said(found)
    assert "already recorded: rows 2–3" in said(found)
    assert commit(store, found, ACTOR).count == 1
    assert len(store.reports(date(2026, 1, 1), date(2026, 2, 1))) == 3
    again = read_reports(file(week(5, 13), "3.csv"), store)
    version = store.version()
    assert commit(store, again, ACTOR).count == 0
    assert store.version() == version
    assert commit(store, again.deciding(Decisions(again=True)), ACTOR).count == 2


@pytest.mark.parametrize(("metres", "known"), [(0, 1), (25, 1), (35, 0)])
def test_places_within_thirty_metres_are_one(metres: float, known: int, store: Store, file: Write) -> None:
    commit(store, read_reports(file(week(5), "1.csv"), store), ACTOR)
    shift = metres / 111_320 / 0.9337
    found = read_reports(file(week(5, shift=shift), "2.csv"), store)
    assert len(found.reports) - len(found.new) == known


def test_one_recorded_report_stands_for_one_row(store: Store, file: Write) -> None:
    commit(store, read_reports(file(week(5), "1.csv"), store), ACTOR)
    rows = [f"05/01/2026,Khác,Đường dây nóng,105.829,20.9835,{note}" for note in ("a", "b")]
    found = read_reports(file("\n".join([",".join(HEAD), *rows]).encode(), "2.csv"), store)
    assert len(found.new) == 1
    assert "1 row says what another row of the file says" in said(found)


def changed(*rows: str) -> bytes:
    return "\n".join(["Ngày,Loại tin,Nguồn tin,Kinh độ,Vĩ độ,Đã xác minh,Ghi chú", *rows]).encode()


def test_rows_that_say_otherwise_what_is_recorded_are_said_with_the_field(store: Store, file: Write) -> None:
    start = "05/01/2026,Khác,Đường dây nóng,105.829,20.9835"
    commit(store, read_reports(file(changed(f"{start},không,a", f"{start},không,b"), "1.csv"), store), ACTOR)
    # A blank cell says nothing; capitals and blanks are no other note; of two at one place each meets its own.
    same = read_reports(file(changed(f"{start},,B ", f"{start},không,"), "2.csv"), store)
    assert not same.alike.differing
    found = read_reports(file(changed(f"{start},có,b", f"{start},không,c"), "3.csv"), store)
    assert (len(found.new), found.alike.differing) == (0, {0: ("verified",), 1: ("note",)})
    assert "verified” otherwise" in said(found).casefold()
    assert "note” otherwise" in said(found).casefold()
    assert "row 2 (#2)" in said(found)


def test_another_kind_at_the_place_and_day_of_a_recorded_report_is_said(store: Store, file: Write) -> None:
    row = "05/01/2026,{},Đường dây nóng,105.829,20.9835,,"
    commit(store, read_reports(file(changed(row.format("Khác")), "1.csv"), store), ACTOR)
    other = "Biển hiệu, tờ rơi quảng cáo trá hình"
    quoted = row.format(f'"{other}"')
    found = read_reports(file(changed(quoted), "2.csv"), store)
    assert len(found.new) == 1
    assert "another kind or source" in said(found)
    # One that is in the file itself stands for the recorded one.
    assert not read_reports(file(changed(row.format("Khác"), quoted), "3.csv"), store).alike.near


@pytest.mark.parametrize(
    ("decided", "new", "lines"),
    [
        (Decisions(), 1, ("new: 1", "left out: 2", "repeated in the file, left out: 1")),
        (Decisions(again=True), 2, ("new: 1", "written again: 1", "repeated in the file, left out: 2")),
        (Decisions(repeated=True), 2, ("new: 2", "left out: 2", "written too, as you chose")),
        (Decisions(again=True, repeated=True), 4, ("new: 2", "written again: 2", "written too, as you chose")),
    ],
)
def test_the_counts_say_what_will_be_written(
    decided: Decisions, new: int, lines: tuple[str, ...], store: Store, file: Write
) -> None:
    both = read_reports(file(week(5, 5), "1.csv"), store).deciding(Decisions(repeated=True))
    assert commit(store, both, ACTOR).count == 2
    found = read_reports(file(week(5, 5, 5, 6), "2.csv"), store).deciding(decided)
    shown = said(found)
    assert [line for line in lines if line not in shown] == []
    assert ("repeated in the file" in shown) != decided.repeated
    assert commit(store, found, ACTOR).count == len(found.new) == new


def test_of_equal_rows_one_is_written_unless_the_user_decides_otherwise(store: Store, file: Write) -> None:
    found = read_reports(file(week(5, 6, 5, 5), "1.csv"), store)
    assert "repeated in the file, left out: 2" in said(found)
    assert "2 rows are equal to one above them in the file" in said(found)
    assert "rows 4–5" in said(found)
    assert (len(found.reports), len(found.new)) == (4, 2)
    assert commit(store, found, ACTOR).count == 2
    both = read_reports(file(week(5, 6, 5, 5, 7), "2.csv"), store).deciding(Decisions(repeated=True))
    assert commit(store, both, ACTOR).count == 3


# ---- fonts before Unicode

LEGACY = {
    "TCVN3": "STT,Ngµy,Lo¹i tin,Nguån tin,Kinh ®é,VÜ ®é,Ghi chó\n1,07/01/2026,Kh¸c,§­êng d©y nãng,105.829,20.9835,®Êt trèng\n",
    "VNI": "STT,Ngaøy,Loaïi tin,Nguoàn tin,Kinh ñoä,Vó ñoä,Ghi chuù\n1,07/01/2026,Khaùc,Ñöôøng daây noùng,105.829,20.9835,ñaát troáng\n",
}


@pytest.mark.parametrize("font", LEGACY)
def test_old_fonts_are_converted_and_said(font: str, store: Store, file: Write) -> None:
    text = LEGACY[font]
    rows = [line.split(",") for line in text.splitlines()]
    for path in (file(text.encode("latin-1"), "a.csv"), file(xlsx_file(rows), "a.xlsx"), file(xls_file(rows), "a.xls")):
        found = read_reports(path, store)
        assert found.reports == (REPORT,)
        assert f"9 cells in the {font} encoding of old fonts were converted to Unicode" in said(found)


def test_reports_of_a_site_are_alike_by_where_they_are_on_it(store: Store, file: Write) -> None:
    head = ["Ngày", "Loại tin", "Nguồn tin", "Mã điểm", "Lý trình"]
    rows = [[*ROW[:3], "HN-I-1", chainage] for chainage in ("", 100, 500)]
    commit(store, read_reports(file(text_file([head, *rows]), "1.csv"), store), ACTOR)
    rows = [[*ROW[:3], "HN-I-1", chainage] for chainage in ("", 110, 300)]
    found = read_reports(file(text_file([head, *rows]), "2.csv"), store)
    assert [report.chainage_m for report in found.new] == [300]


# ---- headings and places


@pytest.mark.parametrize("heading", ["Kinh độ", "Tọa độ", "Vị trí", "Vĩ độ", "Toạ độ (lat, lon)"])
def test_both_coordinates_in_one_cell_under_any_heading(heading: str, store: Store, file: Write) -> None:
    data = text_file([["Ngày", "Loại tin", "Nguồn tin", heading], [*ROW[:3], "20.9835, 105.8290"]])
    [report] = read_reports(file(data, "a.csv"), store).reports
    assert (report.lon, report.lat) == (105.829, 20.9835)


def test_two_places_in_one_row_are_refused(store: Store, file: Write) -> None:
    head = [*HEAD[:5], "Tọa độ"]
    same = text_file([head, [*ROW[:5], "20.98350 105.82901"]])
    assert len(read_reports(file(same, "a.csv"), store).reports) == 1
    with pytest.raises(InputError, match=r"the row gives two places: 21.03, 105.85 and 20.9835, 105.829"):
        read_reports(file(text_file([head, [*ROW[:5], "21.03, 105.85"]]), "b.csv"), store)
    one, other = "20.9835, 105.829", "21.03, 105.85"
    assert len(read_reports(file(text_file([HEAD[:5], [*ROW[:3], one, one]]), "c.csv"), store).reports) == 1
    with pytest.raises(InputError, match=r"row 2, column E 'Vĩ độ': the row gives two places: 20.9835, 105.829 and 21"):
        read_reports(file(text_file([HEAD[:5], [*ROW[:3], one, other]]), "d.csv"), store)


def test_years_of_two_digits_are_said(store: Store, file: Write) -> None:
    found = read_reports(file(text_file([HEAD, ["07/01/26", *ROW[1:]]]), "a.csv"), store)
    assert found.reports == (REPORT,)
    assert "1 day has a year of two digits and is read as day/month/20xx: row 2" in said(found)


@pytest.mark.parametrize(("is_1904", "number"), [(False, 46029), (True, 44567)])
@pytest.mark.parametrize("write", [xlsx_file, xls_file, ods_file])
def test_serial_numbers_are_days_of_the_workbooks_calendar(
    write: Callable[..., bytes], is_1904: bool, number: int, store: Store, file: Write
) -> None:
    data = write([HEAD, [number, *ROW[1:]], [number + 0.5, *ROW[1:]]], is_1904=is_1904)
    found = read_reports(file(data, f"a.{write.__name__.removesuffix('_file')}"), store)
    assert found.reports == (REPORT, REPORT)
    assert not found.tally.notices


def test_serial_numbers_of_a_text_file_are_said(store: Store, file: Write) -> None:
    """A workbook of the calendar of 1904 says another day with the same number."""
    found = read_reports(file(text_file([HEAD, [46029, *ROW[1:]]]), "a.csv"), store)
    assert found.reports == (REPORT,)
    assert "importing.serial-days" in {note.code for note in found.tally.notices}


@pytest.mark.parametrize("write", [xlsx_file, xls_file, ods_file])
def test_hidden_columns_are_read_and_said(write: Callable[..., bytes], store: Store, file: Write) -> None:
    data = write([["STT", *HEAD], [1, *ROW]], columns=[1, 3, 5])
    found = read_reports(file(data, f"a.{write.__name__.removesuffix('_file')}"), store)
    assert found.reports == (REPORT,)
    assert "columns that are hidden in the file and are read all the same: C 'Loại tin', E 'Kinh độ'" in said(found)


@pytest.mark.parametrize(
    ("heading", "mapped", "day", "is_said"),
    [
        ("_submission_time", {"_submission_time": "day"}, date(2026, 7, 6), True),
        ("SubmissionDate", {"SubmissionDate": "day"}, date(2026, 7, 6), True),
        # What somebody filled in is a time of Việt Nam.
        ("Ngày", {}, date(2026, 7, 5), False),
    ],
)
def test_when_a_form_was_sent_is_in_utc(
    heading: str, mapped: dict[str, str], day: date, is_said: bool, store: Store, file: Write
) -> None:
    path = file(text_file([[heading, *HEAD[1:]], ["2026-07-05T20:30:00", *ROW[1:]]]), "a.csv")
    found = read_reports(path, store, mapped=mapped)
    assert [report.day for report in found.reports] == [day]
    assert ("in UTC" in said(found)) == is_said


def test_degrees_and_minutes_apart_by_a_blank(store: Store, file: Write) -> None:
    rows = [HEAD, [*ROW[:3], "105 49.74", "20o59'00.6\"", ROW[5]]]
    [report] = read_reports(file(text_file(rows), "a.csv"), store).reports
    assert (report.lon, report.lat) == pytest.approx((105.829, 20.9835), abs=1e-6)
