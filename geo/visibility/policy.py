"""The policy: for each kind of record the fields that everybody may read, and the wards whose accounts may read all.

What a kind of record declares (`geo.records.kinds`: `public_fields`, `subject`) is the table. Three rules follow,
for every output:

- city and admin see every field of every record;
- a ward sees every field of what concerns one of its own wards, and of the rest what the public sees;
- the public sees the `public_fields` of a kind, and nothing of a kind that has none.

Counts are no records: what the public gets of reports and of the programme are the published figures
(`geo.visibility.published`).
"""

from __future__ import annotations

from geo.analysis.flags.flag import FlagRule

PUBLIC_FLAG_RULES: frozenset[FlagRule] = frozenset(("exposure",))
"""Flags that follow from the registers alone; that there is any other flag is known to those whom it concerns."""
PRIVATE_FLAG_FIELDS = ("observed", "expected", "p", "note")
"""Fields of a flag for those whom it concerns."""
