"""The policy: for each kind of record the fields that everybody may read, and the wards whose accounts may read all.

What a kind of record declares (`geo.records.kinds`: `public_fields`, `subject`) is the table. Three rules follow,
for every output:

- city and admin see every field of every record; a city account that is bound to provinces sees every field of theirs
  (of a situation of their cities all, of any other what is public);
- a ward sees every field of what concerns one of its own wards, and of the rest what the public sees;
- the public sees the `public_fields` of a kind, and nothing of a kind that has none.

Counts are no records: what the public gets of reports and of the programme are the published figures
(`geo.visibility.published`).
"""

from __future__ import annotations

from geo.analysis.flags.flag import FlagRule
from geo.records.kinds.registry import kind

PUBLIC_FLAG_RULES: frozenset[FlagRule] = frozenset(("exposure",))
"""Flags that follow from the registers alone; that there is any other flag is known to those whom it concerns."""
PRIVATE_FLAG_FIELDS = ("observed", "expected", "p", "note")
"""Fields of a flag for those whom it concerns."""


def public_columns(kind_name: str) -> tuple[str, ...]:
    """The columns of a kind that everybody may read, with the number of the row and when it was recorded; or none."""
    fields = kind(kind_name).public_fields
    return ("id", *fields, "recorded_at") if fields else ()
