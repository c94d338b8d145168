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
    sign_ins: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)
    processor: float = 0.0


@dataclass
class Refusals:
    """The answers to abuse by kind and status."""

    answers: Counter[str] = field(default_factory=Counter)
    processor: float = 0.0


Ask = tuple[str, str, dict[str, str], object]
"""Method, path, headers and JSON body."""


@dataclass(frozen=True)
class People:
    """Honest users: who records, who looks, and the name and password of an account that signs in."""

    writing: list[Writer]
    reading: list[Reader]
    account: tuple[str, str]


def come(port: int, people: People, seconds: float) -> Honest:
    """Have honest users come for so many seconds."""
    met, began = Honest(), time.process_time()
    asyncio.run(_all_honest(f"http://127.0.0.1:{port}", people, met, time.monotonic() + seconds))
    met.waits, met.sign_ins, met.processor = dict(met.waits), dict(met.sign_ins), time.process_time() - began
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


async def _all_honest(address: str, people: People, met: Honest, until: float) -> None:
    honest = [*(_writes(one) for one in people.writing), *(_reads(one) for one in people.reading)]
    coming = [_honest(address, number, asks, met, until) for number, asks in enumerate(honest)]
    known = _signs_in(address, people.account, _signs_out, "known browser", met, until)
    new = _signs_in(address, people.account, httpx.Cookies.clear, "new browser", met, until)
    await asyncio.gather(*coming, known, new)


def _signs_out(cookies: httpx.Cookies) -> None:
    cookies.delete("diaban_session")


async def _signs_in(
    address: str,
    account: tuple[str, str],
    forget: Callable[[httpx.Cookies], None],
    what: str,
    met: Honest,
    until: float,
) -> None:
    """Sign in again and again, with a browser that forgets so much in between; these waits stand apart."""
    form = dict(zip(("username", "password"), account, strict=True))
    async with httpx.AsyncClient(base_url=address, timeout=60, headers={"X-Forwarded-For": "192.0.2.99"}) as client:
        while time.monotonic() < until:
            began = time.monotonic()
            status = (await client.post("/login", data=form, headers={"Origin": address})).status_code
            met.sign_ins[what].append(time.monotonic() - began)
            if status != 303:
                met.errors[f"{what} {status}"] += 1
            forget(client.cookies)
            await asyncio.sleep(5 * PAUSE_S)


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
