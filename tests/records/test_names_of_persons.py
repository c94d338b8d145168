"""What names a person and was taken back is shown to nobody, by whichever knowledge day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from fresh_records import record
from record_samples import ACTOR, Clock

from geo.records.entries import NewAssessment, NewReport, NewReview
from geo.records.model.hidden import HIDDEN
from geo.records.store import Store

DAY, TODAY = date(2026, 3, 1), date(2026, 3, 10)
NAMED = "Quán karaoke Hồng Nhung, chủ quán ở tầng hai"
"""What the screen lets through; somebody sees later that it names a person."""


def entries() -> dict[str, Any]:
    return {
        "report": NewReport(day=DAY, kind="public_space", channel="hotline", lon=105.79, lat=21.01, note=NAMED),
        "review": NewReview(
            day=DAY, wards=("00004",), sites=("HN-I-1",), conclusion="quiet", document="1/BB", note=NAMED
        ),
        "assessment": NewAssessment(
            site_id="HN-I-4", level="low", day=DAY, document="12/BC-UBND", office="UBND xã Hoài Đức", note=NAMED
        ),
    }


def notes(store: Store, name: str, known_at: datetime) -> list[str]:
    """The notes of a kind by what was known at a moment."""
    if name == "report":
        return list(store.reports(DAY, TODAY, known_at=known_at)["note"])
    return list(store.entries(name, TODAY, known_at=known_at)["note"])


@pytest.mark.parametrize("name", ["report", "review", "assessment"])
def test_a_record_that_was_taken_back_for_it(store: Store, clock: Clock, name: str) -> None:
    first = store.add(entries()[name], ACTOR)
    known, _ = store.known_at(), clock.forward(days=1)
    again = store.add(entries()[name], ACTOR, corrects=first.id)
    assert notes(store, name, known) == [NAMED]
    clock.forward(days=1)
    later = store.known_at()
    store.withdraw(name, again.id, ACTOR, reason="Nêu tên người", names_person=True)
    assert [notes(store, name, moment) for moment in (known, later)] == [[HIDDEN], [HIDDEN]]
    assert NAMED not in store.history(name)["note"].tolist()
    assert store.entries(name, TODAY).empty or name == "report"


def test_one_that_was_taken_back_for_another_reason_is_shown(store: Store, clock: Clock) -> None:
    first = store.add(entries()["report"], ACTOR)
    known, _ = store.known_at(), clock.forward(days=1)
    store.withdraw("report", first.id, ACTOR, reason="Ghi nhầm")
    assert notes(store, "report", known) == [NAMED]


def test_a_text_that_the_screen_refuses_by_now(store: Store, clock: Clock) -> None:
    """It was recorded when the screen knew less, and was taken back since for another reason."""
    first = record(store, replace(entries()["review"], note="Gặp ông Nguyễn Văn Hùng, ĐT 0912345678"), ACTOR)
    known, _ = store.known_at(), clock.forward(days=1)
    store.withdraw("review", first, ACTOR, reason="Ghi nhầm")
    assert notes(store, "review", known) == [HIDDEN]
