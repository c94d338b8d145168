"""Numbers of persons however they are written: with any signs between the digits, as words, in any script.

The text is read as a stream of digits. What stands between two of them is passed over as long as it is no letter;
letters that look like digits count as digits inside a number. Only a stream that is a telephone or identity number as a
whole
counts: dates, chainages, coordinates and figures of documents were taken out before (`geo.records.validation.privacy`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import zip_longest

from geo.records.validation.privacy_words import listed
from geo.reference.names import plain

BARRIER = "\ue000"
"""Stands where something harmless was taken out: no number goes on across it."""
_WORDS = {
    **dict.fromkeys(("khong", "zero", "oh", "hong", "ko", "hok", "linh"), "0"),
    **dict.fromkeys(("mot", "one"), "1"),
    **dict.fromkeys(("hai", "two"), "2"),
    **dict.fromkeys(("ba", "three"), "3"),
    **dict.fromkeys(("bon", "tu", "four"), "4"),
    **dict.fromkeys(("nam", "lam", "five"), "5"),
    **dict.fromkeys(("sau", "six"), "6"),
    **dict.fromkeys(("bay", "seven"), "7"),
    **dict.fromkeys(("tam", "eight"), "8"),
    **dict.fromkeys(("chin", "nine"), "9"),
}
_AS_SPOKEN = frozenset(
    ["không", "linh", "một", "mốt", "hai", "ba", "bốn", "tư", "năm", "lăm", "nhăm", "sáu", "bảy", "bẩy", "tám", "chín"]
)
"""How the words are written with their diacritics: 'từ' after a number is no 'tư'."""
_TIMES = re.compile(r"\d{2,}(?:[^\W\d_]\d{2,})+|\d+(?:[xX]\d+)+")
"""'0912x345x678', '0912k345k678'."""
_TENS = "muoi"
_BETWEEN = frozenset(
    listed(
        "roi, dau, giua, cuoi, duoi, tiep, xong, va, cham, gach, cong, la, ghep, noi, "
        "toi, den, them, sang, xuong, tru, thi, cai, so, con"
    )
)
"""Words, without diacritics, that are said between the parts of one number."""
_LOOKALIKE = str.maketrans("oOlIiSsBZz", "0011155822")
_WITHIN = re.compile(r"(?<=[\doO])[EA]")
"""'22E', 'O9A1', and not 'E105', which is east."""
_AS_LETTERS = str.maketrans("013457", "oieast")
"""'kh0ng'."""
_TOKEN = re.compile(rf"[^\W_]+|{BARRIER}|\n")
_REPEATED = re.compile(r"([^\w\s])\1{2,}")
"""A sign many times is one: '0912.......345'."""
_GAP = 6
"""More signs than this between two digits, and another number begins."""
_PHONE = re.compile(r"(?:0|84|0084)(?:[35789]\d{8}|1[2689]\d{8}|2\d{9})")
_IDENTITY = re.compile(r"0(?:0[1-9]|[1-9]\d)\d{9}")
_SHORTEST = 10


def numbers_in(text: str) -> tuple[bool, bool]:
    """Whether a telephone number of Việt Nam, and a citizen's identity number (12 digits), stand in a text, in whatever
    disguise."""
    numbers = [number for number in _numbers(text) if len(number) >= _SHORTEST]
    return any(map(_PHONE.fullmatch, numbers)), any(map(_IDENTITY.fullmatch, numbers))


def _numbers(text: str) -> Iterator[str]:
    """The streams of digits of a text."""
    digits, end = "", 0
    tokens = [*_TOKEN.finditer(_REPEATED.sub(r"\1", unicodedata.normalize("NFKC", text)))]
    for match, after in zip_longest(tokens, tokens[1:]):
        if digits and match.start() - end <= _GAP and _is_between(match[0]):
            end = match.end()
            continue
        found = _tens(match[0], digits, after) if plain(match[0]) == _TENS else _digits(match[0], within=bool(digits))
        if found and (not digits or match.start() - end <= _GAP):
            digits += found
        else:
            if digits:
                yield digits
            digits = found
        end = match.end()
    yield digits


def _is_between(token: str) -> bool:
    """Whether a number may go on behind this token: 'rồi', 'chấm', a single letter."""
    is_letter = len(token) == 1 and token.isalpha() and token not in "oOlI"
    return is_letter or plain(token) in _BETWEEN


def _tens(word: str, before: str, after: re.Match[str] | None) -> str:
    """'mười' and 'mươi': the digits that they add before a digit that is said, or at the end."""
    is_followed = after is not None and plain(after[0]) in _WORDS
    one, zero = "" if word.casefold() == "mươi" else "1", "" if is_followed else "0"
    return one + zero if before else ""


@lru_cache(20_000)  # notes are made of the same words, and most of an import's time went into them
def _digits(token: str, *, within: bool) -> str:
    """The digits that a token stands for; '' for a word."""
    if token.isnumeric():
        return _of_any_script(token)
    word = _WORDS.get(plain(token), "") or (_WORDS.get(plain(token.translate(_AS_LETTERS)), "") if within else "")
    if word:
        small = unicodedata.normalize("NFC", token.casefold())
        return word if small.isascii() or small in _AS_SPOKEN or not token.isalpha() else ""
    if _TIMES.fullmatch(token) and not token.translate(_LOOKALIKE).isdigit():
        return re.sub(r"\D", "", token)
    looked = _WITHIN.sub(lambda match: "34"["EA".index(match[0])], token).translate(_LOOKALIKE)
    if looked.isdigit() and (any(char.isdigit() for char in token) or (within and len(token) == 1)):
        return looked
    spelled = _spelled(plain(token))
    return spelled if len(spelled) >= 3 else ""


def _of_any_script(token: str) -> str:
    """'0九8七' → 0987; '' where a sign stands for something else than 0 to 9, as '十' and '½' do."""
    values = [unicodedata.numeric(char) for char in token]
    return "".join(str(int(value)) for value in values) if all(value in range(10) for value in values) else ""


def _spelled(token: str) -> str:
    """The digits of words written in one: 'khongchinmothai'; '' where anything else stands among them."""
    found, place = "", 0
    while place < len(token):
        if token[place].isdigit():
            found, place = found + token[place], place + 1
            continue
        word = next((word for word in _LONGEST if token.startswith(word, place)), "")
        if not word:
            return ""
        found, place = found + _WORDS[word], place + len(word)
    return found


_LONGEST = sorted(_WORDS, key=len, reverse=True)
