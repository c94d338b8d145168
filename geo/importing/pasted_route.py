"""What somebody pastes as a route: coordinates in any usual order, or the text of a file."""

from __future__ import annotations

import json
import re

from geo.i18n.message import Message
from geo.reference.checks import VIET_NAM

_NUMBER = r"[-+]?\d{1,3}(?:\.\d+)?"
_PAIR = re.compile(rf"[\[(]?\s*({_NUMBER})\s*(?:,\s*|;\s*|\t\s*|\s+)({_NUMBER})\s*[\])]?")
_METRES = r"\d{6,7}(?:\.\d+)?"
_METRE_PAIR = re.compile(rf"(?a)[\[(]?\s*({_METRES})\s*(?:,\s*|;\s*|\t\s*|\s+)({_METRES})\s*[\])]?(?![\d.])")
_BETWEEN = re.compile(r"[\s,;|]*")
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
"""Whether what is below it is another line, only its writer knows."""


def pasted(text: str) -> tuple[bytes, tuple[Message, ...]]:
    """The text as the bytes of a file of geometries, and what is to be said of it.

    Pairs of degrees with decimal points become a line (GeoJSON), one pair a point; latitude may stand first, as web
    maps copy it, where the pairs lie in Việt Nam in that order alone. Pairs of metres become a list of vertices. All
    else is passed on as it is.
    """
    metres = _pairs(text, _METRE_PAIR)
    if len(metres) > 1:
        # A vertex a line: which system it is in is asked where it is read.
        return "\n".join(f"{first!r} {second!r}" for first, second in metres).encode("utf-8"), ()
    pairs = _pairs(text, _PAIR)
    turned = [(second, first) for first, second in pairs]
    notes: tuple[Message, ...] = ()
    if not pairs or not (all(map(_is_here, turned)) or all(map(_is_here, pairs))):
        return text.encode("utf-8"), ()
    if not all(map(_is_here, pairs)):
        pairs, notes = turned, (Message("importing.latitude-first"),)
    shape = {"type": "Point", "coordinates": pairs[0]}
    if len(pairs) > 1:
        shape = {"type": "LineString", "coordinates": pairs}
    return json.dumps(shape).encode("utf-8"), notes


def _pairs(text: str, form: re.Pattern[str]) -> list[tuple[float, float]]:
    """The pairs that a text consists of; none where anything else stands in it."""
    found, at = [], 0
    stripped = text.strip()
    if _BLANK_LINE.search(stripped):
        return []
    while at < len(stripped):
        match = form.match(stripped, at)
        if match is None:
            return []
        found.append((float(match[1]), float(match[2])))
        between = _BETWEEN.match(stripped, match.end())
        at = between.end() if between else match.end()
    return found


def _is_here(pair: tuple[float, float]) -> bool:
    west, south, east, north = VIET_NAM
    return west <= pair[0] <= east and south <= pair[1] <= north
