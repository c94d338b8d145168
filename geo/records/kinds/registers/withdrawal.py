"""Withdrawals: that something which was published, or recorded, is taken back; by which document, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from geo.records.kinds.fields import Document, Field, Office, text
from geo.records.kinds.registers.fields import ForceDay, choice
from geo.records.kinds.spec import KindSpec, NewEntry
from geo.records.validation.entry_checks import Context, Fault, fault

WITHDRAWN = (
    "city_plan",
    "site_version",
    "site_event",
    "responsibility",
    "programme_version",
    "phase_change",
    "assessment",
)
"""Kinds of record that a draft may take back: those that a draft brings into force."""


def _check_number(name: str, value: int, _: Context) -> Iterator[Fault]:
    if value < 1:
        yield fault(name, "records.no-row", row=str(value))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWithdrawal(NewEntry):
    """That a row of a kind of record is taken back, as if it had never been published; the `note` says why.

    `subject` is what the row is about: a site, a ward, the number of a plan. `names_person`: it is taken back because a
    text of it names a person: nobody is shown these texts any more, by whichever knowledge day.
    """

    day: ForceDay
    kind: Annotated[str, choice(*WITHDRAWN)]
    row: Annotated[int, Field(check=_check_number)]
    subject: Annotated[str, text(60)]
    names_person: bool = False
    document: Document
    office: Office


def _check(entry: NewWithdrawal, _: Context) -> Iterator[Fault]:
    if not entry.note.strip():
        yield fault("note", "records.withdrawal-reason")


SPEC = KindSpec(
    name="withdrawal",
    entry=NewWithdrawal,
    subject="subject",
    write_role="city",
    by_draft=True,
    read_role="city",
    check=_check,
    listed=("kind", "row", "subject", "names_person", "day", "document", "office", "note"),
    indexes={"row": ("kind", "row")},
)
