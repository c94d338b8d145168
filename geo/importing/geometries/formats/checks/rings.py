"""Rings of KML and GML that bound no area: GDAL drops some, and none says whether a line or an area is meant."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from geo.errors import Problem
from geo.i18n.message import Message
from geo.importing.geometries.model import feature_place

_BOUNDS = frozenset(("outerBoundaryIs", "innerBoundaryIs"))
_AROUND = {
    "LinearRing": _BOUNDS | frozenset(("exterior", "interior")),
    "outerBoundaryIs": frozenset(("Polygon",)),
    "innerBoundaryIs": frozenset(("Polygon",)),
}
"""What such an element stands in."""


def stray_ring(element: Element, where: str, feature: int) -> Problem | None:
    """The problem of an element that has ended and holds a ring out of its place; None for any other."""
    name = _bare(element)
    inner = next((each for each in map(_bare, element) if each in _AROUND), None)
    if inner is None or name in _AROUND[inner] or "Ring" in name:
        return None
    place = feature_place(where, feature)
    return Problem("importing.feature-unreadable", place, reason=Message("importing.is-ring"))


def _bare(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
