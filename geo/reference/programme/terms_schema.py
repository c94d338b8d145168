"""What `[words]` and `[[terms.…]]` of a programme file may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from geo.errors import Problem
from geo.i18n.message import FileValue
from geo.reference.programme.keys import NUMBER, OPTIONAL_TEXT, TEXT, Key, Table, keys
from geo.reference.programme.terms import NOT_COVERED, SHIPPED, TERM_TYPES, WORDS

_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_NUMBER = re.compile(r"[A-Z0-9]{1,6}")
_MOST_POINTS = 10.0
_COMMON: dict[str, Key] = {"id": TEXT, "vi": TEXT, "en": TEXT, "also": Key((list,), required=False)}
_YES = Key((bool,), required=False)
_POINTS = Key(NUMBER.types, required=False)
TERMS: Mapping[str, Mapping[str, Key]] = {
    "level": _COMMON | {"active": Key((bool,)), "points": NUMBER, "handover": _POINTS, "colour": OPTIONAL_TEXT},
    "group": _COMMON | {"number": TEXT},
    "phase": _COMMON | {"colour": OPTIONAL_TEXT},
    "kind": _COMMON | {"sign": _YES},
    "channel": _COMMON | {"sign": _YES},
}


def term_problems(data: Table, file: str) -> Iterator[Problem]:
    """Everything that is wrong with the words and terms of the parsed TOML of a programme `file`."""
    words = data.get("words", {})
    if isinstance(words, dict):
        yield from keys(words, dict.fromkeys(WORDS, Key((list,), required=False)), f"{file}: words")
        for name, pair in words.items():
            if isinstance(pair, list) and not _is_pair(pair):
                yield Problem("reference.not-word-pair", f"{file}: words: {name}", value=FileValue(pair))
    terms = data.get("terms", {})
    if not isinstance(terms, dict):
        return
    yield from keys(terms, dict.fromkeys(TERM_TYPES, Key((list,), required=False)), f"{file}: terms")
    for group in TERM_TYPES:
        yield from _group(terms.get(group, []), group, f"{file}: terms.{group}")


def phase_ids(data: Table) -> tuple[str, ...]:
    """The phases that a programme file may list wards for, and ask targets of."""
    terms = data.get("terms", {})
    rows = terms.get("phase", []) if isinstance(terms, dict) else []
    own = [row.get("id") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return tuple(id for id in own if isinstance(id, str)) or SHIPPED["phase"]


def _group(rows: object, group: str, where: str) -> Iterator[Problem]:
    if not isinstance(rows, list):
        return
    if not all(isinstance(row, dict) for row in rows):
        yield Problem("reference.not-tables", where, name=f"terms.{group}")
        return
    for number, row in enumerate(rows, 1):
        yield from _term(row, group, f"{where} {row.get('id', number)}")
    for name in ("id", "number"):
        values = [str(row[name]) for row in rows if name in row]
        for value in sorted({value for value in values if values.count(value) > 1}):
            yield Problem("reference.term-repeated", where, key=name, value=value)


def _term(row: Table, group: str, where: str) -> Iterator[Problem]:
    wrong = list(keys(row, TERMS[group], where))
    yield from wrong
    if wrong:
        return
    if not _ID.fullmatch(row["id"]) or row["id"] == NOT_COVERED:
        yield Problem("reference.term-id", f"{where}: id", id=row["id"])
    if not all(isinstance(text, str) for text in row.get("also", ())):
        yield Problem("reference.not-texts", f"{where}: also", value=FileValue(row["also"]))
    if "colour" in row and not _COLOUR.fullmatch(row["colour"]):
        yield Problem("reference.not-colour", f"{where}: colour", value=row["colour"])
    if "number" in row and not _NUMBER.fullmatch(row["number"]):
        yield Problem("reference.group-number", f"{where}: number", value=row["number"])
    for name in ("points", "handover"):
        if not 0 <= row.get(name, 0) <= _MOST_POINTS:
            yield Problem("reference.not-points", f"{where}: {name}", value=row[name], most=_MOST_POINTS)


def _is_pair(pair: list[object]) -> bool:
    return len(pair) == 2 and all(isinstance(text, str) and text.strip() for text in pair)
