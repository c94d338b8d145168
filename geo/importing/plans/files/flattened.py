"""Tables that were flattened to lines with '|' between the cells, and lines with tabs, back to grids.

Three ways are read: a row on a line (`1 | Đường Láng | … |`), a cell on a line, where each row begins with a '|' of its
own, and a cell on a line without one. Flattening drops a cell that was merged with the one above and puts the blank at
the end of the row, so rows of the second way are `loose`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum

from geo.importing.plans.files.blocks import Block, GridRow, Line, grid
from geo.importing.plans.files.numbered_last import HEADS, numbered_last
from geo.importing.tables.layout import is_running_number

BAR = "|"
_RULE = re.compile(r"[\s|:+=\-–—_]*[\-=_]{3,}[\s|:+=\-–—_]*")
_NUMBER = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,2})*|(?!X\b)[IVX]{1,5}|[A-H])[.)]?")
_LONGEST_GAP = 6
_SAMPLE = 400
_MOST_COLUMNS = 16


def unflattened(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, with runs of lines that hold bars or tabs as grids."""
    made: list[Block] = []
    run: list[str] = []
    for block in blocks:
        if isinstance(block, Line):
            run.append(block.text)
            continue
        made += _of_lines(run)
        run = []
        made.append(block)
    return made + _of_lines(run)


def _of_lines(lines: list[str]) -> list[Block]:
    made: list[Block] = []
    at = 0
    while at < len(lines):
        if not _is_barred(lines[at]):
            made.append(Line(lines[at]))
            at += 1
            continue
        end = _end_of_run(lines, at)
        made += _run(lines[at:end])
        at = end
    return made


def _is_barred(line: str) -> bool:
    return BAR in line or line.count("\t") >= 2


def _end_of_run(lines: list[str], start: int) -> int:
    """Where a run of barred lines ends; up to six lines between them may be parts of a cell."""
    end = start + 1
    while end < len(lines):
        following = range(end, min(end + _LONGEST_GAP + 1, len(lines)))
        near = next((at for at in following if _is_barred(lines[at])), None)
        if near is None:
            break
        end = near + 1
    return end


def _run(lines: list[str]) -> list[Block]:
    if _row_on_a_line(lines):
        return list(_by_rows(lines))
    return list(_by_cells(lines))


def _row_on_a_line(lines: list[str]) -> bool:
    barred = [line for line in lines if _is_barred(line)]
    full = [line for line in barred if len([cell for cell in _cells(line) if cell]) >= 2]
    return 2 * len(full) >= len([line for line in barred if line.strip(" |\t")])


def _cells(line: str) -> list[str]:
    sign = BAR if BAR in line else "\t"
    return [cell.strip() for cell in line.split(sign)]


# ---- a row on a line


def _by_rows(lines: list[str]) -> Iterator[Block]:
    rows: list[list[str]] = []
    for line in lines:
        if _RULE.fullmatch(line):
            continue
        if _is_barred(line):
            rows.append(_cells(line))
            continue
        yield from _rows_as_grid(rows)
        rows = []
        yield Line(line)
    yield from _rows_as_grid(rows)


def _rows_as_grid(rows: list[list[str]]) -> Iterator[Block]:
    if rows and all(not row[0] for row in rows) and max(map(len, rows)) > 1:
        rows = [row[1:] for row in rows]  # the bar at the beginning of each line
    width = max(map(len, rows), default=0)
    if rows and width > 1 and all(len(row) < width or not row[-1] for row in rows):
        rows = [row[: width - 1] for row in rows]  # the bar at the end
    yield from _grid_or_lines([GridRow(tuple(row), loose=True) for row in rows])


# ---- a cell on a line


class Lead(IntEnum):
    """How many bars stand before the first cell of a row."""

    BAR = 1
    NONE = 0


def _by_cells(lines: list[str]) -> Iterator[Block]:
    """The grids among cells that stand on a line each, with what stands between them."""
    cells, rest = _tokens(lines)
    yield from _parted(_with_first_bar(cells))
    yield from (Line(text) for text in rest)


def _with_first_bar(cells: list[list[str]]) -> list[list[str]]:
    """The cells with the bar before the first row, where only that one is missing."""
    if not cells or not cells[0]:
        return cells
    barred = [[], *cells]
    found = _clearest(barred)
    return barred if found is not None and found[0] == 0 and found[2] == Lead.BAR else cells


def _tokens(lines: list[str]) -> tuple[list[list[str]], list[str]]:
    """What stands before each bar, as lines, and the lines behind the last bar."""
    cells: list[list[str]] = []
    part: list[str] = []
    for line in lines:
        *ended, rest = line.split(BAR)
        for text in ended:
            part += [text.strip()] if text.strip() else []
            cells.append(part)
            part = []
        part += [rest.strip()] if rest.strip() else []
    return cells, part


def _parted(cells: list[list[str]]) -> Iterator[Block]:
    """The clearest grid, and what stands before and behind it in the same way."""
    todo: list[tuple[list[list[str]], list[GridRow]]] = [(cells, [])]
    while todo:
        tokens, made = todo.pop()
        if made:
            yield from _grid_or_lines(made)
            continue
        if last := numbered_last(tokens):
            rows, end = last.rows(tokens)
            todo += [(tokens[end:], []), ([], rows), (tokens[: last.start + last.lead], [])]
            continue
        found = _clearest(tokens)
        if found is None:
            yield from _without_numbers(tokens)
            continue
        start, width, lead = found
        rows, end = _rows_from(tokens, start, width, lead)
        # What stands before the bar with which the first row begins is no part of it.
        todo += [(tokens[end:], []), ([], rows), (tokens[: start + lead], [])]


def _without_numbers(cells: list[list[str]]) -> Iterator[Block]:
    """The grid of a list whose sites stand side by side, so that no row begins with a number; else lines."""
    begin = next((at for at, cell in enumerate(cells) if not cell), len(cells))
    own = cells[begin:]
    for width in range(2, min(_MOST_COLUMNS, len(own) - 1) + 1):
        rows = [own[at + 1 : at + 1 + width] for at in range(0, len(own), width + 1)]
        heads = [" ".join(row[0]) if row else "" for row in rows]
        if any(own[:: width + 1]) or not all(heads) or not all(any(map(head.match, heads)) for head in HEADS):
            continue
        yield from (Line(text) for cell in cells[:begin] for text in cell)
        yield grid([GridRow(tuple(" ".join(part) for part in row), loose=True) for row in rows])
        return
    yield from (Line(text) for cell in cells for text in cell)


def _clearest(cells: list[list[str]]) -> tuple[int, int, Lead] | None:
    """Where the grid begins of which most rows begin with a number, how many cells a row has, and its lead."""
    most, found = 0, None
    numbered = [bool(_NUMBER.fullmatch(" ".join(cell))) for cell in cells]
    for lead in Lead:
        for start in range(len(cells) - lead):
            has_heading = is_running_number(" ".join(cells[start + lead]))
            if not (lead or has_heading):
                continue
            width, count = _width(cells, numbered, start, lead)
            clear = 2 * count + has_heading
            if clear > most and (count > 1 or (count and has_heading)):
                most, found = clear, (start, width, lead)
        if found:
            break
    return found


def _width(cells: list[list[str]], numbered: list[bool], start: int, lead: Lead) -> tuple[int, int]:
    """With how many cells a row most of them begin with a number, and how many do."""
    best, most = 0, 0
    end = min(len(cells) - lead, start + _SAMPLE)
    for width in range(2, _MOST_COLUMNS + 1):
        rows = count = 0
        for at in range(start + width + lead, end, width + lead):
            if lead and cells[at]:
                break
            rows += 1
            count += numbered[at + lead]
        if count > most and 3 * count >= rows:
            best, most = width, count
    return best, most


def _rows_from(cells: list[list[str]], at: int, width: int, lead: Lead) -> tuple[list[GridRow], int]:
    """The rows of a grid that begins here, and where it ends."""
    rows: list[GridRow] = []
    while at + lead < len(cells) and not (rows and lead and cells[at]):  # else a line between two tables
        row, at = _row(cells, at + lead, width, lead)
        rows.append(GridRow(tuple(" ".join(part) for part in row), loose=True))
    return rows, at


def _row(cells: list[list[str]], at: int, width: int, lead: Lead) -> tuple[list[list[str]], int]:
    """Up to `width` cells; fewer where the next number of the list begins a row before that."""
    row: list[list[str]] = []
    while at < len(cells) and len(row) < width:
        if len(row) >= 2 and _begins_next(cells, at, lead, " ".join(row[0])):
            break
        if row and lead and _begins_table(cells, at, " ".join(row[0])):
            break
        row.append(cells[at])
        at += 1
    return row, at


def _begins_next(cells: list[list[str]], at: int, lead: Lead, first: str) -> bool:
    """Whether the row behind the one whose first cell is `first` begins here."""
    if at + lead >= len(cells) or (lead and cells[at]) or not _NUMBER.fullmatch(first):
        return False
    return _counted(" ".join(cells[at + lead])) == _counted(first) + 1


def _begins_table(cells: list[list[str]], at: int, first: str) -> bool:
    """Whether the head of another table stands behind this bar, and the row before it has merged cells."""
    return at + 1 < len(cells) and is_running_number(" ".join(cells[at + 1])) and not is_running_number(first)


def _counted(text: str) -> int:
    """The running number that a text is, 0 where it is none."""
    bare = text.strip(" .)(")
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) < 4 else 0


def _grid_or_lines(rows: list[GridRow]) -> Iterator[Block]:
    """A grid where rows have several cells; a single one of them is a line, as chrome and letterheads are."""
    if any(sum(map(bool, row.cells)) > 1 for row in rows) and len(rows) > 1:
        yield grid(rows)
        return
    for row in rows:
        if any(row.cells):
            yield Line(" ".join(cell for cell in row.cells if cell))
