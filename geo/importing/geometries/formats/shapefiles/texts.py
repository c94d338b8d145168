"""The texts of a Shapefile, whatever its bytes are in: what `.cpg` says of them is often wrong, or missing.

They are read as Latin-1, which gives each byte a letter and loses none, and recognised together.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from geo.errors import InputError
from geo.i18n.message import Message
from geo.importing.geometries.formats.shapefiles.parts import beside
from geo.importing.tables.encodings import table_text
from geo.importing.tables.old_fonts import best_reading, vietnamese_share

AS_BYTES = "ISO-8859-1"
"""The code page in which every byte is a letter of its own."""
_APART = "\x1f"
_MOSTLY = 0.9
"""Of the words in an old encoding, so many read as Vietnamese; the others are names, or slips."""
_NUMBERS = {"65001": "utf-8", "88591": "latin-1"}

Columns = Mapping[str, list[Any]]


def in_unicode(columns: Columns, path: Path) -> tuple[dict[str, list[Any]], tuple[Message, ...]]:
    """Columns that were read `AS_BYTES` in Unicode, and what to say of it.

    UTF-8 where all texts are that, else what reads as Vietnamese (CP1258, TCVN3, VNI), else what `.cpg` says.
    """
    texts = list(dict.fromkeys(text for text in _texts(columns) if not text.isascii()))
    if not texts:
        return dict(columns), ()
    read, notes = _recognised(texts, path)
    return _with(columns, dict(zip(texts, read, strict=True))), notes


def from_old_fonts(columns: Columns) -> tuple[dict[str, list[Any]], tuple[Message, ...]]:
    """Columns whose texts are of a font before Unicode (TCVN3, VNI) in Unicode, and what to say of it."""
    texts = list(dict.fromkeys(text for text in _texts(columns) if not text.isascii()))
    whole = _APART.join(texts)
    share, reading, font = best_reading(whole)
    if share < _MOSTLY or share <= vietnamese_share(whole):
        return dict(columns), ()
    said = Message("importing.old-fonts", count=len(texts), font=font)
    return _with(columns, dict(zip(texts, reading.split(_APART), strict=True))), (said,)


def _with(columns: Columns, known: Mapping[str, str]) -> dict[str, list[Any]]:
    return {
        known.get(name, name): [known.get(value, value) if isinstance(value, str) else value for value in values]
        for name, values in columns.items()
    }


def _texts(columns: Columns) -> Iterator[str]:
    for name, values in columns.items():
        yield name
        yield from (value for value in values if isinstance(value, str))


def _recognised(texts: list[str], path: Path) -> tuple[list[str], tuple[Message, ...]]:
    data = [text.encode(AS_BYTES) for text in texts]
    try:
        return [_utf8(each) for each in data], ()
    except UnicodeDecodeError:
        pass
    try:
        text, font = table_text(_APART.encode().join(data), path)
        said = (Message("importing.old-fonts", count=len(texts), font=font),) if font else ()
        return text.split(_APART), said
    except InputError:
        pass
    named = _declared(path)
    try:
        return [each.decode(named or "ascii") for each in data], ()
    except UnicodeDecodeError:
        return texts, (Message("importing.texts-unreadable", count=len(texts), text=texts[0][:40]),)


def _utf8(data: bytes) -> str:
    """A text in UTF-8, whose last letter the width of its field may have cut."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        text = codecs.getincrementaldecoder("utf-8")().decode(data)
        if text.isascii():
            raise  # nothing in it is surely UTF-8
        return text


def _declared(path: Path) -> str:
    """The code page that `.cpg` names, '' where there is none or nobody knows it."""
    page = beside(path).get(".cpg")
    words = page.read_bytes()[:40].decode("ascii", "ignore").lower().split() if page else []
    name = words[-1] if words else ""
    try:
        return codecs.lookup(_NUMBERS.get(name, f"cp{name}" if name.isdigit() else name)).name
    except LookupError:
        return ""
