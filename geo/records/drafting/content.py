"""What a draft holds, as its content is stored: JSON, a list of `{kind, entry}`."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from typing import Any

from geo.errors import InputError, Problem
from geo.records.kinds.registers.withdrawal import WITHDRAWN
from geo.records.kinds.registry import kind, kind_of
from geo.records.kinds.spec import NewEntry

FILE = "file"
"""What stands in the content of a draft in place of a kind where the item is a file."""
PUBLISHABLE = (*WITHDRAWN, "withdrawal")
"""Kinds of record that a draft may hold."""
MOST_ENTRIES = 2_000


def written(entry: NewEntry) -> dict[str, Any]:
    """An entry as a draft holds it."""
    values = {field.name: getattr(entry, field.name) for field in fields(entry)}
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
    return {"kind": kind_of(entry).name, "entry": plain}


def entries_of(content: str) -> tuple[NewEntry, ...]:
    """The entries of a draft.

    Raises
    ------
    InputError
        It holds something else, too much, or a kind that drafts do not hold.
    """
    try:
        listed = json.loads(content)
        rows = [(row["kind"], dict(row["entry"])) for row in listed if row["kind"] != FILE]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise InputError(Problem("records.draft-content", "content")) from error
    if len(rows) > MOST_ENTRIES:
        raise InputError(Problem("records.draft-too-long", "content", most=MOST_ENTRIES))
    return tuple(_entry(name, values) for name, values in rows)


def _entry(name: Any, values: dict[str, Any]) -> NewEntry:
    if name not in PUBLISHABLE:
        raise InputError(Problem("records.draft-kind", "content", kind=str(name)[:60], known=list(PUBLISHABLE)))
    spec = kind(name)
    columns = {column.name: column for column in spec.columns}
    strange = [name for name in values if name not in columns]
    missing = [name for name, column in columns.items() if column.required and name not in values]
    if strange or missing:
        raise InputError(Problem("records.draft-fields", "content", kind=spec.shown, fields=[*strange, *missing]))
    return spec.entry(**{name: _value(columns[name], value) for name, value in values.items()})


def _value(column: Any, value: Any) -> Any:
    problem = Problem("records.draft-value", column.name, value=str(value)[:60])
    if value is None:
        if column.optional:
            return None
        raise InputError(problem)
    try:
        if column.many:
            if not isinstance(value, list | tuple):
                raise InputError(problem)
            return tuple(_one(column.type, part) for part in value)
        return _one(column.type, value)
    except (ValueError, TypeError, OverflowError) as error:
        raise InputError(problem) from error


def _one(wanted: type, value: Any) -> Any:
    if wanted is date:
        return date.fromisoformat(value)
    if wanted is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, wanted) and not (wanted is int and isinstance(value, bool)):
        return value
    raise TypeError(wanted)
