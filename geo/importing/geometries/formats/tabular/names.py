"""What a table of vertices calls its routes: one name is typed one way, and never by a sign of repetition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.importing.cells import CellError, as_said
from geo.importing.geometries.formats.tabular.second_places import cell_of
from geo.importing.tables import Row
from geo.importing.where import number_list
from geo.reference.names import fold


def check_names(
    where: str, rows: Sequence[Row], places: Iterable[int], columns: Iterable[int | None], maybe: int | None
) -> None:
    """Refuse names of one route that are typed in several ways, and cells that only say that it is as above.

    `places`: the rows that hold a vertex; `maybe`: a column of names of routes, or of the vertices themselves, whose
    spelling counts where several vertices share them. A line would fall apart into single vertices, without a metre.
    """
    held = list(places)
    for column in (*columns, maybe):
        if column is None:
            continue
        typed = _typed_otherwise(where, rows, held, column, is_own=column == maybe)
        problems = [*_repeated(where, rows, held, column)] or [*typed]
        if problems:
            raise InputError(problems)


def _repeated(where: str, rows: Sequence[Row], places: Sequence[int], column: int) -> Iterator[Problem]:
    for place in places:
        cell = cell_of(rows[place], column)
        try:
            as_said(cell if isinstance(cell, str) else None)
        except CellError as error:
            if error.code == "importing.ditto":
                yield error.at(Message("place.row", file=where, row=rows[place].number))


def _typed_otherwise(
    where: str, rows: Sequence[Row], places: Sequence[int], column: int, *, is_own: bool
) -> Iterator[Problem]:
    by: dict[str, dict[Any, int]] = {}
    for place in places:
        cell = cell_of(rows[place], column)
        if cell is not None:
            by.setdefault(_key(cell), {}).setdefault(cell, rows[place].number)
    if is_own and 2 * len(by) > len(places):
        return
    for spellings in by.values():
        if len(spellings) > 1:
            names = [f"'{name}'" for name in spellings]
            yield Problem(
                "importing.route-typed-otherwise", where, names=names, rows=number_list(sorted(spellings.values()))
            )


def _key(cell: Any) -> str:
    """What a cell says, however it is typed: 1 and '1' are one, capitals and blanks say nothing."""
    return fold(str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell))
