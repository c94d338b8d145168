"""A candidate: one place that a description may mean, with its accuracy, what was found, and what speaks for it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.i18n.message import Message
from geo.reference.crs import to_wgs84
from geo.reference.places.grammar.reading import Reading
from geo.reference.places.place_index import PlaceIndex

Text = str | Message
NEARBY_M = 400.0
"""So far from a place another street is named to find it by."""
OWN_M = 30.0
"""Ways so near to the middle of a place are its own."""


class Kind(StrEnum):
    """What a candidate is: a part of a street, a whole street, where streets meet, a spot, a surface."""

    STRETCH = "stretch"
    STREET = "street"
    JUNCTION = "junction"
    POINT = "point"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place.

    Attributes
    ----------
    kind, name
        What it is, and what it is called.
    geometry
        In metres of the province's VN-2000 zone; `lonlat` has it in WGS 84.
    accuracy_m
        Every point of it lies within so many metres of what is meant, if it is what is meant.
    found, chosen
        What the data hold, and what was taken of it.
    evidence
        What speaks for it.
    notes
        What was assumed, and what the reader should know.
    reading
        The reading of the text that it follows.
    length_m
        Metres of a line; 0 for points and areas.
    """

    kind: Kind
    name: str
    geometry: BaseGeometry
    accuracy_m: float
    reading: Reading
    found: tuple[Text, ...] = ()
    chosen: tuple[Text, ...] = ()
    evidence: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()
    length_m: float = 0.0
    sure: bool = True

    def lonlat(self, province_code: str) -> BaseGeometry:
        """The geometry in WGS 84, 7 decimals."""
        there = to_wgs84(np.array([self.geometry], dtype=object), province_code)[0]
        rounded: BaseGeometry = shapely.transform(there, lambda xy: np.round(xy, 7))
        return rounded

    def record(self, province_code: str) -> dict[str, Any]:
        """All of it by name, as `geo.reference.geojson.feature` takes it; texts in the language of the context."""
        return {
            "kind": self.kind.value,
            "name": self.name,
            "length_m": round(self.length_m, 1),
            "accuracy_m": float(math.ceil(self.accuracy_m)),
            **{key: list(map(str, getattr(self, key))) for key in ("found", "chosen", "evidence", "notes")},
            "geometry": self.lonlat(province_code),
        }

    def with_notes(self, *notes: Text) -> Candidate:
        """The same with further notes, each once."""
        return replace(self, notes=tuple(dict.fromkeys((*self.notes, *notes))))

    def with_evidence(self, *evidence: Text) -> Candidate:
        """The same with more that speaks for it."""
        return replace(self, evidence=tuple(dict.fromkeys((*self.evidence, *evidence))))


def ward_names(index: PlaceIndex, geometry: BaseGeometry, limit: int = 4) -> list[str]:
    """Full names of the wards that a geometry meets, those with most of it first."""
    inside = {
        code: _size(shapely.intersection(geometry, shape))
        for code, shape in index.ward_shapes.items()
        if shapely.intersects(geometry, shape)
    }
    codes = sorted(inside, key=lambda code: (-inside[code], code))
    return [index.register.by_code(code).full_name for code in codes[:limit]]


def _size(part: BaseGeometry) -> float:
    return float(part.area or part.length)


def same_place(one: Candidate, other: Candidate) -> bool:
    """Whether two candidates are one place, found by two readings; one reading names its places apart: two banks."""
    if one.reading == other.reading:
        return False
    dimensions = shapely.get_dimensions([one.geometry, other.geometry])
    if dimensions[0] != dimensions[1] or abs(one.length_m - other.length_m) > 40.0:
        return False
    return bool(shapely.hausdorff_distance(one.geometry, other.geometry) < 40.0)


def with_positions(candidates: Sequence[Candidate], index: PlaceIndex) -> list[Candidate]:
    """The candidates; those that share name, kind and wards with another one with where each lies."""
    names = [(one.name, one.kind, *ward_names(index, one.geometry, 1)) for one in candidates]
    twice = {name for name, count in Counter(names).items() if count > 1}
    return [
        one.with_evidence(_position(one, index)) if name in twice else one
        for name, one in zip(names, candidates, strict=True)
    ]


def _position(candidate: Candidate, index: PlaceIndex) -> Message:
    """The middle of a candidate by its coordinates (latitude, longitude), and the nearest other named street."""
    middle = shapely.centroid(candidate.geometry)
    there = to_wgs84(np.array([middle], dtype=object), index.city.province_code)[0]
    place = f"{there.y:.5f}, {there.x:.5f}"
    rows = index.tree.query(middle, predicate="dwithin", distance=NEARBY_M)
    apart = shapely.distance(index.lines[rows], middle)
    order = np.argsort(apart, kind="stable")[np.sort(apart) > OWN_M]
    own = {str(index.names[row]) for row in rows[apart <= OWN_M]} | {candidate.name}
    names = (str(index.names[row]) for row in rows[order] if index.names[row])
    other = next((name for name in names if name not in own and not index.is_lane(name)), "")
    return Message("places.evidence.near" if other else "places.evidence.at", place=place, street=other)


def distinct(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates without those that are a place already listed."""
    chosen: list[Candidate] = []
    for candidate in candidates:
        if not any(same_place(candidate, other) for other in chosen):
            chosen.append(candidate)
    return chosen
