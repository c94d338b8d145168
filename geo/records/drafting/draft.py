"""A draft as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from geo.records.kinds.spec import NewEntry


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it stands: the number by which it is known, that of its last row, who wrote it, and its entries.

    `base` and `base_events`: site → the number of the version and of the event on which the draft stands.
    `moved`: of one that is in force, id that a new site had in the draft → id that it got, since the first was taken.
    """

    number: int
    row: int
    city: str
    title: str
    day: date
    document: str
    office: str
    written_by: str
    entries: tuple[NewEntry, ...]
    base: Mapping[str, int | None]
    base_events: Mapping[str, int | None] = field(default_factory=dict)
    published: bool = False
    moved: Mapping[str, str] = field(default_factory=dict)
