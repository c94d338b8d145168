"""Entry files: every spelling and layout that officials use, and every slip named with its cell."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook

from geo.errors import DataFileMissingError, InputError
from geo.importing.coverage import COLUMNS, examine_entries, read_entries
from geo.output.reports import template_xlsx
from geo.records.validation.privacy import screen
from geo.reference.cities import city
from geo.reference.programmes import Period, load_programme
from geo.reference.wards import WardRegister
from geo.settings import data_dir

HEADING = "ward,indicator,period,value,day,document,office"
HANOI = load_programme("hanoi")
REGISTER = WardRegister.load(city=city("hanoi"))


def written(tmp_path: Path, *lines: str, heading: str = HEADING, encoding: str = "utf-8") -> Path:
    path = tmp_path / "entries.csv"
    path.write_bytes(("\n".join([heading, *lines]) + "\n").encode(encoding))
    return path


def read(path: Path) -> pd.DataFrame:
    return read_entries(path, HANOI, REGISTER, screen=screen)


def problems(path: Path) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as caught:
        read(path)
    assert all(problem.remedy for problem in caught.value.problems)
    return [(problem.where, problem.what) for problem in caught.value.problems]


@pytest.mark.parametrize(
    "name", ["Phường Yên Hoà", "phường yên hòa", "P. Yên Hòa", "Yên Hoà", "phuong yen hoa", "yen hoa", "00167"]
)
def test_wards_as_officials_write_them(tmp_path: Path, name: str) -> None:
    code = REGISTER.by_name("Phường Yên Hoà").code
    frame = read(written(tmp_path, f"{name.replace('00167', code)},3.1,2026-H1,1.250,10/06/2026,CV 12,UBND phường"))
    assert frame.to_dict("records") == [
        {
            "programme": "hanoi-2026",
            "ward_code": code,
            "indicator": "3.1",
            "period": "2026-H1",
            "value": 1250.0,
            "day": date(2026, 6, 10),
            "document": "CV 12",
            "office": "UBND phường",
        }
    ]
    assert tuple(frame.columns) == COLUMNS


@pytest.mark.parametrize(("text", "value"), [("có", 1), ("Không", 0), ("x", 1), ("1", 1), ("0", 0), ("khong", 0)])
def test_yes_and_no_as_officials_write_them(tmp_path: Path, text: str, value: int) -> None:
    assert read(written(tmp_path, f"Láng,7,2026-H1,{text},2026-06-10,CV 1,UBND"))["value"].tolist() == [value]


def test_vietnamese_headings_semicolons_and_a_byte_order_mark(tmp_path: Path) -> None:
    heading = "Mã chỉ tiêu;Xã, phường;Kỳ báo cáo;Kết quả;Ngày;Văn bản;Cơ quan"
    path = written(tmp_path, "9;Thành phố;2026;41;10/06/2026;CV 1;Công an", heading=heading, encoding="utf-8-sig")
    assert read(path)[["ward_code", "indicator", "value"]].fillna("").values.tolist() == [["", "9", 41.0]]
    path.write_bytes(path.read_text("utf-8-sig").encode("utf-16"))
    assert len(read(path)) == 1


def test_an_empty_cell_is_no_entry_and_zero_is_one(tmp_path: Path) -> None:
    path = written(tmp_path, "Láng,3.1,2026-H1,,2026-06-10,CV,UBND", "Láng,3.2,2026-H1,0,2026-06-10,CV,UBND")
    assert read(path)[["indicator", "value"]].values.tolist() == [["3.2", 0.0]]


def test_every_slip_is_named_with_row_and_column(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "P. Yên Vui,12,2026-H1,1.5,2026-06-10,CV 1,Ông Nguyễn Văn A",
        "Láng,3.1,2027,5,31/2/2026,,UBND",
        "Láng,9,2026-H1,5,2026-06-10,CV,UBND",
        "Thành phố,7,2026-H1,1,2026-06-10,CV,UBND",
        "Xã Ba Vì,14a,2026-H1,1,2026-06-10,CV,UBND",
        "Láng,7,2026-H1,5,2026-06-10,CV,UBND",
        "Láng,3.1,2026-H1,-3,2026-06-10,CV,UBND",
    )
    reported = problems(path)
    places = [where for where, _ in reported]
    row_2 = ["column B 'indicator'", "column A 'ward'", "column D 'value'", "column G 'office'"]
    row_3 = ["column C 'period'", "column E 'day'", "column F 'document'"]
    expected = [f"entries.csv: row 2, {column}" for column in row_2] + [
        f"entries.csv: row 3, {column}" for column in row_3
    ]
    assert places == expected + [f"entries.csv: row {row}, column D 'value'" for row in (4, 5, 6, 7, 8)]
    assert "holds something like the name of a person" in reported[3][1]
    assert reported[7][1] == "'9' is entered for the city, not for a ward"
    assert reported[8][1] == "'7' is entered by ward"
    assert "does not answer for '14a'" in reported[9][1]


def test_what_contradicts_itself_is_refused(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "Láng,12a,2026-H1,11,2026-06-10,CV,UBND",
        "Láng,12a-base,2026-H1,10,2026-06-10,CV,UBND",
        "Láng,3.6a,2026-H1,5,2026-06-10,CV,UBND",
        "Láng,3.6b,2026-H1,6,2026-06-10,CV,UBND",
        "phường láng,3.6b,2026-H1,7,2026-06-10,CV,UBND",
    )
    assert [what for _, what in problems(path)] == [
        "is another figure than a second cell gives for the same ward, indicator and period",
        "11 for '12a' is more than 10 for '12a-base'",
        "6 for '3.6b' is more than 5 for '3.6a'",
        "7 for '3.6b' is more than 5 for '3.6a'",
    ]


def test_code_and_name_must_agree(tmp_path: Path) -> None:
    code = REGISTER.by_name("Láng").code
    line = f"{int(code)},Phường Yên Hòa,3.1,2026-H1,5,2026-06-10,CV,UBND"
    path = written(tmp_path, line, heading="ward_code," + HEADING)
    assert problems(path) == [
        ("entries.csv: row 2, column B 'ward'", f"code {code} is Phường Láng, not 'Phường Yên Hòa'")
    ]


def test_columns_about_persons_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "Láng,3.1,2026-H1,5,2026-06-10,CV,UBND,A", heading=HEADING + ",Họ tên")
    assert problems(path) == [("entries.csv", "has columns about persons: Họ tên")]


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("x.csv", "ward,value\nLáng,5\n".encode(), "column 'Chỉ tiêu' is missing"),
        ("x.csv", "ward;xã\n".encode("cp1258", "replace") + b"\xff\xfe\xff", "is in an unknown encoding"),
        ("x.csv", b"", "holds no rows"),
        ("x.csv", (HEADING + "\n").encode(), "holds no figure"),
        ("x.xlsx", b"PK not a workbook", "is no readable XLSX file"),
        ("x.pdf", b"%PDF", "is a '.pdf' file"),
        ("x.csv", b"x" * 20_000_001, "is larger than 20 MB"),
    ],
)
def test_files_that_are_no_entries(tmp_path: Path, name: str, content: bytes, what: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=what):
        read(path)


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 201_000_000)
    path = tmp_path / "x.xlsx"
    path.write_bytes(buffer.getvalue())
    with pytest.raises(InputError, match="unpacks to"):
        read(path)


def test_a_missing_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(DataFileMissingError):
        read(tmp_path / "none.csv")


def test_a_plain_list_as_workbook(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Số liệu quý"])
    sheet.append(HEADING.split(","))
    sheet.append(["P. Láng", 3.1, 2026, 12, datetime(2026, 12, 1), "CV", "UBND"])  # noqa: DTZ001
    path = tmp_path / "x.xlsx"
    book.save(path)
    assert read(path)[["indicator", "period", "value", "day"]].values.tolist() == [
        ["3.1", "2026", 12.0, date(2026, 12, 1)]
    ]


# ---- the template


@pytest.mark.parametrize("slug", ["hanoi", "hue"])
def test_a_filled_template_gives_back_what_went_in(tmp_path: Path, slug: str) -> None:
    programme, register = load_programme(slug), WardRegister.load(city=city(slug))
    entries = read_entries(data_dir() / "examples" / f"{slug}-2026-H1.csv", programme, register)
    path = tmp_path / "filled.xlsx"
    path.write_bytes(template_xlsx(programme, register.frame, Period.parse("2026-H1"), entries))
    again = read_entries(path, programme, register, screen=screen)
    key = ["indicator", "ward_code", "period", "value"]
    first, second = (frame[key].fillna("").sort_values(key, ignore_index=True) for frame in (entries, again))
    pd.testing.assert_frame_equal(first, second)


def filled(tmp_path: Path, cells: dict[tuple[str, str], object]) -> Path:
    path = tmp_path / "template.xlsx"
    path.write_bytes(template_xlsx(HANOI, REGISTER.frame, Period.parse("2026-H1")))
    book = load_workbook(path)
    about = book["Thông tin"]
    for cell, value in (("B3", date(2026, 6, 10)), ("B4", "CV 7"), ("B5", "Sở Y tế")):
        about[cell] = value
    for (sheet, cell), value in cells.items():
        book[sheet][cell] = value
    book.save(path)
    return path


def test_the_template_lists_the_wards_and_refuses_an_empty_name(tmp_path: Path) -> None:
    ward_sheet = "Xã, phường"
    good = filled(tmp_path, {(ward_sheet, "E3"): 45, (ward_sheet, "D4"): 1, ("Thành phố", "D2"): 1})
    frame = read(good)
    first, second = REGISTER.frame["code"].tolist()[:2]
    assert frame[["ward_code", "indicator", "value"]].fillna("").values.tolist() == [
        [first, "3.1", 45.0],
        [second, "1", 1.0],
        ["", "2a", 1.0],
    ]
    bad = filled(tmp_path, {(ward_sheet, "E3"): 45, (ward_sheet, "A3"): None, (ward_sheet, "B3"): None})
    assert problems(bad) == [("sheet 'Xã, phường', cell B3", "ward '?' is not known")]


def test_a_sheet_beside_those_of_the_template_is_said(tmp_path: Path) -> None:
    # Figures of a half-year that has ended: of one that has not, it would be said.
    path = filled(tmp_path, {("Xã, phường", "E3"): 45, ("Thông tin", "B3"): date(2026, 7, 3)})
    assert examine_entries(path, HANOI, REGISTER).tally.notices == ()
    book = load_workbook(path)
    book.copy_worksheet(book["Xã, phường"]).title = "Quý II"
    book.save(path)
    [note] = examine_entries(path, HANOI, REGISTER).tally.notices
    assert "left out: sheets Quý II" in str(note)


def test_faults_of_the_template_name_sheet_and_cell_once(tmp_path: Path) -> None:
    cells = {("Thông tin", "B2"): "2026-H4", ("Thông tin", "B4"): None}
    cells |= {("Xã, phường", f"E{row}"): "nhiều" for row in (3, 4)}
    assert problems(filled(tmp_path, cells)) == [
        ("sheet 'Thông tin', cell B2", "'2026-H4' is not a period"),
        ("sheet 'Xã, phường', cell E3", "'nhiều' is no count"),
        ("sheet 'Thông tin', cell B4", "the document is not given"),
        ("sheet 'Xã, phường', cell E4", "'nhiều' is no count"),
    ]


def test_the_template_of_another_programme_is_refused(tmp_path: Path) -> None:
    path = filled(tmp_path, {("Thông tin", "B1"): "hue-2026-2030", ("Thành phố", "D2"): 1})
    with pytest.raises(InputError, match="is filled for 'hue-2026-2030'"):
        read(path)
