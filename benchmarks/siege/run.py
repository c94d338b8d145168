"""A siege, from the start of the server to what it came to."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import secrets
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np

from benchmarks.load_server import ACTOR, children, people, serving
from benchmarks.siege.clients import Honest, People, abuse, come, warm
from geo.records.accounts import NewAccount
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import open_store

MOST_MEGABYTES = 2_000
LONGEST_S = 2.0
_ALONE = 0.1
"""The part of the time in which the honest are alone, to compare with."""
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Waits:
    """Waits of honest users, in seconds; `slowest` the longest by what was asked, the five worst."""

    count: int
    p50: float
    p99: float
    longest: float
    slowest: dict[str, float]


@dataclass(frozen=True)
class Found:
    """What a siege came to; times are seconds, memory megabytes.

    `sign_ins`: the longest waits beside abusers of those who signed in, by their browser. `processor`: seconds of the
    server's processes by their names, and of those who came.
    """

    seconds: float
    workers: int
    alone: Waits
    besieged: Waits
    sign_ins: dict[str, list[float]]
    errors: dict[str, int]
    abuse: dict[str, int]
    deaths: int
    memory_most: float
    processor: dict[str, float]

    @property
    def stands(self) -> bool:
        """Whether nobody was stopped, and nobody honest waited long."""
        return (
            not self.errors and not self.deaths and self.besieged.p99 < LONGEST_S and self.memory_most < MOST_MEGABYTES
        )


def siege(url: str, folder: Path, *, seconds: float, workers: int, honest: int, each: int) -> Found:
    """Besiege a server on the empty records of `url` with so many of `each` kind of abuse beside `honest` users."""
    writing, reading = people(url, max(1, honest // 3), honest - max(1, honest // 3))
    users = People(writing, reading, _account(url))
    context = multiprocessing.get_context("spawn")
    with serving(url, folder, workers) as (port, memory), ProcessPoolExecutor(2, context) as apart:
        asyncio.run(warm(port, reading))
        alone = apart.submit(come, port, users, _ALONE * seconds).result()
        before, used = children(memory.pid), _processor(memory.pid)
        abused = apart.submit(abuse, port, each, writing[0].token, seconds)
        met = apart.submit(come, port, users, seconds).result()
        refused = abused.result()
        processor = {name: value - used.get(name, 0.0) for name, value in _processor(memory.pid).items()}
        deaths = len(before - children(memory.pid))
    processor |= {"honest": met.processor, "abusers": refused.processor}
    return Found(
        seconds=seconds,
        workers=workers,
        alone=_waits(alone),
        besieged=_waits(met),
        sign_ins={what: sorted(np.round(waits, 2).tolist(), reverse=True)[:5] for what, waits in met.sign_ins.items()},
        errors=dict(alone.errors + met.errors),
        abuse=dict(sorted(refused.answers.items())),
        deaths=deaths,
        memory_most=round(memory.most),
        processor={name: round(value, 1) for name, value in processor.items()},
    )


def _account(url: str) -> tuple[str, str]:
    name, password = "office.siege", secrets.token_urlsafe(18)
    with open_store(url, registers=load_register_lookup()) as store:
        store.accounts.add(NewAccount(username=name, password=password, role="city", office="UBND"), ACTOR)
    return name, password


def _waits(met: Honest) -> Waits:
    every = list(chain.from_iterable(met.waits.values())) or [0.0]
    p50, p99, longest = np.quantile(every, [0.5, 0.99, 1.0]).round(3).tolist()
    worst = sorted(((round(max(waits), 2), what) for what, waits in met.waits.items()), reverse=True)
    return Waits(len(every), p50, p99, longest, {what: seconds for seconds, what in worst[:5]})


def _processor(pid: int) -> dict[str, float]:
    """Processor seconds of the server, its workers and their readers, by what they are."""
    used = {"server": 0.0, "workers": 0.0, "readers": 0.0}
    for depth, one in _depths(pid, 0):
        used[("server", "workers", "readers")[min(depth, 2)]] += _seconds(one)
    return used


def _depths(pid: int, depth: int) -> Iterator[tuple[int, int]]:
    yield depth, pid
    for child in children(pid):
        yield from _depths(child, depth + 1)


def _seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
