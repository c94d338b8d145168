"""A programme as JSON holds it in records: the keys of a programme file, with the day of issue as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from functools import lru_cache
from typing import Any

from geo.errors import InputError, Problem
from geo.reference.programme.terms import TERM_TYPES, Term, Terms
from geo.reference.programme_schema import problems
from geo.reference.programmes import Deadline, Indicator, Programme, programme_of_tables

DEFINITION = "definition"
"""The key of the content of a programme version under which the programme itself stands."""


def definition_of(programme: Programme) -> dict[str, Any]:
    """A programme as the tables of its file, JSON-ready; `programme_from` reads it again."""
    plain = {name: value for name in _PLAIN if (value := getattr(programme, name)) or name != "indicators_of"}
    phases = programme.phases
    made = plain | {
        "issued": programme.issued.isoformat(),
        "deadlines": _distinct([_deadline(entry) for entry in programme.deadlines]),
        "indicators": [_indicator(entry) for entry in programme.indicators],
        "aliases": [asdict(alias) for alias in programme.aliases],
    }
    if terms := _terms(programme.terms):
        made["terms"] = terms
    if phases:
        made["phases"] = {"source": phases.source, **{name: list(names) for name, names in phases.lists}}
    return made


def programme_from(definition: Mapping[str, Any]) -> Programme:
    """The programme of a definition.

    Raises
    ------
    InputError
        It breaks the schema of programme files; every problem is listed, with its key and remedy.
    """
    try:
        issued = date.fromisoformat(definition["issued"])
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(Problem("records.draft-value", "issued", value=str(definition.get("issued"))[:60])) from error
    tables = {**definition, "issued": issued}
    found = problems(tables, str(definition.get("id", "")))
    if found:
        raise InputError(found)
    return programme_of_tables(tables)


@lru_cache(maxsize=64)
def programme_of_content(content: str) -> Programme | None:
    """The programme that the content of a programme version (JSON) defines; None where it defines none.

    Raises
    ------
    InputError
        As `programme_from`.
    """
    import json

    found = json.loads(content)
    definition = found.get(DEFINITION) if isinstance(found, dict) else None
    return programme_from(definition) if isinstance(definition, dict) else None


def _deadline(entry: Deadline) -> dict[str, Any]:
    return {
        "report": entry.report,
        "month": entry.day.month,
        "day": entry.day.day,
        "printed": entry.printed,
        "place": entry.place,
    }


def _distinct(tables: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each once: a programme of several years has them in each year."""
    return [table for at, table in enumerate(tables) if table not in tables[:at]]


def _indicator(entry: Indicator) -> dict[str, Any]:
    return {**_without_empty(asdict(entry)), "targets": [_without_empty(asdict(target)) for target in entry.targets]}


def _terms(terms: Terms) -> dict[str, Any]:
    """The terms by group, as a file has them: what is as usual is left out."""
    named = ((group, terms.of(group)) for group in TERM_TYPES)
    return {group: [_term(term) for term in own] for group, own in named if own}


def _term(term: Term) -> dict[str, Any]:
    usual = {field.name: field.default for field in fields(term) if field.name not in _NEEDED}
    return {name: value for name, value in asdict(term).items() if name not in usual or value != usual[name]}


_NEEDED = ("active", "points", "number")
"""What a file must say of a term, as usual as it may be."""


def _without_empty(table: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in table.items() if value not in ("", None)}


_LISTS = ("issued", "deadlines", "indicators", "aliases", "phases", "terms", "words")
"""What has a shape of its own in JSON; words are those of the city's file, whichever plan holds."""
_PLAIN = tuple(field.name for field in fields(Programme) if field.name not in _LISTS)
