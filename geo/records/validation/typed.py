"""What a text says where its keys stayed as they were typed: Telex, VNI, VIQR, and fonts from before Unicode.

'Nguyeenx Thij Hoaf', 'Nguye64n Thi5 Hoa2', 'Nguye^~n Thi. Hoa`' and 'NguyÔn ThÞ Hoµ' are all Nguyễn Thị Hoà. A word is
read so only where it makes a Vietnamese syllable with marks; of a text at least two words must, for one alone may be
English ('seen') or a code.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from geo.reference.names import plain
from geo.reference.ward_names.legacy_encodings import readings as of_old_fonts

_LEAST_WORDS = 2
_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT = "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"
_CIRCUMFLEX, _BREVE, _HORN = "\u0302", "\u0306", "\u031b"
_TELEX_TONES = {"f": _GRAVE, "s": _ACUTE, "r": _HOOK, "x": _TILDE, "j": _DOT}
_VNI_TONES = {"2": _GRAVE, "1": _ACUTE, "3": _HOOK, "4": _TILDE, "5": _DOT}
_VIQR_TONES = {"`": _GRAVE, "'": _ACUTE, "?": _HOOK, "~": _TILDE, ".": _DOT}
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?"
    r"(?:uye|uyu|uya|uay|uao|ieu|yeu|uou|uoi|oai|oay|oao|oeo|ie|ye|uo|ua|ue|uy|oa|oe|oo|ia|iu|ai|ao|au|ay|eo|eu|oi|ui|"
    r"uu|[aeiouy])(ch|ng|nh|[cmnpt])?"
)
_KEYS = re.compile(r"[A-Za-z]{2,}")
_KEYS_WITH_DIGITS = re.compile(r"(?<!\w)[A-Za-z]+[1-9][A-Za-z1-9]*(?!\w)")
_KEYS_WITH_SIGNS = re.compile(r"(?<!\w)[^\W\d_][^\W\d_^(+`'?~.]*[\^(+`'?~.][^\W\d_^(+`'?~.]*[\^(+`'?~.]*[^\W\d_]*")
_QUOTED = re.compile(r"(?<!\w)'([^']*)'(?!\w)")
"""A sign behind the last word of what is quoted is no tone."""
_OLD_LETTERS = re.compile(r"[\u00a1-\u00bf\u00d7\u00f7]|[a-zà-ÿ][À-ß]|[aeouAEOU][øùûõïâàáåãäêèéúüë]")


def as_meant(text: str) -> Iterator[str]:
    """The text with its keys as letters, once for each way of typing by which it says something else."""
    unquoted = _QUOTED.sub(r" \1 ", text)
    for needed, pattern, read in _WAYS:
        if len(needed.findall(unquoted)) < _LEAST_WORDS:
            continue  # sooner said than by looking at each word
        changed, count = _replaced(pattern, read, unquoted)
        if count >= _LEAST_WORDS:
            yield changed


def as_written_in_old_fonts(text: str) -> Iterator[str]:
    """The text as a font from before Unicode shows it, where that makes more syllables; before its signs are folded."""
    if _OLD_LETTERS.search(text):
        yield from (reading for _, reading in of_old_fonts(text) if _has_more_syllables(reading, text))


_DIGITS_OF_TONES = re.compile(r"[1-9]")
_SIGNS_OF_TONES = re.compile(r"[\^(+`'?~.](?<=[^\W\d_].)")


def _replaced(pattern: re.Pattern[str], read: Callable[[str], str], text: str) -> tuple[str, int]:
    changed = 0

    def of_word(match: re.Match[str]) -> str:
        nonlocal changed
        found = read(match[0])
        changed += bool(found)
        return found or match[0]

    return pattern.sub(of_word, text), changed


def _of_telex(word: str) -> str:
    """'nguyeenx' → 'nguyễn'; '' for what is a syllable as it stands, or none either way."""
    small = word.casefold()
    if _is_syllable(small):
        return ""
    marked = re.sub(r"uow|uwow", f"u{_HORN}o{_HORN}", small)
    marked = re.sub(r"([aou])w", lambda match: match[1] + (_BREVE if match[1] == "a" else _HORN), marked)
    marked = re.sub(r"dd", "đ", marked)
    marked = re.sub(r"([aeo])([^aeo\u0300-\u036f]{0,2})\1", rf"\1{_CIRCUMFLEX}\2", marked, count=1)
    tone = re.search(r"(?<=.)[sfrxj](?=[a-zđ\u0300-\u036f]{0,2}$)(?![aeiouyh])", marked)
    if tone is None:
        return _whole(word, marked, "")
    return _whole(word, marked[: tone.start()] + marked[tone.end() :], _TELEX_TONES[tone[0]])


def _of_vni(word: str) -> str:
    """'Nguye64n' → 'Nguyễn'."""
    tones = [sign for sign in word if sign in _VNI_TONES]
    marked = re.sub(r"[1-5]", "", word.casefold()).replace("d9", "đ")
    marked = re.sub(r"uo(\w{0,2})7", f"u{_HORN}o{_HORN}" + r"\1", marked)
    for digit, mark, bases in (("6", _CIRCUMFLEX, "aeo"), ("7", _HORN, "ou"), ("8", _BREVE, "a")):
        marked = re.sub(rf"([{bases}])([a-z]{{0,2}}){digit}", rf"\1{mark}\2", marked)
    return _whole(word, marked, _VNI_TONES[tones[0]] if tones else "")


def _of_viqr(word: str) -> str:
    """'Nguye^~n' → 'Nguyễn', 'A'nh' → 'Ánh'; a sign at the end that may be a full stop is one."""
    body = word.rstrip(".?") if not re.search(r"[\^(+~`]", word) else word
    if not re.search(r"[\^(+`'?~.]", body):
        return ""
    small = unicodedata.normalize("NFD", body.casefold()).replace("dd", "đ")
    marked = small.replace("^", _CIRCUMFLEX).replace("(", _BREVE).replace("+", _HORN)
    tones = [sign for sign in marked if sign in _VIQR_TONES]
    if len(tones) > 1:
        return ""
    bare = re.sub(r"[`'?~.]", "", marked)
    found = _whole(body, bare, _VIQR_TONES[tones[0]] if tones else "")
    return found + word[len(body) :] if found else ""


def _whole(word: str, marked: str, tone: str) -> str:
    """The syllable with its tone and the capitals of the word; '' where it is none, or has no mark."""
    letters = unicodedata.normalize("NFC", marked)
    key = plain(letters)
    if (letters == key and not tone) or not _is_syllable(key):
        return ""
    found = unicodedata.normalize("NFC", _with_tone(letters, tone))
    if word.isupper():
        return found.upper()
    return found[0].upper() + found[1:] if word[0].isupper() else found


def _with_tone(letters: str, tone: str) -> str:
    """The tone on the vowel that bears it: the last one with a mark, else by whether a consonant ends the syllable."""
    if not tone:
        return letters
    keys = "".join(plain(letter) for letter in letters)
    begin = 2 if keys.startswith(("qu", "gi")) and len(keys) > 2 and keys[2] in "aeiouy" else 0
    vowels = [at for at in range(begin, len(keys)) if keys[at] in "aeiouy"]
    with_mark = [at for at in vowels if letters[at] != keys[at]]
    if with_mark:
        place = with_mark[-1]
    elif len(vowels) == 1 or vowels[-1] == len(keys) - 1:
        place = vowels[-2] if len(vowels) > 1 else vowels[0]
    else:
        place = vowels[-1]
    return letters[: place + 1] + tone + letters[place + 1 :]


def _is_syllable(key: str) -> bool:
    found = _SYLLABLE.fullmatch(key)
    return found is not None


_WAYS = (
    (_KEYS, _KEYS, _of_telex),
    (_DIGITS_OF_TONES, _KEYS_WITH_DIGITS, _of_vni),
    (_SIGNS_OF_TONES, _KEYS_WITH_SIGNS, _of_viqr),
)
"""What each word typed so has at least one of, the words that may be, and how they are read."""


def _has_more_syllables(reading: str, text: str) -> bool:
    return _syllables(reading) > _syllables(text)


def _syllables(text: str) -> int:
    """How many words of a text are Vietnamese syllables that have marks; a sign that stands alone ('©') is none."""
    words = re.findall(r"\S{2,}", text)
    return sum(bool(_SYLLABLE.fullmatch(plain(word)) and plain(word) != word.casefold()) for word in words)
