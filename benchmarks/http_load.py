"""Requests over persistent connections to 127.0.0.1, counted and timed; small enough not to be what is measured."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import httptools
import uvloop


@dataclass(frozen=True, slots=True)
class Load:
    """Answers a second, and the time in seconds that 99 of 100 took at most; `size` is the bytes of the last body."""

    per_second: float
    p99: float
    size: int


def load(port: int, paths: list[str], *, seconds: float, connections: int) -> Load:
    """Ask for the paths in turn, over some connections at once, for a while; fails at any answer but 200."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_load(port, itertools.cycle(paths), seconds, connections))


_APART_S = 0.005
"""Between two connections at the start: of some opened at once, one worker of a server may take all."""


async def _load(port: int, paths: Iterator[str], seconds: float, connections: int) -> Load:
    until = time.perf_counter() + seconds
    results = await asyncio.gather(*(_asking(port, paths, until, number * _APART_S) for number in range(connections)))
    times = sorted(taken for taken, _ in itertools.chain.from_iterable(results))
    return Load(len(times) / seconds, times[int(0.99 * (len(times) - 1))], results[0][-1][1])


async def _asking(port: int, paths: Iterator[str], until: float, wait: float) -> list[tuple[float, int]]:
    await asyncio.sleep(wait)
    loop = asyncio.get_running_loop()
    taken: list[tuple[float, int]] = []
    while not taken or time.perf_counter() < until:
        # A server that closes the connection after an answer is asked over a new one.
        _, asking = await loop.create_connection(lambda: _Asking(port, paths, until, taken), "127.0.0.1", port)
        await asking.done
    return taken


class _Asking(asyncio.BufferedProtocol):
    """One connection: asks, counts the bytes of the answer, asks again until the time is over or the server closes.

    Bytes are read into one buffer, and of a body with a known length nothing but their number is looked at.
    """

    def __init__(self, port: int, paths: Iterator[str], until: float, taken: list[tuple[float, int]]) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._rest = f" HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: application/geo+json\r\n\r\n"
        self._paths, self._until, self._taken = paths, until, taken
        self._buffer = memoryview(bytearray(2**18))
        self._length: int | None = None
        self._in_body = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._ask()

    def get_buffer(self, sizehint: int) -> memoryview:
        """Where the next bytes go."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Take what came."""
        if self._length is None or not self._in_body:
            self._parser.feed_data(self._buffer[:nbytes])
            return
        self._size += nbytes
        if self._size >= self._length:
            self._answered()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note how long the body is."""
        if name.lower() == b"content-length":
            self._length = int(value)

    def on_headers_complete(self) -> None:
        """From here on the body comes."""
        self._in_body = True

    def on_body(self, body: bytes) -> None:
        """Count a piece of the body."""
        self._size += len(body)

    def on_message_complete(self) -> None:
        """The body came with the head, or in chunks."""
        self._answered()

    def _answered(self) -> None:
        status = self._parser.get_status_code()
        if status != 200:
            self.done.set_exception(RuntimeError(f"answer {status} to {self._path}"))
            return
        self._taken.append((time.perf_counter() - self._began, self._size))
        if not self._parser.should_keep_alive():
            return
        if time.perf_counter() < self._until:
            self._ask()
            return
        self._transport.close()
        self.done.set_result(None)

    def _ask(self) -> None:
        self._size, self._length, self._in_body = 0, None, False
        self._path, self._parser = next(self._paths), httptools.HttpResponseParser(self)
        self._began = time.perf_counter()
        self._transport.write(f"GET {self._path}{self._rest}".encode())
