"""What the registers of the cities do not hold, looked for in the wards of the whole country.

Read only then: a question about a city's own wards is answered without them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.cli.base.console import note

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geopandas import GeoDataFrame

    from geo.reference.cities import City
    from geo.reference.ward_names.ward_query import Query
    from geo.reference.ward_names.ward_search import Answer
    from geo.reference.wards import WardRegister


def queried_everywhere(register: WardRegister, texts: Iterable[str], city: City | None) -> list[Query]:
    """What each text means in the register, else in the country: `geo.reference.ward_names.ward_query.queried`.

    The cities' own wards come first; what they lack is answered from the country, if that knows all of it. With a
    `city` only what names a place beyond it is.
    """
    from geo.reference.cities import cities
    from geo.reference.ward_names.ward_query import queried

    asked = list(texts)
    found = queried(register.search, asked, city)
    if not any(one.answer.missing for one in found):
        return found
    from geo.reference.country.wards import country_names, has_country

    if not has_country():
        return found
    names = country_names([place.province_code for place in cities()])
    beyond = queried(names, asked, city)
    return [
        other if one.answer.missing and other.answer.found and not other.answer.missing else one
        for one, other in zip(found, beyond, strict=True)
    ]


def register_with(register: WardRegister, answers: Iterable[Answer]) -> WardRegister:
    """The register with the wards of every province that an answer leads to."""
    from geo.reference.wards import WardRegister, with_more

    codes = {found.ward.province_code for answer in answers for found in answer.found}
    codes |= {unit.province_code for answer in answers for unit in answer.also_former}
    beyond = codes - {ward.province_code for ward in register.wards}
    if not beyond:
        return register
    from geo.reference.country.wards import country_table

    return WardRegister(with_more(register.table, country_table(beyond)))


def register_at(register: WardRegister, lon: float, lat: float) -> WardRegister:
    """The register if a point lies in it, else the wards of the provinces in whose bounds it lies."""
    if register.at(lon, lat) is not None:
        return register
    from geo.reference.country.wards import country_table, has_country, provinces_at
    from geo.reference.wards import WardRegister

    codes = provinces_at(lon, lat) if has_country() else ()
    if not codes:
        return register
    found = WardRegister(country_table(codes), ())
    return register if found.at(lon, lat) is None else found


def crossed_everywhere(sites: GeoDataFrame, register: WardRegister) -> tuple[GeoDataFrame, WardRegister]:
    """The crossings of sites, and a register of all wards in them.

    A site that leaves the register is measured by the wards of the country instead, as a whole: two sources of borders
    would overlap or leave gaps where they meet. That is said. One that declares wards of the register and meets none of
    them lies in a wrong place (another zone, mostly): it stays in no ward.
    """
    from geo.analysis.crossings.table import crossings

    rows = crossings(sites, register.frame)
    lost = set(rows.loc[rows["ward_code"].isna(), "site_id"])
    away = sites[sites["site_id"].isin(lost)]
    wider = _country_for(away.total_bounds.tolist()) if len(away) else None
    if wider is None:
        return rows, register
    again = crossings(away.reset_index(drop=True), wider.frame)
    found = _nearer(rows, again) - _declared_elsewhere(away, again, {ward.code for ward in register.wards})
    if not found:
        return rows, register
    note("measured-by-country", count=len(found))
    import pandas as pd

    parts = [rows[~rows["site_id"].isin(found)], again[again["site_id"].isin(found)]]
    order = {site: place for place, site in enumerate(sites["site_id"])}
    both = pd.concat(parts).sort_values("site_id", key=lambda ids: ids.map(order), kind="stable", ignore_index=True)
    named = _register_of(register, wider, set(both["ward_code"].dropna()))
    return type(rows)(both, geometry=rows.geometry.name, crs=rows.crs), named


def _register_of(own: WardRegister, wider: WardRegister, codes: set[str]) -> WardRegister:
    """The own register with those wards of another that it lacks and that are among `codes`."""
    from geo.reference.ward import WardTable
    from geo.reference.wards import WardRegister, with_more

    known = {ward.code for ward in own.wards}
    rows = [row for row, ward in enumerate(wider.wards) if ward.code in codes - known]
    more = WardTable(tuple(wider.wards[row] for row in rows), wider.shapes[rows], wider.frame.iloc[rows])
    return WardRegister(with_more(own.table, more))


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
