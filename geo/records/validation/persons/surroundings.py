"""What stands round a word that could be a name: a word for a place or a business before it, another word after it."""

from __future__ import annotations

import re
from itertools import pairwise

from geo.records.validation.persons.lexicon import (
    WordSet,
    as_written,
    compounds,
    deeds,
    foreign,
    given_names,
    surnames,
    titles,
    word_set,
)
from geo.records.validation.persons.words import Word, folded, words_of
from geo.records.validation.privacy_names import is_place, leads_to_place
from geo.records.validation.privacy_words import PLACE_WORDS, listed

BUSINESS = word_set("business")
ENGLISH_PLACES = as_written("english places")
_SELDOM_PLACES = frozenset(("do", "cung"))
"""What is 'do' and 'cùng' more often than 'đò' and 'cung'."""
_FAMILY = WordSet(listed("gia đình"))
_OWNERS = frozenset(map(folded, listed("chủ, gặp, của")))
PLACES = WordSet(PLACE_WORDS)
_PERSONS = WordSet(
    listed("đối tượng, nhân viên, trẻ em, tiếp viên, học viên, giáo viên, đoàn viên, hội viên, công nhân viên")
)
_OWNERS_AND_ROLES = word_set("between business and person")
_GOING_ON = word_set("going on")
_AMBIGUOUS = word_set("everyday")
"""Given names that are everyday words."""


def is_business(before: list[str]) -> bool:
    """Whether the words before a name are those of a business ('phở Ông Hùng'), and not of who owns it ('chủ quán')."""
    tail = [folded(word) for word in before[-3:]]
    pairs = [" ".join(pair) for pair in pairwise(tail)]
    return any(word in BUSINESS.marked for word in (*tail, *pairs)) and not _OWNERS & set(tail)


def follows_place_word(words: list[Word], place: int) -> bool:
    """Whether a word for a place or a business stands just before `place`."""
    last = words[max(0, place - 2) : place]
    if not last or begins_phrase(words, place) or _PERSONS.has(*last) or follows_role(words, place):
        return False
    if last[-1].folded in _SELDOM_PLACES or _FAMILY.has(*last):
        return False
    return any(known.has_as_written(last[-1]) or known.has_as_written(*last) for known in (BUSINESS, PLACES))


def may_be_business(words: list[Word], place: int) -> bool:
    """Whether a word for a place or a business stands among the four before `place`, and nobody's role after it.

    'bệnh viện đa khoa Hồng Ngọc', 'biển hiệu "Hải Đăng"'.
    """
    for at in range(place - 1, max(-1, place - 5), -1):
        word = words[at]
        if _OWNERS_AND_ROLES.has(word) or (at and _OWNERS_AND_ROLES.has(words[at - 1], word)):
            return False
        if any(known.has_as_written(word) for known in (BUSINESS, PLACES)):
            return True
        if at and BUSINESS.has_as_written(words[at - 1], word):
            return True
        if not word.is_near and at and words[at + 1].gap.strip() in (".", ";"):
            return False
    return False


def follows_role(words: list[Word], place: int) -> bool:
    """Whether a role that ends with a word for a place stands before `place`: 'chủ quán', 'chủ nhà nghỉ'."""
    return any(place >= size and titles("role").has(*words[place - size : place]) for size in (2, 3))


def is_plain_word(word: Word) -> bool:
    """Whether a given name is an everyday word too."""
    return _AMBIGUOUS.has(word)


def may_be_given(phrase: str) -> bool:
    """Whether what is written in capitals alone begins with a given name or a surname, and with no other word."""
    words = words_of(phrase)
    is_name = given_names().has(words[0]) or surnames().has(words[0]) or foreign("given").has(words[0])
    return (is_name or not phrase.isupper()) and not is_plain_word(words[0]) and not goes_on_as_word(words, 0)


def goes_on_as_word(words: list[Word], place: int) -> bool:
    """Whether a word and the one after or before it are one word of two syllables: 'Công an', 'An ninh', 'anh sang'."""
    known = compounds()
    after = place + 1 < len(words) and words[place + 1].is_near and known.has(words[place], words[place + 1])
    before = place > 0 and words[place].is_near and known.has(words[place - 1], words[place])
    return after or before


def does_something(words: list[Word], place: int) -> bool:
    """Whether the words from `place` on say what somebody does, or what they are: 'cô uyên kế toán'."""
    if place >= len(words) or not words[place].is_near:
        return False
    return deeds().starts(words, place) > 0 or (not words[place].is_capital and titles("role").starts(words, place) > 0)


def does_more(words: list[Word], place: int) -> bool:
    """The same, or a word that goes on to say so: 'Kiên đã nghỉ', 'Theo Phúc thì'."""
    if place >= len(words) or not words[place].is_near or words[place].is_capital:
        return False
    return does_something(words, place) or _GOING_ON.has_as_written(words[place])


def ends_phrase(words: list[Word], place: int) -> bool:
    """Whether nothing goes on at `place` from the word before."""
    return place >= len(words) or not words[place].is_near


def begins_phrase(words: list[Word], place: int) -> bool:
    """Whether `place` does not go on from the word before."""
    return place == 0 or not words[place].is_near


def is_of_place(text: str, words: list[Word], place: int) -> bool:
    """Whether what begins at `place` is named by the words before it as a place or a business."""
    if re.search(r"\d[A-Za-z]?\s$", words[place].gap):
        return True  # '298 Ngọc Hồi': a street after the number of a house
    if begins_phrase(words, place):
        return place > 0 and leads_to_place(text[: words[place].begins])
    if _PERSONS.has(*words[max(0, place - 2) : place]) or follows_role(words, place):
        return False
    return follows_place_word(words, place) or leads_to_place(text[: words[place].begins])


def capitals(words: list[Word], place: int) -> list[str]:
    """The run of words in capitals from `place` on."""
    end = place + 1
    while end < len(words) and end < place + 4 and words[end].is_near and words[end].is_capital:
        end += 1
    return [word.text for word in words[place:end]]


def is_known_place(words: list[Word], place: int) -> bool:
    """Whether the run of capitals at `place` begins as a street or ward does."""
    return is_place(capitals(words, place))
