"""Numbers said in words, as digits: 'ba mươi a năm sáu' → '30 a 56'; a word alone stays, for it is often no number."""

from __future__ import annotations

import re
from functools import lru_cache

from geo.records.validation.privacy_words import listed
from geo.reference.names import plain

_SAID = (
    "khong ko zero oh", "mot one", "hai two", "ba three", "bon tu four", "nam lam nham five", "sau six", "bay seven",
    "tam eight", "chin nine",
)  # fmt: skip
_DIGITS = {word: str(value) for value, words in enumerate(_SAID) for word in words.split()}
_TENS = ("muoi", "chuc")
_HUNDRED = "tram"
_FILLERS = frozenset(listed("linh, le"))
_NUMBERS = frozenset((*_DIGITS, *_TENS, _HUNDRED, *_FILLERS))
_RUN = re.compile(r"(?<!\w)[^\W\d_]+(?:[\s,.\-]{1,2}[^\W\d_]+)*")
_WORD = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=4)  # each kind of number is sought in the same text
def as_digits(text: str) -> str:
    """A text with each run of two or more words for digits as digits."""
    if sum(map(_is_number, _WORD.findall(text))) < 2:
        return text  # as most texts, and runs take time to part
    return _RUN.sub(_replaced, text)


def _replaced(match: re.Match[str]) -> str:
    found, end, run = [], 0, list[re.Match[str]]()
    for word in [*_WORD.finditer(match[0]), None]:
        if word is not None and _is_number(word[0]):
            run.append(word)
            continue
        if len(run) > 1:
            found += [match[0][end : run[0].start()], _value([plain(said[0]) for said in run])]
            end = run[-1].end()
        run = []
    return "".join(found) + match[0][end:]


def _is_number(word: str) -> bool:
    return plain(word) in _NUMBERS


def _value(words: list[str]) -> str:
    """'hai muoi hai' → 22, 'muoi chin' → 19, 'ba muoi' → 30, 'mot chin tam lam' → 1985."""
    digits = ""
    for place, word in enumerate(words):
        after = words[place + 1] if place + 1 < len(words) else ""
        before = words[place - 1] if place else ""
        if word in _TENS:
            digits += ("" if before in _DIGITS else "1") + ("" if after in _DIGITS else "0")
        elif word == _HUNDRED:
            digits += "" if after in _DIGITS or after in _FILLERS else "00"
        elif word in _FILLERS:
            digits += "0"  # 'linh chín một', 'tám linh bốn'
        else:
            digits += _DIGITS[word]
    return digits
