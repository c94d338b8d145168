"""Whole names in small letters or among capitals: a surname, a middle name and a given name, each of its list."""

from __future__ import annotations

from geo.records.validation.persons import lexicon
from geo.records.validation.persons.capitals import is_all_capitals
from geo.records.validation.persons.surroundings import does_something, ends_phrase, goes_on_as_word, is_of_place
from geo.records.validation.persons.words import Word
from geo.records.validation.privacy_names import plain_places
from geo.records.validation.privacy_words import listed

_COMMON = lexicon.word_set("common surnames")
_BARE_COMMON = frozenset(listed("nguyen, tran, pham, huynh, bui, trinh"))
_LINKS = lexicon.WordSet(listed("văn, thị, bá, đình, hữu"))


def holds_written_name(text: str, words: list[Word]) -> bool:
    """Whether a text holds such a name."""
    return any(_is_name(text, words, place) or _is_shortened(words, place) for place in range(len(words) - 2))


def _is_shortened(words: list[Word], place: int) -> bool:
    """'nguyễn v tuấn hay tới'."""
    surname, middle, given = words[place : place + 3]
    if len(middle.text) > 1 or not (middle.is_near and given.is_near) or surname.is_capital:
        return False
    is_name = _COMMON.has_as_written(surname) and lexicon.given_names().has_as_written(given)
    return is_name and (does_something(words, place + 3) or ends_phrase(words, place + 3))


def _is_name(text: str, words: list[Word], place: int) -> bool:
    surname, middle, given = words[place : place + 3]
    if not (middle.is_near and given.is_near) or not _is_even(text, surname, middle, given):
        return False
    if not (lexicon.surnames().has(surname) and lexicon.middles().has(middle) and lexicon.given_names().has(given)):
        return False
    if any(goes_on_as_word(words, at) for at in (place, place + 1, place + 2)) or _is_known(words[place : place + 4]):
        return False
    return not is_of_place(text, words, place) and _is_sure(words, place)


def _is_even(text: str, *words: Word) -> bool:
    """All small, or all capitals where all of the text is."""
    return is_all_capitals(text) or not any(word.is_capital for word in words)


def _is_sure(words: list[Word], place: int) -> bool:
    surname, middle = words[place], words[place + 1]
    if surname.is_bare and not _COMMON.has(surname):
        return False
    if does_something(words, place + 3) or _is_titled(words, place):
        return True
    if surname.is_bare:
        return surname.key in _BARE_COMMON or (_COMMON.has(surname) and not middle.is_bare)
    return _COMMON.has(surname)


def _is_titled(words: list[Word], place: int) -> bool:
    """Whether a title ends just before `place`."""
    return any(
        lexicon.titles(kind).has(*words[max(0, place - size) : place])
        for kind in ("rank", "role", "called", "label")
        for size in (1, 2, 3)
        if place >= size
    )


def _is_known(words: list[Word]) -> bool:
    keys = [word.key for word in words]
    # 'duong nguyen cong tru': the first word leads to a place.
    names = [" ".join(keys[:3]), " ".join(keys[:4]), " ".join(keys[1:3]), " ".join(keys[1:4])]
    return not plain_places().isdisjoint(names)
