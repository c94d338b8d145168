"""Which city is to be added: its address, zone and prefix, refused where they can't be used."""

from __future__ import annotations

import re
from dataclasses import replace

from geo.errors import InputError, Problem
from geo.reference.cities import City, every_list
from geo.reference.provinces import Province, provinces, site_prefix

_SLUG = re.compile(r"[a-z][a-z0-9-]{1,30}")
_HALF_ZONE_DEG = 1.5
_PREFIX = re.compile(r"[A-Z]{2,4}")


def chosen_city(slug: str, where: Province, *, epsg: int | None, prefix: str, programme: str) -> City:
    """The city to be added.

    Parameters
    ----------
    slug
        Its address: small letters, figures, dashes.
    where
        Its province.
    epsg
        The zone of VN-2000, if not the one that distorts least.
    prefix
        What the ids of its sites begin with, two to four letters, if not the one that follows from its name.
    programme
        The id of its programme.

    Raises
    ------
    InputError
        The address, the zone or the prefix can't be used, or belongs to another city; all that is wrong is named.
    """
    there = next((entry for entry in every_list() if entry.province_code == where.code and not entry.further_of), None)
    if there is not None:
        return _further(slug, there, epsg=epsg, prefix=prefix, programme=programme)
    letters = prefix or site_prefix(where)
    zone = where.zones[0].epsg if epsg is None else epsg
    found = [*_of_slug(slug), *_of_prefix(letters), *_of_zone(zone, where)]
    if found:
        raise InputError(found)
    return City(slug, where.code, where.name, where.name_en, zone, letters, programme)


def _further(slug: str, city: City, *, epsg: int | None, prefix: str, programme: str) -> City:
    """The further list of a city that is to be added: it has letters of its own, and the city's zone."""
    found = [*_of_slug(slug), *(_of_prefix(prefix) if prefix else [_no_prefix(slug, city)])]
    province = next((one for one in provinces() if one.slug.replace("-", "") == slug.replace("-", "")), None)
    if province is not None and not found:  # whoever names it means the province, and not a list of another one
        found.append(Problem("reference.list-province", slug, slug=slug, name=province.name))
    if epsg not in (None, city.epsg):
        found.append(Problem("reference.list-zone", "--epsg", slug=city.slug, epsg=str(city.epsg)))
    if found:
        raise InputError(found)
    return replace(city, slug=slug, site_prefix=prefix, programme=programme, further_of=city.slug)


def _no_prefix(slug: str, city: City) -> Problem:
    return Problem("reference.list-prefix", "--prefix", slug=slug, name=city.name, taken=city.site_prefix)


def _of_slug(slug: str) -> list[Problem]:
    if not _SLUG.fullmatch(slug):
        return [Problem("reference.city-slug", slug)]
    for entry in every_list():
        if slug == entry.slug:
            return [Problem("reference.city-there", slug, name=entry.name, slug=entry.slug)]
    return []


def _of_prefix(prefix: str) -> list[Problem]:
    if not _PREFIX.fullmatch(prefix):
        return [Problem("reference.city-prefix", "--prefix", prefix=prefix)]
    taken = [entry for entry in every_list() if entry.site_prefix == prefix]
    return [Problem("reference.city-prefix-taken", "--prefix", prefix=prefix, name=one.name) for one in taken[:1]]


def _of_zone(epsg: int, where: Province) -> list[Problem]:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    known = [str(each.epsg) for each in where.zones]
    if str(epsg) in known:
        return []
    try:
        found = CRS.from_epsg(epsg)
    except CRSError:
        found = None
    if found is None or not found.name.startswith("VN-2000 / TM-3"):
        return [Problem("reference.city-zone", "--epsg", epsg=str(epsg))]
    meridian, (west, _, east, _) = float(found.to_cf()["longitude_of_central_meridian"]), where.bounds
    if west - _HALF_ZONE_DEG <= meridian <= east + _HALF_ZONE_DEG:
        return []
    return [Problem("reference.city-zone-far", "--epsg", epsg=str(epsg), meridian=f"{meridian:g}", known=known)]
