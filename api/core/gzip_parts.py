"""Gzip of parts that were compressed each for itself: put together in microseconds (RFC 1951, 1952)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable

_START = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_END = b"\x03\x00"
"""An empty last block."""
_LONGEST = 0xFFFF


def deflated(part: bytes) -> bytes:
    """A part compressed, with level and form as gzip has them; a flush ends its last block at a whole byte."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(part) + packer.flush(zlib.Z_FULL_FLUSH)


def stored(part: bytes) -> bytes:
    """A part as it is: a block that is not compressed, where one can hold it."""
    if len(part) > _LONGEST:
        return deflated(part)
    # Its length, and that inverted.
    return struct.pack("<BHH", 0, len(part), len(part) ^ _LONGEST) + part


def joined(parts: Iterable[bytes], plain: bytes) -> bytes:
    """The gzip file of parts (`deflated`, `stored`) that are `plain` together."""
    return b"".join((_START, *parts, _END, struct.pack("<II", zlib.crc32(plain), len(plain) & 0xFFFFFFFF)))
