"""What a cell shows is what is read: signs that are raised, parts that are struck out."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from geo.importing.tables import BadCell, Cell, open_table
from geo.importing.tables.written.number_formats import shown
from tests.importing.table_files import ods_file, with_part

Parts = tuple[tuple[str, str], ...]
"""Texts, and how each is written: '', 'super', 'sub', 'struck'."""


def xlsx_of(parts: Parts) -> bytes:
    import xlsxwriter

    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    looks = {"super": {"font_script": 1}, "sub": {"font_script": 2}, "struck": {"font_strikeout": True}}
    formats = {name: book.add_format(look) for name, look in looks.items()}
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["A", "B"])
    flat = [piece for text, look in parts for piece in ([formats[look], text] if look else [text])]
    sheet.write_rich_string(1, 0, *flat)
    sheet.write(1, 1, "x")
    book.close()
    return made.getvalue()


def xls_of(parts: Parts) -> bytes:
    import xlwt

    fonts = {look: xlwt.Font() for look in ("", "super", "sub", "struck")}
    fonts["super"].escapement, fonts["sub"].escapement = 1, 2
    fonts["struck"].struck_out = True
    book = xlwt.Workbook()
    sheet = book.add_sheet("Trang 1")
    for column, heading in enumerate("AB"):
        sheet.write(0, column, heading)
    sheet.write_rich_text(1, 0, [(text, fonts[look]) for text, look in parts])
    sheet.write(1, 1, "x")
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


_STYLES = {
    "super": 'style:text-position="super 58%"',
    "sub": 'style:text-position="-33% 58%"',
    "struck": 'style:text-line-through-style="solid"',
}


def ods_of(parts: Parts, more: str = "") -> bytes:
    spans = "".join(f'<text:span text:style-name="{look}">{text}</text:span>' if look else text for text, look in parts)
    data = ods_file([["A", "B"], ["PUT", "x"]])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read("content.xml").decode()
    styles = "".join(
        f'<style:style style:name="{name}" style:family="text"><style:text-properties {look}/></style:style>'
        for name, look in _STYLES.items()
    )
    content = content.replace(
        "<office:body>",
        f'<office:automatic-styles xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0">{styles}'
        "</office:automatic-styles><office:body>",
    )
    assert ">PUT<" in content
    return with_part(data, "content.xml", content.replace("PUT", spans).replace("<text:p>", f"{more}<text:p>").encode())


MONTH, DAY = "mm/yyyy", "dd/mm/yyyy"
FIRST_OF_JULY = date(2026, 7, 1)
FORMATS = [
    (1.25, '0.00" km"', "1,25 km", "1.25 km"),
    (12, '#,##0" nghìn"', "12 nghìn", "12 nghìn"),
    (12, '#,##0" người"', "12 người", 12),
    (12, '0" lượt"', "12 lượt", 12),
    (1, "0%", "100%", "100%"),
    (FIRST_OF_JULY, MONTH, "07/2026", "07/2026"),
    (FIRST_OF_JULY, "yyyy", "2026", "2026"),
    (1250, '"Km "0+000', "Km 1+250", 1250),
    (1250.5, "#,##0.0", "1.250,5", 1250.5),
    (FIRST_OF_JULY, DAY, "01/07/2026", FIRST_OF_JULY),
    (FIRST_OF_JULY, "d-mmm-yy", "1-Jul-26", FIRST_OF_JULY),
    (0, '_-* #,##0_-;-* #,##0_-;_-* "-"??_-;_-@_-', "-", 0),
    (12500, "#,##0 ;(#,##0);-", "12.500", 12500),
    (-3, "#,##0_);(#,##0)", "(3)", -3),
    (95, '0"%"', "95%", "95%"),
    (12, "[<1000]0;[>=1000]#,##0", "12", 12),
    (1, '[=1]"có";[=0]"không"', "có", "có"),
    (7, "@", "7", 7),
    (7, "[Red]", "7", 7),
    (-7, "0;[Red]-0;[Blue]0", "-7", -7),
    (0.00012, "0.00E+00", "1,20E-04", 0.00012),
]
"""Values, the formats of their cells, what a spreadsheet shows (in Vietnamese), what is read."""


def formatted_xlsx(value: float | date, look: str, _: str) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["A", "B"])
    sheet.append([value, "x"])
    sheet["A2"].number_format = look
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def formatted_xls(value: float | date, look: str, _: str) -> bytes:
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("Trang 1")
    for column, heading in enumerate("AB"):
        sheet.write(0, column, heading)
    sheet.write(1, 0, value, xlwt.easyxf(num_format_str=look))
    sheet.write(1, 1, "x")
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def formatted_ods(value: float | date, _: str, text: str) -> bytes:
    kind = f'date" office:date-value="{value}"' if isinstance(value, date) else f'float" office:value="{value}"'
    cell = f'<table:table-cell office:value-type="{kind}><text:p>{text}</text:p></table:table-cell>'
    data = ods_file([["A", "B"], ["PUT", "x"]])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read("content.xml").decode()
    made, count = re.subn("<table:table-cell[^>]*><text:p>PUT</text:p></table:table-cell>", cell, content)
    assert count == 1
    return with_part(data, "content.xml", made.encode())


FORMATTED: dict[str, Callable[[float | date, str, str], bytes]] = {
    "t.xlsx": formatted_xlsx,
    "t.xls": formatted_xls,
    "t.ods": formatted_ods,
}
WRITERS: dict[str, Callable[[Parts], bytes]] = {"t.xlsx": xlsx_of, "t.xls": xls_of, "t.ods": ods_of}


def first_cell(data: bytes, name: str, folder: Path) -> Cell:
    (folder / name).write_bytes(data)
    return next(open_table(folder / name).rows).cells[0]


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize(
    ("parts", "read"),
    [
        ((("12", ""), ("1", "super")), "12¹"),
        ((("Khu 50 m", ""), ("2", "super"), (" cạnh chợ", "")), "Khu 50 m² cạnh chợ"),
        ((("2", ""), ("a", "super")), "2ᵃ"),
        ((("CO", ""), ("2", "sub")), "CO₂"),
        ((("105", ""), ("o", "super"), ("50'32\"", "")), "105°50'32\""),
    ],
)
def test_a_sign_that_is_raised_is_no_digit_of_what_stands_before(
    name: str, parts: Parts, read: str, tmp_path: Path
) -> None:
    assert first_cell(WRITERS[name](parts), name, tmp_path) == read


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("parts", [(("12", "struck"), ("15", "")), (("15 ", ""), ("12", "struck"))])
def test_a_part_that_is_struck_out_refuses_the_cell(name: str, parts: Parts, tmp_path: Path) -> None:
    cell = first_cell(WRITERS[name](parts), name, tmp_path)
    assert isinstance(cell, BadCell)
    assert (cell.code, cell.parameters["text"], cell.parameters["left"]) == ("importing.struck-part", "12", "15")


def struck_rows(name: str) -> bytes:
    """Rows of which the second is struck out as a whole, and of the third the figure; the first cell is merely raised."""
    rows = [["A", "B"], ["1", "x"], ["2", "y"], ["3", "z"]]
    struck = {(2, 0), (2, 1), (3, 0)}
    made = io.BytesIO()
    if name.endswith(".ods"):
        data = ods_of((("PUT", ""),))
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            content = archive.read("content.xml").decode()
        lines = ""
        for at, row in enumerate(rows[1:], 1):
            looks = [' table:style-name="struck"' if (at, column) in struck else "" for column in range(2)]
            number, text = (f"<text:p>{cell}</text:p></table:table-cell>" for cell in row)
            lines += (
                f'<table:table-row><table:table-cell{looks[0]} office:value-type="float" office:value="{row[0]}">{number}'
                f'<table:table-cell{looks[1]} office:value-type="string">{text}</table:table-row>'
            )
        content, count = re.subn("<table:table-row>(?:(?!<table:table-row>).)*PUT.*?</table:table-row>", lines, content)
        assert count == 1
        return with_part(data, "content.xml", content.encode())
    import xlsxwriter
    import xlwt

    if name.endswith(".xls"):
        old = xlwt.Workbook()
        page = old.add_sheet("Trang 1")
        line = xlwt.easyxf("font: struck_out on")
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                value = int(cell) if cell.isdigit() else cell
                page.write(at, column, value, *([line] if (at, column) in struck else []))
        old.save(made)
        return made.getvalue()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    sheet, look = book.add_worksheet(), book.add_format({"font_strikeout": True})
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            value = int(cell) if cell.isdigit() else cell
            sheet.write(at, column, value, look if (at, column) in struck else None)
    book.close()
    return made.getvalue()


@pytest.mark.parametrize("name", WRITERS)
def test_a_row_that_is_struck_out_is_passed_over_and_a_cell_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(struck_rows(name))
    table = open_table(tmp_path / name)
    first, last = table.rows
    assert (float(str(first.cells[0])), first.cells[1], last.cells[1]) == (1.0, "x", "z")
    assert isinstance(last.cells[0], BadCell) and last.cells[0].code == "importing.struck-cell"
    assert table.seen.passed == {3: "importing.passed-struck"}


def test_notes_and_lines_of_a_cell_are_apart_in_ods(tmp_path: Path) -> None:
    note = "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>7</text:p></text:note-body></text:note>"
    assert first_cell(ods_of(((f"12{note}", ""),)), "t.ods", tmp_path) == "12¹"
    assert first_cell(ods_of((("12<text:line-break/>15", ""),)), "t.ods", tmp_path) == "12\n15"
    comment = "<office:annotation><text:p>số cũ 13</text:p></office:annotation>"
    assert first_cell(ods_of((("12", ""),), comment), "t.ods", tmp_path) == "12"


@pytest.mark.parametrize("name", FORMATTED)
@pytest.mark.parametrize(("value", "look", "text", "read"), FORMATS)
def test_a_cell_is_read_as_its_number_format_shows_it(
    name: str, value: float | date, look: str, text: str, read: object, tmp_path: Path
) -> None:
    assert first_cell(FORMATTED[name](value, look, text), name, tmp_path) == read


HIDDEN, OTHERWISE = "importing.hidden-by-format", "importing.shown-otherwise"
REFUSED = [
    (12345, "0,", "12", OTHERWISE),
    (12345, "#,##0.0,", "12,3", OTHERWISE),
    (12345678, "0,,", "12", OTHERWISE),
    (12345, '0," nghìn"', "12 nghìn", OTHERWISE),
    (0.5, "0%%", "5000%%", OTHERWISE),
    (12, '0"000"', "12000", OTHERWISE),
    (12, '0",5"', "12,5", OTHERWISE),
    (125, '0"."0', "12.5", OTHERWISE),
    (5, '"12"', "12", OTHERWISE),
    (2500, "[>=1000]0.0,;0", "2,5", OTHERWISE),
    (5, ";;;", "", HIDDEN),
    (0, "0;-0;;@", "", HIDDEN),
    (0, "#,###", "", HIDDEN),
    (5, '[=0]0;""', "", HIDDEN),
]
"""Values, formats, what is seen, why they are refused."""


@pytest.mark.parametrize("name", FORMATTED)
@pytest.mark.parametrize(("value", "look", "text", "code"), REFUSED)
def test_a_cell_that_shows_another_figure_or_none_is_refused(
    name: str, value: float, look: str, text: str, code: str, tmp_path: Path
) -> None:
    cell = first_cell(FORMATTED[name](value, look, text), name, tmp_path)
    assert isinstance(cell, BadCell), cell
    assert (cell.code, cell.parameters["value"]) == (code, value)


@pytest.mark.parametrize("name", ["t.xlsx", "t.xls"])
@pytest.mark.parametrize(
    ("look", "code"), [(";;;", HIDDEN), ('0;0;0;"x"', OTHERWISE), ("General", ""), ("@", ""), ("0;-0", "")]
)
def test_a_text_that_its_format_hides_is_refused(name: str, look: str, code: str, tmp_path: Path) -> None:
    cell = first_cell(FORMATTED[name]("Láng", look, ""), name, tmp_path)  # type: ignore[arg-type]
    assert (cell.code if isinstance(cell, BadCell) else cell) == (code or "Láng")


def test_a_figure_without_its_text_is_not_hidden_in_ods(tmp_path: Path) -> None:
    data = formatted_ods(5, "", "PUT")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read("content.xml").decode().replace("<text:p>PUT</text:p>", "")
    assert first_cell(with_part(data, "content.xml", content.encode()), "t.ods", tmp_path) == 5


def test_a_code_that_is_not_known_hides_nothing() -> None:
    assert [shown(7, look) for look in ("Standard", "GENERAL", "")] == [7, 7, 7]
