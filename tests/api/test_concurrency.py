"""Writes don't queue behind readers; one value is computed at a time; a start sees that its address is free."""

from __future__ import annotations

import asyncio
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.types import Message, Receive, Scope, Send

from api.core.process import refuse_taken
from api.http.concurrency_limit import READERS, ConcurrencyLimit
from geo.cache import Cache
from geo.errors import InputError


def test_readers_wait_for_room_and_a_write_goes_at_once() -> None:
    async def run() -> tuple[int, list[str]]:
        go, inside, ended = asyncio.Event(), 0, list[str]()

        async def app(scope: Scope, _: Receive, __: Send) -> None:
            nonlocal inside
            if scope["method"] == "GET" and scope["path"] == "/":
                inside += 1
                await go.wait()
            ended.append(scope["method"] + scope["path"])

        limit = ConcurrencyLimit(app)

        async def ask(method: str, path: str) -> None:
            await limit({"type": "http", "method": method, "path": path}, _nothing, _nobody)

        readers = [asyncio.create_task(ask("GET", "/")) for _ in range(3 * READERS)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await ask("POST", "/api/v1/reports")
        await ask("GET", "/health")
        most, first = inside, list(ended)
        go.set()
        await asyncio.gather(*readers)
        assert len(ended) == len(first) + 3 * READERS
        return most, first

    assert asyncio.run(run()) == (READERS, ["POST/api/v1/reports", "GET/health"])


def test_those_who_wait_get_together_what_was_written_meanwhile() -> None:
    cache: Cache[str, str] = Cache(4)
    states, made = ["first"], list[str]()
    begun, go = threading.Event(), threading.Event()

    def make() -> str:
        made.append(states[-1])
        begun.set()
        go.wait(10)
        return made[-1]

    with ThreadPoolExecutor(12) as threads:
        early = threads.submit(cache.get, "today", make, lambda: states[-1])
        begun.wait(10)
        states.append("second")
        late = []
        for number in range(10):
            states.append(f"third {number}")
            late.append(threads.submit(cache.get, "today", make, lambda: states[-1]))
        go.set()
        assert early.result(10) == "first"
        assert {one.result(10) for one in late} == {"third 9"}
    assert made == ["first", "third 9"]


def test_only_the_newest_of_the_last_keys_is_stored() -> None:
    cache: Cache[str, str] = Cache(2)
    made: list[str] = []

    def ask(key: str, version: int) -> None:
        def make() -> str:
            made.append(f"{key}{version}")
            return key

        assert cache.get(key, make, lambda: version) == key

    for key, version in (("a", 1), ("a", 1), ("a", 2), ("a", 1), ("b", 1), ("a", 1), ("c", 1), ("a", 1), ("b", 1)):
        ask(key, version)
    assert made == ["a1", "a2", "a1", "b1", "c1", "b1"]


def test_an_address_that_is_taken_is_refused_before_it_is_announced() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(InputError, match="can't be listened on: another program uses the address"):
            refuse_taken("127.0.0.1", port)
    refuse_taken("127.0.0.1", port)
    with pytest.raises(InputError, match="can't be listened on"):
        refuse_taken("192.0.2.1", 0)


async def _nothing() -> Message:
    return {}


async def _nobody(_: Message) -> None:
    return None
