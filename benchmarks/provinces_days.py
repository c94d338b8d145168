"""Situations of days in a process of their own, of the records of `DIABAN_DATABASE_URL` (`benchmarks.provinces`).

    python -m benchmarks.provinces_days

Nothing of one day is reused for another but what a process makes once; last comes a report, and the day with it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from benchmarks.provinces import ACTOR, tell
from geo.records.entries import NewReport
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import open_store
from geo.situation import snapshot as situation

_IN_HANOI = {"lon": 105.85, "lat": 21.03}


def main() -> None:
    """Print what days of three cities take, and the day again after a report."""
    today = datetime.now(UTC).date()
    with open_store(registers=load_register_lookup()) as store:
        _timed("Hà Nội, the first one of the process", lambda: situation.at(today - timedelta(days=9), store=store))
        for slug in ("hanoi", "phu-tho", "da-nang"):
            situation.load_registers(slug)
            for back in (1, 2, 3):
                day = today - timedelta(days=back)
                _timed(f"{slug}, {back} days ago", lambda: situation.at(day, city=slug, store=store))  # noqa: B023
        situation.at(today, store=store)
        store.add_reports(
            [NewReport(day=today, kind="other", channel="hotline", **_IN_HANOI)], ACTOR, source="one more"
        )
        _timed("hanoi, today after one more report", lambda: situation.at(today, store=store))


def _timed(what: str, work: Callable[[], object]) -> None:
    clock, processor = time.perf_counter(), time.process_time()
    work()
    tell(f"{what}: {time.perf_counter() - clock:.2f} s, processor {time.process_time() - processor:.2f} s")


if __name__ == "__main__":
    main()
