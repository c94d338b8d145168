"""Retention: what was published of past quarters stays as it was, and the difference gives nothing away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from fresh_records import fresh_records
from hold_house import ACTOR, FIRST, PLACES, TODAY, House, StandingClock, record_what_is_not, served

from api.resources.visibility import report_counts
from api.security.identity import nobody
from geo.errors import InputError
from geo.records.entries import NewReport
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import Store, open_store
from geo.reference.sites import load_sites
from geo.reference.wards import load_wards
from geo.situation import from_registers

QUARTERS = (date(2026, 2, 15), date(2026, 5, 15), TODAY)
"""Days on which the quarters of the reports are published."""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    clock = StandingClock()
    with open_store(fresh_records(tmp_path), registers=load_register_lookup(), now=clock) as store:
        found = served(store, clock)
        record_what_is_not(store, clock)
        clock.at(TODAY)
        yield found


def published_counts(house: House) -> list[Any]:
    service = house.app.state.service
    today = from_registers(TODAY, "hanoi", load_wards(), load_sites())
    return [report_counts(service, replace(today, day=day), nobody(service)).document() for day in QUARTERS]


def left(store: Store) -> int:
    return len(store.reports(FIRST, TODAY))


def test_past_quarters_are_told_the_same_after_a_purge(house: House) -> None:
    before, rows = published_counts(house), left(house.store)
    assert [quarter["total"] for quarter in before].count(None) < 3
    # In the middle of a quarter, to its end, and of what is left: no step shows in public.
    for day in (date(2025, 10, 8), date(2026, 1, 1), date(2026, 4, 20), date(2026, 7, 1)):
        house.store.purge(day, ACTOR)
        assert left(house.store) < rows
        rows = left(house.store)
        assert published_counts(house) == before


def test_corrections_after_a_quarter_was_told_change_nothing_that_is_kept(house: House) -> None:
    before = published_counts(house)
    first = int(house.store.reports(FIRST, TODAY)["report_id"].iloc[0])
    moved = NewReport(day=date(2026, 2, 1), kind="other", channel="hotline", lon=105.8364217, lat=21.0394831)
    house.store.add(moved, ACTOR, corrects=first)
    assert published_counts(house) == before
    house.store.purge(date(2026, 4, 1), ACTOR)
    assert published_counts(house) == before


def test_the_counts_that_are_kept_are_no_summaries_of_months(house: House) -> None:
    house.store.purge(date(2026, 7, 1), ACTOR)
    summaries = house.store.summaries()
    assert set(summaries["kind"]) == {"other"}
    assert summaries["reports"].sum() == sum(times for _, _, _, times in PLACES)  # all are of before July


def test_a_quarter_that_is_not_settled_is_not_purged(house: House) -> None:
    rows = left(house.store)
    with pytest.raises(InputError, match="not public yet"):
        house.store.purge(date(2026, 7, 1) + timedelta(days=1), ACTOR)
    assert left(house.store) == rows
