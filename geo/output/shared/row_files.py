"""Crossings and flags as the text of a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from geo.i18n.language import current
from geo.output.shared import crossing_rows, flag_rows
from geo.output.shared.tables import rows_csv, rows_xlsx

_UNDATED = date(2026, 1, 1)
"""The registers are of no day: what is made from them alone is dated with the year of the plan."""

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geo.analysis.reconcile import Agreement
    from geo.situation import Situation


def crossings_json(sites: GeoDataFrame, rows: GeoDataFrame, agreements: Sequence[Agreement]) -> str:
    """Each site with its stretches, declared against computed."""
    return crossing_rows.to_json(crossing_rows.crossings_document(sites, rows, agreements))


def crossings_csv(_: GeoDataFrame, rows: GeoDataFrame, agreements: Sequence[Agreement]) -> str:
    """A row for each site and ward."""
    return crossing_rows.to_csv(rows, agreements)


def crossings_geojson(_: GeoDataFrame, rows: GeoDataFrame, agreements: Sequence[Agreement]) -> str:
    """A feature for each site and ward."""
    return crossing_rows.to_geojson(rows, agreements)


def flags_json(situation: Situation) -> str:
    """Flags, exposure of every site, and wards that an active site touches."""
    return crossing_rows.to_json(flag_rows.risk_document(situation))


def flags_geojson(situation: Situation) -> str:
    """A feature for each place that a flag is about."""
    return flag_rows.flags_geojson(situation)


def crossings_xlsx(sites: GeoDataFrame, rows: GeoDataFrame, agreements: Sequence[Agreement]) -> bytes:
    """A workbook: a row for each site and ward."""
    listed = crossing_rows.agreed_rows(rows, agreements)
    return _book("crossings", {"crossings": listed}, _UNDATED, sorted(set(_sources(sites))))


def flags_csv(situation: Situation) -> str:
    """A row for each flag."""
    return rows_csv([_flat(row) for row in _flag_rows(situation)])


def flags_xlsx(situation: Situation) -> bytes:
    """A workbook: flags, the exposure of every site, wards that an active site touches."""
    found = flag_rows.risk_document(situation)
    sheets = {name: [_flat(row) for row in found[name]] for name in ("flags", "sites", "wards")}
    return _book("flags", sheets, situation.day, [f"{situation.day.isoformat()} · {situation.data_version}"])


def _flag_rows(situation: Situation) -> list[dict[str, Any]]:
    return [flag_rows.flag_record(flag) for flag in situation.flags or ()]


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row without what is in the other language."""
    other = "en" if current() == "vi" else "vi"
    return {name: value for name, value in row.items() if not name.endswith(f"_{other}")}


def _sources(sites: GeoDataFrame) -> list[str]:
    return [str(source) for source in sites["geometry_source"]] if "geometry_source" in sites else []


def _book(title: str, sheets: Mapping[str, Sequence[Mapping[str, Any]]], day: date, about: Sequence[str]) -> bytes:
    return rows_xlsx(sheets, title=f"diaban: {title}", day=day, about=about, lang=current())
