"""The nonce of a page that runs scripts of its own: one for each time that it is sent, cached or not.

The page is made, and compressed, with a placeholder, which stands in it before any text of the records is put in;
nobody outside of this process learns it. What is sent has a number instead that nobody could foresee.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from api.core.gzip_parts import deflated, joined, stored

NONCE_PLACEHOLDER = secrets.token_hex(16)
"""As long as a nonce is (128 bits)."""
_PLACEHOLDER = NONCE_PLACEHOLDER.encode()


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
    """What stands before, between and after the placeholders, each compressed for itself."""
    return [deflated(part) for part in body.split(_PLACEHOLDER)]


def zipped_with_nonce(parts: Sequence[bytes], body: bytes, nonce: str) -> bytes:
    """The body with a nonce as gzip, of parts that were compressed before: fast, whatever its size."""
    return joined((stored(nonce.encode()).join(parts),), with_nonce(body, nonce))
