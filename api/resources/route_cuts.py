"""Routes and areas that somebody sends, cut at the wards: as much as a request may take, and few at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

import numpy as np
import shapely

from api.core.problems import TooLargeError, TooManyError
from api.core.service import Service
from api.resources.city_finding import all_wards, cities_of_shapes, ward_at
from geo.analysis.country_crossings import widened
from geo.analysis.crossings.effort import steps
from geo.analysis.crossings.table import crossings
from geo.errors import Problem
from geo.i18n.message import Message
from geo.reference.cities import city
from geo.reference.country.wards import provinces_near

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geo.importing.geometries import SitesRead
    from geo.reference.wards import WardRegister

AT_ONCE = 2
"""Cuts at a time in a process: a cut uses every processor itself."""
_WAIT_S = 5.0
_MOST_PROVINCES = 12
"""Borders of so many provinces are got ready for what somebody sends: those of all take seconds."""


def cut(service: Service, sent: GeoDataFrame, of: str | None, where: str = "body") -> tuple[list[str], GeoDataFrame]:
    """The cities that routes or areas meet (the server's own where they meet none), and their stretches in each ward.

    `of`: the city whose wards alone are asked for; `where`: what is sent, as messages call it.

    Raises
    ------
    TooLargeError
        Cutting them would take too long (`DIABAN_MAX_ROUTE_STEPS`).
    TooManyError
        Others are being cut, and go on for longer than one waits here.
    InputError
        As `geo.analysis.crossings.table.crossings`.
    """
    import pandas as pd

    slugs = [of] if of else [*cities_of_shapes(service, sent.bounds.to_numpy())] or [service.settings.city]
    (registers, index), *others = [service.ward_index(slug) for slug in slugs]
    geometries, most = np.asarray(sent.geometry, dtype=object), service.settings.max_route_steps
    needed = steps(geometries, index) * len(slugs)
    if needed > most:
        raise TooLargeError(Problem("service.too-far-to-cut", where, count=needed, most=most))
    with _turn():
        if not others:
            return [registers.city.slug], crossings(sent, registers.wards, index=index)
        # All wards in one: what lies in no ward of any of the cities is one row.
        every = [registers, *(more for more, _ in others)]
        found = crossings(sent, pd.concat([one.wards for one in every], ignore_index=True))
    met = [one.city.slug for one in every if one.wards["code"].isin(found["ward_code"]).any()]
    return met or slugs[:1], found


@dataclass(frozen=True, slots=True)
class Cut:
    """The cities (slugs) that routes or areas meet, their stretches, and notes on how they were measured."""

    cities: list[str]
    rows: GeoDataFrame
    notes: tuple[Message, ...] = ()


def cut_of(service: Service, read: SitesRead, of: str) -> Cut:
    """The wards of one city that routes or areas meet; where they meet none of it, in which ward they begin is said."""
    slugs, rows = cut(service, read.frame, of, read.reading.where)
    if rows["ward_code"].notna().any():
        return Cut(slugs, rows)
    lon, lat = shapely.get_coordinates(read.frame.geometry.iloc[0])[0].tolist()
    found = ward_at(service, lon, lat)
    if found is None:
        return Cut(slugs, rows)
    slug, ward = found
    return Cut(slugs, rows, (Message("service.lies-elsewhere", ward=ward.full_name, code=ward.code, city=slug),))


def cut_everywhere(service: Service, read: SitesRead) -> Cut:
    """The wards of whatever province routes or areas meet; errors as `cut`.

    What leaves the cities of the data set is measured by the wards of the whole country, unless it lies in a ward of
    theirs in another coordinate system: each leads to some ward of the country, and a wrong one would look sound.
    """
    slugs, rows = cut(service, read.frame, None, read.reading.where)
    away = read.frame[read.frame["site_id"].isin(rows.loc[rows["ward_code"].isna(), "site_id"])]
    if read.is_of_other_zone or not len(away):
        return Cut(slugs, rows)
    west, south, east, north = away.total_bounds.tolist()
    if len(provinces_near((west, south, east, north))) > _MOST_PROVINCES:
        return Cut(slugs, rows, (Message("service.too-wide-for-country", most=_MOST_PROVINCES),))
    with _turn():
        found = widened(read.frame, rows, all_wards().keys())
    if found is None:
        return Cut(slugs, rows)
    note = Message("service.measured-by-country", count=len(found.sites))
    return Cut(_cities(found.rows, found.wards) or slugs, found.rows, (note,))


def _cities(rows: GeoDataFrame, wards: WardRegister) -> list[str]:
    """The cities of the wards in some rows, in the order in which they are met."""
    province = {ward.code: ward.province_code for ward in wards.wards}
    known = all_wards()
    codes = rows["ward_code"].dropna()
    return list(dict.fromkeys(known[code][0] if code in known else city(province[code]).slug for code in codes))


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=_WAIT_S):
        raise TooManyError(Problem("service.cutting-busy"))
    try:
        yield
    finally:
        _turns.release()


_turns = BoundedSemaphore(AT_ONCE)
