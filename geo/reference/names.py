"""Vietnamese place names: when two spellings are the same name, and what was probably meant when they are not.

Two spellings are one name when they agree after NFC, tone placement (`Hoà` and `Hòa`, `Thuý` and `Thúy`), case, dashes
and spaces are folded. A unit prefix (*Phường*, `P.`, *Xã*, `X.`) is separated from the name. What still differs is
only ever a suggestion, never a silent guess.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_DASHES = re.compile(r"[\s\-\u2010-\u2015\u2212_/]+")
_QUOTES = re.compile(r"[\"'`´\u2018\u2019\u201c\u201d]+")
# The letter that bears the tone, the tone, the rest of the syllable; one letter, so that long runs take linear time.
_TONED_SYLLABLE = re.compile(rf"(\w[\u0302\u0306\u031b]{{0,3}})([{_TONES}])([\w\u0302\u0306\u031b]*)")
_Y_AS_VOWEL = re.compile(rf"(?<!\S)(qu|[bcdđghklmnprstvx]{{1,3}})y(?=[{_TONES}]?(?!\S))")
_MARKS = re.compile(r"[\u0300-\u036f]")
_UNITS = {
    "phường": re.compile(r"^(?:phường|p\.)\s*(?=\S)", re.I),
    "xã": re.compile(r"^(?:xã|x\.)\s*(?=\S)", re.I),
    "thị trấn": re.compile(r"^(?:thị trấn|tt\.)\s*(?=\S)", re.I),
    "đặc khu": re.compile(r"^(?:đặc khu|đk\.)\s*(?=\S)", re.I),
}
_PLAIN_UNITS = {
    "phường": re.compile(r"^(?:phuong|p)\s+(?=\S)"),
    "xã": re.compile(r"^(?:xa|x)\s+(?=\S)"),
    "thị trấn": re.compile(r"^(?:thi tran|tt)\s+(?=\S)"),
    "đặc khu": re.compile(r"^(?:dac khu|dk)\s+(?=\S)"),
}


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """The comparison key of a name, with its diacritics: two spellings of one name have the same key.

    The tone of a syllable is moved to its end, so that both placements meet (`hoà`, `hòa` → one key); case, dashes,
    quotes and runs of spaces are folded.

    >>> fold("Phường  Yên Hòa") == fold("phường yên hoà")
    True
    >>> fold("Văn Miếu-Quốc Tử Giám") == fold("Văn Miếu – Quốc Tử Giám")
    True
    >>> fold("Phúc Diễn") == fold("Phú Diễn")
    False
    """
    decomposed = unicodedata.normalize("NFD", text.casefold())
    toned = _TONED_SYLLABLE.sub(r"\1\3\2", decomposed)
    spaced = _DASHES.sub(" ", _QUOTES.sub("", toned)).strip()
    return unicodedata.normalize("NFC", spaced)


@lru_cache(maxsize=65536)
def y_as_i(key: str) -> str:
    """A key of `fold` or `plain` with *i* for *y* as the only vowel behind consonants: both are written of one name.

    *Vĩ Dạ* and *Vỹ Dạ*, *Quí* and *Quý*; *Thụy* and *Yên* stay, where the other letter is another sound.

    >>> y_as_i(fold("Vỹ Dạ")) == y_as_i(fold("Vĩ Dạ")), y_as_i("quy") == y_as_i("qui")
    (True, True)
    >>> y_as_i(fold("Thụy Khuê")) == fold("Thụy Khuê")
    True
    """
    decomposed = _Y_AS_VOWEL.sub(r"\1i", unicodedata.normalize("NFD", key))
    return unicodedata.normalize("NFC", decomposed)


def unmarked(key: str) -> str:
    """A key of `fold` without its diacritics: `plain` of what it was made of, sooner.

    >>> unmarked(fold("Đường Láng")) == plain("Đường Láng")
    True
    """
    return _MARKS.sub("", unicodedata.normalize("NFD", key)).replace("đ", "d")


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """The key of a name without any diacritic, for those who type without them.

    >>> plain("Phường Yên Hoà")
    'phuong yen hoa'
    >>> plain("Đường Láng")
    'duong lang'
    """
    return unmarked(fold(text))


def has_diacritics(text: str) -> bool:
    """Whether the writer used Vietnamese letters at all; if not, names are compared without them."""
    return fold(text) != plain(text)


def half_marked(asked: str, name: str) -> bool:
    """Whether a name is one that was typed with some of its marks: each syllable as it is, or without any.

    >>> half_marked("Yen Hòa", "Yên Hòa"), half_marked("Yên Hoa", "Yên Hòa"), half_marked("Yến Hoa", "Yên Hòa")
    (True, True, False)
    """
    typed, whole = y_as_i(fold(asked)).split(), y_as_i(fold(name)).split()
    return len(typed) == len(whole) and all(a in (b, unmarked(b)) for a, b in zip(typed, whole, strict=True))


def split_unit(text: str) -> tuple[str | None, str]:
    """The unit a name begins with, spelled out (`phường`, `xã`, `thị trấn`, `đặc khu`; None without one), and the rest.

    >>> split_unit("P. Yên Hòa")
    ('phường', 'Yên Hòa')
    >>> split_unit("Phương Mai")
    (None, 'Phương Mai')
    """
    clean = unicodedata.normalize("NFC", text).strip()
    for unit, pattern in _UNITS.items():
        found = pattern.match(clean)
        if found:
            return unit, clean[found.end() :]
    return None, clean


def plain_units(text: str) -> tuple[tuple[str | None, str], ...]:
    """Every reading of a name typed without diacritics: as a whole, and with its first word taken as a unit.

    `phuong mai` may be Phương Mai or Phường Mai, so both are returned; keys are those of `plain`.
    """
    key = plain(text)
    readings: list[tuple[str | None, str]] = [(None, key)]
    for unit, pattern in _PLAIN_UNITS.items():
        found = pattern.match(key)
        if found:
            readings.append((unit, key[found.end() :]))
    return tuple(readings)


def suggest(name: str, known: Iterable[str], limit: int = 3) -> list[str]:
    """Up to `limit` known names nearest to `name`, best first; none where nothing is near (similarity under 60 of 100).

    Similarity is rapidfuzz's normalised indel ratio over the folded names, diacritics counted half.
    """
    from rapidfuzz import fuzz

    wanted, wanted_plain = fold(name), plain(name)
    scored = [
        (0.5 * fuzz.ratio(wanted, fold(other)) + 0.5 * fuzz.ratio(wanted_plain, plain(other)), other)
        for other in dict.fromkeys(known)
    ]
    near = sorted((entry for entry in scored if entry[0] >= 60.0), key=lambda entry: (-entry[0], entry[1]))
    return [other for _, other in near[:limit]]
