"""The order of the vertices of a line in a table: by a column that numbers them, by chainage or by time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from itertools import pairwise

from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.importing.cells import CellError
from geo.importing.cells.numbers import as_metres
from geo.importing.geometries.formats.tabular.second_places import cell_of
from geo.importing.headings import heading_key
from geo.importing.tables import Row
from geo.importing.where import number_list

_NUMBERED = (
    "seq", "order", "stt", "tt", "thu tu", "point", "vertex index", "point index", "vertex", "diem", "index",
    "vertex part index", "track seg point id", "route point id",
)  # fmt: skip
_MEASURED = ("ly trinh", "chainage", "station", "measure", "timestamp", "time", "thoi gian", "thoi diem", "datetime")
_DOUBTFUL = ("km", "m")
"""A chainage, or how long a stretch is: only rows that stand in this order already are taken in it."""
ORDER = (*_NUMBERED, *_MEASURED, *_DOUBTFUL)
"""Headings by which vertices are ordered, the surest first."""
_FIGURES = re.compile(r"(?a)[-+]?\d+(?:[.,]\d+)?")
_LETTERED = re.compile(r"([^\W\d_]{1,4})[-. ]?([0-9]{1,6})")
_THOUSANDS = re.compile(r"(?a)\d{1,3}[.,]\d{3}")
_SHORT_HOUR = re.compile(r"(?a)^(\d{4}-\d{2}-\d{2})[T ](\d:)")
"""An hour of one figure after its day."""
_DAY_FIRST = re.compile(r"(?a)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(.*)")


def ordered(group: list[int], rows: Sequence[Row], column: int | None) -> list[int]:
    """The places of the rows of a line in the order that a column says, else as they stand."""
    numbers = None if column is None else _numbers(group, rows, column)
    return group if numbers is None else sorted(group, key=lambda place: numbers[place])


def check_order(
    where: str, headings: Sequence[str], rows: Sequence[Row], groups: Sequence[list[int]], column: int | None
) -> None:
    """Refuse rows out of the order of a column that may be their chainage, and may be a length; and lines whose
    numbering begins again: joined, they would have the way between them as well.

    `groups`: the places of each line, or part of one, as `ordered` gives them.
    """
    if column is None or not headings:
        return
    if heading_key(headings[column]) in _NUMBERED:
        _check_numbering(where, headings[column], rows, groups, column)
    if heading_key(headings[column]) not in _DOUBTFUL:
        return
    if any("+" in str(cell_of(rows[place], column)) for group in groups for place in group):
        return
    moved = [rows[place].number for group in groups for place in _moved(group)]
    if moved:
        raise InputError(
            Problem("importing.order-in-doubt", where, column=headings[column], rows=number_list(sorted(moved)))
        )


def _check_numbering(where: str, heading: str, rows: Sequence[Row], groups: Sequence[list[int]], column: int) -> None:
    again = [rows[place].number for group in groups for place in _begins_again(group, rows, column)]
    if again:
        raise InputError(Problem("importing.numbering-again", where, column=heading, rows=number_list(sorted(again))))


def _begins_again(group: list[int], rows: Sequence[Row], column: int) -> list[int]:
    """The places at which the vertices of a line are numbered from the first number again, and on from there."""
    cells = [str(cell_of(rows[place], column)).strip() for place in group]
    numbers = _all(_without_letters(cells), _figures)
    if numbers is None:
        return []
    begins = [0, *(at for at in range(1, len(numbers)) if numbers[at] <= numbers[at - 1])]
    runs = [numbers[begin:end] for begin, end in pairwise([*begins, len(numbers)])]
    is_numbered = all(len(run) > 1 and run == [numbers[0] + step for step in range(len(run))] for run in runs)
    return [group[at] for at in begins[1:]] if is_numbered else []


def order_notes(
    headings: Sequence[str], rows: Sequence[Row], groups: Sequence[list[int]], column: int | None
) -> Iterator[Message]:
    """That rows were put in order; or that a column of the order does not say one, so that the rows do."""
    if column is None or not headings:
        return
    given = [group for group in groups if any(cell_of(rows[place], column) is not None for place in group)]
    if any(_numbers(group, rows, column) is None for group in given if len(group) > 1):
        yield Message("importing.order-not-used", column=headings[column])
    moved = sum(len(_moved(group)) for group in groups)
    if moved:
        yield Message("importing.rows-ordered", column=headings[column], count=moved)


def _moved(group: Sequence[int]) -> list[int]:
    """The places that do not stand where they stood."""
    return [place for place, before in zip(group, sorted(group), strict=True) if place != before]


def _numbers(group: Sequence[int], rows: Sequence[Row], column: int) -> Mapping[int, float] | None:
    """What orders the vertices of a line; None where some have no number, two the same, or two orders are meant.

    Chainages and times that never fall back may repeat: the rows stand in their order.
    """
    cells = _without_letters([str(cell_of(rows[place], column)).strip() for place in group])
    read = [_all(cells, reading) for reading in (_figures, _as_metres, _moment)]
    found = next((numbers for numbers in read if numbers is not None), None)
    if found is None:
        return None
    grouped = _all(cells, _with_thousands)
    if grouped is not None and _by(found) != _by(grouped):
        return None
    if len(set(found)) < len(found) and not (any(map(_is_measure, cells)) and _rises(found)):
        return None
    return dict(zip(group, found, strict=True))


def _without_letters(cells: list[str]) -> list[str]:
    """The numbers of points that are all called alike: `P1`, `P2`, `P3`."""
    named = [_LETTERED.fullmatch(cell) for cell in cells]
    letters = {found[1] for found in named if found}
    return [found[2] for found in named if found] if all(named) and len(letters) == 1 else cells


def _all(cells: Sequence[str], reading: Callable[[str], float]) -> list[float] | None:
    try:
        return [reading(cell) for cell in cells]
    except (CellError, ValueError):
        return None


def _by(numbers: Sequence[float]) -> list[int]:
    return sorted(range(len(numbers)), key=numbers.__getitem__)


def _rises(numbers: Sequence[float]) -> bool:
    return all(before <= after for before, after in pairwise(numbers))


def _is_measure(cell: str) -> bool:
    """Whether a cell is no bare whole number."""
    return not cell.isdigit()


def _figures(cell: str) -> float:
    if not _FIGURES.fullmatch(cell):
        raise ValueError(cell)
    return float(cell.replace(",", "."))


def _with_thousands(cell: str) -> float:
    """The other meaning of `1.250`, which stands where no cell has other decimals."""
    return float(re.sub(r"[.,]", "", cell)) if _THOUSANDS.fullmatch(cell) else float(int(cell))


def _as_metres(cell: str) -> float:
    return as_metres(cell)


def _moment(cell: str) -> float:
    """Seconds of a time, of a day or of one without a day; what names no zone is compared as if in one."""
    day_first = _DAY_FIRST.fullmatch(cell)
    text = f"{day_first[3]}-{day_first[2]:0>2}-{day_first[1]:0>2}{day_first[4]}" if day_first else cell
    text = _SHORT_HOUR.sub(r"\1T0\2", text)
    if ":" in text[:3]:
        moment = time.fromisoformat(text if text[1:2].isdigit() else f"0{text}")
        return moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6
    full = datetime.fromisoformat(text)
    return (full if full.tzinfo else full.replace(tzinfo=UTC)).timestamp()
