"""A plan as PDF with text: tables by their ruled lines, the text between them line by line; page chrome is left out."""

from __future__ import annotations

import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geo.importing.plans.files.blocks import Block, Grid, GridRow, Line, cleaned, grid, line_texts
from geo.importing.tables.model import refused

_MOST_PAGES = 300
_MOST_CHARACTERS = 3_000_000
_LEAST_CHARACTERS = 40
_PAGE_NUMBER = re.compile(r"(?:trang\s*)?[-–—]?\s*\d{1,3}\s*(?:/\s*\d{1,3})?\s*[-–—]?", re.I)
_REPEATED = 3
_WRAP = re.compile(r"\n(?!(?:[-–+•*]\s|\(?\d{1,2}[.)]\s|(?:Phường|Xã|Thị trấn|P\.|X\.)\s*[A-ZĐÀ-Ỹ]))")


def pdf_blocks(data: bytes, path: Path) -> list[Block]:
    """The lines and tables of a PDF. A table that goes on on the next page is marked so.

    Raises
    ------
    InputError
        It is damaged, has a password, has too many pages, or has no text (a scan).
    """
    import logging

    import pdfplumber

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        with pdfplumber.open(io.BytesIO(data)) as book:
            if len(book.pages) > _MOST_PAGES:
                raise refused("importing.too-many-pages", path.name, most=_MOST_PAGES)
            pages = list(_pages(book, path))
    except Exception as error:
        from geo.errors import DiabanError

        if isinstance(error, DiabanError):
            raise
        raise refused("importing.unreadable-document", path.name, kind="PDF") from error
    if not _has_text(pages):
        raise refused("importing.no-text", path.name)
    chrome = _repeated(pages)
    return [block for page in pages for block in page if not _is_chrome(block, chrome)]


def _has_text(pages: list[list[Block]]) -> bool:
    blocks = [block for page in pages for block in page]
    letters = sum(len(block.text) for block in blocks if isinstance(block, Line))
    return letters >= _LEAST_CHARACTERS or any(isinstance(block, Grid) for block in blocks)


def _pages(book: Any, path: Path) -> Iterator[list[Block]]:
    seen = 0
    for number, page in enumerate(book.pages):
        seen += len(page.chars)
        if seen > _MOST_CHARACTERS:
            raise refused("importing.too-much-text", path.name, most=_MOST_CHARACTERS)
        yield _page(page, first=number == 0)
        page.close()


def _page(page: Any, *, first: bool) -> list[Block]:
    tables = [table for table in page.find_tables() if len(table.rows) > 1 or len(table.cells) > 2]
    text = page
    for table in tables:
        text = text.outside_bbox(table.bbox) if _is_within(table.bbox, text.bbox) else text
    placed: list[tuple[float, int, list[Block]]] = [
        (line["top"], 1, list(line_texts(line["text"]))) for line in text.extract_text_lines(return_chars=False)
    ]
    placed += [(table.bbox[1], 0, _table(page, table)) for table in tables]
    placed.sort(key=lambda entry: entry[:2])
    blocks = [block for _, _, found in placed for block in found]
    return blocks if first else _continuing(blocks)


def _continuing(blocks: list[Block]) -> list[Block]:
    """The blocks of a page behind the first; a table at its top may go on from the page before."""
    made: list[Block] = []
    for block in blocks:
        top = all(_PAGE_NUMBER.fullmatch(line.text) for line in made if isinstance(line, Line))
        if isinstance(block, Grid) and top and not any(isinstance(other, Grid) for other in made):
            made.append(Grid(block.rows, continues=True))
        else:
            made.append(block)
    return made


def _is_within(inner: tuple[float, ...], outer: tuple[float, ...]) -> bool:
    return inner[0] < outer[2] and inner[2] > outer[0] and inner[1] < outer[3] and inner[3] > outer[1]


def _table(page: Any, table: Any) -> list[Block]:
    texts = {cell: _unwrapped(cleaned(page.crop(cell, strict=False).extract_text() or "")) for cell in table.cells}
    columns = sorted({round(x, 1) for x0, _, x1, _ in table.cells for x in (x0, x1)})
    lines = sorted({round(y, 1) for _, y0, _, y1 in table.cells for y in (y0, y1)})
    centres = [(a + b) / 2 for a, b in itertools.pairwise(columns) if b - a > 2]
    rows = [_row(texts, centres, (a + b) / 2, a) for a, b in itertools.pairwise(lines) if b - a > 2]
    made = grid(rows)
    if made.width < 2:
        return [line for row in made.rows for line in line_texts(row.cells[0])]
    return [made] if made.rows else []


def _unwrapped(text: str) -> str:
    """The text of a cell without the breaks that only its width made: lines stay where one begins a further unit."""
    return _WRAP.sub(" ", text)


def _row(texts: dict[Any, str], centres: list[float], middle: float, top: float) -> GridRow:
    """The cells that a line through the middle of a row meets."""
    cells: list[str] = []
    above: set[int] = set()
    across: set[int] = set()
    before: Any = None
    for column, x in enumerate(centres):
        cell = next((box for box in texts if box[0] <= x <= box[2] and box[1] <= middle <= box[3]), None)
        if cell is None:
            cells.append("")
        elif cell is before:
            cells.append("")
            across.add(column)
        else:
            cells.append(texts[cell])
            if cell[1] < top - 2:
                above.add(column)
        before = cell
    return GridRow(tuple(cells), frozenset(above), frozenset(across))


def _repeated(pages: list[list[Block]]) -> frozenset[str]:
    """Lines that stand at the top or the bottom of most pages."""
    if len(pages) < _REPEATED:
        return frozenset()
    seen: Counter[str] = Counter()
    for page in pages:
        lines = [block.text for block in page if isinstance(block, Line)]
        seen.update({*lines[:2], *lines[-2:]})
    return frozenset(text for text, count in seen.items() if count >= max(_REPEATED, len(pages) // 2))


def _is_chrome(block: Block, chrome: frozenset[str]) -> bool:
    return isinstance(block, Line) and (block.text in chrome or bool(_PAGE_NUMBER.fullmatch(block.text)))
