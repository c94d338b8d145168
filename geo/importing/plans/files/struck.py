"""What a file shows struck out, hides, or keeps as deleted: it is left out of the plan, and said.

The readers of files enclose such text in two private signs; here it is taken out of lines and cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from geo.importing.plans.files.blocks import Block, GridRow, Line, cleaned

_BEGIN, _END, FOOTNOTE = "\ue000", "\ue001", "\ue002"
"""`FOOTNOTE` stands where the file refers to a footnote of its own."""
_STRUCK = re.compile(f"(?:^[^{_BEGIN}{_END}]*|{_BEGIN}[^{_END}]*){_END}|{_BEGIN}[^{_END}]*$")


def struck(text: str) -> str:
    """A text that is enclosed as struck out, hidden or deleted."""
    inner = text.replace(_BEGIN, "").replace(_END, "")
    return f"{_BEGIN}{inner}{_END}" if inner.strip() else inner


def without_struck(blocks: Sequence[Block]) -> tuple[list[Block], tuple[str, ...]]:
    """The blocks without such text, and the text, in its order. A row that keeps something bears it as `struck`; a line
    or a row of which nothing is left is left out."""
    left: list[Block] = []
    said: list[str] = []
    for block in blocks:
        if isinstance(block, Line):
            text, gone = _parted(block.text)
            left += [Line(text.replace(FOOTNOTE, ""))] if text.replace(FOOTNOTE, "").strip() else []
            said += [gone] if gone else []
            continue
        rows = tuple(_row(row) for row in block.rows)
        said += [row.struck for row in rows if row.struck]
        remaining_rows = tuple(row for row in rows if row.filled or not row.struck)
        left += [replace(block, rows=remaining_rows)] if remaining_rows else []
    return left, tuple(dict.fromkeys(said))


def _row(row: GridRow) -> GridRow:
    if not any(_BEGIN in cell or _END in cell or FOOTNOTE in cell for cell in row.cells):
        return row
    parted = [_parted(cell) for cell in row.cells]
    cells = tuple(text.replace(FOOTNOTE, "†") for text, _ in parted)
    return replace(row, cells=cells, struck=" | ".join(gone for _, gone in parted if gone))


def _parted(text: str) -> tuple[str, str]:
    """What is left of a text, and what is struck out of it."""
    text = text.replace(f"{_END}{_BEGIN}", "")
    gone = " ".join(_words(text))
    return cleaned(_STRUCK.sub(" ", text)), gone


def _words(text: str) -> Iterator[str]:
    for found in _STRUCK.finditer(text):
        words = " ".join(found[0].replace(_BEGIN, " ").replace(_END, " ").replace(FOOTNOTE, " ").split())
        if words:
            yield words
