"""Coordinates in metres (VN-2000 / TM-3), as surveyors write them: X for north, or the other way round."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely

from geo.importing.cells.places import FIRST_METRE
from geo.importing.geometries.systems.declared import named_crs
from geo.records.model.register_lookup import RegisterLookup
from geo.reference.cities import City, cities
from geo.reference.crs import WGS84, to_wgs84


def in_system(rows: Iterable[dict[str, Any]], crs: str) -> set[str]:
    """Turn `lon` and `lat` of rows from a coordinate system that the user names; what it is called.

    Raises
    ------
    InputError
        It is not known.
    """
    from pyproj import Transformer

    system = named_crs(crs, "--crs", "importing.crs-not-understood")
    transformer = Transformer.from_crs(system, WGS84, always_xy=True)
    used = set()
    for row in rows:
        if row.get("lon") is None or row.get("lat") is None:
            continue
        east, north = row["lon"], row["lat"]
        if _is_metres(row):  # in Việt Nam no metre north is as small as one east
            east, north = min(east, north), max(east, north)
        lon, lat = transformer.transform(east, north)
        row["lon"], row["lat"] = round(float(lon), 7), round(float(lat), 7)
        used.add(f"{system.name} ({crs.strip()})")
    return used


def in_degrees(rows: Iterable[dict[str, Any]], registers: RegisterLookup | None) -> set[str]:
    """Turn `lon` and `lat` of those rows that give metres into degrees; the zones that were used, as they are named.

    A zone of a city is used where the point lies in a ward then. Zones lie 100 km and more apart, so at most one fits;
    where none does, the metres stay and are refused as a place outside the country.
    """
    used = set()
    for row in rows:
        if _is_metres(row) and registers is not None:
            north, east = max(row["lon"], row["lat"]), min(row["lon"], row["lat"])
            for city in cities():
                lon, lat = _point(east, north, city)
                if lon == lon and registers.wards_at([lon], [lat])[0] is not None:
                    row["lon"], row["lat"] = lon, lat
                    used.add(f"{city.name} (EPSG:{city.epsg})")
                    break
    return used


def _is_metres(row: dict[str, Any]) -> bool:
    lon, lat = row.get("lon"), row.get("lat")
    return lon is not None and lat is not None and min(lon, lat) > FIRST_METRE


def _point(east: float, north: float, city: City) -> tuple[float, float]:
    [point] = to_wgs84(np.array([shapely.Point(east, north)], dtype=object), city.province_code)
    lon, lat = round(float(point.x), 7), round(float(point.y), 7)
    return (lon, lat) if np.isfinite(lon) and np.isfinite(lat) else (np.nan, np.nan)
