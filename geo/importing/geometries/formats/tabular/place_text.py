"""A text of places, one a line, without headings: as people write or copy them, and what is wrong with a line of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import shapely

from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.importing.cells import CellError
from geo.importing.cells.places import FIRST_METRE, as_pair, is_in_minutes
from geo.importing.geometries.formats.tabular.second_places import is_here
from geo.importing.geometries.model import Features, object_array, unusable

_MARK = re.compile(r"(?a)\s*\d{1,5}\s*(?:[.):]\s+|[)]\s*)")
"""A number before a place, as lists have it: `1. 105.78 21.03`."""
_RUNNING = re.compile(r"(?a)\s*(\d{1,5})[\s,;:]+(.*)")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_HEIGHT = re.compile(r"(.*\d)[\s,;]+[-+]?\d{1,4}(?:\.\d+)?\s*")
_SIGNS = re.compile(r"[°º'′\"″]")
_NAMED = re.compile(r"\s*[^\W\d_]+\s*[,;\t|]")
"""A word in a cell of its own, which may be the name of a route."""
_LONGEST = 60
_WITH_HEIGHT = 3
_DEGREES = 180.0


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str


def place_text(text: str, where: str) -> Features:
    """The line through the places of a text, a place a line; one place is a point.

    Raises
    ------
    InputError
        Some lines are no places, or a blank one stands between them; every one is named. Or hardly any line is one.
    """
    lines = [_Line(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    read, code = max(((_read(lines, of), code) for of, code in _WAYS), key=lambda tried: len(tried[0]))
    if 2 * len(read) <= len(lines):
        first = lines[0].text.strip()[:_LONGEST] if lines else ""
        raise unusable("importing.text-without-places", where, line=first, count=len(lines))
    problems = [
        Problem("importing.no-place", _row(where, line.number), text=line.text.strip()[:_LONGEST])
        for line in lines
        if line.number not in read
    ]
    problems += [
        Problem("importing.blank-between-places", _row(where, below.number - 1))
        for above, below in pairwise(lines)
        if below.number - above.number > 1
    ]
    if problems:
        raise InputError(problems)
    xy = list(read.values())
    shape = shapely.LineString(xy) if len(xy) > 1 else shapely.Point(xy[0])
    notes = [Message("importing.places-joined", count=len(xy))] if len(xy) > 1 else []
    notes += [Message(code)] if code else []
    return Features(object_array([shape]), is_assumed=True, rows=[lines[0].number], notes=tuple(notes))


def _row(where: str, number: int) -> Message:
    return Message("place.row", file=where, row=number)


def _read(lines: Sequence[_Line], bare: Callable[[int, str], str]) -> dict[int, tuple[float, float]]:
    """Number of each line that is a place → the place."""
    found = {}
    for at, line in enumerate(lines):
        pair = _pair(bare(at, line.text))
        if pair is not None:
            found[line.number] = pair
    return found


def _pair(text: str) -> tuple[float, float] | None:
    text = text.strip().strip("[](),;")
    is_plain = not _SIGNS.search(text) and not is_in_minutes(text)
    if _NAMED.match(text) or (is_plain and len(_NUMBER.findall(text)) > _WITH_HEIGHT):
        return None
    try:
        pair = as_pair(text)
    except CellError:
        return None
    return pair if is_here(pair) or min(pair) > FIRST_METRE or max(map(abs, pair)) <= _DEGREES else None


def _as_it_is(_: int, text: str) -> str:
    return text


def _without_mark(_: int, text: str) -> str:
    return _MARK.sub("", text, count=1)


def _running(first: int) -> Callable[[int, str], str]:
    def bare(at: int, text: str) -> str:
        """The line behind its number, where that counts on from the line before; nothing where it does not."""
        found = _RUNNING.fullmatch(text)
        return found[2] if found and int(found[1]) == at + first else ""

    return bare


def _without_height(_: int, text: str) -> str:
    found = _HEIGHT.fullmatch(text)
    return found[1] if found else ""


_WAYS: tuple[tuple[Callable[[int, str], str], str], ...] = (
    (_as_it_is, ""),
    (_without_mark, "importing.numbers-of-places"),
    (_running(1), "importing.numbers-of-places"),
    (_running(0), "importing.numbers-of-places"),
    (_without_height, "importing.heights-of-places"),
)
"""How a line may be written, and what is left out of it then."""
