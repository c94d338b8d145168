"""The plans of a city as pages list them, each with its stored file and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from api.web.base.page_context import PageContext
from geo.analysis.listed_phases import said_of_phases
from geo.i18n.message import Message
from geo.records.kinds.registers.city_plan import NewPlan
from geo.records.kinds.spec import NewEntry
from geo.records.model.paper_numbers import bears_number
from geo.records.model.vocabulary import vocabulary
from geo.records.plan_files import stored_digests
from geo.records.programmes import programmes_on
from geo.reference.names import plain
from geo.reference.programmes import programme_of_city
from geo.situation import not_listed, registers_ever


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan that was published: its number, title, day, document, the hash of its stored file ('' for none), and the
    sites whose versions or events stand on its document."""

    number: str
    title: str
    day: date
    document: str
    digest: str
    sites: tuple[str, ...]


def plan_lines(context: PageContext) -> list[PlanLine]:
    """The plans of the visitor's city, the latest first."""
    store = context.service.store
    stored, came = stored_digests(store), _sites(context)
    rows = store.entries("city_plan")
    own = rows[rows["city"] == context.city.slug].to_dict("records")
    return [
        PlanLine(
            row["number"],
            row["title"],
            row["day"].date(),
            row["document"],
            row["file_digest"] if row["file_digest"] in stored else "",
            tuple(
                dict.fromkeys(
                    site for document, own in came.items() if bears_number(document, row["number"]) for site in own
                )
            ),
        )
        for row in reversed(own)
    ]


def files_by_number(context: PageContext) -> dict[str, str]:
    """The number of a plan → the hash of its stored file."""
    return {line.number: line.digest for line in plan_lines(context) if line.digest}


def file_of(context: PageContext, entries: Iterable[NewEntry]) -> str:
    """The hash of the stored file of a draft; '' where it has none."""
    stored = stored_digests(context.service.store)
    found = (entry.file_digest for entry in entries if isinstance(entry, NewPlan))
    return next((digest for digest in found if digest in stored), "")


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """A ward of a phase: its code and name, since when, and by which document."""

    phase: str
    code: str
    name: str
    day: date
    document: str


def phase_lines(context: PageContext) -> list[PhaseLine]:
    """The wards of the visitor's city that are in a phase today, by phase and name."""
    wards = context.service.registers(context.city.slug).wards
    names = dict(zip(wards["code"], wards["full_name"], strict=True))
    rows = context.service.store.phases(context.service.today).to_dict("records")
    found = [
        PhaseLine(row["phase"], row["ward_code"], names[row["ward_code"]], row["day"].date(), row["document"])
        for row in rows
        if row["ward_code"] in names and row["phase"] != "none"
    ]
    order = {phase: rank for rank, phase in enumerate(programme_of_city(context.city).phase_ids)}
    return sorted(found, key=lambda line: (order.get(line.phase, len(order)), plain(line.name)))


def phases_unlike_programme(context: PageContext) -> tuple[Message, ...]:
    """Where the phases of wards are others than those that the programme in force lists."""
    service, terms = context.service, {term.id: term for term in vocabulary().terms("phase")}
    rows = service.store.phases(service.today)
    recorded = dict(zip(rows["ward_code"], rows["phase"], strict=True))
    programme = programmes_on(service.today, context.city, service.store)[-1]
    return said_of_phases(programme, service.register(context.city.slug), recorded, terms)


def sites_of_other_days(context: PageContext) -> list[tuple[str, str]]:
    """The sites of the visitor's city that left the list, or are on it from a later day on: id and what is said."""
    store, today = context.service.store, set(context.service.situation(None, context.city.slug).sites["site_id"])
    known = registers_ever(context.city.slug, store).sites["site_id"]
    said = ((site, not_listed(store, site)) for site in known if site not in today)
    return [(site, problem.text(context.words.lang)) for site, problem in said if problem]


def _sites(context: PageContext) -> dict[str, tuple[str, ...]]:
    """Document → the sites of which it changed something."""
    prefix, found = f"{context.city.site_prefix}-", dict[str, dict[str, None]]()
    versions, events = context.service.store.register_entries()
    for frame in (versions, events):
        for site, document in zip(frame["site_id"], frame["document"], strict=True):
            if site.startswith(prefix):
                found.setdefault(document, {})[site] = None
    return {document: tuple(sites) for document, sites in found.items()}
