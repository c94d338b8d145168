"""A plan as PDF with text: tables by their ruled lines, the text between them line by line; page chrome is left out,
and text that a line is drawn over is marked as struck out."""

from __future__ import annotations

import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geo.importing.plans.files.blocks import Block, Grid, GridRow, Line, cleaned, grid, line_texts
from geo.importing.plans.files.pdf_strikes import without_strikes
from geo.importing.tables.model import refused

_MOST_PAGES = 300
_MOST_CHARACTERS = 3_000_000
_LEAST_CHARACTERS = 40
_PAGE_NUMBER = re.compile(r"(?:trang\s*)?[-–—]?\s*\d{1,3}\s*(?:/\s*\d{1,3})?\s*[-–—]?", re.I)
_NUMBER_IN_LINE = re.compile(r"\b(?:trang|page)\s*\d{1,3}(?:\s*/\s*\d{1,3})?\b|\s\d{1,3}/\d{1,3}$", re.I)
_REPEATED = 3
_BROKEN = re.compile(r"(?<=[^\W\d_])\n(?=(?:[bcdđghklmnpqrstvx]{1,3})(?:[\s,;.)]|$))")
"""Where a narrow cell broke a word: no Vietnamese syllable is without a vowel (`Hoàn` over `g Mai`)."""
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
    return [block for page in _without_chrome(pages) for block in page]


def _has_text(pages: list[list[Block]]) -> bool:
    blocks = [block for page in pages for block in page]
    letters = sum(len(block.text) for block in blocks if isinstance(block, Line))
    return letters >= _LEAST_CHARACTERS or any(isinstance(block, Grid) for block in blocks)


def _pages(book: Any, path: Path) -> Iterator[list[Block]]:
    seen = 0
    for page in book.pages:
        seen += len(page.chars)
        if seen > _MOST_CHARACTERS:
            raise refused("importing.too-much-text", path.name, most=_MOST_CHARACTERS)
        yield _page(page)
        page.close()


def _page(page: Any) -> list[Block]:
    page = without_strikes(page)
    tables = [table for table in page.find_tables() if len(table.rows) > 1 or len(table.cells) > 2]
    boxes = [table.bbox for table in tables]
    text = page.filter(lambda it: it["object_type"] != "char" or not any(_holds(box, it) for box in boxes))
    placed: list[tuple[float, int, list[Block]]] = [
        (line["top"], 1, list(line_texts(line["text"]))) for line in text.extract_text_lines(return_chars=False)
    ]
    placed += [(table.bbox[1], 0, _table(page, table)) for table in tables]
    placed.sort(key=lambda entry: entry[:2])
    return [block for _, _, found in placed for block in found]


def _continuing(blocks: list[Block]) -> list[Block]:
    """The blocks of a page behind the first; a table at its top may go on from the page before."""
    made: list[Block] = []
    for block in blocks:
        if isinstance(block, Grid) and not made:
            made.append(Grid(block.rows, continues=True))
        else:
            made.append(block)
    return made


def _holds(box: tuple[float, ...], char: dict[str, Any]) -> bool:
    """Whether the middle of a letter lies in a box: its own box may reach into the line above or below."""
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return bool(box[0] <= x < box[2] and box[1] <= y < box[3])


def _table(page: Any, table: Any) -> list[Block]:
    from pdfplumber.utils.text import extract_text

    chars = [char for char in page.chars if _holds(table.bbox, char)]
    texts = {
        cell: _unwrapped(cleaned(extract_text([char for char in chars if _holds(cell, char)]))) for cell in table.cells
    }
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
    return _WRAP.sub(" ", _BROKEN.sub("", text))


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


def _without_chrome(pages: list[list[Block]]) -> Iterator[list[Block]]:
    """The pages without page numbers and running heads; a table at the top of what is left may go on from the page
    before. Of two pages the first keeps its lines: a letterhead may stand on both."""
    chrome = _repeated(pages)
    for number, page in enumerate(pages):
        is_kept = len(pages) < _REPEATED and number == 0
        own = [block for block in page if not _is_chrome(block, frozenset() if is_kept else chrome)]
        yield _continuing(own) if number else own


def _repeated(pages: list[list[Block]]) -> frozenset[str]:
    """Lines that stand at the top or the bottom of most pages, page numbers apart."""
    seen: Counter[str] = Counter()
    for page in pages:
        lines = [_unnumbered(block.text) for block in page if isinstance(block, Line)]
        seen.update({*lines[:2], *lines[-2:]})
    most = max(min(_REPEATED, len(pages)), len(pages) // 2)
    return frozenset(text for text, count in seen.items() if count >= most > 1)


def _unnumbered(text: str) -> str:
    """A line without the number of the page in it: `plan.html 1/3`, `Trang 2 | Kế hoạch`."""
    return _NUMBER_IN_LINE.sub("", text).strip()


def _is_chrome(block: Block, chrome: frozenset[str]) -> bool:
    if not isinstance(block, Line):
        return False
    return bool(_PAGE_NUMBER.fullmatch(block.text)) or _unnumbered(block.text) in chrome
