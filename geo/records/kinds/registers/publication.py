"""Publications: that a draft came into force, and how many entries it made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from geo.records.kinds.fields import link
from geo.records.kinds.registers.fields import ForceDay
from geo.records.kinds.spec import KindSpec, NewEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPublication(NewEntry):
    """The publication of a draft; written in one step with all that the draft holds."""

    day: ForceDay
    draft_id: Annotated[int, link("register_draft")]
    entries: int


SPEC = KindSpec(
    name="publication",
    entry=NewPublication,
    subject="draft_id",
    write_role="city",
    by_draft=True,
    read_role="city",
    listed=("draft_id", "entries", "day", "note"),
    indexes={"draft": ("draft_id",)},
)
