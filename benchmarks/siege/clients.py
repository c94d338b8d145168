"""Those who come to a besieged server: honest users and abusers, each kind in a process of its own.

Else the honest would wait for the abusers within one program, and that would count as the server's.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle

import httpx

from benchmarks.load_clients import Reader, Writer
from benchmarks.siege.abuse import Abuse, abusers

PAUSE_S = 2.0
"""Seconds between an answer and the next request of an honest user; errors are waited for as long."""


@dataclass
class Honest:
    """What honest users met: seconds of each wait by what was asked, and their errors."""

    waits: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)
    processor: float = 0.0


@dataclass
class Refusals:
    """The answers to abuse by kind and status."""

    answers: Counter[str] = field(default_factory=Counter)
    processor: float = 0.0


Ask = tuple[str, str, dict[str, str], object]
"""Method, path, headers and JSON body."""


def come(port: int, writing: list[Writer], reading: list[Reader], seconds: float) -> Honest:
    """Have honest users come for so many seconds."""
    met, began = Honest(), time.process_time()
    asyncio.run(_all_honest(f"http://127.0.0.1:{port}", writing, reading, met, time.monotonic() + seconds))
    met.waits, met.processor = dict(met.waits), time.process_time() - began
    return met


def abuse(port: int, each: int, token: str, seconds: float) -> Refusals:
    """Have so many abusers of each kind come for so many seconds; those who upload have the `token` of a ward."""
    met, began = Refusals(), time.process_time()
    asyncio.run(_all_abusers(port, abusers(each, token), met, time.monotonic() + seconds))
    met.processor = time.process_time() - began
    return met


async def warm(port: int, reading: list[Reader]) -> None:
    """Ask everything once: each worker reads the registers at its first question."""
    address = f"http://127.0.0.1:{port}"
    await asyncio.gather(*(_warm(address, one) for one in reading))


async def _all_honest(address: str, writing: list[Writer], reading: list[Reader], met: Honest, until: float) -> None:
    honest = [*(_writes(one) for one in writing), *(_reads(one) for one in reading)]
    await asyncio.gather(*(_honest(address, number, asks, met, until) for number, asks in enumerate(honest)))


async def _all_abusers(port: int, abusing: list[Abuse], met: Refusals, until: float) -> None:
    await asyncio.gather(*(_abuse(port, one, met, until) for one in abusing))


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


async def _honest(address: str, number: int, asks: Callable[[], Iterator[Ask]], met: Honest, until: float) -> None:
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        for method, path, headers, body in asks():
            if time.monotonic() >= until:
                return
            what, began = f"{method} {path.split('?')[0]}", time.monotonic()
            sent = headers | {"X-Forwarded-For": f"192.0.2.{number + 1}"}
            try:
                answer = await client.request(method, path, headers=sent, json=body)
            except httpx.HTTPError as error:
                met.errors[f"{what} {type(error).__name__}"] += 1
                await asyncio.sleep(PAUSE_S)
                continue
            met.waits[what].append(time.monotonic() - began)
            if answer.status_code >= 400:
                met.errors[f"{what} {answer.status_code}"] += 1
            await asyncio.sleep(PAUSE_S)


async def _abuse(port: int, one: Abuse, met: Refusals, until: float) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        number = 0
        while time.monotonic() < until:
            number += 1
            try:
                left = max(1.0, until - time.monotonic())
                status = await asyncio.wait_for(one.attack(client, port, number), left + 120)
            except (httpx.HTTPError, OSError, TimeoutError) as error:
                status = type(error).__name__
            met.answers[f"{one.kind} {status}"] += 1
            if status == "429":
                await asyncio.sleep(0.05)  # bounded: a flood of refusals measures this client
