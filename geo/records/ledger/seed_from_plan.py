"""The first records: what the plan itself says of the level of each site and the phase of each ward."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from geo.errors import InputError, Problem
from geo.records.kinds.assessment import NewAssessment
from geo.records.kinds.phase_change import NewPhaseChange
from geo.records.kinds.registry import kind_of
from geo.records.kinds.spec import NewEntry
from geo.records.model.actor import PLAN, Actor
from geo.records.model.vocabulary import Term, vocabulary
from geo.reference.cities import added_cities
from geo.reference.programme.terms import NOT_COVERED
from geo.reference.programmes import Programme, programme_of_city

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

PLAN_ACTOR = Actor(PLAN, "diaban", "import")
"""Who records what the plan says."""


def plan_assessments(sites: GeoDataFrame) -> list[NewAssessment]:
    """The plan's own level of each site, valid from the day of issue of the site's `document`.

    `sites` is the frame of `load_sites`; each site's `document` must hold the number of a `[[document]]` of
    `data/vocabulary.toml`, which knows the day and the issuing office.

    Raises
    ------
    InputError
        A site's document is not in the vocabulary; all such sites are named.
    """
    documents = plan_documents(sites["document"])
    unknown = [
        Problem("records.document-not-in-vocabulary", str(site), document=text)
        for site, text, found in zip(sites["site_id"], sites["document"], documents, strict=True)
        if found is None
    ]
    if unknown:
        raise InputError(unknown)
    return [
        NewAssessment(site_id=site, level=level, day=issue_day(term), document=term.id, office=term.office)
        for site, level, term in zip(sites["site_id"], sites["level"], documents, strict=True)
        if term is not None
    ]


def plan_history(sites: GeoDataFrame, day: date) -> DataFrame | None:
    """What the plan says of the levels, as the frame that `Store.assessments` gives, where there are no records yet.

    Only what was valid on `day`; None where a site's document is not in the vocabulary (somebody's own sites).
    """
    import pandas

    try:
        entries = plan_assessments(sites)
    except InputError:
        return None
    rows = [
        {"id": None, "site_id": e.site_id, "level": e.level, "day": e.day, "document": e.document, "office": e.office}
        for e in entries
        if e.day <= day
    ]
    columns = ["id", "site_id", "level", "day", "document", "office", "note"]
    frame = pandas.DataFrame(rows, columns=columns)
    return frame.assign(note="", day=pandas.to_datetime(frame["day"]))


def plan_phases(wards: DataFrame, document: str = "07/KH-UBND") -> list[NewPhaseChange]:
    """The phase of each ward that the plan's programme covers, valid from the day of issue.

    `wards` is the frame of `load_wards`; wards with phase `none` have no entry: not covered is what nobody recorded.
    The wards of an added city are listed by the document of its own programme.

    Raises
    ------
    UnknownTermError
        The vocabulary has no such document.
    """
    shipped, added = vocabulary().find("document", document), _added_documents()
    terms = [added.get(code, shipped) for code in wards["province_code"]]
    return [
        NewPhaseChange(ward_code=code, phase=phase, day=issue_day(term), document=term.id)
        for code, phase, term in zip(wards["code"], wards["phase"], terms, strict=True)
        if phase != NOT_COVERED
    ]


def _added_documents() -> dict[str, Term]:
    """The document of the programme of each added city, by the code of its province."""
    return {place.province_code: _document(programme_of_city(place)) for place in added_cities()}


def _document(programme: Programme) -> Term:
    said = programme.document, programme.title, programme.title_en
    return Term(*said, day=programme.issued, office=programme.issuer)


def missing_entries(connection: Connection, entries: Sequence[NewEntry]) -> list[NewEntry]:
    """Those entries of which no row, corrected or not, has the same subject, day and document."""
    there: set[tuple[object, ...]] = set()
    for spec in {kind_of(entry) for entry in entries}:
        columns = (spec.table.c[name] for name in (spec.subject, "day", "document"))
        there |= {(spec.name, *row) for row in connection.execute(select(*columns))}
    return [entry for entry in entries if _key(entry) not in there]


def _key(entry: NewEntry) -> tuple[object, ...]:
    spec = kind_of(entry)
    values = spec.values(entry)
    return spec.name, values[spec.subject], entry.day, values["document"]


def plan_documents(texts: Iterable[str]) -> list[Term | None]:
    """For each text the document of the vocabulary or of an added city's programme whose number it holds."""
    known = (*vocabulary().terms("document"), *_added_documents().values())
    return [next((term for term in known if term.id in text), None) for text in texts]


def issue_day(term: Term) -> date:
    """The day of issue of a document; `InputError` where the vocabulary does not say it."""
    if term.day is None:
        raise InputError(Problem("records.document-without-day", f"[[document]] {term.id}"))
    return term.day
