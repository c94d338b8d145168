"""Elements of KML and GML out of their place, or twice in it: GDAL drops some of them and reads the last of others."""

from __future__ import annotations

from collections.abc import Sequence
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
_RING, _VERTICES = frozenset(("LinearRing",)), frozenset(("coordinates", "posList"))
_ONE_OF = {
    "Placemark": frozenset(("Point", "LineString", "Polygon", "MultiGeometry", "Track", "MultiTrack", "Model")),
    **dict.fromkeys(("Point", "LineString", "LinearRing"), _VERTICES),
    **dict.fromkeys((*_BOUNDS, "exterior", "interior"), _RING),
    "Polygon": frozenset(("outerBoundaryIs", "exterior")),
}
"""Of which elements another one holds no more than one."""


def misplaced(element: Element, where: str, feature: int) -> Problem | None:
    """The problem of an element that has ended and holds others that it must not, or several of one; None for none."""
    name, inner = _bare(element), [_bare(child) for child in element]
    if _holds_stray_ring(name, inner):
        reason = Message("importing.is-ring")
    else:
        several = [child for child in inner if child in _ONE_OF.get(name, ())]
        if len(several) < 2:
            return None
        reason = Message("importing.element-again", parent=name, children=several)
    return Problem("importing.feature-unreadable", feature_place(where, feature), reason=reason)


def _holds_stray_ring(name: str, inner: Sequence[str]) -> bool:
    ring = next((child for child in inner if child in _AROUND), None)
    if ring is None or "Ring" in name:
        return False
    return name not in _AROUND[ring] or (name == "Polygon" and "outerBoundaryIs" not in inner)


def _bare(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
