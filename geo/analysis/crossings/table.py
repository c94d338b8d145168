"""Which ward answers for which metre of which site: the heart of diaban.

Lines are cut at ward edges so that every piece has exactly one ward or none, and the lengths of a site add up to its
own length (to a millimetre), also where it runs along a boundary, through a gap between wards or out of the city. Areas
are divided by overlay, points are looked up. Lengths are geodesic metres on WGS 84 (`geo.spatial.measure`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.analysis.crossings.areas import Parts, cross_areas, cross_points
from geo.analysis.crossings.batches import ward_rows, ward_stretches
from geo.analysis.crossings.indexed_wards import ward_index
from geo.analysis.crossings.kinds import one_kind_each
from geo.reference.checks import checked
from geo.reference.crs import WGS84
from geo.spatial.edge_index import EdgeIndex
from geo.spatial.measure import Ellipsoid, Floats, Measure
from geo.spatial.ragged import Ragged, joined

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame, Series

Ints = NDArray[np.intp]
Geometries = NDArray[np.object_]

_RAGGED = ("spans_m", "beside")
COLUMNS = (
    "site_id", "ward_code", "ward_name", "length_m", "area_m2", "share", "intervals_m", "border_m", "border_with",
    "geometry",
)  # fmt: skip
"""What `crossings` can say of a row."""
_LENGTHS = frozenset(("site_id", "ward_code", "ward_name", "length_m", "area_m2", "share"))
_BORDERS = frozenset(("border_m", "border_with"))


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


@overload
def crossings(
    sites: GeoDataFrame, wards: GeoDataFrame, *, index: EdgeIndex | None = None, columns: None = None
) -> GeoDataFrame: ...
@overload
def crossings(
    sites: GeoDataFrame, wards: GeoDataFrame, *, index: EdgeIndex | None = None, columns: Collection[str]
) -> GeoDataFrame | DataFrame: ...
def crossings(
    sites: GeoDataFrame, wards: GeoDataFrame, *, index: EdgeIndex | None = None, columns: Collection[str] | None = None
) -> GeoDataFrame | DataFrame:
    """The wards that each site meets, and for how many metres.

    Wards that were given before are known again: their geometries are neither checked nor indexed anew, in this process
    (the same objects) or another one (an index of the same coordinates in `DIABAN_CACHE_DIR`). Whatever was changed in
    a frame is noticed.

    Parameters
    ----------
    sites
        Any number of sites in any coordinate system: `site_id` and lines, multi-lines, areas or points.
    wards
        Wards in any coordinate system: `code`, `name`, polygons. Where they overlap, the first in the frame wins.
    index
        `ward_index(wards)` made before: the wards are not looked at, but for their codes and names.
    columns
        Those of `COLUMNS` to return, in this order; all by default. What is not asked for is not worked out: of lines,
        lengths alone take half the time, and all but borders four fifths.

    Returns
    -------
    GeoDataFrame
        In WGS 84, a row for each site and ward: `site_id, ward_code, ward_name, length_m, area_m2, share,
        intervals_m, border_m, border_with` (codes) and the stretch as geometry. What lies in no ward is a row of its
        own, the last of its site, whose `ward_code` and `ward_name` are missing: the rows of a site add up to it
        (`in_wards` leaves that row out). Without `geometry` among the columns it is a plain DataFrame.

    Raises
    ------
    InputError
        With every problem of every feature: see `geo.reference.checks.checked`; a site that is lines and areas at once.
    ValueError
        A column that is none of `COLUMNS`.
    """
    wanted = _wanted(columns)
    ids, shapes = _sites(sites)
    index = ward_index(wards) if index is None else index
    lines = (shapely.get_dimensions(shapes) == 1).all()
    if lines and _LENGTHS.issuperset(wanted):
        table = cross_lengths(shapes, index, Ellipsoid())
    else:
        table = cross(shapes, index, Ellipsoid(), bordering=not _BORDERS.isdisjoint(wanted))
    return _frame(table, ids, wards, wanted)


def crossing_table(sites: GeoDataFrame, wards: GeoDataFrame) -> CrossingTable:
    """`crossings` as arrays, without a frame; parameters and errors as there."""
    return cross(_sites(sites)[1], ward_index(wards), Ellipsoid())


def _sites(sites: GeoDataFrame) -> tuple[Series[Any], Geometries]:
    """The ids and the geometries of sites that are sound."""
    sites = checked(sites, "sites", key="site_id")
    return sites["site_id"], one_kind_each(np.asarray(sites.geometry, dtype=object), sites["site_id"])


def _wanted(columns: Collection[str] | None) -> tuple[str, ...]:
    wanted = COLUMNS if columns is None else tuple(dict.fromkeys(columns))
    unknown = [column for column in wanted if column not in COLUMNS]
    if unknown:
        raise ValueError(f"{', '.join(map(repr, unknown))}: not among the columns of crossings: {', '.join(COLUMNS)}")
    return wanted


def in_wards(crossings: GeoDataFrame) -> GeoDataFrame:
    """The rows of `crossings` that have a ward."""
    return crossings[crossings["ward_code"].notna()]


def cross_lengths(lines: Geometries, index: EdgeIndex, measure: Measure) -> CrossingTable:
    """`cross` of lines without what takes longer: no spans, borders or geometry (None)."""
    rows = ward_rows(lines, index, measure)
    spans, beside = (Ragged(np.zeros((0, *size)), np.zeros(rows.line.size + 1, dtype=np.intp)) for size in ((2,), ()))
    none = np.zeros(rows.line.size)
    nothing = np.full(rows.line.size, None, dtype=object)
    return CrossingTable(rows.line, rows.ward, rows.length_m, none, rows.share, spans, none, beside, nothing)


def cross(geometries: Geometries, index: EdgeIndex, measure: Measure, *, bordering: bool = True) -> CrossingTable:
    """Crossings of valid geometries in the coordinates of the index (see `CrossingTable` for what comes back).

    Not `bordering`: lines come without borders (0 metres, beside nobody).
    """
    dimension = shapely.get_dimensions(geometries)
    lines, areas, points = (np.flatnonzero(dimension == d) for d in (1, 2, 0))
    parts = [_cross_lines(geometries[lines], lines, index, measure, bordering=bordering)]
    if areas.size:
        parts.append(_cross_parts(cross_areas(geometries[areas], index, measure), areas))
    if points.size:
        parts.append(_cross_parts(cross_points(geometries[points], index, measure), points))
    return parts[0] if len(parts) == 1 else _by_site(parts)


def _cross_lines(
    lines: Geometries, site: Ints, index: EdgeIndex, measure: Measure, *, bordering: bool
) -> CrossingTable:
    rows, stretches = ward_stretches(lines, index, measure, bordering=bordering)
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


def _frame(
    table: CrossingTable, site_ids: Series[Any], wards: GeoDataFrame, wanted: tuple[str, ...]
) -> GeoDataFrame | DataFrame:
    """The columns that are wanted, as a frame."""
    import pandas as pd
    from geopandas import GeoDataFrame
    from geopandas.array import GeometryArray

    def of_ward(column: str) -> Any:
        values = wards[column]
        texts = values.array if str(values.dtype) == "str" else pd.array(values.to_numpy(dtype=object), dtype="str")
        # The row of what lies in no ward is -1, which `take` fills with what is missing.
        return texts.take(table.ward, allow_fill=True)

    def beside() -> Geometries:
        return Ragged(wards["code"].to_numpy(dtype=object)[table.beside.values], table.beside.offsets).lists()

    made: dict[str, Callable[[], Any]] = {
        "site_id": lambda: _taken(site_ids, table.site),
        "ward_code": lambda: of_ward("code"),
        "ward_name": lambda: of_ward("name"),
        "length_m": lambda: table.length_m,
        "area_m2": lambda: table.area_m2,
        "share": lambda: table.share,
        "intervals_m": lambda: table.intervals_m,
        "border_m": lambda: table.border_m,
        "border_with": beside,
        "geometry": lambda: GeometryArray(table.geometry, crs=WGS84),
    }
    frame = pd.DataFrame({column: made[column]() for column in wanted}, copy=False)
    return GeoDataFrame(frame, geometry="geometry", copy=False) if "geometry" in wanted else frame


def _taken(values: Series[Any], rows: Ints) -> Any:
    """Some of the values, as an array of their own kind if they are texts."""
    if str(values.dtype) == "str":
        return values.array.take(rows)
    return values.to_numpy(dtype=object)[rows]
