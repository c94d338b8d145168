"""Levels that come with versions of sites: a version alone puts no level in force, so a draft says it in an assessment
as well."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from geo.records.drafting.site_lives import Read
from geo.records.drafting.withdrawals import remaining
from geo.records.kinds.assessment import NewAssessment
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.kinds.spec import NewEntry

_Steps = dict[str, list[tuple[date, str]]]
"""Site → since when it has which level, by day."""


def levels_of_versions(read: Read, entries: Sequence[NewEntry]) -> list[NewAssessment]:
    """The assessments that the versions of a draft need beside them: of each one whose level is another than that in
    force on its day, and of which the draft says no level of that day itself.

    They hold from the version's day, by its document and office.
    """
    steps, own = _steps(read, entries), _own_levels(entries)
    found: list[NewAssessment] = []
    for version in sorted(_versions(entries), key=lambda one: one.day):
        if (version.site_id, version.day) in own or _level_on(steps, version) == version.level:
            continue
        steps[version.site_id] = sorted([*steps[version.site_id], (version.day, version.level)])
        said = {"day": version.day, "document": version.document, "office": version.office}
        found.append(NewAssessment(site_id=version.site_id, level=version.level, **said))  # type: ignore[arg-type]
    return found


def leveled_twice(read: Read, entries: Sequence[NewEntry]) -> list[NewAssessment]:
    """The assessments of a draft that say another level than its version of that day, which is not the one in force
    until then either."""
    own = {(entry.site_id, entry.day): entry for entry in entries if isinstance(entry, NewAssessment)}
    steps = _steps(read, [entry for entry in entries if not isinstance(entry, NewAssessment)])
    pairs = ((version, own.get((version.site_id, version.day))) for version in _versions(entries))
    return [
        level
        for version, level in pairs
        if level is not None and version.level not in (level.level, _level_on(steps, version))
    ]


def _level_on(steps: _Steps, version: NewSiteVersion) -> str | None:
    """The level in force on the day of a version; None where nothing says one."""
    return next((level for day, level in reversed(steps[version.site_id]) if day <= version.day), None)


def _steps(read: Read, entries: Sequence[NewEntry]) -> _Steps:
    """What is recorded of levels and stays, with the assessments of the entries; of a site of which nothing is
    assessed, that of its versions."""
    read, steps, listed = remaining(read, entries), defaultdict[str, list[tuple[date, str]]](list), _Steps()
    for site, day, level in read("assessment", ("site_id", "day", "level")):
        steps[site].append((day, level))
    for site, day, level in read("site_version", ("site_id", "day", "level")):
        listed.setdefault(site, []).append((day, level))
    for site, versions in listed.items():
        steps[site] = steps[site] or versions
    for entry in entries:
        if isinstance(entry, NewAssessment):
            steps[entry.site_id].append((entry.day, entry.level))
    return defaultdict(list, {site: sorted(each, key=lambda one: one[0]) for site, each in steps.items()})


def _own_levels(entries: Sequence[NewEntry]) -> dict[tuple[str, date], str]:
    return {(entry.site_id, entry.day): entry.level for entry in entries if isinstance(entry, NewAssessment)}


def _versions(entries: Sequence[NewEntry]) -> Iterator[NewSiteVersion]:
    return (entry for entry in entries if isinstance(entry, NewSiteVersion))
