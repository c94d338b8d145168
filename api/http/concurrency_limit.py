"""How many requests are worked on at once, so that what is recorded never queues behind what is read.

Answers are made by the processor, and more threads at it make nobody faster; but each of them would hold up a write,
which needs a thread and little work. So reading requests wait here before they take a thread, in a fair order, and what
they took is charged to the network that they came from. What a stranger sends is here before it takes a place. Writes
of accounts have places of their own: nobody's writes, nor files, take all threads.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AsyncExitStack

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.core.problems import TooManyError, explained
from api.http.fair_queue import PLACES, Client, FairQueue
from api.http.sign_in_queue import Comer, SignInQueue
from api.http.whole_bodies import WholeBodies
from api.security.csrf import SAFE
from api.security.identity import network_of
from api.security.rate_limit import WorkBudget
from geo.records.sign_in.hashing import ahead, places

READERS = PLACES
OPERATION = frozenset({"/health", "/ready", "/metrics"})
"""What says how the service itself is: never behind anything, also where the records can't be reached."""
_SIGN_IN = ("/login", "/api/v1/session")
"""Where passwords are looked at: who may come next is the matter of a queue of its own."""
_WRITES, _WRITES_OF_ONE = 30, 4
_FILES, _FILES_OF_ONE = 4, 1
"""Writes, and files that are sent, at once: of all accounts, and of one. Threads are 40, and eight of them read."""


class ConcurrencyLimit:
    """ASGI middleware, inside of what answers from the cache.

    `known` says whose browser sends a request: an account's that signed in there before, '' for any other.
    """

    def __init__(
        self, app: ASGIApp, budget: WorkBudget | None = None, known: Callable[[Scope], str] = lambda _: ""
    ) -> None:
        self._app = app
        self._sign_ins, self._sign_in_bodies = SignInQueue(places()), WholeBodies()
        self._known = known
        self._queue, self._shares, self._bodies = FairQueue(), _Shares(), WholeBodies()
        self._writes = FairQueue(_WRITES, _WRITES_OF_ONE)
        self._files = FairQueue(_FILES, _FILES_OF_ONE)
        self._budget = budget

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on when there is room for it; one about the service at once."""
        if scope["type"] != "http" or scope["path"] in OPERATION:
            await self._app(scope, receive, send)
            return
        client = client_of(scope)
        is_write = scope["method"] not in SAFE
        try:
            if scope["method"] == "POST" and scope["path"].endswith(_SIGN_IN):
                await self._sign_in(client, scope, receive, send)
                return
            if is_write and not client.name:
                await self._app(scope, receive, send)
                return
            if is_write and client.signed_in:
                async with (self._files if _brings_a_file(scope) else self._writes).place(client):
                    await self._app(scope, receive, send)
                return
            if self._budget is not None:
                heavy = self._budget.check(client.name, signed_in=client.signed_in)
                client = Client(client.name, client.signed_in, heavy)
            if is_write:
                async with self._bodies.whole(client.name, receive) as received:
                    await self._in_turn(client, scope, received, send)
            else:
                await self._in_turn(client, scope, receive, send)
        except TooManyError as error:
            await explained(error)(scope, receive, send)

    async def _sign_in(self, client: Client, scope: Scope, receive: Receive, send: Send) -> None:
        """Let somebody try a password, who is here with it."""
        network = "" if client.signed_in else client.name
        comer, status = Comer(network, client.name if client.signed_in else self._known(scope)), 500

        async def watching(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            async with (
                self._sign_in_bodies.whole(network, receive) as received,
                self._sign_ins.place(comer) as is_ahead,
            ):
                with ahead(is_ahead=is_ahead):
                    await self._app(scope, received, watching)
        finally:
            if status >= 400:
                self._sign_ins.refused(comer)

    async def _in_turn(self, client: Client, scope: Scope, receive: Receive, send: Send) -> None:
        """Work on a request that reads; its place is free once the answer is made, however slowly that is taken."""
        async with AsyncExitStack() as place:
            await place.enter_async_context(self._queue.place(client))
            place.callback(self._charge, client, self._shares.come())

            async def sending(message: Message) -> None:
                if message["type"] == "http.response.body" and not message.get("more_body", False):
                    await place.aclose()
                await send(message)

            await self._app(scope, receive, sending)

    def _charge(self, client: Client, began: float) -> None:
        seconds = self._shares.go() - began
        if self._budget is not None:
            self._budget.charge(client.name, seconds, signed_in=client.signed_in)


class _Shares:
    """Seconds, shared out among those who are worked on at the time: nobody pays for being held up by others."""

    def __init__(self) -> None:
        self._running = 0
        self._shared = 0.0
        self._at = 0.0

    def come(self) -> float:
        """One more is worked on; what one who was there always would have been charged so far."""
        self._pass()
        self._running += 1
        return self._shared

    def go(self) -> float:
        """One less is worked on; as `come`."""
        self._pass()
        self._running -= 1
        return self._shared

    def _pass(self) -> None:
        now = time.monotonic()
        if self._running:
            self._shared += (now - self._at) / self._running
        self._at = now


def _brings_a_file(scope: Scope) -> bool:
    headers = dict(scope["headers"])
    return bool(headers.get(b"content-type", b"").startswith(b"multipart/"))


def client_of(scope: Scope) -> Client:
    """Who asks: the account, else the network."""
    identity = scope.get("state", {}).get("identity")
    if identity is not None and identity.who != "anonymous":
        return Client(identity.who, signed_in=True)
    client = scope.get("client")
    return Client(network_of(client[0] if client else None), signed_in=False)
