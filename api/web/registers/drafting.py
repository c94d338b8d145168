"""How pages of the registers make drafts: who, since when, by which document."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from api.core.problems import QueryError
from api.web.base.dates import day_field
from api.web.base.page_context import PageContext
from api.web.base.translations import words
from geo.errors import InputError, Problem
from geo.importing.cells.errors import CellError
from geo.importing.cells.numbers import as_metres
from geo.importing.registers.changes import Papers
from geo.records.drafting.content import entries_of, written
from geo.records.kinds.spec import NewEntry
from geo.records.plan_files import PlanFile
from geo.records.publishing import new_draft, save_draft

PAPERS = ("day", "document", "note")
"""The fields that every form of a change has."""


def papers(context: PageContext, values: Mapping[str, str]) -> Papers:
    """The papers of a form; `QueryError` where the day is missing, or none."""
    day = day_field(values.get("day", ""))
    return Papers(day, values.get("document", ""), context.identity.office, values.get("note", ""))


def save(
    context: PageContext,
    title: str,
    entries: Sequence[NewEntry],
    paper: Papers,
    file: PlanFile | None = None,
    note: str = "",
) -> int:
    """Record a draft of these entries in the name of the visitor; its number. Errors as `save_draft`."""
    said: dict[str, Any] = {"day": paper.day, "document": paper.document, "office": paper.office}
    store = context.service.store
    draft = new_draft(store, context.city.slug, title, entries, file=file, note=note, **said)
    return save_draft(store, draft, context.identity.actor).id


def register_text(code: str, **parameters: Any) -> str:
    """A title of a draft: in Vietnamese, as the registers are, whichever language the visitor reads."""
    return words("vi").text(code, **parameters)


def require_chosen(values: Mapping[str, str], *names: str) -> None:
    """Refuse a form of which nobody chose fields that have no usual value: `QueryError` names them all."""
    missing = [Problem("web.missing", name) for name in names if not values.get(name, "").strip()]
    if missing:
        raise QueryError(missing)


def metres_field(text: str, name: str) -> float | None:
    """A length in metres of a form's field, None for ''; `QueryError` where it is none."""
    if not text.strip():
        return None
    try:
        return as_metres(text)
    except CellError as error:
        raise QueryError(error.at(name)) from None


def year_field(text: str, name: str) -> int | None:
    """A year of a form's field, None for ''; `QueryError` where it is none."""
    year = text.strip()
    if year and not (year.isascii() and year.isdecimal()):
        raise QueryError(Problem("records.no-handover-year", name, year=year[:20]))
    return int(year) if year else None


def packed(entries: Sequence[NewEntry]) -> str:
    """Entries as a field of a form holds them."""
    return json.dumps([written(entry) for entry in entries], ensure_ascii=False)


def unpacked(fields: Sequence[str]) -> tuple[NewEntry, ...]:
    """The entries of the chosen fields of a form; `InputError` where none is chosen, or one holds something else."""
    if not fields:
        raise InputError(Problem("web.no-row-chosen", "entries"))
    return tuple(entry for field in fields for entry in entries_of(field))
