"""Rows of flattened tables that came without a cell merged with the one above it, and what leaves rows open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from geo.i18n.message import Message
from geo.importing.plans.files.blocks import GridRow
from geo.importing.plans.lists.columns.limits import limits
from geo.importing.plans.lists.headings import Heading
from geo.importing.plans.words.handover import years_of
from geo.importing.plans.words.levels import is_mark, is_unmarked, level_of
from geo.importing.plans.words.markers import marker
from geo.importing.plans.words.plain_words import words_of
from geo.importing.plans.words.standing import names_standing

_MERGED = ("ward", "district", "note", "handover", "group")
"""Roles of the columns whose cells plans merge."""


def aligned(rows: Sequence[GridRow], heading: Heading) -> list[tuple[GridRow, int | None]]:
    """The rows with their cells below their heads, and the column of each into which the cell above was put."""
    made: list[tuple[GridRow, int | None]] = []
    for row in rows:
        column = _missing(row, heading)
        if column is None:
            made.append((row, None))
            continue
        above = made[-1][0].cells[column] if made else ""
        cells = (*row.cells[:column], above, *row.cells[column:-1])
        made.append((GridRow(cells, above=frozenset({column}), loose=True), column))
    return made


def _missing(row: GridRow, heading: Heading) -> int | None:
    """The column whose cell is missing: with a blank there, the others stand below their heads."""
    if not row.loose or len(row.cells) != heading.width or row.cells[-1]:
        return None
    best, most = None, _fit(row.cells, heading)
    for column in sorted(at for role in _MERGED for at in heading.roles.get(role, ())):
        fit = _fit((*row.cells[:column], "", *row.cells[column:-1]), heading)
        if fit > most:
            best, most = column, fit
    return best


def _fit(cells: Sequence[str], heading: Heading) -> int:
    """How many cells hold what their heads promise, less those that hold something else."""
    fit = 0
    for column, cell in enumerate(cells):
        if not cell:
            continue
        fit += 1 if _fits(cell, column, heading) else -2
    return fit


def _fits(cell: str, column: int, heading: Heading) -> bool:
    role = next((role for role, columns in heading.roles.items() if column in columns), "")
    if column in heading.levels:
        return is_mark(cell) or is_unmarked(cell) or bool(level_of(cell))
    if role == "number":
        return bool(marker(cell))
    if role in ("name", "levels") and cell.strip(" .)(").isdigit():
        return False
    if role in ("ward", "district"):
        return not is_mark(cell) and not years_of(cell)
    if role == "handover":
        return bool(years_of(cell)) or "ban giao" in words_of(cell)
    return bool(role) and not is_mark(cell)


def open_columns(heading: Heading, row: GridRow) -> Iterator[Message]:
    """What a row says in columns of what is planned, of limits that are none, and of the list in columns that are not
    read."""
    for column in heading.roles.get("open", ()):
        if column < len(row.cells) and not is_unmarked(row.cells[column]):
            yield _open(heading.labels[column], " ".join(row.cells[column].split()))
    for column in (at for role in ("start", "finish") for at in heading.roles.get(role, ())):
        if limits(heading, row) is None and column < len(row.cells) and row.cells[column]:
            yield _open(heading.labels[column], " ".join(row.cells[column].split()))
    for label, said in heading.unread_cells(row):
        if names_standing(said):
            yield _open(label, said)


def _open(label: str, said: str) -> Message:
    return Message("importing.plan-open-column", column=label, text=said[:40])
