"""PMTiles files (version 3), read tile by tile with the functions of the package: github.com/protomaps/PMTiles."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pmtiles.tile import HeaderDict

ReadTile = Callable[[int, int, int], bytes | None]
"""Zoom, column, row from the north (XYZ) → the tile as it lies in the file, None where the file has none."""


def parts_of(path: Path) -> Callable[[int, int], bytes]:
    """What reads `length` bytes of a file from `offset`; EOFError where it ends before."""

    def part(offset: int, length: int) -> bytes:
        with path.open("rb") as file:
            file.seek(offset)
            found = file.read(length)
        if len(found) < length:
            raise EOFError("the file ends too early")
        return found

    return part


def tile_reader(path: Path, header: HeaderDict) -> ReadTile:
    """What reads the tiles of a file with this header; errors as Python and the package raise them."""
    from pmtiles.tile import deserialize_directory, find_tile, zxy_to_tileid

    part = parts_of(path)

    # A directory holds thousands of entries: it is read once, not for every tile.
    @cache
    def directory(offset: int, length: int) -> Any:
        return deserialize_directory(part(offset, length))

    def read(z: int, x: int, y: int) -> bytes | None:
        number, offset, length = zxy_to_tileid(z, x, y), header["root_offset"], header["root_length"]
        for _ in range(4):  # as deep as directories may lie in each other
            found = find_tile(directory(offset, length), number)
            if found is None:
                return None
            if found.run_length:
                return part(header["tile_data_offset"] + found.offset, found.length)
            offset, length = header["leaf_directory_offset"] + found.offset, found.length
        return None

    return read
