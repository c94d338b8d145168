"""The same table in every kind of file, and workbooks with what offices leave in them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import date
from xml.sax.saxutils import escape

Rows = Sequence[Sequence[object]]


def text_file(rows: Rows, delimiter: str = ",", encoding: str = "utf-8-sig") -> bytes:
    made = io.StringIO(newline="")
    csv.writer(made, delimiter=delimiter).writerows([[_text(cell) for cell in row] for row in rows])
    return made.getvalue().encode(encoding)


def _text(cell: object) -> object:
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell


def xlsx_file(
    rows: Rows,
    *,
    hidden: Sequence[int] = (),
    columns: Sequence[int] = (),
    is_1904: bool = False,
    merged: Sequence[str] = (),
    sheets: dict[str, Rows] | None = None,
) -> bytes:
    """`hidden`: rows, `columns`: hidden columns, from 1; `is_1904`: the calendar of the workbook begins in 1904."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = Workbook()
    if is_1904:
        book.epoch = CALENDAR_MAC_1904
    sheet = book.worksheets[0]
    sheet.title = "Trang 1"
    for row in rows:
        sheet.append(list(row))
    for number in hidden:
        sheet.row_dimensions[number].hidden = True
    for number in columns:
        sheet.column_dimensions[get_column_letter(number)].hidden = True
    for cells in merged:
        sheet.merge_cells(cells)
    for name, others in (sheets or {}).items():
        other = book.create_sheet(name)
        for row in others:
            other.append(list(row))
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """An archive with one of its parts replaced or added."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return made.getvalue()


def sheet_xml(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


def xls_file(
    rows: Rows,
    *,
    hidden: Sequence[int] = (),
    columns: Sequence[int] = (),
    is_1904: bool = False,
    merged: Sequence[tuple[int, int, int]] = (),
) -> bytes:
    """As `xlsx_file`; `merged`: first row, last row, column, from 1."""
    import xlwt

    book = xlwt.Workbook()
    book.dates_1904 = is_1904
    sheet = book.add_sheet("Trang 1")
    day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    tops = {(first, column): last for first, last, column in merged}
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            style = [day] if isinstance(cell, date) else []
            if (number + 1, column + 1) in tops:
                sheet.write_merge(number, tops[number + 1, column + 1] - 1, column, column, cell, *style)
            elif cell is not None:
                sheet.write(number, column, cell, *style)
    for number in hidden:
        sheet.row(number - 1).hidden = True
    for number in columns:
        sheet.col(number - 1).hidden = True
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


_ODS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '{settings}<table:table table:name="Trang 1">{columns}{rows}<table:table-row table:number-rows-repeated="1000000">'
    '<table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>'
    "</office:spreadsheet></office:body></office:document-content>"
)


def ods_file(
    rows: Rows,
    *,
    hidden: Sequence[int] = (),
    columns: Sequence[int] = (),
    is_1904: bool = False,
    merged: Sequence[tuple[int, int, int]] = (),
) -> bytes:
    """As `xls_file`."""
    spans = {(first, column): last - first + 1 for first, last, column in merged}
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = [_ods_cell(cell, spans.get((number, column), 1)) for column, cell in enumerate(row, start=1)]
        state = ' table:visibility="filter"' if number in hidden else ""
        blank = '<table:table-cell table:number-columns-repeated="1000"/>'
        lines.append(f"<table:table-row{state}>{''.join(cells)}{blank}</table:table-row>")
    states = ["collapse" if number in columns else "visible" for number in range(1, 20)]
    wide = "".join(f'<table:table-column table:visibility="{state}"/>' for state in states)
    date_0 = '<table:null-date table:date-value="1904-01-01"/>'
    calendar = f"<table:calculation-settings>{date_0}</table:calculation-settings>" if is_1904 else ""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", _ODS.format(rows="".join(lines), columns=wide, settings=calendar))
    return made.getvalue()


def _ods_cell(cell: object, rows: int) -> str:
    span = f' table:number-rows-spanned="{rows}" table:number-columns-spanned="1"' if rows > 1 else ""
    if cell is None:
        return f"<table:table-cell{span}/>"
    if isinstance(cell, date):
        return f'<table:table-cell{span} office:value-type="date" office:date-value="{cell.isoformat()}"/>'
    if isinstance(cell, str) and cell.startswith("="):
        return f'<table:table-cell{span} table:formula="of:{escape(cell)}"/>'
    if isinstance(cell, int | float):
        return f'<table:table-cell{span} office:value-type="float" office:value="{cell}"/>'
    return f'<table:table-cell{span} office:value-type="string"><text:p>{escape(str(cell))}</text:p></table:table-cell>'


def hidden_sheet_file(hidden: Rows, shown: Rows, kind: str) -> bytes:
    """A workbook whose first sheet, `Cũ`, is hidden."""
    if kind == "xls":
        return _xls_with_hidden(hidden, shown)
    if kind == "ods":
        return _ods_with_hidden(hidden, shown)
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(xlsx_file(hidden, sheets={"Mới": shown})))
    book.worksheets[0].title, book.worksheets[0].sheet_state = "Cũ", "hidden"
    book.active = 1
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _xls_with_hidden(hidden: Rows, shown: Rows) -> bytes:
    import xlwt

    book = xlwt.Workbook()
    for name, rows in (("Cũ", hidden), ("Mới", shown)):
        sheet = book.add_sheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(number, column, _text(cell))
    book.get_sheet(0).visibility = 1
    book.active_sheet = 1
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _ods_with_hidden(hidden: Rows, shown: Rows) -> bytes:
    tables = ""
    for name, rows, style in (("Cũ", hidden, "ta2"), ("Mới", shown, "ta1")):
        lines = ("".join(_ods_cell(cell, 1) for cell in row) for row in rows)
        body = "".join(f"<table:table-row>{line}</table:table-row>" for line in lines)
        tables += f'<table:table table:name="{name}" table:style-name="{style}">{body}</table:table>'
    styles = "".join(
        f'<style:style style:name="{name}" style:family="table"><style:table-properties table:display="{shown}"/></style:style>'
        for name, shown in (("ta1", "true"), ("ta2", "false"))
    )
    head, tail = (
        _ODS.split("<office:body>", maxsplit=1)[0],
        "</office:spreadsheet></office:body></office:document-content>",
    )
    head = head.rstrip(">") + ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0">'
    content = f"{head}<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>{tables}{tail}"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
    return made.getvalue()


KINDS = {
    "csv": text_file,
    "semicolon.csv": lambda rows: text_file(rows, ";"),
    "tsv": lambda rows: text_file(rows, "\t", "utf-8"),
    "bar.txt": lambda rows: text_file(rows, "|"),
    "utf16.csv": lambda rows: text_file(rows, ";", "utf-16"),
    "utf16-without-mark.txt": lambda rows: text_file(rows, "\t", "utf-16-le"),
    "xlsx": xlsx_file,
    "xlsm": xlsx_file,
    "xls": xls_file,
    "text.xls": lambda rows: text_file(rows, "\t"),
    "new.xls": xlsx_file,
    "ods": ods_file,
}
"""Name or ending of a file → what writes a table as such a file."""
