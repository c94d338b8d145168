"""Files of the data set that say something else than what is recorded: proposals, of which nothing is in force.

The files are recorded as the first plans, once. A file that changes later changes no register; what it says is brought
in as a draft, or left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from geo.records.kinds.phase_change import NewPhaseChange
from geo.records.kinds.registers.programme_version import NewProgrammeVersion
from geo.records.kinds.registers.site_event import ENDING, NewSiteEvent
from geo.records.kinds.registry import kind, kind_of
from geo.records.kinds.spec import NewEntry
from geo.records.ledger.seed_from_plan import plan_assessments, plan_phases
from geo.records.ledger.seed_registers import first_plans, first_versions
from geo.records.model.programme_documents import programme_of_content
from geo.records.store import Store
from geo.reference.cities import cities
from geo.reference.programmes import load_programmes
from geo.reference.sites import load_sites
from geo.reference.wards import ward_rows

_PAPERS = frozenset(("day", "document", "office", "plan", "note"))
"""Fields that say by which paper something holds, not what."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """What a file of the data set says otherwise: of which subject in which city (slug), as entries of a draft."""

    city: str
    subject: str
    entries: tuple[NewEntry, ...]


def changed_files(store: Store) -> list[FileChange]:
    """What the files of the data set say that was never recorded, by city and subject.

    Raises
    ------
    DataFileMissingError, InputError, StoreError
        As `load_sites`, `ward_rows`, `load_programmes` and the records.
    """
    found = [*_sites(store), *_phases(store), *_programmes(store)]
    order = {city.slug: at for at, city in enumerate(cities())}
    return sorted(found, key=lambda change: (order[change.city], change.subject))


def _sites(store: Store) -> Iterator[FileChange]:
    sites = load_sites()
    recorded = _contents(store, "site_version", "site_id")
    levels = {entry.site_id: entry for entry in plan_assessments(sites)} if len(sites) else {}
    for version in first_versions(sites):
        if _content(version) in recorded.get(version.site_id, ()):
            continue
        new = [levels[version.site_id]] if version.site_id not in recorded else []
        yield FileChange(_city(version.site_id), version.site_id, (version, *new))
    yield from _gone(store, set(sites["site_id"]))


def _gone(store: Store, listed: set[str]) -> Iterator[FileChange]:
    """Sites of the first plans that the file has no longer, and that are still on the list."""
    ended = {site for site, event in store.rows("site_event", ("site_id", "event")) if event in ENDING}
    rows = store.history("site_version", recorded_by="plan")
    for row in rows.drop_duplicates("site_id").to_dict("records"):
        site = row["site_id"]
        if site in listed or site in ended:
            continue
        said: dict[str, Any] = {name: row[name] for name in ("document", "office")}
        event = NewSiteEvent(site_id=site, event="cleared", day=row["day"].date(), **said)
        yield FileChange(_city(site), site, (event,))


def _phases(store: Store) -> Iterator[FileChange]:
    wards = ward_rows()
    recorded = _contents(store, "phase_change", "ward_code")
    provinces = {city.province_code: city.slug for city in cities()}
    province = dict(zip(wards["code"], wards["province_code"], strict=True))
    for entry in _file_phases(store):
        if _content(entry) not in recorded.get(entry.ward_code, ()) and province[entry.ward_code] in provinces:
            yield FileChange(provinces[province[entry.ward_code]], entry.ward_code, (entry,))


def _file_phases(store: Store) -> Iterator[NewPhaseChange]:
    """The phases of the file; `none` where the first plan had recorded another one."""
    wards = ward_rows()
    listed = {entry.ward_code: entry for entry in plan_phases(wards)}
    yield from listed.values()
    known = set(wards["code"])
    for row in store.history("phase_change", recorded_by="plan").to_dict("records"):
        if row["ward_code"] not in listed and row["ward_code"] in known:
            said: dict[str, Any] = {"ward_code": row["ward_code"], "document": row["document"]}
            yield NewPhaseChange(phase="none", day=row["day"].date(), **said)


def _programmes(store: Store) -> Iterator[FileChange]:
    recorded: dict[str, list[object]] = {}
    for name, content in store.rows("programme_version", ("programme", "content")):
        recorded.setdefault(name, []).append(programme_of_content(content))
    # The file of an added city holds as it stands until a plan is published: it proposes nothing.
    for entry in first_plans(load_programmes(added=False)):
        if not isinstance(entry, NewProgrammeVersion):
            continue
        known = recorded.get(entry.programme, [])
        # Recorded before definitions were: the file is still what counts.
        if None not in known and programme_of_content(entry.content) not in known:
            yield FileChange(entry.city, entry.programme, (entry,))


def _contents(store: Store, name: str, subject: str) -> dict[str, set[tuple[Any, ...]]]:
    """Subject → what was ever recorded of it, without the papers."""
    columns = [column.name for column in kind(name).columns]
    found: dict[str, set[tuple[Any, ...]]] = {}
    for row in store.rows(name, columns):
        values = dict(zip(columns, row, strict=True))
        found.setdefault(values[subject], set()).add(_plain(values))
    return found


def _content(entry: NewEntry) -> tuple[Any, ...]:
    return _plain(kind_of(entry).values(entry))


def _plain(values: dict[str, Any]) -> tuple[Any, ...]:
    named = ((name, tuple(value) if isinstance(value, list) else value) for name, value in values.items())
    return tuple(sorted((name, value) for name, value in named if name not in _PAPERS))


def _city(site_id: str) -> str:
    return next(city.slug for city in cities() if site_id.startswith(f"{city.site_prefix}-"))


def of_city(changes: Iterable[FileChange], city: str) -> tuple[NewEntry, ...]:
    """The entries of all changes of a city."""
    return tuple(entry for change in changes if change.city == city for entry in change.entries)
