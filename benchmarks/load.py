"""Writers and readers on the service for a while: errors, how long answers took, lost and doubled writes, memory.

    python -m benchmarks.load --writers 50 --readers 200 --seconds 600 --database postgresql
    python -m benchmarks.load --writers 8 --readers 50 --seconds 600 --database sqlite

The server is a real `diaban serve` with accounts and its default settings, on records of its own; the clients are in
this process, each over a connection of its own, with a pause of `--pause` seconds on average between its requests.
Everything goes by 127.0.0.1. Exit code 1 where there was an error, or a write is lost or there twice.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.load_clients import Reader, Tally, Writer, read, write
from benchmarks.load_server import Memory, people, serving
from benchmarks.torture.server import Server
from geo.records.store import open_store


@dataclass(frozen=True, slots=True)
class Found:
    """What a run came to; times are seconds, memory megabytes. `cut`: writes without an answer that are there."""

    database: str
    writers: int
    readers: int
    seconds: float
    pause: float
    workers: int
    reads: int
    writes: int
    read_p50: float
    read_p99: float
    write_p50: float
    write_p99: float
    errors: dict[str, int]
    acknowledged: int
    lost: int
    doubled: int
    cut: int
    memory_start: float
    memory_most: float
    memory_end: float
    machine_load: float

    @property
    def sound(self) -> bool:
        """Whether nothing failed, and nothing was lost or doubled."""
        return not self.errors and self.lost == 0 and self.doubled == 0


@dataclass(frozen=True, slots=True)
class Plan:
    """So many clients, for so many seconds, with pauses of so many seconds on average, on so many processes."""

    writers: int
    readers: int
    seconds: float
    pause: float
    workers: int = 1


def measure(url: str, folder: Path, plan: Plan) -> tuple[Found, Tally, Memory]:
    """Run a plan on the empty records of `url`; what was found, every answer, and the memory second by second."""
    writing, reading = people(url, plan.writers, plan.readers)
    with serving(url, folder, plan.workers) as (port, memory):
        tally = asyncio.run(drive(port, writing, reading, plan))
    lost, doubled, cut = compared(url, tally)
    found = Found(
        database=url.split(":", maxsplit=1)[0],
        writers=plan.writers,
        readers=plan.readers,
        seconds=plan.seconds,
        pause=plan.pause,
        workers=plan.workers,
        reads=len(tally.reads),
        writes=len(tally.writes),
        read_p50=_share(tally.reads, 0.5),
        read_p99=_share(tally.reads, 0.99),
        write_p50=_share(tally.writes, 0.5),
        write_p99=_share(tally.writes, 0.99),
        errors=dict(tally.errors),
        acknowledged=len(tally.receipts),
        lost=lost,
        doubled=doubled,
        cut=cut,
        memory_start=memory.start,
        memory_most=memory.most,
        memory_end=memory.end,
        machine_load=os.getloadavg()[2],
    )
    return found, tally, memory


async def drive(port: int, writing: Sequence[Writer], reading: Sequence[Reader], plan: Plan, first: int = 0) -> Tally:
    """All clients at once; the names of writers count from `first`, so that what each sends has its own."""
    tally, until = Tally(), time.monotonic() + plan.seconds
    writers = (write(port, who, f"{n}", until, plan.pause, tally) for n, who in enumerate(writing, first))
    readers = (read(port, who, f"{n}", until, plan.pause, tally) for n, who in enumerate(reading))
    await asyncio.gather(*writers, *readers)
    return tally


def compared(url: str, tally: Tally) -> tuple[int, int, int]:
    """Acknowledged writes that are not in the records as they were sent, those there twice, those without an answer."""
    markers: dict[str, dict[int, str]] = {}
    with open_store(url) as store:
        markers["report"] = dict(store.history("report")[["id", "note"]].itertuples(index=False))
        markers["assessment"] = dict(store.history("assessment")[["id", "document"]].itertuples(index=False))
        lines = Counter(store.audit(10**9)["action"])
    lost = sum(markers[table].get(number) != marker for marker, (table, number) in tally.receipts.items())
    own = [text for rows in markers.values() for text in rows.values() if text.startswith("Tin ") or "/BC-" in text]
    # The order of writes leaves one audit line for each row.
    lost += sum(lines[f"{table}.add"] != sum(_own(text) for text in rows.values()) for table, rows in markers.items())
    return lost, len(own) - len(set(own)), len(set(own) - set(tally.receipts))


def _own(text: str) -> bool:
    return text.startswith("Tin ") or "/BC-" in text


def _share(times: Sequence[float], share: float) -> float:
    return sorted(times)[int(share * (len(times) - 1))] if times else 0.0


@contextmanager
def records(kind: str, folder: Path) -> Iterator[str]:
    """The address of empty records: an SQLite file in the folder, or a PostgreSQL server of our own."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'records.sqlite'}"
        return
    binaries = Server.found()
    if binaries is None:
        raise SystemExit("PostgreSQL is not installed")
    server = Server(binaries)
    try:
        yield server.url
    finally:
        server.remove()


def main() -> int:
    """Measure as the options say, and print a table in Markdown."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers end too
    options = _options()
    plan = Plan(options.writers, options.readers, options.seconds, options.pause, options.workers)
    with tempfile.TemporaryDirectory(prefix="diaban-load-") as name, records(options.database, Path(name)) as url:
        found, tally, memory = measure(url, Path(name), plan)
    sys.stdout.write(report(found, memory))
    for example in tally.examples:
        sys.stdout.write(f"  {example}\n")
    if options.json:
        options.json.write_text(json.dumps(asdict(found) | {"memory": memory.samples}, indent=1))
    return int(not found.sound)


def report(found: Found, memory: Memory) -> str:
    """The figures as a table."""
    samples = memory.samples or [0.0]
    tenths = [samples[min(len(samples) - 1, len(samples) * n // 10)] for n in range(11)]
    late = [statistics.median(samples[len(samples) * n // 4 : len(samples) * (n + 1) // 4] or [0]) for n in (1, 3)]
    rows = {
        "clients": f"{found.writers} writers, {found.readers} readers, {found.seconds:.0f} s, "
        f"{found.pause} s pause on average, {found.workers} server processes, {found.database}",
        "requests": f"{found.reads:,} reads, {found.writes:,} writes; "
        f"{(found.reads + found.writes) / found.seconds:.0f} a second",
        "errors": f"{sum(found.errors.values())} {found.errors or ''}",
        "reads, p50 / p99": f"{1000 * found.read_p50:.0f} / {1000 * found.read_p99:.0f} ms",
        "writes, p50 / p99": f"{1000 * found.write_p50:.0f} / {1000 * found.write_p99:.0f} ms",
        "writes": f"{found.acknowledged:,} acknowledged, {found.lost} lost, {found.doubled} twice, {found.cut} cut off",
        "memory": f"{found.memory_start:.0f} MB after a tenth, {found.memory_most:.0f} at most, "
        f"{found.memory_end:.0f} at the end; second quarter {late[0]:.0f}, last {late[1]:.0f}",
        "memory by tenths": " ".join(f"{value:.0f}" for value in tenths),
        "load of the machine": f"{found.machine_load:.1f} (15 minutes), {os.cpu_count()} processors",
    }
    return "".join(f"| {name} | {text} |\n" for name, text in rows.items())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load")
    parser.add_argument("--writers", type=int, default=50)
    parser.add_argument("--readers", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--pause", type=float, default=30.0, help="seconds between requests of a client, on average")
    parser.add_argument("--workers", type=int, default=2, help="processes of the server")
    parser.add_argument("--database", choices=("postgresql", "sqlite"), default="postgresql")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
