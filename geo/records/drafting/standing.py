"""What is wrong with the entries of a draft as things stand: on the ground of the city, and by what is recorded."""

from __future__ import annotations

from collections.abc import Sequence

from geo.records.drafting.ground import agreement_faults, route_faults
from geo.records.drafting.site_lives import Read, life_faults
from geo.records.drafting.withdrawals import remaining, withdrawal_faults
from geo.records.kinds.spec import NewEntry
from geo.records.validation.entry_checks import Fault
from geo.reference.cities import city


def standing_faults(read: Read, entries: Sequence[NewEntry], slug: str) -> list[Fault]:
    """What is wrong with entries against what is recorded (`read`, as `Store.rows`) of a city, and on its ground."""
    where = city(slug)
    taken_back = withdrawal_faults(read, entries, where)
    read = remaining(read, entries)
    return [
        *taken_back,
        *life_faults(read, entries),
        *route_faults(entries, where),
        *agreement_faults(read, entries, where),
    ]
