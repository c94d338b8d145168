"""Figures: degrees, metres and counts, with a decimal comma or point."""

from __future__ import annotations

import math
import re

from geo.importing.cells.errors import CellError, short, usable
from geo.importing.tables.model import Cell

_KM = re.compile(r"(?a)(?:km\s*)?(\d{1,4})\s*\+\s*(\d{1,3}(?:[.,]\d+)?)", re.I)
_IN_KM = re.compile(r"(?a)(\d{1,4}(?:[.,]\d{1,3})?)\s*km", re.I)
_GROUPED = re.compile(
    r"""(?ax)\d{3}\.\d{3},\d+|\d{3},\d{3}\.\d+|\d\.\d{3}\.\d{3}(?:,\d+)?|\d,\d{3},\d{3}(?:\.\d+)?
    |\d{1,3}(?:[ ]\d{3}){1,2}(?:[.,]\d+)?"""
)
"""Metres of VN-2000 with their thousands apart, as spreadsheets in Vietnamese show them: six or seven figures."""
_UNIT = re.compile(r"\s*(?:m|mét|metres?|meters?)\.?$", re.I)
_WHOLE = re.compile(r"(?a)\d{1,3}(?:[. \u00a0]\d{3})+|\d{1,3}(?:,\d{3})+|\d+(?:[.,]0{1,2})?")
_DMS = re.compile(
    r"""(?ax)(?P<before>[NSEWBĐT]\s*)?(?P<degrees>\d{1,3})\s*[°º˚d]\s*(?:
    (?P<minutes>\d{1,2})\s*['’′´`m]\s*(?P<seconds>\d{1,2}(?:[.,]\d+)?)\s*(?:["”″s]|''|’’|′′)
    |(?P<decimal>\d{1,2}[.,]\d+)\s*['’′´`m]?)
    (?(before)|(?:\s*(?P<after>[NSEWBĐT]))?)"""
)
"""Degrees with minutes and seconds, or with minutes that have decimals; receivers leave the mark behind those away.

Whole minutes alone are no place: they are 1.8 km apart."""
_EXPONENT = re.compile(r"(?ai)[-+]?\d[.,](\d{1,20})e[+]?(0?\d)")
_FINE = 4
"""How many decimals of a degree a number with an exponent has to have: spreadsheets cut them off (`1.06E+02`)."""
_LARGEST_COUNT = 100_000_000


def as_degrees(cell: Cell) -> float:
    """Degrees, or metres of VN-2000: a number, text with a decimal comma or point, or degrees with minutes and seconds.

    >>> as_degrees("105,8542"), round(as_degrees("20°59'00.6\\"N"), 4), as_degrees("20°59.01'N")
    (105.8542, 20.9835, 20.9835)
    """
    cell = usable(cell)
    if isinstance(cell, str):
        found = _DMS.fullmatch(cell.strip())
        if found:
            return from_dms(found)
        cell = cell.strip().removesuffix("°")
        exponent = _EXPONENT.fullmatch(cell)
        if exponent and len(exponent[1]) - int(exponent[2]) >= (_FINE if int(exponent[2]) <= 2 else 0):
            return float(cell.replace(",", "."))
        if _GROUPED.fullmatch(cell):
            signs = re.sub(r"\d", "", cell)
            cell = cell.replace(signs[0], "").replace(",", ".")  # the first sign parts thousands
    return number(cell, "importing.no-degrees")


def from_dms(found: re.Match[str]) -> float:
    """Decimal degrees of degrees and minutes, with seconds or decimals; south and west below nought."""
    degrees = int(found["degrees"])
    minutes = _decimal(found["minutes"] or found["decimal"])
    seconds = _decimal(found["seconds"] or "0")
    if degrees > 180 or minutes >= 60 or seconds >= 60:
        raise CellError("importing.no-degrees", text=short(found[0]))
    sign = -1 if (found["after"] or found["before"] or "").strip() in ("S", "W", "T") else 1
    return sign * (degrees + minutes / 60 + seconds / 3600)


def _decimal(text: str) -> float:
    return float(text.replace(",", "."))


def as_metres(cell: Cell) -> float:
    """A chainage in metres: `1250`, `1250,5`, `1250 m`, `1.250,5`, `Km 1+250`, `1,25 km`.

    >>> as_metres("Km 1+250")
    1250.0
    """
    cell = usable(cell)
    if not isinstance(cell, str):
        return number(cell, "importing.no-metres")
    kilometres = _KM.fullmatch(cell.strip())
    if kilometres:
        return int(kilometres[1]) * 1000 + float(kilometres[2].replace(",", "."))
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
    if not 0 <= value <= _LARGEST_COUNT:
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
