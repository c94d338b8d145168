"""Names of persons however they are written: small, without diacritics, glued, or cut by signs.

A name is a surname, a middle name and more. It is sought among words without diacritics; where the writer used
diacritics they must be those of the name. Streets and wards that are known bear the names of persons and are none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from geo.records.validation.persons.capitals import is_all_capitals
from geo.records.validation.persons.lexicon import compounds
from geo.records.validation.persons.surroundings import ENGLISH_PLACES
from geo.records.validation.privacy_names import UPPER, last_two, plain_places
from geo.records.validation.privacy_words import (
    DAYS_BEFORE,
    MIDDLE_NAMES,
    MORE_MIDDLES,
    PLACE_WORDS,
    TOWARDS_PLACES,
    all_surnames,
    doubtful_surnames,
    listed,
    sure_surnames,
)
from geo.reference.names import plain

_SURE_MIDDLES = ("Văn", "Thị")
_NEVER_WORDS = ("Nguyễn", "Huỳnh", "Bùi", "Đặng", "Trịnh")
"""Surnames that mean nothing else, so that small letters do not make a word of them."""
_WORD = re.compile(r"[^\W\d_]+")
_CUT = re.compile(r"(?<=[^\W\d_])(?:[._*|~·•/\\+\-–]{1,3}| [*|~·•/._] )(?=[^\W\d_])")
_SPREAD = re.compile(r"(?:(?<=\W)|^)(?:[^\W\d_][ ._\-/*]){3,}[^\W\d_](?=\W|$)")
_WITHIN = re.compile(r"(?<=[^\W\d_])[._\-/*](?=[^\W\d_])")
_SIGNS = r"\s?[\"'“”‘’()\[\]{}=:;,·•|]{1,3}\s?"
_LAST_FIRST = re.compile(
    r"(?<!\w)(?:Nguyen|Tran|Pham|Huynh|Hoang|Phan|Dang|Bui|Trinh|Truong|Nguyễn|Trần|Phạm|Lê|Le),\s(?:Thi|Van|Thị|Văn)\s[A-ZĐ]"
)
"""'Nguyen, Thi Thanh Xuan'."""
_ROUND_MIDDLE = re.compile(rf"{_SIGNS}\b((?i:văn|thị|van|thi))\b{_SIGNS}(?=\w)|(?<=\w)[\"“”‘’]\s[\"“”‘’](?=\w)")
"""Signs on both sides of the middle name, which is all that makes sure of a name."""
_BETWEEN_LETTERS = re.compile(r"(?<=[^\W\d_])\d(?=[^\W\d_])")
_DIGIT = re.compile(r"(?<=[^\W\d_])[013457](?![\d.,])(?=[^\W\d_]|\b)")
_AS_LETTER = dict(zip("013457", "oieast", strict=True))
_INITIALS = re.compile(r"(?<![\w.])(?:(?:Ng|Tr|Ph|[A-ZĐ])\.\s?[VT]\.\s?[A-ZĐ]\w*|(?:Ng|Tr|Ph)\.\s?(?:Thị|Văn)\s[A-ZĐ])")
_AFTER = tuple(
    listed(
        "và, tại, ở, là, có, của, trên, từ, đến, này, nay, do, cho, về, cũ, mới, sau, trước, lúc, khi, thiếu, gần, bị, "
        "đã, đang, không, với, giao, cắt, buổi, tối, tới, đêm"
    )
)
"""Words that go on after a name; in small letters none of them is part of one."""


_LIKE_NGUYEN = re.compile(r"n(?:g?[uy]{1,2}e{1,2}|gu?ye{1,2}|yu?e)[nmgx]{1,2}")
"""'Ngyuen', 'Nguen', 'Nguyeen': the commonest surname, mistyped."""


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
    if _INITIALS.search(text) or _MASKED.search(text) or _LAST_FIRST.search(text):
        return True
    return any(_in(reading) for reading in dict.fromkeys(_readings(text)))


def _readings(text: str) -> Iterator[str]:
    """The text as it is, and with what may have been put into a name taken out."""
    yield text
    yield _CUT.sub(" ", text)
    yield _SPREAD.sub(lambda match: re.sub(r"[ ._\-/*]", "", match[0]), text)
    yield _WITHIN.sub("", text)
    yield _ROUND_MIDDLE.sub(lambda match: f" {match[1] or ''} ", text)
    yield _BETWEEN_LETTERS.sub(" ", text)
    yield _CAMEL.sub(" ", text)
    yield _HEAD_APART.sub(_joined, text)
    yield _TELEX.sub(lambda match: _untyped(match[0]), text)
    yield _DIGIT.sub(lambda match: _AS_LETTER[match[0]], text)


_HEAD_APART = re.compile(rf"(?<!\w)((?:[BCDĐGHKLMNPQRSTVX]|Ng|Th|Tr|Ph|Kh|Nh|Ch|Qu))\s([{UPPER.lower()}]{{2,}})(?!\w)")


def _joined(match: re.Match[str]) -> str:
    """'N guyễn' → 'Nguyễn'; 'K hay' stays."""
    whole = match[1] + match[2]
    is_surname = whole.casefold() in _keyed(sure_surnames()).get(plain(whole), ())
    return whole if is_surname else match[0]


_MASKED = re.compile(
    rf"(?<!\w)[{UPPER}][^\W\d_]*\*+\w*\s(?:Văn|Thị|V\*+\w*|T\*+\w*)\s[{UPPER}]|(?<!\w)[{UPPER}]\w*\s(?:Văn|Thị)\s[{UPPER}]?\w*\*"
)
"""'L* Thị H*ng', 'Lê Thị H***': letters that were taken out."""
_CAMEL = re.compile(rf"(?<=[{UPPER.lower()}])(?=[{UPPER}][{UPPER.lower()}])")
_TELEX = re.compile(r"\b[A-Za-z]*(?:([aeodAEOD])\1|[aAoOuU][wW]|[A-Za-z][1-9])[A-Za-z1-9]*\b")
"""Keys of Telex and VNI that stayed letters and digits: 'Nguyeenx Vawn Nam', 'Nguye6n4 Va8n Nam'."""


def _untyped(word: str) -> str:
    """'Nguyeenx' → 'Nguyen'."""
    letters = re.sub(r"([aeod])\1", r"\1", re.sub(r"[1-9]", "", word), flags=re.I)
    return re.sub(r"(?<=[aou])w|(?<=[aeiouywnmghcpt])[sfrxj]$", "", letters, flags=re.I)


def _in(text: str) -> bool:
    words = [_Word(match[0], plain(match[0]), match.start()) for match in _WORD.finditer(text)]
    if any(_glued(word) for word in words) or any(_half_glued(*pair) for pair in pairwise(words)):
        return True
    return any(_at(text, words, place) or _turned(words[place : place + 4], text) for place in range(len(words) - 2))


def _at(text: str, words: list[_Word], place: int) -> bool:
    surname, middle, given = words[place : place + 3]
    if text[surname.begins + len(surname.text) : given.begins].strip() != middle.text:
        return False  # a comma or a full stop stands between them
    if _is_word(middle, given) or not _sounds_like_name(text, words[place : place + 5]):
        return False
    if _is_led(words[place : place + 5]):
        return False
    before = words[place - 1] if place else None
    if before is not None and before.key == "boi" and _is(surname, sure_surnames()):
        return True
    if before is not None and before.is_capital and middle.is_capital and not given.is_capital:
        return False  # 'Tảo Dương Văn đông xe': what begins before ends before too
    return not _leads_to_place(text[: surname.begins]) and not _is_place(words[place : place + 4])


def _sounds_like_name(text: str, words: list[_Word]) -> bool:
    surname, middle, given = words[:3]
    sure = _is(surname, sure_surnames()) or (surname.is_capital and _is_like_nguyen(surname))
    does = _goes_on(words[3:4]) or (_is(middle, ("Thị",)) and _goes_on(words[4:5]))
    if not (sure or _is(surname, doubtful_surnames())) or _is_cut(surname, middle, given):
        return False
    is_shown = _is(surname, _NEVER_WORDS) and middle.is_capital and given.is_capital and not is_all_capitals(text)
    if middle.is_bare and not surname.is_bare and _is(middle, _SURE_MIDDLES) and not is_shown:
        return False  # 'chỉ tiêu thi đua': whoever writes with diacritics writes all of them
    # In a note of capitals alone they say nothing.
    capitals = surname.is_capital and given.is_capital and not is_all_capitals(text)
    if _is(given, _AFTER) and (not given.is_capital or is_all_capitals(text)):
        return False
    if _is(middle, _SURE_MIDDLES):
        return sure or capitals or does
    may_be = (capitals and sure) or _is(surname, _NEVER_WORDS) or (does and surname.key in _COMMON)
    return may_be and _is(middle, _middles())


def _is_word(middle: _Word, given: _Word) -> bool:
    return f"{middle.key} {given.key}" in compounds().bare


def _is_led(words: list[_Word]) -> bool:
    """'Từ Hà Huy Tập', 'Doan Le Loi', 'Quan Bao Tam': the first word is one for a place, or leads to one."""
    first, rest = words[0], [word.key for word in words[1:]]
    if first.is_bare and first.key in ("quan", "pho", "doan", "ho") and words[1].key not in ("van", "thi"):
        return True
    if any(word.key in ENGLISH_PLACES for word in words[2:]):
        return True
    leads = first.key in _leading()
    return leads and any(" ".join(rest[:end]) in plain_places() for end in (2, 3, 4))


@cache
def _leading() -> frozenset[str]:
    return frozenset(map(plain, PLACE_WORDS | TOWARDS_PLACES))


def _is_like_nguyen(word: _Word) -> bool:
    return word.key != "nguyen" and bool(_LIKE_NGUYEN.fullmatch(word.key))


def _is_cut(surname: _Word, middle: _Word, given: _Word) -> bool:
    """Whether a single small letter stands for the given name, but for 'nguyễn thị m'."""
    is_one = len(given.text) < 2 and not given.is_capital
    return is_one and not (_is(surname, _NEVER_WORDS) and _is(middle, _SURE_MIDDLES))


def _goes_on(after: list[_Word]) -> bool:
    """Whether what follows is said of somebody."""
    return bool(after) and after[0].key in _SAID_OF_PERSONS


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


def _half_glued(word: _Word, given: _Word) -> bool:
    """'NguyenVan Hải', 'Ngvăn Hải', 'ngvan hung'."""
    if word.key in ("ngvan", "ngthi"):
        return True
    return word.is_capital and given.is_capital and word.key.startswith(_LONG) and word.key[-3:] in ("van", "thi") and (
        word.key[:-3] in _LONG
    )  # fmt: skip


_LONG = ("nguyen", "tran", "pham", "huynh", "hoang", "phan", "dang", "trinh", "truong", "dinh", "bui", "ng")


def _turned(words: list[_Word], text: str) -> bool:
    """'quyet van trinh o day': the surname last, which goes on after it as of somebody."""
    if len(words) < 4:
        return False
    given, middle, surname, after = words
    if not (_is(middle, _SURE_MIDDLES) and surname.key in _COMMON and (surname.is_bare or _is(surname, _NEVER_WORDS))):
        return False
    is_known = f"{middle.key} {surname.key}" in plain_places() or _is(given, sure_surnames())
    return after.key in _SAID_OF_PERSONS and not is_known and not _leads_to_place(text[: given.begins])


_COMMON = frozenset(("nguyen", "tran", "pham", "huynh", "bui", "trinh", "hoang", "truong", "vu", "dinh", "ngo"))
_SAID_OF_PERSONS = frozenset(
    listed(
        "o, hay, ngoi, dung, thue, ban, khai, bao, to, dan, cho, lam, quan, trong, chu, cam, bo, nhan, tiep, gap, mo, "
        "canh, moi"
    )
)
"""Words, without diacritics, with which goes on what is said of somebody."""


@cache
def _glued_name() -> re.Pattern[str]:
    surnames = "|".join(sorted({plain(name) for name in sure_surnames()}, key=len, reverse=True))
    return re.compile(rf"(?:{surnames})(?:van|thi)[a-z]{{2,12}}|nguyen(?:van|thi)[a-z]")


def names_like_persons(text: str) -> list[str]:
    """The parts of a name of a place that begin with a surname and go on with capitals: what it is taken for."""
    found = []
    for match in _CAPITALS.finditer(unicodedata.normalize("NFC", text)):
        words = match[0].split()
        begins = [place for place, word in enumerate(words[:-1]) if plain(word) in _keyed(all_surnames())]
        found += [" ".join(words[place:]) for place in begins[:1]]
    return found


_CAPITALS = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)+")


@cache
def _bare_place_words() -> frozenset[str]:
    return frozenset(map(plain, PLACE_WORDS))


def _leads_to_place(before: str) -> bool:
    words = re.split(r"[.;:!?,]", last_two(before))[-1].split()[-2:]
    tail = [word.casefold() for word in words]
    if " ".join(tail) in DAYS_BEFORE:
        return False
    if tail and tail[-1] in ("do", "cung") and before.isascii():
        return False  # 'do' and 'cùng' more often than 'đò' and 'cung'
    bare = _bare_place_words()
    return bool(tail) and (
        tail[-1] in PLACE_WORDS | TOWARDS_PLACES or " ".join(tail) in PLACE_WORDS
        or (tail[-1].isascii() and " ".join(tail[-1:]) in bare)
    )  # fmt: skip


def _is_place(words: list[_Word]) -> bool:
    keys, known = [word.key for word in words], plain_places()
    if any(" ".join(keys[:end]) in known for end in (3, 4)):
        return True
    # A street 'Nguyễn Văn' would make a place of every name that goes on so.
    return " ".join(keys[:2]) in known and keys[1] not in ("van", "thi") and not words[2].is_capital


@cache
def _middles() -> tuple[str, ...]:
    return tuple({name.title() for name in MIDDLE_NAMES} | set(MORE_MIDDLES))
