"""Since when the units of today are there: a day before has others, of which the package knows the names alone."""

from __future__ import annotations

from datetime import date

from geo.errors import InputError, Problem

UNITS_SINCE = date(2025, 7, 1)
"""The day on which the resolutions of 16 June 2025 (1654 to 1687/NQ-UBTVQH15) came into force."""


def refuse_before_units(day: date) -> date:
    """The day, where it has the units of today.

    Raises
    ------
    InputError
        It is before them: their wards would answer for a day on which there were others.
    """
    if day < UNITS_SINCE:
        raise InputError(Problem("reference.before-units", "day", day=day, first=UNITS_SINCE))
    return day
