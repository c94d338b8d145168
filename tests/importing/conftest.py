"""A store with the small register of the records, and files in a folder."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fresh_records import fresh_records

sys.path.insert(0, str(Path(__file__).parent))

from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import Store, open_store

TODAY = datetime(2026, 8, 10, 3, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store with the registers of the data set, on 10 August 2026."""
    with open_store(fresh_records(tmp_path), registers=load_register_lookup(), now=lambda: TODAY) as opened:
        yield opened


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes, str], Path]:
    """Writes a file and gives its path."""

    def write(content: bytes, name: str) -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write
