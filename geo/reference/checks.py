"""Is this frame what it claims to be? Every feature is looked at, and one bad feature does not hide the others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import InputError, Problem
from geo.i18n.message import FileValue, Message, quoted
from geo.reference.crs import WGS84

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import Series
    from pyproj import CRS

VIET_NAM = (102.0, 6.0, 118.0, 24.0)
"""West, south, east, north in degrees: the country with its islands, to recognise misplaced features."""

Geometries = NDArray[np.object_]
Named = Callable[[int], Message]
"""The message that names the feature in a row."""


def checked(
    frame: GeoDataFrame,
    where: str,
    *,
    key: str,
    columns: Collection[str] = (),
    types: Collection[str] = (),
    validity: Callable[[Geometries], NDArray[np.bool_]] = shapely.is_valid,
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
    validity
        Which geometries are valid: `shapely.is_valid`, or what knows the same without looking again.

    Raises
    ------
    InputError
        With all problems: no feature, missing column, duplicate id, wrong coordinate system (degrees where metres
        are claimed and the reverse, swapped axes), geometry that is missing, empty, invalid or of another type.
    """
    check_table(frame, where, key=key, columns=columns)
    keys = frame[key]

    def named(row: int) -> Message:
        return Message("place.feature-key", file=where, key=key, value=keys.iloc[[row]].tolist()[0])

    geometries, bounds = _with_bounds(frame)
    problems = list(_duplicates(keys, where, key))
    problems += _geometry_problems(geometries, named, types, validity)
    problems += _crs_problems(frame.crs, bounds, where, named)
    if problems:
        raise InputError(problems)
    sound = frame
    if frame.crs != WGS84:
        sound = _in_degrees(frame, where)
        geometries, bounds = _with_bounds(sound)
    outside = _outside(bounds, named)
    if outside:
        raise InputError(outside)
    if shapely.has_z(geometries).any():
        sound = sound.set_geometry(shapely.force_2d(geometries), crs=WGS84)
    return sound


def _with_bounds(frame: GeoDataFrame) -> tuple[Geometries, NDArray[np.float64]]:
    """The geometries of a frame, and their bounds (n, 4), which are not finite where there is none."""
    geometries = np.asarray(frame.geometry, dtype=object)
    return geometries, shapely.bounds(geometries)


def are_sound(geometries: NDArray[np.object_], types: Collection[str] = ()) -> bool:
    """Whether `checked` would find nothing wrong with geometries in WGS 84, and leave them as they are (2D)."""
    if not len(geometries) or shapely.is_missing(geometries).any() or shapely.is_empty(geometries).any():
        return False
    fitting = not types or all(geometry.geom_type in types for geometry in geometries)
    finite = bool(np.isfinite(shapely.get_coordinates(geometries)).all())
    inside = finite and bool(_within(shapely.bounds(geometries), VIET_NAM).all())
    return fitting and inside and bool(shapely.is_valid(geometries).all()) and not bool(shapely.has_z(geometries).any())


def check_keys(frame: GeoDataFrame, where: str, *, key: str, columns: Collection[str] = ()) -> None:
    """What `checked` says of the columns of a frame, without its geometries.

    Raises
    ------
    InputError
        With all problems: no feature, missing column, missing coordinate system, missing or duplicate id.
    """
    check_table(frame, where, key=key, columns=columns)
    problems = list(_duplicates(frame[key], where, key))
    if problems:
        raise InputError(problems)


def check_table(frame: GeoDataFrame, where: str, *, key: str, columns: Collection[str] = ()) -> None:
    """Raise an `InputError` for a frame without features, coordinate system, or columns that must be there."""
    problems = list(_table_problems(frame, where, key, columns))
    if problems:
        raise InputError(problems)


def _in_degrees(frame: GeoDataFrame, where: str) -> GeoDataFrame:
    from pyproj.exceptions import ProjError

    try:
        return frame.to_crs(WGS84)
    except ProjError as error:
        raise InputError(Problem("reference.crs-unreachable", where, reason=str(error))) from error


def _table_problems(frame: GeoDataFrame, where: str, key: str, columns: Collection[str]) -> Iterable[Problem]:
    for column in dict.fromkeys((key, *columns)):
        if column not in frame.columns:
            yield Problem("reference.column-missing", where, column=column, columns=quoted(map(str, frame.columns)))
    if getattr(frame, "_geometry_column_name", None) not in frame.columns:
        yield Problem("reference.geometry-column-missing", where)
    elif not len(frame):
        yield Problem("reference.no-feature", where)
    elif frame.crs is None:
        yield Problem("reference.no-crs", where)


def _are_sound(keys: Series[Any]) -> bool:
    """Whether all are there, and no two alike, as arrays see it; False where a closer look is needed."""
    try:
        return bool(keys.is_unique and not keys.isna().any() and not (keys == "").any())
    except (TypeError, ValueError):  # values that can't be hashed, or are arrays themselves
        return False


def _duplicates(keys: Series[Any], where: str, key: str) -> Iterable[Problem]:
    if _are_sound(keys):
        return
    seen: dict[Any, int] = {}
    for row, value in enumerate(keys.tolist(), start=1):
        if value is None or value != value or value == "":
            yield Problem("reference.key-missing", where, row=row, key=key)
        elif not isinstance(value, Hashable):
            place = Message("place.feature", file=where, number=row)
            yield Problem("reference.key-unusable", place, key=key, value=FileValue(value))
        elif value in seen:
            first = {"key": key, "value": str(value), "first": seen[value]}
            yield Problem("reference.key-twice", where, **first, row=row)
        else:
            seen[value] = row


def _geometry_problems(
    geometries: Geometries, named: Named, types: Collection[str], validity: Callable[[Geometries], NDArray[np.bool_]]
) -> Iterable[Problem]:
    missing = shapely.is_missing(geometries) | shapely.is_empty(geometries)
    allowed = [shapely.GeometryType[kind.upper()] for kind in types] or list(shapely.GeometryType)
    other = ~np.isin(shapely.get_type_id(geometries), allowed)
    valid = validity(geometries)
    if not missing.any() and not other.any() and valid.all():
        return
    finite = _finite(geometries, valid)
    for row in np.flatnonzero(missing | other | ~valid).tolist():
        if missing[row]:
            yield Problem("reference.geometry-missing", named(row))
        elif other[row]:
            yield Problem("reference.geometry-type", named(row), type=geometries[row].geom_type, types=list(types))
        elif not finite[row]:
            yield Problem("reference.coordinate-not-finite", named(row))
        else:
            reason = str(shapely.is_valid_reason(geometries[row]))
            yield Problem("reference.geometry-invalid", named(row), reason=reason)


def _crs_problems(crs: CRS | None, bounds: NDArray[np.float64], where: str, named: Named) -> Iterable[Problem]:
    inside = _within(bounds, VIET_NAM)
    if crs is not None and not crs.is_projected and inside.all():
        return
    usable = ~np.isnan(bounds).any(axis=1)  # not where there is no geometry
    degrees = _within(bounds, (-180.0, -90.0, 180.0, 90.0))
    swapped = _within(bounds[:, [1, 0, 3, 2]], VIET_NAM)
    if crs is not None and crs.is_projected:
        if usable.any() and degrees[usable].all():
            yield Problem("reference.degrees-as-metres", where, crs=crs.to_string())
        return
    for row in np.flatnonzero(usable & ~inside).tolist():
        if swapped[row]:
            yield Problem("reference.axes-swapped", named(row))
        elif not degrees[row]:
            yield Problem("reference.metres-as-degrees", named(row))


def _outside(bounds: NDArray[np.float64], named: Named) -> list[Problem]:
    rows = np.flatnonzero(~_within(bounds, VIET_NAM))
    return [Problem("reference.outside-country", named(row)) for row in rows.tolist()]


def _within(bounds: NDArray[np.float64], box: tuple[float, float, float, float]) -> NDArray[np.bool_]:
    west, south, east, north = box
    inside: NDArray[np.bool_] = (
        (bounds[:, 0] >= west) & (bounds[:, 1] >= south) & (bounds[:, 2] <= east) & (bounds[:, 3] <= north)
    )
    return inside


def _finite(geometries: Geometries, valid: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which geometries have no coordinate that is no number, or endless; valid ones have none."""
    finite = np.ones(len(geometries), dtype=bool)
    rest = np.flatnonzero(~valid)
    xy, row = shapely.get_coordinates(geometries[rest], return_index=True)
    finite[rest[row[~np.isfinite(xy).all(axis=1)]]] = False
    return finite
