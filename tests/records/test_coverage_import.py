"""The same figures given twice are recorded once; figures that differ from what is recorded are reported as changes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fresh_records import fresh_records

from geo.errors import InputError
from geo.importing.coverage_commit import add_coverage, compare_coverage
from geo.records.entries import Actor, NewCoverageEntry
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import Store, open_store

ACTOR = Actor("tests", "Sở Y tế", "import")
OLD = NewCoverageEntry(
    ward_code="00004", programme="hanoi-2026", indicator="3.1", period="2026-H1", value=120, day=date(2026, 6, 10),
    document="20/BC-UBND", office="UBND phường Ba Đình",
)  # fmt: skip
OTHER = replace(OLD, ward_code="00008")
CITY = replace(OLD, ward_code=None, indicator="9")


@pytest.fixture
def store(tmp_path: Path):  # type: ignore[no-untyped-def]
    moment = datetime(2026, 8, 10, 3, tzinfo=UTC)
    with open_store(fresh_records(tmp_path), registers=load_register_lookup(), now=lambda: moment) as opened:
        yield opened


def test_a_second_import_writes_nothing_and_says_so(store: Store) -> None:
    first = add_coverage(store, [OLD, CITY], ACTOR, source="a")
    version = store.version()
    again = add_coverage(store, [OLD, CITY], ACTOR, source="a")
    assert ((first.count, first.same), (again.count, again.same)) == ((2, 0), (0, 2))
    assert again.recorded_at is None
    assert store.version() == again.version == version
    assert len(store.coverage()) == 2
    assert len(store.audit(action="coverage_entry.import")) == 1


def test_only_what_is_new_or_changed_is_written(store: Store) -> None:
    add_coverage(store, [OLD, CITY], ACTOR, source="a")
    changed = replace(OLD, value=130)
    found = compare_coverage(store, [changed, CITY, OTHER])
    assert (found.new, found.same) == ((OTHER,), 1)
    assert [(each.entry.value, each.value, each.counts) for each in found.replaced] == [(130, 120, True)]
    receipt = add_coverage(store, [changed, CITY, OTHER], ACTOR, source="b")
    assert (receipt.count, receipt.same) == (2, 1)
    assert store.audit(action="coverage_entry.import")["detail"].iloc[0] == "2 rows, 1 recorded before"
    # What was said first is said anew now, so it is a change back, not something recorded already.
    assert [each.value for each in compare_coverage(store, [OLD]).replaced] == [130]


def test_an_earlier_report_does_not_come_back(store: Store) -> None:
    later = replace(OLD, value=130, day=date(2026, 6, 20))
    add_coverage(store, [OLD, later], ACTOR, source="a")
    assert compare_coverage(store, [OLD]).same == 1
    unseen = compare_coverage(store, [replace(OLD, value=90)])
    assert [each.counts for each in unseen.replaced] == [False]


def test_what_cannot_be_written_is_refused_in_the_trial_too(store: Store) -> None:
    with pytest.raises(InputError, match="lies in the future"):
        compare_coverage(store, [replace(OLD, day=date(2026, 9, 1))])


def test_two_imports_of_one_file_at_the_same_moment_write_it_once(store: Store) -> None:
    entries = [replace(OLD, ward_code=code) for code in ("00004", "00008", "00025")]
    with ThreadPoolExecutor(6) as threads:
        receipts = list(threads.map(lambda _: add_coverage(store, entries, ACTOR, source="a"), range(6)))
    assert sorted(receipt.count for receipt in receipts) == [0, 0, 0, 0, 0, 3]
    assert len(store.coverage()) == 3
