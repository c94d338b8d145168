"""Questions with several answers in exports of survey programs: `question/choice`, with 1 where it was chosen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from geo.importing.cells import CellError, as_flag
from geo.importing.tables import Row, Table
from geo.importing.tables.model import BadCell, Cell

FieldOf = Callable[[str], str | None]
Choices = Mapping[int, str]
"""The choices of a question by the place of their column."""
_LEAST = 2


def choices(header: Sequence[str]) -> set[str]:
    """Headings of single choices: survey programs repeat in them what `question` holds in one cell.

    Before the slash of another heading stands the name of a group, which is no column.
    """
    columns = {heading for heading in header if heading}
    return {heading for heading in columns if any(heading[:at] in columns for at in _slashes(heading))}


def split_questions(header: Sequence[str], field_of: FieldOf) -> dict[str, dict[int, str]]:
    """The questions that stand in columns of their choices alone, and which those are.

    A question names a field that no other column names. What stands before a slash may be a group of questions: where
    one of its columns names a field by itself, it is.
    """
    taken = {field_of(heading) for heading in header}
    found: dict[str, dict[int, str]] = {}
    for index, heading in enumerate(header):
        for at in reversed(list(_slashes(heading))):
            if field_of(heading[:at]) not in (None, *taken):
                found.setdefault(heading[:at], {})[index] = heading[at + 1 :]
                break
    fields = [field_of(question) for question in found]
    return {
        question: own
        for question, own in found.items()
        if len(own) >= _LEAST and fields.count(field_of(question)) == 1 and not any(map(field_of, own.values()))
    }


def with_questions(table: Table, questions: Mapping[str, Choices]) -> Table:
    """The table with each question in the column of its first choice: the choices that were made, apart by commas."""
    header = list(table.header)
    for question, own in questions.items():
        header[min(own)] = question
    rows = (_answered(row, list(questions.values())) for row in table.rows)
    return replace(table, header=tuple(header), rows=rows)


def _answered(row: Row, questions: Sequence[Choices]) -> Row:
    cells = list(row.cells)
    for own in questions:
        if min(own) < len(cells):
            cells[min(own)] = _answer(row.cells, own)
    return row._replace(cells=tuple(cells))


def _answer(cells: Sequence[Cell], own: Choices) -> Cell:
    try:
        chosen = [
            choice for at, choice in own.items() if at < len(cells) and cells[at] is not None and as_flag(cells[at])
        ]
    except CellError as error:
        return BadCell(error.code, error.parameters)
    return ", ".join(chosen) or None


def _slashes(heading: str) -> Iterator[int]:
    return (found.start() for found in re.finditer("/", heading))
