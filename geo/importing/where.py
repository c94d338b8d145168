"""Where something stands in a file of tables."""

from __future__ import annotations

from collections.abc import Iterable

from geo.i18n.message import Message
from geo.importing.tables import Table


def cell_place(table: Table, row: int, index: int) -> Message:
    """A cell: the row as a spreadsheet numbers it, the column by letter and heading."""
    heading = table.header[index] if index < len(table.header) else ""
    at = {"file": table.name, "row": str(row), "column": column_letter(index)}
    return Message("place.row-column-heading", **at, heading=heading) if heading else Message("place.row-column", **at)


def sheet_place(sheet: str, row: int, index: int) -> Message:
    """A cell of a sheet of the template."""
    return Message("place.sheet-cell", sheet=sheet, cell=f"{column_letter(index)}{row}")


def column_letter(index: int) -> str:
    """The letter of a column (from 0), as spreadsheets name it."""
    return chr(65 + index) if index < 26 else chr(64 + index // 26) + chr(65 + index % 26)


def number_list(numbers: Iterable[int], most: int = 12) -> str:
    """Row numbers as a reader takes them in: `3, 5–9, 12`; '…' stands for those beyond the first `most` parts."""
    parts: list[list[int]] = []
    for number in sorted(numbers):
        if parts and number == parts[-1][-1] + 1:
            parts[-1] = [parts[-1][0], number]
        else:
            parts.append([number])
    shown = ["–".join(map(str, part)) for part in parts[:most]]
    return ", ".join([*shown, *(["…"] if len(parts) > most else [])])
