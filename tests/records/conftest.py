"""A store on each database: SQLite in a file, and a private PostgreSQL server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fresh_records import fresh_records
from record_samples import REGISTERS, Clock

from geo.records.store import Store, open_store


@pytest.fixture
def clock() -> Clock:
    """A clock that stands at 10 March 2026, 09:00 in Việt Nam."""
    return Clock()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'records.sqlite'}"
    new_database: Callable[[], str] = request.getfixturevalue("postgres")
    return new_database()


@pytest.fixture
def store(request: pytest.FixtureRequest, url: str, clock: Clock, tmp_path: Path) -> Iterator[Store]:
    """An empty store on each database, with a small register and a standing clock."""
    on_file = url.startswith("sqlite")
    ready = fresh_records(tmp_path) if on_file else request.getfixturevalue("migrated_postgres")()
    with open_store(ready, registers=REGISTERS, now=clock) as opened:
        yield opened
