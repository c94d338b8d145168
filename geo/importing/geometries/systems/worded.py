"""Systems that a table names in words, as codes; and the question which of several is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.errors import Problem
from geo.i18n.message import either
from geo.importing.geometries.systems.projections import TransverseMercator, vn2000_text, zone_of

if TYPE_CHECKING:
    from geo.importing.geometries.systems.settling import Question
    from geo.importing.headings.systems import NamedSystem

_TM3, _EASTING = 0.9999, 500_000.0
_OFTEN_MEANT = (3405, 32648, 5897, 4756, 4326)


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
