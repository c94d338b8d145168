"""Turns for those who only look: a few at a time work out an answer, so that what is recorded never queues behind them.

Working out answers is work for the processor, and more threads at it make nobody faster; but each of them would hold up
a write, which needs a thread and little work. So reading requests take turns before they take a thread.
"""

from __future__ import annotations

from asyncio import Semaphore

from starlette.types import ASGIApp, Receive, Scope, Send

from api.security.csrf import SAFE

READERS = 8
"""Reading requests that are worked on at once, in each process; threads there are 40."""
AT_ONCE = frozenset({"/health", "/ready", "/metrics"})
"""What tells of the service itself: never behind anything, also where the records can't be reached."""


class ReaderLimit:
    """ASGI middleware, inside of what answers from memory."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._turns = Semaphore(READERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on when its turn has come; a write at once."""
        if scope["type"] != "http" or scope["method"] not in SAFE or scope["path"] in AT_ONCE:
            await self._app(scope, receive, send)
            return
        async with self._turns:
            await self._app(scope, receive, send)
