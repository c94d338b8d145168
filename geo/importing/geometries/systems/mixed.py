"""Degrees and metres in one file: no system is that of both, so none that is named would help."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.i18n.message import either
from geo.importing.geometries.model import Geometries, unusable
from geo.importing.geometries.systems.offers import Floats, offers, sample
from geo.importing.geometries.systems.question import Question
from geo.importing.geometries.systems.settling import Wards
from geo.importing.where import number_list
from geo.reference.checks import VIET_NAM

_LEAST_M = 1_000.0


def check_one_unit(
    geometries: Geometries, numbers: Sequence[int], question: Question, where: str, wards: Wards
) -> None:
    """Refuse geometries of which some are in degrees of the country and others in metres.

    `numbers`: what the file calls each of them.

    Raises
    ------
    InputError
        There are both; which ones, and what fits the metres.
    """
    bounds = shapely.bounds(geometries)
    are_degrees = _in_country(bounds) | _in_country(bounds[:, [1, 0, 3, 2]])
    are_metres = np.abs(bounds).max(axis=1) > _LEAST_M
    if not (are_degrees.any() and are_metres.any()):
        return
    degrees, metres = ([numbers[row] for row in np.flatnonzero(mask).tolist()] for mask in (are_degrees, are_metres))
    fitting = [f"{question.option}{offer}" for offer in offers(sample(geometries[are_metres]), wards())]
    listed = {"degrees": number_list(degrees), "metres": number_list(metres)}
    if not fitting:
        raise unusable("importing.units-mixed-unknown", where, **listed)
    raise unusable("importing.units-mixed", where, **listed, offers=either(fitting))


def _in_country(bounds: Floats) -> NDArray[np.bool_]:
    west, south, east, north = VIET_NAM
    found: NDArray[np.bool_] = (
        (bounds[:, 0] >= west) & (bounds[:, 1] >= south) & (bounds[:, 2] <= east) & (bounds[:, 3] <= north)
    )
    return found
