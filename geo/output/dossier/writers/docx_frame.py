"""What frames a Word document: heading of the office, type and matter, addressee, end, appendices with own pages."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from geo.output.dossier.documents.blocks import Appendix, Closing, Document, Header, Section
from geo.output.dossier.writers.docx_blocks import Writer
from geo.output.dossier.writers.text_width import rule_mm
from geo.output.shared.word import set_row_rule

_EMU_PER_MM = 36_000
_LEFT, _RIGHT = 42, 58


def letterhead(writer: Writer, header: Header) -> None:
    """Who issues, the nation, number, place and date: a table without borders."""
    table = writer.table(2, 2, (_LEFT, _RIGHT), margins=False)
    left, right = table.rows[0].cells
    room = writer.width / _EMU_PER_MM
    writer.lines(left, [(line, "parent") for line in header.parent.split("\n")])
    writer.lines(left, [(line, "office") for line in header.office.split("\n")], first=False)
    rule(left.add_paragraph(), "office", header.office, room * _LEFT / 100)
    writer.lines(right, [(header.nation, "nation"), (header.motto, "motto")])
    rule(right.add_paragraph(), "motto", header.motto, room * _RIGHT / 100)
    number, place = table.rows[1].cells
    writer.lines(number, [(header.number, "number")])
    writer.lines(place, [(header.place_date, "place_date")])


def heading(writer: Writer, document: Document) -> None:
    """Type and matter of the document, a rule, and for whom it is."""
    writer.paragraph(document.title, "Document Title")
    writer.paragraph(document.subject, "Document Subject")
    rule(writer.paragraph("", "Document Notice"), "subject", document.subject, writer.width / _EMU_PER_MM)
    writer.paragraph(document.notice, "Document Notice")


def opening(writer: Writer, document: Document) -> None:
    """What has to be known first, to whom it goes, and on what it rests."""
    for caution in document.cautions:
        writer.paragraph(caution, "Document Caution")
    if document.addressed:
        writer.paragraph(f"{document.addressed_head}: {'; '.join(document.addressed)}.", "Addressed")
    for ground in document.grounds:
        writer.paragraph(ground, "Grounds")


def closing(writer: Writer, end: Closing) -> None:
    """Who signs, on the right; on the left, level with it, who gets the document, or the secretary."""
    writer.stay()
    table = writer.table(1, 2, (46, 54) if end.left is None else (50, 50), margins=False)
    left, right = table.rows[0].cells
    set_row_rule(table.rows[0], "w:cantSplit")
    writer.sign(right, end.right)
    if end.left is not None:
        writer.sign(left, end.left)
        table = writer.table(1, 1, (100,), margins=False)
        left = table.rows[0].cells[0]
    writer.lines(left, [(end.recipients_head, "recipients_head"), *((line, "recipients") for line in end.recipients)])
    writer.space()


def appendices(writer: Writer, document: Document) -> None:
    """Each appendix on pages of its own, which are counted from 1; one that lies across has its page turned."""
    last = writer.paper.sections[-1]._sectPr
    upright = deepcopy(last)
    before = upright
    for entry in document.appendices:
        writer.end_section(deepcopy(before))
        before = _counted(deepcopy(upright), across=entry.across)
        writer.turn(before)
        _appendix(writer, entry)
    if document.appendices:
        parent, place = last.getparent(), last.getparent().index(last)
        parent.remove(last)
        parent.insert(place, before)
    writer.turn(upright)


def _appendix(writer: Writer, entry: Appendix) -> None:
    writer.paragraph(entry.label, "Appendix", outline=0)
    writer.paragraph(entry.title, "Appendix Title")
    writer.paragraph(entry.reference, "Appendix Reference")
    for section in entry.sections:
        deeper = Section(section.key, section.heading, section.blocks, section.level + 1, section.new_page)
        writer.section(deeper, "")


def _counted(properties: Any, *, across: bool) -> Any:
    """The properties of a section whose pages are counted from 1."""
    for old in properties.findall(qn("w:pgNumType")):
        properties.remove(old)
    start = OxmlElement("w:pgNumType")
    start.set(qn("w:start"), "1")
    properties.find(qn("w:pgMar")).addnext(start)
    if across:
        size = properties.find(qn("w:pgSz"))
        width, height = size.get(qn("w:w")), size.get(qn("w:h"))
        size.set(qn("w:w"), height)
        size.set(qn("w:h"), width)
        size.set(qn("w:orient"), "landscape")
    return properties


def rule(paragraph: Any, name: str, text: str, room_mm: float) -> None:
    """A rule as long as its share of the last line of `text`, centred in a paragraph as wide as `room_mm`."""
    length = rule_mm(name, text, room_mm)
    properties = paragraph._p.get_or_add_pPr()
    borders = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for key, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{key}"), value)
    borders.append(top)
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
    side = max((room_mm - length) / 2, 0.0)
    shape = paragraph.paragraph_format
    shape.left_indent = shape.right_indent = Mm(side)
    shape.first_line_indent = Mm(0)
    shape.space_before = shape.space_after = Pt(1)
    shape.line_spacing = Pt(4)
