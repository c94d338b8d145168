"""Close what is narrow between polygons that should be a coverage: gaps go to the neighbour with the longest border,
overlaps likewise, and shared edges come to match vertex by vertex. What is wider stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.spatial.coverage_faults import SLIT_M, Fault, faults, invalid, plane_scale, polygon_parts
from geo.spatial.measure import Measure

Ints = NDArray[np.intp]
Geometries = NDArray[np.object_]

_AREAS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
_SNAP_M = 0.001
_ROUNDS = 3
"""A cleaned polygon may leave a vertex on the edge of a neighbour that was sound; then that one is cleaned too."""


@dataclass(frozen=True, slots=True)
class Repair:
    """The polygons after a repair (those not concerned are the same objects), what was `closed`, and what is `left`."""

    polygons: Geometries
    closed: tuple[Fault, ...]
    left: tuple[Fault, ...]


def repaired(polygons: Geometries, width_m: float, measure: Measure, decimals: int) -> Repair:
    """Polygons without the gaps and overlaps that are nowhere wider than `width_m` metres.

    Coordinates are rounded to so many decimals, as they will be written, before what is left is looked for. Where
    something narrow is left it is done again: what is closed at one end may open a slit at the other.
    """
    done = _once(polygons, width_m, measure, decimals)
    for _ in range(_ROUNDS):
        if not any(fault.within(width_m, measure) for fault in done.left):
            break
        again = _once(done.polygons, width_m, measure, decimals)
        done = Repair(again.polygons, done.closed, again.left)
    return done


def _once(polygons: Geometries, width_m: float, measure: Measure, decimals: int) -> Repair:
    """One round of `repaired`."""
    slit_m = max(SLIT_M, width_m)
    before = faults(polygons, measure, slit_m)
    narrow = [fault for fault in before if fault.within(width_m, measure)]
    wide = [fault for fault in before if fault not in narrow]
    result = polygons.copy()
    for fault in narrow:
        if fault.is_open or shapely.get_num_interior_rings(fault.shape):
            _fill(result, fault)
    concerned = _concerned(narrow, invalid(result))
    for _ in range(_ROUNDS):
        if not concerned.size:
            break
        for group in _groups(result, concerned):
            result[group] = _cleaned(result[group], group, wide, width_m, measure, decimals)
        concerned = np.union1d(concerned, invalid(result)) if _new(invalid(result), concerned) else np.zeros(0, int)
    left = faults(result, measure, slit_m)
    return Repair(result, tuple(narrow), left)


def _new(odd: Ints, concerned: Ints) -> bool:
    return bool(np.setdiff1d(odd, concerned).size)


def _concerned(narrow: Iterable[Fault], odd: Ints) -> Ints:
    members = [row for fault in narrow for row in fault.members]
    return np.union1d(np.array(members, dtype=np.intp), odd)


def _fill(polygons: Geometries, fault: Fault) -> None:
    """Give a slit that is open, or a ring round an island, to the neighbour with the longest border on it.

    Cleaning closes no such one.
    """
    rows = list(fault.members)
    border = shapely.length(shapely.intersection(shapely.boundary(polygons[rows]), fault.shape.buffer(1e-9)))
    winner = rows[int(np.argmax(border))]
    polygons[winner] = _valid(shapely.union(polygons[winner], fault.shape))


def _groups(polygons: Geometries, rows: Ints) -> list[Ints]:
    """Polygons that touch each other, group by group."""
    one, other = shapely.STRtree(polygons[rows]).query(polygons[rows], predicate="dwithin", distance=1e-7)
    links = coo_array((np.ones(one.size), (one, other)), shape=(rows.size, rows.size))
    count, label = connected_components(links, directed=False)
    return [rows[label == number] for number in range(count)]


def _cleaned(
    polygons: Geometries, rows: Ints, wide: Iterable[Fault], width_m: float, measure: Measure, decimals: int
) -> Geometries:
    """The polygons of one group, cleaned in a plane of metres; overlaps that are too wide to close are set aside."""
    place = {row: number for number, row in enumerate(rows.tolist())}
    aside = [
        (place[fault.members[1]], fault.shape)
        for fault in wide
        if fault.kind == "overlap" and set(fault.members) <= set(place)
    ]
    scale, bare = plane_scale(polygons, measure), polygons.copy()
    for number, shape in aside:
        bare[number] = _valid(shapely.difference(bare[number], shape))
    flat = shapely.transform(bare, lambda xy: xy * scale)
    clean = shapely.coverage_clean(flat, gap_width=width_m, snapping_distance=_SNAP_M)  # type: ignore[attr-defined]
    result = np.asarray(shapely.transform(clean, lambda xy: np.round(xy / scale, decimals)), dtype=object)
    for number, shape in aside:
        # On the grid on which it will be written: rounded later, what was put back could fold.
        result[number] = shapely.set_precision(shapely.union(result[number], shape), 10.0**-decimals)
    result = np.array([_valid(shape) for shape in result], dtype=object)
    # Nobody's whole area goes to a neighbour: what would vanish stays as it was, and what it overlaps is left.
    whole: Geometries = np.where(shapely.is_empty(result), polygons, result)
    return whole


def _valid(shape: shapely.Geometry) -> shapely.Geometry:
    """A shape that rounding may have folded, as polygons again."""
    if shapely.is_valid(shape) and shapely.get_type_id(shape) in _AREAS:
        return shape
    parts, _ = polygon_parts(shapely.make_valid(shape))
    return shapely.union_all(parts) if parts.size else shapely.Polygon()
