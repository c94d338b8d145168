"""Numbers that are degrees in another form: minutes and seconds packed behind them, or degrees as whole numbers.

No system of metres has such numbers in Việt Nam, and none that could be named would put them right.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from geo.errors import Problem
from geo.i18n.message import Message
from geo.reference.checks import VIET_NAM

Floats = NDArray[np.float64]


def packed_problem(xy: Floats, where: str, option: str = "--crs ") -> Problem | None:
    """What positions (n, 2) are if they are packed degrees, and how they are written; None where they are not.

    `option`: what stands before a system where the user names one.
    """
    if not len(xy) or not np.isfinite(xy).all():
        return None
    east_north = np.column_stack([xy.max(axis=1), xy.min(axis=1)])
    for form, degrees_of in _FORMS.items():
        degrees = degrees_of(east_north)
        if _are_here(degrees):
            return Problem(
                "importing.packed-degrees", where, form=Message(form),
                remedy=Message(f"{form}.remedy"), option=f"{option}{form.rpartition('-')[2]}",
                position=", ".join(f"{n:.10g}" for n in xy[0]),
                lon=f"{degrees[0][0]:.6f}", lat=f"{degrees[0][1]:.6f}",
            )  # fmt: skip
    return None


def unpacked(xy: Floats, form: str) -> Floats:
    """Positions (n, 2) of packed degrees as longitude and latitude: in Việt Nam the larger number is the longitude.

    `form`: one of `NAMES`. NaN where minutes or seconds are none.
    """
    return _FORMS[NAMES[form.casefold()]](np.column_stack([xy.max(axis=1), xy.min(axis=1)]))


def is_form(crs: str | None) -> bool:
    """Whether what the user says of coordinates names a form of packed degrees, and no system."""
    return crs is not None and crs.strip().casefold() in NAMES


def _divided(by: float) -> Callable[[Floats], Floats]:
    return lambda xy: xy / by


def _minutes(xy: Floats) -> Floats:
    degrees, minutes = np.divmod(xy, 100.0)
    return np.where(minutes < 60, degrees + minutes / 60, np.nan)


def _seconds(xy: Floats) -> Floats:
    degrees, rest = np.divmod(xy, 10_000.0)
    minutes, seconds = np.divmod(rest, 100.0)
    return np.where((minutes < 60) & (seconds < 60), degrees + minutes / 60 + seconds / 3600, np.nan)


_FORMS: dict[str, Callable[[Floats], Floats]] = {
    "importing.form-ddmm": _minutes,
    "importing.form-ddmmss": _seconds,
    "importing.form-e6": _divided(1e6),
    "importing.form-e7": _divided(1e7),
}


NAMES = {code.rpartition("-")[2]: code for code in _FORMS}
"""What the user calls each form, in the place of a coordinate system: `ddmm`, `ddmmss`, `e6`, `e7`."""


def _are_here(degrees: Floats) -> bool:
    west, south, east, north = VIET_NAM
    lon, lat = degrees[:, 0], degrees[:, 1]
    return bool(((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)).all())
