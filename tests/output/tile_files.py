"""Files of background tiles, made for a test: a plain colour over the ground of a city, as MBTiles and PMTiles."""

from __future__ import annotations

import math
import sqlite3
import struct
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

Registers = tuple[float, float, float, float]
HANOI: Registers = (105.28, 20.56, 106.02, 21.39)
COLOUR = (200, 30, 160)
WORDS = '<a href="https://example.org">&copy; Example</a>'


def png(red: int, green: int, blue: int, side: int = 256) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = b"\0" + bytes((red, green, blue)) * side
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    pixels = zlib.compress(row * side)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def places(ground: Registers, zooms: range) -> Iterator[tuple[int, int, int]]:
    """Zoom, column and row (from the north) of every tile over a ground."""
    for zoom in zooms:
        size = 1 << zoom
        columns = [int((lon + 180) / 360 * size) for lon in (ground[0], ground[2])]
        rows = [
            int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * size) for lat in (ground[3], ground[1])
        ]
        for x in range(columns[0], columns[1] + 1):
            for y in range(rows[0], rows[1] + 1):
                yield zoom, x, y


def mbtiles(
    path: Path,
    ground: Registers = HANOI,
    zooms: range = range(9, 12),
    tile: bytes | None = None,
    attribution: str = WORDS,
) -> Path:
    """An MBTiles file: its rows are counted from the south."""
    data = png(*COLOUR) if tile is None else tile
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE metadata (name text, value text)")
        database.execute(
            "CREATE TABLE tiles (zoom_level integer, tile_column integer, tile_row integer, tile_data blob)"
        )
        reported = {"name": "made", "format": "png", "bounds": ",".join(map(str, ground))}
        reported |= {"attribution": attribution} if attribution else {}
        database.executemany("INSERT INTO metadata VALUES (?, ?)", reported.items())
        rows = [(z, x, (1 << z) - 1 - y, data) for z, x, y in places(ground, zooms)]
        database.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
    return path


def pmtiles(
    path: Path,
    ground: Registers = HANOI,
    zooms: range = range(9, 12),
    tile: bytes | None = None,
    attribution: str = WORDS,
    kind: str = "PNG",
) -> Path:
    """A PMTiles file of version 3, written by the package of the format's makers."""
    from pmtiles.tile import Compression, TileType, zxy_to_tileid
    from pmtiles.writer import write

    data = png(*COLOUR) if tile is None else tile
    with write(str(path)) as writer:
        for number in sorted(zxy_to_tileid(*place) for place in places(ground, zooms)):
            writer.write_tile(number, data)
        west, south, east, north = (round(edge * 1e7) for edge in ground)
        header = {
            "tile_type": TileType[kind],
            "tile_compression": Compression.NONE,
            "min_lon_e7": west,
            "min_lat_e7": south,
            "max_lon_e7": east,
            "max_lat_e7": north,
            "center_zoom": 9,
            "center_lon_e7": (west + east) // 2,
            "center_lat_e7": (south + north) // 2,
        }
        writer.finalize(header, {"attribution": attribution} if attribution else {})
    return path
