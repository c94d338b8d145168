"""A text as words, each with what stands before it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from geo.reference.names import fold, has_diacritics, plain

_WORD = re.compile(r"[^\W\d_]+(?:[/'’ʼ\-][^\W\d_]+)*")


def folded(word: str) -> str:
    """One word as it is compared where it has diacritics: small, its tone in one place."""
    return fold(word).replace(" ", "-")


def unmarked_key(word: str) -> str:
    """One word as it is compared where it has none."""
    return plain(word).replace(" ", "-")


@dataclass(frozen=True, slots=True)
class Word:
    """One word; `gap` is what stands between it and the word before; in a bare text no word has diacritics."""

    text: str
    folded: str
    key: str
    begins: int
    gap: str
    in_bare_text: bool
    is_bare: bool
    """Written without diacritics."""
    is_capital: bool
    """Begins with a capital."""
    is_near: bool
    """Goes on from the word before with nothing but a blank."""

    @property
    def small(self) -> str:
        """The word as it stands, in small letters; `folded` has its tone elsewhere."""
        return self.text.casefold()


def words_of(text: str) -> list[Word]:
    """The words of a text as a reader sees it."""
    found, end = [], 0
    is_bare = not has_diacritics(text)
    for match in _WORD.finditer(text):
        word, gap = match[0], text[end : match.start()]
        keys = folded(word), unmarked_key(word)
        is_how = keys[0] == keys[1], word[0].isupper(), gap.isspace()  # each is asked many times
        found.append(Word(word, *keys, match.start(), gap, is_bare, *is_how))
        end = match.end()
    return found
