"""A map's page without its nonce, which is another one each time it is sent."""

from __future__ import annotations

import re

_NONCE = re.compile(rb' nonce="[0-9a-f]{32}"')


def without_nonce(page: bytes) -> bytes:
    """The bytes of a page that are the same each time."""
    return _NONCE.sub(b"", page)
