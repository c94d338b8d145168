"""Names that were mistyped or disguised: other signs for letters, vowels twice, wrong marks, letters apart.

Whoever writes of a street does not disguise its name: what was changed is a person's even where a street bears it.
"""

from __future__ import annotations

import re
from itertools import pairwise

from geo.records.validation.persons import lexicon
from geo.records.validation.persons.words import Word, words_of
from geo.records.validation.privacy_words import listed
from geo.reference.names import plain

_ODD = re.compile(r"(?<![\w@$])[^\W\d_]+[@$013457][^\W\d_]+(?![\w@])|(?<![\w@$])[^\W\d_]{1,3}[@$][^\W\d_]?(?![\w@])")
_LETTERS = str.maketrans("@$013457", "asoieast")
_TWICE = re.compile(r"([aeiouy])(?=([^\W\d_]))", re.I)
_SPREAD = re.compile(r"(?<![\w\-.])[^\W\d_](?:[\-_*·][^\W\d_]){2,}(?![\w\-])")
_TELEX = re.compile(r"(?<!\w)[A-Za-z]*([aeodAEOD])\1[a-z]*[sfrxj]?(?!\w)")
_TONE = re.compile(r"(?<=[aeiouy])([nmcp]|ng|nh|ch)?[sfrxj](?!\w)")
_SURNAMES = frozenset(
    listed("nguyen, tran, pham, huynh, hoang, phan, dang, bui, dinh, trinh, truong, duong, ngo, le, vu, vo, do, ly, ho")
)
_NGUYEN = frozenset(("nguyễn", "nguyên", "nguyện", "nguyền", "nguyến", "nguyen"))


def holds_mistyped_name(text: str, words: list[Word]) -> bool:
    """Whether a text holds a name written so."""
    if _is_spread(text) or _is_mismarked(words):
        return True
    readings = (_without_signs(text), _without_twice(text), _without_telex(text))
    return any(changed != text and _holds_name(words, changed) for changed in readings)


def _is_spread(text: str) -> bool:
    """'T-r-u-n-g', 'P_h_ạ_m H_ù_n_g'."""
    for match in _SPREAD.finditer(text):
        word = words_of(re.sub(r"[\-_*·]", "", match[0]))
        if word and len(word[0].text) > 2 and (lexicon.given_names().has(word[0]) or lexicon.surnames().has(word[0])):
            return True
    return False


def _is_mismarked(words: list[Word]) -> bool:
    """'Ngúyên Vàn Hừng'."""
    return any(
        word.is_capital and word.key == "nguyen" and word.text.casefold() not in _NGUYEN and after.is_capital
        for word, after in pairwise(words)
        if after.is_near
    )


def _without_signs(text: str) -> str:
    return _ODD.sub(lambda match: match[0].translate(_LETTERS), text)


def _without_twice(text: str) -> str:
    """'Leê Vaăn' → 'Lê Văn'."""
    return _TWICE.sub(lambda m: "" if m[2] != plain(m[2]) and plain(m[2]) == m[1].casefold() else m[1], text)


def _without_telex(text: str) -> str:
    if not _TELEX.search(text):
        return text
    once = re.sub(r"([aeodAEOD])\1", r"\1", text)
    return _TONE.sub(lambda match: match[1] or "", once)


def _holds_name(as_written: list[Word], changed: str) -> bool:
    before = {word.text for word in as_written}
    words = words_of(changed)
    for surname, middle, given in zip(words, words[1:], words[2:], strict=False):
        if not (middle.is_near and given.is_near and surname.is_capital and given.is_capital):
            continue
        is_changed = any(word.text not in before for word in (surname, middle, given))
        if is_changed and surname.key in _SURNAMES and _is_one_of(middle, lexicon.middles()):
            return True
    return False


def _is_one_of(word: Word, known: lexicon.WordSet) -> bool:
    return word.key in known.bare
