"""Ids of the new sites of a plan: given in the order of what is accepted of it, so that none is left out between.

Until then the id of a site that does not bear the plan's own number stays open: `HN-II-NEW-3` for the third row.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from geo.importing.plans import PlanSite
from geo.importing.registers.changes import next_id
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.kinds.spec import NewEntry
from geo.records.ledger.new_numbers import with_numbers
from geo.reference.cities import City

_OPEN = re.compile(r"[A-Z]+-[A-Z0-9]+-NEW-\d+")


def with_open_id(at: int, site: PlanSite | None, entries: Sequence[NewEntry]) -> list[NewEntry]:
    """The entries of a new site, the row `at` of its plan, with its id open, unless it is the number of the row."""
    version = next((entry for entry in entries if isinstance(entry, NewSiteVersion)), None)
    if version is None or site is None:
        return list(entries)
    prefix, part, _ = version.site_id.split("-", 2)
    if version.site_id == f"{prefix}-{site.number.replace('.', '-')}":
        return list(entries)
    return list(with_numbers(entries, {version.site_id: f"{prefix}-{part}-NEW-{at + 1}"}))


def with_next_ids(entries: Sequence[NewEntry], known: Collection[str], city: City) -> list[NewEntry]:
    """The entries of what was accepted, each site whose id is open with the next free one of its group."""
    given = {entry.site_id for entry in entries if isinstance(entry, NewSiteVersion) and not _is_open(entry)}
    taken = [*known, *given]
    numbers: dict[str, str] = {}
    for version in _open_versions(entries):
        numbers[version.site_id] = next_id(taken, city, version.group)
        taken.append(numbers[version.site_id])
    return list(with_numbers(entries, numbers))


def _open_versions(entries: Sequence[NewEntry]) -> Iterator[NewSiteVersion]:
    yield from (entry for entry in entries if isinstance(entry, NewSiteVersion) and _is_open(entry))


def _is_open(version: NewSiteVersion) -> bool:
    return bool(_OPEN.fullmatch(version.site_id))
