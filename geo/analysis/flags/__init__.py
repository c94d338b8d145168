"""Flags: where new activity may be starting, and why we say so."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from geo.analysis.flags.flag import Flag

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

__all__ = ["Flag", "flags"]


def flags(
    day: date,
    wards: GeoDataFrame,
    sites: GeoDataFrame,
    crossings: GeoDataFrame,
    *,
    reports: GeoDataFrame | None = None,
    events: DataFrame | None = None,
) -> tuple[Flag, ...]:
    """The flags of a day."""
    return ()
