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
    """The crossings of sites, and a register of all wards in them; what was measured by the country is said."""
    from geo.analysis.country_crossings import widened
    from geo.analysis.crossings.table import crossings

    rows = crossings(sites, register.frame)
    found = widened(sites, rows, {ward.code for ward in register.wards})
    if found is None:
        return rows, register
    note("measured-by-country", count=len(found.sites))
    return found.rows, _register_of(register, found.wards, set(found.rows["ward_code"].dropna()))


def _register_of(own: WardRegister, wider: WardRegister, codes: set[str]) -> WardRegister:
    """The own register with those wards of another that it lacks and that are among `codes`."""
    from geo.reference.ward import WardTable
    from geo.reference.wards import WardRegister, with_more

    known = {ward.code for ward in own.wards}
    rows = [row for row, ward in enumerate(wider.wards) if ward.code in codes - known]
    more = WardTable(tuple(wider.wards[row] for row in rows), wider.shapes[rows], wider.frame.iloc[rows])
    return WardRegister(with_more(own.table, more))
