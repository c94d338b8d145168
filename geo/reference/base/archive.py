"""The file of a city's base: where it is, what it says of itself, and its tiles."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from geo import settings
from geo.errors import InputError, Problem
from geo.reference.base.pmtiles_file import ReadTile, parts_of, tile_reader
from geo.reference.cities import City


@dataclass(frozen=True, slots=True)
class Base:
    """A city's base: `read` gives a tile, gzipped; `bounds` (degrees WGS 84) is where its streets are.

    `stamp` changes with the file; `day` is that of the data ('' where the file does not say). `head` is the beginning
    of the file, as long as its header and root directory (PMTiles 3): where each tile lies in it.
    """

    city: str
    path: Path
    stamp: str
    bounds: tuple[float, float, float, float]
    least_zoom: int
    most_zoom: int
    attribution: str
    day: str
    head: bytes
    read: ReadTile


def base_of(place: City) -> Base | None:
    """The base of a city; None where the data set has none.

    Raises
    ------
    InputError
        The file is not PMTiles of vector tiles, or is damaged.
    """
    path = settings.data_file("base", f"{place.layers_slug}.pmtiles")
    try:
        state = path.stat()
    except OSError:
        return None
    return _opened(place.layers_slug, path, f"{state.st_mtime_ns:x}-{state.st_size:x}")


@lru_cache(maxsize=8)
def _opened(slug: str, path: Path, stamp: str) -> Base:
    from pmtiles.tile import TileType, deserialize_header

    part = parts_of(path)
    try:
        header = deserialize_header(part(0, 127))
        head = part(0, header["root_offset"] + header["root_length"])
        about = json.loads(gzip.decompress(part(header["metadata_offset"], header["metadata_length"])))
    except Exception as error:  # noqa: BLE001  (whatever fails, the file is at fault)
        raise InputError(Problem("reference.damaged-base", str(path), reason=type(error).__name__)) from None
    if header["tile_type"] != TileType.MVT:
        raise InputError(Problem("reference.damaged-base", str(path), reason="MVT"))
    edges = (header["min_lon_e7"], header["min_lat_e7"], header["max_lon_e7"], header["max_lat_e7"])
    west, south, east, north = (edge / 1e7 for edge in edges)
    return Base(
        city=slug,
        path=path,
        stamp=stamp,
        bounds=(west, south, east, north),
        least_zoom=header["min_zoom"],
        most_zoom=header["max_zoom"],
        attribution=str(about.get("attribution", "")),
        day=str(about.get("data_day", "")),
        head=head,
        read=tile_reader(path, header),
    )
