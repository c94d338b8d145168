"""Papers of a day of which nothing is recorded: the same with a database as without one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fresh_records import fresh_records

from geo.output.dossier.documents.atlas_document import atlas_document
from geo.output.dossier.documents.blocks import Document
from geo.output.dossier.documents.minutes_document import minutes_document
from geo.output.dossier.documents.site_document import site_document
from geo.output.dossier.edition import Edition
from geo.records.entries import Actor
from geo.records.kinds.observation import NewObservation
from geo.records.kinds.review import NewReview
from geo.records.open import opened_store
from geo.records.store import Store
from geo.situation import Situation, at
from geo.visibility import public

VI, EN = Edition(), Edition(lang="en")
DAY = date(2026, 6, 17)
WRITER = Actor("so-y-te", "Sở Y tế")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened_store(fresh_records(tmp_path)) as made:
        yield made


def said(document: Document, key: str) -> str:
    """The words of a section."""
    own = next(entry for entry in document.all_sections if entry.key == key)
    bare = replace(document, sections=(own,), appendices=(), closing=None, cautions=())
    return " ".join(bare.texts())


def printed(situation: Situation, audience: str = "internal") -> list[list[str]]:
    """What the papers say, but for the name of the data."""
    own, english = (replace(edition, audience=audience) for edition in (VI, EN))  # type: ignore[arg-type]
    found = [site_document(situation, "HN-I-7", own), site_document(situation, "HN-II-5", english)]
    found += [atlas_document(situation, own), minutes_document(situation, "00643", own)]
    return [[text for text in paper.texts() if situation.data_version not in text] for paper in found]


def test_records_that_begin_change_no_line_of_a_paper(store: Store) -> None:
    bare, begun = at(DAY, city="hanoi"), at(DAY, city="hanoi", store=store)
    assert printed(begun) == printed(bare)
    assert printed(public(begun), "public") == printed(public(bare), "public")


def test_what_is_recorded_is_said(store: Store) -> None:
    document = {"day": date(2026, 6, 1), "document": "5/BB"}
    store.add(NewReview(wards=("00643",), sites=("HN-I-7",), conclusion="watch", **document), WRITER)  # type: ignore[arg-type]
    store.add(NewObservation(place="HN-I-7", office="Sở Y tế", **document), WRITER)  # type: ignore[arg-type]
    paper = site_document(at(DAY, city="hanoi", store=store), "HN-I-7", VI)
    assert "5/BB" in said(paper, "history")
    assert "không ghi nhận tin báo nào" in said(paper, "reports")  # it is observed: none is an answer
    other = site_document(at(DAY, city="hanoi", store=store), "HN-II-5", VI)
    assert "Chưa có lần rà soát nào" in said(other, "history")
