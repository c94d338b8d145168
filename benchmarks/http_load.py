"""Requests over kept-open connections to 127.0.0.1, counted and timed; small enough not to be what is measured."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Load:
    """Answers a second, and the time in seconds that 99 of 100 took at most; `size` is the bytes of the last body."""

    per_second: float
    p99: float
    size: int


def load(port: int, paths: list[str], *, seconds: float, connections: int) -> Load:
    """Ask for the paths in turn, over some connections at once, for a while; fails at any answer but 200."""
    return asyncio.run(_load(port, itertools.cycle(paths), seconds, connections))


async def _load(port: int, paths: Iterator[str], seconds: float, connections: int) -> Load:
    until = time.perf_counter() + seconds
    results = await asyncio.gather(*(_asking(port, paths, until) for _ in range(connections)))
    times = sorted(taken for taken, _ in itertools.chain.from_iterable(results))
    return Load(len(times) / seconds, times[int(0.99 * (len(times) - 1))], results[0][-1][1])


async def _asking(port: int, paths: Iterator[str], until: float) -> list[tuple[float, int]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**24)
    taken: list[tuple[float, int]] = []
    while not taken or time.perf_counter() < until:
        begin = time.perf_counter()
        head = f"GET {next(paths)} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: application/geo+json\r\n\r\n"
        writer.write(head.encode())
        size, closes = await _answer(reader)
        taken.append((time.perf_counter() - begin, size))
        if closes:
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**24)
    writer.close()
    return taken


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
    if " 200 " not in f"{lines[0]} ":
        raise RuntimeError(f"{lines[0]}: {(await reader.read(400)).decode(errors='replace')}")
    headers = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
    closes = headers.get("connection") == "close"
    if "content-length" in headers:
        return len(await reader.readexactly(int(headers["content-length"]))), closes
    size = 0
    while chunk := int((await reader.readline()).split(b";")[0], 16):
        size += len(await reader.readexactly(chunk + 2)) - 2
    await reader.readline()
    return size, closes
