"""Systems that a table names in words, as codes; and the question which of several is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.errors import Problem
from geo.i18n.message import Message, either
from geo.importing.geometries.systems.projections import TransverseMercator, vn2000_text, zone_of

if TYPE_CHECKING:
    from pyproj import CRS

    from geo.importing.geometries.systems.question import Question
    from geo.importing.headings.systems import NamedSystem

_TM3, _EASTING = 0.9999, 500_000.0
_OFTEN_MEANT = (3405, 32648, 5897, 4756, 4326)
OF_HEADING = "importing.system-of-heading"
"""The code of the note that coordinates are read in the system that a table names."""


def worded_crs(named: NamedSystem) -> str:
    """The code or the PROJ text of a system that is named in words; '' where it is open, or of degrees alone."""
    if not named.meridian:
        return named.crs
    projection = TransverseMercator(round(named.meridian, 6), _TM3, _EASTING, 0.0)
    code = zone_of(projection)
    return f"EPSG:{code}" if code else vn2000_text(projection)


def open_system(named: NamedSystem, question: Question, where: str) -> Problem:
    """The problem of a system that a table names, and not which one."""
    offered = either([f"{question.option}EPSG:{epsg}" for epsg in _OFTEN_MEANT])
    return Problem("importing.system-open", where, text=named.text, offers=offered)


def overruled(named: NamedSystem, crs: CRS, shown: str) -> Message | None:
    """That a table names another system than the one in which the user wants it read; None where it may be this one.

    `shown`: that one, as a message names it.
    """
    from pyproj import CRS

    code = worded_crs(named)
    is_same = CRS.from_user_input(code) == crs if code else False
    if not code and named.in_degrees:  # of its zones and its degrees none is named
        is_same = crs.geodetic_crs == CRS.from_user_input(named.in_degrees)
    return None if is_same else Message("importing.heading-overruled", text=named.text, crs=shown)
