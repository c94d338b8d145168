"""The picture of a day is kept for the records it was made of, and for no others."""

from __future__ import annotations

import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from fresh_records import record

from geo.analysis.coverage.attainment import Attainment
from geo.records.entries import Actor, NewAssessment, NewCoverageEntry, NewPhaseChange, NewReport
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import open_store
from geo.reference.programmes import Period
from geo.reference.provinces import provinces
from geo.situation import Lazy, at, load_registers
from geo.visibility.coverage import entered_coverage

DAY = date(2026, 8, 10)


def _level_after(url: str, level: str) -> str:
    """The level of HN-I-6 in fresh records at `url` with one assessment, all at the same moment."""
    moment = datetime(2026, 8, 10, 3, tzinfo=UTC)
    with open_store(url, registers=load_register_lookup(), now=lambda: moment) as store:
        entry: dict[str, Any] = {
            "site_id": "HN-I-6",
            "level": level,
            "day": date(2026, 7, 10),
            "document": "12/BC-UBND",
        }
        store.add(NewAssessment(**entry, office="Sở Y tế"), Actor("tests", "Sở Y tế"))
        sites = at(DAY, store=store).sites
    return str(sites.loc[sites["site_id"] == "HN-I-6", "level"].item())


def test_other_records_at_the_same_address_make_another_picture(tmp_path: Path) -> None:
    file = tmp_path / "records.sqlite"
    first = _level_after(f"sqlite:///{file}", "inactive")
    for left in tmp_path.glob("records.sqlite*"):
        left.unlink()
    assert (first, _level_after(f"sqlite:///{file}", "low")) == ("inactive", "low")


def test_coverage_is_worked_out_when_it_is_asked_for_and_tells_what_was_known_by_then(tmp_path: Path) -> None:
    moment = datetime(2026, 8, 10, 3, tzinfo=UTC)
    actor = Actor("tests", "Sở Y tế")
    entry: dict[str, Any] = {
        "ward_code": "00004", "programme": "hanoi-2026", "indicator": "3.1", "period": "2026-H1",
        "day": date(2026, 6, 10), "document": "20/BC-UBND", "office": "UBND phường Ba Đình",
    }  # fmt: skip
    with open_store(
        f"sqlite:///{tmp_path / 'a.sqlite'}", registers=load_register_lookup(), now=lambda: moment
    ) as store:
        store.add(NewCoverageEntry(value=120, **entry), actor)
        before = at(DAY, store=store)
        store.add(NewCoverageEntry(value=500, **entry), actor)
        after = at(DAY, store=store)
        assert not before.attained.is_made
        assert replace(before, reports=None).coverage is before.coverage
        assert before.attained.is_made
        values = [situation.coverage.result("3.1").value for situation in (before, after) if situation.coverage]
    assert values == [120, 500]


def test_figures_of_a_period_are_worked_out_anew_by_what_they_follow_from_alone(tmp_path: Path) -> None:
    actor, half = Actor("tests", "Sở Y tế"), Period.parse("2026-H1")
    said: dict[str, Any] = {"day": date(2026, 6, 10), "document": "20/BC-UBND", "office": "Sở Y tế"}
    url = f"sqlite:///{tmp_path / 'a.sqlite'}"
    with open_store(url, registers=load_register_lookup(), now=lambda: datetime(2026, 8, 10, 3, tzinfo=UTC)) as store:

        def shown() -> Attainment:
            return entered_coverage(at(DAY, store=store), store, half)

        first = shown()
        store.add(NewReport(day=DAY, kind="other", channel="hotline", lon=105.8364, lat=21.0394), actor)
        assert shown() is first
        figure: dict[str, Any] = {"programme": "hanoi-2026", "indicator": "3.1", "period": "2026-H1", "value": 120.0}
        store.add(NewCoverageEntry(ward_code="00004", **figure, **said), actor)
        second = shown()
        assert (first.result("3.1").value, second.result("3.1").value) == (None, 120)
        record(store, NewPhaseChange(ward_code="00004", phase="none", day=said["day"], document="20/BC-UBND"), actor)
        assert len(shown().rows("ward")) == len(second.rows("ward"))
        assert shown() is not second


def test_a_later_value_is_made_once_and_tried_anew_after_a_failure() -> None:
    made: list[int] = []

    def make() -> int:
        made.append(len(made))
        if len(made) == 1:
            raise ValueError("not yet")
        return len(made)

    value = Lazy(make)
    with pytest.raises(ValueError, match="not yet"):
        value.get()
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(lambda _: value.then(str).get(), range(40))) == {"2"}
    assert made == [0, 1]
    assert at(DAY).coverage is None


def test_another_process_gets_what_was_to_be_made_later() -> None:
    found = at(DAY)
    sent = pickle.loads(pickle.dumps(found))
    assert sent.flags == found.flags
    assert sent.coverage is None


def test_a_picture_loads_no_statistics_before_somebody_asks_for_its_flags() -> None:
    script = """
import sys
from datetime import date
from geo.situation import at
found = at(date(2026, 8, 10))
assert "scipy.stats" not in sys.modules
assert found.flags
assert "scipy.stats" not in sys.modules, "half a second for every process that serves or works out flags"
"""
    subprocess.run([sys.executable, "-c", script], check=True)


def test_the_registers_of_all_provinces_are_read_once() -> None:
    codes = [one.code for one in provinces()]
    first = [load_registers(code) for code in codes]
    assert len({one.city.province_code for one in first}) == len(codes) == 34
    assert all(load_registers(code) is one for code, one in zip(codes, first, strict=True))
