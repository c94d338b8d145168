"""The short form of `python -m benchmarks.siege`: seconds of mixed abuse beside honest users."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from benchmarks.siege.run import MOST_MEGABYTES, siege

pytestmark = pytest.mark.siege
REFUSED = {
    "zigzag": {"413", "429"},
    "archive": {"413", "422", "429", "503"},
    "sign-in": {"401", "429"},
    "known_at": {"200", "429"},
    "past day": {"200", "429"},
    "workbook": {"422", "429", "503"},
    "stalled": {"408"},
}


def test_abuse_stops_nobody_and_every_kind_is_refused_or_bounded(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'records.sqlite'}"
    found = siege(url, tmp_path, seconds=8, workers=2, honest=6, each=1)
    met = defaultdict(set)
    for kind, status in (line.rsplit(" ", 1) for line in found.abuse):
        met[kind].add(status)
    assert set(met) == set(REFUSED)
    assert {kind: seen - REFUSED[kind] for kind, seen in met.items() if seen - REFUSED[kind]} == {}
    assert (found.deaths, found.errors) == (0, {})
    assert found.besieged.count >= 6
    assert 0 < found.memory_most < MOST_MEGABYTES
