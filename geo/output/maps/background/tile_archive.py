"""A file of background tiles on this machine: PMTiles or MBTiles with pictures, read tile by tile."""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING

from geo.errors import DataFileMissingError, InputError, Problem
from geo.files import reason_of
from geo.i18n.message import Message
from geo.output.maps.drawing.drawing import Bounds
from geo.reference.base.pmtiles_file import ReadTile, parts_of, tile_reader

if TYPE_CHECKING:
    from pmtiles.tile import HeaderDict

WHERE = "DIABAN_TILES_FILE"
MOST_ZOOM = 30

_SIGNATURES = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class TileFile:
    """Tiles of one file: `read` gives a picture of `media_type`.

    `attribution` is what the file says of its makers, as plain text ('' for nothing); `bounds` is the area that it
    covers, degrees WGS 84, None where it does not say; `stamp` changes with the file.
    """

    path: Path
    media_type: str
    attribution: str
    least_zoom: int
    most_zoom: int
    bounds: Bounds | None
    stamp: str
    read: ReadTile


def open_tiles(path: Path) -> TileFile:
    """The tiles of a file; a file that has not changed is opened once.

    Raises
    ------
    DataFileMissingError
        There is no such file, or it can't be read.
    InputError
        It is neither PMTiles (version 3) nor MBTiles, is damaged, holds no tile, or holds vector tiles, which are not
        pictures.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise DataFileMissingError(_problem("maps.no-tile-file", path, reason=reason_of(error))) from error
    if not S_ISREG(status.st_mode):
        raise DataFileMissingError(_problem("maps.tile-file-is-folder", path))
    return _opened(path, f"{status.st_mtime_ns:x}-{status.st_size:x}")


def image_type(data: bytes) -> str:
    """The media type of a picture by its first bytes; '' for anything else.

    >>> image_type(b"RIFF....WEBPVP8 ")
    'image/webp'
    """
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:12] == b"ftypavif":
        return "image/avif"
    return next((kind for signature, kind in _SIGNATURES if data.startswith(signature)), "")


def plain_words(markup: str) -> str:
    """The words of an attribution, which files write as HTML: links stay as their words.

    >>> plain_words('<a href="https://example.org">&copy; Example</a>  contributors')
    '© Example contributors'
    """
    return " ".join(unescape(_TAG.sub(" ", markup)).split())


@lru_cache(maxsize=4)
def _opened(path: Path, stamp: str) -> TileFile:
    kinds = {".mbtiles": _mbtiles, ".pmtiles": _pmtiles}
    kind = kinds.get(path.suffix.lower())
    if kind is None:
        raise InputError(_problem("maps.tile-file-of-other-kind", path))
    try:
        return kind(path, stamp)
    except OSError as error:
        raise DataFileMissingError(_problem("maps.tile-file-unreadable", path, reason=reason_of(error))) from error


def _problem(code: str, path: Path, **parameters: Message | str) -> Problem:
    return Problem(code, WHERE, path=str(path), **parameters)


def _refused(code: str, path: Path, **parameters: str) -> InputError:
    return InputError(_problem(code, path, **parameters))


# ---- MBTiles: an SQLite file, its rows counted from the south (github.com/mapbox/mbtiles-spec)


def _mbtiles(path: Path, stamp: str) -> TileFile:
    with path.open("rb") as file:
        head = file.read(100)
    if not head.startswith(b"SQLite format 3\0"):
        raise _refused("maps.not-mbtiles", path)
    # What is cut off, SQLite reads as zeros in the middle of a picture: its header says how long the file should be.
    side, pages = int.from_bytes(head[16:18], "big"), int.from_bytes(head[28:32], "big")
    if head[24:28] == head[92:96] and path.stat().st_size < pages * (side if side > 1 else 65536):
        raise _refused("maps.tile-file-cut", path)
    try:
        with closing(_database(path)) as database:
            said = {str(name): str(value) for name, value in database.execute("SELECT name, value FROM metadata")}
            # Queried apart, each is answered by the index; together they would read the whole file.
            zooms = [database.execute(f"SELECT {end}(zoom_level) FROM tiles").fetchone()[0] for end in ("min", "max")]
            one = database.execute("SELECT tile_data FROM tiles LIMIT 1").fetchone()
    except sqlite3.Error as error:
        raise _refused("maps.damaged-mbtiles", path, reason=str(error)) from None
    if one is None:
        raise _refused("maps.no-tile-in-file", path)
    kind = image_type(bytes(one[0]))
    if not kind:
        raise _refused("maps.vector-tiles", path)
    return TileFile(
        path=path,
        media_type=kind,
        attribution=plain_words(said.get("attribution", "")),
        least_zoom=int(zooms[0]),
        most_zoom=int(zooms[1]),
        bounds=_bounds(said.get("bounds", "").split(",")),
        stamp=stamp,
        read=lambda z, x, y: _row(path, z, x, y),
    )


def _database(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _row(path: Path, z: int, x: int, y: int) -> bytes | None:
    """A tile of an MBTiles file. A connection for each costs less than a millisecond and holds nothing open."""
    query = "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
    try:
        with closing(_database(path)) as database:
            found = database.execute(query, (z, x, (1 << z) - 1 - y)).fetchone()
    except sqlite3.Error as error:
        raise _refused("maps.damaged-tile-file", path, reason=str(error)) from None
    return bytes(found[0]) if found else None


def _bounds(parts: list[str]) -> Bounds | None:
    try:
        west, south, east, north = map(float, parts)
    except ValueError:
        return None
    return (west, south, east, north) if west < east and south < north else None


# ---- PMTiles: header, directories, pictures (github.com/protomaps/PMTiles), by the functions of its own package


def _pmtiles(path: Path, stamp: str) -> TileFile:
    from pmtiles.tile import Compression, TileType, deserialize_header

    part = parts_of(path)
    try:
        header = deserialize_header(part(0, 127))
        packed = part(header["metadata_offset"], header["metadata_length"])
        said = json.loads(gzip.decompress(packed) if header["internal_compression"] == Compression.GZIP else packed)
        attribution = plain_words(str(said.get("attribution", "")))
    except Exception as error:  # noqa: BLE001  (whatever fails, the file is at fault)
        raise _refused("maps.damaged-pmtiles", path, reason=type(error).__name__) from None
    if header["tile_type"] in (TileType.MVT, TileType.MLT):
        raise _refused("maps.vector-tiles", path)
    if header["tile_compression"] not in (Compression.NONE, Compression.UNKNOWN):
        raise _refused("maps.compressed-tiles", path)
    if not header["tile_entries_count"]:
        raise _refused("maps.no-tile-in-file", path)
    kinds = {TileType.PNG: "image/png", TileType.JPEG: "image/jpeg", TileType.WEBP: "image/webp"}
    edges = (header["min_lon_e7"], header["min_lat_e7"], header["max_lon_e7"], header["max_lat_e7"])
    return TileFile(
        path=path,
        media_type=kinds.get(header["tile_type"], "image/avif"),
        attribution=attribution,
        least_zoom=header["min_zoom"],
        most_zoom=header["max_zoom"],
        bounds=_bounds([f"{edge / 1e7}" for edge in edges]),
        stamp=stamp,
        read=_pmtiles_reader(path, header),
    )


def _pmtiles_reader(path: Path, header: HeaderDict) -> ReadTile:
    read = tile_reader(path, header)

    def careful(z: int, x: int, y: int) -> bytes | None:
        try:
            return read(z, x, y)
        except (EOFError, ValueError, OSError, KeyError, IndexError) as error:
            raise _refused("maps.damaged-tile-file", path, reason=type(error).__name__) from None

    return careful
