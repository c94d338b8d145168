"""Tiles one by one for a picture: from the file of the settings, or from the address that they name."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable
from functools import partial
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import Request

from geo.cache import Cache
from geo.errors import DataFileMissingError, Problem
from geo.files import reason_of
from geo.i18n.message import Message
from geo.output.maps.background.basemap import Tiles
from geo.output.maps.background.tile_archive import image_type
from geo.output.no_redirects import opener

_SECONDS = 8.0
"""All tiles of one picture are there within this time, or the picture goes without."""
_REST_S = 120.0
"""So long an address that did not answer is not asked again: a dozen pictures wait once, not a dozen times."""
_LARGEST = 2_000_000
_AGENT = "diaban"
_NONE = b""
ReadTile = Callable[[int, int, int], bytes]
_fetched: Cache[str, bytes] = Cache(16_000_000, size_of=len)
_resting: Cache[str, float] = Cache(8)


def tile_source(tiles: Tiles) -> ReadTile:
    """What reads a tile by zoom, column and row: b'' where the source has none.

    Raises (when it reads)
    ------
    DataFileMissingError
        The address does not answer, or not in time, or not with a picture.
    InputError
        The file is damaged.
    """
    if tiles.file is not None:
        read = tiles.file.read
        return lambda z, x, y: read(z, x, y) or _NONE
    return partial(_from_address, tiles.url, time.monotonic() + _SECONDS)


def _from_address(pattern: str, until: float, z: int, x: int, y: int) -> bytes:
    url = pattern.format_map({"z": z, "x": x, "y": y, "s": "abc"[(x + y) % 3], "r": ""})
    found = _fetched.find(url)
    if found is None:
        if time.monotonic() < (_resting.find(pattern) or 0.0):
            raise _missing(url, Message("maps.no-answer"))
        try:
            found = _requested(url, until - time.monotonic())
        except DataFileMissingError:
            _resting.put(pattern, time.monotonic() + _REST_S)
            raise
        if found:
            _fetched.put(url, found)
    return found


def _requested(url: str, seconds: float) -> bytes:
    try:
        if seconds <= 0:
            raise TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))
        with opener.open(Request(url, headers={"User-Agent": _AGENT}), timeout=seconds) as answer:
            data: bytes = answer.read(_LARGEST)
    except HTTPError as error:
        if error.code in (204, 404, 410):
            return _NONE
        raise _missing(url, Message("maps.status", status=error.code)) from None
    except (OSError, HTTPException, ValueError) as error:
        raise _missing(url, _why(error)) from None
    if data and not image_type(data):
        raise _missing(url, Message("maps.other-type", type=answer.headers.get_content_type()))
    return data


def _why(error: Exception) -> Message | str:
    """Why an address was not reached; urllib wraps what the system says, or a text."""
    cause = getattr(error, "reason", error)
    if isinstance(cause, TimeoutError) and cause.errno is None:
        cause = TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))
    return reason_of(cause) if isinstance(cause, OSError) else str(cause) or type(error).__name__


def _missing(url: str, reason: Message | str) -> DataFileMissingError:
    return DataFileMissingError(Problem("maps.no-tile-answer", "DIABAN_TILES_URL", url=url, reason=reason))
