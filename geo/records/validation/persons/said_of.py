"""Persons by what is said of them in a way of its own: English verbs, strong words of duties, 'Nhà Tuyền cho thuê'."""

from __future__ import annotations

import re

from geo.records.validation.persons import lexicon
from geo.records.validation.persons.announced import small_size
from geo.records.validation.persons.capitals import is_all_capitals
from geo.records.validation.persons.surroundings import (
    BUSINESS,
    ENGLISH_PLACES,
    begins_phrase,
    capitals,
    does_something,
    goes_on_as_word,
    is_known_place,
    is_of_place,
    is_plain_word,
)
from geo.records.validation.persons.words import Word
from geo.records.validation.privacy_names import plain_places, short_place_names

_APOSTROPHE = re.compile(r"[RYS]['’ʼ][A-ZĐ]\w")
_NATIONS = lexicon.as_written("nations")
_ENGLISH_DEEDS = lexicon.word_set("English deeds")
_ENGLISH_PERSONS = lexicon.word_set("English persons")
_OF_STREETS = lexicon.word_set("of streets too")
_STRONG = lexicon.word_set("strong deeds")
_LETS = lexicon.word_set("what a household does")
_ORDERS = lexicon.word_set("ordered")
_BEFORE_ORDERS = lexicon.word_set("before nicknames by order")


def holds_name_said_of(text: str, words: list[Word]) -> bool:
    """Whether a text names somebody so."""
    for place, word in enumerate(words):
        is_sure = lexicon.surnames().has_as_written(word) and _is_sure_whole(text, words, place)
        if is_sure or (word.is_capital and any(test(text, words, place) for test in _OF_CAPITALS)):
            return True
    return False


def _acts_in_english(text: str, words: list[Word], place: int) -> bool:
    """'Tuan told us the place will reopen'."""
    run = capitals(words, place)
    if not words[place].in_bare_text or is_all_capitals(text) or len(run) > 3 or words[place].text == "The":
        return False
    after, last = place + len(run), words[place + len(run) - 1]
    is_name = lexicon.given_names().has(last) or lexicon.foreign("given").has(last)
    is_name = is_name or (len(run) == 3 and lexicon.surnames().has(last))  # 'Van Hau Dinh'
    if not (begins_phrase(words, place) and words[place].is_capital and is_name) or is_known_place(words, place):
        return False
    return after < len(words) and words[after].is_near and _ENGLISH_DEEDS.has(words[after])


def _is_called(_text: str, words: list[Word], place: int) -> bool:
    """'a woman called Nok'."""
    if place < 2 or not words[place].is_capital or words[place - 1].text not in ("called", "named"):
        return False
    return words[place].is_near and _ENGLISH_PERSONS.has(words[place - 2])


def _is_sure_whole(text: str, words: list[Word], place: int) -> bool:
    """'ĐẶNG THÀNH CÔNG LÀ CHỦ CƠ SỞ': what follows is said of persons alone, whatever the syllables mean."""
    is_even = is_all_capitals(text) or not any(word.is_capital for word in words[place : place + 3])
    size = small_size(words, place) if is_even and not words[place].in_bare_text else 0
    after = place + size
    if not size or after >= len(words) or not words[after].is_near or is_of_place(text, words, place):
        return False
    keys = [word.key for word in words[place : after + 1]]
    if " ".join(keys) in plain_places() or " ".join(keys[:3]) in plain_places():
        return False
    return _STRONG.starts(words, after) > 0


def _is_household(text: str, words: list[Word], place: int) -> bool:
    """'Nhà Tuyền cho thuê tầng trệt'."""
    if not place or words[place - 1].small != "nhà" or not begins_phrase(words, place - 1) or is_all_capitals(text):
        return False
    word = words[place]
    if not (word.is_near and word.is_capital) or len(capitals(words, place)) > 1 or is_plain_word(word):
        return False
    is_name = lexicon.given_names().has_as_written(word) and not goes_on_as_word(words, place)
    return is_name and place + 1 < len(words) and words[place + 1].is_near and _LETS.starts(words, place + 1) > 0


def _has_letter_name(text: str, words: list[Word], place: int) -> bool:
    """'Y Ngông chở hàng', 'A Lềnh trông xe': of the peoples of the highlands."""
    if _APOSTROPHE.match(words[place].text) and not is_all_capitals(text):
        return words[place].text.casefold().replace("’", "'") != "h'mông"
    if (
        words[place].text not in ("Y", "A", "H", "K", "R", "Kăn", "Ku", "Pả", "Vỗ", "Mế", "Ka", "Ha", "Klong")
        or not begins_phrase(words, place)
        or is_all_capitals(text)
    ):
        return False
    run = capitals(words, place)
    if words[place].text in ("Ka", "Ha", "Klong") and lexicon.is_syllable(words[place + 1].key if len(run) > 1 else ""):
        return False
    return 2 <= len(run) <= 3 and does_something(words, place + len(run))


def _is_woman(text: str, words: list[Word], place: int) -> bool:
    """'Thị Sa Ri làm ở quán': of the Khmer, the S'tiêng and the Mnông, without a surname."""
    if words[place].text not in ("Thị", "Néang", "Neang") or not begins_phrase(words, place) or is_all_capitals(text):
        return False
    run = capitals(words, place)
    return 2 <= len(run) <= 4 and does_something(words, place + len(run))


def _is_by_order(text: str, words: list[Word], place: int) -> bool:
    """'đàn em của Sáu Lèo': a name by the order of birth and a nickname, which no place bears."""
    run = capitals(words, place)
    if len(run) != 2 or is_all_capitals(text) or not _ORDERS.has_as_written(words[place]):
        return False
    if " ".join(run).casefold() in short_place_names() or is_known_place(words, place) or goes_on_as_word(words, place):
        return False
    if begins_phrase(words, place):
        return does_something(words, place + 2)  # 'Bảy Búa đòi tiền'
    return words[place].is_near and _BEFORE_ORDERS.has_as_written(words[place - 1])


def _is_of_nation(text: str, words: list[Word], place: int) -> bool:
    """'khách Nhật Sato Kenji', 'người Hàn tên Park Sung Min': a guest's nation, and capitals that are no business's."""
    if words[place].text not in _NATIONS or not place or is_all_capitals(text):
        return False
    if words[place - 1].small not in ("khách", "người", "ông", "bà", "anh", "chị", "cô", "tịch"):
        return False
    name = place + (2 if place + 1 < len(words) and words[place + 1].text in ("tên", "là") else 1)
    if name >= len(words) or not words[name].is_near or not words[name].is_capital:
        return False
    return len(capitals(words, name)) > 1 or name > place + 1


def _comes_from(text: str, words: list[Word], place: int) -> bool:
    """'Pavel người Nga', 'Peter from Australia'."""
    if not begins_phrase(words, place) or is_all_capitals(text) or place + 1 >= len(words):
        return False
    is_foreign = words[place].text in lexicon.foreign_as_written("given")
    return is_foreign and words[place + 1].is_near and words[place + 1].text in ("người", "from", "who", "quốc")


def _is_unknown_foreigner(text: str, words: list[Word], place: int) -> bool:
    ""
    ""
    ""
    ""
    """'Emeka Okonjo hay lui tới', 'Sok Chanthou người Campuchia': no Vietnamese syllables, said of persons alone."""
    run = capitals(words, place)
    after = place + len(run)
    if not 2 <= len(run) <= 3 or is_all_capitals(text) or not begins_phrase(words, place) or words[place].in_bare_text:
        return False
    part = words[place:after]
    if any(BUSINESS.has(word) or word.folded in ENGLISH_PLACES or word.text.isupper() for word in part):
        return False
    is_foreign = any(word.is_bare and not lexicon.is_syllable(word.key) for word in part)
    if not is_foreign or is_of_place(text, words, place) or after >= len(words) or not words[after].is_near:
        return False
    is_of_nation = words[after].small == "người" and after + 1 < len(words) and words[after + 1].is_capital
    is_doing = does_something(words, after) and not _OF_STREETS.starts(words, after)
    return is_of_nation or is_doing


def _is_of_clan(text: str, words: list[Word], place: int) -> bool:
    """'Kim Anh, họ Tống': a surname that is said, and of no clan with its house."""
    if not place or words[place - 1].small != "họ" or not words[place].is_near or is_all_capitals(text):
        return False
    before = words[place - 2].small if place > 1 else ""
    is_clan = before in ("dòng", "thờ", "tộc", "đất", "của", "làng", "chi", "nhiều", "người")
    return not is_clan and lexicon.surnames().has_as_written(words[place]) and len(capitals(words, place)) == 1


_OF_CAPITALS = (
    *(_acts_in_english, _is_called, _is_household, _has_letter_name, _is_by_order),
    *(_is_of_nation, _comes_from, _is_unknown_foreigner, _is_of_clan, _is_woman),
)
