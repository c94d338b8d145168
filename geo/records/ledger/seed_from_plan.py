"""The first records: what the plan itself says of the level of each site and the phase of each ward."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from geo.errors import InputError, Problem
from geo.records.model.entries import Actor, NewAssessment, NewPhaseChange
from geo.records.model.tables import Assessment, PhaseChange
from geo.records.model.vocabulary import Term, vocabulary
from geo.records.validation.entry_checks import clean

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

PLAN_ACTOR = Actor("plan", "diaban", "import")
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
    documents = [_document(text) for text in sites["document"]]
    unknown = [
        Problem(f"its document '{text}' is not in the vocabulary", str(site), "add a [[document]] with number and day")
        for site, text, found in zip(sites["site_id"], sites["document"], documents, strict=True)
        if found is None
    ]
    if unknown:
        raise InputError(unknown)
    return [
        NewAssessment(site_id=site, level=level, day=_day(term), document=term.id, office=term.office)
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


def plan_phases(wards: GeoDataFrame, document: str = "07/KH-UBND") -> list[NewPhaseChange]:
    """The phase of each ward that the plan's programme covers, valid from the day of issue.

    `wards` is the frame of `load_wards`; wards with phase `none` have no entry: not covered is what nobody recorded.

    Raises
    ------
    UnknownTermError
        The vocabulary has no such document.
    """
    term = vocabulary().find("document", document)
    return [
        NewPhaseChange(ward_code=code, phase=phase, day=_day(term), document=term.id)
        for code, phase in zip(wards["code"], wards["phase"], strict=True)
        if phase != "none"
    ]


def missing_entries(
    connection: Connection, entries: Sequence[NewAssessment | NewPhaseChange]
) -> list[NewAssessment | NewPhaseChange]:
    """Those entries of which no row, corrected or not, has the same subject, day and document."""
    there: set[tuple[str, str, date, str]] = set()
    for kind, table, subject in (
        ("level", Assessment, Assessment.site_id),
        ("phase", PhaseChange, PhaseChange.ward_code),
    ):
        rows = connection.execute(select(subject, table.day, table.document))
        there |= {(kind, name, day, document) for name, day, document in rows}
    return [entry for entry in entries if _key(entry) not in there]


def _key(entry: NewAssessment | NewPhaseChange) -> tuple[str, str, date, str]:
    if isinstance(entry, NewAssessment):
        return "level", entry.site_id, entry.day, clean(entry.document)
    return "phase", entry.ward_code, entry.day, clean(entry.document)


def _document(text: str) -> Term | None:
    return next((term for term in vocabulary().terms("document") if term.id in text), None)


def _day(term: Term) -> date:
    if term.day is None:
        raise InputError(Problem("has no day of issue", f"[[document]] {term.id}", "add day = 2026-01-07"))
    return term.day
