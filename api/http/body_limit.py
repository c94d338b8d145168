"""How much may be sent, and how long it may take: what is too large is refused before anything is read of it.

A body that is sent compressed is unpacked here, and counts for what it holds.
Stands before the authorization, which reads forms for their token; the router's own limit would come too late for that.
"""

from __future__ import annotations

import asyncio

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.core.problems import EncodedBodyError, StalledError, TooLargeError, explained
from api.core.settings import ApiSettings
from api.http.content_encoding import READ, Unpacked, named_encoding, of_text
from geo.errors import DiabanError, Problem

_RECORD, _SIGN_IN = 2_000_000, 20_000
"""Bytes of one record, and of a form to sign in."""
_FILES = "/api/v1/reports/files"
_WHOLE = 6
"""A body may take so many times as long as one may wait for its next part."""


class BodyLimit:
    """ASGI middleware: more bytes than a path takes get 413, by the Content-Length or where they pass the limit.

    A body that stands still gets 408, one that is packed in what is not read 415.
    """

    def __init__(self, app: ASGIApp, *, settings: ApiSettings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, as far as it is not too large."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit, declared = self._limit(scope), _declared_length(scope)
        if declared > limit:
            most = self._settings.max_body_bytes
            await _answer(_too_large(most if declared > most else limit))(scope, receive, send)
            return
        try:
            is_packed = bool(named_encoding(scope))
        except EncodedBodyError as error:
            await _answer(error)(scope, receive, send)
            return
        watched = _Watched(receive, send, limit, self._settings.body_seconds, is_packed=is_packed)
        try:
            await self._app(of_text(scope) if is_packed else scope, watched.receive, watched.send)
        except ClientDisconnect:
            if not watched.has_begun:  # nobody reads it, and it is no failure of ours
                await Response(status_code=400)(scope, receive, send)
            return
        except Exception:
            if watched.refusal is None:
                raise
        if watched.refusal is not None and not watched.has_begun:
            await _answer(watched.refusal)(scope, receive, send)

    def _limit(self, scope: Scope) -> int:
        """The bytes that a path takes: files go to pages alone."""
        path, most = scope["path"].removeprefix(scope.get("root_path", "")), self._settings.max_body_bytes
        if path == "/api/v1/crossings":
            return min(most, self._settings.max_route_bytes)
        if path.startswith(("/api/v1/session", "/login")):
            return min(most, _SIGN_IN)
        if path.startswith(_FILES):
            return most
        return min(most, _RECORD) if path.startswith(("/api/v1/", "/ogc/")) else most


class _Watched:
    """One request: counts what comes in; where it is refused (`refusal`), whatever the app makes of it is left out."""

    def __init__(self, receive: Receive, send: Send, limit: int, seconds: float, *, is_packed: bool) -> None:
        self._receive, self._send, self._limit, self._seconds = receive, send, limit, seconds
        self._source = Unpacked(self._sent).receive if is_packed else self._sent
        self._came = self._read = 0
        self._until = 0.0
        self._is_whole = False
        self.has_begun = False
        self.refusal: DiabanError | None = None

    async def receive(self) -> Message:
        """The next part of what the body holds."""
        if self.refusal is not None:
            raise HTTPException(400)
        try:
            message = await self._source()
            self._read += len(message.get("body", b""))
            if self._read > self._limit:
                raise _too_large(self._limit)
        except DiabanError as error:
            self.refusal = error
            raise HTTPException(400) from error
        return message

    async def _sent(self) -> Message:
        """The next part of the body as it came."""
        message = await (self._receive() if self._is_whole else self._in_time())
        self._is_whole = not message.get("more_body", False)
        self._came += len(message.get("body", b""))
        if self._came > self._limit:
            raise _too_large(self._limit)
        return message

    async def _in_time(self) -> Message:
        """The next part of the body; how long the whole may take is counted from the first."""
        now = asyncio.get_running_loop().time()
        self._until = self._until or now + _WHOLE * self._seconds
        try:
            async with asyncio.timeout(min(self._seconds, max(0.0, self._until - now))):
                return await self._receive()
        except TimeoutError:
            raise StalledError(Problem("service.body-stalled", "body")) from None

    async def send(self, message: Message) -> None:
        if self.refusal is not None and not self.has_begun:
            return
        self.has_begun = True
        await self._send(message)


def _answer(refusal: DiabanError) -> Response:
    answer = explained(refusal)
    answer.headers["Connection"] = "close"  # what is still on its way is not read
    if isinstance(refusal, EncodedBodyError):
        answer.headers["Accept-Encoding"] = ", ".join((*READ, "identity"))
    return answer


def _too_large(limit: int) -> TooLargeError:
    megabytes = limit // 1_000_000 or limit / 1_000_000
    return TooLargeError(Problem("service.body-too-large", "body", megabytes=megabytes))


def _declared_length(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "")
    return int(length[:20]) if length.isascii() and length.isdigit() else 0
