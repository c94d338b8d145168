"""Which ward answers for which metre of which site: the heart of diaban.

Lines are cut at ward edges so that every piece has exactly one ward and the lengths of a site add up to its length
inside the wards (to a millimetre), also where it runs along a boundary. Areas are divided by overlay, points are
looked up. Lengths are geodesic metres on WGS 84 (`geo.reference.measure`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.analysis.borders import BORDER_M, borders
from geo.analysis.cut import Pieces, cut
from geo.analysis.edges import EdgeIndex
from geo.analysis.index_cache import kept_index
from geo.analysis.pairs import near_pairs
from geo.analysis.routes import Routes, routes
from geo.analysis.stretches import collected, stretch_lines
from geo.reference.checks import checked
from geo.reference.crs import WGS84
from geo.reference.lookup import OUTSIDE
from geo.reference.measure import Ellipsoid, Floats, Measure

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Ints = NDArray[np.intp]
Geometries = NDArray[np.object_]

_SPECK_M2 = 1e-6


@dataclass(frozen=True, slots=True)
class CrossingTable:
    """Crossings as arrays, a row for each site and ward that meet, by site and then in the order of the way.

    `site`, `ward`: rows in the inputs; `length_m` (0 for areas and points), `area_m2` (0 for lines and points);
    `share` of the whole site, also of what lies outside all wards; `intervals_m`: list of [from, to] metres from the
    route's start; `border_m`, `border_with` (ward rows): see `geo.analysis.borders`; `geometry`: the stretch.
    """

    site: Ints
    ward: Ints
    length_m: Floats
    area_m2: Floats
    share: Floats
    intervals_m: NDArray[np.object_]
    border_m: Floats
    border_with: NDArray[np.object_]
    geometry: Geometries


def crossings(sites: GeoDataFrame, wards: GeoDataFrame, *, index: EdgeIndex | None = None) -> GeoDataFrame:
    """The wards that each site meets, and for how many metres.

    Parameters
    ----------
    sites
        Any number of sites in any coordinate system: `site_id` and lines, multi-lines, areas or points.
    wards
        Wards in any coordinate system: `code`, `name`, polygons. Where they overlap, the first in the frame wins.
    index
        `ward_index(wards)` made before, for asking many times.

    Returns
    -------
    GeoDataFrame
        In WGS 84, a row for each site and ward: `site_id, ward_code, ward_name, length_m, area_m2, share,
        intervals_m, border_m, border_with` (codes) and the stretch as geometry. A site that meets no ward has no row.

    Raises
    ------
    InputError
        With every problem of every feature: see `geo.reference.checks.checked`.
    """
    sites = checked(sites, "sites", key="site_id")
    if index is None:
        wards = checked(wards, "wards", key="code", columns=("name",), types=("Polygon", "MultiPolygon"))
        index = kept_index(np.asarray(wards.geometry, dtype=object))
    table = cross(np.asarray(sites.geometry, dtype=object), index, Ellipsoid())
    return _frame(table, sites["site_id"].to_numpy(dtype=object), wards)


def ward_index(wards: GeoDataFrame) -> EdgeIndex:
    """The index of wards for `crossings`: made once for a content, then kept in memory and on disk; errors as there."""
    wards = checked(wards, "wards", key="code", columns=("name",), types=("Polygon", "MultiPolygon"))
    return kept_index(np.asarray(wards.geometry, dtype=object))


def cross(geometries: Geometries, index: EdgeIndex, measure: Measure) -> CrossingTable:
    """Crossings of valid geometries in the coordinates of the index (see `CrossingTable` for what comes back)."""
    dimension = shapely.get_dimensions(geometries)
    lines, areas, points = (np.flatnonzero(dimension == d) for d in (1, 2, 0))
    parts = [_without_length(lines[:0], lines[:0], np.zeros(0), np.zeros(0), geometries[:0])]
    if lines.size:
        parts.append(_cross_lines(geometries[lines], lines, index, measure))
    if areas.size:
        parts.append(_cross_areas(geometries[areas], areas, index, measure))
    if points.size:
        parts.append(_cross_points(geometries[points], points, index))
    if len(parts) == 2:
        return parts[1]
    merged = [np.concatenate([getattr(part, name) for part in parts]) for name in CrossingTable.__slots__]
    order = np.argsort(merged[0], kind="stable")
    return CrossingTable(*(column[order] for column in merged))


def _cross_lines(lines: Geometries, site: Ints, index: EdgeIndex, measure: Measure) -> CrossingTable:
    table = routes(lines, measure)
    pairs = near_pairs(index, table, _margin(table, measure))
    pieces = cut(table, pairs, index, measure)
    near = borders(table, pieces, pairs, index, measure)
    inside = np.flatnonzero(pieces.ward != OUTSIDE)
    key = pieces.route[inside] * (int(pieces.ward.max(initial=0)) + 1) + pieces.ward[inside]
    # Groups in order of first appearance: by route, then along its way.
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    rank = np.empty(first.size, dtype=np.intp)
    rank[np.argsort(first)] = np.arange(first.size)
    group, first = rank[group], np.sort(first)
    order = np.argsort(group, kind="stable")
    route, ward = pieces.route[inside[first]], pieces.ward[inside[first]].astype(np.intp)
    length = _sums(group, (pieces.end - pieces.begin)[inside], first.size)
    whole = table.length[route]
    return CrossingTable(
        site=site[route],
        ward=ward,
        length_m=length,
        area_m2=np.zeros(first.size),
        share=length / np.where(whole > 0, whole, 1.0),
        intervals_m=_intervals(table, pieces, inside[order], group[order], first.size),
        border_m=_sums(group, near.length[inside], first.size),
        border_with=_neighbours(near.piece, near.ward, inside, group, first.size),
        geometry=collected(stretch_lines(table, pieces, inside[order]), group[order], first.size),
    )


def _sums(group: Ints, metres: Floats, count: int) -> Floats:
    sums: Floats = np.bincount(group, weights=metres, minlength=count).astype(float)
    return sums


def _margin(table: Routes, measure: Measure) -> Floats:
    """The border distance in units of the coordinates; where these differ with latitude, the widest serves for all."""
    if not len(table.start):
        return np.zeros(2)
    widest: Floats = BORDER_M / measure.scale(np.array([table.start[:, 1].min(), table.start[:, 1].max()])).min(axis=0)
    return widest


def _intervals(table: Routes, pieces: Pieces, rows: Ints, group: Ints, count: int) -> NDArray[np.object_]:
    """Chainages of each group; stretches that follow on without a step (parts of a multi-line) are one."""
    origin = table.origin[pieces.route[rows]]
    begin, end = pieces.begin[rows], pieces.end[rows]
    if not rows.size:
        return _lists([], rows, 0)
    follows = np.zeros(rows.size, dtype=bool)
    follows[1:] = (group[1:] == group[:-1]) & (begin[1:] == end[:-1])
    first = np.flatnonzero(~follows)
    last = np.append(first, rows.size)[1:] - 1
    joined = np.round(np.stack([begin[first], end[last]], axis=1) - origin[first, None], 3).tolist()
    return _lists(joined, group[first], count)


def _neighbours(piece: Ints, ward: NDArray[np.int32], inside: Ints, group: Ints, count: int) -> NDArray[np.object_]:
    number = np.full(int(inside.max(initial=-1)) + 1, -1, dtype=np.intp)
    number[inside] = group
    pairs = np.unique(np.stack([number[piece], ward.astype(np.intp)], axis=1), axis=0)
    return _lists(pairs[:, 1].tolist(), pairs[:, 0], count)


def _lists(values: list[object], group: Ints, count: int) -> NDArray[np.object_]:
    """The values of each group (sorted) as a list."""
    bounds = np.searchsorted(group, np.arange(count + 1)).tolist()
    lists = np.empty(count, dtype=object)
    lists[:] = [values[begin:end] for begin, end in pairwise(bounds)]
    return lists


def _cross_areas(areas: Geometries, site: Ints, index: EdgeIndex, measure: Measure) -> CrossingTable:
    area, ward = index.lookup.tree.query(areas, predicate="intersects")
    order = np.lexsort((ward, area))
    area, ward = area[order], ward[order]
    part = shapely.intersection(areas[area], index.lookup.polygons[ward])
    metres = measure.areas(part)
    real = metres > _SPECK_M2
    area, ward, part, metres = area[real], ward[real], part[real], metres[real]
    whole = measure.areas(areas)
    return _without_length(site[area], ward, metres, metres / whole[area], part)


def _cross_points(points: Geometries, site: Ints, index: EdgeIndex) -> CrossingTable:
    xy, point = shapely.get_coordinates(points, return_index=True)
    row = index.lookup.rows(xy[:, 0], xy[:, 1])
    found = np.flatnonzero(row != OUTSIDE)
    pairs, group = np.unique(np.stack([point[found], row[found]], axis=1), axis=0, return_inverse=True)
    size = np.bincount(point, minlength=len(points))
    count = np.bincount(group.ravel(), minlength=len(pairs))
    order = np.argsort(group.ravel(), kind="stable")
    members = np.asarray(shapely.points(xy[found][order]))
    part = np.empty(len(pairs), dtype=object)
    begin = np.cumsum(count) - count
    for number, (first, many) in enumerate(zip(begin, count, strict=True)):
        part[number] = members[first] if many == 1 else shapely.multipoints(members[first : first + many])
    nothing = np.zeros(len(pairs))
    return _without_length(site[pairs[:, 0]], pairs[:, 1], nothing, count / size[pairs[:, 0]], part)


def _without_length(site: Ints, ward: Ints, area: Floats, share: Floats, geometry: Geometries) -> CrossingTable:
    empty = _lists([], np.zeros(0, dtype=np.intp), site.size)
    none = np.zeros(site.size)
    return CrossingTable(site, ward.astype(np.intp), none, area, share, empty, none, empty.copy(), geometry)


def _frame(table: CrossingTable, site_ids: Geometries, wards: GeoDataFrame) -> GeoDataFrame:
    import geopandas

    code, name = wards["code"].to_numpy(dtype=object), wards["name"].to_numpy(dtype=object)
    border_with = np.empty(table.site.size, dtype=object)
    border_with[:] = [code[rows].tolist() for rows in table.border_with]
    columns = {
        "site_id": site_ids[table.site],
        "ward_code": code[table.ward],
        "ward_name": name[table.ward],
        "length_m": table.length_m,
        "area_m2": table.area_m2,
        "share": table.share,
        "intervals_m": table.intervals_m,
        "border_m": table.border_m,
        "border_with": border_with,
    }
    return geopandas.GeoDataFrame(columns, geometry=table.geometry, crs=WGS84)
