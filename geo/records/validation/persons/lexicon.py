"""The word lists beside this module, each read once: given names, titles, deeds, nicknames, names of other countries.

Every list is of words with their diacritics. Whoever writes a word with diacritics writes the right ones; whoever
writes without them may mean any of those that are written so: `WordSet.has` holds both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from geo.records.validation.persons.words import Word, folded, unmarked_key
from geo.records.validation.privacy_words import MIDDLE_NAMES, MORE_MIDDLES, all_surnames, sure_surnames


class WordSet:
    """Words and phrases, sought among the words of a text."""

    def __init__(self, phrases: Iterable[str]) -> None:
        written = [phrase.split() for phrase in phrases]
        self.marked = frozenset(" ".join(map(folded, words)) for words in written)
        self.bare = frozenset(" ".join(map(unmarked_key, words)) for words in written)
        self._longest = longest = dict[str, int]()
        for words in written:
            for first in (folded(words[0]), unmarked_key(words[0])):
                longest[first] = max(longest.get(first, 0), len(words))

    def has(self, *words: Word) -> bool:
        """Whether these words are one of the phrases."""
        for word in words:
            if not word.is_bare:
                return " ".join([each.folded for each in words]) in self.marked
        return " ".join([word.key for word in words]) in self.bare

    def has_as_written(self, *words: Word) -> bool:
        """The same, but a word lacks its diacritics only where all words of the text do."""
        if words[0].in_bare_text:
            return self.has(*words)
        return " ".join([word.folded for word in words]) in self.marked

    def starts(self, words: list[Word], place: int) -> int:
        """How many words from `place` on are the longest of the phrases that begins there; 0 where none does."""
        if place >= len(words):
            return 0
        longest = self._longest.get(words[place].folded, 0)
        if not longest:
            return 0  # as at most words
        for size in range(min(longest, len(words) - place), 0, -1):
            part = words[place : place + size]
            if all(word.is_near for word in part[1:]) and self.has_as_written(*part):
                return size
        return 0


def _lines(name: str) -> list[str]:
    text = Path(__file__).with_name(f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _phrases(lines: Iterable[str], sign: str) -> list[str]:
    return [phrase.strip() for line in lines for phrase in line.split(sign) if phrase.strip()]


@cache
def _phrases_of(name: str, sign: str) -> dict[str, list[str]]:
    """The parts of a list, each under its '[heading]'."""
    found: dict[str, list[str]] = {}
    heading = ""
    for line in _lines(name):
        if line.startswith("["):
            heading = line.strip("[]")
        else:
            found.setdefault(heading, []).extend(_phrases([line], sign))
    return found


@cache
def _parts(name: str, sign: str) -> dict[str, WordSet]:
    return {heading: WordSet(phrases) for heading, phrases in _phrases_of(name, sign).items()}


def titles(kind: str) -> WordSet:
    """`kin`, `role`, `called` or `label`: what stands before a name."""
    return _parts("titles", ",")[kind]


def foreign(kind: str) -> WordSet:
    """`given` or `family`: names of other countries."""
    return _parts("foreign_names", " ")[kind]


@cache
def foreign_as_written(kind: str) -> frozenset[str]:
    """The same names with their capitals."""
    return frozenset(_phrases_of("foreign_names", " ")[kind])


def word_set(part: str) -> WordSet:
    """A part of `around.txt`."""
    return _parts("around", ",")[part]


@cache
def as_written(part: str) -> frozenset[str]:
    """A part of `around.txt`, its words as they are written there."""
    return frozenset(_phrases_of("around", ",")[part])


@cache
def given_names() -> WordSet:
    """Given names of the Kinh and names by the order of birth."""
    return WordSet(_phrases(_lines("given_names"), " "))


@cache
def deeds() -> WordSet:
    """What is said of persons right after their name."""
    return WordSet(_phrases(_lines("deeds"), ","))


@cache
def compounds() -> WordSet:
    """Words of two syllables that look like names or begin like one."""
    return WordSet(_phrases(_lines("compounds"), ","))


@cache
def nicknames() -> WordSet:
    """What is put behind a given name."""
    return WordSet(phrase.replace("-", " ") for phrase in _phrases(_lines("nicknames"), " "))


@cache
def surnames() -> WordSet:
    """Surnames of whatever people of Việt Nam."""
    return WordSet(all_surnames())


@cache
def strict_surnames() -> WordSet:
    """Those that are no other word."""
    return WordSet(sure_surnames())


@cache
def middles() -> WordSet:
    """Middle names."""
    return WordSet((*MIDDLE_NAMES, *MORE_MIDDLES))


_SYLLABLE = re.compile(r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?[aeiouy]{1,3}(?:ch|ng|nh|[cmnpt])?")


def is_syllable(key: str) -> bool:
    """Whether a word without diacritics could be a Vietnamese syllable."""
    return bool(_SYLLABLE.fullmatch(key))
