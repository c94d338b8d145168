"""The policy: for each kind of record the fields that everybody may read, and the wards whose accounts may read all.

Three rules follow from the table, for every output:

- city and admin see every field of every record;
- a ward sees every field of what concerns one of its own wards, and of the rest what the public sees;
- the public sees the `public` fields of a kind, and nothing of a kind that has none.

Counts are no records: what the public gets of reports and of the programme are the published figures
(`geo.visibility.published`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from geo.analysis.flags.flag import FlagRule
from geo.records.model.entries import EntryKind

WardField = Literal["ward_code", "wards", "site_id", "report_id", "flag_id"]


@dataclass(frozen=True, slots=True)
class KindPolicy:
    """Who may see a kind of record, and whom it concerns.

    `public` are the fields that everybody may read; `concerns` is the field that names the wards concerned: directly,
    or through the site, report or flag that it names. `every`: whether the account of a ward must answer for all of
    them to write such a record (for one of them otherwise).
    """

    concerns: WardField
    public: tuple[str, ...] = ()
    every: bool = True


KINDS: Mapping[EntryKind, KindPolicy] = {
    "assessment": KindPolicy(
        "site_id", ("id", "site_id", "level", "day", "document", "office", "recorded_at"), every=False
    ),
    "review": KindPolicy("wards"),
    "report": KindPolicy("ward_code"),
    "verification": KindPolicy("report_id"),
    "coverage_entry": KindPolicy("ward_code"),
    "phase_change": KindPolicy("ward_code", ("ward_code", "phase", "day", "document")),
    "flag_event": KindPolicy("flag_id", every=False),
}
"""Kind → policy. A kind that is not in it is visible to the city alone."""

PUBLIC_FLAG_RULES: frozenset[FlagRule] = frozenset(("exposure",))
"""Flags that follow from the registers alone; that there is any other flag is known to those whom it concerns."""
PRIVATE_FLAG_FIELDS = ("observed", "expected", "p", "note")
"""Fields of a flag for those whom it concerns."""
