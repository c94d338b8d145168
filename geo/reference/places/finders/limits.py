"""Limits of a stretch that are no cross street: landmarks, house numbers, lanes, kilometres, borders of wards."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.i18n.message import Message
from geo.reference.crs import to_wgs84
from geo.reference.places.finders import landmark_search, numbering
from geo.reference.places.finders.junctions import by_own_name
from geo.reference.places.grammar.qualifiers import codes_of
from geo.reference.places.grammar.reading import Form, Reading
from geo.reference.places.place_index import PlaceIndex, union_of
from geo.reference.places.shapes import multi, nearest
from geo.reference.places.street_groups import StreetGroup, street_groups, title
from geo.reference.streets.description import LimitKind, junction_streets, parse_limit
from geo.reference.streets.gazetteer import Alias, Gazetteer, NamedPlace
from geo.reference.streets.limits import MEETING_REACH_M, PLACE_REACH_M
from geo.reference.streets.search import base

_NUMBER = re.compile(r"^(?:số(?:\s+nhà)?|nhà\s+số|sn)\s*(\d{1,4})[a-zđ]?$", re.I)
_LANE = re.compile(r"^(?:đầu\s+)?(?:ngõ|ngách|hẻm|kiệt)\s+(\d{1,4})[a-zđ]?(?:/\d+)*(?:\s+\D.*)?$", re.I)
_BORDER = re.compile(r"^(?:giáp(?:\s+ranh)?|ranh giới|ranh|địa giới|địa phận)\s+(?:với\s+)?(.+)$", re.I)
_LEAD = re.compile(
    r"^(?:(?:phía|khu vực|ngay|tại)\s+)*"
    r"(?:trước(?:\s+(?:cổng|cửa))?|đối diện(?:\s+(?:cổng|với))?|cổng|gần|cạnh|lối vào|đường vào)\s+(?=\S)",
    re.I,
)
_BRIDGE = re.compile(r"^cầu\s+(?!vượt\b)", re.I)
_BRIDGE_END = re.compile(r"^(?:chân|đầu|dốc|mố|gầm|hai đầu)\s+(?=cầu\b)", re.I)
_JUNCTION = re.compile(
    r"^(ngã\s*(?:ba|tư|năm|sáu|bảy|[3-7])|nga\s+(?:ba|tu|nam|sau)|nút(?:\s+giao(?:\s+thông)?)?|vòng\s+(?:xuyến|xoay))\s+"
    r"(?:(?:đường\s+)?giao(?:\s+(?:cắt|nhau))?\s+)?(?:(?:giữa|với)\s+)?(.+)$",
    re.I,
)
ACROSS_M = 160.0
"""A junction is at most so wide."""
_LIKE = "\x1f"
"""Behind the name of a place that is not certain to be the limit: said, and never sure."""
BRIDGE_END_M = 60.0


def with_limits(index: PlaceIndex, group: StreetGroup, limits: Sequence[str]) -> tuple[Gazetteer, list[Message]]:
    """The gazetteer with every limit that is found on this street by something else than a cross street or a bridge."""
    found: list[NamedPlace] = []
    notes: list[Message] = []
    whole = shapely.MultiLineString(list(index.lines[group.rows]))
    for text in limits:
        place = _place(index, group, whole, text)
        if place is not None:
            found.append(place)
            like = place.name.endswith(_LIKE)
            found[-1] = replace(place, name=text)
            notes.append(Message("places.limit-like" if like else "places.limit-by", limit=text, reason=place.reason))
    book = index.gazetteer
    aliases = [alias for text in limits for alias in _spelled_otherwise(index, whole, text)]
    return Gazetteer((*aliases, *book.aliases), (*found, *book.places), book.routes), notes


def _spelled_otherwise(index: PlaceIndex, whole: BaseGeometry, text: str) -> Iterator[Alias]:
    """The streets that a limit names in another spelling than the network's: '19/5', half of the marks, an alias."""
    limit = parse_limit(text)
    for name in junction_streets(limit.name) if limit.kind is LimitKind.JUNCTION else (limit.name,):
        for group in street_groups(index, name):
            same = any(base(other) == base(name) for other in group.names)
            if (
                not same
                and not group.numbered
                and shapely.dwithin(multi(index.lines[group.rows]), whole, PLACE_REACH_M)
            ):
                yield Alias(
                    name, title(index, group), str(Message("reference.taken-for", name=name, found=group.names[:3]))
                )
                break


def _place(index: PlaceIndex, group: StreetGroup, whole: BaseGeometry, text: str) -> NamedPlace | None:
    if junction := _JUNCTION.match(text):
        return _junction(index, whole, text, junction)
    if number := _NUMBER.match(text) or _LANE.match(text):
        return _numbered(index, group, text, number[1])
    if border := _BORDER.match(text):
        return _border(index, whole, text, border[1])
    return None if index.gazetteer.place(text) else _other(index, group, whole, text)


def _other(index: PlaceIndex, group: StreetGroup, whole: BaseGeometry, text: str) -> NamedPlace | None:
    """The end of a bridge or a landmark; None for a street or a bridge that crosses."""
    bare = _LEAD.sub("", text)
    beside = _bridge_beside(index, whole, text, bare)
    if beside:
        return beside
    if bare == text and _crosses(index, group, whole, text):
        return None
    bridge = _BRIDGE_END.sub("", bare)
    if bridge != bare:
        return _bridge_end(index, whole, text, bridge)
    return _landmark(index, group, whole, text, bare)


def _junction(index: PlaceIndex, whole: BaseGeometry, text: str, found: re.Match[str]) -> NamedPlace | None:
    """A junction recorded under this name at the street; None leaves it to the streets that it names."""
    reading = Reading(Form.JUNCTION, text, street=found[2].strip(), number=found[1].lower())
    for candidate in by_own_name(index, reading, found[0]):
        if shapely.dwithin(candidate.geometry, whole, PLACE_REACH_M):
            reason = str(candidate.evidence[-1])
            return NamedPlace(text, reason, candidate.accuracy_m, lonlat=_lonlat(index, candidate.geometry))
    return _almost_meeting(index, whole, text, found[2])


def _almost_meeting(index: PlaceIndex, whole: BaseGeometry, text: str, street: str) -> NamedPlace | None:
    """Where a street that gives a junction its name comes near to this one without meeting it: across the junction."""
    for group in street_groups(index, street):
        other = multi(index.lines[group.rows])
        distance = float(shapely.distance(other, whole))
        if MEETING_REACH_M < distance <= ACROSS_M:
            reason = str(Message("places.near-street", street=street))
            return NamedPlace(text, reason, ACROSS_M, lonlat=_lonlat(index, nearest(whole, other)))
    return None


def _crosses(index: PlaceIndex, group: StreetGroup, whole: BaseGeometry, text: str) -> bool:
    """Whether another street of this name comes near to the street."""
    others = [other for other in street_groups(index, text) if not np.isin(other.rows, group.rows).any()]
    return any(shapely.dwithin(index.lines[other.rows], whole, PLACE_REACH_M / 4).any() for other in others)


def _numbered(index: PlaceIndex, group: StreetGroup, text: str, number: str) -> NamedPlace | None:
    spot = numbering.spot(index, group, int(number))
    if spot is None:
        return None
    reason = str(spot.open or Message("places.by-house-numbers", number=number))
    name = text + _LIKE if spot.open else text
    return NamedPlace(name, reason, spot.accuracy_m, lonlat=_lonlat(index, spot.point))


def _border(index: PlaceIndex, whole: BaseGeometry, text: str, ward: str) -> NamedPlace | None:
    """Where the street enters a ward: the crossing with its border, if they are near to each other."""
    codes = codes_of(ward, index.register)
    if not codes:
        return None
    shape = union_of(index, codes)
    points = shapely.intersection(whole, shapely.boundary(shape))
    if points.is_empty:
        return None
    middle = shapely.centroid(points)
    spread = float(shapely.distance(shapely.points(shapely.get_coordinates(points)), middle).max())
    if spread > PLACE_REACH_M:
        return None
    return NamedPlace(
        text, str(Message("places.border-of", ward=ward)), max(20.0, spread), lonlat=_lonlat(index, middle)
    )


def _bridge_end(index: PlaceIndex, whole: BaseGeometry, text: str, bridge: str) -> NamedPlace | None:
    """The end of a bridge: of the ends of its ways the one nearest to the street."""
    rows = landmark_search.bridge_rows(index, bridge)
    near = [row for row in rows if shapely.dwithin(index.lines[row], whole, PLACE_REACH_M)]
    if not near:
        return None
    ends = np.concatenate([shapely.get_point(index.lines[near], 0), shapely.get_point(index.lines[near], -1)])
    closest = ends[int(np.argmin(shapely.distance(ends, whole)))]
    return NamedPlace(
        text, str(Message("places.bridge-end", bridge=bridge)), BRIDGE_END_M, lonlat=_lonlat(index, closest)
    )


def _bridge_beside(index: PlaceIndex, whole: BaseGeometry, text: str, bridge: str) -> NamedPlace | None:
    """A bridge that ends across a junction from the street: too far away to meet it, too near to be elsewhere."""
    rows = landmark_search.bridge_rows(index, bridge) if bridge.lower().startswith(("cầu ", "cau ")) else []
    distance = float(shapely.distance(index.lines[rows], whole).min()) if rows else 0.0
    return _bridge_end(index, whole, text, bridge) if MEETING_REACH_M < distance <= ACROSS_M else None


def _landmark(index: PlaceIndex, group: StreetGroup, whole: BaseGeometry, text: str, bare: str) -> NamedPlace | None:
    exact = [(float(shapely.distance(spot.shape, whole)), spot) for spot in landmark_search.spots(index, bare)]
    near = sorted((pair for pair in exact if pair[0] <= PLACE_REACH_M), key=lambda pair: pair[0])
    named = None if near else _unnamed_kind(index, whole, text, bare)
    near = near or ([] if named else landmark_search.near_spots(index, bare, whole, PLACE_REACH_M))
    near = [pair for pair in near if not landmark_search.behind(index, group, whole, pair[1])]
    if not near:
        return named
    distance, spot = near[0]
    at = shapely.shortest_line(whole, spot.shape)
    point = shapely.get_point(at, 0) if at is not None and not at.is_empty else shapely.centroid(spot.shape)
    reason = str(Message("places.landmark", name=spot.name))
    if spot.exact and distance > spot.accuracy_m:
        text += _LIKE
        reason = str(Message("places.beside-by", name=spot.name, metres=distance))
    return NamedPlace(
        text if spot.exact or text.endswith(_LIKE) else text + _LIKE,
        reason,
        max(spot.accuracy_m / 2, min(distance, 100.0)),
        lonlat=_lonlat(index, point),
    )


def _unnamed_kind(index: PlaceIndex, whole: BaseGeometry, text: str, bare: str) -> NamedPlace | None:
    """A limit without its kind: 'Mai Dịch' for the flyover or the junction of that name at the street."""
    for kind in ("cầu vượt", "cầu", "hầm chui"):
        rows = landmark_search.bridge_rows(index, f"{kind} {_BRIDGE.sub('', bare)}")
        near = [row for row in rows if shapely.dwithin(index.lines[row], whole, ACROSS_M)]
        if near:
            middle, spread = landmark_search.middle_of(index, near)
            reason = str(Message("places.evidence.bridge", name=str(index.names[near[0]] or f"{kind} {bare}")))
            return NamedPlace(text, reason, max(BRIDGE_END_M, spread / 2), lonlat=_lonlat(index, middle))
    for kind in ("nút giao", "ngã tư", "ngã ba"):
        match = _JUNCTION.match(f"{kind} {bare}")
        place = _junction(index, whole, text, match) if match else None
        if place:
            return place
    return None


def _lonlat(index: PlaceIndex, point: BaseGeometry) -> tuple[float, float]:
    there = to_wgs84(np.array([shapely.centroid(point)], dtype=object), index.city.province_code)[0]
    return float(there.x), float(there.y)
