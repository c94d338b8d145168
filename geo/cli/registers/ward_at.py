"""The ward at a point, and which others are near: a point by a border may lie in either, as exact as borders are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geo.errors import Problem
    from geo.reference.wards import Match, WardRegister

_FAR_M = 2_000.0
"""A ward that far from a point outside all is still named as the nearest."""


def ward_at(register: WardRegister, lon: float, lat: float, at: str) -> tuple[Match, list[dict[str, Any]]]:
    """The ward at a point, and the others within the border band: `code, full_name, distance_m`, the nearest first.

    `at`: the point as it is written.

    Raises
    ------
    InputError
        It lies in no ward of the register; the nearest one is named.
    """
    from geo.analysis.crossings.indexed_wards import ward_index
    from geo.analysis.near_wards import wards_near
    from geo.errors import InputError
    from geo.reference.ward_names.ward_search import Answer, Found
    from geo.reference.wards import Match

    found, index = register.at(lon, lat), ward_index(register.frame)
    if found is None:
        raise InputError(_nowhere(wards_near(register.wards, index, lon, lat, _FAR_M), at))
    beside = [row for row in wards_near(register.wards, index, lon, lat) if row["code"] != found.code]
    return Match((found,), "point", Answer((Found(found, "point"),))), beside


def position_of(register: WardRegister, at: str, crs: str | None = None) -> tuple[float, float]:
    """Longitude and latitude (WGS 84) of a point as it is written; says how it was read where that is not so.

    Parameters
    ----------
    register
        The wards by which coordinate systems are distinguished.
    at
        The point: longitude and latitude in either order, in degrees or with minutes and seconds, with or without
        letters for the directions; or two coordinates of `crs`.
    crs
        The coordinate system of the point; WGS 84 if not given.

    Raises
    ------
    InputError
        It is no point.
    """
    import shapely

    from geo.cli.geometry_files import say_notes
    from geo.errors import InputError, Problem
    from geo.importing.geometries.model import Features, object_array
    from geo.importing.geometries.systems.question import Question
    from geo.importing.geometries.systems.settling import settle

    points = object_array([shapely.Point(_pair(at))])
    system = settle(Features(points, is_wgs84=True), points, Question(crs), "--at", lambda: register)
    lon, lat = shapely.get_coordinates(system.to_wgs84(points))[0].tolist()
    if not (abs(lon) <= 360 and abs(lat) <= 90):
        raise InputError(Problem("cli.no-point", "--at", text=at))
    say_notes(system.notes)
    return lon, lat


def _pair(at: str) -> tuple[float, float]:
    """The two numbers of a point in the order in which they are written."""
    from math import isfinite

    from geo.errors import InputError, Problem
    from geo.importing.cells import CellError, as_pair

    try:
        first, second = (float(part) for part in at.split(","))
    except ValueError:
        try:
            first, second = as_pair(at)
        except CellError:
            raise InputError(Problem("cli.not-lon-lat", "--at", text=at)) from None
    if not (isfinite(first) and isfinite(second)):
        raise InputError(Problem("cli.no-point", "--at", text=at))
    return first, second


def _nowhere(others: list[dict[str, Any]], at: str) -> Problem:
    from geo.errors import Problem

    if not others:
        return Problem("cli.no-ward-at-point", "--at", text=at)
    nearest = others[0]
    ward = f"{nearest['full_name']} ({nearest['code']})"
    return Problem("cli.no-ward-at-point-near", "--at", text=at, ward=ward, metres=nearest["distance_m"])
