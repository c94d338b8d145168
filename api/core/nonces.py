"""The nonce of a page that runs scripts of its own: one for each time that it is sent, cached or not.

The page is made, and compressed, with a placeholder, which stands in it before any text of the records is put in;
nobody outside of this process learns it. What is sent has a number instead that nobody could foresee.
"""

from __future__ import annotations

import secrets
import struct
import zlib
from collections.abc import Sequence

NONCE_PLACEHOLDER = secrets.token_hex(16)
"""As long as a nonce is (128 bits)."""
_PLACEHOLDER = NONCE_PLACEHOLDER.encode()
_GZIP_START = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_GZIP_END = b"\x03\x00"
"""An empty last block."""


def new_nonce() -> str:
    """128 bits by lot."""
    return secrets.token_hex(16)


def with_nonce(body: bytes, nonce: str) -> bytes:
    """The body as it is sent once."""
    return body.replace(_PLACEHOLDER, nonce.encode())


def wants_nonce(body: bytes) -> bool:
    """Whether a placeholder stands in a body."""
    return _PLACEHOLDER in body


def compressed_around(body: bytes) -> list[bytes]:
    """What stands before, between and after the placeholders, each compressed for itself (RFC 1951, whole bytes)."""
    return [_deflated(part) for part in body.split(_PLACEHOLDER)]


def zipped_with_nonce(parts: Sequence[bytes], body: bytes, nonce: str) -> bytes:
    """The body with a nonce as gzip (RFC 1952), of parts that were compressed before: fast, whatever its size."""
    word = nonce.encode()
    # A block that is not compressed: its length, and that inverted.
    stored = struct.pack("<BHH", 0, len(word), len(word) ^ 0xFFFF) + word
    sent = with_nonce(body, nonce)
    check = struct.pack("<II", zlib.crc32(sent), len(sent) & 0xFFFFFFFF)
    return b"".join((_GZIP_START, stored.join(parts), _GZIP_END, check))


def _deflated(part: bytes) -> bytes:
    # Level and form as gzip has them; a flush ends the block at a whole byte.
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(part) + packer.flush(zlib.Z_FULL_FLUSH)
