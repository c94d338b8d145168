"""A plan as DOCX: paragraphs and tables in their order, with merged cells; text that was deleted under tracked changes,
struck out or hidden is marked as such, and inserted text is read."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geo.importing.plans.files.blocks import Block, GridRow, cleaned, grid, line_texts
from geo.importing.plans.files.struck import FOOTNOTE, struck
from geo.importing.plans.words.plain_words import words_of
from geo.importing.tables.archive import check_archive, readable
from geo.importing.tables.model import LIMITS, refused
from geo.importing.tables.written.runs import raised

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_WRAPPERS = {f"{_W}{name}" for name in ("sdt", "sdtContent", "ins", "smartTag", "customXml", "moveTo")}
_HIDDEN = {_FALLBACK, f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr", f"{_W}instrText"}
_SIGNS = {
    **dict.fromkeys((f"{_W}tab", f"{_W}ptab"), "\t"),
    **dict.fromkeys((f"{_W}br", f"{_W}cr"), "\n"),
    **dict.fromkeys((f"{_W}footnoteReference", f"{_W}endnoteReference"), FOOTNOTE),
    f"{_W}noBreakHyphen": "-",
}
_OLE = b"\xd0\xcf\x11\xe0"


def docx_blocks(data: bytes, path: Path) -> list[Block]:
    """The paragraphs and tables of a document.

    Raises
    ------
    InputError
        It is of the old format or has a password, is damaged, could fill the memory, or declares XML entities.
    """
    from docx import Document

    if data.startswith(_OLE):
        raise refused("importing.old-document", path.name)
    check_archive(data, path, LIMITS, "DOCX")
    with readable(path, "DOCX"):
        document = Document(io.BytesIO(data))
        return [*_said_on_pages(document), *_blocks(document.element.body)]


def _said_on_pages(document: Any) -> Iterator[Block]:
    """What the head of the pages, or a watermark in it, says of the paper being a draft; the rest of it is not read."""
    for section in document.sections:
        element = section.header._element
        marks = [mark.get("string") or "" for mark in element.iter("{urn:schemas-microsoft-com:vml}textpath")]
        for text in (*_text(element).splitlines(), *marks):
            if words_of(text).startswith("du thao"):
                yield from line_texts(text)
                return


def _blocks(parent: Any) -> Iterator[Block]:
    for element in parent:
        if element.tag == f"{_W}p":
            yield from line_texts(_text(element))
        elif element.tag == f"{_W}tbl":
            yield from _table(element)
        elif element.tag in _WRAPPERS:
            yield from _blocks(element)


def _table(table: Any) -> Iterator[Block]:
    rows: list[GridRow] = []
    for element in _within(table, f"{_W}tr"):
        rows.append(_row(element, rows[-1] if rows else None))
    made = grid(rows)
    cells = [cell for element in _within(table, f"{_W}tr") for cell in _within(element, f"{_W}tc")]
    if made.width == 1:  # a frame around text, and maybe tables
        for cell in cells:
            yield from _blocks(cell)
        return
    if made.rows:
        yield made
    for cell in cells:
        for inner in _within(cell, f"{_W}tbl"):
            yield from _table(inner)


def _row(element: Any, before: GridRow | None) -> GridRow:
    cells: list[str] = [""] * _number(element, "trPr/gridBefore")
    is_deleted = _property(element, "trPr/del") is not None or _is_on(element, "trPr/hidden")
    above: set[int] = set()
    across: set[int] = set()
    for cell in _within(element, f"{_W}tc"):
        column, merge = len(cells), _property(cell, "tcPr/vMerge")
        text = cleaned(struck(_text(cell)) if is_deleted else _text(cell))
        if merge is not None and merge.get(f"{_W}val") != "restart" and before is not None:
            above.add(column)
            text = before.cells[column] if column < len(before.cells) else ""
        span = max(_number(cell, "tcPr/gridSpan"), 1)
        cells += [text, *[""] * (span - 1)]
        across |= set(range(column + 1, column + span))
    return GridRow(tuple(cells), frozenset(above), frozenset(across))


def _within(parent: Any, tag: str) -> Iterator[Any]:
    """The elements of a tag directly below, also within content controls."""
    for element in parent:
        if element.tag == tag:
            yield element
        elif element.tag in _WRAPPERS:
            yield from _within(element, tag)


def _text(element: Any) -> str:
    """The text as it is shown, without that of tables in it; a paragraph ends a line."""
    if element.tag in _HIDDEN or element.tag == f"{_W}tbl":
        return ""
    if element.tag in (f"{_W}del", f"{_W}r"):
        return _run(element)
    if element.tag in _SIGNS:
        return _SIGNS[element.tag]
    if element.tag in (f"{_W}t", f"{_W}delText"):
        return element.text or ""
    inner = "".join(_text(child) for child in element)
    return inner + "\n" if element.tag == f"{_W}p" else inner


def _run(element: Any) -> str:
    """The text of a run, or of several that were deleted: struck out, hidden and raised as it is shown."""
    text = "".join(_text(child) for child in element)
    if element.tag == f"{_W}del" or any(_is_on(element, f"rPr/{name}") for name in ("strike", "dstrike", "vanish")):
        return struck(text)
    align = _property(element, "rPr/vertAlign")
    return raised(text) if align is not None and align.get(f"{_W}val") == "superscript" else text


def _is_on(element: Any, path: str) -> bool:
    found = _property(element, path)
    return found is not None and found.get(f"{_W}val") not in ("0", "false", "off")


def _property(element: Any, path: str) -> Any:
    return element.find("/".join(f"{_W}{name}" for name in path.split("/")))


def _number(element: Any, path: str) -> int:
    found = _property(element, path)
    text = "" if found is None else str(found.get(f"{_W}val") or "")
    return min(int(text), 63) if text.isdigit() else 0
