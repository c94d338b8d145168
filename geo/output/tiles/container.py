"""Tiles of many zooms in one file, MBTiles (SQLite) or PMTiles (version 3), for programs that read these."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson

from geo.errors import InputError, Problem
from geo.files import place_beside
from geo.output.tiles.grid import MOST_ZOOM, TileAddress, tiles_over
from geo.output.tiles.pieces import VectorTiles

KINDS = (".mbtiles", ".pmtiles")
Progress = Callable[[int, int], None]
"""Tiles written, tiles in all."""


def write_tiles(
    tiles: VectorTiles, file: Path, zooms: range, *, name: str, attribution: str, progress: Progress | None = None
) -> int:
    """Write the tiles of some zooms, each gzipped, whole or not at all; how many that are. Empty ones are left out.

    Raises
    ------
    InputError
        The file is neither `.mbtiles` nor `.pmtiles`, or a zoom is above `MOST_ZOOM`.
    """
    if file.suffix.lower() not in KINDS:
        raise InputError(Problem("output.not-tiles", str(file), known=KINDS))
    if not zooms or zooms.start < 0 or zooms[-1] > MOST_ZOOM:
        raise InputError(Problem("output.wrong-zooms", "zooms", most=MOST_ZOOM))
    about = _about(tiles, zooms, name, attribution)
    write = _mbtiles if file.suffix.lower() == ".mbtiles" else _pmtiles
    with place_beside(file) as folder:
        beside = folder / file.name
        count = write(_made(tiles, zooms, progress), beside, about)
        beside.replace(file)
    return count


def _made(tiles: VectorTiles, zooms: range, progress: Progress | None) -> Iterator[tuple[TileAddress, bytes]]:
    wanted = [TileAddress(z, x, y) for z in zooms for xs, ys in [tiles_over(z, *tiles.bounds)] for x in xs for y in ys]
    for done, at in enumerate(wanted, start=1):
        tile = tiles.mvt(at)
        if progress is not None:
            progress(done, len(wanted))
        if tile:
            yield at, gzip.compress(tile, 6, mtime=0)


def _about(tiles: VectorTiles, zooms: range, name: str, attribution: str) -> dict[str, Any]:
    least, most = zooms[0], zooms[-1]
    layers = [
        {"id": layer.name, "minzoom": max(layer.least_zoom, least), "maxzoom": most, "fields": _fields(layer.facts)}
        for layer in tiles.layers
    ]
    return {
        "name": name,
        "format": "pbf",
        "type": "overlay",
        "attribution": attribution,
        "bounds": tiles.bounds,
        "minzoom": least,
        "maxzoom": most,
        "vector_layers": layers,
    }


def _fields(facts: tuple[Any, ...]) -> dict[str, str]:
    return {key: "String" if isinstance(value, str) else "Number" for row in facts[:1] for key, value in row.items()}


def _mbtiles(made: Iterator[tuple[TileAddress, bytes]], file: Path, about: dict[str, Any]) -> int:
    layers = orjson.dumps({"vector_layers": about["vector_layers"]}).decode()
    bounds = ",".join(f"{edge:.6f}" for edge in about["bounds"])
    plain = {key: str(about[key]) for key in ("name", "format", "type", "attribution", "minzoom", "maxzoom")}
    rows = {**plain, "bounds": bounds, "json": layers}
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("BEGIN")
        database.execute("CREATE TABLE metadata (name text, value text)")
        database.execute(
            "CREATE TABLE tiles (zoom_level integer, tile_column integer, tile_row integer, tile_data blob)"
        )
        database.executemany("INSERT INTO metadata VALUES (?, ?)", rows.items())
        # Rows of MBTiles are counted from the south.
        tiles = ((at.z, at.x, 2**at.z - 1 - at.y, data) for at, data in made)
        count = database.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", tiles).rowcount
        database.execute("CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row)")
        database.execute("COMMIT")
    return max(count, 0)


def _pmtiles(made: Iterator[tuple[TileAddress, bytes]], file: Path, about: dict[str, Any]) -> int:
    from pmtiles.tile import Compression, TileType, zxy_to_tileid
    from pmtiles.writer import Writer

    found = sorted((zxy_to_tileid(at.z, at.x, at.y), data) for at, data in made)
    west, south, east, north = (round(edge * 1e7) for edge in about["bounds"])
    header = {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_zoom": about["minzoom"],
        "max_zoom": about["maxzoom"],
        "min_lon_e7": west,
        "min_lat_e7": south,
        "max_lon_e7": east,
        "max_lat_e7": north,
        "center_zoom": about["minzoom"],
        "center_lon_e7": (west + east) // 2,
        "center_lat_e7": (south + north) // 2,
    }
    with file.open("wb") as target:
        writer = Writer(target)  # type: ignore[no-untyped-call]
        for number, data in found:
            writer.write_tile(number, data)  # type: ignore[no-untyped-call]
        metadata = {key: about[key] for key in ("name", "attribution", "vector_layers")}
        writer.finalize(header, metadata)  # type: ignore[no-untyped-call]
    return len(found)
