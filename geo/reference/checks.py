"""Is this frame what it claims to be? Every feature is looked at, and one bad feature does not hide the others."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import InputError, Problem
from geo.reference.crs import WGS84

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

VIET_NAM = (102.0, 6.0, 118.0, 24.0)
"""West, south, east, north in degrees: the country with its islands, for telling misplaced features."""

_POLYGONS = ("Polygon", "MultiPolygon")


def checked(
    frame: GeoDataFrame,
    where: str,
    *,
    key: str,
    columns: Collection[str] = (),
    types: Collection[str] = (),
) -> GeoDataFrame:
    """The frame in WGS 84 (longitude, latitude; 2D), if it is sound.

    Parameters
    ----------
    frame
        Any number of features, in any coordinate system that the frame names.
    where
        What the frame is called in messages: a file, or 'sites'.
    key
        Name of the id column: present, never empty, never twice.
    columns
        Further columns that must be there.
    types
        Geometry types that may stand in it; all, if empty.

    Raises
    ------
    InputError
        With all problems: no feature, missing column, duplicate id, wrong coordinate system (degrees where metres
        are claimed and the reverse, swapped axes), geometry that is missing, empty, invalid or of another type.
    """
    problems = list(_table_problems(frame, where, key, columns))
    if problems:
        raise InputError(problems)
    names = [f"{where}: {key} {value}" for value in frame[key].tolist()]
    problems += _duplicates(frame[key].tolist(), where, key)
    problems += _geometry_problems(frame, names, types)
    problems += _crs_problems(frame, where, names)
    if problems:
        raise InputError(problems)
    sound = frame if frame.crs == WGS84 else _in_degrees(frame, where)
    outside = _outside(sound, names)
    if outside:
        raise InputError(outside)
    if shapely.has_z(np.asarray(sound.geometry)).any():
        sound = sound.set_geometry(shapely.force_2d(np.asarray(sound.geometry)), crs=WGS84)
    return sound


def _in_degrees(frame: GeoDataFrame, where: str) -> GeoDataFrame:
    from pyproj.exceptions import ProjError

    try:
        return frame.to_crs(WGS84)
    except ProjError as error:
        what = f"names a coordinate system that has no way to WGS 84: {error}"
        raise InputError(Problem(what, where, "declare its own system, or EPSG:4326")) from error


def _table_problems(frame: GeoDataFrame, where: str, key: str, columns: Collection[str]) -> Iterable[Problem]:
    held = "it has " + ", ".join(f"'{c}'" for c in frame.columns)
    for column in (key, *columns):
        if column not in frame.columns:
            yield Problem(f"column '{column}' is missing; {held}", where, "add the column or choose another file")
    if getattr(frame, "_geometry_column_name", None) not in frame.columns:
        yield Problem("there is no geometry column", where, "give a file with geometries")
    elif not len(frame):
        yield Problem("holds no feature", where, "give a file with at least one feature")
    elif frame.crs is None:
        yield Problem("names no coordinate system", where, "set it, for example with set_crs('EPSG:4326')")


def _duplicates(keys: list[Any], where: str, key: str) -> Iterable[Problem]:
    seen: dict[Any, int] = {}
    for row, value in enumerate(keys, start=1):
        if value is None or value != value or value == "":
            yield Problem(f"feature {row} has no {key}", where, f"give each feature a {key}")
        elif not isinstance(value, Hashable):
            yield Problem(
                f"{key} {value!r} is neither text nor a number", f"{where}: feature {row}", "write it as text"
            )
        elif value in seen:
            yield Problem(
                f"{key} {value} stands twice, in features {seen[value]} and {row}",
                where,
                "keep one, or rename",
            )
        else:
            seen[value] = row


def _geometry_problems(frame: GeoDataFrame, names: list[str], types: Collection[str]) -> Iterable[Problem]:
    geometries = np.asarray(frame.geometry, dtype=object)
    missing = shapely.is_missing(geometries)
    empty = ~missing & shapely.is_empty(geometries)
    finite = np.array([_finite(g) for g in geometries])
    valid = shapely.is_valid(geometries)
    for row, name in enumerate(names):
        if missing[row] or empty[row]:
            yield Problem("has no geometry", name, "draw it, or leave the feature out")
        elif types and geometries[row].geom_type not in types:
            yield Problem(f"is a {geometries[row].geom_type}", name, "only " + ", ".join(types) + " can be used")
        elif not finite[row]:
            yield Problem("has a coordinate that is not a finite number", name, "remove or correct the vertex")
        elif not valid[row]:
            reason = shapely.is_valid_reason(geometries[row])
            yield Problem(f"has an invalid geometry: {reason}", name, "repair it, for example with make_valid()")


def _crs_problems(frame: GeoDataFrame, where: str, names: list[str]) -> Iterable[Problem]:
    geometries = np.asarray(frame.geometry, dtype=object)
    usable = ~shapely.is_missing(geometries) & ~shapely.is_empty(geometries)
    bounds = shapely.bounds(geometries)
    degrees = _within(bounds, (-180.0, -90.0, 180.0, 90.0))
    swapped = _within(bounds[:, [1, 0, 3, 2]], VIET_NAM)
    if frame.crs is not None and frame.crs.is_projected:
        if usable.any() and degrees[usable].all():
            claimed = f"claims {frame.crs.to_string()} (metres), but its coordinates are degrees"
            yield Problem(claimed, where, "declare EPSG:4326 instead")
        return
    for row in np.flatnonzero(usable & ~_within(bounds, VIET_NAM)):
        if swapped[row]:
            yield Problem("has its axes swapped (latitude before longitude)", names[row], "write longitude first")
        elif not degrees[row]:
            remedy = "convert it to longitude and latitude (EPSG:4326), or declare its own system"
            yield Problem("has coordinates in metres where degrees are claimed", names[row], remedy)


def _outside(frame: GeoDataFrame, names: list[str]) -> list[Problem]:
    bounds = shapely.bounds(np.asarray(frame.geometry, dtype=object))
    rows = np.flatnonzero(~_within(bounds, VIET_NAM))
    remedy = "check its coordinate system and its coordinates"
    return [Problem("lies outside Việt Nam", names[row], remedy) for row in rows]


def _within(bounds: NDArray[np.float64], box: tuple[float, float, float, float]) -> NDArray[np.bool_]:
    west, south, east, north = box
    inside: NDArray[np.bool_] = (
        (bounds[:, 0] >= west) & (bounds[:, 1] >= south) & (bounds[:, 2] <= east) & (bounds[:, 3] <= north)
    )
    return inside


def _finite(geometry: shapely.Geometry | None) -> bool:
    return geometry is None or bool(np.isfinite(shapely.get_coordinates(geometry)).all())
