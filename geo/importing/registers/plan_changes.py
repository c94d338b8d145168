"""A plan that was read, compared with the registers in force: what is new, gone, changed or the same in other words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

from geo.importing.plans import PlanReading, PlanSite
from geo.importing.plans.understood import PHASES, Certainty
from geo.importing.registers.changes import Papers, changed, event, last_versions, leveled
from geo.importing.registers.plan_programme import ProgrammeOfPlan, programme_of_plan
from geo.importing.registers.routes import Route
from geo.records.kinds.phase_change import NewPhaseChange
from geo.records.kinds.registers.city_plan import NewPlan
from geo.records.kinds.registers.programme_version import NewProgrammeVersion
from geo.records.kinds.registers.site_event import ENDING
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.kinds.spec import NewEntry
from geo.records.model.programme_documents import DEFINITION, definition_of
from geo.records.programmes import programmes_on
from geo.records.store import Store
from geo.reference.cities import city as city_named
from geo.reference.names import fold, plain

State = Literal["same", "changed", "new", "returned", "gone"]
_ALIKE = 80.0
"""Names this alike (of 100, words in any order) may be the same place in other words."""


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site of a plan beside the register.

    `site_id` is '' for a new one; `state` says what the plan changes; `differences` name the fields; `in_other_words`:
    the place was recognised under another name, which somebody has to confirm. `site` is None for one that is gone.
    """

    site_id: str
    state: State
    site: PlanSite | None
    differences: tuple[str, ...] = ()
    in_other_words: str = ""

    @property
    def certainty(self) -> Certainty:
        """How sure the row is."""
        if self.site is None:
            return "look"
        return "look" if self.in_other_words and self.site.certainty == "sure" else self.site.certainty


@dataclass(frozen=True, slots=True)
class PlanChanges:
    """What a plan changes in a city: its sites beside the register, and wards with another phase than now."""

    reading: PlanReading
    city: str
    sites: tuple[SiteRow, ...]
    phases: Mapping[str, str]


def compared(store: Store, reading: PlanReading, day: date) -> PlanChanges:
    """A plan beside what is in force on the day before `day`."""
    city = reading.head.city
    prefix = f"{city_named(city).site_prefix}-" if city else "?"
    known = {site: version for site, version in last_versions(store).items() if site.startswith(prefix)}
    _, events = store.register_entries()
    last = dict(zip(events["site_id"], events["event"], strict=True))
    listed = {site for site in known if last.get(site) not in ENDING}
    levels = store.levels(day)
    now = dict(zip(levels["site_id"], levels["level"], strict=True))
    rows = list(_rows(reading, known, listed, now))
    return PlanChanges(reading, city, tuple(rows), _phases(store, reading, day))


def entries_of_plan(
    store: Store, found: PlanChanges, papers: Papers, *, unsure: bool = False, routes: Mapping[str, Route] | None = None
) -> tuple[list[NewEntry], list[SiteRow]]:
    """The entries of a draft of a plan, and the rows that are left out.

    Left out are rows that are not sure (unless `unsure`), and new sites without a route (`routes`: number → route).
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
    for row, made in entries_of_rows(store, found, papers, routes):
        if row.certainty != "sure" and not unsure:
            left.append(row)
            continue
        entries += made
        left += [] if made or row.state == "same" else [row]
    said: dict[str, Any] = {"day": papers.day, "document": papers.document, "note": papers.note}
    entries += [NewPhaseChange(ward_code=code, phase=phase, **said) for code, phase in found.phases.items()]
    programme = programme_entry(store, found, papers)
    return [*entries, *([programme] if programme else [])], left


def programme_of(store: Store, found: PlanChanges, papers: Papers) -> ProgrammeOfPlan | None:
    """The programme that follows from a plan, by the one in force until then; None where it lists no indicators."""
    before = programmes_on(papers.day - timedelta(days=1), city_named(found.city), store)[-1]
    years = found.reading.head.years or (papers.day.year, papers.day.year)
    return programme_of_plan(found.reading, before, day=papers.day, document=papers.document, years=years)


def entries_of_rows(
    store: Store, found: PlanChanges, papers: Papers, routes: Mapping[str, Route] | None = None
) -> list[tuple[SiteRow, list[NewEntry]]]:
    """Each site of a plan with its entries; none where nothing changes, or a new site has no route."""
    known, made = last_versions(store), []
    for row in found.sites:
        own = _entries(row, known, found, papers, routes or {})
        # The next new site of the plan gets the next id.
        known |= {entry.site_id: entry for entry in own if isinstance(entry, NewSiteVersion)}
        made.append((row, own))
    return made


def _rows(
    reading: PlanReading, known: Mapping[str, NewSiteVersion], listed: set[str], now: Mapping[str, str]
) -> Iterator[SiteRow]:
    met: set[str] = set()
    for site in reading.sites:
        site_id, other = _recognised(site, {key: value for key, value in known.items() if key not in met})
        if not site_id:
            yield SiteRow("", "new", site)
            continue
        met.add(site_id)
        differences = tuple(_differences(site, known[site_id], now.get(site_id, known[site_id].level)))
        state: State = "returned" if site_id not in listed else "changed" if differences else "same"
        yield SiteRow(site_id, state, site, differences, other)
    for site in reading.cleared:
        site_id, other = _recognised(site, {key: value for key, value in known.items() if key not in met})
        if site_id in listed:
            met.add(site_id)
            yield SiteRow(site_id, "gone", site, (), other)
    if reading.sites:
        yield from (SiteRow(site_id, "gone", None) for site_id in sorted(listed - met))


def _recognised(site: PlanSite, known: Mapping[str, NewSiteVersion]) -> tuple[str, str]:
    """The id of the site that a plan means, '' where it is none; and the name it had, where it is another one."""
    for site_id, version in known.items():
        if fold(version.name) == fold(site.name):
            return site_id, ""
    from rapidfuzz import fuzz

    scored = sorted(
        ((fuzz.token_sort_ratio(plain(site.name), plain(version.name)), site_id) for site_id, version in known.items()),
        reverse=True,
    )
    if not scored or scored[0][0] < _ALIKE or (len(scored) > 1 and scored[0][0] - scored[1][0] < 5):
        return "", ""
    site_id = scored[0][1]
    return site_id, known[site_id].name


def _differences(site: PlanSite, version: NewSiteVersion, level: str) -> Iterator[str]:
    if fold(site.name) != fold(version.name):
        yield "name"
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
        return [event(row.site_id, "cleared", papers)]
    site = row.site
    if site is None or row.state == "same":
        return []
    if row.state == "new":
        return _new(site, known, found, papers, routes)
    made: list[NewEntry] = [event(row.site_id, "returned", papers)] if row.state == "returned" else []
    if {"name", "handed_over", "declared_wards"} & set(row.differences):
        values = {
            "name": site.name if "name" in row.differences else None,
            "handed_over": site.handed_over if "handed_over" in row.differences else None,
            "declared_wards": site.wards if "declared_wards" in row.differences else None,
            "declared_text": site.place if "declared_wards" in row.differences else None,
        }
        made.append(changed(known[row.site_id], papers, **values, plan=found.reading.head.number or None))
    if "name" in row.differences:
        made.append(event(row.site_id, "renamed", papers))
    if site.level and ("level" in row.differences or row.state == "returned"):
        made.append(leveled(row.site_id, site.level, papers))
    return made


def _new(
    site: PlanSite, known: Mapping[str, NewSiteVersion], found: PlanChanges, papers: Papers, routes: Mapping[str, Route]
) -> list[NewEntry]:
    from geo.importing.registers.changes import new_site, next_id

    route = routes.get(site.number)
    if route is None or not site.level:
        return []
    group = site.group or "public"
    version = NewSiteVersion(
        site_id=next_id(list(known), city_named(found.city), group, site.number),
        name=site.name,
        group=group,
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
    """Wards whose phase changes: those that the plan lists, and those that it lists no longer."""
    listed = {code: phase for phase in PHASES for code in reading.phase(phase)}
    if not listed:
        return {}
    recorded = store.phases(day)
    now = {code: phase for code, phase in zip(recorded["ward_code"], recorded["phase"], strict=True) if phase != "none"}
    province = city_named(reading.head.city).province_code if reading.head.city else ""
    own = _codes_of(province)
    # A name that is not understood may be that of any ward, so none is dropped then.
    whole = all(ward.certainty == "sure" for ward in reading.wards)
    dropped = {code: "none" for code in now if whole and code in own and code not in listed}
    return {code: phase for code, phase in listed.items() if now.get(code) != phase} | dropped


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
