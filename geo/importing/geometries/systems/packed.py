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


def packed_problem(xy: Floats, where: str) -> Problem | None:
    """What positions (n, 2) are if they are packed degrees, and how they are written; None where they are not."""
    if not len(xy) or not np.isfinite(xy).all():
        return None
    east_north = np.column_stack([xy.max(axis=1), xy.min(axis=1)])
    for form, degrees_of in _FORMS.items():
        degrees = degrees_of(east_north)
        if _are_here(degrees):
            return Problem(
                "importing.packed-degrees", where, form=Message(form),
                remedy=Message(f"{form}.remedy"),
                position=", ".join(f"{n:.10g}" for n in xy[0]),
                lon=f"{degrees[0][0]:.6f}", lat=f"{degrees[0][1]:.6f}",
            )  # fmt: skip
    return None


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


def _are_here(degrees: Floats) -> bool:
    west, south, east, north = VIET_NAM
    lon, lat = degrees[:, 0], degrees[:, 1]
    return bool(((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)).all())
