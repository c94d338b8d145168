"""The order of Vietnamese words: by letters of the alphabet (Đ after D, Ă and Â after A), then by tones."""

from __future__ import annotations

import unicodedata

_LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyfjwz"
_RANK = {letter: chr(0x100 + rank) for rank, letter in enumerate(_LETTERS)}
_MARKS = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
"""Tones in the order of Vietnamese dictionaries: level, grave, hook, tilde, acute, dot."""
_TONES = {mark: str(rank) for rank, mark in enumerate(_MARKS) if mark}


def order_key(text: str) -> tuple[str, str]:
    """The key by which a Vietnamese word or name is sorted.

    >>> sorted(["Đại Thanh", "Dương Nội", "Ba Đình", "Ân Thi", "An Khánh"], key=order_key)
    ['An Khánh', 'Ân Thi', 'Ba Đình', 'Dương Nội', 'Đại Thanh']
    """
    letters, tones = [], []
    for letter in unicodedata.normalize("NFC", text).casefold():
        parts = unicodedata.normalize("NFD", letter)
        tone = next((_TONES[mark] for mark in parts if mark in _TONES), "0")
        bare = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in _TONES))
        letters.append(_RANK.get(bare, bare))
        tones.append(tone)
    return "".join(letters), "".join(tones)
