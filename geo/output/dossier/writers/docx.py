"""Documents as DOCX, set into a template: real styles, real tables, editable, the same bytes each time."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import docx as python_docx
from docx.opc.exceptions import PackageNotFoundError

from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.output.dossier.documents.blocks import Document
from geo.output.dossier.edition import Edition
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
    content, path = edition.template(f"{document.kind}.docx")
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
    known = {*_texts(document), "header", "sections"}
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
    if name == "header":
        writer.letterhead(document.header)
    elif name == "sections" or name.startswith("section:"):
        for number, section in _numbered(document):
            if name in ("sections", f"section:{section.key}"):
                writer.section(section, number)
    else:
        _fill(paragraph, texts)
        return
    paragraph._p.getparent().remove(paragraph._p)


def _numbered(document: Document) -> Iterator[tuple[str, Any]]:
    """Sections of level 1 with their Roman figures; signatures have none."""
    number = 0
    for section in document.sections:
        counted = section.level == 1 and section.key not in ("signatures", "opening")
        number += counted
        yield (_roman(number) if counted else ""), section


def _roman(number: int) -> str:
    """A Roman figure up to 39.

    >>> _roman(4), _roman(9), _roman(14)
    ('IV', 'IX', 'XIV')
    """
    ones = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
    return "X" * (number // 10) + ones[number % 10]


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
