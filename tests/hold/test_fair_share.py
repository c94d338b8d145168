"""Who holds places: bodies that stand still, answers that are taken slowly, those who took much, one account."""

from __future__ import annotations

import asyncio
import os
import selectors
import sys
import threading
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.concurrency import run_in_threadpool
from starlette.types import Message, Receive, Scope, Send

from api.core.problems import TooManyError
from api.http.concurrency_limit import ConcurrencyLimit
from api.http.fair_queue import Client, FairQueue
from api.http.sign_in_queue import Comer, SignInQueue
from geo.records.sign_in import hashing


def test_strangers_who_took_much_wait_behind_others_and_hold_one_place() -> None:
    async def run() -> tuple[list[str], list[str]]:
        queue, order, go = FairQueue(), list[str](), asyncio.Event()
        heavy = [Client(f"203.0.113.{number}", signed_in=False, heavy=True) for number in range(4)]
        light, office = Client("198.51.100.1", signed_in=False), Client("city", signed_in=True)

        async def ask(client: Client) -> None:
            async with queue.place(client):
                order.append(client.name)
                await go.wait()

        tasks = [asyncio.create_task(ask(client)) for client in (*heavy, *heavy, light, light, office)]
        await asyncio.sleep(0)
        first = list(order)
        go.set()
        await asyncio.gather(*tasks)
        return first, order

    first, every = asyncio.run(run())
    assert sorted(first) == ["198.51.100.1", "198.51.100.1", "203.0.113.0", "city"]
    assert len(every) == 11


def test_strangers_who_took_much_rest_where_others_come() -> None:
    """Counted on a clock that goes on with what is waited for: a fifth of the time is theirs, all of it where they
    are alone."""

    async def worked(others: bool) -> float:
        queue, heavy, office = FairQueue(), Client("203.0.113.1", False, heavy=True), Client("city", True)
        for _ in range(5):
            if others:
                async with queue.place(office):
                    pass
            async with queue.place(heavy):
                await asyncio.sleep(1)
        return asyncio.get_running_loop().time()

    assert _without_waiting(worked(False)) == pytest.approx(5, abs=0.5)
    assert _without_waiting(worked(True)) == pytest.approx(21, abs=0.5)


# ---- signing in


def test_a_known_browser_signs_in_before_a_flood_and_a_network_of_its_own_before_more_of_the_flood() -> None:
    async def run() -> list[str]:
        queue, order, go = SignInQueue(1, most_waiting=50), list[str](), asyncio.Event()

        async def sign_in(comer: Comer) -> None:
            try:
                async with queue.place(comer):
                    await go.wait()
                    order.append(comer.account or comer.network)
            except TooManyError:
                order.append("429")
            if not comer.account:
                queue.refused(comer)

        flood = [f"2001:db8:{number:x}:1::/64" for number in range(80)]
        tasks = [asyncio.create_task(sign_in(Comer(network))) for network in flood]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        tasks += [asyncio.create_task(sign_in(one)) for one in (Comer("192.0.2.1"), Comer("198.51.100.1", "city"))]
        await asyncio.sleep(0)
        go.set()
        await asyncio.gather(*tasks)
        return order

    order = asyncio.run(run())
    served = [who for who in order if who != "429"]
    assert served[2:4] == ["city", "192.0.2.1"]  # two were there before them: in the place, and in the spare one
    assert order.count("429") == 30
    assert len(order) == 82


def test_a_place_is_spared_for_those_who_go_ahead_of_a_strangers_password_that_is_being_hashed() -> None:
    """Counted in who is let in while nobody leaves: the flood has all ordinary places, and stays in them."""

    async def run() -> tuple[list[tuple[str, bool]], int]:
        queue, inside = SignInQueue(1), list[tuple[str, bool]]()

        async def sign_in(comer: Comer) -> None:
            async with queue.place(comer) as is_ahead:
                inside.append((comer.account or comer.network, is_ahead))
                if not comer.account:
                    await asyncio.Event().wait()

        for number in range(6):  # its first, of whom nobody knows yet, was refused
            queue.refused(Comer(f"2001:db8:{number:x}:1::/64"))
        comers = [Comer(f"2001:db8:{number:x}:1::/64") for number in range(6)]
        comers += [Comer("198.51.100.1", account) for account in ("city", "ward", "city")]
        comers += [Comer("192.0.2.1"), Comer("192.0.2.9")]
        tasks = [asyncio.create_task(sign_in(comer)) for comer in comers]
        for _ in range(9):
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        before, waiting = list(inside), sum(not task.done() for task in tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return before, waiting

    inside, waiting = asyncio.run(run())
    assert inside == [
        ("2001:db8:0:1::/64", False),
        ("city", True),
        ("ward", True),
        ("city", True),
        ("192.0.2.1", True),
    ]
    assert waiting == 8


def test_of_ranges_that_nobody_knows_so_many_a_minute_go_ahead_and_no_browser_with_many_wrong_passwords() -> None:
    async def run() -> tuple[int, bool]:
        queue, ahead = SignInQueue(1), 0
        for number in range(80):
            async with queue.place(Comer(f"{number}.1.1.0/24")) as is_ahead:
                ahead += is_ahead
        known = Comer("198.51.100.1", "city")
        for _ in range(5):
            queue.refused(known)
        async with queue.place(known) as is_ahead:
            return ahead, is_ahead

    assert asyncio.run(run()) == (30, False)


def test_whoever_goes_ahead_is_hashed_in_a_thread_that_does_not_step_back() -> None:
    begun = list[str]()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        begun.append(await run_in_threadpool(hashing.stepped_back, lambda: threading.current_thread().name))
        await send({"type": "http.response.start", "status": 401, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    def browser(scope: Scope) -> str:
        return str(scope.get("account", ""))

    async def run() -> None:
        limit = ConcurrencyLimit(app, known=browser)
        for account, address in (("", "203.0.113.1"), ("", "203.0.113.2"), ("city", "203.0.113.3"), ("", "192.0.2.1")):
            scope = {"type": "http", "method": "POST", "path": "/login", "headers": [], "client": (address, 1)}
            await limit(scope | {"account": account}, _no_more, _nowhere)

    asyncio.run(run())
    assert ["ahead" in name for name in begun] == [True, False, True, True]
    with hashing.ahead():
        ordinary = hashing.stepped_back(_niceness)
    assert hashing.stepped_back(_niceness) == (max(ordinary, 10) if sys.platform == "linux" else ordinary)


async def _no_more() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _nowhere(_: Message) -> None:
    return None


def _niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id() if sys.platform == "linux" else 0)


def test_whoever_goes_away_while_waiting_to_sign_in_gives_the_place_on() -> None:
    async def run() -> int:
        queue, done = SignInQueue(1), 0

        async def sign_in(network: str) -> None:
            nonlocal done
            async with queue.place(Comer(network)):
                await asyncio.sleep(0)
                done += 1

        tasks = [asyncio.create_task(sign_in(f"192.0.2.{number}")) for number in range(6)]
        await asyncio.sleep(0)
        tasks[0].cancel()
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        async with queue.place(Comer("192.0.2.9")):
            return done

    assert asyncio.run(run()) == 4


def _without_waiting(work: Coroutine[Any, Any, float]) -> float:
    """What `work` returns, in a loop whose clock goes on at once to what is waited for."""
    passed = 0.0

    class Selector(selectors.DefaultSelector):  # type: ignore[misc, valid-type]
        def select(self, timeout: float | None = None) -> Any:
            nonlocal passed
            passed += timeout or 0.0
            return super().select(0)

    loop = asyncio.SelectorEventLoop(Selector())
    loop.time = lambda: passed  # type: ignore[method-assign]
    try:
        return loop.run_until_complete(work)
    finally:
        loop.close()


class _Echo:
    """An app that reads what is sent, and notes how much that was, or the status that stood before it."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self._limit = ConcurrencyLimit(self._app)

    def ask(self, method: str, number: int, receive: Receive) -> asyncio.Task[None]:
        """A request of the network of this number."""
        scope = {"type": "http", "method": method, "path": "/api/v1/crossings", "headers": []}
        scope |= {"client": (f"203.0.113.{number}", 1)}
        return asyncio.create_task(self._limit(scope, receive, self._sent))

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        size, more = 0, scope["method"] == "POST"
        while more:
            message = await receive()
            size, more = size + len(message["body"]), message["more_body"]
        self.done.append(f"{scope['method']} {size}")
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def _sent(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] != 200:
            self.done.append(str(message["status"]))


def _sending(body: bytes, *, more: bool) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": more}

    return receive


async def _stalled() -> Message:
    await asyncio.Event().wait()
    raise AssertionError


def test_bodies_that_stand_still_hold_no_place_and_do_not_fill_the_memory() -> None:
    """Ten stalled bodies of other networks, then one that reads; and one network that sends without end is refused."""

    async def run() -> list[str]:
        echo = _Echo()
        waiting = [echo.ask("POST", number, _stalled) for number in range(10)]
        await asyncio.sleep(0)
        await asyncio.wait_for(echo.ask("GET", 20, _nothing), 600)
        await asyncio.wait_for(echo.ask("POST", 21, _sending(b"12345", more=False)), 600)
        await asyncio.wait_for(echo.ask("POST", 22, _sending(b"x" * 1_000_000, more=True)), 600)
        for one in waiting:
            one.cancel()
        return echo.done

    assert asyncio.run(run()) == ["GET 0", "POST 5", "429"]


def test_whoever_takes_an_answer_slowly_holds_no_place() -> None:
    async def run() -> int:
        made, never = 0, asyncio.Event()

        async def app(_: Scope, __: Receive, send: Send) -> None:
            nonlocal made
            made += 1
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"long"})

        async def slowly(message: Message) -> None:
            if message["type"] == "http.response.body":
                await never.wait()

        async def nothing() -> Message:
            return {"type": "http.disconnect"}

        limit = ConcurrencyLimit(app)
        tasks = [
            asyncio.create_task(
                limit({"type": "http", "method": "GET", "path": "/", "client": ("203.0.113.1", 1)}, nothing, slowly)
            )
            for _ in range(30)
        ]
        for _ in range(200):
            await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        return made

    assert asyncio.run(run()) == 30


def test_one_account_holds_neither_all_writes_nor_all_files() -> None:
    async def run() -> dict[str, int]:
        inside: Counter[str] = Counter()
        go = asyncio.Event()

        async def app(scope: Scope, _: Receive, __: Send) -> None:
            inside[scope["path"]] += 1
            await go.wait()

        limit = ConcurrencyLimit(app)

        async def ask(path: str, kind: bytes, who: str) -> None:
            scope = {"type": "http", "method": "POST", "path": path, "headers": [(b"content-type", kind)]}
            await limit(scope | {"state": {"identity": _Somebody(who)}}, _nothing, _nobody)

        tasks = [asyncio.create_task(ask("/upload", b"multipart/form-data; boundary=x", "a")) for _ in range(50)]
        tasks += [asyncio.create_task(ask("/api/v1/reports", b"application/json", "a")) for _ in range(50)]
        tasks += [asyncio.create_task(ask("/other", b"application/json", "b"))]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        found = dict(inside)
        go.set()
        await asyncio.gather(*tasks)
        assert inside.total() == 101
        return found

    assert asyncio.run(run()) == {"/upload": 1, "/api/v1/reports": 4, "/other": 1}


@dataclass(frozen=True)
class _Somebody:
    who: str


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


async def _nobody(_: Message) -> None:
    return None
