"""Memory levels off: what was written over is dropped, and each write leaves no more than its row."""

from __future__ import annotations

import asyncio
import json
import statistics
from pathlib import Path

import pytest

from benchmarks.load_clients import Connection, Reader, Writer
from benchmarks.load_server import Memory, people, serving

pytestmark = pytest.mark.siege
WRITES = 20
MOST_MB = 16.0
"""More than allocators and the rows themselves come to in ten writes (5 to 12 measured); answers held would be 20."""
LOOKED_AT = ("/api/v1/situation", "/api/v1/wards?limit=200&f=geojson", "/ogc/collections/wards/items?limit=200&f=json")


async def cycles(port: int, writer: Writer, reader: Reader, memory: Memory) -> list[float]:
    """Write and look in turns; megabytes after each."""
    writing, reading, held = Connection(port, writer.token), Connection(port, reader.token), list[float]()
    entries = writer.entries("memory")
    for _ in range(WRITES):
        _table, path, _marker, body = next(entries)
        assert (await writing.send("POST", path, json.dumps(body).encode()))[0] == 201
        for path in LOOKED_AT:
            assert (await reading.send("GET", path))[0] == 200
        held.append(memory.now())
    writing.close()
    reading.close()
    return held


def test_writing_does_not_fill_the_memory(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'records.sqlite'}"
    (writer,), readers = people(url, 1, 2)
    with serving(url, tmp_path, 1) as (port, memory):
        held = asyncio.run(cycles(port, writer, readers[1], memory))
    # Between the second quarter and the last: the first is that of starting up.
    quarter = WRITES // 4
    before, after = (statistics.median(held[n * quarter : (n + 1) * quarter]) for n in (1, 3))
    assert after - before < MOST_MB, [round(one) for one in held]
