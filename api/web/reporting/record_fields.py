"""The fields of any kind of record in a form: what is shown in each, and the entry that what was typed makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.web.base.dates import day_field, parse_day, typed
from api.web.base.page_context import PageContext, ward_names
from api.web.reporting.record_words import Record, in_words
from api.web.sites.view_models import choices, term
from geo.errors import DiabanError, InputError, Problem
from geo.i18n.message import shown
from geo.importing.cells import CellError, as_degrees, as_metres
from geo.records.kinds.spec import Column, KindSpec, NewEntry

LONG = "note"
_WARDS = ("ward_code", "wards")
_FIXED = ("flag_id", "programme", "period")
"""What a record is about by a code that nobody types: what is about another is another record."""
_DEGREES = ("lon", "lat")
Typed = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class FormField:
    """A field: `form` is `day`, `choice`, `tick`, `long`, `text` or `fixed`, which a correction leaves as it is.

    Several values of a field stand with commas; `words` are what a fixed one means.
    """

    name: str
    label: str
    form: str
    value: str
    required: bool
    choices: tuple[tuple[str, str], ...] = ()
    words: str = ""


def form_fields(context: PageContext, spec: KindSpec, values: Mapping[str, Any]) -> list[FormField]:
    """The fields of a kind, filled with a record's values (or what was typed, as texts)."""
    return [_field(context, column, values.get(column.name)) for column in spec.columns]


def entry_of(context: PageContext, spec: KindSpec, fields: Typed) -> NewEntry:
    """The entry that a form makes.

    Raises
    ------
    InputError, UnknownNameError
        What was typed is no day, no number, no term; all problems at once.
    """
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for column in spec.columns:
        try:
            values[column.name] = _read(context, column, fields.get(column.name, ()))
        except CellError as error:
            problems.append(error.at(column.name))
        except DiabanError as error:
            problems += [problem.at(column.name) for problem in error.problems]
    if problems:
        raise InputError(problems)
    return spec.entry(**values)


def value_shown(context: PageContext, spec: KindSpec, name: str, record: Record) -> str:
    """A value of a record as people read it; '' for none."""
    value = record[name]
    if value is None or value != value:
        return ""
    words = in_words(context, name, value, record)
    if words is not None:
        return words
    if name in _DEGREES:
        return context.words.number(value, 6)
    return _of_column(context, spec.column(name), value)


def _of_column(context: PageContext, column: Column | None, value: Any) -> str:
    if column is not None and column.rule.group:
        return term(context, column.rule.group, value)
    if column is not None and column.is_day:
        return context.words.day(value)
    if isinstance(value, bool):
        return context.words.text("word.yes" if value else "word.no")
    return shown(value, context.words.lang) if isinstance(value, tuple | float) else str(value)


def _field(context: PageContext, column: Column, value: Any) -> FormField:
    options = tuple(choices(context, column.rule.group)) if column.rule.group else ()
    form = "choice" if options else "day" if column.is_day else "tick" if column.type is bool else "text"
    label = shown(column.label, context.words.lang)
    required = column.required and not column.optional
    form = "long" if column.name == LONG else "fixed" if column.name in _FIXED else form
    typed_value = _typed(context, column, value)
    words = in_words(context, column.name, typed_value, {}) or "" if form == "fixed" else ""
    return FormField(column.name, label, form, typed_value, required, options, words)


def _typed(context: PageContext, column: Column, value: Any) -> str:
    if value is None or value != value:
        return ""
    if column.is_day:
        return typed(value if isinstance(value, str) else value.date() if hasattr(value, "date") else value)
    if column.type is bool:
        return "1" if value is True or value == "1" else ""
    if column.name in _WARDS:
        codes = (value,) if isinstance(value, str) else value
        return ", ".join(dict(ward_names((code,))).get(code, code) for code in codes)
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value))
    return (
        f"{value:.10g}".replace(".", "," if context.words.lang == "vi" else ".")
        if isinstance(value, float)
        else str(value)
    )


def _read(context: PageContext, column: Column, texts: Sequence[str]) -> Any:
    text = texts[0].strip() if texts else ""
    if column.many:
        parts = [part.strip() for each in texts for part in each.split(",") if part.strip()]
        return tuple(dict.fromkeys(_one(context, column, part) for part in parts))
    if column.type is bool:
        return bool(text)
    if column.is_day:
        return parse_day(text, column.name) if column.optional else day_field(text, column.name)
    if not text and column.optional:
        return None
    return _one(context, column, text)


def _one(context: PageContext, column: Column, text: str) -> Any:
    if column.type is float:
        return as_metres(text) if column.name.endswith("_m") else as_degrees(text)
    if column.type is int:
        return int(text) if text.isdecimal() and len(text) < 19 else 0
    if column.rule.read is None or not text:
        return text
    return column.rule.read(text, context.service.store.context)
