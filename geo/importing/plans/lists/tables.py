"""The tables of a plan that hold its lists, each with the lines that stand above it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from geo.i18n.message import Message
from geo.importing.plans.files.blocks import Block, Grid, GridRow, Line
from geo.importing.plans.lists.headings import Heading, heading_at, role_of
from geo.importing.plans.lists.turned import upright
from geo.importing.plans.words.markers import marker
from geo.importing.plans.words.plain_words import words_of

_TOTAL = re.compile(r"(?:tong|cong)\b")
_PAGE = re.compile(r"(?:trang\s*)?[-–—]?\s*\d{1,3}\s*(?:/\s*\d{1,3})?\s*[-–—]?", re.I)
_MOST_TITLES = 8
_LONGEST_TITLE = 700


@dataclass(slots=True)
class Table:
    """A table with its head, its rows below it, and the `titles` above it, the nearest last; `reason`: why all its
    rows are to look at."""

    heading: Heading
    titles: tuple[str, ...]
    rows: list[GridRow] = field(default_factory=list)
    reason: Message | None = None


def tables_of(blocks: Sequence[Block]) -> tuple[list[Table], list[str], list[str]]:
    """The tables of a document, all its lines (those outside of tables, and rows of one cell), and rows that look like
    those of a list but stand below no head that is known."""
    found: list[Table] = []
    lines: list[str] = []
    titles: list[str] = []
    lost: list[str] = []
    for block in blocks:
        if isinstance(block, Line):
            lines.append(block.text)
            titles += [] if _PAGE.fullmatch(block.text) else [block.text]
            continue
        lost += _read_grid(block, found, lines, titles)
    return found, lines, lost


def _read_grid(block: Grid, found: list[Table], lines: list[str], titles: list[str]) -> list[str]:
    """Read a grid into the tables, lines and titles; the rows that are lost on the way."""
    block, reason = upright(block)
    current = _continued(block, found, titles)
    skip = 0
    lost: list[str] = []
    for at, row in enumerate(block.rows):
        if skip:
            skip -= 1
            continue
        heading = heading_at(block.rows, at)
        if heading is not None:
            if current is not None and at == 0 and heading.roles == current.heading.roles and not titles:
                current.heading = heading  # the same head again, on another page
            else:
                own = _trailing(current) if current is not None and at else []
                lines += [*_lines_of(current), *own]
                current = Table(heading, _near([*titles, *own]), reason=reason)
                found.append(current)
            titles.clear()
            skip = heading.rows - 1
        elif current is not None and block.continues and _is_rest(row, current):
            current.rows[-1] = _joined(current.rows[-1], row)
        elif current is not None:
            current.rows.append(row)
        else:
            lines.append(row.text)
            titles.append(row.text)
            lost += [row.text] if _is_of_a_list(row) else []
    if current is None:
        return lost
    lines += _lines_of(current)
    titles.clear()
    return lost


def _lines_of(table: Table | None) -> list[str]:
    """The rows of one cell, which may be text as well."""
    return [row.text for row in table.rows if len(row.filled) == 1] if table else []


def _is_rest(row: GridRow, table: Table) -> bool:
    """Whether a row at the top of a page is the rest of the one before: it has no number, in a list that has them."""
    before = table.heading.text(table.rows[-1], "number") if table.rows and not table.rows[-1].joined else ""
    return bool(marker(before)) and not table.heading.text(row, "number") and len(row.filled) > 1


def _joined(row: GridRow, rest: GridRow) -> GridRow:
    """A row with what a further page has of it."""
    own = {column: rest.cells[column] for column in rest.filled}
    cells = [" ".join(filter(None, (cell, own.get(column, "")))) for column, cell in enumerate(row.cells)]
    gone = " | ".join(filter(None, (row.struck, rest.struck)))
    return replace(row, cells=tuple(cells), joined=rest.text, struck=gone)


def _is_of_a_list(row: GridRow) -> bool:
    """Whether a row has a number and words behind it, as those of lists have, or a list is turned by a quarter."""
    own = [row.cells[column] for column in row.filled]
    is_turned = len(own) > 2 and role_of(own[0]) in ("name", "ward", "levels", "handover")
    is_numbered = len(own) > 1 and bool(marker(own[0]))
    return (is_numbered or is_turned) and any(len(words_of(cell)) > 3 for cell in own[1:])


def _continued(block: Grid, found: Sequence[Table], titles: Sequence[str]) -> Table | None:
    """The table before, where this grid goes on with it: it has as many columns, and nothing stands between."""
    if not found or not block.rows or heading_at(block.rows, 0) is not None:
        return found[-1] if found and block.continues and not titles else None
    last = found[-1]
    return last if block.width == last.heading.width and (block.continues or not titles) else None


def _trailing(table: Table) -> list[str]:
    """The rows of one cell at the end of a table, which are the title of the next one on the same sheet."""
    own: list[str] = []
    while table.rows and len(table.rows[-1].filled) == 1 and not _TOTAL.match(words_of(table.rows[-1].text)):
        own.insert(0, table.rows.pop().text)
    return own


def _near(titles: Sequence[str]) -> tuple[str, ...]:
    return tuple(title for title in titles[-_MOST_TITLES:] if len(title) <= _LONGEST_TITLE)
