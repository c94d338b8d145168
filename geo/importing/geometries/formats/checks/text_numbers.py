"""The coordinates that DXF and MapInfo MIF spell out, looked at as those of XML: GDAL reads `21.O25` as 21, `` as 0."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.importing.geometries.formats.kinds import Kind

_ONE = re.compile(r"(?a)[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_WITH_GEOMETRY = ("ENTITIES", "BLOCKS")
_FIGURES = frozenset(map(str, (*range(10, 60), *range(210, 240))))
"""Codes of DXF whose values are coordinates, radii, angles and bulges."""
_PLACED = frozenset(("POINT", "LINE", "RECT", "ROUNDRECT", "ELLIPSE", "ARC", "CENTER"))
_WORDED = frozenset(
    (
        "PLINE", "REGION", "MULTIPOINT", "COLLECTION", "NONE", "TEXT", "PEN", "BRUSH", "SYMBOL", "FONT", "SMOOTH",
        "SPACING", "JUSTIFY", "ANGLE", "LABEL", "MULTIPLE",
    )
)  # fmt: skip
"""Words of MIF with which a line begins that holds coordinates behind it, or none."""
_MOST, _LONGEST = 20, 40


def check_numbers(content: bytes, where: str, kind: Kind) -> None:
    """Refuse coordinates that are no numbers, each with its line; formats that spell none out have none.

    Raises
    ------
    InputError
        There is one.
    """
    looking = {Kind.DXF: _of_dxf, Kind.MAPINFO_EXCHANGE: _of_mif}.get(kind)
    if looking is None:
        return
    faults = islice(looking(content.decode("latin-1").splitlines()), _MOST)
    problems = [
        Problem("importing.line-no-number", Message("place.row", file=where, row=number), text=text[:_LONGEST])
        for number, text in faults
    ]
    if problems:
        raise InputError(problems)


def _of_dxf(lines: list[str]) -> Iterator[tuple[int, str]]:
    """A line with a code, a line with its value, and so on; binary drawings spell nothing out."""
    section, begins = "", False
    for at in range(0, len(lines) - 1, 2):
        code, value = lines[at].strip(), lines[at + 1].strip()
        if begins and code == "2":
            section = value.upper()
        begins = code == "0" and value.upper() == "SECTION"
        if code in _FIGURES and section in _WITH_GEOMETRY and not _ONE.fullmatch(value):
            yield at + 2, value


def _of_mif(lines: list[str]) -> Iterator[tuple[int, str]]:
    """The lines behind `Data`: numbers alone, or a word before them."""
    begin = next((at for at, line in enumerate(lines) if line.strip().upper() == "DATA"), len(lines))
    for at, line in enumerate(lines[begin + 1 :], begin + 2):
        parts = line.partition("(")[0].split()
        word = parts[0].upper() if parts else ""
        if not parts or word in _WORDED or word.startswith('"'):
            continue
        numbers = parts[1:] if word in _PLACED else parts
        yield from ((at, text) for text in numbers if not _ONE.fullmatch(text))
