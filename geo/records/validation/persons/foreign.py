"""Names of other countries: a given name beside another, or a family name and syllables of its language."""

from __future__ import annotations

import re

from geo.records.validation.persons import lexicon
from geo.records.validation.persons.capitals import is_all_capitals
from geo.records.validation.persons.surroundings import (
    BUSINESS,
    begins_phrase,
    capitals,
    does_something,
    ends_phrase,
    goes_on_as_word,
    is_known_place,
    is_of_place,
    is_plain_word,
)
from geo.records.validation.persons.words import Word

_FOREIGN_FORM = re.compile(r"[A-Z][a-z]+-[A-Za-z][a-z]+|(?:X|Zh|Q(?!u))[a-z]+|[A-Z][a-z]*(?:[fjwz]|sh)[a-z]*")
"""Korean with a dash, pinyin, and letters that no Vietnamese syllable has."""
_NO_FAMILIES = lexicon.as_written("families with a dash only")
_LIKE_VIETNAMESE = lexicon.as_written("families like Vietnamese ones")
_ALSO_NAMES_OF_BUSINESSES = lexicon.as_written("given names of businesses")
_LAST_ONLY = frozenset(("Tran", "Pham", "Nguyen"))
_LAST = lexicon.as_written("surnames that stand last")
_KOREAN = lexicon.as_written("Korean families")


def holds_foreign_name(text: str, words: list[Word]) -> bool:
    """Whether a text holds such a name."""
    return any(_is_name(text, words, place) for place in range(len(words) - 1))


def _is_name(text: str, words: list[Word], place: int) -> bool:
    first, second = words[place : place + 2]
    if not (second.is_near and first.is_capital and second.is_capital) or is_all_capitals(text):
        return False
    if is_known_place(words, place):
        return False
    return _is_foreign(words, place) and not is_of_place(text, words, place)


def _is_foreign(words: list[Word], place: int) -> bool:
    first, second = words[place : place + 2]
    is_mixed = lexicon.strict_surnames().has_as_written(first) and second.text in _given()
    if is_mixed or _is_turned(words, place) or _is_korean(words, place):
        return True
    if any(BUSINESS.has(word) for word in words[place : place + 3]):
        return False
    if _is_family(words, place):
        return True
    is_sure = _is_second(second) or does_something(words, place + 2) or _stands_alone(words, place)
    return _is_given(first) and is_sure


def _is_turned(words: list[Word], place: int) -> bool:
    """'Phú Lê', 'Sophie Trương': the surname last."""
    first, second = words[place : place + 2]
    if second.text not in _LAST or len(capitals(words, place)) != 2 or not begins_phrase(words, place):
        return False
    return (
        lexicon.given_names().has_as_written(first) and not goes_on_as_word(words, place) and not is_plain_word(first)
    )


def _stands_alone(words: list[Word], place: int) -> bool:
    """'Mohammed Salah' and nothing round it, which no hotel is called."""
    is_sure = words[place].text not in _ALSO_NAMES_OF_BUSINESSES
    return is_sure and begins_phrase(words, place) and ends_phrase(words, place + 2)


def _is_foreign_form(run: list[str]) -> bool:
    return any(word.isascii() and not lexicon.is_syllable(word.casefold()) for word in run)


def _is_korean(words: list[Word], place: int) -> bool:
    """'Lee Sang Ho': a family name and two syllables."""
    run = capitals(words, place)
    return len(run) == 3 and run[0] in _KOREAN and all(word.isascii() and len(word) < 6 for word in run)


def _is_given(word: Word) -> bool:
    return any(part.capitalize() in _given() for part in word.text.split("-"))


def _given() -> frozenset[str]:
    return lexicon.foreign_as_written("given")


def _is_second(word: Word) -> bool:
    return _is_given(word) or word.text in lexicon.foreign_as_written("family") or lexicon.surnames().has(word)


def _is_family(words: list[Word], place: int) -> bool:
    first, second = words[place : place + 2]
    if first.text not in lexicon.foreign_as_written("family") or first.text in _LAST_ONLY:
        return False
    if does_something(words, place + 2) and second.is_bare and first.text not in ("Kim", "Tan", "Tang", "Song", "Nam"):
        return True
    run = capitals(words, place)
    if len(run) == 3 and len(run[2]) > 1 and first.text not in _NO_FAMILIES and _is_foreign_form(run[1:]):
        return True
    if first.text not in _NO_FAMILIES and len(second.text) > 3 and _is_foreign_form([second.text]):
        return True
    if first.text in _NO_FAMILIES | _LIKE_VIETNAMESE:
        return bool(_FOREIGN_FORM.fullmatch(second.text)) and (first.text not in _NO_FAMILIES or "-" in second.text)
    return second.is_bare
