"""A place in one cell: 'lat, lon', degrees with minutes and seconds, the point of a survey program, WKT."""

from __future__ import annotations

import re

from geo.importing.cells.degrees import DMS, SPACED, from_dms
from geo.importing.cells.errors import CellError, short, usable
from geo.importing.tables.model import Cell
from geo.reference.checks import VIET_NAM

_NUMBER = re.compile(r"(?a)[+-]?\d{1,8}(?:[.,]\d{1,20})?")
_WKT = re.compile(r"\s*(?:srid=4326;)?\s*point\s*z?\s*\(([^()]*)\)\s*", re.I)
_BETWEEN = re.compile(r"[\s,;/|]+")
_LETTERS = re.compile(r"(?i)(?:lat|lon|lng|vĩ|kinh|độ|đông|bắc|x|y|n|e|b|đ|°|[:=()\[\]])")
_PARTED = re.compile(r"[;|/\n]|,\s")
"""What stands between two places, and not between the four numbers of a survey program."""
FIRST_METRE = 1_000.0
"""No degree is as large, and no coordinate of VN-2000 in Việt Nam as small."""


def as_point(cell: Cell) -> tuple[float, float]:
    """Longitude and latitude (or metres east and north) of a cell; which of two numbers is which follows from them.

    >>> as_point("20.9835, 105.8290")
    (105.829, 20.9835)
    """
    first, second = as_pair(cell)
    if min(first, second) > FIRST_METRE:
        return (first, second) if first < second else (second, first)
    return (first, second) if first > second else (second, first)


def as_pair(cell: Cell) -> tuple[float, float]:
    """The two numbers of a place, in the order of the cell: degrees, also with minutes and seconds, or metres.

    >>> as_pair("21,03° B; 105,85° Đ"), as_pair("21°01.35'N 105°50.12'E"), as_pair("21 01 30, 105 49 44.4")
    ((21.03, 105.85), (21.0225, 105.83533333333334), (21.025, 105.829))
    """
    text = str(usable(cell)).strip()
    pair = _degrees(text) or _numbers(text)
    if len(pair) != 2:
        raise CellError("importing.no-place", text=short(text))
    return pair[0], pair[1]


def is_in_minutes(text: str) -> bool:
    """Whether a text is two coordinates with their minutes, and nothing else."""
    return len(_degrees(text)) == 2


def _is_here(one: float, other: float) -> bool:
    west, south, east, north = VIET_NAM
    return west <= max(one, other) <= east and south <= min(one, other) <= north


def _degrees(text: str) -> list[float]:
    """The degrees with minutes of a text that holds nothing else."""
    for form in (DMS, SPACED):
        found = [from_dms(each) for each in form.finditer(text)]
        if found and not _BETWEEN.sub("", _LETTERS.sub(" ", form.sub(" ", text))):
            return found
    return []


def _numbers(text: str) -> list[float]:
    """The two numbers of a text that holds nothing else; of a survey program's four, height and error are left out."""
    wkt = _WKT.fullmatch(text)
    body = wkt[1] if wkt else _LETTERS.sub(" ", text)
    found = _NUMBER.findall(body)
    if _BETWEEN.sub("", _NUMBER.sub("", body)):
        return []
    if len(found) == 4 and _PARTED.search(body) and _is_here(*(float(each.replace(",", ".")) for each in found[2:])):
        raise CellError("importing.several-places", text=short(text))
    if len(found) == 4 or (wkt and len(found) == 3):
        found = found[:2]
    return [float(number.replace(",", ".")) for number in found]
