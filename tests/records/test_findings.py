"""Findings that would not count: refused by whichever way they come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from record_samples import ACTOR, REGISTERS, Clock

from geo.errors import InputError
from geo.records.entries import NewReport, NewVerification
from geo.records.store import Store, open_store

DAY = date(2026, 3, 5)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path}/records.sqlite", registers=REGISTERS, now=Clock()) as made:
        yield made


def found(report: int, day: date, outcome: str = "confirmed") -> NewVerification:
    return NewVerification(report_id=report, outcome=outcome, day=day)


def codes(store: Store, entry: NewVerification, corrects: int | None = None) -> list[str]:
    try:
        store.add(entry, ACTOR, corrects=corrects)
    except InputError as error:
        return [problem.code for problem in error.problems]
    return []


def test_a_finding_before_its_report_or_behind_a_later_one_is_refused(store: Store) -> None:
    report = store.add(NewReport(day=DAY, kind="other", channel="other", site_id="HN-I-4"), ACTOR).id
    early, late = date(2026, 3, 4), date(2026, 3, 8)
    assert codes(store, found(report, early)) == ["records.verified-before"]
    first = store.add(found(report, late), ACTOR).id
    assert codes(store, found(report, DAY)) == ["records.verified-later"]
    with pytest.raises(InputError):
        store.add_all([found(report, late), found(report, DAY)], ACTOR)
    # A correction is held to the same, but for the finding that gives way to it.
    assert codes(store, found(report, early), first) == ["records.verified-before"]
    assert codes(store, found(report, DAY, "unfounded"), first) == []
