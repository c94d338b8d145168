"""The vector tiles of the service: of today's wards, sites and crossings of all cities, or of a country's wards."""

from __future__ import annotations

from functools import cache, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from api.core.responses import Answer, made, made_json
from api.core.service import Service
from geo.cache import Cache
from geo.errors import InputError, UnknownNameError
from geo.files import stamp_of
from geo.reference.cities import City, cities, list_in_view
from geo.reference.wards import extent_of, ward_rows
from geo.situation import Registers, has_sites, registers_on, with_phases, with_recorded

if TYPE_CHECKING:
    from pandas import DataFrame

    from geo.output.tiles import CityWards, TileLayer, VectorTiles

MVT = "application/vnd.mapbox-vector-tile"
Form = Literal["mvt", "json"]


def vector_tiles(service: Service) -> VectorTiles:
    """The tiles as they are now.

    Raises
    ------
    DataFileMissingError, InputError
        `DIABAN_TILES_WARDS` names a file that can't be used; or as the situations of the cities have it.
    """
    file = service.settings.tiles_wards
    if file is not None:
        return _of_file(file, file_state(service))
    return _tiles.get(service.public_state(service.today), lambda: _of_situations(service))


def file_state(service: Service) -> tuple[int, ...]:
    """Time and size of the file that the tiles show in place of the registers; () where there is none."""
    file = service.settings.tiles_wards
    return () if file is None else stamp_of(file)


def tile(service: Service, numbers: tuple[str, str, str], form: Form) -> Answer:
    """One tile; empty where nothing is shown.

    Raises
    ------
    UnknownNameError
        There is no such tile.
    """
    from geo.output.tiles import tile_address

    name = "/".join(numbers)
    if not all(number.isascii() and number.isdigit() and len(number) <= 6 for number in numbers):
        raise UnknownNameError("tile", name[:60], [])
    try:
        at = tile_address(*map(int, numbers))
    except InputError:
        raise UnknownNameError("tile", name, []) from None
    tiles = vector_tiles(service)
    return made(tiles.json(at), "application/json") if form == "json" else made(tiles.mvt(at), MVT)


def described(service: Service, base: str) -> Answer:
    """The tiles as TileJSON 3.0.0; `base` is the address of the server."""
    from geo.output.tiles import MOST_ZOOM

    tiles, key = vector_tiles(service), list_in_view()
    of_list = f"?city={key}" if key else ""
    west, south, east, north = (round(edge, 6) for edge in tiles.bounds)
    document: dict[str, Any] = {
        "tilejson": "3.0.0",
        "name": "diaban",
        "scheme": "xyz",
        "tiles": [f"{base}/tiles/{{z}}/{{x}}/{{y}}{of_list}"],
        "minzoom": 0,
        "maxzoom": MOST_ZOOM,
        "bounds": [west, south, east, north],
        "center": [round((west + east) / 2, 6), round((south + north) / 2, 6), 8],
        "vector_layers": [
            {
                "id": layer.name,
                "minzoom": layer.least_zoom,
                "maxzoom": MOST_ZOOM,
                "fields": {name: type(value).__name__ for facts in layer.facts[:1] for name, value in facts.items()},
            }
            for layer in tiles.layers
        ],
    }
    return made_json(document)


def _of_situations(service: Service) -> VectorTiles:
    from geo.output.tiles import VectorTiles, site_layers

    day, records = service.today, service.public_records
    phases, levels = records.phases(day), records.levels(day)

    @cache
    def with_sites() -> tuple[Registers, ...]:
        slugs = [city.slug for city in cities() if has_sites(city.slug, records)]
        return tuple(with_recorded(registers_on(day, slug, records), phases, levels) for slug in slugs)

    return VectorTiles((_wards(phases), *site_layers(with_sites)))


def _wards(phases: DataFrame) -> TileLayer:
    """The wards of all cities with the phases of the day: no outline is read before a tile shows it as it is."""
    from geo.output.tiles import HALFWAY_M, PartedWards, facts_of
    from geo.output.tiles.layers import WARD_FACTS

    texts = with_phases(ward_rows(), phases)
    own = dict(iter(texts.groupby("province_code")))
    shown = [place for place in cities() if place.province_code in own]
    parts = [_part(place, len(own[place.province_code])) for place in shown]
    facts = [row for place in shown for row in facts_of(own[place.province_code], WARD_FACTS)]
    return PartedWards(tuple(parts), tuple(facts), HALFWAY_M)


def _part(place: City, count: int) -> CityWards:
    from geo.output.tiles import CityWards
    from geo.output.tiles.outlines import ward_outlines, wards_source, wards_version

    return CityWards(wards_version(place), wards_source(place), count, extent_of(place), partial(ward_outlines, place))


@lru_cache(maxsize=1)
def _of_file(file: Path, _state: tuple[int, ...]) -> VectorTiles:
    from geo.importing.geometries import read_areas
    from geo.output.tiles import VectorTiles, country_layers

    return VectorTiles(country_layers(read_areas(file).frame))


_tiles: Cache[tuple[object, ...], VectorTiles] = Cache(2)
