"""Signs that no face of a document holds: replaced, and said, instead of a paper that can't be made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import cast

from geo.i18n.translator import translator
from geo.output.dossier.documents.blocks import Document
from geo.output.dossier.writers.fonts import letters

SIGN = "□"
"""What stands for a sign that can't be shown."""
_BEYOND_ASCII = re.compile(r"[^\x00-\x7e]+")
_JOINERS = frozenset(("\u200d", "\ufe0e", "\ufe0f"))
"""Parts of a joined sign that are not seen on their own: they go with it."""


def printable(document: Document) -> Document:
    """The document with `□` for every sign that its faces lack, and a caution that names them."""
    lacking = sorted(_lacking({sign for text in _texts(document) for sign in text}))
    if not lacking:
        return document
    shown = cast(Document, _translated(document, _table(lacking)))
    named = ", ".join(f"U+{ord(sign):04X}" for sign in lacking if sign not in _JOINERS)
    words = translator(document.lang, "dossier")
    return replace(shown, cautions=(*shown.cautions, words.text("glyphs_replaced", sign=SIGN, signs=named)))


def shown_text(text: str) -> str:
    """The text with `□` for every sign that the faces of a document lack."""
    lacking = _lacking(set("".join(_BEYOND_ASCII.findall(text))))
    return text.translate(_table(lacking)) if lacking else text


def _lacking(signs: set[str]) -> list[str]:
    known = letters()
    return [sign for sign in signs if ord(sign) > 126 and ord(sign) not in known]


def _table(lacking: list[str]) -> dict[int, str]:
    return {ord(sign): "" if sign in _JOINERS else SIGN for sign in lacking}


def _texts(document: Document) -> tuple[str, ...]:
    return (*document.texts(), document.footer, *document.extra.values())


def _translated(value: object, table: Mapping[int, str]) -> object:
    if isinstance(value, str):
        return value.translate(table)
    if isinstance(value, tuple):
        return tuple(_translated(entry, table) for entry in value)
    if isinstance(value, Mapping):
        return {key: _translated(entry, table) for key, entry in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _translated(getattr(value, field.name), table) for field in fields(value)})
    return value
