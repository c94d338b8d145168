"""Figures: metres and counts, with a decimal comma or point."""

from __future__ import annotations

import math
import re

from geo.importing.cells.errors import CellError, short, usable
from geo.importing.tables.model import Cell
from geo.records.model.figures import LARGEST_COUNT

_KM = re.compile(r"(?a)(?:km?\s*)?(\d{1,4})\s*\+\s*(\d{1,3}(?:[.,]\d+)?)", re.I)
_POST = re.compile(r"(?a)km\s*(\d{1,4})", re.I)
_IN_KM = re.compile(r"(?a)(\d{1,4}(?:[.,]\d{1,3})?)\s*km", re.I)
_UNIT = re.compile(r"\s*(?:m|mét|metres?|meters?)\.?$", re.I)
_WHOLE = re.compile(r"(?a)\d{1,3}(?:[. \u00a0]\d{3})+|\d{1,3}(?:,\d{3})+|\d+(?:[.,]0{1,2})?")


def as_metres(cell: Cell) -> float:
    """A chainage in metres: `1250`, `1250,5`, `1250 m`, `1.250,5`, `Km 1+250`, `1,25 km`.

    >>> as_metres("Km 1+250"), as_metres("K1+250"), as_metres("Km 1")
    (1250.0, 1250.0, 1000.0)
    """
    cell = usable(cell)
    if not isinstance(cell, str):
        return number(cell, "importing.no-metres")
    kilometres = _KM.fullmatch(cell.strip())
    if kilometres:
        return int(kilometres[1]) * 1000 + float(kilometres[2].replace(",", "."))
    if post := _POST.fullmatch(cell.strip()):
        return int(post[1]) * 1000.0
    if in_km := _IN_KM.fullmatch(cell.strip()):
        return round(float(in_km[1].replace(",", ".")) * 1000, 3)
    text = _UNIT.sub("", cell.strip())
    if re.fullmatch(r"(?a)\d{1,3}[.,]\d{3}", text):
        raise CellError("importing.two-lengths", text=short(text), large=text.replace(text[-4], ""), small=text[:-4])
    for thousands, decimal in ((".", ","), (",", ".")):
        if re.fullmatch(rf"(?a)\d{{1,3}}(?:\{thousands}\d{{3}})+(?:\{decimal}\d+)?", text):
            text = text.replace(thousands, "").replace(decimal, ".")
    return number(text, "importing.no-metres")


def as_count(cell: Cell) -> float:
    """A whole number from 0 up, also with its thousands apart: `1250`, `1.250`, `1 250`, `1,250`."""
    cell = usable(cell)
    value = -1.0
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        value = float(cell) if float(cell).is_integer() else -1.0
    elif isinstance(cell, str) and _WHOLE.fullmatch(cell.strip()) and len(cell) < 20:
        value = float(re.sub(r"\D", "", re.sub(r"[.,]0{1,2}$", "", cell.strip())))
    if not 0 <= value <= LARGEST_COUNT:
        raise CellError("importing.no-count", text=short(_shown(cell)))
    return value


def as_record(cell: Cell) -> int:
    """The number of a record, from 1 up: `12`, `#12`.

    >>> as_record("#12")
    12
    """
    value = as_count(cell.strip().removeprefix("#") if isinstance(cell, str) else cell)
    if value < 1:
        raise CellError("importing.no-count", text=short(_shown(cell)))
    return int(value)


def number(cell: Cell, code: str) -> float:
    """A finite number; CellError with `code` where the cell is none."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        value = float(cell)
    else:
        text = str(cell).strip().replace("\N{MINUS SIGN}", "-")
        if not re.fullmatch(r"(?a)[+-]?\d{1,12}(?:[.,]\d{1,20})?", text):
            raise CellError(code, text=short(cell))
        value = float(text.replace(",", "."))
    if not math.isfinite(value):
        raise CellError("importing.not-finite")
    return value


def _shown(cell: Cell) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
