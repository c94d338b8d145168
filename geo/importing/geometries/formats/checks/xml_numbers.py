"""The coordinates that KML, GPX and GML spell out: GDAL reads a number as far as it goes, and `21.O25` as 21.

So each is looked at before, and what is not whole is refused with its text; so are elements out of place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from xml.etree.ElementTree import Element

from geo.errors import Problem
from geo.importing.geometries.formats.checks.elements import misplaced
from geo.importing.geometries.formats.kinds import Kind
from geo.importing.geometries.model import feature_place

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_ONE = re.compile(rf"(?a){_NUMBER}")
_TUPLE = re.compile(rf"(?a){_NUMBER},{_NUMBER}(?:,(?:{_NUMBER})?)?")
"""A vertex of KML: longitude, latitude and, where it has one, its height."""
_GML = "{http://www.opengis.net/gml"
_PLACED = frozenset(("wpt", "rtept", "trkpt", "rpt"))
_FEATURES = {
    Kind.KML: frozenset(("Placemark",)),
    Kind.GPX: frozenset(("wpt", "rte", "trk")),
    Kind.GML: frozenset(("featureMember", "member")),
}
_MOST, _LONGEST = 20, 40


class NumberCheck:
    """What is wrong with the coordinates of a document, an element after the other as they end.

    `problems`: each with the number of its feature in the document, its vertex from 1 and its text; the first twenty.
    """

    def __init__(self, where: str, kind: Kind) -> None:
        self.problems: list[Problem] = []
        self._where, self._kind = where, kind
        self._feature, self._vertex = 1, 0

    def look(self, element: Element) -> None:
        """Look at an element that has ended."""
        name = str(element.tag).rpartition("}")[2]
        for vertex, text in islice(self._faults(element, name), _MOST - len(self.problems)):
            place = feature_place(self._where, self._feature)
            self.problems.append(Problem("importing.vertex-no-number", place, vertex=vertex, text=text[:_LONGEST]))
        odd = None if self._kind is Kind.GPX else misplaced(element, self._where, self._feature)
        if odd is not None and len(self.problems) < _MOST:
            self.problems.append(odd)
        if name in _FEATURES[self._kind]:
            self._feature, self._vertex = self._feature + 1, 0

    def _faults(self, element: Element, name: str) -> Iterator[tuple[int, str]]:
        """Number and text of each vertex of an element that is not whole."""
        if self._kind is Kind.GPX:
            if name not in _PLACED:
                return iter(())
            self._vertex += 1
            values = [(key, element.get(key, "")) for key in ("lat", "lon")]
            return ((self._vertex, f'{key}="{text}"') for key, text in values if not _is_one(text))
        if self._kind is Kind.KML:
            return _of_kml(element, name)
        return _of_gml(element, name) if str(element.tag).startswith(_GML) else iter(())


def _of_kml(element: Element, name: str) -> Iterator[tuple[int, str]]:
    text = element.text or ""
    if name == "coord":
        return ((at, text.strip()) for at, part in enumerate(text.split(), 1) if not _is_one(part))
    if name != "coordinates":
        return iter(())
    # A blank beside a comma is a slip of the hand that every program takes.
    tuples = ",".join(part.strip() for part in text.split(",")).split()
    return ((at, each) for at, each in enumerate(tuples, 1) if not _TUPLE.fullmatch(each))


def _of_gml(element: Element, name: str) -> Iterator[tuple[int, str]]:
    text = element.text or ""
    if name in ("pos", "posList", "X", "Y", "Z"):
        return _not_whole(text.replace(",", " ").split())
    if name != "coordinates":
        return iter(())
    for sign, default in (("ts", " "), ("cs", ",")):
        text = text.replace(element.get(sign) or default, " ")
    return _not_whole(text.replace(element.get("decimal") or ".", ".").split())


def _not_whole(numbers: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Those that are no numbers; two make a vertex."""
    return ((at // 2 + 1, each) for at, each in enumerate(numbers) if not _is_one(each))


def _is_one(text: str) -> bool:
    return bool(_ONE.fullmatch(text.strip()))
