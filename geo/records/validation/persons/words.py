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

    @property
    def small(self) -> str:
        """The word as it stands, in small letters; `folded` has its tone elsewhere."""
        return self.text.casefold()

    @property
    def is_bare(self) -> bool:
        """Written without diacritics."""
        return self.folded == self.key

    @property
    def is_capital(self) -> bool:
        """Begins with a capital."""
        return self.text[:1].isupper()

    @property
    def is_near(self) -> bool:
        """Goes on from the word before with nothing but a blank."""
        return self.gap.isspace()


def words_of(text: str) -> list[Word]:
    """The words of a text as a reader sees it."""
    found, end = [], 0
    is_bare = not has_diacritics(text)
    for match in _WORD.finditer(text):
        word, gap = match[0], text[end : match.start()]
        found.append(Word(word, folded(word), unmarked_key(word), match.start(), gap, is_bare))
        end = match.end()
    return found
