"""Names that a form announces: 'Người báo: Hải Yến', 'Yến (quản lý)', 'giao Đức theo dõi', 'ông nguyễn thắng'."""

from __future__ import annotations

import re

from geo.records.validation.persons import lexicon
from geo.records.validation.persons.capitals import is_all_capitals
from geo.records.validation.persons.surroundings import (
    BUSINESS,
    PLACES,
    begins_phrase,
    capitals,
    does_something,
    ends_phrase,
    goes_on_as_word,
    is_known_place,
    is_of_place,
    is_plain_word,
    may_be_business,
)
from geo.records.validation.persons.words import Word, folded
from geo.records.validation.privacy_names import place_names, plain_places, short_place_names
from geo.records.validation.privacy_words import NOBODY, listed

_HEADS = lexicon.word_set("heads of labels")
_SURE_PAIRS = lexicon.word_set("surnames of pairs")
_NEVER_WORDS = lexicon.word_set("surnames that are no words")
_OF_PEOPLES = lexicon.as_written("surnames of one people")
_MIDDLES_OF_PEOPLES = lexicon.as_written("middle names of peoples")
_OTHERS = lexicon.word_set("others")
_NAMED = lexicon.word_set("named by a letter")
_CHARGED = lexicon.word_set("charged with")
_LONGEST_LABEL = 5
_ALSO_PLACES = frozenset(map(folded, listed("tuyến, đường, phố, địa bàn, khu vực, ranh giới, dự án, đầu tư, đề, thể")))


def holds_announced_name(text: str, words: list[Word]) -> bool:
    """Whether a text names somebody so."""
    for place, word in enumerate(words):
        is_surname = lexicon.surnames().has_as_written(word)
        tests = _OF_CAPITALS if word.is_capital else _OF_SMALL if is_surname else ()
        if any(test(text, words, place) for test in tests) or (place and _is_charged(text, words, place)):
            return True
    return False


def _size(words: list[Word], place: int) -> int:
    """How many words from `place` on are a name: one that is given, two, or a surname and more; 0 where none is."""
    run = capitals(words, place)
    first, last = words[place], words[place + len(run) - 1]
    is_office = first.small in NOBODY and not lexicon.given_names().has_as_written(first)
    if not first.is_capital or is_office or BUSINESS.has(first) or PLACES.has_as_written(first):
        return 0
    if any(goes_on_as_word(words, place + at) for at in range(len(run))):
        return 0
    if len(run) == 1 and any(first.text in lexicon.foreign_as_written(kind) for kind in ("given", "family")):
        return 1
    if not lexicon.given_names().has_as_written(last):
        return 0
    begins = lexicon.surnames(), lexicon.middles(), lexicon.given_names()
    return len(run) if any(known.has_as_written(first) for known in begins) else 0


def _is_labelled(text: str, words: list[Word], place: int) -> bool:
    """'Đại diện cơ sở: Toàn': who stands behind the colon is somebody, whatever else bears the name."""
    if not place or is_all_capitals(text) or not (":" in words[place].gap or words[place].gap in (" - ", " – ")):
        return False
    if ":" not in words[place].gap and (
        _size(words, place) < 2 or is_known_place(words, place) or _is_short(words, place)
    ):
        return False  # behind a dash only a whole name, which no place bears
    label = words[max(0, place - _LONGEST_LABEL) : place]
    starts = [at for at, word in enumerate(label) if at and not word.is_near]
    label = label[starts[-1] :] if starts else label
    if any(word.folded in _ALSO_PLACES for word in label):
        return False
    is_head = any(_HEADS.has_as_written(*label[at : at + size]) for at in range(len(label)) for size in (1, 2, 3))
    return is_head and (_size(words, place) > 0 or small_size(words, place) > 0)


def _is_short(words: list[Word], place: int) -> bool:
    """Whether a ward or street bears what stands there."""
    return " ".join(capitals(words, place)).casefold() in short_place_names()


def _is_explained(text: str, words: list[Word], place: int) -> bool:
    """'Yến (quản lý) vắng mặt'."""
    is_there = "(" in text and begins_phrase(words, place) and not is_all_capitals(text)
    size = _size(words, place) if is_there else 0
    after = place + size
    if not size or after >= len(words) or "(" not in words[after].gap:
        return False
    title = lexicon.titles("role").starts(words, after)
    if not title or (size == 1 and is_plain_word(words[place])) or not ends_phrase(words, after + title):
        return False
    return not is_known_place(words, place) and not is_of_place(text, words, place)


def _is_set_apart(text: str, words: list[Word], place: int) -> bool:
    """'Phụng - người làm lâu nhất - khai', 'Linh, receptionist, said'."""
    after = place + 1
    if (
        not begins_phrase(words, place)
        or is_all_capitals(text)
        or after >= len(words)
        or len(capitals(words, place)) > 1
    ):
        return False
    if words[after].gap.strip() not in (",", "-", "–") or words[after].is_capital or is_plain_word(words[place]):
        return False
    is_name = lexicon.given_names().has_as_written(words[place]) and not is_of_place(text, words, place)
    is_role = lexicon.titles("role").starts(words, after) or words[after].small == "người"
    return is_name and bool(is_role)


def _is_charged(text: str, words: list[Word], place: int) -> bool:
    """'giao Đức theo dõi': 'giao' is no junction where somebody is charged with something."""
    if not place or words[place - 1].small != "giao" or not words[place].is_near or is_all_capitals(text):
        return False
    size = _size(words, place) or small_size(words, place)
    after = place + size
    if size and after < len(words) and words[after].is_near and _CHARGED.starts(words, after):
        return True
    end = text[words[after - 1].begins + len(words[after - 1].text) :] if size else ""
    return (
        size == 1 and not is_plain_word(words[place]) and bool(re.match(r"\s\d{1,4}(?![\d:h/])", end))
    )  # 'giao Thoa 100'


def small_size(words: list[Word], place: int) -> int:
    """How many words, whatever their letters, are a surname, a middle name and a given name: 3, or 0."""
    part = words[place : place + 3]
    known = lexicon.surnames(), lexicon.middles(), lexicon.given_names()
    if len(part) < 3 or not (part[1].is_near and part[2].is_near):
        return 0
    is_name = all(one.has_as_written(word) for one, word in zip(known, part, strict=True))
    return 3 if is_name and not lexicon.compounds().has(part[0], part[1]) else 0


def _is_pair(text: str, words: list[Word], place: int) -> bool:
    """'liên hệ Nguyễn Thắng để vào': one of the commonest surnames and a given name, of which no street is known."""
    run = capitals(words, place)
    if len(run) != 2 or is_all_capitals(text) or (place and words[place].is_near and words[place - 1].is_capital):
        return False
    if not _SURE_PAIRS.has_as_written(words[place]) or not lexicon.given_names().has_as_written(words[place + 1]):
        return False
    return _is_nowhere(text, words, place, run)


def _is_nowhere(text: str, words: list[Word], place: int, run: list[str]) -> bool:
    """Whether neither a list nor what stands round it makes a place or a business of a name."""
    name = " ".join(run).casefold()
    known = plain_places() if name.isascii() else short_place_names()
    if name in known or is_known_place(words, place) or any(goes_on_as_word(words, place + at) for at in (0, 1)):
        return False
    return not is_of_place(text, words, place) and not may_be_business(words, place)


def _is_of_people(text: str, words: list[Word], place: int) -> bool:
    """'Chau Sóc Kha giữ xe', 'Alăng Ngước': a surname that nothing else is called by."""
    run = capitals(words, place)
    if len(run) < 2 or is_all_capitals(text):
        return False
    is_third = len(run) > 2 and lexicon.surnames().has_as_written(words[place]) and run[1] in _MIDDLES_OF_PEOPLES
    if (run[0] not in _OF_PEOPLES and not is_third) or is_known_place(words, place):
        return False
    return not is_of_place(text, words, place)


def _is_small_pair(text: str, words: list[Word], place: int) -> bool:
    """'ông nguyễn thắng', 'gặp huỳnh linh': in small letters, after a title or with a surname that is no other word."""
    pair = words[place : place + 2]
    if len(pair) < 2 or any(word.is_capital for word in pair) or pair[0].in_bare_text or not pair[1].is_near:
        return False
    if not (lexicon.surnames().has_as_written(pair[0]) and lexicon.given_names().has_as_written(pair[1])):
        return False
    if any(goes_on_as_word(words, place + at) for at in (0, 1)) or is_of_place(text, words, place):
        return False
    is_known = " ".join(word.text for word in pair) in short_place_names() or _is_within_place(words, place)
    if is_known or pair[0].folded == pair[1].folded:
        return False
    if _NEVER_WORDS.has_as_written(pair[0]) and " ".join(word.key for word in pair) not in plain_places():
        return True
    is_titled = place > 0 and pair[0].is_near and lexicon.titles("kin").has_as_written(words[place - 1])
    return is_titled and (does_something(words, place + 2) or ends_phrase(words, place + 2))


def _is_within_place(words: list[Word], place: int) -> bool:
    """Whether a longer name of a place holds the two words at `place`."""
    spans = ((begin, end) for begin in (place - 1, place) for end in (place + 2, place + 3) if begin >= 0)
    return any(" ".join(word.text.casefold() for word in words[begin:end]) in place_names() for begin, end in spans)


def _is_small_whole(text: str, words: list[Word], place: int) -> bool:
    """'ông trần thanh bình cho biết': a title makes a name of words that mean something too."""
    size = small_size(words, place) if place and words[place].is_near and not words[place].is_capital else 0
    if not size or goes_on_as_word(words, place) or is_of_place(text, words, place):
        return False
    kinds = ("kin", "role", "rank", "called")
    titles = [words[place - length : place] for length in (1, 2, 3) if place >= length]
    is_titled = any(lexicon.titles(kind).has_as_written(*title) for kind in kinds for title in titles)
    return is_titled and (does_something(words, place + size) or ends_phrase(words, place + size))


def _is_single(words: list[Word], place: int) -> bool:
    """Whether a given name that is no everyday word stands there alone."""
    if not 0 <= place < len(words) or not words[place].is_capital or len(capitals(words, place)) > 1:
        return False
    is_after = place > 0 and words[place].is_near and words[place - 1].is_capital
    is_name = lexicon.given_names().has_as_written(words[place]) and not is_plain_word(words[place])
    return is_name and not is_after and not goes_on_as_word(words, place)


def _is_of_list(text: str, words: list[Word], place: int) -> bool:
    """'gồm Hải, Sơn, Tuấn': three given names in a row."""
    if is_all_capitals(text) or words[place].in_bare_text or place + 2 >= len(words):
        return False
    if any(words[place + at].gap.strip() not in (",", ";") for at in (1, 2)):
        return False
    return all(_is_single(words, place + at) for at in range(3)) and not is_of_place(text, words, place)


def _is_with_others(text: str, words: list[Word], place: int) -> bool:
    """'Yến và hai người khác', 'Nguyễn Thắng cùng nhóm bạn'."""
    after = place + len(capitals(words, place))
    if after + 1 >= len(words) or words[after].small not in ("và", "cùng", "với") or words[place].in_bare_text:
        return False
    size = _size(words, place) if not is_all_capitals(text) else 0
    after = place + size
    if not size or after >= len(words) or not words[after].is_near or is_plain_word(words[place]):
        return False
    if words[after].text not in ("và", "cùng", "với") or not _OTHERS.starts(words, after + 1):
        return False
    return not is_known_place(words, place) and not is_of_place(text, words, place)


def _is_letter(_text: str, words: list[Word], place: int) -> bool:
    """'một phụ nữ tên H.'"""
    word = words[place]
    if not place or len(word.text) != 1 or not word.is_capital or not word.is_near:
        return False
    return any(_NAMED.has(*words[place - size : place]) for size in (2, 3, 4) if place >= size)


_OF_CAPITALS = (
    _is_labelled,
    _is_explained,
    _is_set_apart,
    _is_pair,
    _is_of_people,
    _is_of_list,
    _is_with_others,
    _is_letter,
)
_OF_SMALL = (_is_labelled, _is_small_pair, _is_small_whole)
"""Tests by what stands at the place where a name may begin: a capital, or a surname in small letters."""
