"""Makes the DOCX template that is shipped: `python -m geo.output.dossier.starter FOLDER`.

It is an ordinary Word file. A paragraph `{{section:wards}}` is where that section goes, `{{sections}}` all of the body,
`{{appendices}}` what goes with it; `{{title}}`, `{{subject}}`, `{{notice}}`, `{{footer}}` and the names in
`Document.extra` may stand anywhere in a text. Styles are those of the file, sizes those of the decree's checklist.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt, RGBColor

from geo.files import write_atomic
from geo.output.decree.checklist import ELEMENTS, PAGE, Align
from geo.output.shared.word import add_page_number, saved, set_font

PAPER = ("{{header}}", "{{heading}}", "{{opening}}", "{{sections}}", "{{closing}}", "{{appendices}}")
STYLES = {
    "Document Title": "title",
    "Document Subject": "subject",
    "Document Notice": "note",
    "Document Caution": "note",
    "Addressed": "addressed",
    "Grounds": "grounds",
    "Letterhead": "parent",
    "Signature Block": "authority",
    "Recipients": "recipients",
    "Appendix": "appendix",
    "Appendix Title": "appendix_title",
    "Appendix Reference": "appendix_reference",
    "Table Cell": "table",
    "Note": "note",
    "Missing": "note",
    "Picture": "note",
}
"""Styles of the template, each with the element of the checklist that it is set as."""
_ALIGN: dict[Align, Any] = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "centre": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
}


def starter(paragraphs: tuple[str, ...] = PAPER) -> bytes:
    """A template with these paragraphs: A4, margins and styles after Nghị định 30/2020/NĐ-CP."""
    document = docx.Document()
    _page(document.sections[0])
    _styles(document.styles)
    for text in paragraphs:
        document.add_paragraph(text, style="Normal")
    core = document.core_properties
    core.author, core.comments, core.title, core.last_modified_by = "", "", "", ""
    return saved(document)


def _page(section: Any) -> None:
    section.page_width, section.page_height = Mm(PAGE.width), Mm(PAGE.height)
    section.top_margin, section.bottom_margin = Mm(PAGE.top), Mm(PAGE.bottom)
    section.left_margin, section.right_margin = Mm(PAGE.left), Mm(PAGE.right)
    section.header_distance = section.footer_distance = Mm(10)
    add_page_number(section)
    for footer in (section.footer, section.first_page_footer):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.first_line_indent = Mm(0)
        run = paragraph.add_run("{{notice}} · {{footer}}")
        run.font.size = Pt(ELEMENTS["foot"].size)


def _styles(styles: Any) -> None:
    normal, body = styles["Normal"], ELEMENTS["body"]
    set_font(normal, body.size)
    normal.paragraph_format.space_after = Pt(PAGE.paragraph_gap)
    normal.paragraph_format.line_spacing = PAGE.line
    normal.paragraph_format.first_line_indent = Mm(PAGE.indent)
    normal.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    for level in (1, 2, 3):
        heading, size = styles[f"Heading {level}"], ELEMENTS["heading"].size
        set_font(heading, size, bold=level < 3)
        heading.font.color.rgb = RGBColor(0, 0, 0)
        heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(9), Pt(6)
        heading.paragraph_format.first_line_indent = Mm(0)
        heading.paragraph_format.keep_with_next = True
    set_font(styles["List Bullet"], body.size)
    for name, element in STYLES.items():
        _added(styles, name, element)
    _added(styles, "Table Head", "table").font.bold = True
    for name in ("Document Title", "Appendix"):
        styles[name].paragraph_format.space_before = Pt(12)
    styles["Addressed"].paragraph_format.space_after = Pt(PAGE.paragraph_gap)
    styles["Appendix Reference"].paragraph_format.space_after = Pt(10)
    for name in ("Grounds", "Note"):
        styles[name].paragraph_format.first_line_indent = Mm(PAGE.indent)
        styles[name].paragraph_format.space_after = Pt(PAGE.paragraph_gap)
    for name in ("Document Notice", "Picture"):
        styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    styles["Signature Block"].paragraph_format.keep_with_next = True


def _added(styles: Any, name: str, element: str) -> Any:
    style, look = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH), ELEMENTS[element]
    style.base_style = styles["Normal"]
    set_font(style, look.size, bold=look.bold, italic=look.italic)
    style.paragraph_format.alignment = _ALIGN[look.align]
    style.paragraph_format.first_line_indent = Mm(0)
    style.paragraph_format.line_spacing = 1.0
    style.paragraph_format.space_after = Pt(1)
    return style


if __name__ == "__main__":
    write_atomic(Path(sys.argv[1]) / "paper.docx", starter())
