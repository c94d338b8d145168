"""Which ward answers for which metre of which site: the heart of diaban.

Lines are cut at ward edges so that every piece has exactly one ward and the lengths of a site add up to its length
inside the wards (to a millimetre), also where it runs along a boundary. Areas are divided by overlay, points are
looked up. Lengths are geodesic metres on WGS 84 (`geo.spatial.measure`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.analysis.crossings.batches import ward_stretches
from geo.reference.checks import checked
from geo.reference.crs import WGS84
from geo.spatial.edge_index import EdgeIndex
from geo.spatial.edge_index_cache import cached_index
from geo.spatial.lookup import OUTSIDE
from geo.spatial.measure import Ellipsoid, Floats, Measure
from geo.spatial.ragged import Ragged, joined

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Ints = NDArray[np.intp]
Geometries = NDArray[np.object_]

_SPECK_M2 = 1e-6
_RAGGED = ("spans_m", "beside")


@dataclass(frozen=True, slots=True)
class CrossingTable:
    """Crossings as arrays, a row for each site and ward that meet, by site and then in the order of the way.

    `site`, `ward`: rows in the inputs; `length_m` (0 for areas and points), `area_m2` (0 for lines and points);
    `share` of the whole site, also of what lies outside all wards; `spans_m`: [from, to] metres from the route's
    start; `border_m`, `beside` (ward rows): see `geo.analysis.crossings.borders`; `geometry`: the stretch.
    """

    site: Ints
    ward: Ints
    length_m: Floats
    area_m2: Floats
    share: Floats
    spans_m: Ragged
    border_m: Floats
    beside: Ragged
    geometry: Geometries

    @property
    def intervals_m(self) -> Geometries:
        """`spans_m` as a list of [from, to] for each row."""
        return self.spans_m.lists()

    @property
    def border_with(self) -> Geometries:
        """`beside` as a list of ward rows for each row."""
        return self.beside.lists()


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
        index = cached_index(np.asarray(wards.geometry, dtype=object))
    table = cross(np.asarray(sites.geometry, dtype=object), index, Ellipsoid())
    return _frame(table, sites["site_id"].to_numpy(dtype=object), wards)


def ward_index(wards: GeoDataFrame) -> EdgeIndex:
    """The index of wards for `crossings`: made once for a content, then in memory and on disk; errors as there."""
    wards = checked(wards, "wards", key="code", columns=("name",), types=("Polygon", "MultiPolygon"))
    return cached_index(np.asarray(wards.geometry, dtype=object))


def cross(geometries: Geometries, index: EdgeIndex, measure: Measure) -> CrossingTable:
    """Crossings of valid geometries in the coordinates of the index (see `CrossingTable` for what comes back)."""
    dimension = shapely.get_dimensions(geometries)
    lines, areas, points = (np.flatnonzero(dimension == d) for d in (1, 2, 0))
    parts = [_cross_lines(geometries[lines], lines, index, measure)]
    if areas.size:
        parts.append(_cross_areas(geometries[areas], areas, index, measure))
    if points.size:
        parts.append(_cross_points(geometries[points], points, index))
    return parts[0] if len(parts) == 1 else _by_site(parts)


def _cross_lines(lines: Geometries, site: Ints, index: EdgeIndex, measure: Measure) -> CrossingTable:
    rows, stretches = ward_stretches(lines, index, measure)
    return CrossingTable(
        site=site[rows.line],
        ward=rows.ward,
        length_m=rows.length_m,
        area_m2=np.zeros(rows.line.size),
        share=rows.share,
        spans_m=stretches.intervals_m,
        border_m=stretches.border_m,
        beside=stretches.border_with,
        geometry=stretches.geometry,
    )


def _by_site(parts: list[CrossingTable]) -> CrossingTable:
    """The rows of all parts in one table, in the order of the sites."""
    order = np.argsort(np.concatenate([part.site for part in parts]), kind="stable")
    columns: dict[str, Any] = {}
    for name in CrossingTable.__slots__:
        values = [getattr(part, name) for part in parts]
        columns[name] = joined(values).taken(order) if name in _RAGGED else np.concatenate(values)[order]
    return CrossingTable(**columns)


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
    offsets, none = np.zeros(site.size + 1, dtype=np.intp), np.zeros(site.size)
    spans, beside = Ragged(np.zeros((0, 2)), offsets), Ragged(np.zeros(0, dtype=np.intp), offsets)
    return CrossingTable(site, ward.astype(np.intp), none, area, share, spans, none, beside, geometry)


def _frame(table: CrossingTable, site_ids: Geometries, wards: GeoDataFrame) -> GeoDataFrame:
    import geopandas

    code, name = wards["code"].to_numpy(dtype=object), wards["name"].to_numpy(dtype=object)
    columns = {
        "site_id": site_ids[table.site],
        "ward_code": code[table.ward],
        "ward_name": name[table.ward],
        "length_m": table.length_m,
        "area_m2": table.area_m2,
        "share": table.share,
        "intervals_m": table.intervals_m,
        "border_m": table.border_m,
        "border_with": Ragged(code[table.beside.values], table.beside.offsets).lists(),
    }
    return geopandas.GeoDataFrame(columns, geometry=table.geometry, crs=WGS84)
