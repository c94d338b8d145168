"""The keys of a table of a programme file, each with its types and values, and what is wrong with a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from geo.errors import Problem
from geo.i18n.message import FileValue, Message, either

Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table: the types it may have, whether it must be there, and the values it may take."""

    types: tuple[type, ...]
    required: bool = True
    choices: tuple[str, ...] = ()


TEXT = Key((str,))
OPTIONAL_TEXT = Key((str,), required=False)
NUMBER = Key((int, float))
WHOLE = Key((int,))
_TYPE_NAMES = {
    str: Message("reference.type.text"),
    int: Message("reference.type.whole-number"),
    float: Message("reference.type.number"),
    bool: Message("reference.type.yes-or-no"),
    date: Message("reference.type.date"),
    list: Message("reference.type.list"),
    dict: Message("reference.type.table"),
}


def keys(table: Table, known: Mapping[str, Key], where: str) -> Iterator[Problem]:
    """What is wrong with the keys of a table and the types of their values; `where` is what it is called."""
    for name in known:
        if known[name].required and name not in table:
            yield Problem("reference.entry-missing", where, key=name, type=_types(known[name]))
    for name, value in table.items():
        place = f"{where}: {name}"
        if name not in known:
            yield Problem("reference.entry-unknown", place, known=list(known))
            continue
        key = known[name]
        if not isinstance(value, key.types) or (isinstance(value, bool) and bool not in key.types):
            yield Problem("reference.entry-type", place, value=FileValue(value), type=_types(key))
        elif key.choices and value not in key.choices:
            yield Problem("reference.entry-choice", place, value=str(value), choices=key.choices)
        elif key.required and isinstance(value, str) and not value.strip():
            yield Problem("reference.entry-empty", place)


def _types(key: Key) -> Message:
    found: Message = either(_TYPE_NAMES[kind] for kind in key.types)
    return found
