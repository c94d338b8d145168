"""Documents as DOCX, set into a template: real styles, real tables, editable, the same bytes each time."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import docx as python_docx
from docx.opc.exceptions import PackageNotFoundError

from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.output.dossier.documents.blocks import Document, Section
from geo.output.dossier.documents.frame import roman
from geo.output.dossier.edition import Edition
from geo.output.dossier.writers import docx_frame
from geo.output.dossier.writers.docx_blocks import Writer
from geo.output.shared.word import saved, set_properties

_PLACE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


def docx(document: Document, pictures: Mapping[str, bytes], edition: Edition) -> bytes:
    """The document as DOCX; `pictures` are PNGs by name.

    Raises
    ------
    InputError
        The template is not a DOCX, lacks a style, or names a placeholder that there is not: with the paragraph.
    """
    content, path = edition.template(f"{document.kind}.docx", "paper.docx")
    paper = _paper(content, path)
    _check(paper, document, path)
    texts = _texts(document)
    writer = Writer(paper, pictures)
    try:
        for paragraph in list(paper.paragraphs):
            _replace(writer, paragraph, document, texts)
        for paragraph in _margins(paper):
            _fill(paragraph, texts)
    except KeyError as error:
        raise InputError(Problem("output.missing-style", str(path), name=str(error))) from error
    set_properties(paper, f"{document.title} – {document.subject}", document.day, document.lang)
    return saved(paper)


def _paper(content: bytes, path: Path) -> Any:
    try:
        return python_docx.Document(io.BytesIO(content))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise InputError(Problem("output.not-word", str(path), reason=str(error))) from error


def _texts(document: Document) -> dict[str, str]:
    own = {name: getattr(document, name) for name in ("title", "subject", "notice", "footer")}
    return own | dict(document.extra)


def _check(paper: Any, document: Document, path: Path) -> None:
    """Refuse placeholders that nothing fills, all at once; a section that this edition lacks is no fault."""
    known = {*_texts(document), *_PARTS}
    named = re.compile(r"section:[a-z-]+")
    wrong = [
        Problem(
            "output.unknown-placeholder",
            Message("output.paragraph", file=str(path), number=number),
            name=_braced(name),
            known=[*map(_braced, sorted(known)), _braced("section:NAME")],
        )
        for number, paragraph in enumerate(paper.paragraphs, 1)
        for name in _PLACE.findall(paragraph.text)
        if name not in known and not named.fullmatch(name)
    ]
    if wrong:
        raise InputError(wrong)


def _braced(name: str) -> str:
    return f"{{{{{name}}}}}"


def _replace(writer: Writer, paragraph: Any, document: Document, texts: dict[str, str]) -> None:
    alone = _PLACE.fullmatch(paragraph.text.strip())
    name = alone.group(1) if alone else ""
    writer.before(paragraph)
    if name in _PARTS:
        _PARTS[name](writer, document)
    elif name.startswith("section:"):
        for number, section in _numbered(document, document.all_sections):
            if name == f"section:{section.key}":
                writer.section(section, number)
    else:
        _fill(paragraph, texts)
        return
    paragraph._p.getparent().remove(paragraph._p)


def _header(writer: Writer, document: Document) -> None:
    docx_frame.letterhead(writer, document.header)


def _sections(writer: Writer, document: Document) -> None:
    for number, section in _numbered(document, document.sections):
        writer.section(section, number)


def _closing(writer: Writer, document: Document) -> None:
    if document.closing is not None:
        docx_frame.closing(writer, document.closing)


_PARTS: Mapping[str, Callable[[Writer, Document], None]] = {
    "header": _header,
    "heading": docx_frame.heading,
    "opening": docx_frame.opening,
    "sections": _sections,
    "closing": _closing,
    "appendices": docx_frame.appendices,
}
"""What a paragraph of a template may call beside the sections one by one."""


def _numbered(document: Document, sections: tuple[Section, ...]) -> Iterator[tuple[str, Section]]:
    """Sections of the body that have a heading, with their Roman figures; others without."""
    number = 0
    for section in sections:
        counted = section.level == 1 and bool(section.heading) and section in document.sections
        number += counted
        yield (roman(number) if counted else ""), section


def _fill(paragraph: Any, texts: Mapping[str, str]) -> None:
    """Texts for placeholders inside a paragraph; Word may have torn one into several runs, so they are joined first."""
    if not _PLACE.search(paragraph.text):
        return
    filled = _PLACE.sub(lambda found: texts.get(found.group(1), found.group(0)), paragraph.text)
    first, *others = paragraph.runs
    first.text = filled
    for run in others:
        run.text = ""


def _margins(paper: Any) -> Iterator[Any]:
    for section in paper.sections:
        for part in (section.footer, section.first_page_footer, section.header, section.first_page_header):
            if not part.is_linked_to_previous:
                yield from part.paragraphs
