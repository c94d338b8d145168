"""Why a cell can't be read."""

from __future__ import annotations

from typing import Any

from geo.errors import Problem
from geo.i18n.message import Message
from geo.importing.tables.model import BadCell, Cell

_LONGEST = 40


class CellError(Exception):
    """A cell that can't be read: `code` of the message in the catalogues, and its parameters."""

    def __init__(self, code: str, /, **parameters: Any) -> None:
        super().__init__(code)
        self.code, self.parameters = code, parameters

    def at(self, where: str | Message) -> Problem:
        """The problem of the cell that stands there."""
        return Problem(self.code, where, **self.parameters)


def usable(cell: Cell) -> Cell:
    """The cell, unless it can't be used at all."""
    if isinstance(cell, BadCell):
        raise CellError(cell.code, **cell.parameters)
    return cell


def short(cell: object) -> str:
    """A cell as a message shows it."""
    text = str(cell)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
