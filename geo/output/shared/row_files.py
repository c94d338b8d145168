"""Crossings and flags as the text of a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from geo.output.shared import crossing_rows, flag_rows

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geo.analysis.reconcile import Agreement
    from geo.situation import Situation


def crossings_json(sites: GeoDataFrame, rows: GeoDataFrame, agreements: Sequence[Agreement]) -> str:
    """Each site with its stretches, declared against computed."""
    return crossing_rows.to_json(crossing_rows.crossings_document(sites, rows, agreements))


def crossings_csv(_: GeoDataFrame, rows: GeoDataFrame, __: Sequence[Agreement]) -> str:
    """A row for each site and ward."""
    return crossing_rows.to_csv(rows)


def crossings_geojson(_: GeoDataFrame, rows: GeoDataFrame, __: Sequence[Agreement]) -> str:
    """A feature for each site and ward."""
    return crossing_rows.to_geojson(rows)


def flags_json(situation: Situation) -> str:
    """Flags, exposure of every site, and wards that an active site touches."""
    return crossing_rows.to_json(flag_rows.risk_document(situation))


def flags_geojson(situation: Situation) -> str:
    """A feature for each place that a flag is about."""
    return flag_rows.flags_geojson(situation)
