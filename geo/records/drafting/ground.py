"""Whether a route lies in its city, and an agreement on the route: what the geometries of a draft are held against."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo.i18n.message import Message, Words
from geo.records.drafting.site_lives import Read
from geo.records.kinds.registers.responsibility import NewResponsibility
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.kinds.spec import NewEntry
from geo.records.model.register_lookup import route_length
from geo.records.validation.entry_checks import Fault, fault
from geo.reference.cities import City
from geo.reference.crs import to_metric
from geo.reference.tolerances import BORDER_M
from geo.spatial.chainage import Chainage

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

LEAST_INSIDE = 0.5
"""So much of a site has to lie in wards of its city; a route may leave it for a while, but not lie elsewhere."""
_STEP_M = 5.0
BESIDE_M = 30.0
"""A route this near to another one is the same one there."""
SAME = 0.5
"""Routes that share this much of the shorter one are one place."""


def route_faults(entries: Sequence[NewEntry], city: City) -> Iterator[Fault]:
    """The versions of sites that do not lie in the city, with the metres that do."""
    for entry in entries:
        shape = _shape(entry.geometry) if isinstance(entry, NewSiteVersion) else None
        if shape is None or not isinstance(entry, NewSiteVersion):
            continue
        yield from outside_faults(shape, city, entry.site_id)


def outside_faults(shape: Any, city: City, site: str = "") -> Iterator[Fault]:
    """A fault where less than half of a geometry (WGS 84) lies in the wards of a city; `site`: its id or name."""
    inside = share_inside(shape, city)
    if inside >= LEAST_INSIDE:
        return
    length = route_length(shape)
    said = {
        "site": site or Message("records.this-site"),
        "city": Words(city.name, city.name_en, city.slug),
        "metres": inside * length,
        "length": length,
    }
    yield fault("geometry", "records.route-elsewhere" if inside and length else "records.route-in-no-ward", **said)


def share_inside(shape: Any, city: City) -> float:
    """The share of a geometry (WGS 84 degrees) that lies in the wards of a city, from 0 to 1."""
    wards = _wards(city)
    near = wards.geometry.to_numpy()[np.unique(wards.sindex.query(shape, predicate="intersects"))]
    if not len(near):
        return 0.0
    parts = np.array([shape, shapely.union_all(shapely.intersection(near, shape))], dtype=object)
    whole, inside = to_metric(parts, city.province_code)
    measures: tuple[Callable[[Any], Any], ...] = (shapely.get_num_geometries, shapely.length, shapely.area)
    measure = measures[int(shapely.get_dimensions(shape))]
    return min(1.0, float(measure(inside)) / float(measure(whole)))


def agreement_faults(read: Read, entries: Sequence[NewEntry], city: City) -> Iterator[Fault]:
    """The agreements that lie beyond the route in force on their day, or name wards that the site does not meet."""
    agreed = [entry for entry in entries if isinstance(entry, NewResponsibility)]
    if not agreed:
        return
    rows = read("site_version", ("site_id", "day", "geometry", "declared_wards"))
    rows += [(e.site_id, e.day, e.geometry, e.declared_wards) for e in entries if isinstance(e, NewSiteVersion)]
    for entry in agreed:
        if not entry.wards:
            yield from _nothing_to_end(read, entry)
            continue
        own = [row[1:] for row in rows if row[0] == entry.site_id]
        held = _in_force(own, entry.day)
        if held is not None:
            yield from _unfit(entry, _shape(held[1]), held[2], city)


def _nothing_to_end(read: Read, entry: NewResponsibility) -> Iterator[Fault]:
    """Refuse the end of an agreement that there is not on that day: the stretches that are agreed are named."""
    held: dict[tuple[float | None, float | None], tuple[str, ...]] = {}
    for site, day, start, end, wards in read("responsibility", ("site_id", "day", "from_m", "to_m", "wards")):
        if site == entry.site_id and day <= entry.day:
            held[start, end] = wards
    agreed = [ends for ends, wards in held.items() if wards]
    if (entry.from_m, entry.to_m) not in agreed:
        named = [stretch_message(*ends) for ends in agreed]
        code = "records.no-agreement-there" if named else "records.no-agreement"
        yield fault(_named_end(entry), code, site=entry.site_id, day=entry.day, agreed=named)


def _named_end(entry: NewResponsibility) -> str:
    """The field that says which stretch is meant: the one that is given."""
    if entry.from_m is not None:
        return "from_m"
    return "site_id" if entry.to_m is None else "to_m"


def stretch_message(from_m: float | None, to_m: float | None) -> Message:
    """What part of a route two chainages mean."""
    if from_m is None and to_m is None:
        return Message("records.stretch.whole")
    if to_m is None:
        return Message("records.stretch.from", start=from_m)
    return Message("records.stretch.between", start=from_m or 0.0, end=to_m)


def _in_force(versions: Sequence[tuple[Any, ...]], day: date) -> tuple[Any, ...] | None:
    held = sorted((row for row in versions if row[0] <= day), key=lambda row: row[0])
    return held[-1] if held else None


def _unfit(entry: NewResponsibility, shape: Any, declared: Sequence[str], city: City) -> Iterator[Fault]:
    length = route_length(shape)
    if not length and (entry.from_m is not None or entry.to_m is not None):
        yield fault(_named_end(entry), "records.no-chainage", site=entry.site_id)
        return
    if length and (beyond := max(entry.from_m or 0.0, (entry.to_m or 0.0) - 1.0)) and beyond >= length:
        field = "from_m" if (entry.from_m or 0.0) >= length else "to_m"
        yield fault(field, "records.beyond-route", length=length)
        return
    # Which of them answers for which stretch is what they agree on: any ward of the site may, also for its neighbour.
    met = wards_beside(shape, city)
    strange = [code for code in entry.wards if code not in met and code not in declared]
    names = dict(zip(_wards(city)["code"], _wards(city)["full_name"], strict=True))
    if strange:
        said = [names.get(code, code) for code in strange]
        may = [names[code] for code in sorted(met)]
        yield fault("wards", "records.ward-not-met", site=entry.site_id, wards=said, met=may, metres=BORDER_M)


def stretch_of(shape: Any, from_m: float | None, to_m: float | None) -> Any:
    """The part of a route (WGS 84) between two chainages; the whole of what has none."""
    route = Chainage.of(shape)
    if route is None or not route.length:
        return shape
    start, end = from_m or 0.0, route.length if to_m is None else min(to_m, route.length)
    if end <= start:
        return shapely.Point(route.at(np.array([start]))[0])
    metres = np.linspace(start, end, int(np.ceil((end - start) / _STEP_M)) + 1)
    return shapely.LineString(route.at(metres))


_NEAR = 0.01
"""Degrees beyond which no ward lies within the border band: 400 times its width."""


def wards_beside(shape: Any, city: City) -> frozenset[str]:
    """The codes of the wards of a city that a geometry (WGS 84) meets, or runs beside within the border band."""
    wards, province = _wards(city), city.province_code
    (metric,) = to_metric(np.array([shape], dtype=object), province)
    polygons = wards.geometry.to_numpy()
    # Few are near, and projecting all of them takes longer than the rest; a hundredth of a degree is a kilometre.
    box = shapely.box(*(np.array(shape.bounds) + np.array([-_NEAR, -_NEAR, _NEAR, _NEAR])))
    near = np.flatnonzero(shapely.intersects(shapely.box(*shapely.bounds(polygons).T), box))
    beside = near[shapely.dwithin(to_metric(polygons[near], province), metric, BORDER_M)]
    return frozenset(wards["code"].to_numpy()[beside])


def _wards(city: City) -> GeoDataFrame:
    from geo.reference.wards import load_wards

    return load_wards(city=city)


def _shape(text: str) -> Any:
    """The geometry of an entry; None where it is none, which is said elsewhere."""
    try:
        shape = shapely.from_geojson(text)
    except (shapely.GEOSException, ValueError, TypeError):
        return None
    return None if shape is None or shape.is_empty or not shape.is_valid else shape


def shared_m(one: Any, other: Any) -> tuple[float, float]:
    """Metres of one geometry beside another, and the share that they are of the shorter one; both metric.

    Of an area its outline counts, and a point is beside a place or not: no metre, all of it or nothing.
    """
    if not shapely.dwithin(one, other, BESIDE_M):
        return 0.0, 0.0
    lines = [shapely.boundary(shape) if shape.area else shape for shape in (one, other)]
    shortest = min(float(line.length) for line in lines)
    shared = float(shapely.intersection(lines[0], shapely.buffer(other, BESIDE_M)).length)
    return shared, min(1.0, shared / shortest) if shortest else 1.0
