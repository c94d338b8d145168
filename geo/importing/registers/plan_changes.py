"""A plan that was read, compared with the registers in force: what is new, gone, changed or the same in other words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Literal

from geo.errors import Problem
from geo.i18n.message import Message, Words, listed
from geo.importing.plans import PlanReading, PlanSite
from geo.importing.plans.understood import PHASES, Certainty
from geo.importing.plans.words.handover import year_of_plan
from geo.importing.plans.words.standing import added_before
from geo.importing.registers.changes import Papers, changed, event, leveled, versions_on
from geo.importing.registers.plan_choices import ChosenRow, chosen_rows
from geo.importing.registers.plan_counting import Counting, recounted, refuse_unknown
from geo.importing.registers.plan_numbers import with_next_ids, with_open_id
from geo.importing.registers.plan_persons import said_of_persons, without_persons
from geo.importing.registers.plan_programme import ProgrammeOfPlan, programme_of_plan
from geo.importing.registers.plan_register import Register, register_on
from geo.importing.registers.routes import Route
from geo.records.drafting.same_day import same_day_conflicts
from geo.records.kinds.phase_change import NewPhaseChange
from geo.records.kinds.registers.city_plan import NewPlan
from geo.records.kinds.registers.programme_version import NewProgrammeVersion
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.kinds.spec import NewEntry
from geo.records.model.programme_documents import DEFINITION, definition_of
from geo.records.model.vocabulary import vocabulary
from geo.records.programmes import programmes_on
from geo.records.store import Store
from geo.reference.cities import city as city_named
from geo.reference.names import fold
from geo.reference.programmes import Programme

State = Literal["same", "changed", "new", "returned", "gone"]


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site of a plan beside the register.

    `site_id` is '' for a new one; `state` says what the plan changes; `differences` name the fields; `in_other_words`:
    the place was recognised under another name, which somebody has to confirm. `site` is None for one that is gone.
    `key` is the row's number, with a count where the plan prints it before (`II.3/2`); '' without a row. `doubts`: why
    what the row changes is to look at, beside what is doubtful of the row itself. `private`: its words are about a
    person, so nothing of it is taken over.
    """

    site_id: str
    state: State
    site: PlanSite | None
    differences: tuple[str, ...] = ()
    in_other_words: str = ""
    key: str = ""
    doubts: tuple[Message, ...] = ()
    private: bool = False

    @property
    def certainty(self) -> Certainty:
        """How sure the row is."""
        if self.site is None:
            return "look"
        doubtful = self.in_other_words or self.doubts
        return "look" if doubtful and self.site.certainty == "sure" else self.site.certainty

    @property
    def reasons(self) -> tuple[Message, ...]:
        """Why the row is not sure."""
        return (*(self.site.reasons if self.site else ()), *self.doubts)

    @property
    def lacks_group(self) -> bool:
        """Whether it is a new site of which nobody says to which group it belongs."""
        return self.state == "new" and self.site is not None and not self.site.group


@dataclass(frozen=True, slots=True)
class PlanChanges:
    """What a plan changes in a city: its sites beside the register, wards with another phase than now, and what a
    reader says of how its targets are counted. `private`: what of its letterhead is about persons, and so left out."""

    reading: PlanReading
    city: str
    sites: tuple[SiteRow, ...]
    phases: Mapping[str, str]
    counting: Counting = field(default_factory=dict)
    private: tuple[Message, ...] = ()


def compared(
    store: Store, reading: PlanReading, day: date, choices: Mapping[str, str] = MappingProxyType({})
) -> PlanChanges:
    """A plan beside the register on its day; what another document changed on that day or since is to look at.

    `choices` are those of a reader: the key of a row → the group of a new site, or the site that the row means.

    Raises
    ------
    InputError
        A choice names no row, or nothing that the row can be.
    """
    reading, private = without_persons(reading)
    city = reading.head.city
    prefix = city_named(city).site_prefix if city else "?"
    register = register_on(store, reading, day)
    chosen = chosen_rows(reading, choices, register.known, register.listed, prefix)
    rows = [_screened(_since(row, register)) for row in _rows(chosen, register, reading)]
    return PlanChanges(reading, city, tuple(rows), _phases(store, reading, day), private=private)


def entries_of_plan(
    store: Store, found: PlanChanges, papers: Papers, *, unsure: bool = False, routes: Mapping[str, Route] | None = None
) -> tuple[list[NewEntry], list[SiteRow]]:
    """The entries of a draft of a plan, and the rows that are left out, each with the reasons.

    Left out are rows that are not sure (unless `unsure`), those against which another paper of the same day speaks,
    and new sites without a group or a route (`routes`: key of the row → route).
    """
    head = found.reading.head
    years = head.years or (papers.day.year, papers.day.year)
    entries: list[NewEntry] = [
        NewPlan(
            city=found.city,
            number=head.number or papers.document,
            title=head.title[:300],
            first_year=years[0],
            last_year=years[1],
            file_digest=found.reading.digest,
            **papers.said,
        )
    ]
    left: list[SiteRow] = []
    for at, (row, made) in enumerate(entries_of_rows(store, found, papers, routes)):
        against = same_day_conflicts(store.rows, made)
        if against or (row.certainty != "sure" and not unsure):
            left.append(_left_out(row, routes or {}, against))
            continue
        # Ids are given to what is accepted; one that other rows took and left would be missing.
        entries += with_open_id(at, row.site, made) if row.state == "new" else made
        left += [] if made or row.state == "same" else [_left_out(row, routes or {})]
    said: dict[str, Any] = {"day": papers.day, "document": papers.document, "note": papers.note}
    # Like a site that the plan lists no longer, a ward that leaves its phase so is to look at.
    taken = {code: phase for code, phase in found.phases.items() if unsure or phase != "none"}
    entries += [NewPhaseChange(ward_code=code, phase=phase, **said) for code, phase in taken.items()]
    programme = programme_entry(store, found, papers)
    accepted = with_next_ids(entries, list(versions_on(store, papers.day)), city_named(found.city))
    return [*accepted, *([programme] if programme else [])], left


def _left_out(row: SiteRow, routes: Mapping[str, Route], against: Sequence[Problem] = ()) -> SiteRow:
    """A row that is left out, with what it lacks, and what is recorded `against` it, among its doubts."""
    more = [Message(problem.code, **problem.parameters) for problem in against]
    if row.in_other_words:
        more.append(Message("importing.plan-in-other-words", site=row.site_id, name=row.in_other_words))
    if row.state == "new" and row.key not in routes:
        more.append(Message("importing.plan-no-route"))
    return replace(row, doubts=(*row.doubts, *more))


def said_of_phases(found: PlanChanges, *, unsure: bool = False) -> tuple[Message, ...]:
    """The wards that leave their phase because the plan lists them no longer, by name."""
    from geo.reference.wards import load_wards

    gone = [code for code, phase in found.phases.items() if phase == "none"]
    if not gone:
        return ()
    wards = load_wards().set_index("code")["full_name"]
    code = "importing.plan-phase-dropped" if unsure else "importing.plan-phase-kept"
    return (Message(code, count=len(gone), wards=listed([wards[each] for each in gone])),)


def said_of_programme(store: Store, found: PlanChanges, papers: Papers) -> tuple[Message, ...]:
    """What is left out because of persons, and what somebody should look at of how indicators are counted; where a plan
    lists none, which go on."""
    if not found.reading.indicators:
        left = any(remark.code == "importing.plan-private" for remark in found.reading.remarks)
        code = "importing.plan-no-indicators-left" if left else "importing.plan-no-indicators"
        return (*found.private, Message(code, document=_before(store, found, papers).document))
    programme = programme_of(store, found, papers)
    return (*found.private, *(programme.remarks if programme else ()))


def _before(store: Store, found: PlanChanges, papers: Papers) -> Programme:
    return programmes_on(papers.day - timedelta(days=1), city_named(found.city), store)[-1]


def programme_of(store: Store, found: PlanChanges, papers: Papers) -> ProgrammeOfPlan | None:
    """The programme that follows from a plan, by the one in force until then; None where it lists no indicators."""
    before = _before(store, found, papers)
    years = found.reading.head.years or (papers.day.year, papers.day.year)
    read = programme_of_plan(found.reading, before, day=papers.day, document=papers.document, years=years)
    if read is None:
        refuse_unknown(found.counting)
        return None
    counted = recounted(read.programme, found.counting)
    pairs = zip(read.programme.targets, counted.targets, strict=True)
    changed_targets = {old.id for old, new in pairs if old != new}
    said = tuple(remark for remark in read.remarks if remark.parameters["number"] not in changed_targets)
    return ProgrammeOfPlan(counted, said)


def entries_of_rows(
    store: Store, found: PlanChanges, papers: Papers, routes: Mapping[str, Route] | None = None
) -> list[tuple[SiteRow, list[NewEntry]]]:
    """Each site of a plan with its entries; none where nothing changes, or a new site has no route."""
    known, made = versions_on(store, papers.day), dict[int, list[NewEntry]]()
    # The next new site of the plan gets the next id; one that is not sure may be left out, so it takes none before.
    for at in sorted(range(len(found.sites)), key=lambda at: found.sites[at].certainty != "sure"):
        own = made[at] = _entries(found.sites[at], known, found, papers, routes or {})
        known |= {entry.site_id: entry for entry in own if isinstance(entry, NewSiteVersion)}
    return [(row, made[at]) for at, row in enumerate(found.sites)]


def _since(row: SiteRow, register: Register) -> SiteRow:
    """The row with what changed its site since the plan, where the plan would change it too."""
    if row.site_id not in (register.left if row.state == "same" else register.later):
        return row
    return replace(row, doubts=(*row.doubts, register.later[row.site_id]))


def _screened(row: SiteRow) -> SiteRow:
    """The row, marked where what it would change of the register is about a person."""
    said = said_of_persons(row.site) if row.site and row.state in ("new", "changed", "returned") else ()
    return replace(row, doubts=(*row.doubts, *said), private=True) if said else row


def _rows(chosen: Sequence[ChosenRow], register: Register, reading: PlanReading) -> Iterator[SiteRow]:
    year = year_of_plan(reading.head.years, reading.head.day)
    for each in chosen:
        yield _cleared(each, register) if each.site.standing == "cleared" else _listed(each, register, year)
    met = {each.meaning.site_id for each in chosen}
    unlisted = (Message("importing.plan-not-listed"),)
    if reading.sites:
        missing = sorted(set(register.listed) - met)
        yield from (SiteRow(site_id, "gone", None, doubts=unlisted) for site_id in missing)


def _added_before(site: PlanSite, year: int | None) -> tuple[Message, ...]:
    """Of a site that the register has not: that the plan says it was listed before."""
    added = added_before(site.note, year)
    return () if added is None else (Message("importing.plan-added-before", year=str(added)),)


def _listed(row: ChosenRow, register: Register, year: int | None) -> SiteRow:
    """A row that the plan lists, beside the site that it means."""
    site, meaning = row.site, row.meaning
    if not meaning.site_id:
        group = () if site.group else (Message("importing.plan-no-group"),)
        return SiteRow("", "new", site, key=row.key, doubts=(*meaning.doubts, *group, *_added_before(site, year)))
    version = register.known[meaning.site_id]
    level = register.levels.get(meaning.site_id, version.level)
    differences = tuple(_differences(site, version, level))
    state: State = "changed" if differences else "same"
    if meaning.site_id in register.ended:
        state = "returned"
    other = (_other_group(site, version),) if "group" in differences else ()
    return SiteRow(meaning.site_id, state, site, differences, meaning.before, row.key, (*meaning.doubts, *other))


def _other_group(site: PlanSite, version: NewSiteVersion) -> Message:
    terms = vocabulary().groups["group"]
    before, now = (
        Words(term.vi, term.en, one) if (term := terms.get(one)) else one for one in (version.group, site.group)
    )
    return Message("importing.plan-other-group", site=version.site_id, before=before, now=now)


def _cleared(row: ChosenRow, register: Register) -> SiteRow:
    """A row that the plan takes off the list."""
    meaning = row.meaning
    if meaning.site_id in register.ended:
        return SiteRow(meaning.site_id, "same", row.site, (), meaning.before, row.key, meaning.doubts)
    unknown = () if meaning.site_id else (Message("importing.plan-cleared-unknown"),)
    doubts = (*meaning.doubts, *unknown)
    return SiteRow(meaning.site_id, "gone", row.site, (), meaning.before, row.key, doubts)


def _differences(site: PlanSite, version: NewSiteVersion, level: str) -> Iterator[str]:
    if fold(site.name) != fold(version.name):
        yield "name"
    if site.group and site.group != version.group:
        yield "group"
    if site.level and site.level != level:
        yield "level"
    if site.handed_over is not None and site.handed_over != version.handed_over:
        yield "handed_over"
    if site.wards and set(site.wards) != set(version.declared_wards):
        yield "declared_wards"


def _entries(
    row: SiteRow, known: Mapping[str, NewSiteVersion], found: PlanChanges, papers: Papers, routes: Mapping[str, Route]
) -> list[NewEntry]:
    if row.state == "gone":
        return [event(row.site_id, "cleared", papers)] if row.site_id else []
    site = row.site
    if site is None or row.state == "same" or row.private:
        return []
    if row.state == "new":
        return _new(site, known, found, papers, routes.get(row.key))
    made: list[NewEntry] = [event(row.site_id, "returned", papers)] if row.state == "returned" else []
    if {"name", "group", "handed_over", "declared_wards"} & set(row.differences):
        values = {
            "name": site.name if "name" in row.differences else None,
            "group": site.group if "group" in row.differences else None,
            "handed_over": site.handed_over if "handed_over" in row.differences else None,
            "declared_wards": site.wards if "declared_wards" in row.differences else None,
            "declared_text": site.place if "declared_wards" in row.differences else None,
            "level": site.level if "level" in row.differences else None,
        }
        made.append(changed(known[row.site_id], papers, **values, plan=found.reading.head.number or None))
    if "name" in row.differences:
        made.append(event(row.site_id, "renamed", papers))
    if site.level and ("level" in row.differences or row.state == "returned"):
        made.append(leveled(row.site_id, site.level, papers))
    return made


def _new(
    site: PlanSite, known: Mapping[str, NewSiteVersion], found: PlanChanges, papers: Papers, route: Route | None
) -> list[NewEntry]:
    from geo.importing.registers.changes import new_site, next_id

    if route is None or not site.level or not site.group:
        return []
    version = NewSiteVersion(
        site_id=next_id(list(known), city_named(found.city), site.group, site.number),
        name=site.name,
        group=site.group,
        level=site.level,
        handed_over=site.handed_over,
        declared_wards=site.wards,
        declared_text=site.place,
        geometry=route.geometry,
        geometry_source=route.source,
        accuracy_m=route.accuracy_m or 50.0,
        plan=found.reading.head.number,
        **papers.said,
    )
    return new_site(replace(version, note=papers.note), papers)


def _phases(store: Store, reading: PlanReading, day: date) -> dict[str, str]:
    """Wards whose phase changes: those that the plan lists, and those that it lists no longer.

    A phase of which the plan has no list stays as it is.
    """
    listed = {code: phase for phase in PHASES for code in reading.phase(phase)}
    if not listed:
        return {}
    recorded = store.phases(day)
    now = {code: phase for code, phase in zip(recorded["ward_code"], recorded["phase"], strict=True) if phase != "none"}
    province = city_named(reading.head.city).province_code if reading.head.city else ""
    own = _codes_of(province)
    # A name that is not understood may be that of any ward, so none is dropped then.
    whole = all(ward.certainty == "sure" for ward in reading.wards)
    phases = frozenset(listed.values()) if whole else frozenset()
    gone = [code for code, phase in now.items() if phase in phases and code in own and code not in listed]
    changed = {code: phase for code, phase in listed.items() if now.get(code) != phase}
    return changed | dict.fromkeys(gone, "none")


def _codes_of(province: str) -> frozenset[str]:
    from geo.reference.wards import load_wards

    wards = load_wards()
    return frozenset(wards.loc[wards["province_code"] == province, "code"])


def programme_entry(store: Store, found: PlanChanges, papers: Papers) -> NewProgrammeVersion | None:
    """The programme of a plan as an entry; None where the plan lists no indicators."""
    reading = found.reading
    programme = programme_of(store, found, papers)
    if programme is None:
        return None
    content = {
        "indicators": [indicator.document() for indicator in reading.indicators],
        "deadlines": [day.isoformat() for day in reading.deadlines],
        DEFINITION: definition_of(programme.programme),
    }
    return NewProgrammeVersion(
        programme=programme.programme.id,
        city=found.city,
        content=json.dumps(content, ensure_ascii=False),
        **papers.said,
    )
