"""Files that claim, repeat or pack more than a table holds cost nothing and are refused."""

from __future__ import annotations

import io
import resource
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from table_files import ods_file, sheet_xml, with_part, xls_file, xlsx_file

from geo.errors import InputError
from geo.importing.tables import Limits, open_book, open_table

Write = Callable[[bytes, str], Path]
HEAD = ["Ngày", "Loại tin", "Nguồn tin"]


def memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def test_a_claimed_size_costs_nothing(file: Write) -> None:
    data = xlsx_file([HEAD, ["một", "hai", "ba"]])
    claimed = sheet_xml(data).replace(b'<dimension ref="A1:C2"', b'<dimension ref="A1:XFD1048576"')
    assert b"XFD1048576" in claimed
    before = memory()
    table = open_table(file(with_part(data, "xl/worksheets/sheet1.xml", claimed), "a.xlsx"))
    assert [row.cells for row in table.rows] == [("một", "hai", "ba")]
    assert memory() - before < 50_000_000


def test_ten_thousand_times_sixteen_thousand_coloured_cells_are_refused_soon(file: Write) -> None:
    data = xlsx_file([HEAD])
    start, end = sheet_xml(data).split(b"</sheetData>")
    blank = b"".join(b'<c r="%s1" s="0"/>' % name for name in (b"XFD",) * 16_384)
    rows = b"".join(b'<row r="%d">%s</row>' % (number, blank) for number in range(2, 80))
    path = file(with_part(data, "xl/worksheets/sheet1.xml", start + rows + b"</sheetData>" + end), "a.xlsx")
    before = memory()
    with pytest.raises(InputError, match="more than 1,000,000 cells"):
        list(open_table(path, Limits(max_cells=1_000_000, max_ratio=10_000)).rows)
    assert memory() - before < 200_000_000


def test_what_stands_far_to_the_right_is_refused_and_not_dropped(file: Write) -> None:
    far = [None] * 200 + ["x"]
    for data, name in (
        (xlsx_file([HEAD, far]), "a.xlsx"),
        (ods_file([HEAD, far]), "a.ods"),
        (xls_file([HEAD, far]), "a.xls"),
    ):
        with pytest.raises(InputError, match="row 2 has more than 64 columns"):
            list(open_book(file(data, name)).sheets[0].rows)


def test_repeated_cells_and_rows_of_ods_are_not_unfolded(file: Write) -> None:
    data = ods_file([HEAD])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read("content.xml")
    wide = content.replace(
        b"</table:table-row>",
        b'<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/></table:table-row>',
        1,
    )
    with pytest.raises(InputError, match="more than 64 columns"):
        list(open_book(file(with_part(data, "content.xml", wide), "a.ods")).sheets[0].rows)
    tall = content.replace(b"<table:table-row>", b'<table:table-row table:number-rows-repeated="900000000">', 1)
    with pytest.raises(InputError, match="more than 1,000 rows"):
        list(open_book(file(with_part(data, "content.xml", tall), "a.ods"), Limits(max_rows=1000)).sheets[0].rows)


def test_entities_macros_and_long_texts(file: Write) -> None:
    data = xlsx_file([HEAD, ["một", "hai", "ba"]])
    macro = with_part(data, "xl/vbaProject.bin", b"macro")
    with pytest.raises(InputError, match="holds macros"):
        open_book(file(macro, "a.xlsx"))
    [sheet] = open_book(file(macro, "a.xlsm")).sheets
    assert len(list(sheet.rows)) == 2
    [sheet] = open_book(file(b"x" * 40_000, "a.txt")).sheets
    assert [cell.code for cell in next(sheet.rows).cells] == ["importing.long-text"]  # type: ignore[union-attr]
    bad = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    for name, part, made in (("a.ods", "content.xml", ods_file([HEAD])), ("a.xlsx", "xl/workbook.xml", data)):
        with pytest.raises(InputError, match="XML entities"):
            open_book(file(with_part(made, part, bad), name))


def test_a_password_is_named(file: Write) -> None:
    with pytest.raises(InputError, match="has a password"):
        open_book(file(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "a.xlsx"))


@pytest.mark.parametrize(
    "listed", [b"<si><t>%d</t></si>", b'<x:si xml:space="preserve"><x:t>%d</x:t></x:si>', b"<xf n='%d'/>"]
)
def test_millions_of_texts_and_styles_that_no_cell_shows_are_not_read(file: Write, listed: bytes) -> None:
    texts = b"<sst>" + b"".join(listed % number for number in range(300_000)) + b"</sst>"
    path = file(with_part(xlsx_file([HEAD]), "xl/sharedStrings.xml", texts), "a.xlsx")
    with pytest.raises(InputError, match="more than 200,000 texts"):
        open_table(path, Limits(max_strings=200_000))
