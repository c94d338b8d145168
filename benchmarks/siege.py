"""Ten minutes of mixed abuse beside honest users: who died, how long the honest waited, how much memory it took.

    python -m benchmarks.siege --seconds 600 --workers 2

The server is a real `diaban serve` as `docs/deploy` runs it, with its default limits, on records of its own. Everything
goes by 127.0.0.1; clients pass for other networks by X-Forwarded-For, as behind a proxy, with addresses that are
reserved for documents (RFC 5737, RFC 3849). Each abuser has one request open at a time. Exit code 1 where a worker
died, an honest user got an error, the 99th percentile of their waits is 2 s or more, or the memory passed 2 GB.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import cycle
from pathlib import Path

import httpx
import numpy as np

from benchmarks.load_clients import Reader, Writer
from benchmarks.load_server import Memory, people, serving
from benchmarks.siege_abuse import Abuse, abusers

MOST_MEGABYTES = 2_000
LONGEST_S = 2.0


@dataclass
class Met:
    """What clients met: seconds that the honest waited, their errors, and the answers to abuse by kind and status."""

    waits: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    abuse: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Found:
    """What a siege came to; times are seconds, memory megabytes."""

    seconds: float
    workers: int
    honest: int
    p50: float
    p99: float
    longest: float
    errors: dict[str, int]
    abuse: dict[str, int]
    deaths: int
    memory_most: float

    @property
    def stands(self) -> bool:
        """Whether nobody was stopped, and nobody honest waited long."""
        return not self.errors and not self.deaths and self.p99 < LONGEST_S and self.memory_most < MOST_MEGABYTES


def siege(url: str, folder: Path, *, seconds: float, workers: int, honest: int, each: int) -> Found:
    """Besiege a server on the empty records of `url` with so many of `each` kind of abuse beside `honest` users."""
    writing, reading = people(url, max(1, honest // 3), honest - max(1, honest // 3))
    ward = writing[0].token
    with serving(url, folder, workers) as (port, memory):
        before = _children(memory.pid)
        met = asyncio.run(_run(port, writing, reading, abusers(each, ward), seconds))
        deaths = len(before - _children(memory.pid))
    return _found(met, memory, deaths=deaths, seconds=seconds, workers=workers)


def _found(met: Met, memory: Memory, *, deaths: int, seconds: float, workers: int) -> Found:
    p50, p99, longest = np.quantile(met.waits or [0.0], [0.5, 0.99, 1.0]).round(3).tolist()
    return Found(
        seconds=seconds,
        workers=workers,
        honest=len(met.waits),
        p50=p50,
        p99=p99,
        longest=longest,
        errors=dict(met.errors),
        abuse=dict(sorted(met.abuse.items())),
        deaths=deaths,
        memory_most=round(memory.most),
    )


async def _run(port: int, writing: list[Writer], reading: list[Reader], abuse: list[Abuse], seconds: float) -> Met:
    address, met = f"http://127.0.0.1:{port}", Met()
    honest = [*(_writes(one) for one in writing), *(_reads(one) for one in reading)]
    # Each worker reads the registers at its first question; nobody waits for that once a server stands.
    await asyncio.gather(*(_warm(address, one) for one in reading))
    until = time.monotonic() + seconds
    people_ = (_honest(address, number, asks, met, until) for number, asks in enumerate(honest))
    await asyncio.gather(*people_, *(_abuse(address, port, one, met, until) for one in abuse))
    return met


Ask = tuple[str, str, dict[str, str], object]
"""Method, path, headers and JSON body."""


def _reads(reader: Reader) -> Callable[[], Iterator[Ask]]:
    headers = {"Authorization": f"Bearer {reader.token}"} if reader.token else {}
    return lambda: (("GET", path, headers, None) for path in cycle(reader.paths))


def _writes(writer: Writer) -> Callable[[], Iterator[Ask]]:
    headers = {"Authorization": f"Bearer {writer.token}"}
    return lambda: (("POST", path, headers, body) for _, path, _, body in writer.entries("siege"))


async def _warm(address: str, reader: Reader) -> None:
    headers = {"Authorization": f"Bearer {reader.token}"} if reader.token else {}
    async with httpx.AsyncClient(base_url=address, timeout=120) as client:
        for path in reader.paths:
            await client.get(path, headers=headers)


async def _honest(address: str, number: int, asks: Callable[[], Iterator[Ask]], met: Met, until: float) -> None:
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        for method, path, headers, body in asks():
            if time.monotonic() >= until:
                return
            began = time.monotonic()
            sent = headers | {"X-Forwarded-For": f"192.0.2.{number + 1}"}
            try:
                answer = await client.request(method, path, headers=sent, json=body)
            except httpx.HTTPError as error:
                met.errors[f"{method} {path.split('?')[0]} {type(error).__name__}"] += 1
                await asyncio.sleep(0.5)
                continue
            met.waits.append(time.monotonic() - began)
            if answer.status_code >= 400:
                met.errors[f"{method} {path.split('?')[0]} {answer.status_code}"] += 1
            await asyncio.sleep(0.5)


async def _abuse(address: str, port: int, one: Abuse, met: Met, until: float) -> None:
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        number = 0
        while time.monotonic() < until:
            number += 1
            try:
                left = max(1.0, until - time.monotonic())
                status = await asyncio.wait_for(one.attack(client, port, number), left + 30)
            except (httpx.HTTPError, OSError, TimeoutError) as error:
                status = type(error).__name__
            met.abuse[f"{one.kind} {status}"] += 1
            if status == "429":
                await asyncio.sleep(0.05)  # bounded: a flood of refusals measures this client


def _children(pid: int) -> set[int]:
    return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def main() -> None:
    """Besiege, print what was found, and exit with 1 where it did not stand."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--honest", type=int, default=9, help="honest users; a third of them records")
    parser.add_argument("--each", type=int, default=4, help="abusers of each kind")
    options = parser.parse_args()
    if not (0 < options.seconds <= 3_600 and 0 < options.each <= 40 and 2 <= options.honest <= 60):
        parser.error("at most an hour, 40 abusers of a kind, and 2 to 60 honest users")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'records.sqlite'}"
        found = siege(
            url,
            folder,
            seconds=options.seconds,
            workers=options.workers,
            honest=options.honest,
            each=options.each,
        )
    print(json.dumps(asdict(found), indent=1, ensure_ascii=False))
    sys.exit(0 if found.stands else 1)


if __name__ == "__main__":
    main()
