"""Degrees as people write them: a number, with the letter of its side, with minutes and seconds."""

from __future__ import annotations

import re

from geo.importing.cells.errors import CellError, short, usable
from geo.importing.cells.numbers import number
from geo.importing.tables.model import Cell

_GROUPED = re.compile(
    r"""(?ax)\d{3}\.\d{3},\d+|\d{3},\d{3}\.\d+|\d\.\d{3}\.\d{3}(?:,\d+)?|\d,\d{3},\d{3}(?:\.\d+)?
    |\d{1,3}(?:[ ]\d{3}){1,2}(?:[.,]\d+)?"""
)
"""Metres of VN-2000 with their thousands apart, as spreadsheets in Vietnamese show them: six or seven figures."""
DMS = re.compile(
    r"""(?ax)(?P<before>[NSEWBĐT]\s*)?(?P<degrees>\d{1,3})\s*[°º˚do]\s*(?:
    (?P<minutes>\d{1,2})\s*['’′´`m]\s*(?P<seconds>\d{1,2}(?:[.,]\d+)?)\s*(?:["”″s]|''|’’|′′)
    |(?P<decimal>\d{1,2}[.,]\d+)\s*['’′´`m]?)
    (?(before)|(?:\s*(?P<after>[NSEWBĐT]))?)"""
)
"""Degrees with minutes and seconds, or with minutes that have decimals; receivers leave the mark behind those away.

Whole minutes alone are no place: they are 1.8 km apart."""
_MINUTES = re.compile(
    r"(?a)(?P<degrees>\d{1,3})\s+(?P<decimal>[0-5]?\d[.,]\d{2,})(?P<minutes>)(?P<seconds>)(?P<before>)(?P<after>)"
)
"""Degrees, and minutes with decimals behind a blank, as receivers show them (`105 50.54`)."""
_SIDE = r"(?:(?:vĩ|kinh)\s+(?:độ\s+)?)?(?:đông|bắc|tây|nam|[NSEWBĐDT])"
SPACED = re.compile(
    rf"(?i)(?<![0-9.,])(?:(?P<before>{_SIDE})\s*)?(?P<degrees>[0-9]{{1,3}})\s+(?P<minutes>[0-5]?[0-9])\s+"
    rf"(?P<seconds>[0-5]?[0-9](?:[.,][0-9]+)?)(?P<decimal>)(?:\s*(?P<after>{_SIDE}))?(?![0-9.])"
)
"""Degrees, minutes and seconds with nothing but blanks between them."""
_LETTERED = re.compile(
    rf"(?i)(?:(?P<before>{_SIDE})\s*)?(?P<number>[0-9]{{1,3}}[.,][0-9]{{1,20}})\s*[°º˚]?\s*(?P<after>{_SIDE})?"
)
"""Degrees with decimals and a letter before or behind them (đông, bắc, tây, nam, or English); `21B` is a house."""
_EXPONENT = re.compile(r"(?ai)[-+]?\d[.,](\d{1,20})e[+]?(0?\d)")
_FINE = 4
"""How many decimals of a degree a number with an exponent has to have: spreadsheets cut them off (`1.06E+02`)."""
_BELOW_NOUGHT = ("S", "W", "T", "TÂY", "NAM")
_POLE = 90.0
_NORTH_OR_SOUTH = ("N", "S", "B", "BẮC", "NAM")


def as_degrees(cell: Cell) -> float:
    """Degrees, or metres of VN-2000: a number, text with a decimal comma or point, or degrees with minutes and seconds.

    >>> as_degrees("105,8542"), round(as_degrees("20°59'00.6\\"N"), 4), as_degrees("20°59.01'N")
    (105.8542, 20.9835, 20.9835)
    >>> as_degrees("105,829 Đ"), as_degrees("B 21,03"), as_degrees("105 49 44.4")
    (105.829, 21.03, 105.829)
    >>> as_degrees("21 01.50"), round(as_degrees("105o50'24''"), 6)
    (21.025, 105.84)
    """
    cell = usable(cell)
    if isinstance(cell, str):
        found = DMS.fullmatch(cell.strip()) or SPACED.fullmatch(cell.strip()) or _MINUTES.fullmatch(cell.strip())
        if found:
            return from_dms(found)
        lettered = _LETTERED.fullmatch(cell.strip())
        if lettered and bool(lettered["before"]) != bool(lettered["after"]):
            return _signed(_decimal(lettered["number"]), lettered)
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
    return _signed(degrees + minutes / 60 + seconds / 3600, found)


def _signed(degrees: float, found: re.Match[str]) -> float:
    """Degrees of the side that is written, which has to have as many."""
    side = (found["after"] or found["before"] or "").upper().split()
    letter = side[-1] if side else ""
    if letter in _NORTH_OR_SOUTH and degrees > _POLE:
        raise CellError("importing.no-degrees", text=short(found[0]))
    return -degrees if letter in _BELOW_NOUGHT else degrees


def _decimal(text: str) -> float:
    return float(text.replace(",", "."))
