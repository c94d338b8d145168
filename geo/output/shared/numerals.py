"""Figures as Vietnamese readers write them, with plain spaces: what maps write until they ask for a language."""

from __future__ import annotations

from datetime import date

from geo.i18n.formats import NO_BREAK, formats
from geo.output.shared.cells import known

__all__ = ["count", "day_text", "hectares", "known", "metres", "percent", "square_km"]

_VI = formats("vi")


def metres(length: float) -> str:
    """A length in whole metres."""
    return _VI.length(length).replace(NO_BREAK, " ")


def percent(share: float) -> str:
    """A share (0 to 1) with one decimal."""
    return _VI.share(share).replace(NO_BREAK, " ")


def hectares(area_m2: float) -> str:
    """An area given in square metres, in hectares."""
    return _VI.hectares(area_m2).replace(NO_BREAK, " ")


def square_km(area_km2: float) -> str:
    """An area in square kilometres."""
    return _VI.square_km(area_km2).replace(NO_BREAK, " ")


def count(number: float) -> str:
    """A whole number."""
    return _VI.number(number)


def day_text(day: date) -> str:
    """A date, day first."""
    return _VI.day(day)
