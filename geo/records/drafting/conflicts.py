"""What somebody else did since a draft was written: it is refused, or its new sites get other ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from sqlalchemy import select

from geo.errors import Problem
from geo.records.drafting.draft import Draft
from geo.records.drafting.site_numbers import next_id, renumbered
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.kinds.registry import kind, kind_of
from geo.records.ledger import write_transaction as ledger
from geo.records.ledger.queries import current, rows
from geo.records.model.errors import ConflictError
from geo.reference.cities import city
from geo.reference.crs import to_metric
from geo.reference.names import fold

BESIDE_M = 30.0
"""A route this near to another one is the same one there."""
SAME = 0.5
"""Routes that share this much of the shorter one are one place."""


def with_free_numbers(write: ledger.WriteTransaction, draft: Draft) -> Draft:
    """The draft with other ids for those of its new sites whose ids were given to other places since it was written.

    A place that is the same, by its name or its route, is a conflict and stays as it is.
    """
    new = {
        entry.site_id: entry
        for entry in draft.entries
        if isinstance(entry, NewSiteVersion) and draft.base.get(entry.site_id, 0) is None
    }
    if not new:
        return draft
    recorded = rows(write.connection, kind("site_version"), ("site_id", "name", "geometry"))
    last = {site: (name, geometry) for site, name, geometry in recorded}
    moved: dict[str, str] = {}
    known = [*last, *new]
    for site, version in new.items():
        if site in last and not is_same_place(version, *last[site], draft.city):
            moved[site] = next_id(known, city(draft.city), version.group)
            known.append(moved[site])
    return _moved(draft, moved) if moved else draft


def _moved(draft: Draft, moved: Mapping[str, str]) -> Draft:
    base, events = (
        {moved.get(site, site): number for site, number in base.items()} for base in (draft.base, draft.base_events)
    )
    entries = renumbered(draft.entries, moved)
    return replace(draft, entries=entries, base=base, base_events=events, moved=moved)


def is_same_place(version: NewSiteVersion, name: str, geometry: str, slug: str) -> bool:
    """Whether a site is a place that is recorded: it bears its name, or shares most of the route."""
    if fold(version.name) == fold(name):
        return True
    shapes = np.array([shapely.from_geojson(text) for text in (version.geometry, geometry)], dtype=object)
    return shared_m(*to_metric(shapes, city(slug).province_code))[1] >= SAME


def shared_m(one: Any, other: Any) -> tuple[float, float]:
    """Metres of one geometry beside another, and the share that they are of the shorter one; both metric.

    Of an area its outline counts, and a point is beside a place or not: no metre, all of it or nothing.
    """
    if not shapely.dwithin(one, other, BESIDE_M):
        return 0.0, 0.0
    lines = [shapely.boundary(shape) if shape.area else shape for shape in (one, other)]
    shortest = min(float(line.length) for line in lines)
    shared = float(shapely.intersection(lines[0], shapely.buffer(other, BESIDE_M)).length)
    return shared, min(1.0, shared / shortest) if shortest else 1.0


def refuse_again(write: ledger.WriteTransaction, draft: Draft) -> None:
    """Refuse a draft that was published, changed or taken back by somebody else in the meantime."""
    table = kind("publication").table.c
    done = write.connection.execute(select(table.id).where(table.draft_id == draft.number)).scalar()
    if done is not None:
        raise ConflictError(Problem("records.published-before", str(draft.number), draft=str(draft.number)))
    drafts_now = kind("register_draft")
    query = current(drafts_now, None).with_only_columns(drafts_now.table.c.id).where(drafts_now.table.c.id == draft.row)
    if write.connection.execute(query).scalar() is None:
        raise ConflictError(Problem("records.draft-changed", str(draft.number), draft=str(draft.number)))


def refuse_conflict(write: ledger.WriteTransaction, draft: Draft) -> None:
    """Refuse where a site has another version, or another last event, than the one on which the draft stands."""
    problems: dict[str, Problem] = {}
    stands = (("site_event", "event", draft.base_events), ("site_version", "name", draft.base))
    for kind_name, shown, base in stands:
        now = _now(write, kind_name, shown, list(base))
        for site, stood in base.items():
            found = now.get(site)
            if (found["id"] if found else None) != stood:
                versions = {"in_force": found, "proposed": _proposed(draft, kind_name, shown, site), "base": stood}
                problems[site] = Problem("records.site-changed", site, site=site, **versions)
    if problems:
        raise ConflictError([problems[site] for site in draft.base if site in problems])


def _now(write: ledger.WriteTransaction, kind_name: str, shown: str, sites: list[str]) -> dict[str, dict[str, Any]]:
    """Site → its last version or event: number, name or event, day."""
    spec = kind(kind_name)
    table = spec.table.c
    query = current(spec, None).where(table.site_id.in_(sites))
    rows = write.connection.execute(query.with_only_columns(table.site_id, table.id, table[shown], table.day))
    return {row.site_id: {"id": row.id, "name": row[2], "day": row.day} for row in rows}


def _proposed(draft: Draft, kind_name: str, shown: str, site: str) -> dict[str, Any] | None:
    own = (entry for entry in draft.entries if kind_of(entry).name == kind_name and entry.site_id == site)  # type: ignore[attr-defined]
    found = next(own, None)
    return None if found is None else {"name": getattr(found, shown), "day": found.day}
