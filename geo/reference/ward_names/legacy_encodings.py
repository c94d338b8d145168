"""Vietnamese text of the fonts before Unicode: TCVN3 (ABC) and VNI, as old files and copied tables still hold it.

Such text looks like Latin-1 with strange letters: `Ph­êng Yªn Hßa`, `Phöôøng Yeân Hoøa`. The tables are those of TCVN
5712:1993 (VN3) and of VNI for Windows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_TCVN3 = "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦"
_UNICODE = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ"
_FROM_TCVN3 = str.maketrans(_TCVN3, _UNICODE)
_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT = "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"
_CIRCUMFLEX, _BREVE = "\u0302", "\u0306"
_VNI_MARKS = {
    "ø": _GRAVE,
    "ù": _ACUTE,
    "û": _HOOK,
    "õ": _TILDE,
    "ï": _DOT,
    "â": _CIRCUMFLEX,
    "à": _CIRCUMFLEX + _GRAVE,
    "á": _CIRCUMFLEX + _ACUTE,
    "å": _CIRCUMFLEX + _HOOK,
    "ã": _CIRCUMFLEX + _TILDE,
    "ä": _CIRCUMFLEX + _DOT,
    "ê": _BREVE,
    "è": _BREVE + _GRAVE,
    "é": _BREVE + _ACUTE,
    "ú": _BREVE + _HOOK,
    "ü": _BREVE + _TILDE,
    "ë": _BREVE + _DOT,
}
_VNI_LETTERS = {"ô": "ơ", "ö": "ư", "ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_BASES = frozenset("aeouyôö")
_FOOTNOTE = re.compile(
    "(?<=[\\d⁰²³⁴-⁹])¹|¹(?=[⁰²³⁴-⁹])|(?<![^\\W_])¹(?![^\\W_])"
    "|(?:(?<=[aeiouyÀ-ỹ][bcdghklmnpqrstvx])|(?<=[aeiouyÀ-ỹ][cn][hg])|(?<=[à-ỹ]))¹(?![^\\W_])",
    re.I,
)
"""A raised 1 that is no letter (`¹` is `ạ` in TCVN3): beside figures, alone, behind a syllable that has its vowel."""


def without_footnotes(text: str) -> str:
    """A text without the raised 1 of footnotes, where no font before Unicode has its letter.

    >>> without_footnotes("Khác¹, Khu 2¹"), without_footnotes("Lo¹i")
    ('Khác, Khu 2', 'Lo¹i')
    """
    return _FOOTNOTE.sub("", text)


def readings(text: str) -> Iterator[tuple[str, str]]:
    """The text as it would be in each of the old encodings, with the encoding's name; those that change nothing left
    out.

    A reading is a guess: take it only where it says something that the text itself does not.

    >>> dict(readings("Phöôøng Yeân Hoøa"))["VNI"]
    'Phường Yên Hòa'
    """
    for name, decoded in (("TCVN3", from_tcvn3(text)), ("VNI", from_vni(text))):
        if decoded != unicodedata.normalize("NFC", text):
            yield name, decoded


def from_tcvn3(text: str) -> str:
    """Text of a TCVN3 font as Unicode (NFC)."""
    return unicodedata.normalize("NFC", text.translate(_FROM_TCVN3))


def from_vni(text: str) -> str:
    """Text of a VNI font as Unicode (NFC); marks stand behind their letter there."""
    found: list[str] = []
    previous = ""
    for letter in unicodedata.normalize("NFC", text):
        small = letter.casefold()
        if small in _VNI_MARKS and previous in _VNI_BASES:
            found.append(_VNI_MARKS[small])
            previous = ""
            continue
        plain = _VNI_LETTERS.get(small)
        found.append(letter if plain is None else plain.upper() if letter.isupper() else plain)
        previous = small
    return unicodedata.normalize("NFC", "".join(found))
