"""Names of persons however they are written: small, without diacritics, glued, or cut by signs.

A name is a surname, a middle name and more. It is sought among words without diacritics; where the writer used
diacritics they must be those of the name. Streets and wards that are known bear the names of persons and are none.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from geo.records.validation.privacy_names import place_names
from geo.records.validation.privacy_words import (
    DAYS_BEFORE,
    MIDDLE_NAMES,
    MORE_MIDDLES,
    PLACE_WORDS,
    TOWARDS_PLACES,
    all_surnames,
    doubtful_surnames,
    sure_surnames,
)
from geo.reference.names import plain

_SURE_MIDDLES = ("Văn", "Thị")
_NEVER_WORDS = ("Nguyễn", "Huỳnh", "Bùi", "Đặng", "Trịnh")
"""Surnames that mean nothing else, so that small letters do not make a word of them."""
_WORD = re.compile(r"[^\W\d_]+")
_CUT = re.compile(r"(?<=[^\W\d_])(?:[._*|~·•/\\+\-–]{1,3}| [*|~·•/] )(?=[^\W\d_])")
_SPREAD = re.compile(r"(?:(?<=\W)|^)(?:[^\W\d_][ ._\-]){3,}[^\W\d_](?=\W|$)")
_INITIALS = re.compile(r"(?<![\w.])(?:(?:Ng|Tr|Ph|[A-ZĐ])\.\s?[VT]\.\s?[A-ZĐ]\w*|(?:Ng|Tr|Ph)\.\s?(?:Thị|Văn)\s[A-ZĐ])")
_AFTER = frozenset(
    [
        "va",
        "tai",
        "o",
        "la",
        "co",
        "cua",
        "tren",
        "tu",
        "den",
        "nay",
        "do",
        "cho",
        "ve",
        "cu",
        "moi",
        "sau",
        "truoc",
        "luc",
        "khi",
        "thieu",
        "gan",
        "bi",
        "da",
        "dang",
        "khong",
        "voi",
        "giao",
        "cat",
        "buoi",
        "toi",
        "dem",
    ]
)
"""Words, without diacritics, that go on after a name; in small letters none of them is part of one."""


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    key: str
    begins: int

    @property
    def is_bare(self) -> bool:
        return self.text.casefold() == self.key

    @property
    def is_capital(self) -> bool:
        return self.text[:1].isupper()


def holds_hidden_name(text: str) -> bool:
    """Whether a text (as a reader sees it) holds the name of a person in one of these disguises."""
    if _INITIALS.search(text):
        return True
    readings = (text, _CUT.sub(" ", text), _SPREAD.sub(lambda match: re.sub(r"[ ._\-]", "", match[0]), text))
    return any(_in(reading) for reading in dict.fromkeys(readings))


def _in(text: str) -> bool:
    words = [_Word(match[0], plain(match[0]), match.start()) for match in _WORD.finditer(text)]
    return any(_glued(word) for word in words) or any(_at(text, words, place) for place in range(len(words) - 2))


def _at(text: str, words: list[_Word], place: int) -> bool:
    surname, middle, given = words[place : place + 3]
    if text[surname.begins + len(surname.text) : given.begins].strip() != middle.text:
        return False  # a comma or a full stop stands between them
    sure = _is(surname, sure_surnames())
    if not (sure or _is(surname, doubtful_surnames())) or (len(given.text) < 2 and not given.is_capital):
        return False
    # In a note of capitals alone they say nothing.
    if middle.is_bare and not surname.is_bare and _is(middle, ("Thị", "Văn")):
        return False  # 'chỉ tiêu thi đua': whoever writes with diacritics writes all of them
    capitals = surname.is_capital and given.is_capital and not text.isupper()
    is_middle = _is(middle, _SURE_MIDDLES)
    is_middle |= ((capitals and sure) or _is(surname, _NEVER_WORDS)) and _is(middle, _middles())
    if (
        not is_middle
        or (given.key in _AFTER and (not given.is_capital or text.isupper()))
        or (not sure and not capitals)
    ):
        return False
    return not _leads_to_place(text[: surname.begins]) and not _is_place(words[place : place + 4])


def _is(word: _Word, names: tuple[str, ...]) -> bool:
    """Whether a word is one of some names: with its diacritics, or without any."""
    known = _keyed(names)
    if word.key not in known:
        return False
    return word.is_bare or word.text.casefold() in known[word.key]


@cache
def _keyed(names: tuple[str, ...]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name in names:
        found.setdefault(plain(name), set()).add(name.casefold())
    return found


def _glued(word: _Word) -> bool:
    """'nguyenvantuan', 'NguyễnVănTuấn': a surname, a middle name and more in one word."""
    if len(word.key) < 8:
        return False
    return bool(_glued_name().fullmatch(word.key))


@cache
def _glued_name() -> re.Pattern[str]:
    surnames = "|".join(sorted({plain(name) for name in sure_surnames()}, key=len, reverse=True))
    return re.compile(rf"(?:{surnames})(?:van|thi)[a-z]{{2,12}}")


def names_like_persons(text: str) -> list[str]:
    """The parts of a name of a place that begin with a surname and go on with capitals: what it is taken for."""
    found = []
    for match in _CAPITALS.finditer(unicodedata.normalize("NFC", text)):
        words = match[0].split()
        begins = [place for place, word in enumerate(words[:-1]) if plain(word) in _keyed(all_surnames())]
        found += [" ".join(words[place:]) for place in begins[:1]]
    return found


_CAPITALS = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)+")


def _leads_to_place(before: str) -> bool:
    words = re.split(r"[.;:!?\n,]", before)[-1].split()[-2:]
    tail = [word.casefold() for word in words]
    if " ".join(tail) in DAYS_BEFORE:
        return False
    bare = {plain(word) for word in PLACE_WORDS}
    return bool(tail) and (
        tail[-1] in PLACE_WORDS | TOWARDS_PLACES or " ".join(tail) in PLACE_WORDS
        or (tail[-1].isascii() and " ".join(tail[-1:]) in bare)
    )  # fmt: skip


def _is_place(words: list[_Word]) -> bool:
    keys, known = [word.key for word in words], _plain_places()
    if any(" ".join(keys[:end]) in known for end in (3, 4)):
        return True
    return " ".join(keys[:2]) in known and not words[2].is_capital


@cache
def _plain_places() -> frozenset[str]:
    return frozenset(plain(name) for name in place_names())


@cache
def _middles() -> tuple[str, ...]:
    return tuple({name.title() for name in MIDDLE_NAMES} | set(MORE_MIDDLES))
