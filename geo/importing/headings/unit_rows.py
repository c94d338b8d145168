"""A row of units below the headings, as forms have one: `(người)`, `m`, `%`, `dd/mm/yyyy`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from geo.importing.headings.units import DAY, LENGTH, PLACE, is_scaled, unit_of
from geo.importing.tables.model import Cell, is_blank
from geo.importing.tables.written.number_formats import COUNTED
from geo.reference.names import plain

_IN_BRACKETS = re.compile(r"[(\[{]\s*([^()\[\]{}]{1,30}?)\s*[)\]}]")
_SAYS = re.compile(r"[^\W\d_]|[%‰°]")
_LABELS = frozenset(("don vi", "don vi tinh", "dvt", "unit", "units", "unit of measure"))
_DEGREES = frozenset(("do", "°", "do thap phan", "do phut giay", "degree", "degrees", "decimal degrees", "dms"))
_DAYS = re.compile(
    r"(?:ngay|d{1,2})\W?(?:thang|m{1,3})\W?(?:nam|y{2,4})|y{4}\W?m{1,2}\W?d{1,2}|m{1,2}\W?d{1,2}\W?y{2,4}"
)


def units_in_row(cells: Sequence[Cell]) -> tuple[str, ...] | None:
    """The unit that each cell of a row names, '' for blank ones and for the label of the row; None of any other row.

    >>> units_in_row(["ĐVT", None, "(người)", "%"]), units_in_row(["Láng", None, "12"]), units_in_row(["(1)", "(2)"])
    (('', '', 'người', '%'), None, None)
    """
    if any(not is_blank(cell) and not isinstance(cell, str) for cell in cells):
        return None
    texts = ["" if is_blank(cell) else str(cell).strip() for cell in cells]
    units = ["" if _key(text) in _LABELS else _unit(text) for text in texts]
    return None if None in units or not any(units) else tuple(unit or "" for unit in units)


def _unit(text: str) -> str | None:
    """The unit that a text is, without its brackets; None where it is something else."""
    if not text:
        return ""
    found = _IN_BRACKETS.fullmatch(text)
    bare = found[1] if found else text
    if not _SAYS.search(bare) or (found and len(bare) == 1 and bare not in "m%‰°"):
        return None  # a number, or the letter of a column
    return bare if found or _is_unit(bare) else None


def _is_unit(text: str) -> bool:
    """Whether a text without brackets is a unit, and can be nothing else."""
    key = _key(text)
    if key in COUNTED or key in _DEGREES or _DAYS.fullmatch(key):
        return True
    return is_scaled(text) or any(unit_of(measure, [text]) is not None for measure in (LENGTH, PLACE, DAY))


def _key(text: str) -> str:
    return plain(text).strip(" .:()[]{}")
