"""The text of a file in any of the encodings that offices use."""

from __future__ import annotations

import codecs
import re
import unicodedata
from pathlib import Path

from geo.errors import InputError
from geo.importing.tables.model import refused
from geo.importing.tables.old_fonts import best_reading, vietnamese_share

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_LETTERS = set("aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệfghiìíỉĩịjklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvwxyỳýỷỹỵz")
_SAMPLE = 4096
_MOSTLY = 0.9
"""Of the words of a file in an old encoding, so many read as Vietnamese; the others are names, or slips."""


def decoded(data: bytes, path: Path) -> str:
    """The text of a file, NFC: UTF-8, UTF-16 with its mark or without, CP1258 (and CP1252 where the two agree).

    Raises
    ------
    InputError
        It is in none of these.
    """
    for encoding in _candidates(data):
        try:
            text = unicodedata.normalize("NFC", data.decode(encoding))
        except UnicodeDecodeError:
            continue
        if "\0" not in text and (encoding != "cp1258" or reads_as_vietnamese(text)):
            return text
    raise refused("importing.unknown-encoding", path.name)


def table_text(data: bytes, path: Path) -> tuple[str, str]:
    """As `decoded`, also of a file in the encoding of an old font; and the name of that (`TCVN3`, `VNI`, or '')."""
    share, reading, name = 0.0, "", ""
    if not _is_unicode(data):
        share, reading, name = best_reading(data.decode("latin-1"))
    try:
        text = decoded(data, path)
        if share <= vietnamese_share(text):
            return text, ""
    except InputError:
        if share < _MOSTLY:
            raise
    return reading, name


def _is_unicode(data: bytes) -> bool:
    candidates = _candidates(data)
    if candidates[0] != "utf-8":
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return b"\0" in data
    return True


def _candidates(data: bytes) -> tuple[str, ...]:
    named = next((name for mark, name in _MARKS.items() if data.startswith(mark)), None)
    if named:
        return (named,)
    # In UTF-16 every second byte of Latin letters and of signs is nought.
    even, odd = data[:_SAMPLE:2].count(0), data[1:_SAMPLE:2].count(0)
    least = len(data[:_SAMPLE]) // 8
    if max(even, odd) > least and min(even, odd) * 10 <= max(even, odd):
        return ("utf-16-le",) if odd > even else ("utf-16-be",)
    return ("utf-8", "cp1258")


def reads_as_vietnamese(text: str) -> bool:
    """TCVN3 and VNI decode as CP1258 too, but into letters that are not Vietnamese, or capitals inside words."""
    for word in re.findall(r"[^\W\d_]+", text):
        if not set(word.lower()) <= _LETTERS or not (word.islower() or word.isupper() or word[1:].islower()):
            return False
    return not re.search("[\u0300-\u036f]|[^\\W\\d_][\u00a1-\u00bf]", text)
