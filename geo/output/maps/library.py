"""The overview map straight from two registers, for notebooks and scripts."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from geo.i18n.language import DEFAULT, Lang
from geo.output.maps.html.page import folium_map
from geo.output.maps.kinds.overview import overview_drawing
from geo.reference.cities import city as city_named
from geo.reference.sites import load_sites
from geo.reference.wards import load_wards
from geo.situation import from_registers

if TYPE_CHECKING:
    import folium
    from geopandas import GeoDataFrame


def overview_map(
    sites: GeoDataFrame | None = None,
    wards: GeoDataFrame | None = None,
    *,
    day: date | None = None,
    city: str = "hanoi",
    lang: Lang = DEFAULT,
) -> folium.Map:
    """The overview map of a city: phases of its wards, sites by level, and what the crossings say.

    Parameters
    ----------
    sites, wards
        Frames as of `geo.load_sites` and `geo.load_wards`; the shipped registers, if absent. Wards of other cities are
        left out.
    day
        The day of the map; today in Việt Nam, if absent.
    city
        Slug of the city (`hanoi`, `hue`).
    lang
        Language of the map, `vi` or `en`.

    Raises
    ------
    UnknownNameError, InputError
        There is no such city, or a register can't be used.
    """
    place = city_named(city)
    if wards is None:
        wards = load_wards(city=place)
    if sites is None:
        sites = load_sites()
    own_wards = wards[wards["province_code"] == place.province_code].reset_index(drop=True)
    own_sites = sites[sites["site_id"].str.startswith(f"{place.site_prefix}-")].reset_index(drop=True)
    today = day or datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()
    return folium_map(overview_drawing(from_registers(today, city, own_wards, own_sites), lang=lang))
