"""What changes of sites, phases and responsibility mean as entries; a change begins at a site's version on its day."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from geo.errors import InputError, Problem, UnknownSiteError
from geo.i18n.message import Message
from geo.records.kinds.assessment import NewAssessment
from geo.records.kinds.phase_change import NewPhaseChange
from geo.records.kinds.registers.responsibility import NewResponsibility
from geo.records.kinds.registers.site_event import NewSiteEvent
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.kinds.registers.withdrawal import NewWithdrawal
from geo.records.kinds.registry import kind
from geo.records.kinds.spec import NewEntry
from geo.records.publishing import Draft
from geo.records.store import Store
from geo.reference.cities import City, cities
from geo.reference.names import suggest
from geo.reference.programme.in_use import own_terms
from geo.reference.programme.terms import Group
from geo.reference.wards import Ward, WardRegister

_GROUPS = {"establishment": "I", "public": "II"}
"""The numbers of the shipped groups in Appendix II; further ones bring theirs."""
_NOTED = 15
"""So many former units have room in the note of a draft."""


@dataclass(frozen=True, slots=True)
class Papers:
    """By which document a change comes into force, since when, and of which office."""

    day: date
    document: str
    office: str
    note: str = ""

    @property
    def said(self) -> dict[str, Any]:
        """The fields that every entry of the change has."""
        return {"day": self.day, "document": self.document, "office": self.office, "note": self.note}


def other_papers(draft: Draft) -> tuple[Message, ...]:
    """What is to be said of a draft whose entries are of another day, document or office than it says itself."""
    own = (draft.day, draft.document, draft.office)
    found: Counter[tuple[date, str, str]] = Counter()
    for entry in draft.entries:
        named = tuple(getattr(entry, name, mine) for name, mine in zip(("day", "document", "office"), own, strict=True))
        found[named] += named != own  # type: ignore[index]
    return tuple(
        Message("importing.draft-other-papers", count=count, day=day, document=document, office=office)
        for (day, document, office), count in found.items()
        if count
    )


def versions_on(store: Store, day: date) -> dict[str, NewSiteVersion]:
    """Every site that was ever published, as it is on a day, with the level in force then; one that comes later as it
    is first."""
    spec = kind("site_version")
    names = [column.name for column in spec.columns]
    found: dict[str, NewSiteVersion] = {}
    for row in store.rows("site_version", names):
        version = NewSiteVersion(**dict(zip(names, row, strict=True)))
        # They come by day: what is published of a later day is no part of it.
        if version.day <= day or version.site_id not in found:
            found[version.site_id] = version
    for site, since, level in store.rows("assessment", ("site_id", "day", "level")):
        if site in found and since <= max(day, found[site].day):
            found[site] = replace(found[site], level=level)
    return found


def version_of(store: Store, site_id: str, day: date) -> NewSiteVersion:
    """The version of a site on a day, its first one where it comes later; `UnknownSiteError` where there is none."""
    known = versions_on(store, day)
    if site_id.upper() not in known:
        raise UnknownSiteError(site_id, suggest(site_id.upper(), known))
    return known[site_id.upper()]


def city_of(site_id: str) -> City:
    """The city of a site, by the prefix of its id; `UnknownSiteError` where no city has it."""
    prefix = site_id.upper().partition("-")[0]
    found = next((city for city in cities() if city.site_prefix == prefix), None)
    if found is None:
        raise UnknownSiteError(site_id, [])
    return found


def next_id(known: Sequence[str], city: City, group: str, number: str = "") -> str:
    """The id of a new site: the plan's number where it is free and of its group, else the next one of its group."""
    part = _part(group)
    wanted = f"{city.site_prefix}-{number.replace('.', '-')}" if re.fullmatch(rf"{part}\.\d+", number) else ""
    if wanted and wanted not in known:
        return wanted
    stem = f"{city.site_prefix}-{part}-"
    taken = [int(site[len(stem) :]) for site in known if site.startswith(stem) and site[len(stem) :].isdigit()]
    return f"{stem}{max(taken, default=0) + 1}"


def id_of_number(known: Sequence[str], city: City, group: str, number: str) -> str:
    """The id of a new site by a number that somebody names.

    Raises
    ------
    InputError
        It is no number of the group (`II.6`), or a site has it already; the next free one is named.
    """
    free = next_id(known, city, group)
    if not re.fullmatch(rf"{_part(group)}\.[1-9]\d{{0,3}}", number):
        raise InputError(Problem("records.no-site-number", "number", number=number[:20], part=_part(group), free=free))
    wanted = f"{city.site_prefix}-{number.replace('.', '-')}"
    if wanted in known:
        raise InputError(Problem("records.site-number-taken", "number", number=number, site=wanted, free=free))
    return wanted


def group_of_number(groups: Sequence[str], number: str) -> str:
    """Which of the groups of a programme a site's number belongs to (`II.6`); the last one where it says none."""
    return next((group for group in groups if number.partition(".")[0] == _part(group)), groups[-1])


def _part(group: str) -> str:
    own = own_terms("group").get(group)
    return own.number if isinstance(own, Group) else _GROUPS.get(group, "III")


def new_site(version: NewSiteVersion, papers: Papers) -> list[NewEntry]:
    """A new site, with its level."""
    return [version, leveled(version.site_id, version.level, papers)]


def changed(version: NewSiteVersion, papers: Papers, **values: Any) -> NewSiteVersion:
    """A further version of a site: the last one with other values; those that are None stay.

    The words for its ends do not describe another route, nor does the note on route and wards describe other ones.
    """
    given = {name: value for name, value in values.items() if value is not None}
    is_moved = given.get("geometry", version.geometry) != version.geometry
    is_other = is_moved or given.get("declared_wards", version.declared_wards) != version.declared_wards
    given = ({"start": "", "finish": ""} if is_moved else {}) | given
    made = replace(version, **given, day=papers.day, document=papers.document, office=papers.office)
    if not given or made == replace(version, day=papers.day, document=papers.document, office=papers.office):
        raise InputError(Problem("importing.nothing-changes", version.site_id, site=version.site_id))
    return replace(made, note=papers.note or ("" if is_other else version.note))


def redescribed(version: NewSiteVersion, papers: Papers, level: str | None = None, **values: Any) -> list[NewEntry]:
    """A site as it is from a day on: a further version, or its level alone where nothing else is another one."""
    given = [value for value in values.values() if value is not None]
    if level is not None and level != version.level and not given:
        return [leveled(version.site_id, level, papers)]
    return [changed(version, papers, level=level, **values)]


def correcting(store: Store, entries: Sequence[NewEntry], papers: Papers) -> list[NewEntry]:
    """These entries as a correction: behind what takes back the versions of their sites and days that are recorded.

    Raises
    ------
    InputError
        A site has no version of that day.
    """
    recorded = {(site, day): row for row, site, day in store.rows("site_version", ("id", "site_id", "day"))}
    versions = [entry for entry in entries if isinstance(entry, NewSiteVersion)]
    missing = [one for one in versions if (one.site_id, one.day) not in recorded]
    if missing or not versions:
        said = [(one.site_id, one.day) for one in missing] or [("", papers.day)]
        raise InputError([Problem("records.nothing-to-correct", "day", site=site, day=day) for site, day in said])
    reason = papers.note or Message("records.corrected-by", document=papers.document).text("vi")
    back: dict[str, Any] = papers.said | {"note": reason, "kind": "site_version"}
    rows = [(recorded[one.site_id, one.day], one.site_id) for one in versions]
    return [*(NewWithdrawal(row=row, subject=site, **back) for row, site in rows), *entries]


def event(site_id: str, what: str, papers: Papers, others: Sequence[str] = ()) -> NewSiteEvent:
    """An event in the life of a site."""
    return NewSiteEvent(site_id=site_id, event=what, others=tuple(others), **papers.said)


def renamed(version: NewSiteVersion, name: str, papers: Papers) -> list[NewEntry]:
    """A site under another name."""
    return [changed(version, papers, name=name), event(version.site_id, "renamed", papers)]


def returned(version: NewSiteVersion, papers: Papers, level: str | None = None) -> list[NewEntry]:
    """A site that comes back to the list, with its level now."""
    entries: list[NewEntry] = [event(version.site_id, "returned", papers)]
    return [*entries, leveled(version.site_id, level, papers)] if level else entries


def leveled(site_id: str, level: str, papers: Papers) -> NewAssessment:
    """The level of a site by a document."""
    return NewAssessment(site_id=site_id, level=level, **papers.said)


@dataclass(frozen=True, slots=True)
class NamedWards:
    """The wards that names mean: their codes, and where a name is that of a unit from before July 2025, that unit with
    the one ward that has it now."""

    codes: tuple[str, ...]
    former: tuple[tuple[str, str], ...] = ()

    @property
    def note(self) -> str:
        """The former units as a draft notes them: `Phường Vĩnh Phúc → Phường Ngọc Hà`; '' without."""
        pairs = [f"{unit} → {ward}" for unit, ward in self.former]
        more = f"; … (+{len(pairs) - _NOTED})" if len(pairs) > _NOTED else ""
        return "; ".join(pairs[:_NOTED]) + more


def named_wards(names: Sequence[str], city: City) -> NamedWards:
    """The wards that names mean; every name is read, and all that mean no one ward are named at once.

    Raises
    ------
    InputError
        Some names mean no ward, or several; or a ward of today is named twice, and another one may have been meant.
    """
    from geo.errors import DiabanError

    register = WardRegister.load(city=city)
    wards: list[Ward] = []
    former: list[tuple[str, str]] = []
    own: dict[str, int] = {}
    problems: list[Problem] = []
    for at, name in enumerate(names):
        try:
            ward = register.by_printed(name)
        except DiabanError as error:
            problems += error.problems
            continue
        units = _former_units(register, name)
        if names.index(name) < at or (not units and own.setdefault(ward.code, at) < at):
            problems.append(Problem("importing.ward-named-twice", name, ward=ward.full_name, code=ward.code))
        wards.append(ward)
        former += units
    if problems:
        raise InputError(problems)
    return NamedWards(tuple(dict.fromkeys(ward.code for ward in wards)), tuple(dict.fromkeys(former)))


def _former_units(register: WardRegister, name: str) -> list[tuple[str, str]]:
    if register.search.alias(name):
        return []
    found = register.find(name).answer.found
    return [(unit.name, each.ward.full_name) for each in found if each.how == "former" for unit, _ in each.former]


def phases(wards: NamedWards, phase: str, papers: Papers) -> list[NewEntry]:
    """The phase of wards."""
    said: dict[str, Any] = {"day": papers.day, "document": papers.document, "note": papers.note}
    return [NewPhaseChange(ward_code=code, phase=phase, **said) for code in wards.codes]


def responsibility(
    site_id: str, wards: NamedWards, papers: Papers, from_m: float | None = None, to_m: float | None = None
) -> NewResponsibility:
    """Who agreed to answer for a stretch of a site."""
    return NewResponsibility(site_id=site_id, wards=wards.codes, from_m=from_m, to_m=to_m, **papers.said)
