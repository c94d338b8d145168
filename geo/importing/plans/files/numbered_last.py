"""Flattened grids, a cell on a line, whose column of running numbers is not the first one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from geo.importing.plans.files.blocks import GridRow
from geo.importing.tables.layout import is_running_number

Cells = Sequence[Sequence[str]]
HEADS = tuple(
    re.compile(words, re.I)
    for words in (
        "(?:tên|điểm|địa điểm|tụ điểm|danh sách)\\b",
        "(?:các )?(?:xã|phường|địa phương|mức độ|tình trạng)\\b",
    )
)
"""Heads of a list of sites: that of the names, and one other."""
_WIDTHS = range(2, 17)


@dataclass(frozen=True, slots=True)
class NumberedLast:
    """Where such a grid begins, how many cells a row has, how many bars stand before it, and the column of numbers."""

    start: int
    width: int
    lead: int
    number: int

    def rows(self, cells: Cells) -> tuple[list[GridRow], int]:
        """The rows of the grid, and where it ends."""
        made: list[GridRow] = []
        at, step = self.start, self.width + self.lead
        while at + self.lead < len(cells) and not (self.lead and cells[at]):
            own = cells[at + self.lead : at + step]
            if not self.lead and made and not self._is_row(own):
                break
            made.append(GridRow(tuple(" ".join(part) for part in own), loose=True))
            at += step
        return made, min(at, len(cells))

    def _is_row(self, own: Cells) -> bool:
        return self._number(own) > 0

    def _number(self, own: Cells) -> int:
        """The running number of a row; it stands further left where a cell was merged with the one above."""
        texts = [" ".join(part).strip(" .)(") for part in own[max(0, self.number - 1) : self.number + 1]]
        return next((int(text) for text in reversed(texts) if text.isascii() and text.isdigit() and len(text) < 4), 0)

    def counts(self, cells: Cells) -> bool:
        """Whether the first row behind the head has the number 1, and the second, where there is one, the number 2."""
        step = self.width + self.lead
        first, second = (cells[at : at + self.width] for at in (self.start + self.lead + n * step for n in (1, 2)))
        return self._number(first) == 1 and (len(second) < self.width or self._number(second) in (0, 2))


def numbered_last(cells: Cells) -> NumberedLast | None:
    """The first such grid among cells; None where there is none."""
    heads = (at for at, cell in enumerate(cells) if is_running_number(" ".join(cell)))
    for head in heads:
        for lead in (1, 0):
            for width in _WIDTHS:
                for number in range(1, width):
                    found = NumberedLast(head - number - lead, width, lead, number)
                    if _is_grid(cells, found):
                        return found
    return None


def _is_grid(cells: Cells, found: NumberedLast) -> bool:
    begin, end = found.start + found.lead, found.start + found.lead + found.width
    heads = [" ".join(cell) for cell in cells[begin:end]]
    if found.start < 0 or not all(heads) or sum(map(is_running_number, heads)) != 1 or not found.counts(cells):
        return False
    if found.lead:
        return not cells[found.start] and end < len(cells) and not cells[end]
    # Without bars only a last column says where a row ends, and only the heads of a list where it begins.
    return found.number == found.width - 1 and all(any(map(head.match, heads)) for head in HEADS)
