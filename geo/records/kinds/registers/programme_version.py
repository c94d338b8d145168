"""Versions of programmes: the indicators and reporting days of a plan, as they were read and accepted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from geo.errors import InputError
from geo.records.kinds.fields import Document, Id, Office
from geo.records.kinds.registers.fields import City, ForceDay, Json
from geo.records.kinds.spec import KindSpec, NewEntry
from geo.records.model.programme_documents import programme_of_content
from geo.records.validation.entry_checks import Context, Fault, fault
from geo.records.validation.texts_within import private_faults


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProgrammeVersion(NewEntry):
    """A programme of a city from a day on.

    `content` is JSON: the plan's indicators with figures and bodies, its reporting days, and its `definition`, the keys
    of a programme file, by which coverage is counted. Without one it changes nothing that is counted.
    """

    day: ForceDay
    programme: Id
    city: City
    content: Json
    document: Document
    office: Office


def _check(entry: NewProgrammeVersion, _: Context) -> Iterator[Fault]:
    try:
        # All of it is public: printed words, labels, bodies, terms.
        yield from private_faults("content", json.loads(entry.content))
        found = programme_of_content(entry.content)
    except InputError as error:
        yield from (Fault("content", problem) for problem in error.problems)
        return
    except (ValueError, RecursionError):
        return  # said already: it is no JSON
    if found is not None and (found.id, found.city) != (entry.programme, entry.city):
        yield fault("content", "records.other-programme", programme=entry.programme, defined=found.id)


SPEC = KindSpec(
    name="programme_version",
    entry=NewProgrammeVersion,
    subject="programme",
    write_role="city",
    by_draft=True,
    read_role="public",
    check=_check,
    listed=("programme", "city", "day", "document", "office", "content", "note"),
    indexes={"programme_day": ("programme", "day")},
)
