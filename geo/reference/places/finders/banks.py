"""Riverbanks: 'ven sông Tô Lịch từ cầu Mọc đến cầu Lủ', the bank that the text names, or both."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import UnknownLimitError
from geo.i18n.message import Message
from geo.reference.places.candidate import Candidate, Kind, Text
from geo.reference.places.finders import landmark_search
from geo.reference.places.grammar.qualifiers import Area, codes_of, units_named
from geo.reference.places.grammar.reading import Reading
from geo.reference.places.landmark_names import key_of, plain_key
from geo.reference.places.place_index import PlaceIndex, union_of
from geo.reference.places.river_outline import outer_banks
from geo.reference.places.shapes import multi, nearest, part, position
from geo.reference.places.street_groups import street_groups
from geo.reference.streets.description import parse_limit

ACCURACY_M = 30.0
REACH_M = 300.0
"""A limit lies this near to the river."""
ALONG_M = 45.0
"""A street whose ways lie this near to the bank, for a fifth of it, runs along it."""
ALONG_SHARE = 0.2
_LEFT, _RIGHT = ("trái", "tả"), ("phải", "hữu")
_COMPASS = {"đông": (1, 0), "tây": (-1, 0), "bắc": (0, 1), "nam": (0, -1)}


def banks(index: PlaceIndex, reading: Reading, area: Area) -> Iterator[Candidate]:
    """Both banks of a river between two limits, or the one that is named.

    Raises
    ------
    UnknownLimitError
        A limit is not known, or does not lie at the river.
    """
    parts = {kind: _parts(index, reading.street, kind) for kind in ("river", "bank_left", "bank_right")}
    if not parts["river"]:
        return
    limits = [_limit(index, parts["river"], reading, text) for text in (reading.start, reading.end) if text]
    codes = area.codes or frozenset(code for name in reading.names for code in codes_of(name, index.register))
    if reading.names and not codes:
        raise UnknownLimitError(reading.names[0], (), reading.street)
    shape = union_of(index, codes) if codes and not limits else None
    around = shapely.union_all(limits) if limits else shape
    lines = (parts["river"], parts["bank_left"], parts["bank_right"])
    outer = outer_banks(*lines, around) if around is not None else None
    if outer:  # a river with bars: the banks of the bars are not the river's
        parts |= {"bank_left": [outer[0]], "bank_right": [outer[1]]}
    for side, other in (("bank_left", "bank_right"), ("bank_right", "bank_left")):
        own = _cut(parts[side], limits) if shape is None else _inside(parts[side], shape)
        across = _cut(parts[other], limits) or parts[other]
        if not own or not _named(index, reading.which, side, own, across):
            continue
        yield _candidate(index, reading, side, own, across)


def _parts(index: PlaceIndex, river: str, kind: str) -> list[BaseGeometry]:
    rows = index.by_key.get(key_of(river)) or index.by_plain_key.get(plain_key(river), [])
    return [index.shapes[row] for row in rows if index.things[row].kind == kind]


def _limit(index: PlaceIndex, river: list[BaseGeometry], reading: Reading, text: str) -> BaseGeometry:
    """What a limit is: a bridge, a cross street, a landmark near to the river."""
    whole = multi(river)
    name = parse_limit(text).name
    rows = [*landmark_search.bridge_rows(index, name)]
    rows += [int(row) for group in street_groups(index, name) for row in group.rows]
    near = [row for row in rows if shapely.dwithin(index.lines[row], whole, REACH_M)]
    if near:
        return multi(index.lines[near])
    spots = [spot for spot in landmark_search.spots(index, name) if spot.shape.distance(whole) < REACH_M]
    if spots:
        return spots[0].shape
    known = sorted(bridge for bridge, own in index.bridges.items() if _touches(index, own, whole))
    raise UnknownLimitError(text, [_shown(index, bridge) for bridge in known[:3]], reading.street)


def _touches(index: PlaceIndex, rows: list[int], whole: BaseGeometry) -> bool:
    return bool(shapely.dwithin(index.lines[rows], whole, 30.0).any())


def _shown(index: PlaceIndex, bridge: str) -> str:
    row = index.bridges[bridge][0]
    return str(index.network.ways["bridge_name"][row] or index.names[row])


def _cut(parts: list[BaseGeometry], limits: list[BaseGeometry]) -> list[BaseGeometry]:
    """The parts of a bank between two limits, or from one to the end; all of it without any."""
    if not limits:
        return parts
    if not parts:
        return []
    if len(limits) == 1:
        limits = [limits[0], limits[0]]
    own = min(parts, key=lambda part: sum(float(shapely.distance(part, limit)) for limit in limits))
    ends = sorted(position(own, nearest(own, limit)) for limit in limits)
    cut = part(own, ends[0], ends[1])
    return [cut] if cut.geom_type == "LineString" and cut.length > 1.0 else []


def _inside(parts: list[BaseGeometry], shape: BaseGeometry) -> list[BaseGeometry]:
    """The parts of a bank in a ward: without limits it is these that are meant."""
    cut = shapely.get_parts(shapely.intersection(np.array(parts, dtype=object), shape))
    return [line for line in cut if line.geom_type == "LineString" and line.length > 1.0]


def _named(index: PlaceIndex, which: str, side: str, lines: list[BaseGeometry], across: list[BaseGeometry]) -> bool:
    """Whether a side is the one that the text names: left, right, by the compass, by a ward or district."""
    if which in _LEFT or which in _RIGHT:
        return (which in _LEFT) == (side == "bank_left")
    if which in _COMPASS and across:
        points = shapely.line_interpolate_point(np.array(lines, dtype=object), 0.5, normalized=True)
        links = shapely.shortest_line(multi(across), points)
        away = shapely.get_coordinates(shapely.get_point(links, -1)) - shapely.get_coordinates(
            shapely.get_point(links, 0)
        )
        return float((away * np.array(_COMPASS[which])).sum()) > 0
    units = units_named(which, index.register) if which else ()
    shapes = [union_of(index, unit.codes) for unit in units]
    own, other = (shapely.centroid(multi(side)) for side in (lines, across))
    inside = [(shape.distance(own), shape.distance(other)) for shape in shapes]
    return not inside or all(a <= b for a, b in inside[:1])


def _candidate(
    index: PlaceIndex, reading: Reading, side: str, lines: list[BaseGeometry], across: list[BaseGeometry]
) -> Candidate:
    geometry = multi(lines) if len(lines) > 1 else lines[0]
    streets = _streets_along(index, geometry, across)
    notes: list[Text] = [Message("places.streets-along", streets=streets)] if streets else []
    label = Message("places.bank.left" if side == "bank_left" else "places.bank.right", river=reading.street)
    limits = [text for text in (reading.start, reading.end) if text]
    evidence = Message("places.evidence.bank", bank=label, limits=limits) if limits else label
    return Candidate(
        Kind.STRETCH,
        str(label),
        geometry,
        ACCURACY_M,
        reading,
        evidence=(evidence,),
        notes=tuple(notes),
        length_m=float(geometry.length),
    )


def _streets_along(index: PlaceIndex, bank: BaseGeometry, across: list[BaseGeometry]) -> list[str]:
    """Streets that run along a bank and not along the one across, the longest first."""
    strip = shapely.buffer(bank, ALONG_M, cap_style="flat")
    rows = index.tree.query(strip, predicate="intersects")
    middles = shapely.line_interpolate_point(index.lines[rows], 0.5, normalized=True)
    if across:
        rows = rows[shapely.distance(middles, bank) < shapely.distance(middles, multi(across))]
    lengths: dict[str, float] = {}
    for row, length in zip(rows, shapely.length(shapely.intersection(index.lines[rows], strip)), strict=True):
        if index.names[row] and not str(index.names[row]).lower().startswith("cầu "):
            lengths[index.names[row]] = lengths.get(index.names[row], 0.0) + float(length)
    long = [name for name, length in lengths.items() if length >= ALONG_SHARE * bank.length]
    return sorted(long, key=lambda name: -lengths[name])[:4]
