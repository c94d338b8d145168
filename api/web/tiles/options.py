"""What the script of a map of all wards needs: where tiles and names are, how the ground looks, its words."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import orjson
import shapely

from api.web.base.page_context import PageContext
from api.web.tiles.background import TILES
from api.web.tiles.base import base_path
from geo.output.maps.background.basemap import tiles_from_environment
from geo.output.maps.drawing.wording import map_words, themed
from geo.output.shared.theme import theme
from geo.reference.base import Base, base_of
from geo.reference.base.islands import islands
from geo.reference.cities import cities
from geo.reference.crs import degrees_fit
from geo.reference.sites import site_number

_WORDS = (
    *("locate", "locate_failed", "locate_found", "search", "nearest_site"),
    *("coordinates", "coordinates_hint", "coordinates_unread"),
)
_SIMPLE_DEG = 0.0001


def map_options(context: PageContext, bounds: tuple[float, float, float, float], *, sites: bool = False) -> str:
    """The options of a map of these bounds (west, south, east, north; degrees), as JSON.

    With `sites`, lines of the city's sites are in them, so that the nearest to a place is named without a request, and
    how metres of the city's VN-2000 zone are read.
    """
    west, south, east, north = bounds
    look = theme()
    options: dict[str, Any] = {
        "root": context.root,
        **({"list": context.city.slug} if context.city.further_of else {}),
        "bounds": [[south, west], [north, east]],
        "colours": {name: style.fill for name, style in look.areas.items()},
        **_ground(context),
        "places": f"{context.root}/api/v1/places?city={context.city.slug}",
        "islands": islands(context.words.lang),
        "texts": {key: context.words.text(f"pick.{key}") for key in _WORDS},
    }
    if sites:
        options["sites"] = _sites(context)
        options["metres"] = degrees_fit(bounds, context.city.province_code)
    return orjson.dumps(options).decode()


def _ground(context: PageContext) -> dict[str, Any]:
    """What lies under the wards, and whose it is: the tiles of the settings, else the bases of the cities."""
    tiles = tiles_from_environment(f"{context.root}{TILES}")
    if tiles is None:
        bases = [base for city in cities() if (base := base_of(city)) is not None]
        whose = themed(map_words(context.words.lang), "source_base") if bases else ""
        return {"bases": [_base(context, base) for base in bases], "sources": whose}
    bounds = tiles.bounds and [tiles.bounds[1::-1], tiles.bounds[:1:-1]]
    background = {"url": tiles.url, "zooms": [tiles.least_zoom, tiles.most_zoom], "bounds": bounds}
    return {"background": background, "sources": tiles.attribution}


def _base(context: PageContext, base: Base) -> dict[str, Any]:
    west, south, east, north = base.bounds
    return {
        "url": f"{context.root}{base_path(base.city)}?v={base.stamp}",
        "head": b64encode(base.head).decode("ascii"),
        "zooms": [base.least_zoom, base.most_zoom],
        "bounds": [[south, west], [north, east]],
        "look": theme().base.json(),
    }


def _sites(context: PageContext) -> list[list[Any]]:
    """Number and name, and the lines of each site: latitude and longitude, to about ten metres."""
    rows = context.situation().sites
    found = []
    for site_id, name, shape in zip(rows["site_id"], rows["name"], rows.geometry, strict=True):
        simple = shapely.get_parts(shapely.simplify(shape, _SIMPLE_DEG))
        lines = [shapely.get_coordinates(part)[:, ::-1].round(5).tolist() for part in simple]
        found.append([f"{site_number(str(site_id))} · {name}", lines])
    return found
