"""How many reading requests are worked on at once, so that what is recorded never queues behind them.

Answers are made by the processor, and more threads at it make nobody faster; but each of them would hold up a write,
which needs a thread and little work. So reading requests wait here before they take a thread.
"""

from __future__ import annotations

from asyncio import Semaphore

from starlette.types import ASGIApp, Receive, Scope, Send

from api.security.csrf import SAFE

READERS = 8
"""Reading requests that are worked on at once, in each process; threads there are 40."""
OPERATION = frozenset({"/health", "/ready", "/metrics"})
"""What says how the service itself is: never behind anything, also where the records can't be reached."""


class ConcurrencyLimit:
    """ASGI middleware, inside of what answers from the cache."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._readers = Semaphore(READERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a reading request on when there is room for it; a write at once."""
        if scope["type"] != "http" or scope["method"] not in SAFE or scope["path"] in OPERATION:
            await self._app(scope, receive, send)
            return
        async with self._readers:
            await self._app(scope, receive, send)
