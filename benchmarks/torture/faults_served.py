"""A database server that dies under the service while clients write and read over HTTP."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path

from benchmarks.load import Plan, compared, drive
from benchmarks.load_clients import Tally
from benchmarks.load_server import people, serving
from benchmarks.torture.server import Server

_PLAN = Plan(writers=4, readers=8, seconds=12, pause=0.2)


def server_restarts_under_the_service(folder: Path, server: Server) -> tuple[str, str]:
    """PostgreSQL is killed (immediate) twice and started again; every client goes on asking all the time."""
    url = server.empty()
    writing, reading = people(url, _PLAN.writers, _PLAN.readers)
    with serving(url, folder, 1) as (port, _):
        deaths = threading.Thread(target=_die, args=(server,))
        deaths.start()
        during = asyncio.run(drive(port, writing, reading, _PLAN))
        deaths.join()
        after = asyncio.run(drive(port, writing, reading, Plan(4, 8, 3, 0.2), first=10_000))
    assert set(during.errors) <= {"503"}, f"{dict(during.errors)}: {during.examples}"
    assert not after.errors, f"after the restart: {dict(after.errors)}: {after.examples}"
    assert after.receipts, "writing goes on after the restart"
    lost, doubled, _ = compared(url, Tally(receipts=during.receipts | after.receipts))
    assert (lost, doubled) == (0, 0), f"{lost} lost, {doubled} twice"
    refused = during.errors["503"]
    reported = f"{len(during.receipts) + len(after.receipts)} writes acknowledged, all there; {refused} answers 503"
    return f"{reported}, no other error; went on by itself", "503, The database does not answer, Retry-After: 2"


def _die(server: Server) -> None:
    for _ in range(2):
        time.sleep(2)
        server.stop()
        time.sleep(1)
        server.start()
