"""How much may be sent: what is too large is refused before anything is read of it, or as soon as it is.

Stands before the authorization, which reads forms for their token; the router's own limit would come too late for that.
"""

from __future__ import annotations

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.core.problems import TooLargeError, explained
from geo.errors import Problem


class BodyLimit:
    """ASGI middleware: more than `limit` bytes get 413, by the Content-Length or where they pass the limit."""

    def __init__(self, app: ASGIApp, *, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, as far as it is not too large."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _declared_length(scope) > self._limit:
            await self._refuse(scope, receive, send)
            return
        watched = _Watched(receive, send, self._limit)
        try:
            await self._app(scope, watched.receive, watched.send)
        except Exception:
            if not watched.is_over:
                raise
        if watched.is_over and not watched.has_begun:
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        too_large = Problem("service.body-too-large", "body", megabytes=self._limit // 1_000_000)
        answer = explained(TooLargeError(too_large))
        answer.headers["Connection"] = "close"  # what is still on its way is not read
        await answer(scope, receive, send)


class _Watched:
    """One request: counts what comes in; where it is too much, whatever the app makes of that is left out."""

    def __init__(self, receive: Receive, send: Send, limit: int) -> None:
        self._receive, self._send, self._left = receive, send, limit
        self.has_begun = False

    @property
    def is_over(self) -> bool:
        """Whether more came than the limit."""
        return self._left < 0

    async def receive(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self.is_over:
            raise HTTPException(413)
        return message

    async def send(self, message: Message) -> None:
        if self.is_over and not self.has_begun:
            return
        self.has_begun = True
        await self._send(message)


def _declared_length(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "")
    return int(length[:20]) if length.isascii() and length.isdigit() else 0
