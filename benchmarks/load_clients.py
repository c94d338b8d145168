"""Clients of the service: each over a connection of its own, asking, pausing, asking again, and keeping account."""

from __future__ import annotations

import asyncio
import json
import random
import time
from array import array
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

PATIENCE = 60.0
"""Seconds after which a client gives up waiting for an answer; counted as an error."""
IDLE = 3.0
"""Seconds after which a client opens another connection: servers close those that nobody used for a while (5 s)."""


@dataclass(slots=True)
class Tally:
    """What the clients met: seconds of every answer, errors by what they were, receipts by marker."""

    reads: array[float] = field(default_factory=lambda: array("d"))
    writes: array[float] = field(default_factory=lambda: array("d"))
    errors: Counter[str] = field(default_factory=Counter)
    receipts: dict[str, tuple[str, int]] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)

    def failed(self, what: str, example: str) -> None:
        """Count an error."""
        self.errors[what] += 1
        if self.errors[what] <= 3:
            self.examples.append(f"{what}: {example}"[:300])


@dataclass(frozen=True, slots=True)
class Writer:
    """An account that records: its token, its ward, a point in it, a site that crosses it."""

    token: str
    ward: str
    lon: float
    lat: float
    site: str

    def entries(self, name: str) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
        """Table, path, marker and body of one entry after the other; every tenth is the level of a site."""
        number = 0
        while True:
            number += 1
            if number % 10 == 0:
                marker = f"{number}/BC-{name}"
                body = {"site_id": self.site, "level": "low", "day": "2026-01-07", "document": marker}
                yield "assessment", "/api/v1/assessments?again=true", marker, body
                continue
            marker = f"Tin {name} {number}"
            body = {"day": "2026-01-07", "kind": "other", "channel": "ward_check", "note": marker}
            yield "report", "/api/v1/reports?again=true", marker, body | {"lon": self.lon, "lat": self.lat}


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who looks: a token, or '' without an account, and what they look at, each as often as it is listed."""

    token: str
    paths: tuple[str, ...]


class Connection:
    """A persistent connection to 127.0.0.1; opened again after the server closed it."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._head = f"Host: 127.0.0.1:{port}\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n"
        self._head += f"Authorization: Bearer {token}\r\n" if token else ""
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._used = 0.0

    async def send(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """Status and body of an answer; raises `OSError`, `EOFError` or `TimeoutError` where there is none."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._ask(method, path, body)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close it."""
        if self._streams is not None:
            with suppress(OSError, RuntimeError):
                self._streams[1].close()
        self._streams = None

    async def _ask(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        if time.monotonic() - self._used > IDLE:
            self.close()
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=2**20)
        reader, writer = self._streams
        sent = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
        writer.write(f"{method} {path} HTTP/1.1\r\n{self._head}{sent}\r\n".encode() + body)
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
        content = await _content(reader, headers)
        self._used = time.monotonic()
        if headers.get("connection") == "close":
            self.close()
        return int(lines[0].split()[1]), content


async def _content(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if "content-length" in headers:
        return await reader.readexactly(int(headers["content-length"]))
    pieces: list[bytes] = []
    while size := int((await reader.readline()).split(b";")[0], 16):
        pieces.append((await reader.readexactly(size + 2))[:-2])
    await reader.readline()
    return b"".join(pieces)


async def write(port: int, who: Writer, name: str, until: float, pause: float, tally: Tally) -> None:
    """Record entry after entry until the moment `until` (`time.monotonic`), with pauses of `pause` seconds on average.

    An entry without an answer is not sent again: whether it was recorded is asked of the records at the end.
    """
    dice, connection = random.Random(name), Connection(port, who.token)
    for table, path, marker, body in who.entries(name):
        if not await _paused(dice, pause, until):
            break
        begin = time.monotonic()
        try:
            status, content = await connection.send("POST", path, json.dumps(body).encode())
        except (OSError, EOFError, TimeoutError) as error:
            tally.failed(type(error).__name__, f"POST {path}: {error}")
            continue
        tally.writes.append(time.monotonic() - begin)
        if status == 201:
            tally.receipts[marker] = (table, int(json.loads(content)["id"]))
        else:
            tally.failed(str(status), f"POST {path}: {content[:200]!r}")
    connection.close()


async def read(port: int, who: Reader, name: str, until: float, pause: float, tally: Tally) -> None:
    """Look at one thing after the other until the moment `until`, with pauses as `write` makes them."""
    dice, connection = random.Random(name), Connection(port, who.token)
    while await _paused(dice, pause, until):
        path, begin = dice.choice(who.paths), time.monotonic()
        try:
            status, content = await connection.send("GET", path)
        except (OSError, EOFError, TimeoutError) as error:
            tally.failed(type(error).__name__, f"GET {path}: {error}")
            continue
        tally.reads.append(time.monotonic() - begin)
        if status != 200:
            tally.failed(str(status), f"GET {path}: {content[:200]!r}")
    connection.close()


async def _paused(dice: random.Random, pause: float, until: float) -> bool:
    """Pause; whether there is time for another request then."""
    if pause:
        await asyncio.sleep(min(dice.expovariate(1 / pause), max(0.0, until - time.monotonic())))
    return time.monotonic() < until
