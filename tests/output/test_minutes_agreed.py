"""The minutes of a handover review name what is agreed for the sites of the ward, and what the ward agreed to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from fresh_records import fresh_records, record

from geo.output.dossier.documents.blocks import Document, Paragraph
from geo.output.dossier.documents.minutes_document import minutes_document
from geo.output.dossier.edition import Edition
from geo.records.entries import Actor
from geo.records.kinds.registers.responsibility import NewResponsibility
from geo.records.open import opened_store
from geo.situation import at

SINCE, DAY = date(2026, 7, 1), date(2026, 8, 1)
SAID: dict[str, Any] = {"document": "Biên bản 3/BB-UBND", "office": "UBND thành phố"}
THANH_LIET, DINH_CONG, LANG = "00643", "00316", "00199"


def items(document: Document) -> list[str]:
    sites = next(section for section in document.all_sections if section.key == "sites")
    return [block.text for block in sites.blocks if isinstance(block, Paragraph) and block.role == "item"]


def test_the_minutes_name_what_is_agreed(tmp_path: Path) -> None:
    with opened_store(fresh_records(tmp_path), now=lambda: datetime(2026, 9, 1, tzinfo=UTC)) as store:
        wards = (THANH_LIET, DINH_CONG)
        agreed = NewResponsibility(site_id="HN-I-5", wards=wards, from_m=0.0, to_m=300.0, day=SINCE, **SAID)
        record(store, agreed, Actor("so-y-te", "Sở Y tế"))
        then, before = at(DAY, store=store), at(date(2026, 6, 30), store=store)
        for edition in (Edition(), Edition(lang="en")):
            (said,) = items(minutes_document(then, THANH_LIET, edition))
            assert said.startswith("I.5: ")
            assert "Biên bản 3/BB-UBND" in said
        assert items(minutes_document(then, DINH_CONG, Edition())), "the ward agreed to it"
        assert not items(minutes_document(then, LANG, Edition()))
        assert not items(minutes_document(before, THANH_LIET, Edition()))
        record(store, replace(agreed, wards=(), day=DAY), Actor("so-y-te", "Sở Y tế"))
        assert not items(minutes_document(at(DAY, store=store), THANH_LIET, Edition()))
