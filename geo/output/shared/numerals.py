"""Figures as Vietnamese readers write them: a full stop between thousands, a comma before decimals."""

from __future__ import annotations

from datetime import date

import pandas as pd


def metres(length: float) -> str:
    """A length in whole metres.

    >>> metres(12345.6)
    '12.346 m'
    """
    return f"{_grouped(length, 0)} m"


def percent(share: float) -> str:
    """A share (0 to 1) with one decimal.

    >>> percent(0.3456)
    '34,6 %'
    """
    return f"{_grouped(share * 100, 1)} %"


def hectares(area_m2: float) -> str:
    """An area given in square metres, in hectares.

    >>> hectares(12345.0)
    '1,23 ha'
    """
    return f"{_grouped(area_m2 / 10_000, 2)} ha"


def square_km(area_km2: float) -> str:
    """An area in square kilometres.

    >>> square_km(2.966)
    '2,97 km²'
    """
    return f"{_grouped(area_km2, 2)} km²"


def count(number: float) -> str:
    """A whole number.

    >>> count(65023)
    '65.023'
    """
    return _grouped(number, 0)


def day_text(day: date) -> str:
    """A date, day first.

    >>> day_text(date(2026, 1, 7))
    '07/01/2026'
    """
    return f"{day:%d/%m/%Y}"


def known(value: object) -> bool:
    """Whether a table's cell says anything: neither None, NaN, NA nor an empty text.

    >>> known(float("nan")), known(""), known(0)
    (False, False, True)
    """
    return not (value is None or pd.isna(value) or value == "")  # type: ignore[call-overload]


def _grouped(number: float, decimals: int) -> str:
    return f"{number:,.{decimals}f}".translate(str.maketrans(",.", ".,"))
