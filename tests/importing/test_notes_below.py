"""What stands beside the rows and changes what they mean: notes below a table, rows of no height, days turned round."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from table_files import sheet_xml, text_file, with_part, xlsx_file

from geo.errors import InputError
from geo.importing.geometries import Question, read_sites
from geo.importing.reports import ReportFile, examine_reports, read_reports
from geo.records.store import Store

Write = Callable[[bytes, str], Path]
HEAD = ["Ngày", "Loại tin", "Nguồn tin", "Kinh độ", "Vĩ độ", "Ghi chú"]
ROW = [date(2026, 1, 7), "Khác", "Đường dây nóng", 105.829, 20.9835, "đất trống"]
NORTH = [*ROW[:3], 2321000.5, 586000.1, ""]
NOTE = "Ghi chú: tọa độ theo hệ VN-2000"
WEB = "Ghi chú: tọa độ WGS 84"


def said(found: ReportFile) -> str:
    return "\n".join(map(str, found.summary.notices))


@pytest.mark.parametrize(
    ("rows", "note"),
    [
        ([HEAD, ROW], NOTE),
        ([HEAD, ROW], "Ghi chú: hệ VN-2000, kinh tuyến trục 105°45'"),
        ([HEAD, NORTH], WEB),
        ([HEAD, NORTH], "Ghi chú: hệ VN-2000, kinh tuyến trục 105°45'"),
        ([["Hệ tọa độ WGS 84"], HEAD, ROW], NOTE),
    ],
)
def test_a_note_below_that_names_another_system_is_asked_about(
    rows: list[list[object]], note: str, store: Store, file: Write
) -> None:
    path = file(xlsx_file([*rows, [], [note]]), "a.xlsx")
    with pytest.raises(InputError, match="names a coordinate system"):
        examine_reports(path, store)


@pytest.mark.parametrize(
    ("rows", "note"),
    [
        ([HEAD, ROW], WEB),
        ([HEAD, ROW], "Ghi chú: số liệu tạm tính"),
        ([HEAD, NORTH], NOTE),
        ([HEAD, NORTH], "Ghi chú: hệ VN-2000, kinh tuyến trục 105°"),
        ([["Hệ tọa độ VN-2000"], HEAD, ROW], NOTE.replace("Ghi chú: tọa", "Ghi chú: Hệ tọa")),
        ([HEAD, [*ROW[:3], None, None, ""]], NOTE),
    ],
)
def test_a_note_below_that_says_the_same_or_nothing_of_it_is_passed_over(
    rows: list[list[object]], note: str, store: Store, file: Write
) -> None:
    found = examine_reports(file(xlsx_file([*rows, [], [note]]), "a.xlsx"), store)
    assert found.tally.rows == found.tally.read + found.tally.refused + len(found.tally.passed)
    settled = examine_reports(file(xlsx_file([HEAD, ROW, [NOTE]]), "b.xlsx"), store, question=Question("EPSG:4326"))
    assert len(settled.reports) == 1


def test_vertices_are_read_in_the_system_of_a_note_below_them(file: Write) -> None:
    rows = ["STT,Kinh độ,Vĩ độ", "1,105.82,20.995", "2,105.83,21.0"]
    note = "Ghi chú: tọa độ theo hệ VN-2000,,"
    found = read_sites(file("\n".join([*rows, note]).encode(), "a.csv"))
    above = read_sites(file("\n".join(["Hệ tọa độ VN-2000,,", *rows]).encode(), "b.csv"))
    assert found.frame.geometry.geom_equals(above.frame.geometry).all()
    assert "VN-2000" in " ".join(map(str, found.notes))


def test_rows_and_columns_of_no_size_are_said_as_hidden(store: Store, file: Write) -> None:
    data = xlsx_file([HEAD, ROW, ROW])
    xml = sheet_xml(data).replace(b'<row r="3"', b'<row r="3" ht="0" customHeight="1"')
    xml = xml.replace(b"<sheetData>", b'<cols><col min="6" max="6" width="0" customWidth="1"/></cols><sheetData>')
    flat = said(read_reports(file(with_part(data, "xl/worksheets/sheet1.xml", xml), "a.xlsx"), store))
    assert "hidden or filtered out in the file, and is read all the same: row 3" in flat
    assert "Ghi chú" in flat


def test_days_that_may_be_turned_as_a_refused_one_is_are_named(store: Store, file: Write) -> None:
    days = ["03/13/2026", "03/05/2026", "25/03/2026"]
    found = examine_reports(file(text_file([HEAD, *([day, *ROW[1:]] for day in days)]), "a.csv"), store)
    assert [problem.code for problem in found.problems] == ["importing.day-first"]
    assert "check row 3 as well" in said(found)
    sound = examine_reports(file(text_file([HEAD, *([day, *ROW[1:]] for day in days[1:])]), "b.csv"), store)
    assert "as well" not in said(sound)


def test_an_old_workbooks_row_of_no_height_is_said(store: Store, file: Write) -> None:
    import io

    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("Tin")
    for number, row in enumerate([HEAD, ["07/01/2026", *ROW[1:]], ["08/01/2026", *ROW[1:]]]):
        for column, cell in enumerate(row):
            sheet.write(number, column, cell)
    sheet.row(2).height, sheet.row(2).height_mismatch = 0, True
    made = io.BytesIO()
    book.save(made)
    assert "read all the same: row 3" in said(read_reports(file(made.getvalue(), "a.xls"), store))
