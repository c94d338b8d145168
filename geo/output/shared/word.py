"""What all Word documents share: faces for every script, fields, and the same bytes for the same content."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from geo.i18n.language import Lang

FACE = "Times New Roman"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The first day that ZIP knows."""


def set_font(style: Any, size: float, *, bold: bool = False, italic: bool = False) -> None:
    """Set a style in `FACE`, for letters of every script, whatever the theme of the document says."""
    style.font.name, style.font.size, style.font.bold, style.font.italic = FACE, Pt(size), bold, italic
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), FACE)
    fonts.set(qn("w:cs"), FACE)
    for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{kind}"), None)


def add_page_number(section: Any) -> None:
    """The number of the page, centred on top from page 2."""
    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.first_line_indent = Pt(0)
    run = paragraph.add_run()
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def set_row_rule(row: Any, rule: str) -> None:
    """`w:tblHeader`: the row is repeated on each page; `w:cantSplit`: it is not torn in two."""
    row._tr.get_or_add_trPr().append(OxmlElement(rule))


def set_properties(paper: Any, title: str, day: date, lang: Lang) -> None:
    """Title, language and the day of the content; nothing of who made the file, when, or on which machine."""
    known = paper.core_properties
    moment = datetime(day.year, day.month, day.day)  # noqa: DTZ001
    known.title, known.author, known.comments, known.last_modified_by = title[:255], "", "", ""
    known.language = "vi-VN" if lang == "vi" else "en-GB"
    known.created = known.modified = moment
    known.revision = 1
    _set_language(paper, known.language)


def _set_language(paper: Any, language: str) -> None:
    """The language in which Word checks the spelling of every text that says no other."""
    for found in paper.styles.element.iter(qn("w:lang")):
        found.set(qn("w:val"), language)
        found.set(qn("w:eastAsia"), language)


def _without_thumbnail(paper: Any) -> None:
    """Take away the picture of an empty page that the library's own template carries."""
    relations = paper.part.package.rels
    for key in [key for key, entry in relations.items() if entry.reltype.endswith("/thumbnail")]:
        del relations[key]


def saved(paper: Any) -> bytes:
    """The document as a file: its parts in order, all dated the first day that ZIP knows."""
    written, buffer = io.BytesIO(), io.BytesIO()
    _without_thumbnail(paper)
    paper.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(buffer, "w") as target:
        for entry in source.infolist():
            undated = zipfile.ZipInfo(entry.filename, _FIRST_DAY)
            # A picture is packed already; to try again takes a tenth of the time of an atlas.
            undated.compress_type = zipfile.ZIP_STORED if entry.filename.endswith(".png") else zipfile.ZIP_DEFLATED
            target.writestr(undated, source.read(entry))
    return buffer.getvalue()
