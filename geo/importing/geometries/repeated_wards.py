"""Rows of a file of wards that bear the same code: parts of one ward, or a fault that is refused by its rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.errors import InputError, Problem
from geo.importing.geometries.model import Geometries, Reading

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_LEAST = 1e-10
"""Parts that share more square degrees (about a square metre) lie on each other; less is how borders were rounded."""


def check_codes(frame: GeoDataFrame, reading: Reading) -> None:
    """Refuse rows of one code that are no parts of one ward; rows are named as the file counts them.

    Raises
    ------
    InputError
        Wards of different names have a code in common, or areas of one ward lie on each other.
    """
    problems = list(_problems(frame, reading))
    if problems:
        raise InputError(problems)


def _problems(frame: GeoDataFrame, reading: Reading) -> Iterator[Problem]:
    names, shapes = frame["name"].tolist(), np.asarray(frame.geometry, dtype=object)
    groups: dict[str, list[int]] = {}
    for row, code in enumerate(frame["code"]):
        if isinstance(code, str) and code:
            groups.setdefault(code, []).append(row)
    for code, rows in groups.items():
        first = rows[0]
        for row in rows[1:]:
            is_other = names[row] != names[first]
            if not is_other and not _lie_on_each_other(shapes, rows, row):
                continue
            yield Problem(
                "importing.code-of-two-wards" if is_other else "importing.ward-twice",
                reading.where,
                code=code,
                first=reading.numbers[first],
                first_name=names[first],
                second=reading.numbers[row],
                second_name=names[row],
            )


def _lie_on_each_other(shapes: Geometries, rows: list[int], row: int) -> bool:
    """Whether a row covers ground of one that stands before it; what is invalid is refused elsewhere."""
    before = shapes[[other for other in rows if other < row]]
    usable = before[shapely.is_valid(before)]
    if not len(usable) or not shapely.is_valid(shapes[row]):
        return False
    return bool((shapely.area(shapely.intersection(usable, shapes[row])) > _LEAST).any())
