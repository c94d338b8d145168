"""What a file of a plan shows struck out, hides, or keeps as deleted is no part of the plan, and is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from plan_files import HEAD as LETTERHEAD
from plan_files import as_html, as_pdf, plan

from geo.importing.plans import PlanReading, read_plan

HEAD = ["STT", "Tên điểm", "Xã, phường", "Mức độ", "Ghi chú"]
ROWS = [
    ["1", "Đường Láng", "Phường Láng", "Ít hoạt động", "Đã bàn giao năm 2021"],
    ["2", "Phố Yersin", "Phường Hai Bà Trưng", "Ít hoạt động", "Chưa bàn giao"],
]
TITLE = "Danh sách điểm phức tạp tại địa bàn công cộng"


def docx(folder: Path, change) -> PlanReading:  # type: ignore[no-untyped-def]
    from docx import Document

    document = Document()
    for line in (*LETTERHEAD, TITLE):
        document.add_paragraph(line)
    table = document.add_table(3, 5)
    for row, texts in zip(table.rows, (HEAD, *ROWS), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    change(document, table)
    document.save(str(folder / "plan.docx"))
    return read_plan(folder / "plan.docx")


def html(folder: Path, *changes: tuple[str, str]) -> PlanReading:
    path = as_html(plan().line(TITLE).table(HEAD, *ROWS), folder / "plan.html")
    text = path.read_text("utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path.write_text(text, "utf-8")
    return read_plan(path)


def seen(reading: PlanReading) -> list[tuple[str, str]]:
    return [(site.name, site.certainty) for site in reading.sites]


def said(reading: PlanReading) -> tuple[bool, bool]:
    """Whether the remarks tell of it, and whether the row is among what is not understood."""
    struck = [remark for remark in reading.remarks if remark.code == "importing.plan-struck-left"]
    return len(struck) == 1, "Yersin" in "\n".join(reading.not_understood)


def _of_runs(name: str):  # type: ignore[no-untyped-def]
    def change(_: object, table) -> None:  # type: ignore[no-untyped-def]
        for cell in table.rows[2].cells:
            setattr(cell.paragraphs[0].runs[0].font, name, True)

    return change


def _deleted_row(_: object, table) -> None:  # type: ignore[no-untyped-def]
    from docx.oxml import OxmlElement

    table.rows[2]._tr.get_or_add_trPr().append(OxmlElement("w:del"))


@pytest.mark.parametrize(
    "change",
    [_of_runs("strike"), _of_runs("double_strike"), _of_runs("hidden"), _deleted_row],
    ids=["strike", "double", "hidden", "deleted"],
)
def test_a_row_of_a_document_that_is_struck_out_is_left_out_and_said(change, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    reading = docx(tmp_path, change)
    assert (seen(reading), said(reading)) == ([("Đường Láng", "sure")], (True, True))


def test_a_document_without_such_text_is_sure(tmp_path: Path) -> None:
    reading = docx(tmp_path, lambda *_: None)
    assert (seen(reading), said(reading)) == ([("Đường Láng", "sure"), ("Phố Yersin", "sure")], (False, False))


def test_a_cell_that_is_struck_out_in_part_is_looked_at(tmp_path: Path) -> None:
    def change(_: object, table) -> None:  # type: ignore[no-untyped-def]
        run = table.rows[1].cells[3].paragraphs[0].insert_paragraph_before().add_run("Có hoạt động")
        run.font.strike = True

    reading = docx(tmp_path, change)
    assert [site.level for site in reading.sites] == ["low", "low"]
    assert seen(reading) == [("Đường Láng", "look"), ("Phố Yersin", "sure")]
    assert "Có hoạt động" in str(reading.sites[0].reasons[0])


@pytest.mark.parametrize("sign", ["1", "a", "(1)", "*"])
def test_a_raised_sign_is_no_part_of_a_name(sign: str, tmp_path: Path) -> None:
    def change(document, table) -> None:  # type: ignore[no-untyped-def]
        table.rows[1].cells[1].paragraphs[0].add_run(sign).font.superscript = True
        document.add_paragraph().add_run(sign).font.superscript = True
        document.paragraphs[-1].add_run(" Riêng đoạn từ Cầu Giấy chưa bàn giao.")

    reading = docx(tmp_path, change)
    assert seen(reading) == [("Đường Láng", "look"), ("Phố Yersin", "sure")]
    assert [reason.code for reason in reading.sites[0].reasons] == ["importing.plan-footnote"]
    assert "Riêng đoạn" in "\n".join(reading.not_understood)


@pytest.mark.parametrize(
    "row",
    ['tr style="display:none"', "tr hidden", 'tr style="visibility: hidden"'],
    ids=["none", "attribute", "unseen"],
)
def test_a_hidden_row_of_a_page_is_left_out_and_said(row: str, tmp_path: Path) -> None:
    reading = html(tmp_path, ('<tr><td rowspan="1" colspan="1">2<', f'<{row}><td rowspan="1" colspan="1">2<'))
    assert (seen(reading), said(reading)) == ([("Đường Láng", "sure")], (True, True))


@pytest.mark.parametrize("tag", ["s", "del", "strike", 'span style="text-decoration: line-through"'])
def test_struck_text_of_a_page_is_no_level(tag: str, tmp_path: Path) -> None:
    cell = f"<{tag}>Có hoạt động</{tag.split(maxsplit=1)[0]}> Ít hoạt động"
    reading = html(tmp_path, ('Ít hoạt động</td><td rowspan="1" colspan="1">Đã', f"{cell}</td><td>Đã"))
    assert [site.level for site in reading.sites] == ["low", "low"]
    assert seen(reading) == [("Đường Láng", "look"), ("Phố Yersin", "sure")]


def test_a_raised_sign_of_a_page_is_no_part_of_a_name(tmp_path: Path) -> None:
    assert seen(html(tmp_path, ("Đường Láng", "Đường Láng<sup>1</sup>")))[0] == ("Đường Láng", "look")


@pytest.mark.parametrize("way", ["hidden", "strike", "none"])
def test_a_row_of_a_workbook_that_is_hidden_or_struck_out_is_left_out_and_said(way: str, tmp_path: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    for row in (*([line] for line in (*LETTERHEAD, TITLE)), HEAD, *ROWS):
        sheet.append(row)
    last = sheet.max_row
    sheet.append(["1. Các xã, phường tiếp tục duy trì"])
    for row in (["STT", "Tên xã, phường"], ["1", "Phường Láng"], ["2", "Phường Kim Liên"]):
        sheet.append(row)
    for at in (last, sheet.max_row):
        sheet.row_dimensions[at].hidden = way == "hidden"
        for cell in sheet[at]:
            cell.font = Font(strike=way == "strike")
    if way == "hidden":
        book.create_sheet("Bản cũ").sheet_state = "hidden"
    book.save(tmp_path / "plan.xlsx")
    reading = read_plan(tmp_path / "plan.xlsx")
    kept = 2 if way == "none" else 1
    assert seen(reading) == [("Đường Láng", "sure"), ("Phố Yersin", "sure")][:kept]
    assert len(reading.phase("pilot")) == kept
    assert said(reading) == (way != "none", way != "none")
    assert ("Bản cũ" in reading.not_understood) == (way == "hidden")


@pytest.mark.parametrize(
    "drawn",
    [
        "#strike[{}]",
        "{}#place(dx: 0pt, dy: -3.5pt, line(length: 2cm))",
        "{}#place(dy: -4pt, rect(width: 2cm, height: .6pt, fill: black, stroke: none))",
    ],
    ids=["strike", "line", "box"],
)
def test_what_a_line_is_drawn_over_in_a_pdf_is_struck_out(drawn: str, tmp_path: Path) -> None:
    """A word of a row is left out and the row looked at; a whole row is left out and said; an underline is neither."""
    rows = [[*ROWS[0][:3], "Ít hoạt động", ROWS[0][4]], ROWS[1], ["3", "Phố Hàng Bài", "Phường Cửa Nam", *ROWS[1][3:]]]
    path = tmp_path / "plan.pdf"
    as_pdf(plan().line(TITLE).table(HEAD, *rows), path, *_shown(drawn, ["Ít hoạt động"], rows[0]))
    reading = read_plan(path)
    assert seen(reading)[1:] == [("Phố Yersin", "sure"), ("Phố Hàng Bài", "sure")]
    assert seen(reading)[0] == ("Đường Láng", "look")
    as_pdf(plan().line(TITLE).table(HEAD, *rows), path, *_shown(drawn, rows[1][1:], rows[1]))
    reading = read_plan(path)
    assert ("Phố Yersin", "sure") not in seen(reading)
    assert "Yersin" in "\n".join(reading.not_understood)
    as_pdf(plan().line(TITLE).table(HEAD, *rows), path, *_shown("#underline[{}]", rows[1], rows[1]))
    assert seen(read_plan(path))[1] == ("Phố Yersin", "sure")


def _shown(drawn: str, texts: list[str], row: list[str]) -> list[str]:
    """Settings by which these cells of a row are drawn so; the row is the one with its number."""
    number = int(row[0])
    columns = ", ".join(str(row.index(text)) for text in texts)
    body = drawn.format("#it.body")
    return [f"#show table.cell: it => if it.y == {number} and it.x in ({columns},) [{body}] else {{ it }}"]
