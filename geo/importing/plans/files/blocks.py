"""What a document is made of, in its own order: lines of text, and grids of cells."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")

NO_VALUE = "=?"
"""Stands for what a cell holds and does not show, such as a formula that was never computed: it means nothing."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text that stands outside all tables, or alone in a row of one."""

    text: str


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row of a grid.

    `cells`: texts, '' where blank. `above`: columns whose cell is merged with the one above; they hold its text.
    `across`: columns whose cell is merged with the one on its left; they hold ''. `loose`: whether the row came without
    its merged cells, so that what stands behind a missing one may stand too far to the left. `joined`: what the row
    got from the top of the next page. `struck`: what was struck out, hidden or deleted in it, and is in no cell.
    """

    cells: tuple[str, ...]
    above: frozenset[int] = frozenset()
    across: frozenset[int] = frozenset()
    loose: bool = False
    joined: str = ""
    struck: str = ""

    @property
    def text(self) -> str:
        """The row as a line."""
        own = [cell for column, cell in enumerate(self.cells) if cell and column not in self.above]
        return " | ".join(cell.replace("\n", " ") for cell in own)

    @property
    def filled(self) -> tuple[int, ...]:
        """The columns that say something of their own."""
        return tuple(column for column, cell in enumerate(self.cells) if cell and column not in self.above)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table, or a part of one: rows of the same number of columns."""

    rows: tuple[GridRow, ...]
    continues: bool = field(default=False)

    @property
    def width(self) -> int:
        """How many columns it has."""
        return max((len(row.cells) for row in self.rows), default=0)


Block = Line | Grid


def cleaned(text: str) -> str:
    """A text NFC, without invisible marks, lines with single spaces, no blank lines.

    >>> cleaned("  Phường\\u00a0  Láng \\n\\n x ")
    'Phường Láng\\nx'
    """
    bare = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    lines = (" ".join(line.split()) for line in bare.splitlines())
    return "\n".join(line for line in lines if line)


def line_texts(text: str) -> list[Line]:
    """The lines of a text that say something."""
    return [Line(line) for line in cleaned(text).split("\n") if line]


def grid(rows: list[GridRow]) -> Grid:
    """A grid of rows that are made equally long; blank rows are left out."""
    width = max((len(row.cells) for row in rows), default=0)
    return Grid(tuple(_padded(row, width) for row in rows if any(row.cells)))


def _padded(row: GridRow, width: int) -> GridRow:
    if len(row.cells) == width:
        return row
    return replace(row, cells=(*row.cells, *[""] * (width - len(row.cells))))
