"""Arrays that can be trusted: checked once when they come in, every problem named at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from geo.errors import InputError, Problem
from geo.i18n.message import Message

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def checked_points(points_m: npt.ArrayLike, name: str = "points_m") -> Floats:
    """An (n, 2) array of finite metres; an empty list is an empty (0, 2) array.

    Raises
    ------
    InputError
        Not numbers, not pairs, or not finite (the first rows are named).
    """
    points = _numbers(points_m, name)
    if points.size == 0:
        return np.zeros((0, 2))
    if points.ndim != 2 or points.shape[1] != 2:
        raise InputError(Problem("analysis.not-points", name, shape=str(points.shape)))
    _require_finite(points, name)
    return points + 0.0  # -0.0 and 0.0 are one place


def checked_days(days: npt.ArrayLike, count: int, name: str = "days") -> Ints:
    """An (n,) array of whole day numbers; parts of a day are dropped.

    Raises
    ------
    InputError
        Not numbers, not finite, or not `count` of them.
    """
    values = _numbers(days, name).ravel()
    if len(values) != count:
        raise InputError(Problem("analysis.values-for-points", name, values=len(values), points=count))
    _require_finite(values, name)
    return np.floor(values).astype(np.int64)


def checked_counts(counts: npt.ArrayLike, length: int, name: str) -> Floats:
    """An (n,) array of finite numbers from 0 up.

    Raises
    ------
    InputError
        Not numbers, not finite, negative, or not `length` of them.
    """
    values = _numbers(counts, name).ravel()
    if len(values) != length:
        raise InputError(Problem("analysis.values-for-places", name, values=len(values), places=length))
    _require_finite(values, name)
    if (values < 0).any():
        raise InputError(Problem("analysis.negative", _rows(name, values < 0)))
    return values


def require(condition: bool, code: str, where: str, /, **parameters: Any) -> None:
    """Raise `InputError` with this problem unless the condition holds."""
    if not condition:
        raise InputError(Problem(code, where, **parameters))


def _numbers(values: npt.ArrayLike, name: str) -> Floats:
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(Problem("analysis.not-numbers", name, reason=str(error))) from error


def _require_finite(values: Floats, name: str) -> None:
    if values.size == 0:
        return
    bad = np.asarray(~np.isfinite(values.reshape(len(values), -1)).all(axis=1))
    if bad.any():
        raise InputError(Problem("analysis.not-finite", _rows(name, bad)))


def _rows(name: str, bad: npt.NDArray[np.bool_]) -> Message:
    rows = np.flatnonzero(bad).tolist()
    if len(rows) > 5:
        return Message("place.rows-more", name=name, rows=rows[:5], count=len(rows) - 5)
    return Message("place.rows", name=name, rows=rows)
