"""Whether a text is written in capital letters alone, asked of the same text for each of its words."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=4)
def is_all_capitals(text: str) -> bool:
    """Whether all letters of a whole text are capitals; looked through once, however many words ask.

    >>> is_all_capitals("CƠ SỞ 1"), is_all_capitals("Cơ sở 1")
    (True, False)
    """
    return text.isupper()
