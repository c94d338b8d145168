"""Which city a request is about, where it does not say: the one in which its ward, site, point, box or route lies.

Where it names nothing, that of the wards of whoever asks, else the server's own. That one comes first in searches, so
that nothing changes for whoever asks about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from api.core.data_version import registers_stamp
from api.core.service import Service
from geo.errors import UnknownSiteError
from geo.reference.cities import cities, city, list_in_view
from geo.reference.country.wards import has_country, provinces_at
from geo.reference.names import suggest
from geo.reference.ward import Ward
from geo.reference.wards import extent_of, ward_rows
from geo.situation import Situation, registers_ever
from geo.situation.registers import CITIES

if TYPE_CHECKING:
    from geo.reference.wards import WardRegister

Box = tuple[float, float, float, float]
_WARD_KEYS = ("code", "ward", "ward_code")
_SITE_KEYS = ("site_id", "site", "flag_id", "subject", "item")


def own_first(service: Service, own: str = "") -> tuple[str, ...]:
    """The slugs of all cities, first the `own` one, of whoever asks; else the server's."""
    return _own_first(own or service.settings.city)


def home_city(service: Service, wards: Sequence[str], provinces: Sequence[str]) -> str:
    """The city (slug) that an account means where it names none: that of its wards or provinces, else the server's own.

    Where the server's own is among several provinces, it is that; of wards in several cities the lowest code decides:
    whoever answers for the same gets the same.
    """
    if wards:
        known = all_wards()
        return next((known[code][0] for code in sorted(wards) if code in known), own_first(service)[0])
    mine = [slug for slug in own_first(service) if city(slug).key in provinces]
    return mine[0] if mine else own_first(service)[0]


def _own_first(own: str) -> tuple[str, ...]:
    mine = own if city(own).list_key == list_in_view() else ""
    others = (place.slug for place in cities() if mine not in (place.slug, place.province_code))
    return (*((mine,) if mine else ()), *others)


def city_in(named: Mapping[str, str]) -> str | None:
    """The city of the ward or site that a request names, by the key that it names it with; None where none is known."""
    wards = all_wards()
    for key in (*_WARD_KEYS, "subject"):
        if named.get(key) in wards:
            return wards[named[key]][0]
    sites = (named[key] for key in _SITE_KEYS if key in named)
    return next((slug for site in sites if (slug := city_of_site(site))), None)


def city_of_site(site_id: str) -> str | None:
    """The city that an id of a site, or a flag of one, belongs to."""
    bare = site_id.removeprefix("exposure:")
    return next((place.slug for place in cities() if bare.startswith(f"{place.site_prefix}-")), None)


def ward_at(service: Service, lon: float, lat: float, files: str | None = None) -> tuple[str, Ward] | None:
    """The city and the ward at a point (WGS 84 degrees), None outside all wards of all cities.

    `files`: the stamp of the registers' files (`registers_stamp`), where it is known already.
    """
    own = own_first(service)[0]
    registers = _registers_in_turn(own, list_in_view(), registers_stamp() if files is None else files)
    for slug, known in registers.items():
        if known is None and slug != own and not _holds(_extent(slug), lon, lat):
            continue  # a city is loaded when something in it is asked for
        register = known or service.register(slug)
        registers[slug] = register
        ward = register.at(lon, lat)
        if ward is not None:
            return slug, ward
    return None


def province_at(service: Service, lon: float, lat: float) -> str | None:
    """The province (slug) in one of whose wards a point lies, beyond the cities of the data set; None in none."""
    codes = provinces_at(lon, lat) if has_country() else ()
    return next((city(code).slug for code in codes if service.register(code).at(lon, lat) is not None), None)


@lru_cache(maxsize=16)
def _registers_in_turn(own: str, _list: str, _stamp: str) -> dict[str, WardRegister | None]:
    """The registers of all cities by slug, the own one first; None for those that no point was looked for in yet."""
    return dict.fromkeys(_own_first(own))


def city_of_box(service: Service, box: Box) -> str | None:
    """The first city whose wards a box may meet; None where it meets none."""
    return next((slug for slug in own_first(service) if _meets(_extent(slug), box)), None)


def cities_of_shapes(service: Service, bounds: NDArray[np.float64]) -> Iterator[str]:
    """The cities whose wards some of n geometries may meet, by their `bounds` (n × 4, WGS 84); the own one first."""
    rows = [(row[0], row[1], row[2], row[3]) for row in bounds.tolist()]
    for slug in own_first(service):
        extent = _extent(slug)
        if any(_meets(extent, box) for box in rows):
            yield slug


def all_wards() -> dict[str, tuple[str, str]]:
    """code → (slug of the city, full name) of every ward."""
    return _all_wards(list_in_view(), registers_stamp())


@lru_cache(maxsize=8)
def _all_wards(_list: str, _stamp: str) -> dict[str, tuple[str, str]]:
    slugs = {place.province_code: place.slug for place in cities()}
    wards = ward_rows()
    columns = (wards[name] for name in ("code", "province_code", "full_name"))
    return {code: (slugs[province], name) for code, province, name in zip(*columns, strict=True) if province in slugs}


def _extent(slug: str) -> Box:
    return _extents(slug, registers_stamp())


@lru_cache(maxsize=2 * CITIES)
def _extents(slug: str, _stamp: str) -> Box:
    return extent_of(city(slug))


def _holds(extent: Box, lon: float, lat: float) -> bool:
    west, south, east, north = extent
    return west <= lon <= east and south <= lat <= north


def _meets(extent: Box, box: Box) -> bool:
    west, south, east, north = extent
    crosses = box[0] > box[2]  # the antimeridian
    beside = box[0] <= east or box[2] >= west if crosses else box[0] <= east and box[2] >= west
    return beside and box[1] <= north and box[3] >= south


def check_known(service: Service, situation: Situation, wards: Iterable[str], sites: Iterable[str]) -> None:
    """Refuse a ward or a site that a city does not have: an empty answer would look like a sound one.

    Raises
    ------
    UnknownWardError, UnknownSiteError
        No ward of the city bears the code, and no site of it lies in such a ward; or it never had the site.
    """
    for code in wards:
        if code and code not in set(situation.crossings["ward_code"].dropna()):
            service.register(situation.city).by_code(code[:60])
    for site in sites:
        ids = situation.sites["site_id"].tolist()
        if site and site not in ids and site not in set(registers_ever(situation.city, service.store).sites["site_id"]):
            raise UnknownSiteError(site[:60], suggest(site[:60], ids) or ids[:5])
