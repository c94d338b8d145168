"""Where something of a name lies: landmarks, lakes, bridges, junctions that bear a name, localities."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.reference.names import fold, half_marked, has_diacritics, plain, unmarked
from geo.reference.places.landmark_names import key_of, kind_by_words, plain_key
from geo.reference.places.place_index import PlaceIndex
from geo.reference.places.street_groups import StreetGroup
from geo.reference.streets.search import base

ACCURACY_M = {
    "bus_station": 120.0,
    "market": 90.0,
    "hospital": 150.0,
    "school": 120.0,
    "office": 60.0,
    "park": 200.0,
    "worship": 60.0,
    "sight": 80.0,
    "mall": 100.0,
    "cemetery": 200.0,
    "station": 100.0,
    "estate": 400.0,
    "junction": 60.0,
    "bus_stop": 60.0,
    "locality": 600.0,
    "lake": 30.0,
    "river": 30.0,
}
"""How far a point of a kind may lie from the place that is meant: half of what such places measure."""
LAKE_POINT_M = 400.0
CAMPUS_M = 350.0
_CAMPUS = re.compile(r"\b(?:đại học|học viện|university|hoàng thành)\b", re.I)
PREFERRED = tuple(ACCURACY_M)
SAME_SPOT_M = 400.0
AT_STREET_M = 60.0
"""A landmark this near to a street lies at it, whatever runs between the two."""
_SCHOOL = re.compile(r"^(?:trường|truong)\s+")
_STORE = re.compile(r"^(?:đại\s+siêu thị|siêu thị|toà nhà|tòa nhà|khu vực|trụ sở)\s+(?=\S)", re.I)
_FLYOVER = re.compile(r"^cầu\s+vượt\s+(\S.+)$", re.I)
_SHORTEST = 5


@dataclass(frozen=True, slots=True)
class Spot:
    """A landmark: its `kind`, `name`, `shape` in metres, and how far it may lie from what is meant."""

    kind: str
    name: str
    shape: BaseGeometry
    accuracy_m: float
    exact: bool = True


def spots(index: PlaceIndex, name: str) -> list[Spot]:
    """The landmarks of a name, those of one kind near to each other as one; the better known kinds first."""
    rows = thing_rows(index, name)
    found = [
        Spot(thing.kind, thing.name, index.shapes[row], _accuracy(thing.kind, thing.name, index.shapes[row]))
        for row in rows
        for thing in (index.things[row],)
        if thing.kind in ACCURACY_M
    ]
    # Surfaces before points: of a lake both may be recorded.
    found.sort(key=lambda spot: (PREFERRED.index(spot.kind), -spot.shape.area, -len(spot.name), spot.name))
    return _apart(found)


def _accuracy(kind: str, name: str, shape: BaseGeometry) -> float:
    if kind in ("school", "sight") and _CAMPUS.search(name):
        return CAMPUS_M
    return LAKE_POINT_M if kind == "lake" and shape.geom_type == "Point" else ACCURACY_M[kind]


def near_spots(index: PlaceIndex, name: str, whole: BaseGeometry, reach_m: float) -> list[tuple[float, Spot]]:
    """Landmarks of a name near to a street, the nearest first, with their distance in metres.

    Where none is near that is called so, those whose name holds the whole name count: 'Big C' for 'Big C Thăng Long'.
    """
    for found in (spots(index, name), _holding(index, name)):
        near = [(float(shapely.distance(spot.shape, whole)), spot) for spot in found]
        near = sorted((pair for pair in near if pair[0] <= reach_m), key=lambda pair: pair[0])
        if near:
            return near
    return []


def behind(index: PlaceIndex, group: StreetGroup, whole: BaseGeometry, spot: Spot) -> bool:
    """Whether a landmark lies behind another named street, away from a street: at one that runs beside it."""
    if float(shapely.distance(spot.shape, whole)) <= AT_STREET_M:
        return False
    link = shapely.shortest_line(spot.shape, whole)
    names = {base(name) for name in (*group.names, group.asked)}
    between = shapely.line_interpolate_point(link, [0.0, max(0.0, float(link.length) - AT_STREET_M / 2)])
    way = shapely.LineString([between[0], between[1]])
    rows = index.tree.query(way, predicate="crosses")
    crossed = {str(index.names[row]) for row in rows if index.names[row]}
    return any(base(name) not in names and not index.is_lane(name) for name in crossed)


def _holding(index: PlaceIndex, name: str) -> list[Spot]:
    """Landmarks whose names hold a name, or its last words, as they stand."""
    key = key_of(_STORE.sub("", name))
    if len(key) < _SHORTEST:
        return []
    rows = [row for other, own in index.by_key.items() if f" {key} " in f" {other} " for row in own]
    return [
        Spot(thing.kind, thing.name, index.shapes[row], 2 * ACCURACY_M[thing.kind], exact=False)
        for row in rows
        for thing in (index.things[row],)
        if thing.kind in ACCURACY_M
    ]


def spread(index: PlaceIndex, name: str) -> list[Spot]:
    """Landmarks whose names hold a name at their beginning or end, or its words in order with one or two between them.

    'Chợ Hôm' for 'Chợ Hôm - Đức Viên', 'Sân vận động Mỹ Đình' for 'Sân vận động Quốc gia Mỹ Đình'.
    """
    key, words, kind = key_of(name), key_of(name).split(), kind_by_words(name)
    begun = [row for other, own in index.by_key.items() if other.startswith(f"{key} ") for row in own]
    ended = [row for other, own in index.by_key.items() if other.endswith(f" {key}") for row in own]
    rows = [row for row in begun if index.things[row].kind in (kind, "bus_stop")] if kind else []
    rows += [row for row in ended if kind and index.things[row].kind == kind]
    if not rows and len(words) > 2:
        keys = (other for other in index.by_key if other.startswith(f"{words[0]} {words[1]} "))
        rows = [row for other in keys if _holds(other.split(), words) for row in index.by_key[other]]
    rows.sort(
        key=lambda row: (PREFERRED.index(index.things[row].kind) if index.things[row].kind in PREFERRED else 99, row)
    )
    return _apart(
        Spot(thing.kind, thing.name, index.shapes[row], 2 * ACCURACY_M[thing.kind], exact=False)
        for row in rows
        for thing in (index.things[row],)
        if thing.kind in ACCURACY_M
    )


def _holds(words: list[str], wanted: list[str]) -> bool:
    rest = iter(words)
    return 0 < len(words) - len(wanted) <= 2 and all(word in rest for word in wanted)


def _apart(found: Iterable[Spot]) -> list[Spot]:
    distinct: list[Spot] = []
    for spot in found:
        if all(shapely.distance(spot.shape, other.shape) > SAME_SPOT_M for other in distinct):
            distinct.append(spot)
    return distinct


def thing_rows(index: PlaceIndex, name: str) -> list[int]:
    """Rows of the named things of this name: as written, without 'trường' before it, without diacritics."""
    key = key_of(name)
    if key in index.by_key:
        return index.by_key[key]
    for other in (f"trường {name}", _SCHOOL.sub("", name.casefold()), f"chợ {name}" if name.startswith("Chợ") else ""):
        if other and key_of(other) in index.by_key and key_of(other) != key:
            return index.by_key[key_of(other)]
    alias = index.gazetteer.alias(name)
    if alias and key_of(alias.network_name) in index.by_key:
        return index.by_key[key_of(alias.network_name)]
    bare = plain_key(name)
    rows = index.by_plain_key.get(bare, [])
    if not has_diacritics(name):
        return rows
    bare_rows = [row for row in rows if not has_diacritics(index.things[row].name)]
    return bare_rows or [
        row for row in rows if half_marked(key, index.things[row].key or key_of(index.things[row].name))
    ]


def bridge_rows(index: PlaceIndex, name: str) -> list[int]:
    """Rows of the ways on a bridge of this name; with 'cầu vượt', also where only the junction's name is recorded."""
    key = fold(name)
    if key in index.bridges:
        return index.bridges[key]
    bare = plain(name)
    alike = [(other, rows) for other, rows in index.bridges.items() if unmarked(other) == bare]
    if has_diacritics(name):
        alike = [(other, rows) for other, rows in alike if half_marked(key, other)]
    return [row for _, rows in alike for row in rows] or _of_flyover(index, name)


def _of_flyover(index: PlaceIndex, name: str) -> list[int]:
    """'Cầu vượt Trần Duy Hưng' for the flyover 'Nguyễn Chí Thanh - Trần Duy Hưng'."""
    found = _FLYOVER.match(name)
    if not found:
        return []
    key, street = fold("cầu vượt"), fold(found[1])
    return [
        row
        for other, rows in index.bridges.items()
        if other.startswith(key) and other.endswith(f" {street}")
        for row in rows
    ]


def middle_of(index: PlaceIndex, rows: list[int]) -> tuple[BaseGeometry, float]:
    """The middle of some ways, and how far their ends lie from it, metres."""
    whole = shapely.MultiLineString(list(index.lines[np.array(rows, dtype=np.int64)]))
    middle = shapely.centroid(whole)
    corners = shapely.points(shapely.get_coordinates(whole))
    return middle, float(shapely.distance(corners, middle).max())
