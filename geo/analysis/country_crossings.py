"""Sites that leave the registers of the cities, measured by the wards of the whole country.

Read only then: a question about a city's own wards is answered without them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.analysis.crossings.table import crossings

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geo.reference.wards import WardRegister


@dataclass(frozen=True, slots=True)
class Widened:
    """`rows` as `geo.crossings`; `sites`: the ids of those that were measured by the country; `wards`: its register."""

    rows: GeoDataFrame
    sites: frozenset[str]
    wards: WardRegister


def widened(sites: GeoDataFrame, rows: GeoDataFrame, known: Collection[str]) -> Widened | None:
    """The crossings of sites, those that leave the `known` wards (codes) measured by the country's; None without any.

    A site is measured by one source of borders as a whole: two would overlap or leave gaps where they meet. One that
    declares known wards and meets none of them lies in a wrong place (another zone, mostly): it stays in no ward.
    """
    lost = set(rows.loc[rows["ward_code"].isna(), "site_id"])
    away = sites[sites["site_id"].isin(lost)]
    wider = _country_for(away.total_bounds.tolist()) if len(away) else None
    if wider is None:
        return None
    again = crossings(away.reset_index(drop=True), wider.frame)
    found = _nearer(rows, again) - _declared_elsewhere(away, again, set(known))
    if not found:
        return None
    import pandas as pd

    parts = [rows[~rows["site_id"].isin(found)], again[again["site_id"].isin(found)]]
    order = {site: place for place, site in enumerate(sites["site_id"])}
    both = pd.concat(parts).sort_values("site_id", key=lambda ids: ids.map(order), kind="stable", ignore_index=True)
    return Widened(type(rows)(both, geometry=rows.geometry.name, crs=rows.crs), frozenset(found), wider)


def _nearer(rows: GeoDataFrame, again: GeoDataFrame) -> set[str]:
    """The sites of which less lies in no ward of the second table."""
    outside = [_outside(table) for table in (rows, again)]
    return {site for site, metres in outside[0].items() if outside[1].get(site, -1.0) < metres}


def _declared_elsewhere(sites: GeoDataFrame, rows: GeoDataFrame, known: set[str]) -> set[str]:
    """The sites that declare wards among `known`, and meet no ward that they declare."""
    met = rows.groupby("site_id")["ward_code"].agg(set).to_dict()
    declared = {site: set(codes) for site, codes in zip(sites["site_id"], sites["declared_wards"], strict=True)}
    return {site for site, codes in declared.items() if codes & known and not codes & met.get(site, set())}


def _outside(table: GeoDataFrame) -> dict[str, float]:
    """Site → what of it lies in no ward: metres, square metres, or 1 for a point."""
    lost = table[table["ward_code"].isna()]
    size = lost["length_m"].fillna(0.0) + lost["area_m2"].fillna(0.0)
    sizes = zip(lost["site_id"], size, strict=True)
    return {site: max(float(value), 1.0 if value == 0 else 0.0) for site, value in sizes}


def _country_for(bounds: Iterable[float]) -> WardRegister | None:
    """The country's wards of the provinces that meet `bounds` (west, south, east, north; degrees); None without any."""
    from geo.reference.country.wards import country_table, has_country, provinces_near
    from geo.reference.wards import WardRegister

    west, south, east, north = bounds
    codes = provinces_near((west, south, east, north)) if has_country() else ()
    return WardRegister(country_table(codes), ()) if codes else None
