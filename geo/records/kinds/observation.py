"""Observation (theo dõi): from which day reports of a ward or a site are collected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from geo.records.kinds.fields import SITE, WARD, Concerned, Document, Duties, Field, Office
from geo.records.kinds.spec import KindSpec, NewEntry
from geo.records.validation.entry_checks import Context, Fault


def _rule(place: str) -> Field:
    """The rule of a place: a ward's code is all digits, a site's id is not."""
    return WARD if place.isdigit() else SITE


def _check_place(name: str, place: str, context: Context) -> Iterator[Fault]:
    check = _rule(place).check
    assert check is not None
    yield from check(name, place, context)


def _concerned(place: Any, duties: Duties) -> Concerned:
    concerns = _rule(str(place)).concerns
    assert concerns is not None
    return concerns(place, duties)


def _read(text: str, context: Context) -> str:
    """A place as people write it: one word with a hyphen is the id of a site, all else the code or name of a ward."""
    rule = SITE if "-" in text and " " not in text else WARD
    assert rule.read is not None
    return str(rule.read(text, context))


Place = Annotated[str, Field(check=_check_place, read=_read, concerns=_concerned, schema={"maxLength": 40})]
"""The id of a site, or the code of a ward."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewObservation(NewEntry):
    """A ward or a site is under observation from `day` on: reports are collected, and their absence says something.

    Before that day nothing is no quiet: no rule takes it for a base.
    """

    place: Place
    document: Document
    office: Office


SPEC = KindSpec(
    name="observation",
    entry=NewObservation,
    subject="place",
    write_role="city",
    path="observations",
    listed=("place", "day", "document", "office", "note"),
    indexes={"place_day": ("place", "day")},
    example={"place": "HN-I-1", "day": "2026-01-01", "document": "12/BC-UBND"},
)
