"""A process that is killed while it publishes leaves nothing half in force."""

from __future__ import annotations

import contextlib
import random
import signal
import subprocess
import sys

import pytest

from geo.records.open import opened_store
from geo.records.store import Store

pytestmark = pytest.mark.siege
PUBLISHER = """
import json, sys
from datetime import date
from geo.records.entries import Actor
from geo.records.kinds.registers.site_event import NewSiteEvent
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.open import opened_store
from geo.records.publishing import new_draft, publish, save_draft
writer = Actor("so-y-te", "Sở Y tế")
said = {"day": date(2026, 6, 1), "document": "15/KH-UBND", "office": "UBND thành phố"}
line = '{"type":"LineString","coordinates":[[105.84,21.01],[105.845,21.015]]}'
site = {"name": "Đường Giải Phóng", "group": "public", "level": "low", "geometry": line}
with opened_store(sys.argv[1]) as store:
    start = len(store.rows("register_draft", ("id",)))
    print("ready", flush=True)
    for step in range(start, 10_000):
        ids = [f"HN-X-{step}-{part}" for part in range(8)]
        entries = [NewSiteVersion(site_id=one, **site, **said) for one in ids]
        entries.append(NewSiteEvent(site_id=ids[0], event="cleared", **said))
        draft = new_draft(store, "hanoi", "bản nháp", entries, **said)
        publish(store, save_draft(store, draft, writer).id, writer)
        print("published", flush=True)
"""


def _is_whole(store: Store) -> int:
    """How many publications there are; each with all of its entries, and no entry without one."""
    published = store.rows("publication", ("draft_id", "entries"))
    versions = [site for (site,) in store.rows("site_version", ("site_id",)) if site.startswith("HN-X-")]
    events = store.rows("site_event", ("site_id",))
    levels = [site for (site,) in store.rows("assessment", ("site_id",)) if site.startswith("HN-X-")]
    assert sum(count for _, count in published) == len(versions) + len(levels) + len(events)
    assert len(versions) == len(levels) == 8 * len(published)
    assert len(events) == len(published)
    return len(published)


def test_kills_leave_nothing_half_in_force(url: str) -> None:
    """On both databases; `python -m benchmarks.torture --only publishing` kills two hundred times."""
    chance, acknowledged = random.Random(16), 0
    for _ in range(4):
        acknowledged += _published_until_killed(url, chance)
        with opened_store(url) as store:
            # What was acknowledged is there; one more may have been written whole before it was.
            assert acknowledged <= _is_whole(store) <= acknowledged + 1
            acknowledged = _is_whole(store)


def _published_until_killed(url: str, chance: random.Random) -> int:
    """Publish one after another, and kill at a random moment after one to three of them; how many were acknowledged."""
    with subprocess.Popen([sys.executable, "-c", PUBLISHER, url], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        awaited = chance.randint(1, 3)
        for line in ("ready", *["published"] * awaited):
            assert process.stdout.readline() == f"{line}\n"
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=chance.uniform(0, 0.1))
        process.send_signal(signal.SIGKILL)
        return awaited + sum(1 for _ in process.stdout)
