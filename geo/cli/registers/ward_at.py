"""The ward at a point, and which others are near: a point by a border may lie in either, as exact as borders are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from geo.errors import Problem
    from geo.reference.wards import Match, WardRegister

_FAR_M = 2_000.0
"""A ward that far from a point outside all is still named as the nearest."""


def ward_at(register: WardRegister, at: str) -> tuple[Match, list[dict[str, Any]]]:
    """The ward at LON,LAT, and the others within the border band: `code, full_name, distance_m`, the nearest first.

    Raises
    ------
    InputError
        It is no point, or lies in no ward; the nearest ward is named.
    """
    from geo.errors import InputError, Problem
    from geo.reference.tolerances import BORDER_M
    from geo.reference.ward_names.ward_search import Answer, Found
    from geo.reference.wards import Match

    try:
        lon, lat = (float(part) for part in at.split(","))
    except ValueError:
        raise InputError(Problem("cli.not-lon-lat", "--at", text=at)) from None
    if lon != lon or lat != lat or abs(lat) > 90:
        raise InputError(Problem("cli.no-point", "--at", text=at))
    found = register.at(lon, lat)
    if found is None:
        raise InputError(_nowhere(near(register, lon, lat, _FAR_M), at))
    beside = [row for row in near(register, lon, lat, BORDER_M) if row["code"] != found.code]
    return Match((found,), "point", Answer((Found(found, "point"),))), beside


def near(register: WardRegister, lon: float, lat: float, distance: float) -> list[dict[str, Any]]:
    """The wards whose border runs within `distance` metres of a point, the nearest first."""
    from geo.analysis.crossings.neighbours import near_points
    from geo.analysis.crossings.table import ward_index
    from geo.spatial.measure import Ellipsoid

    found = near_points(np.array([[lon, lat]]), ward_index(register.frame), Ellipsoid(), distance)
    rows = zip(found.metres.tolist(), (register.wards[row] for row in found.ward), strict=True)
    listed = [{"code": w.code, "full_name": w.full_name, "distance_m": round(metres, 1)} for metres, w in rows]
    return sorted(listed, key=lambda row: (row["distance_m"], row["code"]))


def _nowhere(others: list[dict[str, Any]], at: str) -> Problem:
    from geo.errors import Problem

    if not others:
        return Problem("cli.no-ward-at-point", "--at", text=at)
    nearest = others[0]
    ward = f"{nearest['full_name']} ({nearest['code']})"
    return Problem("cli.no-ward-at-point-near", "--at", text=at, ward=ward, metres=nearest["distance_m"])
