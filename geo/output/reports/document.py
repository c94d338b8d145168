"""The half-year and year report as a document that an office completes and signs.

Layout after Nghị định 30/2020/NĐ-CP: A4, margins of 20 mm at top, bottom and right and 30 mm at left, Times New Roman,
the national heading, page numbers centred on top from page 2. Same attainment, same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from geo.analysis.coverage.attainment import Attainment, Result
from geo.output.reports.wording import (
    EXAMPLE,
    LEVELS,
    NO_PHASE_LIST,
    PHASES,
    STATES,
    aim,
    attained,
    day_text,
    due_text,
    in_order,
    number,
    percent,
    phase_name,
    still_missing,
    title,
)
from geo.reference.cities import city
from geo.reference.programmes import Indicator

_CENTRE, _LEFT, _JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.JUSTIFY
_FONT, _BODY_PT, _TABLE_PT = "Times New Roman", 13, 10
_LONG, _SHORT = Mm(297), Mm(210)
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)
_DOTS = "…" * 32


def report_docx(told: Attainment) -> bytes:
    """The report on `told` as DOCX: reporting, results in the plan's order, wards outside the programme, annexes.

    A figure that nobody reported says so and is never written as zero.
    """
    document = Document()
    _styles(document)
    section = document.sections[0]
    section.page_width, section.page_height = _SHORT, _LONG
    _margins(section)
    _page_numbers(section)
    _heading(document, told)
    _reporting(document, told)
    _summary(document, told)
    _outside(document, told)
    _closing(document)
    _annex_results(document, told)
    _annex_silent(document, told)
    _properties(document, told)
    buffer = io.BytesIO()
    document.save(buffer)
    return _settled(buffer.getvalue())


def _styles(document: Any) -> None:
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(_BODY_PT)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    style.paragraph_format.space_after = Pt(6)
    for level in (1, 2):
        heading = document.styles[f"Heading {level}"]
        heading.font.name, heading.font.size, heading.font.bold = _FONT, Pt(_BODY_PT), True
        heading.font.color.rgb = None
        heading.paragraph_format.space_before = heading.paragraph_format.space_after = Pt(6)
        heading.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
        for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            heading.element.rPr.rFonts.attrib.pop(qn(f"w:{kind}"), None)


def _margins(section: Any) -> None:
    section.top_margin = section.bottom_margin = section.right_margin = Mm(20)
    section.left_margin = Mm(30)


def _page_numbers(section: Any) -> None:
    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = _CENTRE
    run = paragraph.add_run()
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def _heading(document: Any, told: Attainment) -> None:
    place = city(told.programme.city).name
    table = document.add_table(rows=1, cols=2)
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, (Mm(62), Mm(98)), strict=True):
        column.width = width
    left, right = table.rows[0].cells
    for cell, width in ((left, Mm(62)), (right, Mm(98))):
        cell.width = width
    issuer = f"ỦY BAN NHÂN DÂN\nTHÀNH PHỐ {place.upper()}"
    _lines(left, [(issuer, False), ("SỞ Y TẾ", True), ("Số:        /BC-SYT", False)])
    nation = [("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", True), ("Độc lập - Tự do - Hạnh phúc", True)]
    _lines(right, [*nation, (f"{place}, ngày      tháng      năm {told.day.year}", False)])
    if told.example:
        _centred(document, EXAMPLE)
    _centred(document, "BÁO CÁO")
    _centred(document, title(told))
    programme = told.programme
    text = (
        f"Thực hiện {programme.document} ngày {day_text(programme.issued)} của {programme.issuer} "
        f"({programme.title}), kết quả đến ngày {day_text(told.day)} như sau. Thời hạn gửi báo cáo: {due_text(told)}."
    )
    _body(document, text)


def _reporting(document: Any, told: Attainment) -> None:
    document.add_heading("I. TÌNH HÌNH BÁO CÁO", 1)
    told_by = told.reporting
    text = f"{told_by.reporting}/{told_by.wards} xã, phường đã có ít nhất một số liệu ({percent(told_by.share)})"
    silent = f"; {len(told_by.without)} xã, phường chưa có số liệu nào (Phụ lục II)" if told_by.without else ""
    _body(document, f"{text}{silent}.")
    if not told.programme.phases.pilot:
        return
    wards = told.rows("ward").drop_duplicates("code")
    reported = wards[~wards["code"].isin(told_by.without)]["phase"].value_counts()
    cells = [
        [phase_name(told, phase), str((wards["phase"] == phase).sum()), str(reported.get(phase, 0))] for phase in PHASES
    ]
    _table(document, ["Nhóm xã, phường", "Tổng số", "Đã có số liệu"], cells, [80, 35, 35])


def _summary(document: Any, told: Attainment) -> None:
    document.add_heading("II. KẾT QUẢ THỰC HIỆN CHỈ TIÊU", 1)
    count = {state: sum(result.state == state for result in told.results) for state in STATES}
    words = "; ".join(f"{STATES[state][0].lower()}: {count[state]}" for state in STATES)
    whole = len(told.results)
    _body(document, f"Trong {whole} mức chỉ tiêu của kế hoạch: {words}. Chi tiết từng chỉ tiêu tại Phụ lục I.")
    if told.audience == "public":
        _body(document, "Bản công khai: số liệu từ 1 đến 4 và số liệu có thể suy ra chúng không được công bố.")


def _outside(document: Any, told: Attainment) -> None:
    document.add_heading("III. XÃ, PHƯỜNG NGOÀI CHƯƠNG TRÌNH CÓ ĐIỂM ĐANG HOẠT ĐỘNG ĐI QUA", 1)
    if not told.programme.phases.pilot:
        _body(document, NO_PHASE_LIST)
        return
    if told.outside is None:
        _body(document, "Chưa có dữ liệu điểm để đối chiếu.")
        return
    if told.outside.empty:
        _body(document, "Không có.")
        return
    cells = [
        [row["ward_name"], f"{row['site_id']} {row['site_name']}", LEVELS[row["site_level"]], number(row["length_m"])]
        for row in told.outside.to_dict("records")
    ]
    _table(document, ["Xã, phường", "Điểm", "Mức độ", "Chiều dài (m)"], cells, [40, 70, 28, 22])


def _closing(document: Any) -> None:
    document.add_heading("IV. KHÓ KHĂN, VƯỚNG MẮC; ĐỀ XUẤT, KIẾN NGHỊ", 1)
    for _ in range(3):
        _body(document, _DOTS)
    table = document.add_table(rows=1, cols=2)
    left, right = table.rows[0].cells
    _lines(left, [("Nơi nhận:", True), ("- Như trên;\n- Lưu: VT.", False)], _LEFT)
    _lines(right, [("THỦ TRƯỞNG CƠ QUAN", True), ("(Ký, ghi rõ họ tên, đóng dấu)", False)])


def _annex_results(document: Any, told: Attainment) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = _LONG, _SHORT
    section.different_first_page_header_footer = False
    _margins(section)
    _centred(document, f"PHỤ LỤC I\n{title(told)}, theo thứ tự chỉ tiêu của kế hoạch")
    lines = in_order(told)
    before = [None, *(indicator for indicator, _ in lines)]
    cells = [_result_cells(*line, again=last == line[0]) for last, line in zip(before, lines, strict=False)]
    columns = [column for column in range(len(_HEADING)) if column != _LEAD or any(entry.lead for entry, _ in lines)]
    # What a column that is left out would take goes to the text of the indicators.
    widths = [_WIDTHS_MM[column] for column in columns]
    widths[1] += sum(_WIDTHS_MM) - sum(widths)
    rows = [[row[column] for column in columns] for row in cells]
    _table(document, [_HEADING[column] for column in columns], rows, widths)


_HEADING = (
    *("STT", "Chỉ tiêu", "Cơ quan chủ trì", "Nội dung đo", "Mục tiêu", "Kết quả", "Còn thiếu", "Chưa báo cáo"),
    "Đánh giá",
)
_WIDTHS_MM = (11, 62, 30, 40, 26, 28, 20, 14, 16)
_LEAD = 2


def _result_cells(indicator: Indicator, result: Result | None, *, again: bool) -> list[str]:
    opening = ["", "", ""] if again else [indicator.id, indicator.text, indicator.lead or "–"]
    if result is None:
        return [indicator.id, indicator.text, *[""] * 7]
    silent = str(result.missing) if result.target.level == "ward" else "–"
    goal = aim(result.target, result.needed)
    told = [goal, attained(result), still_missing(result), silent, STATES[result.state][0]]
    return [*opening, result.target.label, *told]


def _annex_silent(document: Any, told: Attainment) -> None:
    if not told.reporting.without:
        return
    names = dict(told.rows("ward").drop_duplicates("code")[["code", "name"]].itertuples(index=False, name=None))
    _centred(document, "PHỤ LỤC II\nXã, phường chưa có số liệu nào trong kỳ")
    _body(document, "; ".join(names[code] for code in told.reporting.without) + ".")


def _table(document: Any, heading: Sequence[str], cells: Sequence[Sequence[str]], widths_mm: Sequence[float]) -> None:
    table = document.add_table(rows=1 + len(cells), cols=len(heading))
    table.style = "Table Grid"
    table.autofit = False
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
    for number_, row in enumerate((heading, *cells)):
        written = table.rows[number_]
        for cell, text, width in zip(written.cells, row, widths_mm, strict=True):
            cell.width = Mm(width)
            run = cell.paragraphs[0].add_run(text)
            run.font.size, run.bold = Pt(_TABLE_PT), number_ == 0
            cell.paragraphs[0].paragraph_format.space_after = Pt(0)
        _row_rule(written, "w:tblHeader" if number_ == 0 else "w:cantSplit")
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _row_rule(row: Any, rule: str) -> None:
    """The heading row is repeated on each page; no other row is torn in two."""
    row._tr.get_or_add_trPr().append(OxmlElement(rule))


def _lines(cell: Any, lines: Sequence[tuple[str, bool]], alignment: Any = _CENTRE) -> None:
    for number_, (text, bold) in enumerate(lines):
        paragraph = cell.paragraphs[0] if number_ == 0 else cell.add_paragraph()
        paragraph.alignment = alignment
        run = paragraph.add_run(text)
        run.bold, run.font.size = bold, Pt(12)
        paragraph.paragraph_format.space_after = Pt(2)


def _centred(document: Any, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = _CENTRE
    paragraph.add_run(text).bold = True


def _body(document: Any, text: str) -> None:
    document.add_paragraph(text).alignment = _JUSTIFY


def _properties(document: Any, told: Attainment) -> None:
    moment = datetime(told.day.year, told.day.month, told.day.day)  # noqa: DTZ001
    known = document.core_properties
    known.title, known.author, known.language, known.comments = title(told), "", "vi-VN", ""
    known.created = known.modified = moment
    known.last_modified_by = ""


def _settled(data: bytes) -> bytes:
    """The same archive without the times at which its parts were written."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w") as target:
        for entry in source.infolist():
            settled = zipfile.ZipInfo(entry.filename, _ZIP_DAY)
            settled.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(settled, source.read(entry))
    return buffer.getvalue()
