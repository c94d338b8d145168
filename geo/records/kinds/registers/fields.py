"""The fields of registers: days that may lie ahead, ids of sites that are new, geometries, choices, JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Any

from geo.errors import UnknownNameError
from geo.records.kinds.fields import Concerned, Field, early_unit_faults, text
from geo.records.validation.entry_checks import FIRST_DAY, VIET_NAM, Context, Fault, fault
from geo.reference.cities import city

AHEAD = timedelta(days=3 * 366)
"""How far ahead a register may come into force."""
MAX_GEOMETRY = 2_000_000
MAX_VERTICES, MAX_KM = 10_000, 1_000
"""Of a site: everybody's answers are made of it. The plans' own have 68 vertices and 10 km at most."""
_KM_A_DEGREE = 111.2
MAX_CONTENT = 8_000_000
_SITE_ID = re.compile(r"[A-Z]{2,4}-[A-Z0-9][A-Z0-9-]{0,19}")
_DIGEST = re.compile(r"(?:sha256:[0-9a-f]{64})?")
_TYPES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")


def choice(*options: str) -> Field:
    """One of these words."""

    def check(name: str, value: str, _: Context) -> Iterator[Fault]:
        if value not in options:
            yield fault(name, "records.not-among", value=value[:60], options=list(options))

    return Field(check=check, schema={"enum": list(options)})


def _check_force_day(name: str, day: date, context: Context) -> Iterator[Fault]:
    if day > context.today + AHEAD:
        yield fault(name, "records.far-day", day=day)
    if day < FIRST_DAY:
        yield fault(name, "records.early-day", day=day, year=str(FIRST_DAY.year))


def _check_units_force_day(name: str, day: date, context: Context) -> Iterator[Fault]:
    yield from _check_force_day(name, day, context)
    yield from early_unit_faults(name, day)


def _check_site_id(name: str, value: str, _: Context) -> Iterator[Fault]:
    if not _SITE_ID.fullmatch(value):
        yield fault(name, "records.no-site-id", site=value[:60])


def _check_geometry(name: str, value: str, _: Context) -> Iterator[Fault]:
    """A GeoJSON geometry that is whole, not empty, and lies in Việt Nam."""
    if len(value) > MAX_GEOMETRY:
        yield fault(name, "records.too-long", count=str(len(value)), limit=str(MAX_GEOMETRY))
        return
    import shapely

    try:
        shape = shapely.from_geojson(value)
    except (shapely.GEOSException, ValueError, TypeError):
        shape = None
    if shape is None or shape.is_empty or shape.geom_type not in _TYPES or not shape.is_valid:
        yield fault(name, "records.no-geometry")
        return
    if set(json.loads(value)) != {"type", "coordinates"}:  # names and properties would be stored unscreened
        yield fault(name, "records.geometry-members")
        return
    vertices, long_km = int(shapely.get_num_coordinates(shape)), shape.length * _KM_A_DEGREE
    if vertices > MAX_VERTICES or long_km > MAX_KM:
        yield fault(
            name,
            "records.geometry-too-large",
            count=str(vertices),
            km=f"{long_km:.0f}",
            limit=str(MAX_VERTICES),
            limit_km=str(MAX_KM),
        )
        return
    west, south, east, north = VIET_NAM
    x0, y0, x1, y1 = shape.bounds
    if not (west <= x0 and south <= y0 and x1 <= east and y1 <= north):
        yield fault(name, "records.geometry-abroad")


def _check_json(name: str, value: str, _: Context) -> Iterator[Fault]:
    if len(value) > MAX_CONTENT:
        yield fault(name, "records.too-long", count=str(len(value)), limit=str(MAX_CONTENT))
        return
    try:
        json.loads(value)
    except (ValueError, RecursionError):
        yield fault(name, "records.no-json")


def _check_city(name: str, value: str, _: Context) -> Iterator[Fault]:
    try:
        city(value)
    except UnknownNameError as error:
        yield from (Fault(name, problem) for problem in error.problems)


def _check_digest(name: str, value: str, _: Context) -> Iterator[Fault]:
    if not _DIGEST.fullmatch(value):
        yield fault(name, "records.no-digest")


def _of_site(value: Any, duties: Any) -> Concerned:
    return Concerned(duties.of_site(value), all_needed=False)


ForceDay = Annotated[date, Field(check=_check_force_day)]
"""Since when a register holds: today, before, or up to three years ahead."""
UnitsForceDay = Annotated[date, Field(check=_check_units_force_day)]
"""The same, of what stands on the wards of today: none of it holds before they are there."""
RegisterSiteId = Annotated[
    str,
    Field(
        check=_check_site_id,
        schema={"pattern": f"^{_SITE_ID.pattern}$"},
        concerns=_of_site,
        read=lambda t, _: t.upper(),
    ),
]
"""An id of a site, also of one that is new."""
Geometry = Annotated[str, Field(check=_check_geometry)]
"""A GeoJSON geometry as text, WGS 84 degrees."""
Json = Annotated[str, Field(check=_check_json)]
Digest = Annotated[str, Field(check=_check_digest)]
Words = Annotated[str, text(300, required=False)]
"""A text that may be missing."""
City = Annotated[str, Field(check=_check_city, schema={"pattern": "^[a-z][a-z-]{1,30}$"})]
