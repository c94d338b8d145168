"""Which ward answers for which metre of which site: the heart of diaban.

Lines are cut at ward edges so that every piece has exactly one ward or none, and the lengths of a site add up to its
own length (to a millimetre), also where it runs along a boundary, through a gap between wards or out of the city. Areas
are divided by overlay, points are looked up. Lengths are geodesic metres on WGS 84 (`geo.spatial.measure`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.analysis.crossings.areas import Parts, cross_areas, cross_points
from geo.analysis.crossings.batches import ward_stretches
from geo.analysis.crossings.kinds import one_kind_each
from geo.reference.checks import checked
from geo.reference.crs import WGS84
from geo.spatial.edge_index import EdgeIndex
from geo.spatial.edge_index_cache import cached_index
from geo.spatial.measure import Ellipsoid, Floats, Measure
from geo.spatial.ragged import Ragged, joined

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Ints = NDArray[np.intp]
Geometries = NDArray[np.object_]

_RAGGED = ("spans_m", "beside")


@dataclass(frozen=True, slots=True)
class CrossingTable:
    """Crossings as arrays, a row for each site and ward that meet, by site and then in the order of the way.

    What lies in no ward is a row of its own, the last of its site, with ward `OUTSIDE` (-1).
    `site`, `ward`: rows in the inputs; `length_m` (0 for areas and points), `area_m2` (0 for lines and points);
    `share` of the whole site, also of what lies outside all wards; `spans_m`: [from, to] metres from the route's
    start; `border_m` (0 for areas and points), `beside` (ward rows): see `geo.analysis.crossings.borders`;
    `geometry`: the stretch.
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
        intervals_m, border_m, border_with` (codes) and the stretch as geometry. What lies in no ward is a row of its
        own, the last of its site, whose `ward_code` and `ward_name` are missing: the rows of a site add up to it
        (`in_wards` leaves that row out).

    Raises
    ------
    InputError
        With every problem of every feature: see `geo.reference.checks.checked`; a site that is lines and areas at once.
    """
    sites = checked(sites, "sites", key="site_id")
    shapes = one_kind_each(np.asarray(sites.geometry, dtype=object), sites["site_id"].tolist())
    if index is None:
        wards = checked(wards, "wards", key="code", columns=("name",), types=("Polygon", "MultiPolygon"))
        index = cached_index(np.asarray(wards.geometry, dtype=object))
    table = cross(shapes, index, Ellipsoid())
    return _frame(table, sites["site_id"].to_numpy(dtype=object), wards)


def in_wards(crossings: GeoDataFrame) -> GeoDataFrame:
    """The rows of `crossings` that have a ward."""
    return crossings[crossings["ward_code"].notna()]


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
        parts.append(_cross_parts(cross_areas(geometries[areas], index, measure), areas))
    if points.size:
        parts.append(_cross_parts(cross_points(geometries[points], index, measure), points))
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


def _cross_parts(parts: Parts, site: Ints) -> CrossingTable:
    """The parts of areas and points, which have neither length nor chainage; `site`: their rows in the inputs."""
    none = np.zeros(parts.site.size)
    spans = Ragged(np.zeros((0, 2)), np.zeros(parts.site.size + 1, dtype=np.intp))
    return CrossingTable(
        site[parts.site], parts.ward, none, parts.area_m2, parts.share, spans, none, parts.beside, parts.geometry
    )


def _frame(table: CrossingTable, site_ids: Geometries, wards: GeoDataFrame) -> GeoDataFrame:
    import geopandas
    import pandas as pd

    code, name = (np.array([*wards[column], None], dtype=object) for column in ("code", "name"))  # the last: `OUTSIDE`
    columns = {
        "site_id": site_ids[table.site],
        "ward_code": pd.Series(code[table.ward], dtype="str"),
        "ward_name": pd.Series(name[table.ward], dtype="str"),
        "length_m": table.length_m,
        "area_m2": table.area_m2,
        "share": table.share,
        "intervals_m": table.intervals_m,
        "border_m": table.border_m,
        "border_with": Ragged(code[table.beside.values], table.beside.offsets).lists(),
    }
    return geopandas.GeoDataFrame(columns, geometry=table.geometry, crs=WGS84)
