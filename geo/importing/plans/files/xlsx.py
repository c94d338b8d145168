"""A plan as a workbook: each sheet that is shown is a grid, with its name before it; what is struck out, and hidden
rows and columns, are marked as such."""

from __future__ import annotations

from pathlib import Path

from geo.importing.cells import as_text
from geo.importing.cells.errors import CellError
from geo.importing.plans.files.blocks import NO_VALUE, Block, GridRow, Line, cleaned, grid
from geo.importing.plans.files.struck import struck
from geo.importing.tables.model import LIMITS, BadCell, Cell, Row, Sheet
from geo.importing.tables.xlsx import xlsx_sheets

_MOST_ROWS = 20_000


def xlsx_blocks(data: bytes, path: Path) -> list[Block]:
    """The sheets of a workbook; of hidden ones only the name, as struck out. Errors as `xlsx_sheets` has."""
    blocks: list[Block] = []
    for sheet in xlsx_sheets(data, path, LIMITS):
        if sheet.hidden:
            blocks.append(Line(struck(sheet.name)))
            continue
        made = grid(_rows(sheet))
        if made.rows:
            blocks += [Line(sheet.name), made]
    return blocks


def _rows(sheet: Sheet) -> list[GridRow]:
    rows: list[GridRow] = []
    open_cells: dict[int, tuple[int, str]] = {}
    for row in sheet.rows:
        if len(rows) >= _MOST_ROWS:
            break
        texts = [_text(cell) for cell in row.cells]
        gone = row.struck | sheet.hidden_columns
        texts = [struck(text) if row.hidden or at in gone else text for at, text in enumerate(texts)]
        open_cells = {column: held for column, held in open_cells.items() if held[0] >= row.number}
        for column, (_, text) in open_cells.items():
            texts += [""] * (column + 1 - len(texts))
            texts[column] = text
        rows.append(GridRow(tuple(texts), frozenset(open_cells)))
        open_cells |= _opened(sheet, row, texts)
    return rows


def _opened(sheet: Sheet, row: Row, texts: list[str]) -> dict[int, tuple[int, str]]:
    """The merged cells that begin in a row: column → their last row, and what stands in them."""
    spans = sheet.spans.get(row.number, ())
    return {span.column: (span.last_row, texts[span.column]) for span in spans if span.column < len(texts)}


def _text(cell: Cell) -> str:
    if isinstance(cell, BadCell):
        return cleaned(_with_struck(cell)) or NO_VALUE
    try:
        return cleaned(as_text(cell))
    except CellError:
        return ""


def _with_struck(cell: BadCell) -> str:
    """What may be shown of a cell that can't be used, and what is struck out in it."""
    gone = str(cell.parameters["text"]) if cell.code == "importing.struck-part" else ""
    return f"{cell.text} {struck(gone)}"
