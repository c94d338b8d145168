"""Text of fonts before Unicode (TCVN3, also called ABC, and VNI), recognised by what reads as Vietnamese then.

A reading of such text is a guess; it is taken where the words are syllables of Vietnamese in it and are not without it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache

from geo.importing.tables.model import Cell, Row
from geo.reference.ward_names.legacy_encodings import readings, without_footnotes

_ONSET = "(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnprstvx])?"
_RHYME = (
    "(?:iêu|yêu|oai|oay|oao|oeo|uây|uôi|ươi|ươu|uyu|uêu|[aăâeêioôơuưy]i?|ao|au|ay|âu|ây|eo|êu|iu|ưu|uy|ia|ya|ua|ưa|uê|uơ|oa|oe"
    "|(?:uyê|iê|yê|uô|ươ|oa|oă|oe|uâ|uê|uy|oo|[aăâeêioôơuưy])(?:ch|ng|nh|[cmnpt]))"
)
_SYLLABLE = re.compile(_ONSET + _RHYME)
_ONLY_UNICODE = re.compile("[\u1ea0-\u1ef9]")
"""Letters with two marks or a dot below: no font before Unicode, however its bytes are read, gives one."""
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_WORD = re.compile("[^\\s\\d!-/:-@\\[-`{-~\x80-\x9f°²³±–—…“”‘’′″•]+")
_SIGNS = frozenset("¹²³º°ª®©§·»«¼½¾¶µ£¥¢¤¦¬¨¸¡±")
"""Signs that people write in Unicode, many of which were letters in a font: alone they are none."""
_BEHIND = "¹ªº»®"
"""Those that stand behind words too, as marks, ordinals and quotes."""
_LEAST = 2
"""So many letters of a font make its text: one strange letter in a sheet may be anything."""


@lru_cache(4096)
def converted(text: str) -> tuple[str, str]:
    """A text in Unicode, and the name of the encoding that it was in ('' where it was Unicode).

    >>> converted("Ph­êng Yªn Hßa"), converted("Phường Yên Hòa")
    (('Phường Yên Hòa', 'TCVN3'), ('Phường Yên Hòa', ''))
    """
    if text.isascii() or vietnamese_share(text) == 1.0:
        return text, ""
    share, reading, name = best_reading(text)
    return (reading, name) if share == 1.0 else (text, "")


@dataclass(slots=True)
class FontOfSheet:
    """The font before Unicode that cells of a sheet are in, as its rows are met: `seen` are the words that say so."""

    seen: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def in_unicode(self, row: Row) -> Row:
        """A row whose cells in the encoding of an old font are converted: workbooks hold them where only the font knew.

        A cell that is Vietnamese as it stands is so beside others in the font, unless the row has letters of Unicode.
        """
        texts = [cell for cell in row.cells if isinstance(cell, str) and not cell.isascii()]
        if row.old_fonts or not texts:
            return row
        for text in texts:
            if font := converted(text)[1]:
                self.seen[font] |= _words_of_font(text)
        fonts = {converted(text)[1] for text in texts} - {""}
        if len(fonts) != 1:
            return row
        [font] = fonts
        if sum(map(_letters, self.seen[font])) < _LEAST:
            return row
        is_mixed = any(map(_ONLY_UNICODE.search, texts))
        cells = tuple(_in_unicode(cell, "" if is_mixed else font) for cell in row.cells)
        changed = sum(old != new for old, new in zip(row.cells, cells, strict=True))
        return row._replace(cells=cells, old_fonts=(font,) * changed)


def _in_unicode(cell: Cell, font: str) -> Cell:
    """A cell beside others in this font ('' where they are mixed with Unicode)."""
    if not isinstance(cell, str):
        return cell
    return in_font(cell, font) if font else converted(cell)[0]


def _words_of_font(text: str) -> set[str]:
    """The words that are no Vietnamese as they stand, but for those whose only strange sign may be a mark behind."""
    words = {word for word in _strange(text) if not word.rstrip(_BEHIND).isascii()}
    return {word for word in words if not _is_syllable(word)}


def _letters(word: str) -> int:
    return sum(not letter.isascii() for letter in word)


def in_font(text: str, font: str) -> str:
    """A text that stands beside others in this encoding: `Ghi chó` is `Ghi chú` there, and a sound word without."""
    reading = next((reading for reading, name in _read(text) if name == font), text)
    return reading if vietnamese_share(reading) == 1.0 else text


def best_reading(text: str) -> tuple[float, str, str]:
    """How far a text reads as Vietnamese in the old encoding that fits it best (0 to 1), the reading, its name."""
    shares = [(vietnamese_share(reading), reading, name) for reading, name in _read(text)]
    return max(shares, default=(0.0, "", ""), key=lambda each: each[0])


def _read(text: str) -> list[tuple[str, str]]:
    if _ONLY_UNICODE.search(text):
        return []  # 'các đoạn đường; © …' is no 'cỏc đoạn đường; â …'
    return [(_WORD.sub(_in_capitals, reading), name) for name, reading in readings(text)]


def _in_capitals(word: re.Match[str]) -> str:
    """A word in capitals whole: fonts of capitals (`.VnTimeH`) drew small letters with marks as capitals."""
    letters = [letter for letter in word[0] if letter.isascii()]
    return word[0].upper() if letters and len(word[0]) > 1 and all(map(str.isupper, letters)) else word[0]


def vietnamese_share(text: str) -> float:
    """How many of the words that are not plain ASCII are a syllable of Vietnamese, from 0 to 1; 1 where none is."""
    words = _strange(text)
    return sum(map(_is_syllable, words)) / len(words) if words else 1.0


def _strange(text: str) -> list[str]:
    """The words that are not plain ASCII, nor signs alone."""
    words = _WORD.findall(without_footnotes(text))
    return [word for word in words if not word.isascii() and not _SIGNS.issuperset(word)]


@lru_cache(4096)
def _is_syllable(word: str) -> bool:
    """Whether a word is a syllable of Vietnamese with one tone at most, in small letters, capitals, or one capital."""
    parts = unicodedata.normalize("NFD", word)
    tones = len(_TONES.findall(parts))
    bare = unicodedata.normalize("NFC", _TONES.sub("", parts))
    cased = word.islower() or word.isupper() or word[1:].islower()
    return tones <= 1 and cased and bool(_SYLLABLE.fullmatch(bare.lower()))
