"""The parts of a document as Word has them: paragraphs in styles, tables with a repeated head, pictures, signatures."""

from __future__ import annotations

import io
from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor

from geo.output.decree.checklist import ELEMENTS
from geo.output.dossier.documents.blocks import (
    Block,
    Facts,
    Fill,
    Grid,
    Link,
    Paragraph,
    Picture,
    Section,
    Signature,
    Signatures,
)
from geo.output.shared.word import set_row_rule

_ALIGN = {"l": WD_ALIGN_PARAGRAPH.LEFT, "c": WD_ALIGN_PARAGRAPH.CENTER, "r": WD_ALIGN_PARAGRAPH.RIGHT}
_ROLES = {"body": "Normal", "item": "List Bullet", "note": "Note", "missing": "Missing"}
_SIGN_MM = 24
_EMU_PER_TWIP = 635


class Writer:
    """Sets blocks before a paragraph of a template, in the styles of the template."""

    def __init__(self, paper: Any, pictures: Mapping[str, bytes]) -> None:
        self.paper = paper
        self._anchor: Any = None
        self._pictures = pictures
        self._last: Any = None
        self._final: Any = None
        self._style_ids: dict[str, str] = {}
        section = paper.sections[0]
        self.width = int(section.page_width - section.left_margin - section.right_margin)
        """The width of a line in EMU."""

    def before(self, paragraph: Any) -> None:
        """Set what follows before this paragraph."""
        self._anchor = self._last = paragraph

    def section(self, section: Section, number: str) -> None:
        """A section with its heading and blocks."""
        if section.new_page:
            self.paragraph("", "Normal").add_run().add_break(WD_BREAK.PAGE)
        if section.heading:
            self.paragraph(f"{number}. {section.heading}" if number else section.heading, f"Heading {section.level}")
        for block, following in zip_longest(section.blocks, section.blocks[1:]):
            self.block(block)
            # A sentence that leads to a table stays with it.
            if isinstance(block, Paragraph) and isinstance(following, Grid):
                self._last.paragraph_format.keep_with_next = True

    def block(self, block: Block) -> None:
        """One block."""
        match block:
            case Paragraph():
                self.paragraph(block.text, _ROLES[block.role])
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
            case Link():
                self._link(block)

    def paragraph(self, text: str, style: str, outline: int | None = None) -> Any:
        """A paragraph in a style of the template; `outline`: its level among the headings."""
        paragraph = self.paper.add_paragraph(text)
        self._styled(paragraph, style)
        self._anchor._p.addprevious(paragraph._p)
        if outline is not None:
            level = OxmlElement("w:outlineLvl")
            level.set(qn("w:val"), str(outline))
            paragraph._p.get_or_add_pPr().append(level)
        self._last = self._final = paragraph
        return paragraph

    def stay(self) -> None:
        """Hold the last paragraph together with what follows: a signature does not stand on a page of its own."""
        if self._final is not None:
            self._final.paragraph_format.keep_with_next = True

    def end_section(self, properties: Any) -> None:
        """End the section of pages that has these properties; what follows begins on a new page."""
        paragraph = self.paragraph("", "Normal")
        paragraph.paragraph_format.space_after, paragraph.paragraph_format.line_spacing = Pt(0), Pt(1)
        paragraph._p.get_or_add_pPr().append(properties)

    def turn(self, properties: Any) -> None:
        """Set what follows to the width of a section's pages."""
        size, margins = properties.find(qn("w:pgSz")), properties.find(qn("w:pgMar"))
        twips = int(size.get(qn("w:w"))) - sum(int(margins.get(qn(f"w:{side}"))) for side in ("left", "right"))
        self.width = twips * _EMU_PER_TWIP

    def _styled(self, paragraph: Any, name: str) -> None:
        """Give a paragraph a style of the template, by its id: python-docx reads the whole list for each look-up."""
        if name not in self._style_ids:
            self._style_ids[name] = self.paper.styles[name].style_id
        paragraph._p.style = self._style_ids[name]

    def table(
        self,
        rows: int,
        columns: int,
        widths: tuple[float, ...],
        style: str | None = None,
        *,
        margins: bool = True,
    ) -> Any:
        """A table over the line, its columns by their `widths`; without `margins`, texts reach to the cells' edges."""
        table = self.paper.add_table(rows=rows, cols=columns)
        if style:
            table.style = style
        table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
        if not margins:
            _bare(table)
        whole = sum(widths)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Emu(int(self.width * width / whole))
            for cell in column.cells:
                cell.width = column.width
        self._anchor._p.addprevious(table._tbl)
        return table

    def space(self) -> None:
        """A thin line after a table: Word joins tables that touch."""
        paragraph = self.paragraph("", "Normal")
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.line_spacing = Pt(6)

    def lines(self, cell: Any, lines: list[tuple[str, str]], *, first: bool = True) -> None:
        """Lines of a cell, each with the element of the checklist as which it is set."""
        for number, (text, name) in enumerate(lines):
            paragraph = cell.paragraphs[0] if first and number == 0 else cell.add_paragraph()
            self._styled(paragraph, "Letterhead")
            element = ELEMENTS[name]
            run = paragraph.add_run(text)
            run.bold, run.italic, run.font.size = element.bold, element.italic, Pt(element.size)
            paragraph.alignment = _ALIGN["l" if element.align == "left" else "c"]

    def _facts(self, block: Facts) -> None:
        table = self.table(len(block.rows), 2, (34, 66), "Table Grid")
        for row, texts in zip(table.rows, block.rows, strict=True):
            set_row_rule(row, "w:cantSplit")
            for cell, text in zip(row.cells, texts, strict=True):
                self._cell(cell, text, "l")
        self.space()

    def _grid(self, block: Grid) -> None:
        table = self.table(1 + len(block.rows), len(block.head), block.widths, "Table Grid")
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
        self.space()

    def _cell(self, cell: Any, text: str, align: str, style: str = "Table Cell") -> None:
        paragraph = cell.paragraphs[0]
        self._styled(paragraph, style)
        paragraph.add_run(text)
        paragraph.alignment = _ALIGN[align]
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER

    def _picture(self, block: Picture) -> None:
        paragraph = self.paragraph("", "Picture")
        shape = paragraph.add_run().add_picture(
            io.BytesIO(self._pictures[block.name]), width=Emu(int(self.width * min(block.width, 0.99)))
        )
        shape._inline.docPr.set("descr", block.alt)
        if block.caption:
            paragraph.paragraph_format.keep_with_next = True
            self.paragraph(block.caption, "Picture")

    def _fill(self, block: Fill) -> None:
        for number in range(block.lines + (block.lines > 1)):
            begin = block.label if number == 0 else ""
            dotted = block.lines == 1 or number > 0
            paragraph = self.paragraph(
                f"{begin} \t" if begin and dotted else f"{begin}\t" if dotted else begin, "Normal"
            )
            paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
            paragraph.paragraph_format.first_line_indent = Mm(0)
            paragraph.paragraph_format.space_after = Pt(2)
            paragraph.paragraph_format.keep_with_next = number < block.lines and block.lines > 1
            stops = paragraph.paragraph_format.tab_stops
            stops.add_tab_stop(Emu(self.width), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)

    def _signatures(self, block: Signatures) -> None:
        places: list[Signature | None] = [*block.places, *([None] * (len(block.places) % 2))]
        table = self.table(len(places) // 2, 2, (50, 50))
        cells = [cell for row in table.rows for cell in row.cells]
        for row in table.rows:
            set_row_rule(row, "w:cantSplit")
        for cell, place in zip(cells, places, strict=True):
            if place is not None:
                self.sign(cell, place)
        self.space()

    def sign(self, cell: Any, place: Signature) -> None:
        """A place to sign: the lines over it, what to write, and room for it."""
        paragraph = cell.paragraphs[0]
        self._styled(paragraph, "Signature Block")
        for line in place.lines:
            run = paragraph.add_run(line)
            run.bold = True
            run.add_break()
        note = paragraph.add_run(place.note)
        note.italic, note.bold, note.font.size = True, False, Pt(ELEMENTS["note"].size)
        paragraph.paragraph_format.space_after = Mm(_SIGN_MM)

    def _link(self, block: Link) -> None:
        """A text and an address: a true link, and copied as it is."""
        paragraph = self.paragraph(f"{block.text} ", "Picture")
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), self.paper.part.relate_to(block.url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        run = paragraph.add_run(block.url)
        run.font.color.rgb = RGBColor(0x0B, 0x3D, 0x91)
        run.font.underline = True
        link.append(run._r)
        paragraph._p.append(link)


def _bare(table: Any) -> None:
    """Take the space at the edges of a table's cells away."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), "0")
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    properties = table._tbl.tblPr
    properties.insert_element_before(margins, "w:tblLook", "w:tblCaption", "w:tblDescription")


def _shade(cell: Any) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "EBEBEB")):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)
