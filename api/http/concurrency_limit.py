"""How many reading requests are worked on at once, so that what is recorded never queues behind them.

Answers are made by the processor, and more threads at it make nobody faster; but each of them would hold up a write,
which needs a thread and little work. So reading requests wait here before they take a thread, in a fair order, and what
they took is charged to the network that they came from.
"""

from __future__ import annotations

import time

from starlette.types import ASGIApp, Receive, Scope, Send

from api.core.problems import TooManyError, explained
from api.http.fair_queue import PLACES, Client, FairQueue
from api.security.csrf import SAFE
from api.security.identity import network_of
from api.security.rate_limit import WorkBudget

READERS = PLACES
OPERATION = frozenset({"/health", "/ready", "/metrics"})
"""What says how the service itself is: never behind anything, also where the records can't be reached."""
_SIGN_IN = ("/login", "/api/v1/session")
"""These have limits of their own, and wait behind nobody."""


class ConcurrencyLimit:
    """ASGI middleware, inside of what answers from the cache."""

    def __init__(self, app: ASGIApp, budget: WorkBudget | None = None) -> None:
        self._app = app
        self._queue = FairQueue()
        self._budget = budget

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request that reads, or comes from a stranger, on when there is room for it; another write at once."""
        if scope["type"] != "http" or scope["path"] in OPERATION:
            await self._app(scope, receive, send)
            return
        client = client_of(scope)
        is_write = scope["method"] not in SAFE
        if is_write and (client.signed_in or not client.name or scope["path"].endswith(_SIGN_IN)):
            await self._app(scope, receive, send)
            return
        try:
            if self._budget is not None:
                self._budget.check(client.name, signed_in=client.signed_in)
            async with self._queue.place(client):
                await self._worked_on(client, scope, receive, send)
        except TooManyError as error:
            await explained(error)(scope, receive, send)

    async def _worked_on(self, client: Client, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.monotonic()
        try:
            await self._app(scope, receive, send)
        finally:
            if self._budget is not None:
                self._budget.charge(client.name, time.monotonic() - began, signed_in=client.signed_in)


def client_of(scope: Scope) -> Client:
    """Who asks: the account, else the network."""
    identity = scope.get("state", {}).get("identity")
    if identity is not None and identity.who != "anonymous":
        return Client(identity.who, signed_in=True)
    client = scope.get("client")
    return Client(network_of(client[0] if client else None), signed_in=False)
