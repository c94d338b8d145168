"""The short form of `make load`: writers and readers on the service for seconds; every write is looked for afterwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.load import Plan, compared, measure
from benchmarks.load_clients import Tally

pytestmark = pytest.mark.siege
PLAN = Plan(writers=4, readers=8, seconds=6, pause=0.3)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Empty records in an SQLite file, and on a PostgreSQL server."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'records.sqlite'}"
    empty: Callable[[], str] = request.getfixturevalue("postgres")
    return empty()


def test_writers_and_readers_meet_no_error_and_nothing_is_lost(url: str, tmp_path: Path) -> None:
    found, tally, memory = measure(url, tmp_path, PLAN)
    assert found.errors == {}, tally.examples
    assert (found.lost, found.doubled, found.cut) == (0, 0, 0)
    assert found.acknowledged == found.writes >= PLAN.writers
    assert found.reads >= PLAN.readers
    assert found.sound
    # What it acknowledged is what is there; what it did not acknowledge would be found.
    table, number = next(iter(tally.receipts.values()))
    assert compared(url, Tally(receipts={"Tin 0 999": (table, number)}))[0] == 1
    assert memory.most > 0
