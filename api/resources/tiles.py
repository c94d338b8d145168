"""The vector tiles of the service: of today's wards, sites and crossings of all cities, or of a country's wards."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from api.core.caches import KeyedCache
from api.core.responses import Answer, Answers, made, made_json
from api.core.service import Service
from geo.errors import InputError, UnknownNameError
from geo.reference.cities import cities

if TYPE_CHECKING:
    from geo.output.tiles import VectorTiles

MVT = "application/vnd.mapbox-vector-tile"
Form = Literal["mvt", "json"]
State = tuple[object, ...]


def vector_tiles(service: Service) -> tuple[State, VectorTiles]:
    """The tiles as they are now, and the state of the data that they follow from.

    Raises
    ------
    DataFileMissingError, InputError
        `DIABAN_TILES_WARDS` names a file that can't be used; or as the situations of the cities have it.
    """
    file = service.settings.tiles_wards
    if file is not None:
        found = file.stat() if file.is_file() else None
        stamp = (found.st_mtime_ns, found.st_size) if found else (0, 0)
        return (str(file), *stamp), _of_file(file, stamp)
    state = service.state(service.today)
    return state, _kept.get(state, lambda: _of_situations(service))


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
    state, tiles = vector_tiles(service)
    # Those of a file stay when something is written: nothing in them follows from the records.
    kept = service.answers if service.settings.tiles_wards is None else _of_files
    if form == "json":
        return kept.get(("tile", state, at, form), lambda: made(tiles.json(at), "application/json"))
    return kept.get(("tile", state, at, form), lambda: made(tiles.mvt(at), MVT))


def described(service: Service, base: str) -> Answer:
    """The tiles as TileJSON 3.0.0; `base` is the address of the server."""
    from geo.output.tiles import MOST_ZOOM

    _, tiles = vector_tiles(service)
    west, south, east, north = (round(edge, 6) for edge in tiles.bounds)
    document: dict[str, Any] = {
        "tilejson": "3.0.0",
        "name": "diaban",
        "scheme": "xyz",
        "tiles": [f"{base}/tiles/{{z}}/{{x}}/{{y}}"],
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
    from geo.output.tiles import VectorTiles, situation_layers

    return VectorTiles(situation_layers(*(service.situation(city=city.slug) for city in cities())))


@lru_cache(maxsize=1)
def _of_file(file: Path, _stamp: tuple[int, int]) -> VectorTiles:
    from geo.output.tiles import VectorTiles, country_layers, read_wards

    return VectorTiles(country_layers(read_wards(file)))


_kept: KeyedCache[VectorTiles] = KeyedCache(2)
_of_files = Answers(32_000_000)
