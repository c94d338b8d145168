"""Names in passing, which nothing announces: a given name within a sentence, two or three given names in a row.

A given name with a capital that does not begin what is said, and that no word for a place or a business leads to, is
somebody's: 'nhờ Tuấn mở cửa', 'see Tuan for the keys'. Two of them may be a ward's or a street's too, of which
`data/short_place_names.txt` knows the names.
"""

from __future__ import annotations

from itertools import pairwise

from geo.records.validation.persons import lexicon
from geo.records.validation.persons.capitals import is_all_capitals
from geo.records.validation.persons.surroundings import (
    BUSINESS,
    ENGLISH_PLACES,
    PLACES,
    begins_phrase,
    capitals,
    does_something,
    goes_on_as_word,
    is_known_place,
    is_of_place,
    is_plain_word,
    may_be_business,
)
from geo.records.validation.persons.words import Word
from geo.records.validation.privacy_names import short_place_names

_OTHER_WORDS = lexicon.as_written("nations and feasts")
_NATIONS_AFTER = lexicon.word_set("before nations")
_HANDING = lexicon.word_set("handing over")
_FOREIGN_AFTER = lexicon.word_set("before foreigners")


def holds_name_in_passing(text: str, words: list[Word]) -> bool:
    """Whether a text names somebody so."""
    if is_all_capitals(text):
        return False
    return any(
        test(text, words, place) for place, word in enumerate(words) if word.is_capital
        for test in (_is_alone, _is_double, _is_whole, _is_nick, _is_after_handing, _is_visitor)
    )  # fmt: skip


def _is_alone(text: str, words: list[Word], place: int) -> bool:
    """'Handover done, see Tuan for the keys'."""
    word = words[place]
    if begins_phrase(words, place) or words[place - 1].is_capital or len(capitals(words, place)) > 1:
        return False
    if not lexicon.given_names().has_as_written(word) or word.text in _OTHER_WORDS or is_plain_word(word):
        return False
    if _NATIONS_AFTER.has(words[place - 1]):
        return False
    return (
        not is_of_place(text, words, place) and not may_be_business(words, place) and not goes_on_as_word(words, place)
    )


def _is_double(text: str, words: list[Word], place: int) -> bool:
    """'Ngọc Trinh làm đầu mối', 'Người rà soát: Mỹ Linh'."""
    run = capitals(words, place)
    if len(run) != 2 or (words[place].is_near and place > 0 and words[place - 1].is_capital):
        return False
    first, second = words[place : place + 2]
    if not (_is_middle(first) and lexicon.given_names().has_as_written(second)) or words[place].in_bare_text:
        return False
    if " ".join(run).casefold() in short_place_names() and not does_something(words, place + 2):
        return False
    return not _is_something_else(text, words, place, 2)


def _is_whole(text: str, words: list[Word], place: int) -> bool:
    """'nghi Văn Đình Phú', 'Ong Thế Viên': a middle name and a given name behind whatever surname."""
    run = capitals(words, place)
    if len(run) not in (3, 4) or (words[place].is_near and place > 0 and words[place - 1].is_capital):
        return False
    middle, given = words[place + 1], words[place + len(run) - 1]
    if not (lexicon.middles().has_as_written(middle) and lexicon.given_names().has_as_written(given)):
        return False
    known = short_place_names()
    if any(f"{one} {other}".casefold() in known for one, other in pairwise(run)):
        return False
    is_business = BUSINESS.has(words[place]) or PLACES.has(words[place])
    return not is_business and not is_known_place(words, place + 1) and not _is_something_else(text, words, place, 3)


def _is_nick(text: str, words: list[Word], place: int) -> bool:
    """'Quang Rambo', 'Thủy Top': a given name and a word of no Vietnamese syllable that is no business's."""
    run = capitals(words, place)
    if len(run) != 2 or not begins_phrase(words, place) or not lexicon.given_names().has_as_written(words[place]):
        return False
    second = words[place + 1]
    if words[place].in_bare_text or words[place].is_bare or BUSINESS.has(second) or second.text in ENGLISH_PLACES:
        return False
    if lexicon.is_syllable(second.key) or second.text.isupper() or is_plain_word(words[place]):
        return False
    return second.is_bare and not is_of_place(text, words, place) and not is_known_place(words, place)


def _is_after_handing(_text: str, words: list[Word], place: int) -> bool:
    """'chuyển chủ, từ Thoa sang Quế'; 'bàn giao cho Trang'."""
    if place < 1 or begins_phrase(words, place) or not lexicon.given_names().has_as_written(words[place]):
        return False
    if len(capitals(words, place)) > 1 or words[place - 1].small not in ("từ", "sang", "cho", "qua"):
        return False
    before = words[max(0, place - 6) : place - 1]
    handed = any(_HANDING.has(*before[at : at + size]) for at in range(len(before)) for size in (1, 2))
    return handed and not is_plain_word(words[place])


def _is_visitor(text: str, words: list[Word], place: int) -> bool:
    """'Met Anna Kowalska': a foreign given name and any other, after a word before persons."""
    if place < 1 or not words[place].is_near or len(capitals(words, place)) < 2:
        return False
    if not _FOREIGN_AFTER.has(words[place - 1]) or not lexicon.foreign("given").has_as_written(words[place]):
        return False
    second = words[place + 1]
    return not (BUSINESS.has(second) or second.folded in ENGLISH_PLACES or is_of_place(text, words, place))


def _is_something_else(text: str, words: list[Word], place: int, size: int) -> bool:
    if any(goes_on_as_word(words, place + at) for at in range(size)):
        return True
    after = words[place + size] if place + size < len(words) else None
    if after is not None and after.is_near and after.folded in ENGLISH_PLACES:
        return True
    return is_known_place(words, place) or is_of_place(text, words, place) or may_be_business(words, place)


def _is_middle(word: Word) -> bool:
    return lexicon.middles().has_as_written(word) or lexicon.given_names().has_as_written(word)
