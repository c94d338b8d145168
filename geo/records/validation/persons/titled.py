"""Persons by what is said round a given name: 'quản lý Hưng', 'ký nhận: Tùng', 'Thảo dẫn khách', 'Minh Đen'."""

from __future__ import annotations

import re

from geo.records.validation.persons import lexicon
from geo.records.validation.persons.capitals import is_all_capitals
from geo.records.validation.persons.surroundings import (
    BUSINESS,
    PLACES,
    begins_phrase,
    capitals,
    does_more,
    does_something,
    ends_phrase,
    follows_place_word,
    goes_on_as_word,
    is_known_place,
    is_of_place,
    is_plain_word,
)
from geo.records.validation.persons.words import Word, folded
from geo.records.validation.privacy_names import is_place, place_names, short_place_names
from geo.records.validation.privacy_words import NOBODY

_JOIN = re.compile(r"\s?[\s:(\"“'‘]{1,3}")
_SHORT_JOIN = re.compile(r"\.\s?")
_ORGANISED = lexicon.word_set("organised")
_SURELY_CALLED = lexicon.word_set("surely called")
_ASKED = lexicon.word_set("asked")
_FILLERS = lexicon.word_set("fillers")
_PEOPLES = lexicon.as_written("peoples")
_GANGS = lexicon.word_set("gangs")
_TOWARDS = lexicon.word_set("towards")
_COMMON = lexicon.word_set("common surnames")
_UNITS = lexicon.word_set("units")
_PLAIN_WORDS = lexicon.as_written("everyday without diacritics")
"""Given names that are everyday words once they lose their diacritics."""


def holds_titled_name(text: str, words: list[Word]) -> bool:
    """Whether a text names somebody by a title, a label, a nickname or what they do."""
    return any(
        test(text, words, place)
        for place in range(len(words))
        for test in (_is_titled, _holds_post, _is_nicknamed, _is_pair, _acts, _whole_acts)
    )


def _is_titled(text: str, words: list[Word], place: int) -> bool:
    lengths = [_title(kind, words, place) for kind, _ in _JUDGES]
    longest = max(lengths)
    if not longest:
        return False
    for (kind, judge), length in zip(_JUDGES, lengths, strict=True):
        if length < longest:
            continue  # 'bác sĩ' is no 'bác'
        name = place + length
        name += _FILLERS.starts(words, name)
        if name >= len(words) or not _joined(words[name - 1], words[name]):
            continue
        if (
            _is_doubtful(words, place, name)
            or _is_part_of_name(words, place, name)
            or goes_on_as_word(words, name)
            or _is_office(words[name])
        ):
            continue
        if judge(text, words, place, name) or (kind in ("called", "rank", "role", "kin") and _is_initials(words, name)):
            return True
    return False


def _title(kind: str, words: list[Word], place: int) -> int:
    """How many words from `place` on are a title: one of the list, or for a role one of its form."""
    listed = lexicon.titles(kind).starts(words, place)
    if listed or kind != "role" or place + 1 >= len(words) or not words[place + 1].is_near:
        return listed
    first, second = words[place], words[place + 1]
    if first.in_bare_text or second.is_capital or _NO_ROLES.has(first, second):
        return 0
    return 2 if first.small in ("thợ", "thầy") or second.small in _ENDS_OF_ROLES else 0


_ENDS_OF_ROLES = frozenset(("viên", "trưởng", "sư", "sĩ", "sỹ"))
"""'bếp trưởng', 'võ sư', 'hướng dẫn viên'."""
_NO_ROLES = lexicon.word_set("no roles")


def _is_office(word: Word) -> bool:
    """Whether a word begins an office or a post, and is no given name: 'đồng chí Phó Chủ tịch', 'anh Hiệu'."""
    return word.small in NOBODY and not lexicon.given_names().has_as_written(word)


def _is_initials(words: list[Word], name: int) -> bool:
    """'khách tên Đ.M.Q'."""
    letters = words[name : name + 2]
    if len(words[name].text) == 1 and words[name].is_capital and len(letters) == 2 and letters[1].gap == ". ":
        return not letters[1].is_capital  # 'Nạn nhân H. khai'
    if len(letters) < 2 or letters[1].gap not in (".", ". ") or len(letters[0].text) > 1:
        return False
    is_short = len(letters[1].text) == 1 or lexicon.given_names().has_as_written(letters[1])
    return is_short and all(word.is_capital for word in letters)


def _is_doubtful(words: list[Word], place: int, name: int) -> bool:
    """Without diacritics a title of one syllable is often another word."""
    title = words[place]
    return title.in_bare_text and name == place + 1 and title.key not in _BARE_TITLES and ":" not in words[name].gap


def _is_part_of_name(words: list[Word], place: int, name: int) -> bool:
    """'Phạm Sư Mạnh', '183A Lĩnh Nam', 'Cô Tô': what looks like a title is a syllable of a name."""
    title = words[place]
    if title.gap[-1:].isdigit() or is_place([word.text for word in words[place : name + 2]]):
        return True  # also 'Chế Lan Viên'
    if place and title.is_near and PLACES.has(words[place - 1], title):
        return True  # 'ngã ba Huyền Trân'
    is_inside = place > 0 and title.is_near and title.is_capital and words[place - 1].is_capital
    return is_inside and name == place + 1 and not title.text.isupper()


def _holds_post(text: str, words: list[Word], place: int) -> bool:
    """'Phó chủ tịch phường Lê Thu Hằng': a post, its unit and a whole name that is none of a ward."""
    unit = place + max(lexicon.titles(kind).starts(words, place) for kind in ("role", "label"))
    name = unit + (_UNITS.starts(words, unit) if place < unit < len(words) else 0)
    if not unit < name < len(words) or not words[name].is_near:
        return False
    is_whole = len(capitals(words, name)) > 2 and lexicon.surnames().has(words[name])
    return is_whole and _has_own_capital(text, words[name]) and not is_known_place(words, name)


def _joined(title: Word, name: Word) -> bool:
    return bool(_JOIN.fullmatch(name.gap)) or (len(title.text) <= 4 and bool(_SHORT_JOIN.fullmatch(name.gap)))


def _is_name(word: Word) -> bool:
    return lexicon.given_names().has(word) or lexicon.foreign("given").has(word)


def _is_written_name(word: Word) -> bool:
    return lexicon.given_names().has_as_written(word) or lexicon.foreign("given").has_as_written(word)


def _has_own_capital(text: str, word: Word) -> bool:
    """A capital says something unless all the text is in capitals."""
    return word.is_capital and not is_all_capitals(text)


def _by_role(text: str, words: list[Word], place: int, name: int) -> bool:
    if place and words[place].is_near and _ORGANISED.has(words[place - 1]):
        return False
    if not _has_own_capital(text, words[name]):
        return _small(words, place, name)
    run = capitals(words, name)
    is_whole = len(run) > 1 and lexicon.surnames().has(words[name])
    if is_whole and len(run) > 2 and not is_of_place(text, words, place):
        return True  # a whole name after a title is somebody's, even where a street bears it
    is_given = len(run) == 1 or (len(run) == 2 and all(map(_is_written_name, words[name : name + 2])))
    if is_given and _speaks(words, place, name):
        return not BUSINESS.has(words[name])  # 'Bảo vệ Đực mở cổng', 'Tổ trưởng dân phố Mạc: …'
    goes_on = not does_something(words, name + 1) and not ends_phrase(words, name + 1)
    if is_plain_word(words[name]) and not is_whole and goes_on:
        return False
    return (_is_name(words[name]) or is_whole) and not is_known_place(words, name) and not BUSINESS.has(words[name])


def _speaks(words: list[Word], place: int, name: int) -> bool:
    """Whether what follows a role is said to do something, whatever it is called; no unit ('Giám đốc Sở') does."""
    if (
        words[name].in_bare_text
        or words[name].text in _PEOPLES
        or PLACES.has_as_written(words[name])
        or _UNITS.has_as_written(words[name])
    ):
        return False
    is_post = begins_phrase(words, place) or not words[place].is_capital
    after = name + len(capitals(words, name))
    if not is_post or after == len(words) or " ".join(capitals(words, name)).casefold() in short_place_names():
        return is_post and after == name + 1 and does_something(words, after)
    return does_more(words, after) or _TOWARDS.starts(words, after) > 0 or words[after].gap.startswith(":")


def _by_rank(text: str, words: list[Word], place: int, name: int) -> bool:
    is_whole = len(capitals(words, name)) > 1 and lexicon.surnames().has(words[name])
    if words[name].text == "Thích" and len(capitals(words, name)) > 1:
        return True
    if is_whole and _has_own_capital(text, words[name]) and not is_of_place(text, words, place):
        return True  # 'GS Nguyễn Lân', whose name a street bears too
    return _by_role(text, words, place, name)


def _by_kin(text: str, words: list[Word], place: int, name: int) -> bool:
    if is_of_place(text, words, place) and words[place].is_capital:
        return False
    if not _has_own_capital(text, words[name]):
        return _small(words, place, name)
    if (
        not words[name].in_bare_text
        and lexicon.nicknames().has_as_written(words[name])
        and does_something(words, name + 1)
    ):
        return True  # 'anh hai Lúa trông xe'
    if len(capitals(words, name)) == 1 and does_something(words, name + 1) and not words[name].in_bare_text:
        return not BUSINESS.has(words[name])  # 'Bé Ni phục vụ bàn', whatever the name
    is_shouted = words[place].is_capital and not begins_phrase(words, place)
    return _is_name(words[name]) and not is_shouted and not is_known_place(words, name)


def _small(words: list[Word], place: int, name: int) -> bool:
    """A given name in small letters, or among capitals: what follows must be said of persons, or nothing follow."""
    word = words[name]
    if _ORDERED.has_as_written(word) and _trade(words, name + 1):
        return True
    if not lexicon.given_names().has(word) or is_plain_word(word) or (word.is_bare and word.key in _PLAIN_WORDS):
        return False
    if does_something(words, name):
        return False  # 'chu nha vang mat'
    if does_something(words, name + 1) or (ends_phrase(words, name + 1) and _is_introduced(words, place)):
        return True
    is_spoken_of = place > 0 and words[place].is_near and words[place - 1].folded in _SPOKEN_OF
    return is_spoken_of and name == place + 1 and not word.in_bare_text and not word.is_bare and not word.is_capital


_BARE_TITLES = lexicon.as_written("titles without diacritics")
_ORDERED = lexicon.word_set("ordered")
_TRADES = lexicon.word_set("trades")


def _trade(words: list[Word], place: int) -> bool:
    return place < len(words) and words[place].is_near and _TRADES.starts(words, place) > 0


def _is_introduced(words: list[Word], place: int) -> bool:
    """Whether a title begins what is said, or somebody is spoken of: 'theo chị thùy'."""
    return begins_phrase(words, place) or words[place - 1].folded in _SPOKEN_OF


_SPOKEN_OF = frozenset(
    map(
        folded,
        ("theo", "gặp", "hỏi", "của", "do", "lời", "cho", "nhắc", "mời", "nhờ", "báo", "với", "thấy", "gọi", "là"),
    )
)


def _by_call(text: str, words: list[Word], place: int, name: int) -> bool:
    if not _has_own_capital(text, words[name]):
        return False
    if _SURELY_CALLED.has(*words[place:name]):
        return not BUSINESS.has(words[name])
    is_of_street = place > 0 and words[place - 1].small == "mang"  # 'phố mang tên …'
    if is_of_street or follows_place_word(words, place) or BUSINESS.has(words[name]):
        return False
    return _is_name(words[name]) or lexicon.surnames().has(words[name])


def _by_label(text: str, words: list[Word], place: int, name: int) -> bool:
    word, run = words[name], capitals(words, name)
    if not _has_own_capital(text, word):
        return False
    if ":" in word.gap and len(run) > 2 and lexicon.given_names().has(words[name + len(run) - 1]):
        return not BUSINESS.has(word) and not PLACES.has(word) and not is_known_place(words, name)
    if len(run) == 2 and _ASKED.has(words[place]) and _COMMON.has_as_written(word):
        return not is_known_place(words, name) and lexicon.given_names().has(words[name + 1])
    is_shouted = words[place].is_capital and name == place + 1 and ":" not in word.gap and not _ASKED.has(words[place])
    is_said_of = does_more(words, name + 1) or (name + 1 < len(words) and words[name + 1].gap.startswith(","))
    is_shouted = is_shouted and not (begins_phrase(words, place) and is_said_of)
    if 1 < len(run) < 4 and _GANGS.has_as_written(*words[place:name]) and not is_known_place(words, name):
        return lexicon.given_names().has_as_written(word)  # 'băng của Hải Bánh'
    if is_shouted or not _is_written_name(word) or len(run) > 1:
        return False
    return not is_plain_word(word) or does_something(words, name + 1) or ":" in word.gap


def _by_account(_text: str, words: list[Word], _place: int, name: int) -> bool:
    return lexicon.given_names().has_as_written(words[name]) and not is_plain_word(words[name])


_JUDGES = (
    ("account", _by_account),
    ("called", _by_call),
    ("rank", _by_rank),
    ("role", _by_role),
    ("kin", _by_kin),
    ("label", _by_label),
)


def _is_nicknamed(text: str, words: list[Word], place: int) -> bool:
    word = words[place]
    if not _has_own_capital(text, word) or word.in_bare_text or not lexicon.given_names().has(word):
        return False
    size = lexicon.nicknames().starts(words, place + 1)
    if not size or not words[place + 1].is_near or goes_on_as_word(words, place):
        return False
    if len(capitals(words, place)) > 1 + size:
        return False
    is_quoted = word.gap[-1:] in ('"', "“", "'", "‘")
    is_whole = words[place + 1].is_capital or is_quoted or does_something(words, place + 1 + size)
    return is_whole and not is_of_place(text, words, place)


def _is_pair(text: str, words: list[Word], place: int) -> bool:
    """'có Linh và Mai tiếp': two given names, of which the first comes after a word that is no place."""
    pair = (place, place + 2)
    if place + 2 >= len(words) or words[place + 1].small not in ("và", "với", "cùng") or not words[place + 2].is_near:
        return False
    if any(not _has_own_capital(text, words[at]) or not _is_written_name(words[at]) for at in pair):
        return False
    if any(is_plain_word(words[at]) or goes_on_as_word(words, at) or len(capitals(words, at)) > 1 for at in pair):
        return False
    return not is_of_place(text, words, place) and not (words[place].is_near and words[place - 1].is_capital)


def _whole_acts(text: str, words: list[Word], place: int) -> bool:
    """'Phạm Hương trực quầy': a surname, a given name, and what is said of persons and not of streets."""
    run = capitals(words, place)
    after = place + len(run)
    first = words[place]
    is_first = lexicon.surnames().has_as_written(first) or (begins_phrase(words, place) and _is_written_name(first))
    if not 2 <= len(run) <= 4 or not _has_own_capital(text, first) or not is_first or PLACES.has_as_written(first):
        return False
    if not does_something(words, after) or _OF_STREETS.starts(words, after) or words[after - 1].text.isupper():
        return False
    if goes_on_as_word(words, place) or goes_on_as_word(words, after - 1):
        return False
    is_longer = len(run) == 4 and " ".join(run).casefold() not in place_names() and _is_written_name(words[after - 1])
    if is_known_place(words, place) and not (is_longer and begins_phrase(words, place)):
        return False
    if len(run) > 2 and _SPEECH.starts(words, after):
        return not follows_place_word(words, place)  # 'thông tin từ Lý Hoàng Phương cho hay'
    return not is_of_place(text, words, place)


_SPEECH = lexicon.word_set("speech")
_OF_STREETS = lexicon.word_set("of streets too")


def _acts(text: str, words: list[Word], place: int) -> bool:
    """'Thảo dẫn khách lên tầng': a given name that begins what is said, and goes on as of somebody."""
    word = words[place]
    if word.in_bare_text or lexicon.titles("kin").has(word):
        return False
    if not _has_own_capital(text, word) or not begins_phrase(words, place) or not does_more(words, place + 1):
        return False
    if is_of_place(text, words, place):
        return False  # 'quán: Yến đã đóng'
    if word.small in ("mai", "xuân", "thu", "hạ", "đông") and not does_something(words, place + 1):
        return False  # 'Mai sẽ kiểm tra', 'Xuân về'
    return _is_written_name(word) and not is_plain_word(word) and not goes_on_as_word(words, place)
