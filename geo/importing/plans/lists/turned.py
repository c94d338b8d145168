"""Tables that are turned by a quarter: each row is about one matter, and each site is a column."""

from __future__ import annotations

from collections.abc import Sequence

from geo.i18n.message import Message
from geo.importing.plans.files.blocks import Grid, GridRow
from geo.importing.plans.lists.headings import heading_at


def upright(block: Grid) -> tuple[Grid, Message | None]:
    """The grid with its columns as rows, where only so it has a head; why its rows are to look at then.

    Flattening drops cells that were merged, and what stands behind one has moved: where a row of such a grid ends with
    a blank, nobody can say which of its cells is missing.
    """
    begin = next((at for at, row in enumerate(block.rows) if len(row.filled) > 1), len(block.rows))
    own = block.rows[begin:]
    if len(own) < 2 or any(heading_at(own, at) for at in range(len(own))):
        return block, None
    turned = _turned(own, block.width)
    if heading_at(turned, 0) is None:
        return block, None
    is_open = any(row.loose and not row.cells[-1] for row in own)
    above = [GridRow(tuple(row.cells[at] for at in row.filled)) for row in block.rows[:begin]]
    grid = Grid((*above, *(row for row in turned if any(row.cells))), block.continues)
    return grid, Message("importing.plan-turned") if is_open else None


def _turned(rows: Sequence[GridRow], width: int) -> list[GridRow]:
    """Columns as rows; a cell merged with the one on its left holds its text, one merged with that above is blank."""
    made: list[GridRow] = []
    struck = " | ".join(filter(None, (row.struck for row in rows)))
    for column in range(width):
        above = frozenset(at for at, row in enumerate(rows) if column in row.across)
        across = frozenset(at for at, row in enumerate(rows) if column in row.above)
        cells = [
            made[-1].cells[at] if at in above and made else "" if at in across else row.cells[column]
            for at, row in enumerate(rows)
        ]
        made.append(GridRow(tuple(cells), above, across, struck=struck))
    return made
