"""Makes the DOCX templates that are shipped: `python -m geo.output.dossier.starter FOLDER`.

They are ordinary Word files. A paragraph `{{section:wards}}` is where that section goes; `{{title}}`, `{{subject}}`,
`{{notice}}`, `{{footer}}` and the names in `Document.extra` may stand anywhere in a text. Styles are those of the file.
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
from geo.output.shared.word import add_page_number, saved, set_font

DOSSIER = (
    *("{{header}}", "{{title}}", "{{subject}}", "{{notice}}"),
    *(
        f"{{{{section:{key}}}}}"
        for key in ("site", "wards", "map", "check", "history", "reports", "coverage", "conclusion")
    ),
    *("{{section:signatures}}", "{{section:sources}}"),
)
MINUTES = (
    *("{{header}}", "{{title}}", "{{subject}}", "{{notice}}"),
    *(f"{{{{section:{key}}}}}" for key in ("opening", "present", "sites", "findings", "handover", "signatures")),
)
_TITLES = {"{{title}}": "Document Title", "{{subject}}": "Document Subject", "{{notice}}": "Document Notice"}


def starter(paragraphs: tuple[str, ...]) -> bytes:
    """A template with these paragraphs: A4, margins and styles after Nghị định 30/2020/NĐ-CP."""
    document = docx.Document()
    _page(document.sections[0])
    _styles(document.styles)
    for text in paragraphs:
        document.add_paragraph(text, style=_TITLES.get(text, "Normal"))
    core = document.core_properties
    core.author, core.comments, core.title, core.last_modified_by = "", "", "", ""
    return saved(document)


def _page(section: Any) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = section.footer_distance = Mm(10)
    add_page_number(section)
    for footer in (section.footer, section.first_page_footer):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = paragraph.add_run("{{notice}} · {{footer}}")
        run.font.size = Pt(9)


def _styles(styles: Any) -> None:
    normal = styles["Normal"]
    set_font(normal, 13)
    normal.paragraph_format.space_after = Pt(4)
    normal.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    for level, italic in ((1, False), (2, True), (3, True)):
        heading = styles[f"Heading {level}"]
        set_font(heading, 13, bold=level < 3, italic=italic)
        heading.font.color.rgb = RGBColor(0, 0, 0)
        heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(9), Pt(5)
        heading.paragraph_format.keep_with_next = True
    set_font(styles["List Bullet"], 13)
    _added(styles, "Document Title", 14, bold=True).paragraph_format.space_before = Pt(14)
    _added(styles, "Document Subject", 14, bold=True)
    _added(styles, "Document Notice", 12, italic=True)
    _added(styles, "Letterhead", 12)
    _added(styles, "Signature Block", 12).paragraph_format.keep_with_next = True
    _added(styles, "Table Cell", 11).paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
    _added(styles, "Table Head", 11, bold=True)
    _added(styles, "Picture", 11, italic=True)
    for name in ("Note", "Missing"):
        _added(styles, name, 12, italic=True).paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        styles[name].paragraph_format.space_after = Pt(4)


def _added(styles: Any, name: str, size: float, *, bold: bool = False, italic: bool = False) -> Any:
    style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = styles["Normal"]
    set_font(style, size, bold=bold, italic=italic)
    style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    style.paragraph_format.space_after = Pt(1)
    return style


if __name__ == "__main__":
    for name, paragraphs in (("dossier.docx", DOSSIER), ("minutes.docx", MINUTES)):
        write_atomic(Path(sys.argv[1]) / name, starter(paragraphs))
