"""The sites that cross a ward, as `diaban ward` lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.cli.base.console import print_notes, word
from geo.cli.common import opened, sites_in_force
from geo.errors import DiabanError

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from geo.cli.geometry_files import GeometryFiles
    from geo.reference.sites import SiteShapes
    from geo.reference.wards import WardRegister


def listed_sites(files: GeometryFiles, register: WardRegister, day: date | None = None) -> SiteShapes:
    """The sites of the file that is named, else those in force on a day (today) by the records, else the shipped ones.

    A name is answered without the records: where they can't be read that is said, and the shipped sites stand in.
    """
    from shapely import from_geojson

    from geo import settings
    from geo.records.first_plan import first_sites
    from geo.reference.sites import SiteShapes, load_site_shapes

    if files.sites is not None:
        return SiteShapes.of(files.load_sites(register))
    shipped = load_site_shapes()
    if not settings.has_records():
        return shipped
    rows = first_sites(shipped.ids) if day is None else None
    if rows is not None:
        return SiteShapes(tuple(row["site_id"] for row in rows), from_geojson([row["geometry"] for row in rows]))
    try:
        return SiteShapes.of(sites_in_force(day))
    except DiabanError as error:
        print_notes(word("ward-without-records", reason=str(problem)) for problem in error.problems)
        return shipped


def phases_in_force(files: GeometryFiles, day: date | None = None) -> dict[str, str]:
    """Ward → its phase by the records on a day, today by default; none where a file of wards is named, or the records
    can't be read."""
    from geo import settings
    from geo.records.first_plan import phases_now

    if files.wards is not None or not settings.has_records():
        return {}
    found = phases_now() if day is None else None
    if found is not None:
        return found
    try:
        with opened() as store:
            recorded = store.phases(day or store.today)
    except DiabanError:
        return {}  # said of the sites already
    return dict(zip(recorded["ward_code"], recorded["phase"], strict=True))


def crossing_sites(
    sites: SiteShapes, register: WardRegister, codes: Collection[str]
) -> dict[str, list[dict[str, Any]]]:
    """For each of some wards (by code) the sites that cross it: `site_id` and `length_m`."""
    import numpy as np

    from geo.analysis.crossings.kinds import one_kind_each
    from geo.analysis.crossings.table import cross
    from geo.spatial.edge_index_cache import cached_index
    from geo.spatial.lookup import OUTSIDE
    from geo.spatial.measure import Ellipsoid

    asked = np.array([row for row, ward in enumerate(register.wards) if ward.code in codes], dtype=np.intp)
    if not len(asked) or not sites.ids:
        return {}
    shapes = one_kind_each(sites.shapes, sites.ids)
    table = cross(shapes, cached_index(register.shapes[asked]), Ellipsoid())
    found: dict[str, list[dict[str, Any]]] = {}
    for site, ward, length in zip(table.site.tolist(), table.ward.tolist(), table.length_m.tolist(), strict=True):
        if ward != OUTSIDE:
            row = {"site_id": sites.ids[site], "length_m": round(length, 1)}
            found.setdefault(register.wards[asked[ward]].code, []).append(row)
    return found
