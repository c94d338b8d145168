"""The parts of a document as Word has them: paragraphs in styles, tables with a repeated head, pictures, signatures."""

from __future__ import annotations

import io
from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt

from geo.output.dossier.documents.blocks import (
    Block,
    Facts,
    Fill,
    Grid,
    Header,
    Paragraph,
    Picture,
    Section,
    Signature,
    Signatures,
)
from geo.output.shared.word import set_row_rule

_ALIGN = {"l": WD_ALIGN_PARAGRAPH.LEFT, "c": WD_ALIGN_PARAGRAPH.CENTER, "r": WD_ALIGN_PARAGRAPH.RIGHT}
_ROLES = {"body": "Normal", "item": "List Bullet", "note": "Note", "missing": "Missing"}
_SIGN_MM = 21


class Writer:
    """Sets blocks before a paragraph of a template, in the styles of the template."""

    def __init__(self, paper: Any, pictures: Mapping[str, bytes]) -> None:
        self._paper = paper
        self._anchor: Any = None
        self._pictures = pictures
        self._last: Any = None
        self._style_ids: dict[str, str] = {}
        section = paper.sections[0]
        self._width = int(section.page_width - section.left_margin - section.right_margin)

    def before(self, paragraph: Any) -> None:
        """Set what follows before this paragraph."""
        self._anchor = self._last = paragraph

    def letterhead(self, header: Header) -> None:
        """The heading after Nghị định 30/2020/NĐ-CP: a table without borders."""
        table = self._table(2, 2, (42, 58))
        left, right = table.rows[0].cells
        self._lines(left, [(header.parent, False), (header.office, True)], 12)
        self._rule(left.paragraphs[-1])
        self._lines(right, [(header.nation, True), (header.motto, True)], 12)
        self._rule(right.paragraphs[-1])
        number, place = table.rows[1].cells
        self._lines(number, [(header.number, False)], 13)
        self._lines(place, [(header.place_date, False)], 13)
        for run in place.paragraphs[0].runs:
            run.italic = True

    def section(self, section: Section, number: str) -> None:
        """A section with its heading and blocks."""
        if section.new_page:
            self._paragraph("", "Normal").add_run().add_break(WD_BREAK.PAGE)
        if section.heading:
            self._paragraph(f"{number}. {section.heading}" if number else section.heading, f"Heading {section.level}")
        for block, following in zip_longest(section.blocks, section.blocks[1:]):
            self.block(block)
            # A sentence that leads to a table stays with it.
            if isinstance(block, Paragraph) and isinstance(following, Grid):
                self._last.paragraph_format.keep_with_next = True

    def block(self, block: Block) -> None:
        """One block."""
        match block:
            case Paragraph():
                self._paragraph(block.text, _ROLES[block.role])
            case Facts():
                self._facts(block)
            case Grid():
                self._grid(block)
            case Picture():
                self._picture(block)
            case Fill():
                self._fill(block)
            case Signatures():
                self._signatures(block)

    def _paragraph(self, text: str, style: str) -> Any:
        paragraph = self._paper.add_paragraph(text)
        self._styled(paragraph, style)
        self._anchor._p.addprevious(paragraph._p)
        self._last = paragraph
        return paragraph

    def _styled(self, paragraph: Any, name: str) -> None:
        """Give a paragraph a style of the template, by its id: python-docx reads the whole list for each look-up."""
        if name not in self._style_ids:
            self._style_ids[name] = self._paper.styles[name].style_id
        paragraph._p.style = self._style_ids[name]

    def _table(self, rows: int, columns: int, widths: tuple[float, ...], style: str | None = None) -> Any:
        table = self._paper.add_table(rows=rows, cols=columns)
        if style:
            table.style = style
        table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
        whole = sum(widths)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Emu(int(self._width * width / whole))
            for cell in column.cells:
                cell.width = column.width
        self._anchor._p.addprevious(table._tbl)
        return table

    def _space(self) -> None:
        """A thin line after a table: Word joins tables that touch."""
        paragraph = self._paragraph("", "Normal")
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.line_spacing = Pt(6)

    def _lines(self, cell: Any, lines: list[tuple[str, bool]], size: float) -> None:
        texts = [(line, bold) for text, bold in lines for line in text.split("\n")]
        for number, (text, bold) in enumerate(texts):
            paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            self._styled(paragraph, "Letterhead")
            run = paragraph.add_run(text)
            run.bold, run.font.size = bold, Pt(size)

    def _rule(self, paragraph: Any) -> None:
        """The line under the office and under the motto: a bottom border, narrowed by indents."""
        properties = paragraph._p.get_or_add_pPr()
        borders = OxmlElement("w:pBdr")
        bottom = OxmlElement("w:bottom")
        for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
            bottom.set(qn(f"w:{name}"), value)
        borders.append(bottom)
        properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(12)

    def _facts(self, block: Facts) -> None:
        table = self._table(len(block.rows), 2, (34, 66), "Table Grid")
        for row, texts in zip(table.rows, block.rows, strict=True):
            set_row_rule(row, "w:cantSplit")
            for cell, text in zip(row.cells, texts, strict=True):
                self._cell(cell, text, "l")
        self._space()

    def _grid(self, block: Grid) -> None:
        table = self._table(1 + len(block.rows), len(block.head), block.widths, "Table Grid")
        rows = list(table.rows)
        set_row_rule(rows[0], "w:cantSplit")
        set_row_rule(rows[0], "w:tblHeader")
        for cell, text in zip(rows[0].cells, block.head, strict=True):
            self._cell(cell, text, "c", "Table Head")
            _shade(cell)
        last = len(block.rows) - 1
        for number, (row, texts) in enumerate(zip(rows[1:], block.rows, strict=True)):
            set_row_rule(row, "w:cantSplit")
            for cell, text, align in zip(row.cells, texts, block.align, strict=True):
                self._cell(cell, text, align)
                if block.total and number == last:
                    for run in cell.paragraphs[0].runs:
                        run.bold = True
        self._space()

    def _cell(self, cell: Any, text: str, align: str, style: str = "Table Cell") -> None:
        paragraph = cell.paragraphs[0]
        self._styled(paragraph, style)
        paragraph.add_run(text)
        paragraph.alignment = _ALIGN[align]
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER

    def _picture(self, block: Picture) -> None:
        paragraph = self._paragraph("", "Picture")
        shape = paragraph.add_run().add_picture(
            io.BytesIO(self._pictures[block.name]), width=Emu(int(self._width * min(block.width, 0.99)))
        )
        shape._inline.docPr.set("descr", block.alt)
        if block.caption:
            paragraph.paragraph_format.keep_with_next = True
            self._paragraph(block.caption, "Picture")

    def _fill(self, block: Fill) -> None:
        for number in range(block.lines + (block.lines > 1)):
            begin = block.label if number == 0 else ""
            dotted = block.lines == 1 or number > 0
            paragraph = self._paragraph(
                f"{begin} \t" if begin and dotted else f"{begin}\t" if dotted else begin, "Normal"
            )
            paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
            paragraph.paragraph_format.space_after = Pt(2)
            paragraph.paragraph_format.keep_with_next = number < block.lines and block.lines > 1
            stops = paragraph.paragraph_format.tab_stops
            stops.add_tab_stop(Emu(self._width), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)

    def _signatures(self, block: Signatures) -> None:
        places: list[Signature | None] = [None, block.lead] if block.lead else []
        places += list(block.places)
        places += [None] * (len(places) % 2)
        table = self._table(len(places) // 2, 2, (50, 50))
        cells = [cell for row in table.rows for cell in row.cells]
        for row in table.rows:
            set_row_rule(row, "w:cantSplit")
        for cell, place in zip(cells, places, strict=True):
            self._sign(cell, place)
        self._space()

    def _sign(self, cell: Any, place: Signature | None) -> None:
        paragraph = cell.paragraphs[0]
        self._styled(paragraph, "Signature Block")
        if place is None:
            return
        lines = [*place.unit.split("\n"), *(line for line in place.role.split("\n") if line)]
        for number, line in enumerate(lines):
            run = paragraph.add_run(line)
            run.bold = True
            if number < len(lines):
                run.add_break()
        paragraph.add_run(place.note).italic = True
        paragraph.paragraph_format.space_after = Mm(_SIGN_MM)


def _shade(cell: Any) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "EBEBEB")):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)
