"""How wide a line of text is, by the widths of the shipped faces: rules are as long as words."""

from __future__ import annotations

from functools import cache

from geo.output.decree.checklist import ELEMENTS, Element
from geo.output.dossier.documents.blocks import Document
from geo.output.dossier.writers.fonts import SHIPPED

_MM_PER_POINT = 25.4 / 72
_FILES = {(False, False): "Regular", (True, False): "Bold", (False, True): "Italic", (True, True): "BoldItalic"}
LONG_WORD = 32
"""A word of so many letters (an address, a code) may be broken anywhere in a PDF."""
_LETTERHEAD = (0.42, 0.58)


def rules_mm(document: Document, room: float, *, anywhere: bool = False) -> dict[str, float]:
    """How long the rules of a document are, in millimetres: shares of the lines above them. `room`: of a line."""
    left, right = (room * part for part in _LETTERHEAD)
    above = {"office": (document.header.office, left), "motto": (document.header.motto, right)}
    above["subject"] = (document.subject, room)
    return {name: rule_mm(name, text, width, anywhere=anywhere) for name, (text, width) in above.items()}


def rule_mm(name: str, text: str, room: float, *, anywhere: bool = False) -> float:
    """How long the rule under a text is that is set as the element `name` in lines of `room` millimetres."""
    element = ELEMENTS[name]
    return element.rule_part * last_line_mm(text.rsplit("\n", maxsplit=1)[-1], element, room, anywhere=anywhere)


def last_line_mm(text: str, element: Element, room: float, *, anywhere: bool = False) -> float:
    """The width of the last line of a text that is broken at its spaces, each line filled as far as it goes.

    A word wider than a line is broken at any letter; with `anywhere`, so is every word of `LONG_WORD` letters.
    """
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if width_mm(longer, element) <= room:
            line = longer
        elif anywhere and len(word) >= LONG_WORD:
            line = _rest(longer, element, room)
        else:
            line = _rest(word, element, room)
    return width_mm(line, element)


def _rest(text: str, element: Element, room: float) -> str:
    """What is left for the last line of a text that is broken at any letter."""
    line = ""
    for letter in text:
        line = line + letter if width_mm(line + letter, element) <= room else letter
    return line


def width_mm(text: str, element: Element) -> float:
    """The width in millimetres of a line in the size and style of an element, in Times New Roman's metrics."""
    widths, per_em, other = _widths(_FILES[element.bold, element.italic])
    units = sum(widths.get(ord(letter), other) for letter in text)
    return units / per_em * element.size * _MM_PER_POINT


@cache
def _widths(face: str) -> tuple[dict[int, int], int, int]:
    from fontTools.ttLib import TTFont

    with TTFont(SHIPPED / f"LiberationSerif-{face}.ttf", lazy=True) as font:
        advances = font["hmtx"].metrics
        cmap = font.getBestCmap()
        return {code: advances[name][0] for code, name in cmap.items()}, font["head"].unitsPerEm, advances["space"][0]
