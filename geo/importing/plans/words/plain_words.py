"""The words of a plan as they are compared: small letters without diacritics and signs."""

from __future__ import annotations

import re

from geo.reference.names import plain

_SIGNS = re.compile(r"[^a-z0-9%]+")


def words_of(text: str) -> str:
    """A text as its plain words: no diacritics, no signs, single spaces."""
    return _SIGNS.sub(" ", plain(text)).strip()
