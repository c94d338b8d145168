"""Reports that were read before are brought up to date by what was written since, and are what reading anew gives."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from record_samples import ACTOR, REGISTERS, Clock
from sqlalchemy import event

from geo.records.entries import NewReport, NewVerification
from geo.records.store import Store, open_store

SPAN = date(2026, 1, 1), date(2026, 3, 10)
WARDS = ("00004", "00008")


def report(day: int = 5, **changes: Any) -> NewReport:
    place = {} if "site_id" in changes else {"lon": 105.79, "lat": 21.01}
    return NewReport(day=date(2026, 3, day), kind="other", channel="hotline", **place, **changes)


def found(number: int, outcome: str = "confirmed", day: int = 6) -> NewVerification:
    return NewVerification(report_id=number, outcome=outcome, day=date(2026, 3, day))


def read(store: Store) -> pd.DataFrame:
    frame = store.reports(*SPAN, wards=WARDS)
    return pd.DataFrame(frame).assign(geometry=frame.geometry.to_wkt())


def read_anew(store: Store) -> pd.DataFrame:
    with open_store(store.url.render_as_string(hide_password=False), registers=REGISTERS) as other:
        return read(other)


def _old() -> dict[str, Any]:
    place = {"lon": 105.79, "lat": 21.01}
    return {"day": date(2025, 3, 1), "kind": "other", "channel": "hotline", **place}


def _twice(store: Store) -> None:
    better = store.add(report(7), ACTOR, corrects=1)
    store.withdraw("report", better.id, ACTOR, reason="twice")


WRITES: dict[str, Callable[[Store], object]] = {
    "one more": lambda store: store.add(report(8), ACTOR),
    "of an earlier day": lambda store: store.add(report(1), ACTOR),
    "outside the span": lambda store: store.add(NewReport(**_old()), ACTOR),
    "corrected": lambda store: store.add(report(7, verified=True), ACTOR, corrects=1),
    "moved out of the span": lambda store: store.add(NewReport(**_old()), ACTOR, corrects=1),
    "moved into the span": lambda store: store.add(report(4), ACTOR, corrects=4),
    "withdrawn": lambda store: store.withdraw("report", 2, ACTOR, reason="twice"),
    "corrected, then withdrawn": _twice,
    "on a site": lambda store: store.add(report(6, site_id="HN-I-1", chainage_m=500.0), ACTOR),
    "the same matter": lambda store: store.add(report(6, same_as=2), ACTOR),
    "verified": lambda store: store.add(found(2), ACTOR),
    "verified later than the span": lambda store: store.add(found(3, "unfounded", day=10), ACTOR),
    "found otherwise": lambda store: store.add(found(1, "unfounded"), ACTOR, corrects=1),
    "found of another": lambda store: store.add(found(2, "unfounded"), ACTOR, corrects=1),
    "finding withdrawn": lambda store: store.withdraw("verification", 1, ACTOR, reason="mistaken"),
    "retention": lambda store: store.purge(date(2026, 1, 1), ACTOR),
}


@pytest.fixture
def used(store: Store) -> Store:
    """A store with three reports of the span, one before it, and a finding; read once."""
    for entry in (report(3), report(5), report(9), NewReport(**_old()), found(1)):
        store.add(entry, ACTOR)
    assert len(read(store)) == 3
    return store


@pytest.mark.parametrize("name", WRITES)
def test_what_was_written_since_is_in(used: Store, name: str) -> None:
    WRITES[name](used)
    pd.testing.assert_frame_equal(read(used), read_anew(used))
    used.add(report(2), ACTOR)
    pd.testing.assert_frame_equal(read(used), read_anew(used))


def test_only_what_was_written_since_is_read(used: Store) -> None:
    said: list[str] = []

    def note(*told: Any) -> None:
        said.append(told[2])

    event.listen(used._engine, "before_cursor_execute", note)
    used.add(report(8), ACTOR)
    assert len(read(used)) == 4
    wide = [statement for statement in said if "report.channel" in statement and statement.startswith("SELECT")]
    assert len(wide) == 1
    assert "report.id >" in wide[0]


def test_what_another_process_wrote_is_in(used: Store) -> None:
    with open_store(used.url.render_as_string(hide_password=False), registers=REGISTERS) as other:
        other.add(report(8), ACTOR)
        other.withdraw("report", 1, ACTOR, reason="twice")
    assert read(used)["id"].tolist() == [2, 5, 3]


def test_a_restored_backup_is_read_anew(tmp_path: Path, clock: Clock) -> None:
    file, copy = tmp_path / "records.sqlite", tmp_path / "copy.sqlite"
    with open_store(f"sqlite:///{file}", registers=REGISTERS, now=clock) as store:
        store.add(report(3), ACTOR)
        store.close()
        shutil.copy(file, copy)
        store.add(report(4), ACTOR)
        assert len(read(store)) == 2
        store.close()
        shutil.copy(copy, file)
        clock.forward(minutes=5)
        store.add(report(7, verified=True), ACTOR)
        assert read(store)["day"].dt.day.tolist() == [3, 7]
        pd.testing.assert_frame_equal(read(store), read_anew(store))
